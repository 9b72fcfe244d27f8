"""Reminder letters to units (催办函), and what they answer."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.documents import services as issuing
from jiazhan.documents.letters import content
from jiazhan.documents.letters.plaintext import chinese_date
from jiazhan.kernel import deadlines, words
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account, Unit
from jiazhan.people.permissions import Permission

from .. import access
from ..models import Handling, Proposal, Urging
from ..states import HOLDING, WITH_UNITS
from . import desks, steps, telling


class NotHolding(Exception):
    """The unit has no part in the proposal."""

    code = "not-holding"

    def __init__(self) -> None:
        super().__init__(_("这个单位不承办这件建议，请选择承办单位。"))


class AnswerDayPassed(Exception):
    """A day to answer by that is not to come."""

    code = "answer-day-passed"

    def __init__(self) -> None:
        super().__init__(_("回复期限应晚于今天，请改后再发。"))


class UrgingAnswered(Exception):
    """The letter was answered before."""

    code = "urging-answered"

    def __init__(self) -> None:
        super().__init__(_("这份催办函已经回复过，请刷新页面查看。"))


class AlreadyUrged(Exception):
    """The same letter went to the unit before, and it has not answered yet: a second click."""

    code = "already-urged"

    def __init__(self) -> None:
        super().__init__(_("同样内容的催办函已经发给这个单位，还没有回复，没有重复发出。"))


@transaction.atomic
def urge(proposal: Proposal, *, unit: Unit, text: str, answer_by: date, by: Account, at: datetime) -> Urging:
    """Send a unit a reminder letter about its part; the unit is told and answers in writing.

    Raises access.NotYours, NotHolding, AnswerDayPassed, AlreadyUrged, words.WordsMissing, words.WordsTooLong, StepRefused for a proposal
    that is with no unit.
    """
    held = steps.lock(proposal)
    access.require_held(by, Permission.PROPOSAL_SUPERVISE, held)
    if held.state not in WITH_UNITS:
        raise StepRefused("urge", held.state)
    part = held.handlings.select_related("unit").filter(unit=unit, state__in=HOLDING).first()
    if part is None:
        raise NotHolding
    if answer_by <= timezone.localdate(at):
        raise AnswerDayPassed
    text = words.required(text, _("催办要求"), limit=2000)
    if held.urgings.filter(unit=part.unit, text=text, answered_at=None).exists():
        raise AlreadyUrged
    part.proposal = held
    letter = _letter(part, text, answer_by, by=by, at=at)
    urging = Urging.objects.create(
        jurisdiction=held.jurisdiction,
        proposal=held,
        unit=part.unit,
        text=text,
        answer_by=answer_by,
        document=issuing.issue(letter, subject=held, by=by, at=at),
        sent_by=by,
        sent_at=at,
    )
    detail = {"unit": part.unit.name, "by": answer_by.isoformat(), "number": letter.number}
    audit.record("proposal.urged", held, by=by, at=at, detail=detail)
    told = _("%(matter)s收到催办函，请在 %(by)s 前书面回复。") % {"matter": telling.named(held), "by": answer_by}
    telling.tell_unit(part.unit, "proposal-urged", held, text=told, at=at, once=urging.pk.hex)
    return urging


@transaction.atomic
def answer_urging(urging: Urging, *, text: str, by: Account, at: datetime) -> Urging:
    """The unit's answer; who sent the letter is told. Raises UrgingAnswered, words.WordsMissing, access.NotYours."""
    proposal = steps.lock(urging.proposal)
    held = proposal.urgings.select_related("unit", "sent_by").get(pk=urging.pk)
    if not any(post.unit_id == held.unit_id for post in by.posts_with(Permission.PROPOSAL_HANDLE)):
        raise access.NotYours
    if held.answered_at is not None:
        raise UrgingAnswered
    held.answer = words.required(text, _("回复内容"), limit=2000)
    held.answered_at, held.answered_by = at, by
    held.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record("proposal.urging_answered", proposal, by=by, at=at, detail={"unit": held.unit.name})
    told = _("%(unit)s回复了%(matter)s的催办函，请打开查看。") % {
        "unit": held.unit.name,
        "matter": telling.named(proposal),
    }
    telling.tell([held.sent_by], "proposal-urging-answered", proposal, text=told, at=at, once=held.pk.hex)
    return held


def _letter(part: Handling, text: str, answer_by: date, *, by: Account, at: datetime) -> content.UrgingLetter:
    proposal = part.proposal
    desk = desks.supervising_desk(proposal, by)
    return content.UrgingLetter(
        issuer=desk.name,
        number=desk.next_number(at=at),
        title=_("关于催办%(named)s的函") % {"named": proposal.number or _("代表建议")},
        addressee=part.unit.name,
        paragraphs=(_standing(part, at=at),),
        demands=text,
        answer_by_on=answer_by,
        signed_on=timezone.localdate(at),
        copies=(desks.government_desk(proposal).name,) if proposal.through_government else (),
    )


def _standing(part: Handling, *, at: datetime) -> str:
    """What the unit holds, until when, and how late it is."""
    proposal = part.proposal
    held = _("你单位%(part)s的“%(title)s”（%(number)s）") % {
        "part": part.get_part_display(),
        "title": proposal.title,
        "number": proposal.number,
    }
    if part.due_on is None:
        return _("%(held)s，目前为“%(state)s”。") % {"held": held, "state": proposal.get_state_display()}
    return _("%(held)s，应于%(due)s前%(for)s，现%(words)s。") % {
        "held": held,
        "due": chinese_date(part.due_on.isoformat()),
        "for": part.get_due_for_display(),
        "words": deadlines.words(part.due_on, timezone.localdate(at)).replace(" ", ""),
    }
