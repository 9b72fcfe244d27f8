"""When each proposal was submitted and how far it got: the last year's are in every state, the older ones have ended."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from jiazhan.places.models import Session
from jiazhan.suggestions.states import State as S

COUNT, YEARS = 50_000, 5
# Of 1000 proposals of the last year: how many, and how many days ago they were submitted.
LATELY = [
    (S.DRAFT, 12, (0, 20)), (S.COSIGNING, 10, (0, 15)), (S.SUBMITTED, 10, (0, 6)), (S.CHECKING, 8, (1, 7)),
    (S.RETURNED, 4, (3, 40)), (S.ACCEPTED, 14, (2, 9)), (S.AT_GOVERNMENT, 8, (3, 10)), (S.ASSIGNED, 22, (5, 15)),
    (S.IN_PROGRESS, 110, (16, 110)), (S.REPLIED, 55, (70, 115)), (S.REORDERING, 6, (80, 125)),
    (S.REHANDLING, 16, (95, 140)), (S.ESCALATED, 4, (140, 190)), (S.TRACKING, 130, (130, 330)),
    (S.CLOSED, 520, (135, 330)), (S.MERGED, 36, (40, 330)), (S.NOT_ACCEPTED, 20, (15, 330)), (S.WITHDRAWN, 15, (5, 330)),
]  # fmt: skip
BEFORE = [(S.CLOSED, 850), (S.TRACKING, 55), (S.MERGED, 45), (S.NOT_ACCEPTED, 28), (S.WITHDRAWN, 22)]
# Of 100 of a former year, how many were handed in while the congress sat.
IN_SESSION = 55


@dataclass(frozen=True)
class Plan:
    """What becomes of one proposal."""

    at: datetime
    state: S
    is_in_session: bool
    year: int


def plans(random: Random, sessions: dict[int, Session], today: date) -> list[Plan]:
    """All of them, in the order in which they came in."""
    each = COUNT // YEARS
    found = [_lately(random, sessions[today.year], today) for _ in range(each)]
    for back in range(1, YEARS):
        found += [_before(random, sessions[today.year - back], today) for _ in range(each)]
    return sorted(found, key=lambda plan: plan.at)


def _lately(random: Random, session: Session, today: date) -> Plan:
    state, _count, (least, most) = random.choices(LATELY, [count for _state, count, _days in LATELY])[0]
    day = today - timedelta(days=random.randint(least, most))
    sat = session.starts_on + timedelta(days=random.randint(0, 3))
    in_session = least >= 130 and random.randrange(100) < IN_SESSION and (today - sat).days >= least
    day = sat if in_session else day
    return Plan(_moment(random, day, today), state, in_session, day.year)


def _before(random: Random, session: Session, today: date) -> Plan:
    state = random.choices([state for state, _count in BEFORE], [count for _state, count in BEFORE])[0]
    in_session = random.randrange(100) < IN_SESSION
    first, days = session.starts_on, 3 if in_session else 335
    day = first + timedelta(days=random.randint(0 if in_session else 4, days))
    return Plan(_moment(random, day, today), state, in_session, session.starts_on.year)


def _moment(random: Random, day: date, today: date) -> datetime:
    latest = 60 if day == today else 60 * 9
    return timezone.make_aware(datetime.combine(day, time(0 if day == today else 8))) + timedelta(
        minutes=random.randrange(latest)
    )
