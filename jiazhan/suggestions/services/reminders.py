"""Reminders before a deadline, on its day, and up the ladder once it is over (handbook §11). Each is told once.

All run in an open scope, by the system, and may run again on the same day without telling anything twice.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.kernel import deadlines, parameters, reminding, scope
from jiazhan.kernel.deadlines import Rule
from jiazhan.kernel.outcomes import PromiseState, ReplyState, Ruling
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission
from jiazhan.people.roles import Role

from .. import parameters as names
from ..choices import DueFor
from ..models import Handling, MeetingQuestion, Objection, Promise, Proposal
from ..states import HOLDING, OPEN, MeetingState, PartState, State
from . import evaluating, meetings, promises, telling
from .checking import deputies_of


@transaction.atomic
def remind(*, at: datetime) -> None:
    """Tell whoever must act how long is left, and those above them how late it is: for stages and for units' parts."""
    today = timezone.localdate(at)
    furthest = max(max(parameters.get(names.REMIND, code), default=0) for code in ["", *scope.current()])
    until = today + timedelta(days=furthest)
    stages = Proposal.objects.filter(jurisdiction__in=scope.current(), state__in=OPEN, due_on__lte=until)
    for proposal in stages.exclude(due_for=DueFor.REPLY).select_related("lead__account").iterator(500):
        _remind(proposal, proposal, _stage_rungs(proposal), today, at=at)
    parts = Handling.objects.filter(
        jurisdiction__in=scope.current(), state__in=HOLDING - {PartState.ANSWERED}, due_on__lte=until
    )
    for part in parts.select_related("proposal", "unit", "handler").iterator(500):
        _remind(part, part.proposal, _part_rungs(part), today, at=at)
    _press_for_rulings(today, at=at)


@transaction.atomic
def conclude_unrated(*, at: datetime) -> int:
    """End the evaluations whose window is over; returns how many. Who has not evaluated counts as unrated."""
    today, ended = timezone.localdate(at), 0
    rows = Proposal.objects.filter(jurisdiction__in=scope.current(), state=State.REPLIED, due_on__lt=today)
    for proposal in rows.order_by("due_on", "id"):
        try:
            evaluating.conclude_unrated(proposal, at=at)
            ended += 1
        except StepRefused:
            # Evaluated while this was running.
            continue
    return ended


@transaction.atomic
def ask_for_promises(*, at: datetime) -> None:
    """Ask the units whose promises are due, those of replies and those of meetings."""
    today = timezone.localdate(at)
    due = {"jurisdiction__in": scope.current(), "state": PromiseState.OPEN}
    for promise in Promise.objects.filter(**due, due_on__lte=today).select_related("proposal").order_by("due_on", "id"):
        promises.ask(promise, at=at)
    questions = MeetingQuestion.objects.filter(**due, promise_on__lte=today, meeting__state=MeetingState.HELD)
    for question in questions.order_by("promise_on", "id"):
        meetings.ask(question, at=at)


def _remind(
    case: Proposal | Handling, proposal: Proposal, rungs: Sequence[list[Account]], today: date, *, at: datetime
) -> None:
    if case.due_on is None or case.due_rule is None:
        return
    # The part's own mark, so that two units of one proposal don't silence each other.
    mark = f"{case.pk.hex[-10:]}-{case.due_on:%y%m%d}"
    text = _text(case, proposal, today)
    if case.due_on < today:
        ladder = parameters.get(names.ESCALATE, proposal.congress_area)
        for number, people in reminding.reached(case.due_on, today, ladder=ladder, rungs=rungs):
            telling.tell(people, "proposal-late", proposal, text=text, at=at, once=f"{mark}-{number}")
        return
    days = reminding.notice_of(
        case.due_on,
        today,
        started_on=Rule.from_json(case.due_rule).start,
        days=parameters.get(names.REMIND, proposal.congress_area),
    )
    if days is not None and rungs:
        telling.tell(rungs[0], "proposal-soon", proposal, text=text, at=at, once=f"{mark}-{days}d")


def _stage_rungs(proposal: Proposal) -> list[list[Account]]:
    """Who must act on a stage, then who is told when it is late."""
    desk = telling.holders(Permission.PROPOSAL_CHECK, proposal)
    chair = telling.in_role(Role.CHAIRPERSONS_MEETING, proposal)
    match proposal.due_for:
        case DueFor.ASSIGN if proposal.state == State.AT_GOVERNMENT:
            return [telling.holders(Permission.PROPOSAL_GOV_ASSIGN, proposal), desk, chair]
        case DueFor.EVALUATE:
            return [_unrated(proposal)]
        case DueFor.SETTLE:
            return [telling.holders(Permission.PROPOSAL_SUPERVISE, proposal), chair]
    return [desk, chair]


def _part_rungs(part: Handling) -> list[list[Account]]:
    """Who must act on a unit's part: its handler, its head, who assigned it, the chairpersons' meeting."""
    staff = telling.staff_of(part.unit, Permission.PROPOSAL_HANDLE)
    heads = telling.staff_of(part.unit, Permission.PROPOSAL_SIGN_REPLY)
    first = [part.handler] if part.handler else staff
    return [first, heads, telling.assigners(part.proposal), telling.in_role(Role.CHAIRPERSONS_MEETING, part.proposal)]


def _unrated(proposal: Proposal) -> list[Account]:
    """The deputies who have not evaluated every reply of the round."""
    replies = proposal.replies.filter(round=proposal.round, state=ReplyState.SIGNED)
    given = set(proposal.evaluations.filter(reply__in=replies).values_list("reply_id", "deputy_id"))
    owed = [deputy for _signed, deputy in deputies_of(proposal)]
    ids = list(replies.values_list("pk", flat=True))
    return telling.accounts_of(each for each in owed if any((reply, each.pk) not in given for reply in ids))


def _press_for_rulings(today: date, *, at: datetime) -> None:
    rows = Objection.objects.filter(jurisdiction__in=scope.current(), ruling=Ruling.PENDING, rule_by__lte=today)
    for objection in rows.select_related("proposal", "handling__unit"):
        text = _("%(unit)s对%(matter)s的异议%(left)s，请裁定。") % {
            "unit": objection.handling.unit.name,
            "matter": telling.named(objection.proposal),
            "left": deadlines.words(objection.rule_by, today),
        }
        once = f"{objection.pk.hex[-12:]}-{today:%y%m%d}"
        if (
            reminding.notice_of(objection.rule_by, today, started_on=timezone.localdate(objection.raised_at), days=[])
            == 0
        ):
            telling.tell(
                telling.assigners(objection.proposal), "objection-due", objection.proposal, text=text, at=at, once=once
            )
        ladder = parameters.get(names.ESCALATE, objection.proposal.congress_area)
        rungs = [telling.assigners(objection.proposal), telling.in_role(Role.CHAIRPERSONS_MEETING, objection.proposal)]
        for number, people in reminding.reached(objection.rule_by, today, ladder=ladder, rungs=rungs):
            mark = f"{objection.pk.hex[-12:]}-{number}"
            telling.tell(people, "objection-late", objection.proposal, text=text, at=at, once=mark)


def _text(case: Proposal | Handling, proposal: Proposal, today: date) -> str:
    return _("%(matter)s的%(what)s%(left)s（%(due)s 到期），请及时办理。") % {
        "matter": telling.named(proposal),
        "what": case.get_due_for_display(),
        "left": deadlines.words(case.due_on, today),
        "due": case.due_on,
    }
