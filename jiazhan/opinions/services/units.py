"""The handling unit's part before its reply: receive, object, choose a handler, talk with the author."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.audit import Acting
from jiazhan.kernel import words
from jiazhan.kernel.deadlines import Rule
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account, Unit
from jiazhan.people.permissions import Permission

from .. import access, due
from ..models import Assignment, Message, Objection, Opinion
from ..models.handling import Decision, ReplyState, Ruling, Speaker
from ..states import State, Track
from . import letters, steps, telling
from .district import require_day
from .street import assign, require_transferable, require_unit, transferable

WITH_UNIT = frozenset({State.DEPT_RECEIVED, State.HANDLING, State.REOPENED})
TALKING = WITH_UNIT | {State.REPLIED, State.RATED, State.ESCALATED}


class WindowPassed(Exception):
    """The window for an objection is over (§2.3 objection_window)."""

    code = "window-passed"

    def __init__(self, until: date) -> None:
        self.until = until
        super().__init__(
            _("异议期限已于 %(until)s 届满，请继续办理；确有困难的，请与交办单位联系。") % {"until": until}
        )


class SameUnit(Exception):
    """The matter would go to the unit that already holds it."""

    code = "same-unit"

    def __init__(self) -> None:
        super().__init__(_("这件事现在就由这个单位承办，请选另一个单位。"))


class NotInUnit(Exception):
    """The chosen handler holds no post in the unit."""

    code = "not-in-unit"

    def __init__(self) -> None:
        super().__init__(_("经办人须是本单位在岗的经办人或负责人，请重新选择。"))


@transaction.atomic
def sign(opinion: Opinion, *, by: Account, at: datetime, received_on: date | None = None) -> Opinion:
    """Receive the matter; the clock of the reply starts with the day of receipt (§3.1), today where none is given.

    Raises Locked, district.DateRefused for a day before the assignment or to come, and what `steps.take` raises.
    """
    held, step = _on_track(opinion, "sign_street", "sign_department", by=by)
    received_on = received_on or timezone.localdate(at)
    held = steps.take_held(held, step, by=by, at=at, detail={"received_on": received_on.isoformat()})
    assignment = assignment_of(held)
    require_day(received_on, since=assignment.assigned_at, at=at)
    assignment.received_at, assignment.received_by = at, by
    assignment.save(update_fields=["received_at", "received_by"])
    _start_clock(held, received_on)
    text = _("%(unit)s已签收您反映的%(matter)s，将于 %(due)s 前书面答复。") % {
        "unit": assignment.unit.name,
        "matter": telling.named(held),
        "due": held.due_on,
    }
    telling.tell_authors(held, "opinion-signed", text=text, at=at)
    return held


@transaction.atomic
def object_to(
    opinion: Opinion, *, reason: str, by: Account, at: datetime, proposed_unit: Unit | None = None
) -> Objection:
    """Say that the matter is another's, with a reason. Raises WindowPassed, SameUnit, words.WordsMissing, Locked."""
    held = transferable(opinion, "object", by=by)
    reason = words.required(reason, _("异议理由"), limit=2000)
    if proposed_unit is not None and proposed_unit.pk == held.unit_id:
        raise SameUnit
    assignment = held.assignments.filter(ended_at=None).select_related("unit").first()
    if assignment and timezone.localdate(at) > assignment.objection_until:
        raise WindowPassed(assignment.objection_until)
    held = steps.take_held(
        held, "object", by=by, at=at, detail={"proposed": proposed_unit.name if proposed_unit else ""}
    )
    objection = Objection.objects.create(
        jurisdiction=held.jurisdiction,
        opinion=held,
        assignment=assignment_of(held),
        reason=reason,
        proposed_unit=proposed_unit,
        raised_at=at,
        raised_by=by,
    )
    text = _("%(unit)s对%(matter)s提出异议，请在 %(due)s 前裁定。") % {
        "unit": objection.assignment.unit.name,
        "matter": telling.named(held),
        "due": held.due_on,
    }
    telling.tell(telling.holders(ruling_permission(held), held), "opinion-objected", held, text=text, at=at)
    return objection


