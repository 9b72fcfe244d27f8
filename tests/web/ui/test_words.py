"""The filters that say values in a person's words."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from jiazhan.web.ui import words

SHANGHAI = timezone(timedelta(hours=8))
AT = datetime(2026, 11, 21, 15, 30, tzinfo=SHANGHAI)


def test_a_day_has_its_weekday_and_leaves_out_this_year():
    assert words.day(date(2026, 11, 21), today=date(2026, 1, 1)) == "11月21日 周六"


def test_a_day_of_another_year_names_it():
    assert words.day(date(2025, 12, 31), today=date(2026, 1, 1)) == "2025年12月31日 周三"


def test_a_moment_late_in_the_evening_in_london_is_tomorrow_here():
    evening = datetime(2026, 11, 20, 17, 5, tzinfo=UTC)
    assert words.moment(evening, today=date(2026, 11, 21)) == "11月21日 周六 1:05"


def test_a_full_date_has_the_year():
    assert words.full_date(AT) == "2026年11月21日"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=59), "刚刚"),
        (timedelta(seconds=60), "1 分钟前"),
        (timedelta(minutes=59, seconds=59), "59 分钟前"),
        (timedelta(hours=1), "1 小时前"),
        (timedelta(hours=15), "15 小时前"),
        (timedelta(hours=16), "昨天 23:30"),
        (timedelta(days=2), "2 天前"),
        (timedelta(days=6), "6 天前"),
        (timedelta(days=7), "11月14日 周六"),
        (timedelta(days=365), "2025年11月21日 周五"),
    ],
)
def test_how_long_ago_is_said_as_people_do(before, said):
    assert words.ago(AT - before, at=AT) == said


def test_a_day_without_a_clock_is_today_or_yesterday():
    assert words.ago(date(2026, 11, 21), at=AT) == "今天"
    assert words.ago(date(2026, 11, 20), at=AT) == "昨天"
    assert words.ago(date(2026, 11, 19), at=AT) == "11月19日 周四"


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 B"), (1023, "1023 B"), (1024, "1 KB"), (2_621_440, "2.5 MB"), (3 * 1024**3, "3.0 GB")]
)
def test_the_size_of_a_file_has_a_unit_that_fits(count, said):
    assert words.file_size(count) == said


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("0990-5550101", "099****0101"),
        ("5550101", "****01"),
        ("110", "****"),
        ("", "****"),
        (None, "****"),
    ],
)
def test_a_masked_phone_never_shows_its_middle(phone, said):
    assert words.mask_phone(phone) == said


def test_a_code_is_read_aloud_in_fours():
    assert words.spaced("7F3K92QDX") == "7F3K 92QD X"


def test_a_share_of_nothing_is_a_dash():
    assert words.percent(0, 0) == "—"
    assert words.percent(97, 103) == "94%"


@pytest.mark.parametrize("name", ["day", "full_date", "clock", "moment", "ago", "machine_time"])
def test_a_missing_date_is_said_with_nothing(name):
    assert words.FILTERS[name](None) == ""
