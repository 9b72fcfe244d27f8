"""Deadlines against an independent count, and the words in which they are shown (民法典第200–204条)."""

import calendar as months
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiazhan.kernel import calendar, deadlines
from jiazhan.kernel.deadlines import Light, Pause, Rule, Unit, compute
from tests.domain.kernel.conftest import days

DATES = st.dates(date(2024, 1, 1), date(2031, 12, 31))
# One calendar serves all examples; none of them writes.
shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)


def months_later(start: date, count: int) -> date:
    """The same by stepping a day at a time: no division, no clamping, no `replace`."""
    year, month = start.year, start.month
    for _step in range(count):
        month += 1
        if month > 12:
            year, month = year + 1, 1
    last = date(year, month, 28)
    while (last + timedelta(1)).month == month:
        last += timedelta(1)
    day = date(year, month, 1)
    while day.day < start.day and day < last:
        day += timedelta(1)
    return day


@shared
@given(start=DATES, count=st.integers(0, 30))
def test_months_end_on_the_same_day_or_the_last_of_the_month(calendar_2026, start, count):
    end = months_later(start, count)
    while not calendar_2026.is_workday(end):
        end += timedelta(1)
    due = compute(Rule(Unit.MONTHS, count, start))
    assert due.on == end
    assert due.is_estimated == (end.year != 2026)


@shared
@given(start=DATES, count=st.integers(1, 90))
def test_working_days_are_counted_one_by_one_after_the_first_day(calendar_2026, start, count):
    due = compute(Rule(Unit.WORKDAYS, count, start))
    passed = [day for day in days(str(start), str(due.on))[1:] if calendar_2026.is_workday(day)]
    assert len(passed) == count
    assert passed[-1] == due.on


@shared
@given(start=DATES, count=st.integers(1, 200))
def test_natural_days_end_on_a_working_day(calendar_2026, start, count):
    due = compute(Rule(Unit.DAYS, count, start))
    raw = start + timedelta(count)
    assert due.on >= raw
    assert calendar_2026.is_workday(due.on)
    assert not any(calendar_2026.is_workday(day) for day in days(str(raw), str(due.on))[:-1])


@shared
@given(
    start=DATES, count=st.integers(1, 60), unit=st.sampled_from(Unit), gap=st.integers(1, 40), length=st.integers(1, 30)
)
def test_a_pause_within_the_period_never_shortens_it_and_one_before_or_after_changes_nothing(
    calendar_2026, start, count, unit, gap, length
):
    rule = Rule(unit, count if unit is not Unit.MONTHS else 1 + count % 6, start)
    plain = compute(rule).on
    before = rule.paused(starts_on=start - timedelta(gap + length), ends_on=start - timedelta(gap))
    assert compute(before).on == plain
    after = rule.paused(starts_on=plain + timedelta(gap), ends_on=plain + timedelta(gap + length))
    assert compute(after).on == plain
    within = rule.paused(starts_on=start + timedelta(1), ends_on=start + timedelta(1 + length))
    assert compute(within).on >= plain


@shared
@given(start=DATES, unit=st.sampled_from(Unit), count=st.integers(1, 30))
def test_a_longer_period_ends_no_sooner(calendar_2026, start, unit, count):
    rule = Rule(unit, count, start)
    assert compute(rule.extended_to(unit=unit, count=count + 1)).on >= compute(rule).on


@given(
    unit=st.sampled_from(Unit), count=st.integers(0, 999), start=DATES,
    pauses=st.lists(st.tuples(DATES, DATES).map(sorted).map(lambda pair: Pause(*pair)), max_size=3),
)  # fmt: skip
def test_a_rule_survives_being_stored(unit, count, start, pauses):
    rule = Rule(unit, count, start, tuple(pauses))
    assert Rule.from_json(rule.as_json()) == rule


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),  # a make-up Saturday
        ("2027-11-30", 3, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-03-01"),  # 29 February 2032 is a Sunday
        ("2026-10-31", 3, "2027-02-01"),  # 31 January 2027 is a Sunday
        ("2026-11-18", 3, "2027-02-18"),
        ("2026-07-01", 3, "2026-10-08"),  # the National Day week
        ("2025-11-15", 3, "2026-02-24"),  # the Spring Festival
    ],
)
def test_months_by_hand(calendar_2026, start, count, end):
    assert compute(Rule(Unit.MONTHS, count, date.fromisoformat(start))).on == date.fromisoformat(end)


