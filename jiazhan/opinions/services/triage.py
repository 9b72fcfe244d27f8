"""What the station or the street decides first: take up, decline, divert, merge, classify, how urgent (handbook §3.3)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import words
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications import outbox
from jiazhan.people.models import Account, Deputy
from jiazhan.people.permissions import Permission
from jiazhan.people.selectors import deputies_of

from .. import access, screening
from ..choices import Diversion, Urgency, Visibility
from ..models import Category, Opinion
from ..selectors.deputies import deputies_for
from ..states import OPEN
from . import steps, telling
from .accusations import Locked, lock_as_accusation, unlock
from .merging import MergeRefused, merge, unmerge

__all__ = [
    "CategoryClosed", "Locked", "MergeRefused", "NeedsReading", "NoDeputy", "NotAttached", "Result", "StepRefused", "WhereTo", "accept",
    "classify", "decline", "divert", "each", "link_hotline", "lock_as_accusation", "merge", "set_urgency", "unlock", "unmerge",
]  # fmt: skip

# An accusation goes to whoever may judge it, never to a hotline.
FOR_ACCUSATIONS = frozenset({Diversion.DISCIPLINE, Diversion.PETITION, Diversion.LAW})


class NotAttached(Exception):
    """The deputy is not at this station, or has no mandate in force."""

    code = "deputy-not-attached"

    def __init__(self) -> None:
        super().__init__(_("这位代表没有编入本站，或现在不能执行代表职务。请另选一位。"))


class NoDeputy(Exception):
    """The station has no deputy in office."""

    code = "no-deputy"

    def __init__(self) -> None:
        super().__init__(_("本站没有在任代表，不能受理。请先在站点里编入代表。"))


class CategoryClosed(Exception):
    code = "category-closed"

    def __init__(self) -> None:
        super().__init__(_("请选一个二级分类。"))


class WhereTo(Exception):
    """An accusation was about to go where it must not."""

    code = "where-to"

    def __init__(self) -> None:
        super().__init__(_("检举控告件只能转纪检监察、信访或政法机关。请重新选择去向。"))


@transaction.atomic
def accept(
    opinion: Opinion,
    *,
    deputy: Deputy | None = None,
    category: Category | None = None,
    urgency: str = "",
    by: Account,
    at: datetime,
) -> Opinion:
    """Take the matter up and ask a deputy of the station for an opinion; without one named, the best choice.

    Raises Locked for an accusation, NotAttached, NoDeputy, CategoryClosed, and what `steps.take` raises.
    """
    held = _held(opinion, "accept", by=by)
    if held.visibility == Visibility.LOCKED:
        raise Locked
    chosen = _deputy(held, deputy or held.deputy, at=at)
    category = _usable(category) if category else held.category
    urgency = Urgency(urgency or held.urgency)
    detail = {"deputy": chosen.name, "category": category.name if category else "", "urgency": urgency.value}
    is_newly_critical = urgency == Urgency.CRITICAL and held.urgency != urgency
    held = steps.take_held(
        held,
        "accept",
        by=by,
        at=at,
        detail=detail,
        deputy=chosen,
        category=category,
        urgency=urgency,
        accepted_at=at,
    )
    text = _("您反映的%(matter)s已受理，正请代表%(deputy)s提出意见。") % {
        "matter": telling.named(held),
        "deputy": chosen.name,
    }
    telling.tell_authors(held, "opinion-accepted", text=text, at=at)
    asked = _("请您在 %(due)s 前对%(matter)s提出意见。") % {"due": held.due_on, "matter": telling.named(held)}
    telling.tell_deputy(held, "opinion-asked", text=asked, at=at)
    if is_newly_critical:
        _alert(held, at=at)
    return held


@transaction.atomic
def decline(opinion: Opinion, *, reason: str, by: Account, at: datetime) -> Opinion:
    """Refuse the matter with a reason that its author reads (§14 rule 8). Raises words.WordsMissing, `steps.take`'s."""
    reason = words.required(reason, _("不予受理的理由"), limit=1000)
    held = steps.take(opinion, "decline", by=by, at=at, detail={"reason": reason}, refusal_reason=reason)
    text = _("您反映的%(matter)s未予受理，理由和可以去的地方请凭查询码查看。") % {"matter": _discreet(held)}
    telling.tell_authors(held, "opinion-declined", text=text, at=at)
    return held


@transaction.atomic
def divert(opinion: Opinion, *, to: str, reason: str, by: Account, at: datetime) -> Opinion:
    """Send the matter where it belongs, with a reason and a word to its author (§3.3). An accusation goes to an organ
    that may judge it: raises WhereTo otherwise; words.WordsMissing, and what `steps.take` raises."""
    reason = words.required(reason, _("分流的理由"), limit=1000)
    goes = Diversion(to)
    if opinion.visibility == Visibility.LOCKED and goes not in FOR_ACCUSATIONS:
        raise WhereTo
    held = steps.take(
        opinion,
        "divert",
        by=by,
        at=at,
        detail={"to": goes.value, "reason": reason},
        diverted_to=goes,
        refusal_reason=reason,
    )
    text = _("您反映的%(matter)s已转到%(to)s，说明请凭查询码查看。") % {"matter": _discreet(held), "to": goes.label}
    telling.tell_authors(held, "opinion-diverted", text=text, at=at)
    return held


