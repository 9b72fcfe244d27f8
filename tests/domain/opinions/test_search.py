"""Search, tested like a permission: what may be read is found, and nothing else is; not even by count."""

from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiazhan.kernel import scope
from jiazhan.opinions import access, selectors
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.selectors import Filters
from jiazhan.opinions.services import triage
from jiazhan.opinions.states import State
from jiazhan.people.roles import Role
from tests import factories
from tests.factories import NOW, County

FIND = "opinions_find('''积水''', '{}', NULL, NULL, NULL, true, NULL, NULL, NULL, NULL, 9)"


def found(user, text, **filters):
    return [row.pk for row in selectors.search(user, text, Filters(**filters)).rows]


def test_words_are_found_newest_first(county):
    first = factories.opinion(county, body="柳林小区北门积水", at=factories.later(days=-400))
    second = factories.opinion(county, body="积水没过脚踝，在南门")
    factories.opinion(county, body="路灯不亮")
    assert found(county.officer, "积水") == [second.pk, first.pk]
    assert found(county.officer, "柳林小区 积水") == [first.pk]
    assert found(county.officer, "水") == [second.pk, first.pk]
    assert found(county.officer, "踝") == [second.pk]
    assert found(county.officer, "井盖") == []
    assert found(county.officer, "  ,。") == []


def test_a_number_finds_that_very_matter(county):
    opinion = factories.opinion(county)
    factories.opinion(county)
    assert found(county.officer, f" {opinion.number} ") == [opinion.pk]


def test_every_filter_narrows(county):
    at_station = triage.accept(
        factories.opinion(county, body="小区积水"),
        deputy=county.deputy,
        category=factories.category(),
        by=county.officer,
        at=NOW,
    )
    elsewhere = factories.opinion(
        county,
        body="小区积水",
        station=county.other_station,
        at=factories.later(days=-30),
        place=factories.intake.NEARBY,
    )
    everything = [at_station.pk, elsewhere.pk]
    assert found(county.office, "积水") == everything
    assert found(county.office, "积水", station=county.station.pk) == [at_station.pk]
    assert found(county.office, "积水", street=county.other_street.pk) == [elsewhere.pk]
    assert found(county.office, "积水", community=county.community.pk) == [at_station.pk]
    assert found(county.office, "积水", category="01") == [at_station.pk]
    assert found(county.office, "积水", category="02") == []
    assert found(county.office, "积水", states=(State.REGISTERED,)) == [elsewhere.pk]
    assert found(county.office, "积水", states=(State.CLOSED, State.ACCEPTED)) == [at_station.pk]
    assert found(county.office, "积水", deputy=county.deputy.pk) == [at_station.pk]
    assert found(county.office, "积水", since=date(2026, 11, 18)) == [at_station.pk]
    assert found(county.office, "积水", until=date(2026, 11, 17)) == [elsewhere.pk]


def test_a_station_finds_its_own_matters_and_no_others(county):
    mine = factories.opinion(county, body="广场积水")
    stranger = county.appoint(Role.LIAISON_OFFICER, station=county.other_station, area=county.other_street.pk)
    assert found(county.officer, "积水") == [mine.pk]
    assert found(stranger, "积水") == []
    assert found(stranger, mine.number) == []


def test_another_jurisdiction_is_never_found(db):
    county, other = County(), County(code="990107", name="临江区")
    with scope.within(["990106", "990107"]):
        here, there = factories.opinion(county, body="积水"), factories.opinion(other, body="积水")
        whole_city = factories.post(Role.STANDING_COMMITTEE_OFFICE, area="9901")
        assert set(found(whole_city, "积水")) == {here.pk, there.pk}
        assert found(county.office, "积水") == [here.pk]
    with county.within():
        assert found(whole_city, "积水") == [here.pk]


def test_without_a_scope_nothing_is_found(county):
    with transaction.atomic():
        factories.opinion(county, body="积水")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jiazhan.scope = ''")
            for call in (
                f"SELECT count(*) FROM {FIND}",
                "SELECT count(*) FROM opinions_similar(ARRAY['积水'], '''j990106''', 9)",
            ):
                cursor.execute(call)
                assert cursor.fetchone() == (0,)
            cursor.execute("SET LOCAL jiazhan.scope = '990106'")
            cursor.execute(f"SELECT count(*) FROM {FIND}")
            assert cursor.fetchone() == (1,)


def test_the_application_cannot_become_the_search_role(county):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET ROLE jiazhan_search")


