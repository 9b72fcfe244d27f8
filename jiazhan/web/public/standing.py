"""Where a matter stands, in one line for the person who raised it: who has it now, and how long is left."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.kernel import deadlines
from jiazhan.kernel.deadlines import Light
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.states import WORKFLOW, State

# The person waits, the office works: to the person only the last day is worth a warning.
AMBER_WORKDAYS = 1
_STREET = {State.DEPUTY_OPINED, State.VICE_DIRECTOR_OPINED, State.DIRECTOR_OPINED}
_CONGRESS = {State.STREET_FORWARDED, State.CONGRESS_REVIEWING, State.REVIEW_APPROVED, State.ESCALATED}
_SAID_TO_AUTHOR = {State.RATED, State.REOPENED, State.WITHDRAWN}
_GOVERNMENT = {State.OFFICE_FORWARDED, State.GOV_OFFICE_RECEIVED}


@dataclass(frozen=True)
class Standing:
    """`light` and `left` are empty where no deadline runs."""

    state: str
    holder: str
    light: str
    left: str
    due_on: object
    is_estimated: bool


def of(opinion: Opinion, *, at: datetime, is_own: bool = True) -> Standing:
    """`is_own`: said to the author ("您不满意，正在重新办理"); else to somebody who only joined."""
    today = timezone.localdate(at)
    light, left = "", ""
    if opinion.due_on is not None and opinion.state != State.RATED:
        light = str(deadlines.light(opinion.due_on, today, amber_workdays=AMBER_WORKDAYS))
        left = deadlines.words(opinion.due_on, today)
        if opinion.state == State.REPLIED:
            # It is the person's own window: nobody else is late.
            light = str(Light.GREEN)
            left = _("%(day)s前可以评价") % {"day": f"{opinion.due_on.month}月{opinion.due_on.day}日"}
    for_author, for_others = WORKFLOW.labels[opinion.state]
    state = str(for_others if not is_own and opinion.state in _SAID_TO_AUTHOR else for_author)
    return Standing(state, holder_of(opinion), light, left, opinion.due_on, opinion.is_due_estimated)


def holder_of(opinion: Opinion) -> str:
    """Who has the matter in hand now; empty where nobody has."""
    state = opinion.state
    if state in WORKFLOW.final or state in {State.REPLIED, State.RATED}:
        return ""
    if state == State.REGISTERED:
        return opinion.station.name
    if state == State.ACCEPTED:
        return _("%(name)s代表") % {"name": opinion.deputy.name} if opinion.deputy else opinion.station.name
    if state in _STREET:
        return _("街道人大工委")
    if state in _CONGRESS:
        return _("区人大常委会")
    if state in _GOVERNMENT:
        return _("区政府办公室")
    return opinion.unit.name if opinion.unit else opinion.station.name