@transaction.atomic
def classify(opinion: Opinion, *, category: Category, by: Account, at: datetime) -> Opinion:
    """Put the matter under a category. Raises CategoryClosed, access.NotYours."""
    held = _triaged(opinion, by=by)
    before, held.category = held.category, _usable(category)
    if before == held.category:
        return held
    held.save(update_fields=["category"])
    detail = {"before": before.name if before else "", "category": category.name, "code": category.pk}
    audit.record("opinion.classify", held, by=by, at=at, detail=detail)
    return held


@transaction.atomic
def set_urgency(opinion: Opinion, *, urgency: str, by: Account, at: datetime) -> Opinion:
    """Say how urgent the matter is; a critical one is told at once to everyone who must know (信访工作条例第25条).

    Raises access.NotYours, StepRefused for a matter that has ended.
    """
    held = _triaged(opinion, by=by)
    if held.state not in OPEN:
        raise StepRefused("set_urgency", held.state)
    wanted = Urgency(urgency)
    if held.urgency == wanted:
        return held
    held.urgency = wanted
    held.save(update_fields=["urgency"])
    audit.record("opinion.set_urgency", held, by=by, at=at, detail={"urgency": wanted.value})
    if wanted == Urgency.CRITICAL:
        _alert(held, at=at)
    return held


@transaction.atomic
def link_hotline(opinion: Opinion, *, ticket_no: str, by: Account, at: datetime) -> Opinion:
    """Note the hotline's ticket, so that either side finds the other. Raises words.WordsMissing, access.NotYours."""
    ticket = words.required(clean_line(ticket_no), _("12345 工单号"), limit=40)
    held = _triaged(opinion, by=by)
    held.hotline_ticket_no = ticket
    held.save(update_fields=["hotline_ticket_no"])
    audit.record("opinion.link_hotline", held, by=by, at=at, detail={"ticket": ticket})
    return held


class NeedsReading(Exception):
    """Words in the matter ask that a person reads it before anything is done with it."""

    code = "needs-reading"

    def __init__(self, opinion: Opinion) -> None:
        said = "；".join(screening.words_for_staff(opinion.flags))
        super().__init__(_("这件事请单独打开看过再办：%(why)s。") % {"why": said})


@dataclass(frozen=True)
class Result:
    """What became of one of several: the matter as it stands, and the refusal where there was one."""

    opinion: Opinion
    refusal: Exception | None = None


def each(opinions: Iterable[Opinion], act: Callable[..., Opinion], **given: Any) -> list[Result]:
    """The same act on several matters, each on its own: one that is refused keeps none of the others back.

    `each(chosen, accept, by=user, at=now)`. A refusal is an exception with a `code`; anything else is a fault and rises.
    What may be an accusation, a danger or a secret is not taken up or declined unread: NeedsReading.
    """
    results = []
    for opinion in opinions:
        if act in READ_FIRST and screening.is_for_a_person(opinion.flags):
            results.append(Result(opinion, NeedsReading(opinion)))
            continue
        try:
            with transaction.atomic():
                results.append(Result(act(opinion, **given)))
        except Exception as refusal:
            if not isinstance(getattr(refusal, "code", None), str):
                raise
            results.append(Result(opinion, refusal))
    return results


# The acts that are not done in bulk to a matter which somebody should read first.
READ_FIRST = frozenset({accept, decline})


def _held(opinion: Opinion, step: str, *, by: Account) -> Opinion:
    held = steps.lock(opinion)
    access.require(by, step, held)
    return held


def _triaged(opinion: Opinion, *, by: Account) -> Opinion:
    held = steps.lock(opinion)
    if not access.holds(by, Permission.OPINION_TRIAGE, held):
        raise access.NotYours
    return held


def _deputy(opinion: Opinion, wanted: Deputy | None, *, at: datetime) -> Deputy:
    if wanted is not None:
        if not deputies_of(opinion.station).filter(pk=wanted.pk).exists():
            raise NotAttached
        return wanted
    choices = deputies_for(opinion.station, at=at)
    if not choices:
        raise NoDeputy
    return choices[0].deputy


def _usable(category: Category) -> Category:
    """Second-level categories only, and those in use."""
    if len(category.pk) != 4 or not category.is_active:
        raise CategoryClosed
    return category


def _discreet(opinion: Opinion) -> str:
    """The matter as its author hears of it; of an accusation nothing but the number leaves the house."""
    return opinion.number if opinion.visibility == Visibility.LOCKED else telling.named(opinion)


def _alert(opinion: Opinion, *, at: datetime) -> None:
    concerned = [
        *telling.holders_of_any(
            {Permission.OPINION_TRIAGE, Permission.OPINION_FORWARD, Permission.OPINION_REVIEW}, opinion
        ),
        *telling.deputy_of(opinion),
    ]
    if opinion.unit is not None:
        concerned += telling.staff_of(opinion.unit, Permission.OPINION_HANDLE)
    outbox.alert_all(
        telling.may_hear(concerned, opinion), "opinion-critical", opinion, at=at,
        url=f"/office/opinions/{opinion.jurisdiction}/{opinion.pk}/",
        text=_("重大紧急：%(number)s(%(station)s)。请立即处理，并按规定电话报告。")
        % {"number": opinion.number, "station": opinion.station.name},
        key=lambda account: f"opinion-critical:{opinion.pk.hex}:{account.pk.hex}:{at.timestamp():.0f}",
    )  # fmt: skip
