"""Which deadline a case has in each state, and how it is put on the case."""

from datetime import date, datetime

from django.utils import timezone

from jiazhan.kernel import parameters
from jiazhan.kernel.deadlines import Rule, Unit
from jiazhan.kernel.deadlines import clear as clear
from jiazhan.kernel.deadlines import put as put

from . import parameters as names
from .choices import DueFor
from .models import Opinion
from .states import State, Track

# State → what is due then, and the parameter with its working days.
STAGES: dict[str, tuple[DueFor, str]] = {
    State.REGISTERED: (DueFor.ACCEPT, names.ACCEPT),
    State.ACCEPTED: (DueFor.OPINE, names.OPINE),
    State.DEPUTY_OPINED: (DueFor.STREET, names.STREET),
    State.VICE_DIRECTOR_OPINED: (DueFor.STREET, names.STREET),
    State.DIRECTOR_OPINED: (DueFor.STREET, names.STREET),
    State.STREET_FORWARDED: (DueFor.REVIEW, names.REVIEW),
    State.CONGRESS_REVIEWING: (DueFor.REVIEW, names.REVIEW),
    State.REVIEW_APPROVED: (DueFor.REVIEW, names.REVIEW),
    State.OFFICE_FORWARDED: (DueFor.ASSIGN, names.ASSIGN),
    State.GOV_OFFICE_RECEIVED: (DueFor.ASSIGN, names.ASSIGN),
    State.STREET_ASSIGNED: (DueFor.SIGN, names.SIGN),
    State.DEPT_ASSIGNED: (DueFor.SIGN, names.SIGN),
    State.OBJECTED: (DueFor.RULE, names.RULE),
    State.REPLIED: (DueFor.RATE, names.RATE),
    State.RATED: (DueFor.CLOSE, names.CLOSE),
    State.ESCALATED: (DueFor.SETTLE, names.SETTLE),
}


def start_stage(opinion: Opinion, *, at: datetime) -> None:
    """Give the case the deadline of the state it has just entered; a final state has none. Does not save."""
    if opinion.state in STAGES:
        due_for, name = STAGES[opinion.state]
        count = parameters.get(name, opinion.street)
        put(opinion, due_for, Rule(Unit.WORKDAYS, count, timezone.localdate(at)))
    elif opinion.state == State.REOPENED:
        put(
            opinion,
            DueFor.REPLY,
            Rule(Unit.MONTHS, parameters.get(names.REHANDLE, opinion.street), timezone.localdate(at)),
        )
    elif opinion.state not in {State.DEPT_RECEIVED, State.HANDLING}:
        clear(opinion)


def start_reply(opinion: Opinion, *, received_on: date) -> None:
    """The clock of the reply starts with the day of receipt (§3.1). Does not save."""
    put(opinion, DueFor.REPLY, reply_rule(opinion, received_on))


def reply_rule(opinion: Opinion, received_on: date) -> Rule:
    if opinion.track == Track.STREET:
        return Rule(Unit.WORKDAYS, parameters.get(names.REPLY_STREET, opinion.street), received_on)
    return Rule(Unit.MONTHS, parameters.get(names.REPLY_DISTRICT, opinion.street), received_on)


def extended_rule(opinion: Opinion) -> Rule:
    """The rule in force with the longest period that an extension can give. Raises ValueError without a deadline."""
    if opinion.due_rule is None:
        raise ValueError("no deadline to extend")
    rule = Rule.from_json(opinion.due_rule)
    if opinion.track == Track.STREET:
        return rule.extended_to(unit=Unit.WORKDAYS, count=parameters.get(names.EXTEND_STREET, opinion.street))
    return rule.extended_to(unit=Unit.MONTHS, count=parameters.get(names.EXTEND_DISTRICT, opinion.street))