@transaction.atomic
def reassign(opinion: Opinion, *, unit: Unit, reason: str, by: Account, at: datetime) -> Opinion:
    """Rule for the objection: another unit gets the matter, the first one's time with it ends and stays readable.

    Raises SameUnit, street.WrongUnit, words.WordsMissing, Locked.
    """
    held, step = _on_track(opinion, "reassign_street", "reassign_department", by=by)
    reason = words.required(reason, _("改派说明"), limit=2000)
    require_unit(held, unit, track=held.track)
    if unit.pk == held.unit_id:
        raise SameUnit
    held = steps.take_held(held, step, by=by, at=at, detail={"unit": unit.name}, unit=unit, handler=None)
    former = assignment_of(held)
    former.ended_at = at
    former.save(update_fields=["ended_at"])
    _rule(held, Ruling.REASSIGNED, reason, by=by, at=at)
    held.extensions.filter(decision=Decision.PENDING).update(
        decision=Decision.REFUSED, decision_reason=_("已改派其他单位"), decided_at=at, decided_by=by
    )
    # What the former unit had begun to write goes on with the new one, as a draft.
    held.replies.exclude(state=ReplyState.SIGNED).update(unit=unit, state=ReplyState.DRAFT)
    text = _("%(matter)s已改派%(unit)s，你单位不再承办。") % {"matter": telling.named(held), "unit": unit.name}
    telling.tell(telling.staff_of(former.unit, Permission.OPINION_HANDLE), "opinion-reassigned", held, text=text, at=at)
    assign(held, unit, by=by, at=at)
    return held


@transaction.atomic
def uphold(opinion: Opinion, *, reason: str, by: Account, at: datetime) -> Opinion:
    """Rule against the objection: the unit keeps the matter, and its time has run since it received it, or runs from today
    where it had not. Raises words.WordsMissing, Locked."""
    held, step = _on_track(opinion, "uphold_street", "uphold_department", by=by)
    reason = words.required(reason, _("裁定说明"), limit=2000)
    held = steps.take_held(held, step, by=by, at=at)
    assignment = assignment_of(held)
    _rule(held, Ruling.UPHELD, reason, by=by, at=at)
    if assignment.received_at is None:
        assignment.received_at, assignment.received_by = at, by
        assignment.save(update_fields=["received_at", "received_by"])
        _start_clock(held, timezone.localdate(at))
    else:
        _resume_clock(held, assignment)
    text = _("%(matter)s的异议未获支持，仍由你单位办理，请在 %(due)s 前答复。") % {
        "matter": telling.named(held),
        "due": held.due_on,
    }
    telling.tell(telling.staff_of(assignment.unit, Permission.OPINION_HANDLE), "opinion-upheld", held, text=text, at=at)
    return held


@transaction.atomic
def assign_handler(opinion: Opinion, *, handler: Account, by: Account, at: datetime) -> Opinion:
    """Choose who handles the matter, or choose again later. Raises NotInUnit for somebody without a post in the unit."""
    held = transferable(opinion, "assign_handler", by=by)
    if held.unit is None or handler not in telling.staff_of(held.unit, Permission.OPINION_HANDLE):
        raise NotInUnit
    detail = {"handler": handler.name}
    if held.state in {State.HANDLING, State.REOPENED}:
        held.handler = handler
        held.save(update_fields=["handler"])
        audit.record("opinion.change_handler", held, by=by, at=at, detail=detail)
    else:
        held = steps.take_held(held, "assign_handler", by=by, at=at, detail=detail, handler=handler)
    held.assignments.filter(ended_at=None).update(handler=handler)
    text = _("%(matter)s由您经办，请在 %(due)s 前答复。") % {"matter": telling.named(held), "due": held.due_on}
    telling.tell([handler], "opinion-handler", held, text=text, at=at)
    return held


