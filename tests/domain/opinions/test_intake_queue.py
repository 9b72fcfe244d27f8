"""The queue: tabs, what falls due, pages, and how often the database is asked."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiazhan.opinions import selectors
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.selectors import Filters, Tab
from jiazhan.opinions.services import triage
from jiazhan.opinions.states import State
from jiazhan.people.models import Account
from tests import factories
from tests.factories import NOW

TODAY = NOW.date()


def rows(user, **given):
    return [row.pk for row in selectors.queue(user, today=TODAY, **given).page.rows]


def test_each_tab_holds_its_own_and_counts_it(county):
    waiting = factories.opinion(county)
    taken = triage.accept(factories.opinion(county), deputy=county.deputy, by=county.officer, at=NOW)
    declined = triage.decline(factories.opinion(county), reason="重复。", by=county.officer, at=NOW)
    assert rows(county.officer, tab=Tab.WAITING) == [waiting.pk]
    assert rows(county.officer, tab=Tab.UNDER_WAY) == [taken.pk]
    assert rows(county.officer, tab=Tab.DUE) == [waiting.pk, taken.pk]
    assert rows(county.officer, tab=Tab.CALL_BACK) == []
    assert set(rows(county.officer)) == {waiting.pk, taken.pk, declined.pk}
    counts = selectors.counts(county.officer, today=TODAY)
    assert [counts[tab] for tab in (Tab.WAITING, Tab.UNDER_WAY, Tab.DUE, Tab.CALL_BACK)] == ["1", "1", "2", "0"]


def test_a_filter_that_the_tab_excludes_gives_nothing(county):
    factories.opinion(county)
    assert rows(county.officer, tab=Tab.WAITING, filters=Filters(states=(State.CLOSED,))) == []
    assert len(rows(county.officer, tab=Tab.WAITING, filters=Filters(states=(State.REGISTERED,)))) == 1


def test_what_falls_due_is_paged_by_day_without_gap_or_repeat(county):
    raised = [factories.opinion(county, at=factories.later(days=-n // 2)) for n in range(11)]
    seen, cursor = [], ""
    while True:
        page = selectors.queue(county.officer, tab=Tab.DUE, today=TODAY, cursor=cursor, size=3).page
        seen += page.rows
        cursor = page.next_cursor
        if not cursor:
            break
    assert sorted(row.pk for row in seen) == sorted(row.pk for row in raised)
    assert [row.due_on for row in seen] == sorted(row.due_on for row in seen)


def test_the_database_is_asked_no_more_often_for_fifty_rows_than_for_one(county):
    county.make_deputy()
    asked = {tab: [] for tab in Tab}
    for rows_wanted in (1, 50):
        while Opinion.objects.count() < rows_wanted:
            triage.accept(factories.opinion(county), by=county.officer, at=NOW)
        for tab, counted in asked.items():
            counted.append(_statements(Account.objects.get(pk=county.officer.pk), tab))
    for tab, (for_one, for_fifty) in asked.items():
        assert for_one >= for_fifty - 1, tab
        assert for_fifty <= 12, tab


def _statements(officer, tab):
    with CaptureQueriesContext(connection) as queries:
        for row in selectors.queue(officer, tab=tab, today=TODAY).page.rows:
            assert [each and each.name for each in (row.station, row.deputy, row.category, row.unit)][2:] == [
                None,
                None,
            ]
    return len(queries)
