"""Local values of parameters and the holiday calendar: each change with its source, in the record."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiazhan.audit.models import Entry
from jiazhan.kernel import calendar, parameters
from jiazhan.kernel.models import DayKind
from jiazhan.places import holiday_notices
from jiazhan.places.services import settings
from jiazhan.suggestions import parameters as proposals
from tests.factories import NOW

NAME = "opinion.accept_workdays"
NOTICE_2026 = (
    "1月1日（周四）至3日、2月15日至23日、4月4日至6日\n5月1日—5日；6月19日至21日\n9月25日~27日，10月1日（周四）至7日放假"
)


@pytest.fixture
def by_whom(county):
    return {"by": county.affairs, "at": NOW}


def test_a_value_is_set_once_and_recorded(county, by_whom):
    given = {"area": county.code, "source": "云人常〔2026〕3 号"} | by_whom
    assert settings.set_parameter(NAME, "３", **given) == 3
    settings.set_parameter(NAME, "3", **given)
    entry = Entry.objects.get(action="parameter.set")
    assert (entry.detail["from"], entry.detail["to"], entry.detail["source"]) == (2, 3, "云人常〔2026〕3 号")
    assert settings.reset_parameter(NAME, area=county.code, **by_whom) == 2
    settings.reset_parameter(NAME, area=county.code, **by_whom)
    assert Entry.objects.filter(action="parameter.reset").count() == 1


@pytest.mark.parametrize("written", ["", "0", "-1", "3.5", "很多", "99999"])
def test_a_value_of_another_kind_is_refused(county, by_whom, written):
    with pytest.raises(settings.ValueUnfit):
        settings.set_parameter(NAME, written, area=county.code, source="文件", **by_whom)
    assert parameters.get(NAME, county.code) == 2


def test_the_notice_of_a_year_gives_the_calendar_that_is_published(county, by_whom):
    calendar.load_published_years()
    published = calendar.current()
    off = holiday_notices.days_in(NOTICE_2026, year=2026)
    work = holiday_notices.days_in("1月4日、2月14日、2月28日、5月9日、9月20日和10月10日上班", year=2026)
    settings.load_calendar_year(2026, off=off, work=work, source="国办发明电〔2025〕7 号", **by_whom)
    assert calendar.current() == published
    assert Entry.objects.get(action="calendar.loaded").detail["year"] == 2026


@pytest.mark.parametrize(
    "changes",
    [
        {"off": {date(2026, 1, 1)}},
        {"off": set()},
        {"work": {date(2027, 1, 1)}},
        {"work": {date(2027, 2, 8)}},
        {"year": 1900, "off": {date(1900, 1, 1)}},
    ],
)
def test_a_year_that_does_not_hold_together_is_refused(county, by_whom, changes):
    year = {"year": 2027, "off": {date(2027, 1, 1)}, "work": {date(2027, 1, 30)}, "source": "通知"}
    with pytest.raises(settings.CalendarRefused):
        load(**(year | changes), **by_whom)
    load(**year, **by_whom)


def load(*, year, **rest):
    settings.load_calendar_year(year, **rest)


def test_a_day_of_a_year_that_is_not_loaded_is_refused(county, by_whom):
    with pytest.raises(settings.CalendarRefused, match="先导入全年"):
        settings.set_day(date(2030, 1, 1), DayKind.OFF, source="通知", **by_whom)
    with pytest.raises(settings.SourceMissing):
        settings.set_day(date(2030, 1, 1), DayKind.OFF, source=" ", **by_whom)


@given(first=st.dates(date(2020, 1, 1), date(2030, 11, 30)), length=st.integers(0, 20))
def test_every_span_is_read_as_the_notice_writes_it(first, length):
    last = first + timedelta(length)
    end = f"{last.day}日" if last.month == first.month else f"{last.month}月{last.day}日"
    end = f"{last.year}年{last.month}月{last.day}日" if last.year != first.year else end
    days = holiday_notices.days_in(f"{first.month}月{first.day}日至{end}", year=first.year)
    assert days == {first + timedelta(n) for n in range(length + 1)}


@pytest.mark.parametrize("written", ["春节", "2月30日", "10月7日至1日", "1月1日至12月31日", "7日"])
def test_what_is_no_day_is_quoted(written):
    with pytest.raises(holiday_notices.NoticeUnclear, match="看不懂"):
        holiday_notices.days_in(written, year=2026)


def test_a_text_of_a_given_form_is_refused_in_any_other(county, by_whom):
    given = {"area": county.code, "source": "县办法第三条", **by_whom}
    with county.within():
        for unfit in ("ABC", "abcde", "ABCDEF", "A B C D E", ""):
            with pytest.raises(settings.ValueUnfit):
                settings.set_parameter(proposals.LETTERS, unfit, **given)
        settings.set_parameter(proposals.LETTERS, "ABBCD", **given)
    assert proposals.letter_of("planned", f"{county.code}001") == "B"
    assert proposals.letter_of("planned", "990107") == "C"
    assert proposals.letter_of("", county.code) == ""
