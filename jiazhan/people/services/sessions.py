"""Open logins of an account: listed, ended by the owner, ended by a security administrator with a reason."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.people.access import may_manage
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .reasons import required
from .recording import area_of, record_about


class NotYoursToEnd(Exception):
    """The account is one's own, or not in the security administrator's area."""

    code = "not-yours-to-end"

    def __init__(self) -> None:
        super().__init__(_("不能在这里结束这个账号的登录：自己的请到「我的账号」，别人的请找管辖它的安全管理员。"))


def open_sessions(account: Account, *, at: datetime) -> list[UserSession]:
    """The account's sessions that still work, newest first."""
    rows = UserSession.objects.filter(user_id=account.pk).order_by("-last_seen_at", "-created_at")
    alive = Session.objects.filter(session_key__in=rows.values("session_key"), expire_date__gt=at)
    keys = set(alive.values_list("session_key", flat=True))
    return [row for row in rows if row.session_key in keys]


@transaction.atomic
def end_all(account: Account, *, but: str = "") -> int:
    """End the account's sessions but one; returns how many."""
    rows = UserSession.objects.filter(user_id=account.pk).exclude(session_key=but)
    Session.objects.filter(session_key__in=list(rows.values_list("session_key", flat=True))).delete()
    ended, _by_model = rows.delete()
    return ended


@transaction.atomic
def end_own(account: Account, session_id: int) -> bool:
    """End one of the account's own sessions; False where it is none of them."""
    return _end(UserSession.objects.filter(user_id=account.pk, pk=session_id)) == 1


@transaction.atomic
def revoke(account: Account, *, reason: str, by: audit.Acting, at: datetime, session_id: int | None = None) -> int:
    """A security administrator ends one or all sessions of somebody; returns how many.

    Raises NotYoursToEnd, reasons.ReasonMissing.
    """
    if isinstance(by, Account) and not may_manage(by, account, Permission.SESSION_MANAGE):
        raise NotYoursToEnd
    reason = required(reason)
    rows = UserSession.objects.filter(user_id=account.pk)
    ended = _end(rows if session_id is None else rows.filter(pk=session_id))
    if ended:
        detail = {"reason": reason, "sessions": ended}
        record_about(account, "account.sessions-revoked", area=area_of(account), by=by, at=at, detail=detail)
    return ended


def forget_old(*, at: datetime) -> int:
    """Delete what is left of sessions that have ended; returns how many."""
    Session.objects.filter(expire_date__lt=at).delete()
    stale = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    deleted, _by_model = stale.delete()
    return deleted


def _end(rows: QuerySet[UserSession]) -> int:
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)
