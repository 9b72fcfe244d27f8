"""Working days: weekends, holidays, make-up days, and what is known of a year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiazhan.kernel import calendar
from jiazhan.kernel.calendar import Calendar
from jiazhan.kernel.models import CalendarYear, Holiday


def test_a_make_up_saturday_counts_and_a_holiday_monday_does_not(calendar_2026):
    assert calendar_2026.is_workday(date(2026, 2, 14))
    assert not calendar_2026.is_workday(date(2026, 2, 16))
    assert not calendar_2026.is_workday(date(2026, 2, 7))
    assert calendar_2026.is_workday(date(2026, 2, 9))


def test_the_first_day_is_not_counted(calendar_2026):
    assert calendar_2026.add_workdays(date(2026, 3, 2), 1) == date(2026, 3, 3)
    assert calendar_2026.add_workdays(date(2026, 3, 2), 0) == date(2026, 3, 2)


def test_the_spring_festival_is_stepped_over(calendar_2026):
    # Friday the 13th, make-up Saturday the 14th, then nine days off until Tuesday the 24th.
    assert calendar_2026.add_workdays(date(2026, 2, 13), 2) == date(2026, 2, 24)
    assert calendar_2026.workdays_between(date(2026, 2, 13), date(2026, 2, 24)) == 2


def test_counting_back_is_counting_forth_with_a_minus(calendar_2026):
    assert calendar_2026.workdays_between(date(2026, 2, 24), date(2026, 2, 13)) == -2
    assert calendar_2026.workdays_between(date(2026, 2, 24), date(2026, 2, 24)) == 0


DAYS = st.dates(date(2025, 12, 1), date(2026, 3, 31))


@given(off=st.frozensets(DAYS), work=st.frozensets(DAYS), first=DAYS, last=DAYS)
def test_counting_at_once_gives_what_counting_day_by_day_gives(off, work, first, last):
    days = Calendar(off=off, work=work, years=frozenset())
    one_by_one = sum(days.is_workday(first + timedelta(n)) for n in range(1, (last - first).days + 1))
    assert days.workdays_between(first, last) == (one_by_one if first <= last else -days.workdays_between(last, first))


def test_a_year_is_known_only_when_it_was_loaded(calendar_2026):
    assert calendar_2026.is_known(date(2026, 12, 31))
    assert not calendar_2026.is_known(date(2027, 1, 1))


def test_a_year_without_a_holiday_is_known_too(db):
    calendar.load_year(2031, off=[], work=[], source="试验")
    assert calendar.current().is_known(date(2031, 5, 1))
    calendar.forget()


def test_days_of_another_year_are_refused_and_the_year_stays_as_it_was(calendar_2026):
    with pytest.raises(ValueError, match="2027"):
        calendar.load_year(2026, off=[date(2027, 1, 1)], work=[], source="试验")
    assert calendar.current() == calendar_2026


def test_loading_a_year_again_replaces_it_and_leaves_the_others(calendar_2026):
    calendar.load_year(2027, off=[date(2027, 1, 1)], work=[], source="试验")
    calendar.load_year(2026, off=[date(2026, 1, 1)], work=[], source="更正")
    assert calendar.current().off == {date(2026, 1, 1), date(2027, 1, 1)}
    assert calendar.current().is_workday(date(2026, 2, 16))
    assert set(CalendarYear.objects.values_list("year", "source")) == {(2026, "更正"), (2027, "试验")}


def test_a_day_both_off_and_at_work_is_refused(db):
    with pytest.raises(ValueError, match="2026-05-09"):
        calendar.load_year(2026, off=[date(2026, 5, 9)], work=[date(2026, 5, 9)], source="试验")
    assert not Holiday.objects.exists()


def test_the_published_years_agree_with_the_official_notice(calendar_2026):
    published = _published()
    assert 2026 not in published, "an official year is not replaced by the package"
    calendar.load_year(2026, off=[], work=[], source="空")
    CalendarYear.objects.filter(year=2026).delete()
    assert 2026 in _published()
    days_of_2026 = [date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]
    now = calendar.current()
    assert [day for day in days_of_2026 if now.is_workday(day) != calendar_2026.is_workday(day)] == []


def test_loading_the_published_years_twice_adds_nothing(db):
    assert _published()
    rows = Holiday.objects.count()
    assert _published() == []
    assert Holiday.objects.count() == rows


def test_an_empty_calendar_knows_weekends():
    empty = Calendar(frozenset(), frozenset(), frozenset())
    assert empty.add_workdays(date(2026, 11, 20), 1) == date(2026, 11, 23)


def _published() -> list[int]:
    try:
        return calendar.load_published_years()
    finally:
        calendar.forget()
