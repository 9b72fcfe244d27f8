"""The receiving deputy's part: take it up, say what one thinks and sign, or answer on the spot (handbook §3.1, §3.3)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import words
from jiazhan.kernel.text import clean
from jiazhan.people.models import Account, Deputy
from jiazhan.people.permissions import Permission
from jiazhan.people.selectors import deputies_of

from .. import access, due
from ..choices import OutcomeClass, Visibility
from ..models import DeputyOpinion, Opinion, Reply
from ..models.handling import ReplyState
from ..selectors.deputies import is_overdue_for_deputy
from ..states import State, Track
from . import replies, steps, telling
from .accusations import Locked
from .triage import NotAttached, StepRefused


class MandateNotActive(Exception):
    """A deputy whose mandate is suspended or over begins nothing new (代表法第61、62条, §14 rule 17)."""

    code = "mandate-not-active"

    def __init__(self) -> None:
        super().__init__(_("您现在暂停执行代表职务或任期已满，不能办理新的事项。以前办过的仍可查看。"))


class StillTime(Exception):
    """The deputy's time is not over."""

    code = "deputy-still-has-time"

    def __init__(self, until: object) -> None:
        super().__init__(_("代表提出意见的期限到 %(until)s，现在还不能先行办理。") % {"until": until})


class SameDeputy(Exception):
    code = "same-deputy"

    def __init__(self) -> None:
        super().__init__(_("这件事已经请这位代表提意见，请另选一位。"))


@transaction.atomic
def take_up(opinion: Opinion, *, by: Account, at: datetime) -> Opinion:
    """A deputy takes up a matter that came by their own code. Raises MandateNotActive, Locked, `steps.take`'s."""
    _require_ready(opinion, by=by)
    held = steps.take(opinion, "take_up", by=by, at=at, detail={"deputy": by.name}, accepted_at=at)
    text = _("代表%(deputy)s接下了您反映的%(matter)s。") % {"deputy": by.name, "matter": telling.named(held)}
    telling.tell_authors(held, "opinion-accepted", text=text, at=at)
    return held


@transaction.atomic
def opine(opinion: Opinion, *, text: str, suggested_track: str = "", by: Account, at: datetime) -> Opinion:
    """The deputy's opinion, signed; the street's congress office goes on from there.

    Raises MandateNotActive, Locked, words.WordsMissing, words.WordsTooLong, and what `steps.take` raises.
    """
    text = words.required(text, _("代表意见"), limit=2000)
    track = Track(suggested_track) if suggested_track else ""
    _require_ready(opinion, by=by)
    held = steps.take(opinion, "opine", by=by, at=at, detail={"deputy": by.name})
    _sign(held, by.deputy, text, track, by=by, at=at)
    _pass_to_street(held, at=at)
    told = _("代表%(deputy)s已对您反映的%(matter)s提出意见，街道正在研究。") % {
        "deputy": by.name,
        "matter": telling.named(held),
    }
    telling.tell_authors(held, "opinion-opined", text=told, at=at)
    return held


@transaction.atomic
def answer_on_spot(opinion: Opinion, *, text: str, outcome: str, by: Account, at: datetime) -> Opinion:
    """Answer at once what needs no office: a reply without a unit, which the author rates like any other.

    Raises MandateNotActive, Locked, words.WordsMissing, words.WordsTooLong, and what `steps.take` raises.
    """
    text = words.required(text, _("答复内容"))
    result = OutcomeClass(outcome)
    _require_ready(opinion, by=by)
    fields = {"outcome": result, "replied_at": at} | ({} if opinion.accepted_at else {"accepted_at": at})
    held = steps.take(
        opinion, "answer_on_spot", by=by, at=at, detail={"deputy": by.name, "outcome": result.value}, **fields
    )
    Reply.objects.create(
        jurisdiction=held.jurisdiction,
        opinion=held,
        round=held.round,
        state=ReplyState.SIGNED,
        body=text,
        outcome=result,
        drafted_by=by,
        drafted_at=at,
        signed_by=by,
        signed_at=at,
    )
    replies.deliver_all(held, answered_by=_("代表%(name)s") % {"name": by.name}, at=at)
    return held


