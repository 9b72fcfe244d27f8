"""Units suggested from history and wording, each with the reason; nothing is ever assigned by a suggestion."""

import pytest

from jiazhan.people.models import UnitKind
from jiazhan.suggestions.models import Handling, Proposal
from jiazhan.suggestions.selectors.suggesting import knowledge_of, suggest_units
from jiazhan.suggestions.services import assigning
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


def suggest(proposal, year=2026):
    known = knowledge_of(congress_area=proposal.congress_area, jurisdiction=proposal.jurisdiction, year=year)
    return suggest_units(proposal, known)


def former(county, unit, *, times=1, title="关于清理河道的建议", assist=(), year=2025, category=None):
    for _each in range(times):
        proposal = walking.accepted(county, text={"title": title}, category=category)
        assigning.assign([assigning.Plan(proposal, (unit,), assist)], name="交办", by=county.affairs, at=NOW)
        Proposal.objects.filter(pk=proposal.pk).update(year=year)


def test_who_hosted_the_category_last_year_is_suggested_with_the_count(county):
    former(county, county.department, times=3)
    former(county, county.other_department)
    found = suggest(walking.accepted(county))
    assert found.host.unit == county.department
    assert "去年 3 件排水类建议由区水务局主办" in found.host.reasons
    assert [each.unit for each in found.hosts] == [county.department, county.other_department]


def test_older_history_says_five_years(county):
    former(county, county.department, times=2, year=2023)
    assert "近五年 2 件排水类建议由区水务局主办" in suggest(walking.accepted(county)).host.reasons


def test_a_similar_title_counts_in_another_category_too(county):
    other = factories.category("0301", "道路")
    former(county, county.other_department, title="关于加快柳林小区周边排水管网改造的建议", category=other)
    found = suggest(walking.accepted(county))
    assert found.host.unit == county.other_department
    assert any("相近的" in each for each in found.host.reasons)


def test_without_history_the_words_speak(county):
    county.department.duties = "负责城市排水、管网建设和河道管理等工作"
    county.department.save()
    found = suggest(walking.accepted(county))
    assert found.host.unit == county.department
    assert "“排水”、“管网”" in found.host.why
    assert "属区水务局职责" in found.host.why


def test_a_place_named_in_the_text_assists_and_does_not_host(county):
    former(county, county.department)
    assert county.street_office
    proposal = walking.accepted(county, text={"facts": "望江街道柳林社区雨后积水，走访居民 860 户，报修 47 次。"})
    found = suggest(proposal)
    assert found.host.unit == county.department
    assert [each.unit for each in found.assists] == [county.street_office]


def test_who_often_assisted_is_suggested_to_assist(county):
    former(county, county.department, times=2, assist=(county.other_department,))
    found = suggest(walking.accepted(county))
    assert [each.why for each in found.assists] == ["近五年 2 件排水类建议由区城管局协办"]


def test_nothing_speaks_for_nobody(county):
    county.make_unit(UnitKind.DEPARTMENT, "区档案馆")
    found = suggest(walking.accepted(county))
    assert found.host is None
    assert found.assists == ()
    assert not Handling.objects.exists()


def test_a_unit_out_of_use_is_not_suggested(county):
    former(county, county.department)
    county.department.is_active = False
    county.department.save()
    assert suggest(walking.accepted(county)).host is None
