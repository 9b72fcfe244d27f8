"""Who may open what on proposals: role × address × state. The permitted and the refused share one set-up."""

import pytest
from django.test import Client
from django.urls import reverse

from jiazhan.people.roles import Role
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.services import assigning, checking
from jiazhan.web.office.proposals.acts import ACTS
from tests.domain.suggestions import walking
from tests.factories import NOW, County

R = Role
EVERYONE = {*Role} - {R.DEPUTY}
CONGRESS = {R.STREET_DIRECTOR, R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE}
READERS = CONGRESS | {R.COMMITTEE, R.CHAIRPERSONS_MEETING}
DESK = READERS | {R.GOV_DISPATCHER}
COUNTY_READERS = READERS - {R.STREET_DIRECTOR}
COUNTY_CONGRESS = CONGRESS - {R.STREET_DIRECTOR}

PAGES = {
    "office:proposals": DESK,
    # A street has no congress: its director gets past the guard and finds nothing.
    "office:proposal-batches": COUNTY_CONGRESS | {R.GOV_DISPATCHER},
    "office:proposal-worksheet": COUNTY_CONGRESS | {R.GOV_DISPATCHER},
    "office:proposal-worksheet-xlsx": COUNTY_CONGRESS | {R.GOV_DISPATCHER},
    "office:sessions": COUNTY_CONGRESS,
    "office:proposal-import": COUNTY_CONGRESS,
    "office:proposal-import-template": COUNTY_CONGRESS,
}
ASSIGNERS = CONGRESS | {R.GOV_DISPATCHER}
ACTING = {
    "begin_check": CONGRESS, "accept": CONGRESS, "return_to_author": CONGRESS, "decline": CONGRESS, "merge": CONGRESS,
    "unmerge": CONGRESS, "put_on_agenda": CONGRESS, "convert": CONGRESS, "classify": CONGRESS,
    "forward_to_government": CONGRESS, "assign": CONGRESS,
    "assign_by_government": {R.GOV_DISPATCHER}, "return_from_government": {R.GOV_DISPATCHER},
    "uphold": ASSIGNERS, "reassign": ASSIGNERS, "grant_extension": ASSIGNERS, "refuse_extension": ASSIGNERS,
    "reorder": ASSIGNERS,
    "settle": CONGRESS | {R.COMMITTEE},
}  # fmt: skip
# Who reads a proposal in each state, at the desk of its county.
STATES = {
    "drafted": set(),
    "submitted": COUNTY_READERS,
    "declined": COUNTY_READERS,
    "accepted": COUNTY_READERS,
    "at_government": COUNTY_READERS | {R.GOV_DISPATCHER},
    "assigned": COUNTY_READERS,
    "assigned_by_government": COUNTY_READERS | {R.GOV_DISPATCHER},
    "replied": COUNTY_READERS,
}


def brought_to(state: str, county: County) -> Proposal:
    if state == "declined":
        return checking.decline(walking.submitted(county), reason="不属本级职权。", by=county.affairs, at=NOW)
    if state in {"at_government", "assigned_by_government"}:
        assert county.dispatcher
        proposal = assigning.forward_to_government(walking.accepted(county), by=county.affairs, at=NOW)
        if state == "assigned_by_government":
            plan = assigning.Plan(proposal, (county.department,))
            assigning.assign([plan], name="政府交办", by=county.dispatcher, at=NOW)
        return walking.again(proposal)
    return getattr(walking, state)(county)


def of(proposal, name):
    return reverse(name, kwargs={"jurisdiction": proposal.jurisdiction, "proposal_id": proposal.pk})


def test_every_act_stands_in_this_table():
    assert set(ACTING) == set(ACTS)


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_a_role_opens_its_pages_and_no_others(role, county, sign_in):
    browser = sign_in(county.appoint(role))
    opened = {name for name in PAGES if browser.get(reverse(name)).status_code == 200}
    assert opened == {name for name, roles in PAGES.items() if role in roles}


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_a_role_gets_past_the_guards_of_its_acts_and_no_others(role, county, sign_in):
    proposal = walking.submitted(county)
    browser = sign_in(county.appoint(role))
    answers = {name: browser.post(of(proposal, act.route), {}) for name, act in ACTS.items()}
    assert {answer.status_code for answer in answers.values()} <= {302, 403, 404, 409, 422}
    past = {name for name, answer in answers.items() if answer.status_code != 403 or _is_about_it(answer)}
    assert past == {name for name, roles in ACTING.items() if role in roles}


def _is_about_it(answer):
    """A 403 of the service comes on the proposal's page with its sentence; one of the guard does not."""
    return 'id="detail"' in answer.content.decode()


@pytest.mark.parametrize("state", sorted(STATES))
def test_a_proposal_opens_for_those_who_may_read_it_in_each_state(state, county, sign_in):
    proposal = brought_to(state, county)
    for role in sorted(EVERYONE):
        status = sign_in(county.appoint(role)).get(of(proposal, "office:proposal")).status_code
        # Who works with proposals but sees no such one finds nothing; who does not work with them is refused.
        assert status == (200 if role in STATES[state] else 404 if role in DESK else 403), (role, state)


def test_another_county_is_not_there_at_all(county, sign_in):
    other = County("990107", "临湖区")
    proposal = walking.submitted(county)
    stranger = sign_in(other.affairs)
    assert stranger.get(of(proposal, "office:proposal")).status_code == 404
    assert stranger.post(of(proposal, "office:proposal-decline"), {"decline-reason": "不属本级。"}).status_code == 404
    assert sign_in(county.affairs).get(of(proposal, "office:proposal")).status_code == 200


def test_terms_and_batches_of_another_county_are_not_there(county, sign_in):
    other = County("990107", "临湖区")
    proposal = walking.assigned(county)
    batch = proposal.handlings.get().batch
    address = reverse("office:proposal-batch", kwargs={"jurisdiction": batch.jurisdiction, "batch_id": batch.pk})
    assert sign_in(other.affairs).get(address).status_code == 404
    assert sign_in(county.affairs).get(address).status_code == 200
    for term, status in ((other.term, 404), (county.term, 200)):
        place = reverse("office:delegations", kwargs={"term_id": term.pk})
        assert sign_in(county.affairs).get(place).status_code == status
    # The government finds only what went through its own office.
    assert sign_in(county.dispatcher).get(address).status_code == 404


def test_nobody_logged_out_gets_in(county):
    proposal = walking.submitted(county)
    for address in (*map(reverse, PAGES), of(proposal, "office:proposal")):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer.url.startswith("/login/")
