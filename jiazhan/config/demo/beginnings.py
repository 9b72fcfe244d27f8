"""When the county's matters begin: over a year, more of them lately, and some of late for each state to rest in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from jiazhan.kernel import calendar
from jiazhan.opinions.states import State

# How many working days before today a matter begins that shall lie in a state: enough for the brisk life of `Life.wait`.
RESTS: dict[State, int] = {
    State.REGISTERED: 1, State.ACCEPTED: 2, State.DEPUTY_OPINED: 4, State.VICE_DIRECTOR_OPINED: 5, State.DIRECTOR_OPINED: 6,
    State.STREET_ASSIGNED: 7, State.HANDLING: 8, State.STREET_FORWARDED: 5, State.CONGRESS_REVIEWING: 6, State.REVIEW_APPROVED: 7,
    State.OFFICE_FORWARDED: 8, State.GOV_OFFICE_RECEIVED: 9, State.DEPT_ASSIGNED: 10, State.DEPT_RECEIVED: 11, State.OBJECTED: 12,
    State.REPLIED: 3, State.RATED: 4, State.REOPENED: 18, State.ESCALATED: 28, State.DIVERTED: 2, State.NOT_ACCEPTED: 3,
    State.MERGED: 8, State.WITHDRAWN: 2, State.REVIEW_REJECTED: 9,
}  # fmt: skip
# One in so many of all matters rests in each of the states.
ONE_IN = 500


@dataclass(frozen=True)
class Beginning:
    """The place of a matter in the year: its number, its moment, and the state that it rests in where that is chosen."""

    number: int
    at: datetime
    rests_in: State | None = None


def beginnings(random: Random, matters: int, now: datetime) -> list[Beginning]:
    """As many as `matters`, in the order of their moments; never fewer than there are states to rest in."""
    moments: list[tuple[datetime, State | None]] = []
    for state, days in RESTS.items():
        for _ in range(max(1, matters // ONE_IN)):
            moments.append((_working_days_before(random, now, days), state))
    for _ in range(matters - len(moments)):
        day = timezone.localtime(now - timedelta(days=365 * (1 - random.random() ** 0.8)))
        moments.append((_in_the_day(random, day, now), None))
    moments.sort(key=lambda moment: moment[0])
    return [Beginning(number, at, rests_in) for number, (at, rests_in) in enumerate(moments)]


def _working_days_before(random: Random, now: datetime, count: int) -> datetime:
    day, days = timezone.localtime(now), calendar.current()
    while count > 0:
        day -= timedelta(days=1)
        count -= days.is_workday(day.date())
    return _in_the_day(random, day, now)


def _in_the_day(random: Random, day: datetime, now: datetime) -> datetime:
    moment = day.replace(hour=random.randint(8, 20), minute=random.randint(0, 59), second=0, microsecond=0)
    return min(moment, now - timedelta(minutes=5))