@transaction.atomic
def pass_without_opinion(opinion: Opinion, *, reason: str, by: Account, at: datetime) -> Opinion:
    """Go on without the deputy, once their time is over; the station says why, and the deputy is told.

    Raises StillTime, Locked, words.WordsMissing, and what `steps.take` raises.
    """
    reason = words.required(reason, _("先行办理的情况说明"), limit=1000)
    held = steps.lock(opinion)
    access.require(by, "pass_without_opinion", held)
    if held.visibility == Visibility.LOCKED:
        raise Locked
    if held.state == State.ACCEPTED and not is_overdue_for_deputy(held, timezone.localdate(at)):
        raise StillTime(held.due_on)
    held = steps.take_held(held, "pass_without_opinion", by=by, at=at, detail={"reason": reason})
    _sign(held, None, reason, "", by=by, at=at)
    text = _("%(matter)s已过提出意见的期限，先行送街道办理。") % {"matter": telling.named(held)}
    telling.tell_deputy(held, "opinion-passed", text=text, at=at)
    _pass_to_street(held, at=at)
    return held


@transaction.atomic
def hand_to_deputy(opinion: Opinion, *, deputy: Deputy, by: Account, at: datetime, reason: str = "") -> Opinion:
    """Ask another deputy of the station instead, with a time of their own. Open to the station, and with a reason to the
    deputy asked.

    Raises access.NotYours, StepRefused, Locked, SameDeputy, NotAttached, words.WordsMissing, and MandateNotActive for a
    deputy who may not act.
    """
    held = steps.lock(opinion)
    is_asked = held.deputy is not None and held.deputy.account_id == by.pk
    is_station = access.holds(by, Permission.OPINION_TRIAGE, held)
    if not is_asked and not is_station:
        raise access.NotYours
    if not is_station:
        _require_ready(held, by=by)
        reason = words.required(reason, _("转请的理由"), limit=500)
    if held.visibility == Visibility.LOCKED:
        raise Locked
    if held.state != State.ACCEPTED:
        raise StepRefused("hand_to_deputy", held.state)
    if held.deputy_id == deputy.pk:
        raise SameDeputy
    if not deputies_of(held.station).filter(pk=deputy.pk).exists():
        raise NotAttached
    before, held.deputy = held.deputy, deputy
    due.start_stage(held, at=at)
    held.save()
    detail = {"deputy": deputy.name, "before": before.name if before else "", "reason": reason}
    audit.record("opinion.hand_to_deputy", held, by=by, at=at, detail=detail)
    text = _("请您在 %(due)s 前对%(matter)s提出意见。") % {"due": held.due_on, "matter": telling.named(held)}
    telling.tell_deputy(held, "opinion-asked", text=text, at=at)
    return held


def _require_ready(opinion: Opinion, *, by: Account) -> None:
    if opinion.visibility == Visibility.LOCKED:
        raise Locked
    if hasattr(by, "deputy") and not by.deputy.mandates.in_force().exists():
        raise MandateNotActive


def _sign(opinion: Opinion, deputy: Deputy | None, text: str, track: str, *, by: Account, at: datetime) -> None:
    DeputyOpinion.objects.create(
        jurisdiction=opinion.jurisdiction,
        opinion=opinion,
        deputy=deputy,
        text=clean(text),
        suggested_track=track,
        signed_by=by,
        signed_at=at,
    )


def _pass_to_street(opinion: Opinion, *, at: datetime) -> None:
    text = _("%(matter)s请街道人大工委提出办理意见，%(due)s 前。") % {
        "matter": telling.named(opinion),
        "due": opinion.due_on,
    }
    people = telling.holders(Permission.OPINION_VICE_DIRECTOR, opinion)
    telling.tell(people, "opinion-to-street", opinion, text=text, at=at)