def test_a_locked_matter_is_found_only_by_those_who_carry_it(county):
    opinion = triage.lock_as_accusation(factories.opinion(county, body="举报水务局积水工程"), by=county.officer, at=NOW)
    for reader in (county.officer, county.head, county.affairs, county.chair):
        assert found(reader, "积水") == []
        assert found(reader, opinion.number) == []
        assert selectors.queue(reader, today=NOW.date()).page.rows == []
        assert set(selectors.counts(reader, today=NOW.date()).values()) == {"0"}
    assert found(county.director, "积水") == [opinion.pk]


def test_the_accused_never_find_the_accusation(county):
    congress_office = county.make_unit(factories.UnitKind.STREET_CONGRESS, "望江街道人大工委", area=county.street.pk)
    director = county.appoint(Role.STREET_DIRECTOR, unit=congress_office)
    opinion = factories.opinion(county, body="积水工程有人拿回扣")
    triage.lock_as_accusation(opinion, accused_unit=congress_office, by=county.officer, at=NOW)
    assert found(director, "积水") == []
    assert found(county.director, "积水") == []
    assert found(county.office, "积水") == [opinion.pk]


def test_a_deputy_finds_what_they_were_asked_about(county):
    asked = triage.accept(factories.opinion(county, body="积水"), deputy=county.deputy, by=county.officer, at=NOW)
    factories.opinion(county, body="积水")
    assert found(county.deputy.account, "积水") == [asked.pk]


def test_pages_follow_each_other_without_gap_or_repeat(county):
    raised = [factories.opinion(county, body="积水", at=factories.later(days=-7 * n)).pk for n in range(23)]
    seen, cursor = [], ""
    while True:
        page = selectors.search(county.officer, "积水", cursor=cursor, size=5)
        seen += [row.pk for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == raised
    assert len(selectors.search(county.officer, "积水", cursor="改过的", size=50)) == 23


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_years_of_matters_are_walked_without_gap_or_repeat(county, data):
    """Whatever is looked for, rare or in every row, near or years back: the index and the rows tell the same."""
    Opinion.objects.all().delete()
    ages = data.draw(st.lists(st.integers(-200, 5000), min_size=1, max_size=12), label="days ago")
    rows = []
    for number, age in enumerate(ages):
        body = data.draw(st.sampled_from(["小区积水", "积水和路灯", "路灯", "门灯", "水井"]), label="body")
        station = data.draw(st.sampled_from([county.station, county.other_station]), label="station")
        place = factories.intake.NEARBY
        row = factories.opinion(county, title="一件事", body=body, station=station, place=place)
        row.raised_at = factories.later(days=-age, minutes=-number)
        row.save(update_fields=["raised_at"])
        rows.append(row)
    words = data.draw(st.sampled_from(["水", "灯", "积水", "路灯", "小区积水", "积水 路灯", "水 灯", "井", "路灯 水"]))
    filters = data.draw(
        st.sampled_from([{}, {"station": county.station.pk}, {"urgency": "normal"}, {"states": (State.REGISTERED,)}])
    )
    expected = [
        row.pk
        for row in sorted(rows, key=lambda row: (row.raised_at, row.pk), reverse=True)
        if all(word in row.body for word in words.split()) and filters.get("station", row.station_id) == row.station_id
    ]
    size = data.draw(st.sampled_from([1, 2, 50]), label="rows a page")
    seen, cursor = [], ""
    while len(seen) <= len(rows):
        page = selectors.search(county.office, words, Filters(**filters), cursor=cursor, size=size)
        seen += [row.pk for row in page.rows]
        if not (cursor := page.next_cursor):
            break
    assert seen == expected


TEXTS = st.text(st.sampled_from("积水路灯小区门5ab ,。𠮷"), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    bodies=st.lists(TEXTS, min_size=1, max_size=6),
    wanted=st.text(st.sampled_from("积水路灯5ab𠮷"), min_size=1, max_size=4),
)
def test_whatever_holds_the_words_is_found(county, bodies, wanted):
    Opinion.objects.all().delete()
    rows = []
    for body in bodies:
        try:
            rows.append(factories.opinion(county, body=body))
        except factories.intake.TextEmpty:
            continue
    chinese = not any(each.isascii() for each in wanted)
    hits = set(found(county.officer, wanted))
    if chinese:
        assert {row.pk for row in rows if wanted in row.body} <= hits
    assert hits <= set(access.visible_to(county.officer).values_list("pk", flat=True))
