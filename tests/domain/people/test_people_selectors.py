from datetime import timedelta

import pytest
from django.utils import timezone

from jiazhan.people import selectors
from jiazhan.people.access import jurisdictions_of
from jiazhan.people.models import Account, Mandate, UnitKind
from jiazhan.people.roles import Role
from jiazhan.places.models import Congress, CongressLevel, Term
from tests import factories
from tests.factories import LONG_AGO, County


def test_the_director_of_a_street_is_found_by_the_street_and_not_by_another(county):
    found = selectors.holders_of(Role.STREET_DIRECTOR, area=county.street.code)
    assert county.director in found
    assert county.director not in selectors.holders_of(Role.STREET_DIRECTOR, area=county.other_street.code)


def test_who_holds_a_role_over_the_county_holds_it_over_its_streets(county):
    assert county.affairs in selectors.holders_of(Role.DEPUTY_AFFAIRS, area=county.street.code)
    stranger = County(code="990107", name="北岭区").affairs
    assert stranger not in selectors.holders_of(Role.DEPUTY_AFFAIRS, area=county.street.code)


def test_holders_are_told_apart_by_unit_and_station(county):
    handler, other = county.handler, county.appoint(Role.HANDLER, unit=county.other_department)
    assert list(selectors.holders_of(Role.HANDLER, unit=county.department)) == [handler]
    assert list(selectors.holders_of(Role.HANDLER, unit=county.other_department)) == [other]
    officer = county.officer
    assert list(selectors.holders_of(Role.LIAISON_OFFICER, station=county.station)) == [officer]
    assert list(selectors.holders_of(Role.LIAISON_OFFICER, station=county.other_station)) == []


def test_a_holder_of_two_such_posts_is_found_once(county):
    county.appoint(Role.LIAISON_OFFICER, station=county.other_station, holder=county.officer)
    assert list(selectors.holders_of(Role.LIAISON_OFFICER)) == [county.officer]


def test_closed_accounts_and_posts_not_yet_begun_or_over_hold_nothing(county):
    assert county.officer in selectors.holders_of(Role.LIAISON_OFFICER)
    Account.objects.filter(pk=county.officer.pk).update(is_active=False)
    assert not selectors.holders_of(Role.LIAISON_OFFICER).exists()
    post, today = county.director.posts.get(), timezone.localdate()
    post.starts_on = today + timedelta(days=1)
    post.save()
    assert not selectors.holders_of(Role.STREET_DIRECTOR).exists()
    assert county.director in selectors.holders_of(Role.STREET_DIRECTOR, on=today + timedelta(days=1))
    post.starts_on, post.ends_on = LONG_AGO, today
    post.save()
    assert not selectors.holders_of(Role.STREET_DIRECTOR).exists()


def test_the_deputies_of_a_station_are_those_attached_with_a_mandate_in_force(county):
    deputy, elsewhere = county.deputy, county.make_deputy("吴建国", station=county.other_station)
    gone = county.make_deputy("郑小溪")
    gone.mandates.update(status="suspended")
    assert list(selectors.deputies_of(county.station)) == [deputy]
    assert list(selectors.deputies_of(county.other_station)) == [elsewhere]
    deputy.attachments.update(ends_on=timezone.localdate())
    assert list(selectors.deputies_of(county.station)) == []


def add_mandate(deputy, county, level, name):
    region = None if level == CongressLevel.NATIONAL else county.region
    congress = Congress.objects.create(name=name, level=level, region=region)
    term = Term.objects.create(
        congress=congress, number=14, starts_on=LONG_AGO, ends_on=LONG_AGO + timedelta(days=3000)
    )
    return Mandate.objects.create(deputy=deputy, term=term, starts_on=LONG_AGO)


def test_levels_are_said_as_people_say_them(county):
    deputy = county.deputy
    assert selectors.levels_in_words(deputy) == "区人大代表"
    add_mandate(deputy, county, CongressLevel.CITY, "锦江市人大")
    assert selectors.levels_in_words(deputy) == "区、市两级人大代表"
    add_mandate(deputy, county, CongressLevel.NATIONAL, "全国人大")
    assert selectors.levels_in_words(deputy) == "区、市、全国三级人大代表"
    deputy.mandates.update(status="suspended")
    assert selectors.levels_in_words(deputy) == ""


def test_a_deputy_is_found_by_the_account(county):
    assert selectors.deputy_by_account(county.deputy.account) == county.deputy
    assert selectors.deputy_by_account(county.officer) is None


def test_matters_go_to_handling_units_in_use_only(county):
    handling = {county.department, county.street_office}
    assert county.gov_office not in selectors.handling_units(county.code)
    assert set(selectors.handling_units(county.code)) == handling
    county.department.is_active = False
    county.department.save()
    assert set(selectors.handling_units(county.code)) == {county.street_office}
    assert list(selectors.units(UnitKind.GOV_OFFICE, jurisdiction=county.code)) == [county.gov_office]


@pytest.mark.django_db
def test_who_sets_up_an_empty_county_sees_it_before_its_first_station():
    admin = factories.post(Role.SYSTEM_ADMIN, area="990155")
    assert jurisdictions_of(admin) == {"990155"}
