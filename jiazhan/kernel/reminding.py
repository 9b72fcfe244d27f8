"""When somebody is reminded of a deadline before it, and who hears of it after (handbook §11: 15/7/3/1 days, then by step).

A worker that was away for a few days makes up for what it missed; older reminders are history.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

from . import calendar

CATCH_UP = timedelta(days=4)
Person = TypeVar("Person")


def notice_of(due_on: date, today: date, *, started_on: date, days: Iterable[int]) -> int | None:
    """Which of the notices before a deadline is to be given today: its number of days; None where none is.

    On the day itself it is 0. A period that is shorter than a notice does not begin with it.
    """
    left = (due_on - today).days
    notice = min((day for day in {0, *days} if left <= day), default=None)
    if notice is None or left < 0:
        return None
    planned = due_on - timedelta(days=notice)
    if today - planned > CATCH_UP or planned <= started_on:
        return None
    return notice


def reached(
    due_on: date, today: date, *, ladder: Iterable[int], rungs: Iterable[Sequence[Person]]
) -> Iterator[tuple[int, Sequence[Person]]]:
    """The rungs that a late case has reached by now, each with its number; `ladder` is in working days after the deadline.

    Where a post is vacant the next rung is told in its place.
    """
    late = calendar.current().workdays_between(due_on, today)
    for number, (step, people) in enumerate(zip(ladder, filter(None, rungs), strict=False)):
        if step <= late <= step + CATCH_UP.days:
            yield number, people
