"""Proposals are found by words, number, year and state within one congress, and the like of a text with their replies."""

import pytest
from django.db import connection

from jiazhan.kernel import scope
from jiazhan.suggestions.choices import Kind
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.selectors.search import Filters, find, similar
from jiazhan.suggestions.services import checking
from jiazhan.suggestions.states import State
from tests import factories
from tests.domain.suggestions import walking

pytestmark = pytest.mark.django_db

LAMPS = {
    "title": "关于更换翠湖公园夜间路灯的建议",
    "facts": "夜间走访翠湖公园 2 次，沿湖步道 31 盏路灯不亮。",
    "cause": "线路老化，管护责任不清。",
    "request": "一是更换沿湖路灯；二是明确管护单位。",
}


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


def titles(page):
    return [each.title for each in page.rows]


def test_all_words_must_be_held_and_the_newest_come_first(county):
    pipes, lamps = walking.accepted(county), walking.accepted(county, text=LAMPS)
    area = county.code
    assert titles(find("建议", congress_area=area)) == [lamps.title, pipes.title]
    assert titles(find("路灯 管护", congress_area=area)) == [lamps.title]
    assert titles(find("路灯 清淤", congress_area=area)) == []
    assert titles(find("周海燕", congress_area=area)) == [lamps.title, pipes.title]
    assert titles(find("灯", congress_area=area)) == [lamps.title]
    assert titles(find("！？", congress_area=area)) == []


def test_a_number_finds_that_very_one(county):
    walking.accepted(county)
    second = walking.accepted(county, text=LAMPS)
    for words in ("2", "第2号", "第 2 号建议"):
        assert [each.pk for each in find(words, congress_area=county.code).rows] == [second.pk]
    assert find("3", congress_area=county.code).rows == []


def test_filters_narrow_and_a_list_goes_on_where_it_ended(county):
    made = [walking.accepted(county, text={"title": f"关于第 {n} 处积水点的建议"}) for n in range(5)]
    Proposal.objects.filter(pk=made[0].pk).update(year=2024)
    assert [each.pk for each in find("积水", congress_area=county.code, filters=Filters(year=2024)).rows] == [
        made[0].pk
    ]
    assert find("积水", congress_area=county.code, filters=Filters(kind=Kind.MOTION)).rows == []
    first = find("积水", congress_area=county.code, size=3)
    rest = find("积水", congress_area=county.code, size=3, after=first.after)
    assert [each.pk for each in [*first.rows, *rest.rows]] == [each.pk for each in [*reversed(made[1:]), made[0]]]
    assert rest.after == ""


def test_what_was_not_accepted_is_found_by_nobody_who_does_not_ask_for_it(county):
    walking.drafted(county)
    waiting = walking.submitted(county, text=LAMPS)
    assert find("建议", congress_area=county.code).rows == []
    assert [
        each.pk for each in find("路灯", congress_area=county.code, filters=Filters(states=[State.SUBMITTED])).rows
    ] == [waiting.pk]


def test_the_congress_of_another_county_is_searched_only_within_its_own_scope(county):
    other = factories.County(code="990107", name="青石区")
    walking.accepted(county)
    assert find("管网", congress_area=county.code).rows
    with scope.within([county.code]):
        assert find("管网", congress_area=other.code).rows == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('jiazhan.scope', %s, true)", [other.code])
        cursor.execute(
            "SELECT count(*) FROM suggestions_find(NULL, %s, %s, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 9)",
            [county.code, list(State)],
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT set_config('jiazhan.scope', %s, true)", [county.code])


def test_a_title_finds_its_like_of_former_years_with_the_reply(county):
    replied = walking.replied(county)
    walking.accepted(county, text=LAMPS)
    found = similar("", title="关于推进望江街道老旧小区排水管网改造的建议", congress_area=county.code)
    assert [each.proposal.pk for each in found] == [replied.pk]
    assert [each.handling.unit.name for each in found[0].replies] == ["区水务局"]
    assert similar("", title="关于推进排水管网改造", congress_area=county.code, exclude=replied.pk) == []
    assert similar("", title="关于加强校园周边交通秩序管理的建议", congress_area=county.code) == []
    assert similar("好", congress_area=county.code) == []


def test_a_first_part_without_a_title_finds_too(county):
    replied = walking.replied(county)
    found = similar("走访发现柳林小区周边排水管网老化，雨后积水。", congress_area=county.code)
    assert [each.proposal.pk for each in found] == [replied.pk]


def test_a_proposal_made_of_a_motion_is_found(county):
    session = walking.session(county, starts_on=factories.NOW.date(), ends_on=factories.NOW.date())
    signers = [county.make_deputy(f"代表{n}") for n in range(9)]
    motion = walking.submitted(county, *signers, kind=Kind.MOTION)
    assert motion.session == session
    made = checking.convert(motion, decided="主席团决定〔2026〕3号", by=county.affairs, at=factories.NOW)
    found = find("管网", congress_area=county.code, filters=Filters(kind=Kind.PROPOSAL))
    assert [each.pk for each in found.rows] == [made.pk]


def test_without_words_the_filters_alone_choose_in_the_same_order(county):
    made = [walking.accepted(county, text={"title": f"关于第 {n} 处积水点的建议"}) for n in range(5)]
    Proposal.objects.filter(pk=made[4].pk).update(year=2024)
    expected = [made[n].pk for n in (3, 2, 1, 0, 4)]
    seen, after = [], ""
    for _each in range(3):
        page = find("", congress_area=county.code, size=2, after=after)
        seen += [each.pk for each in page.rows]
        after = page.after
    assert (seen, after) == (expected, "")
    assert [each.pk for each in find("积水", congress_area=county.code).rows] == expected
    assert [each.pk for each in find("", congress_area=county.code, filters=Filters(year=2024)).rows] == [made[4].pk]
