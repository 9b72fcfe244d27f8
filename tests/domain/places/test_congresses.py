"""Congresses of five levels, their terms and constituencies."""

from datetime import date

import pytest

from jiazhan.places.models import CongressLevel, RegionLevel
from jiazhan.places.services import congresses
from tests.factories import NOW, region


@pytest.fixture
def entered(county):
    return {"jurisdiction": county.code, "by": county.affairs, "at": NOW}


@pytest.fixture
def congress(county, entered):
    return congresses.establish("云溪区人民代表大会", level=CongressLevel.COUNTY, region=county.region, **entered)


def test_a_congress_belongs_to_the_area_of_its_level(county, entered, congress):
    assert congresses.establish(congress.name, level=CongressLevel.COUNTY, region=county.region, **entered) == congress
    congresses.establish("全国人民代表大会", level=CongressLevel.NATIONAL, region=None, **entered)
    for level, area in (
        (CongressLevel.CITY, county.region),
        (CongressLevel.NATIONAL, county.region),
        (CongressLevel.COUNTY, None),
    ):
        with pytest.raises(congresses.CongressRefused):
            congresses.establish("别的大会", level=level, region=area, **entered)
    with pytest.raises(congresses.CongressRefused, match="已经有"):
        congresses.establish(congress.name, level=CongressLevel.TOWNSHIP, region=town(county), **entered)


def town(county):
    return region(f"{county.code}101", "石桥镇", RegionLevel.TOWNSHIP, parent=county.region)


def test_a_town_has_a_congress_and_a_street_has_none(county, entered):
    assert congresses.establish(
        "石桥镇人民代表大会", level=CongressLevel.TOWNSHIP, region=town(county), **entered
    ).region == town(county)
    with pytest.raises(congresses.CongressRefused, match="街道不设"):
        congresses.establish("望江街道人民代表大会", level=CongressLevel.TOWNSHIP, region=county.street, **entered)


def test_terms_follow_each_other_without_overlap(entered, congress):
    ninth = {"number": 9, "starts_on": date(2021, 12, 1), "ends_on": date(2026, 12, 1)}
    term = congresses.begin_term(congress, **ninth, **entered)
    assert congresses.begin_term(congress, **ninth, **entered) == term
    congresses.begin_term(congress, number=10, starts_on=date(2026, 12, 1), ends_on=date(2031, 12, 1), **entered)
    for number, starts_on, ends_on in (
        (9, date(2021, 1, 1), date(2026, 1, 1)),
        (11, date(2030, 1, 1), date(2035, 1, 1)),
        (11, date(2035, 1, 1), date(2035, 1, 1)),
    ):
        with pytest.raises(congresses.CongressRefused):
            congresses.begin_term(congress, number=number, starts_on=starts_on, ends_on=ends_on, **entered)


def test_a_constituency_has_one_to_three_seats(entered, congress):
    term = congresses.begin_term(congress, number=9, starts_on=date(2021, 12, 1), ends_on=date(2026, 12, 1), **entered)
    first = congresses.draw_constituency(term, number=1, name="第一选区", seats=3, **entered)
    assert congresses.draw_constituency(term, number=1, name="第一选区", seats=3, **entered) == first
    for number, name, seats in ((2, "第二选区", 0), (2, "第二选区", 4), (1, "别的选区", 1)):
        with pytest.raises(congresses.CongressRefused):
            congresses.draw_constituency(term, number=number, name=name, seats=seats, **entered)
