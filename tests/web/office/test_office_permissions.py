"""Who may open what: role × address × expected. The permitted and the refused share one set-up."""

import pytest
from django.test import Client
from django.urls import reverse

from jiazhan.people.roles import Role
from jiazhan.web.office.acts import ACTS
from tests.factories import County, opinion

R = Role
EVERYONE = {*Role} - {R.DEPUTY}
STATION = {R.LIAISON_OFFICER, R.STATION_HEAD}
STREET = {R.STREET_VICE_DIRECTOR, R.STREET_DIRECTOR}
COUNTY = {R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE, R.COMMITTEE, R.CHAIRPERSONS_MEETING}
DESK = STATION | STREET | COUNTY | {R.GOV_DISPATCHER}
TRIAGE = STATION | STREET

PAGES = {
    "office:home": DESK,
    "office:queue": DESK,
    "office:notices": DESK,
    "office:saved-filters": DESK,
    "office:enter": TRIAGE,
    "office:import": TRIAGE,
    "office:import-template": TRIAGE,
    "office:watch": {R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE, R.CHAIRPERSONS_MEETING},
    "office:watch-promises": {R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE, R.CHAIRPERSONS_MEETING},
    "office:record": {R.AUDITOR},
}
MATTER = {
    "office:opinion": DESK - {R.GOV_DISPATCHER},
}
# Who gets past the guard of an act; whether the step is theirs on this matter is the service's to say.
ACTING = {
    "accept": TRIAGE, "decline": TRIAGE, "divert": TRIAGE, "merge": TRIAGE, "unmerge": TRIAGE, "classify": TRIAGE,
    "set_urgency": TRIAGE, "link_hotline": TRIAGE, "hand_to_deputy": TRIAGE, "pass_without_opinion": TRIAGE,
    "lock_as_accusation": TRIAGE | {R.STANDING_COMMITTEE_OFFICE}, "unlock": STREET | {R.STANDING_COMMITTEE_OFFICE},
    "opine_vice_director": {R.STREET_VICE_DIRECTOR},
    "opine_director": {R.STREET_DIRECTOR}, "assign_street": {R.STREET_DIRECTOR}, "forward_district": {R.STREET_DIRECTOR},
    "return_to_street": {R.STREET_DIRECTOR}, "reassign_street": {R.STREET_DIRECTOR}, "uphold_street": {R.STREET_DIRECTOR},
    "begin_review": {R.DEPUTY_AFFAIRS, R.COMMITTEE}, "approve_review": {R.DEPUTY_AFFAIRS, R.COMMITTEE},
    "reject_review": {R.DEPUTY_AFFAIRS, R.COMMITTEE}, "forward_to_government": {R.STANDING_COMMITTEE_OFFICE},
    "receive_at_government": {R.GOV_DISPATCHER}, "assign_department": {R.GOV_DISPATCHER},
    "reassign_department": {R.GOV_DISPATCHER}, "uphold_department": {R.GOV_DISPATCHER},
    "grant_extension": {R.STREET_DIRECTOR, R.GOV_DISPATCHER}, "refuse_extension": {R.STREET_DIRECTOR, R.GOV_DISPATCHER},
    "close": TRIAGE, "deliver": TRIAGE, "keep_promise": TRIAGE, "break_promise": TRIAGE,
    "settle": {R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE, R.CHAIRPERSONS_MEETING},
    "propose_public": TRIAGE,
    "approve_public": (TRIAGE | {R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE}) - {R.LIAISON_OFFICER},
    "refuse_public": (TRIAGE | {R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE}) - {R.LIAISON_OFFICER},
    "withdraw_public": (TRIAGE | {R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE}) - {R.LIAISON_OFFICER},
}  # fmt: skip


def of(matter, name):
    return reverse(name, kwargs={"jurisdiction": matter.jurisdiction, "opinion_id": matter.pk})


def test_every_act_stands_in_this_table():
    assert set(ACTING) == set(ACTS)


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_a_role_opens_its_pages_and_no_others(role, county, sign_in):
    browser = sign_in(county.appoint(role))
    opened = {name for name in PAGES if browser.get(reverse(name)).status_code == 200}
    assert opened == {name for name, roles in PAGES.items() if role in roles}


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_a_role_gets_past_the_guards_of_its_acts_and_no_others(role, county, sign_in):
    matter = opinion(county)
    browser = sign_in(county.appoint(role))
    answers = {name: browser.post(of(matter, act.route), {}) for name, act in ACTS.items()}
    assert {answer.status_code for answer in answers.values()} <= {302, 403, 404, 409, 422}
    past = {name for name, answer in answers.items() if answer.status_code != 403 or _is_about_the_matter(answer)}
    assert past == {name for name, roles in ACTING.items() if role in roles}


def _is_about_the_matter(answer):
    """A 403 of the service comes on the matter's page with its sentence; one of the guard does not."""
    return 'id="detail"' in answer.content.decode()


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_a_matter_opens_for_those_who_may_read_it(role, county, sign_in):
    matter = opinion(county)
    status = sign_in(county.appoint(role)).get(of(matter, "office:opinion")).status_code
    assert (status == 200) == (role in MATTER["office:opinion"])
    # Who works here but sees no such matter finds nothing; who does not work here is refused.
    assert status == (200 if role in MATTER["office:opinion"] else 404 if role in DESK else 403)


def test_strangers_find_no_matter_and_the_station_does(county, sign_in):
    matter = opinion(county)
    stranger = county.appoint(Role.LIAISON_OFFICER, station=county.other_station, area=county.other_street.code)
    for name in ("office:opinion", "office:receipt"):
        assert sign_in(stranger).get(of(matter, name)).status_code == 404
    assert (
        sign_in(stranger).post(of(matter, "office:opinion-decline"), {"decline-reason": "不是本站的事"}).status_code
        == 404
    )
    assert sign_in(county.officer).get(of(matter, "office:opinion")).status_code == 200


def test_another_county_is_not_there_at_all(county, sign_in):
    other = County("990107", "临湖区")
    with_matter = opinion(county)
    assert sign_in(other.officer).get(of(with_matter, "office:opinion")).status_code == 404
    assert sign_in(county.officer).get(of(with_matter, "office:opinion")).status_code == 200


def test_nobody_logged_out_gets_in(county):
    matter = opinion(county)
    for address in (*map(reverse, PAGES), of(matter, "office:opinion")):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer.url.startswith("/login/")


def test_a_role_that_needs_a_second_factor_sets_it_up_first(county, sign_in):
    bare = Client()
    bare.force_login(county.officer)
    answer = bare.get(reverse("office:queue"))
    assert answer.status_code == 302
    assert "second-factor" in answer.url
    assert sign_in(county.officer).get(reverse("office:queue")).status_code == 200
