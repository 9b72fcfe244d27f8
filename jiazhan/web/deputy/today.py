"""今天: at most three things to do, and what was done this month, in one sentence made from the record."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiazhan.audit.models import Entry
from jiazhan.kernel import scope
from jiazhan.opinions import selectors
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.states import State
from jiazhan.people.models import Account, ReceptionDay
from jiazhan.people.permissions import Permission
from jiazhan.suggestions import rules
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.selectors import deputy as proposals
from jiazhan.web.ui.guards import needs

from .frame import page

MOST = 3
LOOKING_AHEAD = timedelta(days=14)
_WAITING = frozenset({State.REGISTERED, State.ACCEPTED})
_BUTTONS: dict[str, Any] = {
    State.REGISTERED: gettext_lazy("看看这件事"),
    State.ACCEPTED: gettext_lazy("提出意见"),
    State.REOPENED: gettext_lazy("看看情况"),
    State.ESCALATED: gettext_lazy("看看情况"),
    State.REPLIED: gettext_lazy("看答复"),
}
_DONE: list[tuple[str, Any]] = [
    ("opinion.take_up", gettext_lazy("接下 %(count)s 件事")),
    ("opinion.opine", gettext_lazy("提出 %(count)s 条意见")),
    ("opinion.answer_on_spot", gettext_lazy("当场答复 %(count)s 件")),
    ("opinion.hand_to_deputy", gettext_lazy("转请其他代表 %(count)s 件")),
    ("opinion.see_reply", gettext_lazy("看了 %(count)s 份答复")),
    ("proposal.submit", gettext_lazy("提交 %(count)s 件建议")),
    ("proposal.cosigned", gettext_lazy("联名 %(count)s 次")),
    ("proposal.evaluated", gettext_lazy("评价 %(count)s 份答复")),
    ("proposal.follow_noted", gettext_lazy("记录跟踪 %(count)s 次")),
]


@needs(Permission.DEPUTY_HOME)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    context = {"cards": cards(request.user, at=at), "done": done_this_month(request.user, at=at)}
    return page(request, "deputy/today.html", context, place="today")


def cards(account: Account, *, at: datetime) -> list[dict[str, str]]:
    """At most three, the most pressing first; a reception of the coming days fills a free place."""
    if Permission.OPINION_OPINE not in account.permissions:
        return []
    things = selectors.deputy_today(account, at=at)
    waiting = [each for each in things if each.opinion is None or each.opinion.state in _WAITING]
    asked = _proposals(account, at=at)
    # Residents who wait come first, but a signature or an evaluation that waits always has a place.
    found = [_shown(each) for each in waiting[: MOST - 1 if asked else MOST]] + asked
    found += [_shown(each) for each in things if each not in waiting]
    if len(found) < MOST:
        shown = {each.reception.pk for each in things if each.reception}
        found += [_coming(day) for day in _receptions(account, at) if day.pk not in shown]
    return found[:MOST]


def done_this_month(account: Account, *, at: datetime) -> str:
    """One sentence from the record; empty where nothing was done yet."""
    now = timezone.localtime(at)
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = Entry.objects.filter(
        jurisdiction__in=scope.current(),
        actor_id=str(account.pk),
        at__gte=start,
        action__in=[name for name, _words in _DONE],
    )
    counts = dict(rows.order_by().values_list("action").annotate(Count("pk")))
    parts = [str(words) % {"count": counts[name]} for name, words in _DONE if counts.get(name)]
    if not parts:
        return ""
    return _("%(month)s 月以来，您%(parts)s。") % {"month": now.month, "parts": "、".join(parts)}


def _matter(opinion: Opinion) -> tuple[str, str]:
    url = reverse("deputy:opinion", args=[opinion.jurisdiction, opinion.pk])
    return url, str(_BUTTONS.get(opinion.state, _("打开看看")))


def _shown(thing: selectors.Today) -> dict[str, str]:
    return _card(thing.text, thing.hint, *(_matter(thing.opinion) if thing.opinion else _reception()))


def _proposals(account: Account, *, at: datetime) -> list[dict[str, str]]:
    """What proposals ask of the deputy: to evaluate, to sign, to change, to say whether a promise was kept."""
    deputy, found = account.deputy, list[dict[str, str]]()
    for reply in proposals.owed_evaluations(deputy, at=at)[:MOST]:
        until = rules.evaluated_until(reply.proposal, reply)
        hint = _("%(unit)s已答复，%(month)s 月 %(day)s 日前评价，过期记为“未评价”") % {
            "unit": reply.handling.unit.name,
            "month": until.month,
            "day": until.day,
        }
        found.append(_asked(_("评价答复：%(title)s"), reply.proposal, hint, _("去评价"), "evaluate"))
    for each in proposals.invitations(deputy)[:MOST]:
        hint = _("%(name)s代表邀请您，看过全文后自己决定") % {"name": each.proposal.lead.name}
        found.append(_asked(_("确认联名：%(title)s"), each.proposal, hint, _("看全文"), "sign"))
    for proposal in proposals.returned(deputy).order_by("pk")[:MOST]:
        found.append(_asked(_("修改建议：%(title)s"), proposal, _("已退回修改，改好后再提交"), _("去修改"), ""))
    for promise in proposals.asked_promises(deputy)[:MOST]:
        hint = _("承办单位已说明落实情况，请确认是否兑现")
        found.append(_asked(_("确认承诺：%(title)s"), promise.proposal, hint, _("去确认"), "promises"))
    return found[:MOST]


def _asked(words: str, proposal: Proposal, hint: str, button: str, where: str) -> dict[str, str]:
    url = reverse("deputy:proposal", args=[proposal.jurisdiction, proposal.pk])
    return _card(
        words % {"title": proposal.title or _("（还没有写标题）")}, hint, f"{url}#{where}" if where else url, button
    )


def _reception() -> tuple[str, str]:
    return f"{reverse('deputy:mine')}#receptions", _("看接待安排")


def _receptions(account: Account, at: datetime) -> Iterable[ReceptionDay]:
    rows = ReceptionDay.objects.filter(deputy__account=account, starts_at__gt=at, starts_at__lte=at + LOOKING_AHEAD)
    return rows.select_related("station").order_by("starts_at")[:MOST]


def _coming(day: ReceptionDay) -> dict[str, str]:
    on = timezone.localtime(day.starts_at)
    hint = _("%(month)s 月 %(day)s 日 %(clock)s 开始") % {"month": on.month, "day": on.day, "clock": f"{on:%H:%M}"}
    return _card(_("到%(station)s接待群众") % {"station": day.station.name}, hint, *_reception())


def _card(title: str, hint: str, url: str, button: str) -> dict[str, str]:
    return {"title": title, "hint": hint, "url": url, "button": button}
