from datetime import date, timedelta

import pytest

from jiazhan.kernel import calendar
from tests.factories import County


@pytest.fixture
def county(db):
    return County()


@pytest.fixture
def neighbour(county):
    """Another county of the same city."""
    return County(code="990107", name="月湖区")


def days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(n) for n in range((end - start).days + 1)]


@pytest.fixture
def calendar_2026(db):
    """The official year 2026 (handbook §11); 2027 is not published yet."""
    off = [
        *days("2026-01-01", "2026-01-03"), *days("2026-02-15", "2026-02-23"), *days("2026-04-04", "2026-04-06"),
        *days("2026-05-01", "2026-05-05"), *days("2026-06-19", "2026-06-21"), *days("2026-09-25", "2026-09-27"),
        *days("2026-10-01", "2026-10-07"),
    ]  # fmt: skip
    work = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    calendar.load_year(2026, off=off, work=map(date.fromisoformat, work), source="国办发明电〔2025〕7号")
    yield calendar.current()
    calendar.forget()
