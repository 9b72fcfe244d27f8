"""Who sees which matter: every role, every place, locked or not."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiazhan.kernel import scope
from jiazhan.opinions import access, selectors
from jiazhan.opinions.choices import Visibility
from jiazhan.opinions.models import Opinion, TransferLetter
from jiazhan.opinions.services import intake, triage
from jiazhan.opinions.states import WORKFLOW, Track
from jiazhan.people.models import Account, Post
from jiazhan.people.permissions import Permission
from jiazhan.people.roles import Role
from tests import factories
from tests.factories import NOW, County

STAFF = sorted(set(Role) - {Role.DEPUTY})
SEES_WAITING = {
    Role.LIAISON_OFFICER, Role.STATION_HEAD, Role.STREET_VICE_DIRECTOR, Role.STREET_DIRECTOR, Role.DEPUTY_AFFAIRS,
    Role.STANDING_COMMITTEE_OFFICE, Role.COMMITTEE, Role.CHAIRPERSONS_MEETING,
}  # fmt: skip
CARRIES = {Role.STREET_VICE_DIRECTOR, Role.STREET_DIRECTOR, Role.STANDING_COMMITTEE_OFFICE}


def sees(user, opinion):
    return access.visible_to(Account.objects.get(pk=user.pk)).filter(pk=opinion.pk).exists()


@pytest.mark.parametrize("role", STAFF)
def test_each_role_sees_a_waiting_matter_as_the_table_says(county, role):
    opinion = factories.opinion(county)
    assert sees(county.appoint(role), opinion) == (role in SEES_WAITING)


@pytest.mark.parametrize("role", STAFF)
def test_each_role_sees_a_locked_matter_as_the_table_says(county, role):
    opinion = triage.lock_as_accusation(factories.opinion(county), by=county.officer, at=NOW)
    assert sees(county.appoint(role), opinion) == (role in CARRIES)


def test_a_stranger_is_told_that_there_is_no_such_matter(county):
    opinion = factories.opinion(county)
    stranger = county.appoint(Role.LIAISON_OFFICER, station=county.other_station, area=county.other_street.pk)
    assert access.get_for(county.officer, opinion.jurisdiction, opinion.pk) == opinion
    for who, jurisdiction, ident in [
        (stranger, opinion.jurisdiction, opinion.pk), (county.officer, "990107", opinion.pk), (county.officer, opinion.jurisdiction, "no-id"),
    ]:  # fmt: skip
        with pytest.raises(access.NotVisible):
            access.get_for(who, jurisdiction, ident)


def test_the_head_of_a_home_sees_the_stations_under_it_and_not_the_other_way_round(county):
    at_home = county.appoint(Role.STATION_HEAD, station=county.home)
    below, above = factories.opinion(county), factories.opinion(county, station=county.home)
    assert [sees(at_home, below), sees(at_home, above)] == [True, True]
    assert [sees(county.officer, below), sees(county.officer, above)] == [True, False]


def test_a_resident_sees_their_own_and_what_they_joined(county):
    author, neighbour, stranger = (factories.resident(name) for name in ("甲", "乙", "丙"))
    opinion = factories.opinion(county, author=intake.Author(account=author))
    intake.join(opinion, author=intake.Author(account=neighbour), note="", nonce=factories.nonce(), at=NOW)
    assert [sees(each, opinion) for each in (author, neighbour, stranger)] == [True, True, False]
    assert [len(selectors.my_matters(each)) for each in (author, neighbour, stranger)] == [1, 1, 0]


def test_a_code_leads_to_its_own_matter_and_a_wrong_one_nowhere(county):
    raised = factories.raised(county)
    factories.raised(county)
    assert access.by_follow_code(raised.follow_code.replace("-", " ").lower()) == raised.opinion
    with pytest.raises(access.NotVisible):
        access.by_follow_code("AAAAA-AAAAA")


def test_a_code_does_not_work_outside_the_open_scope(county):
    code = factories.raised(county).follow_code
    with scope.within([]), pytest.raises(access.NotVisible):
        access.by_follow_code(code)


def test_a_post_that_is_over_shows_nothing(county):
    opinion, former = factories.opinion(county), county.officer
    assert sees(former, opinion)
    Post.objects.filter(account=former).update(ends_on="2026-01-01")
    assert not sees(former, opinion)


@pytest.fixture
def counties(db):
    return County(), County(code="990107", name="临江区")


PLACES = st.sampled_from(["here", "home", "there", "other county"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    role=st.sampled_from(STAFF), post_at=PLACES, matter_at=PLACES, is_locked=st.booleans(), accuses=st.booleans(),
)  # fmt: skip
def test_whoever_may_act_sees_and_whoever_sees_is_in_reach(counties, role, post_at, matter_at, is_locked, accuses):
    """The ways of saying who: `visible_to` decides, `sees` says the same of one, `may` never exceeds it, `reach` never
    falls short of it."""
    here, there = counties
    places = {
        "here": (here, here.station), "home": (here, here.home), "there": (here, here.other_station), "other county": (there, there.station),
    }  # fmt: skip
    county, station = places[post_at]
    rest = {"station": station, "area": station.street_id} if role in factories.STATION_ROLES else {}
    rest |= {"area": station.street_id} if role in factories.STREET_ROLES else {}
    user = county.appoint(role, **rest)
    with scope.within(["990106", "990107"]):
        owner, at = places[matter_at]
        opinion = factories.opinion(owner, station=at, place=intake.NEARBY)
        if is_locked:
            fields = {"visibility": Visibility.LOCKED, "accused_unit": county.department if accuses else None}
            Opinion.objects.filter(pk=opinion.pk).update(**fields)
            opinion = Opinion.objects.get(pk=opinion.pk)
        is_seen = sees(user, opinion)
        assert access.sees(Account.objects.get(pk=user.pk), Opinion.objects.get(pk=opinion.pk)) == is_seen
        for step in WORKFLOW.steps:
            if WORKFLOW.steps[step].permission not in (None, Permission.OPINION_OPINE) and access.may(
                user, step, opinion
            ):
                assert is_seen or role in {Role.HANDLER, Role.UNIT_HEAD, Role.GOV_DISPATCHER}
        found = {row.pk for row in selectors.queue(user, today=NOW.date()).page.rows}
        assert (opinion.pk in found) == is_seen
        Opinion.objects.all().delete()


@pytest.mark.parametrize("role", [*STAFF, "deputy", "stranger deputy", "author", "supporter", "stranger"])
@pytest.mark.parametrize("is_forwarded", [False, True])
@pytest.mark.parametrize("is_locked", [False, True])
def test_a_matter_opens_for_those_in_whose_lists_it_is(county, role, is_forwarded, is_locked):
    author, neighbour = factories.resident("甲"), factories.resident("乙")
    opinion = factories.opinion(county, author=intake.Author(account=author))
    intake.join(opinion, author=intake.Author(account=neighbour), note="", nonce=factories.nonce(), at=NOW)
    unit, deputy = county.department, county.deputy
    changes = {"unit": unit, "deputy": deputy, "track": Track.DISTRICT if is_forwarded else Track.STREET}
    if is_locked:
        changes |= {"visibility": Visibility.LOCKED}
    Opinion.objects.filter(pk=opinion.pk).update(**changes)
    if is_forwarded:
        TransferLetter.objects.create(
            jurisdiction=opinion.jurisdiction, opinion=opinion, track=Track.DISTRICT, number="甲", issued_at=NOW,
            issued_by=county.office, forwarded_at=NOW,
        )  # fmt: skip
    people = {
        "author": author, "supporter": neighbour, "stranger": factories.resident("丙"), "deputy": deputy.account,
        "stranger deputy": county.make_deputy("吴敏").account,
    }  # fmt: skip
    who = Account.objects.get(pk=(people[role] if role in people else county.appoint(role)).pk)
    assert access.sees(who, Opinion.objects.get(pk=opinion.pk)) == sees(who, opinion)
