"""Which role opens which page and takes which act on proposals, where no portal's own table says it: lists, figures,
supervision, release. One table for all portals, so that a new address without a row is noticed."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from jiazhan.people.roles import Role
from jiazhan.web.office import choices
from tests.domain.suggestions import walking
from tests.factories import NOW, County, resident
from tests.web.office.conftest import signed_in
from tests.web.office.proposals.test_proposal_permissions import PAGES as OFFICE_PAGES

R = Role
# A street's congress works through its director; a street without one finds nothing on pages of a congress.
DESK = {R.STREET_DIRECTOR, R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE}
READERS = DESK | {R.COMMITTEE, R.CHAIRPERSONS_MEETING}
OF_COUNTY = READERS - {R.STREET_DIRECTOR}
UNITS = {R.HANDLER, R.UNIT_HEAD}
ABOUT = ("proposal", "promise", "supervis", "meeting")
ANYONE = {*Role, "resident", "nobody"}

LISTS = {
    "department:proposals": UNITS, "department:promises": UNITS, "department:meetings": UNITS,
    "deputy:proposals": {R.DEPUTY}, "deputy:proposal-new": {R.DEPUTY}, "deputy:promises": {R.DEPUTY},
    "deputy:meetings": {R.DEPUTY}, "deputy:meeting-new": {R.DEPUTY},
    "office:meetings": READERS, "office:meetings-following": READERS,
    "office:promises": READERS, "office:supervision": READERS, "office:supervision-followers": READERS,
    "office:proposal-publications": DESK,
    "office:proposal-statistics": OF_COUNTY, "office:proposal-statistics-cases": OF_COUNTY,
    "office:proposal-statistics-xlsx": OF_COUNTY,
    "public:proposals": ANYONE,
}  # fmt: skip
# Sent, not opened, or nothing without a choice; what they do stands in the tests of batches, import and supervision.
SENT = {
    "office:proposal-batch-commit", "office:proposal-forward-all", "office:proposal-import-commit",
    "office:supervision-pack",
}  # fmt: skip
# Under one proposal that was answered: who gets past the guard and finds it. 404: it lies with another congress.
UNDER = {
    "office:proposal-publishing": DESK - {R.STREET_DIRECTOR},
    "office:supervise": OF_COUNTY,
    "office:supervise-key": {R.STANDING_COMMITTEE_OFFICE, R.CHAIRPERSONS_MEETING},
    "office:supervise-end": {R.STANDING_COMMITTEE_OFFICE, R.CHAIRPERSONS_MEETING},
    "office:supervise-visit": {R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE, R.COMMITTEE},
    "office:supervise-urge": {R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE, R.COMMITTEE},
}
# What stands at the desk's two other pages of a proposal, by its state: nothing of a text that was not handed in.
STATES = {"drafted": 404, "cosigned": 404, "submitted": 200, "accepted": 200, "assigned": 200, "replied": 200}


def _routes(patterns, portal=""):
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, each.namespace or portal)
        elif isinstance(each, URLPattern) and portal in {"deputy", "office", "department", "public"}:
            yield f"{portal}:{each.name}", each


@pytest.fixture
def county(db):
    choices.forget()
    return County()


@pytest.fixture
def log_in(county):
    def in_(who):
        if who == "nobody":
            return Client()
        if who == "resident":
            return signed_in(resident())
        return signed_in(county.deputy.account if who == R.DEPUTY else county.appoint(who))

    return in_


def test_every_list_stands_in_a_table():
    lists = {
        name
        for name, route in _routes(get_resolver().url_patterns)
        if any(word in name for word in ABOUT) and not route.pattern.converters and "watch" not in name
    }
    assert lists - set(LISTS) - set(OFFICE_PAGES) - SENT == set()
    assert set(LISTS) <= lists


@pytest.mark.parametrize("who", sorted(ANYONE))
def test_a_role_opens_its_lists_and_no_others(who, log_in):
    browser = log_in(who)
    query = {"office:proposal-statistics-cases": "?figure=all"}
    answers = {name: browser.get(reverse(name) + query.get(name, "")) for name in LISTS}
    assert {answer.status_code for answer in answers.values()} <= {200, 302, 403, 404}
    assert {name for name, answer in answers.items() if answer.status_code == 200} == {
        name for name, roles in LISTS.items() if who in roles
    }


@pytest.mark.parametrize("who", sorted(ANYONE))
def test_a_role_gets_to_supervision_and_release_of_a_proposal_and_no_other(who, county, log_in):
    with county.within():
        proposal = walking.replied(county)
    browser = log_in(who)
    given = {"jurisdiction": proposal.jurisdiction, "proposal_id": proposal.pk}
    found = set()
    for name in UNDER:
        answer = browser.get(reverse(name, kwargs=given))
        if answer.status_code == 405:
            answer = browser.post(reverse(name, kwargs=given), {})
        assert answer.status_code in {200, 302, 403, 404, 409, 422}
        if answer.status_code in {200, 409, 422} or (answer.status_code == 302 and "login" not in answer["Location"]):
            found.add(name)
    assert found == {name for name, roles in UNDER.items() if who in roles}


@pytest.mark.parametrize("state", STATES)
def test_supervision_shows_nothing_of_what_was_not_handed_in(state, county, log_in):
    with county.within():
        others = [county.make_deputy("林静")] if state == "cosigned" else []
        proposal = getattr(walking, state)(county, *others, at=NOW)
    address = reverse("office:supervise", kwargs={"jurisdiction": proposal.jurisdiction, "proposal_id": proposal.pk})
    assert log_in(R.DEPUTY_AFFAIRS).get(address).status_code == STATES[state]