def test_a_period_that_runs_into_an_unknown_year_is_an_estimate(calendar_2026):
    inside = compute(Rule(Unit.WORKDAYS, 5, date(2026, 12, 21)))
    assert (inside.on, inside.is_estimated) == (date(2026, 12, 28), False)
    beyond = compute(Rule(Unit.WORKDAYS, 10, date(2026, 12, 21)))
    assert (beyond.on, beyond.is_estimated) == (date(2027, 1, 4), True)


def test_a_period_that_comes_out_of_an_unknown_year_is_an_estimate_too(calendar_2026):
    # Working days before new year 2026 are counted by weekends alone.
    assert compute(Rule(Unit.WORKDAYS, 10, date(2025, 12, 25))).is_estimated
    assert not compute(Rule(Unit.WORKDAYS, 10, date(2025, 12, 31))).is_estimated


def test_months_that_start_in_an_unknown_year_but_end_in_a_known_one_are_certain(calendar_2026):
    assert not compute(Rule(Unit.MONTHS, 3, date(2025, 12, 1))).is_estimated


def test_a_pause_of_ten_days_gives_ten_days(calendar_2026):
    rule = Rule(Unit.MONTHS, 1, date(2026, 3, 2)).paused(starts_on=date(2026, 3, 10), ends_on=date(2026, 3, 20))
    assert compute(rule).on == date(2026, 4, 13)  # 2 April + 10 days is a Sunday


def test_two_pauses_that_overlap_count_their_days_once(calendar_2026):
    rule = Rule(Unit.DAYS, 10, date(2026, 3, 2))
    rule = rule.paused(starts_on=date(2026, 3, 4), ends_on=date(2026, 3, 7))
    rule = rule.paused(starts_on=date(2026, 3, 5), ends_on=date(2026, 3, 9))
    assert compute(rule).on == date(2026, 3, 17)


def test_a_loaded_year_moves_what_was_an_estimate(calendar_2026):
    rule = Rule(Unit.WORKDAYS, 10, date(2026, 12, 21))
    calendar.load_year(2027, off=[date(2027, 1, 1), date(2027, 1, 4)], work=[date(2027, 1, 3)], source="试验")
    moved = compute(rule)
    assert (moved.on, moved.is_estimated) == (date(2027, 1, 5), False)


@pytest.mark.parametrize(
    ("today", "words", "light"),
    [
        ("2026-02-05", "还剩 7 个工作日", Light.GREEN),
        ("2026-02-09", "还剩 5 个工作日", Light.AMBER),
        ("2026-02-13", "还剩 1 个工作日", Light.AMBER),
        ("2026-02-14", "今天到期", Light.AMBER),
        ("2026-02-15", "已超期 1 个工作日", Light.RED),
        ("2026-02-24", "已超期 1 个工作日", Light.RED),
    ],
)
def test_the_time_left_reads_as_a_person_says_it(calendar_2026, today, words, light):
    make_up_saturday, day = date(2026, 2, 14), date.fromisoformat(today)
    assert deadlines.words(make_up_saturday, day) == words
    assert deadlines.light(make_up_saturday, day) == light


def test_nobody_is_told_that_no_working_day_is_left_while_a_day_is(calendar_2026):
    # A promise may name a Sunday.
    assert deadlines.words(date(2026, 3, 8), date(2026, 3, 7)) == "还剩 1 天"
    assert deadlines.words(date(2026, 3, 8), date(2026, 3, 6)) == "还剩 2 天"
    assert deadlines.words(date(2026, 3, 8), date(2026, 3, 5)) == "还剩 1 个工作日"


def test_the_day_after_is_late_even_on_a_weekend(calendar_2026):
    friday = date(2026, 3, 6)
    assert deadlines.words(friday, date(2026, 3, 7)) == "已超期 1 个工作日"
    assert deadlines.words(friday, date(2026, 3, 9)) == "已超期 1 个工作日"
    assert deadlines.words(friday, date(2026, 3, 10)) == "已超期 2 个工作日"
    assert deadlines.light(friday, date(2026, 3, 7)) == Light.RED
    assert deadlines.light(friday, friday) == Light.AMBER


def test_without_a_deadline_nothing_is_late():
    assert deadlines.light(None, date(2026, 3, 6)) == Light.GREEN
    assert deadlines.words(None, date(2026, 3, 6)) == "没有期限"


@given(start=DATES, count=st.integers(0, 60))
def test_adding_months_agrees_with_the_calendar_module(start, count):
    end = deadlines.add_months(start, count)
    assert end == months_later(start, count)
    assert end.day == min(start.day, months.monthrange(end.year, end.month)[1])
