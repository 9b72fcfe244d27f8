"""Which deadline a proposal and each unit's part have, and how they are put there (handbook §2.3).

The clock of a reply starts with the assignment (代表法第51条: 交办之日), of a part with that part's own; receipt, objection and
ruling do not stop it. The proposal shows the nearest of the parts that reply.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

from jiazhan.kernel import calendar, parameters
from jiazhan.kernel.deadlines import Rule, Unit, clear, put

from . import parameters as names
from .choices import REPLYING, DueFor, Part
from .models import Handling, Proposal
from .states import PartState, State

STAGES: dict[str, tuple[DueFor, str]] = {
    State.SUBMITTED: (DueFor.CHECK, names.CHECK),
    State.CHECKING: (DueFor.CHECK, names.CHECK),
    State.REPLIED: (DueFor.EVALUATE, names.EVALUATE),
    State.REORDERING: (DueFor.REORDER, names.REORDER),
    State.ESCALATED: (DueFor.SETTLE, names.SETTLE),
}
REPLY_RUNS = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.REHANDLING})


def start_stage(proposal: Proposal, *, at: datetime) -> None:
    """Give the proposal the deadline of the state it has just entered. Does not save.

    Checking goes on with the time that began when it was submitted, assigning with the one that began when it was accepted.
    """
    if proposal.state in STAGES:
        due_for, name = STAGES[proposal.state]
        start = proposal.submitted_at if due_for == DueFor.CHECK and proposal.submitted_at else at
        put(proposal, due_for, Rule(Unit.WORKDAYS, _count(name, proposal), timezone.localdate(start)))
    elif proposal.state in {State.ACCEPTED, State.AT_GOVERNMENT}:
        put(proposal, DueFor.ASSIGN, _assign_rule(proposal, at=at))
    elif proposal.state in REPLY_RUNS:
        mirror(proposal)
    else:
        clear(proposal)


def start_part(handling: Handling, *, at: datetime) -> None:
    """Start the clock of a unit's part with its assignment, and its window for objections. Does not save."""
    area, today = handling.proposal.congress_area, timezone.localdate(at)
    window = parameters.get(names.OBJECTION, area)
    handling.objection_until = calendar.current().add_workdays(today, window)
    put(handling, *part_rule(handling))


def part_rule(handling: Handling) -> tuple[DueFor, Rule]:
    """What a part in its first round is due for, and the rule by which, its extensions left out."""
    area, start = handling.proposal.congress_area, timezone.localdate(handling.assigned_at)
    if handling.part == Part.ASSIST:
        return DueFor.ASSIST, Rule(Unit.MONTHS, parameters.get(names.ASSIST, area), start)
    return DueFor.REPLY, Rule(Unit.MONTHS, parameters.get(names.REPLY, area), start)


def start_again(handling: Handling, *, at: datetime) -> None:
    """A dissatisfied deputy: a new deadline from today (§14 rule 3). Does not save."""
    months = parameters.get(names.REHANDLE, handling.proposal.congress_area)
    due_for = DueFor.ASSIST if handling.part == Part.ASSIST else DueFor.REPLY
    put(handling, due_for, Rule(Unit.MONTHS, months, timezone.localdate(at)))


def extended_rule(handling: Handling) -> Rule:
    """The rule in force with the longest period that an extension can give. Raises ValueError without a deadline."""
    if handling.due_rule is None:
        raise ValueError("no deadline to extend")
    months = parameters.get(names.REPLY_EXTENDED, handling.proposal.congress_area)
    return Rule.from_json(handling.due_rule).extended_to(unit=Unit.MONTHS, count=months)


def ruling_day(proposal: Proposal, *, at: datetime) -> date:
    """The last day on which an objection is ruled on."""
    return calendar.current().add_workdays(timezone.localdate(at), _count(names.RULE, proposal))


def mirror(proposal: Proposal) -> None:
    """Show on the proposal the nearest deadline of the parts that still owe a reply. Does not save."""
    owing = proposal.handlings.filter(
        part__in=REPLYING, state__in=[PartState.ASSIGNED, PartState.SIGNED, PartState.OBJECTED, PartState.REORDERED]
    )
    nearest = owing.filter(due_on__isnull=False).order_by("due_on", "id").first()
    show(proposal, nearest)


def show(proposal: Proposal, part: Handling | None) -> None:
    """Show on the proposal the deadline of a part that replies; None clears it. Does not save."""
    if part is None:
        clear(proposal)
        return
    proposal.due_for, proposal.due_rule = DueFor.REPLY, part.due_rule
    proposal.due_on, proposal.is_due_estimated = part.due_on, part.is_due_estimated


def _assign_rule(proposal: Proposal, *, at: datetime) -> Rule:
    start = timezone.localdate(proposal.accepted_at or at)
    if proposal.is_in_session and proposal.session and start <= proposal.session.ends_on + timedelta(days=30):
        return Rule(Unit.DAYS, _count(names.ASSIGN_IN_SESSION, proposal), proposal.session.ends_on)
    return Rule(Unit.WORKDAYS, _count(names.ASSIGN_BETWEEN, proposal), start)


def _count(name: str, proposal: Proposal) -> int:
    return int(parameters.get(name, proposal.congress_area))
