"""How it ends: deliveries stamped, the talk face to face, the file closed (handbook §3.1, §14 rules 5 and 7)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.audit import SYSTEM, Acting
from jiazhan.kernel import words as texts
from jiazhan.kernel.numbering import next_number
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..choices import Recipient
from ..models import Delivery, Opinion, Reply, Settlement
from ..models.handling import ReplyState
from ..states import State
from . import steps, telling
from .ratings import AlreadyRated, rate

__all__ = [
    "AlreadyDelivered", "AlreadyRated", "DayRefused", "NotDelivered", "WindowOpen",
    "close", "close_unrated", "deliver", "rate", "see", "settle",
]  # fmt: skip

DELIVERABLE = frozenset({State.REPLIED, State.RATED, State.ESCALATED})


class NotDelivered(Exception):
    """A file closes only with a reply that reached everyone who must know (§14 rule 7)."""

    code = "not-delivered"

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(_("还不能办结，缺少：%(missing)s。补齐后再办结。") % {"missing": "、".join(missing)})


class AlreadyDelivered(Exception):
    """The delivery was stamped before."""

    code = "already-delivered"

    def __init__(self) -> None:
        super().__init__(_("这次答复已经登记过送达，无需重复登记。"))


class WindowOpen(Exception):
    """The author still has time to rate."""

    code = "window-open"

    def __init__(self, until: date | None) -> None:
        super().__init__(_("评价期到 %(until)s 为止，反映人还可以评价，现在不能按未评价办结。") % {"until": until})


class DayRefused(Exception):
    """A talk is recorded after it was held."""

    code = "day-refused"

    def __init__(self) -> None:
        super().__init__(_("面商日期不能晚于今天，请核对后再提交。"))


@transaction.atomic
def deliver(opinion: Opinion, *, recipient: str, how: str, by: Account, at: datetime) -> Delivery:
    """Stamp by hand that this round's reply reached somebody, such as by telephone or in person.

    Raises access.NotYours without the right to close, StepRefused before the reply, AlreadyDelivered, words.WordsMissing.
    """
    held = steps.lock(opinion)
    if not access.holds(by, Permission.OPINION_CLOSE, held):
        raise access.NotYours
    if held.state not in DELIVERABLE:
        raise StepRefused("deliver", held.state)
    recipient = Recipient(recipient)
    how = texts.required(clean_line(how), _("送达方式"), limit=40)
    if _stamps(held).filter(recipient=recipient, delivered_at__isnull=False).exists():
        raise AlreadyDelivered
    # In place of a message that is still on its way or could not be sent.
    delivery, _is_new = Delivery.objects.update_or_create(
        jurisdiction=held.jurisdiction, opinion=held, round=held.round, recipient=recipient,
        defaults={"how": how, "delivered_at": at, "failed_at": None, "notice_key": ""},
    )  # fmt: skip
    audit.record("opinion.deliver", held, by=by, at=at, detail={"recipient": recipient.value, "how": how})
    return delivery


@transaction.atomic
def see(opinion: Opinion, *, by: Acting, at: datetime) -> None:
    """Note, once, that the author, the deputy or the standing committee's office opened this round's reply.

    Anybody else's looking leaves no trace; called by the pages that show a reply.
    """
    recipient = _recipient(by, opinion)
    if recipient is None:
        return
    held = steps.lock(opinion)
    # Who has the reply open has it, whatever became of the message.
    _stamps(held).filter(recipient=recipient, delivered_at=None).update(
        delivered_at=at, failed_at=None, notice_key="", how=_("查询页")
    )
    if _stamps(held).filter(recipient=recipient, seen_at=None).update(seen_at=at):
        audit.record("opinion.see_reply", held, by=by, at=at, detail={"recipient": recipient.value})


@transaction.atomic
def close(opinion: Opinion, *, by: Account, at: datetime) -> Opinion:
    """Close a rated matter and file its letter. Raises NotDelivered naming what is missing, and what `steps.take` raises."""
    held = steps.lock(opinion)
    access.require(by, "close", held)
    _require_delivered(held)
    held = steps.take_held(held, "close", by=by, at=at, closed_at=at)
    _file(held, at=at)
    text = _("您反映的%(matter)s已办结，感谢您的监督。") % {"matter": telling.named(held)}
    telling.tell_authors(held, "opinion-closed", text=text, at=at)
    return held


@transaction.atomic
def close_unrated(opinion: Opinion, *, at: datetime, by: Acting = SYSTEM) -> Opinion:
    """Close what its author did not rate in time; it stays unrated and never counts as satisfied (§14 rule 5).

    Raises WindowOpen before the window is over, NotDelivered, StepRefused where it was rated.
    """
    held = steps.lock(opinion)
    if held.state != State.REPLIED:
        raise StepRefused("close_unrated", held.state)
    if held.due_on is None or timezone.localdate(at) <= held.due_on:
        raise WindowOpen(held.due_on)
    _require_delivered(held)
    held = steps.take_held(held, "close_unrated", by=by, at=at, closed_at=at)
    _file(held, at=at)
    text = _("您反映的%(matter)s评价期已满，按“未评价”办结。") % {"matter": telling.named(held)}
    telling.tell_authors(held, "opinion-closed", text=text, at=at)
    return held


@transaction.atomic
def settle(
    opinion: Opinion, *, held_on: date, people: str, result: str, by: Account, at: datetime, way_on: str = ""
) -> Opinion:
    """Record the talk face to face and close. Raises DayRefused, NotDelivered, words.WordsMissing, access.NotYours."""
    held = steps.lock(opinion)
    access.require(by, "settle", held)
    if held_on > timezone.localdate(at):
        raise DayRefused
    people = texts.required(clean_line(people), _("参加人员"), limit=300)
    result = texts.required(result, _("面商结果"))
    way_on = texts.optional(clean_line(way_on), _("后续去向"), limit=200)
    _require_delivered(held)
    held = steps.take_held(
        held, "settle", by=by, at=at, detail={"held_on": held_on.isoformat(), "way_on": way_on}, closed_at=at
    )
    Settlement.objects.create(
        jurisdiction=held.jurisdiction,
        opinion=held,
        held_on=held_on,
        people=people,
        result=result,
        way_on=way_on,
        recorded_by=by,
        recorded_at=at,
    )
    _file(held, at=at)
    text = _("您反映的%(matter)s已面商办结，结果请凭查询码查看。") % {"matter": telling.named(held)}
    telling.tell_authors(held, "opinion-closed", text=text, at=at)
    inside = _("%(matter)s已面商办结，结果请打开查看。") % {"matter": telling.named(held)}
    unit = telling.staff_of(held.unit, Permission.OPINION_HANDLE) if held.unit else []
    people_told = [*unit, *telling.deputy_of(held), *telling.holders(Permission.OPINION_CLOSE, held)]
    telling.tell(people_told, "opinion-closed", held, text=inside, at=at)
    return held


def missing_to_close(opinion: Opinion) -> list[str]:
    """What the file still lacks before it may close, in words; empty when it is complete."""
    reply = signed_reply(opinion)
    if reply is None:
        return [_("已签发的答复")]
    stamps = {each.recipient: each for each in _stamps(opinion)}
    return [
        _missing(each, stamps.get(each))
        for each in _recipients(opinion, reply)
        if each not in stamps or stamps[each].delivered_at is None
    ]


def _missing(who: Recipient, stamp: Delivery | None) -> str:
    said = _("%(who)s送达") % {"who": who.label}
    if stamp is None:
        return said
    if stamp.failed_at is None:
        return _("%(said)s（短信还在发送）") % {"said": said}
    return _("%(said)s（短信未送达，请打电话或当面告知后登记送达）") % {"said": said}


def signed_reply(opinion: Opinion) -> Reply | None:
    """The signed reply of the round that runs."""
    return opinion.replies.filter(round=opinion.round, state=ReplyState.SIGNED).first()


def _require_delivered(opinion: Opinion) -> None:
    if missing := missing_to_close(opinion):
        raise NotDelivered(missing)


def _recipients(opinion: Opinion, reply: Reply) -> list[Recipient]:
    if reply.unit_id is None:
        return [Recipient.AUTHOR]
    # A matter that never had a deputy has none to tell.
    deputy = [Recipient.DEPUTY] if opinion.deputy_id else []
    return [Recipient.AUTHOR, *deputy, Recipient.OFFICE]


def _stamps(opinion: Opinion):  # type: ignore[no-untyped-def]
    return opinion.deliveries.filter(round=opinion.round)


def _recipient(by: Acting, opinion: Opinion) -> Recipient | None:
    if access.is_author(by, opinion):
        return Recipient.AUTHOR
    if not isinstance(by, Account):
        return None
    if hasattr(by, "deputy") and opinion.deputy_id == by.deputy.pk:
        return Recipient.DEPUTY
    return Recipient.OFFICE if access.holds(by, Permission.OPINION_FORWARD, opinion) else None


def _file(opinion: Opinion, *, at: datetime) -> None:
    """Give the letters of a closed matter their place in the archive; an answer on the spot has none."""
    year = timezone.localdate(at).year
    for letter in opinion.letters.filter(archive_number="").order_by("issued_at", "id"):
        serial = next_number(f"archive:{year}", jurisdiction=opinion.jurisdiction)
        letter.archive_number = f"{opinion.jurisdiction}-{year}-{serial:05d}"
        letter.save(update_fields=["archive_number"])
