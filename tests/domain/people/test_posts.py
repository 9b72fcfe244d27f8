from datetime import date, timedelta

import pytest
from django.utils import timezone

from jiazhan import audit
from jiazhan.audit.models import Entry
from jiazhan.people.models import Account, UnitKind
from jiazhan.people.roles import APART, ROLES, Role
from jiazhan.people.selectors import holders_of
from jiazhan.people.services import posts
from tests import factories
from tests.factories import LONG_AGO, NOW

TODAY = date(2026, 11, 18)


@pytest.fixture
def clerk(county):
    return factories.account("王办事")


def give(account, role, *, by=audit.SYSTEM, starts_on=TODAY, **where):
    return posts.appoint(account, role, starts_on=starts_on, by=by, at=NOW, **where)


@pytest.mark.parametrize("first", sorted(APART))
@pytest.mark.parametrize("second", sorted(APART))
def test_two_of_the_three_administrators_are_never_one_person(county, clerk, first, second):
    give(clerk, first, area=county.code)
    refusal = posts.PostTaken if first == second else posts.RolesApart
    with pytest.raises(refusal):
        give(clerk, second, area=county.code)
    give(factories.account("另一位"), second, area=county.code)


def test_an_administrator_who_left_the_post_may_take_another_from_that_day(county, clerk):
    post = give(clerk, Role.AUDITOR, area=county.code, starts_on=LONG_AGO)
    posts.end_post(post, on=TODAY, by=audit.SYSTEM, at=NOW)
    with pytest.raises(posts.RolesApart):
        give(clerk, Role.SECURITY_ADMIN, area=county.code, starts_on=TODAY - timedelta(days=1))
    give(clerk, Role.SECURITY_ADMIN, area=county.code, starts_on=TODAY)


def test_a_post_that_begins_later_counts_too(county, clerk):
    give(clerk, Role.AUDITOR, area=county.code, starts_on=TODAY + timedelta(days=30))
    with pytest.raises(posts.RolesApart):
        give(clerk, Role.SECURITY_ADMIN, area=county.code)


def test_a_role_fits_its_place(county, clerk):
    congress = county.make_unit(UnitKind.COMMITTEE, "城建环资工委")
    unfit = [
        (Role.DEPUTY, {"area": county.code}),
        (Role.LIAISON_OFFICER, {"area": county.street.code}),
        (Role.STREET_DIRECTOR, {"area": county.code}),
        (Role.STREET_DIRECTOR, {"station": county.station}),
        (Role.HANDLER, {"area": county.code}),
        (Role.HANDLER, {"unit": congress}),
        (Role.GOV_DISPATCHER, {"unit": county.department}),
        (Role.DEPUTY_AFFAIRS, {"area": county.street.code}),
        (Role.AUDITOR, {"area": ""}),
    ]
    for role, where in unfit:
        with pytest.raises(posts.PostUnfit, match=r"。$"):
            give(clerk, role, **where)
    fit = [
        (Role.LIAISON_OFFICER, {"station": county.station}, county.street.code),
        (Role.STREET_DIRECTOR, {"area": county.street.code}, county.street.code),
        (Role.HANDLER, {"unit": county.department}, county.code),
        (Role.GOV_DISPATCHER, {"unit": county.gov_office}, county.code),
        (Role.DEPUTY_AFFAIRS, {"area": county.code}, county.code),
    ]
    for role, where, area in fit:
        assert give(clerk, role, **where).area == area


def test_the_same_post_is_not_given_twice(county, clerk):
    give(clerk, Role.LIAISON_OFFICER, station=county.station)
    with pytest.raises(posts.PostTaken):
        give(clerk, Role.LIAISON_OFFICER, station=county.station)
    give(clerk, Role.LIAISON_OFFICER, station=county.other_station)


def test_an_office_appoints_in_its_own_area_only(county, clerk):
    give(clerk, Role.LIAISON_OFFICER, station=county.station, by=county.affairs)
    for area in ("990107", "9901"):
        with pytest.raises(posts.NotYoursToGive):
            give(clerk, Role.COMMITTEE, area=area, by=county.affairs)


def test_nobody_appoints_themself(county):
    with pytest.raises(posts.NotYoursToGive):
        give(county.affairs, Role.STANDING_COMMITTEE_OFFICE, area=county.code, by=county.affairs)


@pytest.mark.parametrize("role", sorted(APART))
def test_administrators_are_appointed_by_the_system_administrator_only(county, clerk, role):
    with pytest.raises(posts.NotYoursToGive):
        give(clerk, role, area=county.code, by=county.affairs)
    give(clerk, role, area=county.code, by=county.appoint(Role.SYSTEM_ADMIN))


def test_who_manages_nobody_appoints_nobody(county, clerk):
    with pytest.raises(posts.NotYoursToGive):
        give(clerk, Role.LIAISON_OFFICER, station=county.station, by=county.director)


def test_a_post_that_ended_gives_nothing_from_that_day(county):
    post = county.officer.posts.get()
    assert county.officer in holders_of(Role.LIAISON_OFFICER, station=county.station)
    posts.end_post(post, on=timezone.localdate(), by=county.affairs, at=NOW)
    assert county.officer not in holders_of(Role.LIAISON_OFFICER, station=county.station)
    assert not Account.objects.get(pk=county.officer.pk).permissions
    with pytest.raises(posts.AlreadyEnded):
        posts.end_post(post, on=timezone.localdate(), by=county.affairs, at=NOW)


def test_a_post_cannot_end_before_it_began(county, clerk):
    post = give(clerk, Role.COMMITTEE, area=county.code)
    with pytest.raises(posts.AlreadyEnded):
        posts.end_post(post, on=TODAY - timedelta(days=1), by=audit.SYSTEM, at=NOW)


def test_a_slip_is_taken_back_on_its_first_day_and_stays_in_the_record(county, clerk):
    post = give(clerk, Role.COMMITTEE, area=county.code)
    posts.end_post(post, on=TODAY, by=county.affairs, at=NOW)
    assert not clerk.posts.exists()
    assert list(Entry.objects.order_by("id").values_list("action", flat=True)) == ["post.appointed", "post.cancelled"]


def test_every_role_says_in_one_sentence_who_may_hold_it():
    assert set(ROLES) == set(Role)
    for rule in ROLES.values():
        assert str(rule.who).endswith("。")
        assert str(rule.who).count("。") == 1
