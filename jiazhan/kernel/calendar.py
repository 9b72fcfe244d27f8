"""The working-day calendar: weekends, holidays and make-up working days (handbook §11)."""

import time
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from .models import CalendarYear, DayKind, Holiday

FRESH_SECONDS = 60
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The departures from Monday-to-Friday, and the years for which they are known."""

    off: frozenset[date]
    work: frozenset[date]
    years: frozenset[int]

    def is_workday(self, day: date) -> bool:
        if day in self.work:
            return True
        return day.weekday() < 5 and day not in self.off

    def is_known(self, day: date) -> bool:
        """Whether the holidays of the day's year are loaded; a date in another year is an estimate (推算)."""
        return day.year in self.years

    def add_workdays(self, day: date, count: int) -> date:
        """The count-th working day after `day`; `day` itself is not counted. count ≥ 0; 0 gives the day itself."""
        while count > 0:
            day += ONE_DAY
            count -= self.is_workday(day)
        return day

    def next_workday(self, day: date) -> date:
        """The day itself when it is a working day, else the first one after it."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def workdays_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative when last is earlier."""
        if last < first:
            return -self.workdays_between(last, first)
        off, extra = self._departures
        return (
            _weekdays_until(last) - _weekdays_until(first)
            - (bisect_right(off, last) - bisect_right(off, first))
            + (bisect_right(extra, last) - bisect_right(extra, first))
        )  # fmt: skip

    @cached_property
    def _departures(self) -> tuple[list[date], list[date]]:
        """The weekdays off and the weekend days at work, in order: lists of late matters count thousands of days."""
        off = sorted(day for day in self.off - self.work if day.weekday() < 5)
        return off, sorted(day for day in self.work if day.weekday() >= 5)


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays from the first Monday of the calendar up to and including the day."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


_loaded: tuple[float, Calendar] | None = None


def current() -> Calendar:
    """The calendar in the database, at most 60 seconds old in this process."""
    global _loaded
    if _loaded is None or time.monotonic() - _loaded[0] > FRESH_SECONDS:
        _loaded = (time.monotonic(), _read())
    return _loaded[1]


def forget() -> None:
    """Read the tables again at the next question; called by whoever changes them."""
    global _loaded
    _loaded = None


def _read() -> Calendar:
    days = list(Holiday.objects.values_list("on", "kind"))
    return Calendar(
        off=frozenset(on for on, kind in days if kind == DayKind.OFF),
        work=frozenset(on for on, kind in days if kind == DayKind.WORK),
        years=frozenset(CalendarYear.objects.values_list("year", flat=True)),
    )


def load_year(year: int, *, off: Iterable[date], work: Iterable[date], source: str) -> None:
    """Replace a year's departures by the official notice `source`.

    Raises ValueError for a day of another year, and for one that is both off and at work.
    """
    off, work = set(off), set(work)
    if strays := sorted(day for day in off | work if day.year != year):
        raise ValueError(f"not in {year}: {', '.join(map(str, strays))}")
    if both := sorted(off & work):
        raise ValueError(f"both off and at work: {', '.join(map(str, both))}")
    Holiday.objects.filter(on__year=year).delete()
    Holiday.objects.bulk_create(
        [Holiday(on=day, kind=DayKind.OFF, source=source) for day in sorted(off)]
        + [Holiday(on=day, kind=DayKind.WORK, source=source) for day in sorted(work)]
    )
    CalendarYear.objects.update_or_create(year=year, defaults={"source": source})
    forget()


def load_published_years() -> list[int]:
    """Load the years that the `chinesecalendar` package knows. Returns them; years already loaded are left alone."""
    from chinese_calendar.constants import holidays, workdays

    known = {day.year for day in holidays} | {day.year for day in workdays}
    fresh = sorted(known - set(CalendarYear.objects.values_list("year", flat=True)))
    for year in fresh:
        # A weekend that is part of a holiday needs no row: it is off anyway.
        off = {day for day in holidays if day.year == year and day.weekday() < 5}
        work = {day for day in workdays if day.year == year and day.weekday() >= 5}
        load_year(year, off=off, work=work, source="chinesecalendar")
    return fresh