@transaction.atomic
def speak(opinion: Opinion, *, text: str, by: Account, at: datetime) -> Message:
    """A word from the unit to the author. Raises StepRefused where no unit is at work, access.NotYours, WordsMissing."""
    held = _talking(opinion, "speak")
    if not access.holds(by, Permission.OPINION_HANDLE, held):
        raise access.NotYours
    message = _say(held, Speaker.UNIT, text, by=by, at=at)
    told = _("承办单位就%(matter)s给您留言，请凭查询码查看并回复。") % {"matter": telling.named(held)}
    telling.tell_authors(held, "opinion-message", text=told, at=at)
    return message


@transaction.atomic
def answer_message(opinion: Opinion, *, text: str, by: Acting, at: datetime) -> Message:
    """A word from the author to the unit. Only the author speaks here. Raises as `speak`.

    What the author writes is kept as written; `selectors.conversation` shows it to the unit without numbers.
    """
    held = _talking(opinion, "answer_message")
    if not access.is_author(by, held):
        raise access.NotYours
    message = _say(held, Speaker.AUTHOR, text, by=by, at=at)
    told = _("%(matter)s的反映人给你单位留言，请打开查看。") % {"matter": telling.named(held)}
    people = (
        [held.handler] if held.handler else telling.staff_of(held.unit, Permission.OPINION_HANDLE) if held.unit else []
    )
    telling.tell(people, "opinion-message", held, text=told, at=at)
    return message


def ruling_permission(opinion: Opinion) -> Permission:
    """Who assigned rules, and grants more time: the street's director, or the government's dispatcher."""
    return Permission.OPINION_DIRECTOR if opinion.track == Track.STREET else Permission.OPINION_GOV_ASSIGN


def assignment_of(opinion: Opinion) -> Assignment:
    """The assignment in force. Raises Assignment.DoesNotExist where no unit holds the matter."""
    return opinion.assignments.select_related("unit").get(ended_at=None)


def _on_track(opinion: Opinion, on_street: str, in_district: str, *, by: Account) -> tuple[Opinion, str]:
    """The case held and the track's own step, by the case as it stands: the caller's copy may be older than the
    assignment. Raises access.NotYours, Locked."""
    held = steps.lock(opinion)
    step = on_street if held.track == Track.STREET else in_district
    require_transferable(held, step, by=by)
    return held, step


def _talking(opinion: Opinion, act: str) -> Opinion:
    held = steps.lock(opinion)
    if held.state not in TALKING or held.unit_id is None:
        raise StepRefused(act, held.state)
    return held


def _say(opinion: Opinion, speaker: Speaker, text: str, *, by: Acting, at: datetime) -> Message:
    message = Message.objects.create(
        jurisdiction=opinion.jurisdiction,
        opinion=opinion,
        speaker=speaker,
        spoken_by=by if isinstance(by, Account) else None,
        text=words.required(text, _("留言"), limit=1000),
        at=at,
    )
    # The words stay out of the record: a message can be deleted, the record cannot.
    audit.record("opinion.message", opinion, by=by, at=at, detail={"speaker": speaker.value})
    return message


def _rule(opinion: Opinion, ruling: Ruling, reason: str, *, by: Account, at: datetime) -> None:
    objection = opinion.objections.get(ruling=Ruling.PENDING)
    objection.ruling, objection.ruling_reason = ruling, reason
    objection.ruled_at, objection.ruled_by = at, by
    objection.save()


def _start_clock(opinion: Opinion, received_on: date) -> None:
    due.start_reply(opinion, received_on=received_on)
    opinion.save(update_fields=["due_for", "due_rule", "due_on", "is_due_estimated"])
    letter = letters.current(opinion)
    letter.received_on = received_on
    letter.save(update_fields=["received_on"])


def _resume_clock(opinion: Opinion, assignment: Assignment) -> None:
    granted = opinion.extensions.filter(decision=Decision.GRANTED, requested_at__gte=assignment.assigned_at).last()
    received_on = letters.current(opinion).received_on or timezone.localdate(assignment.received_at)
    rule = Rule.from_json(granted.rule_after) if granted else due.reply_rule(opinion, received_on)
    due.put(opinion, due.DueFor.REPLY, rule)
    opinion.save(update_fields=["due_for", "due_rule", "due_on", "is_due_estimated"])
