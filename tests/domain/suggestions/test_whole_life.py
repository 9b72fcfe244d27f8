"""From a draft to a promise kept, through the services alone."""

from datetime import date

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel.outcomes import Grade, OutcomeClass, PromiseState
from jiazhan.people.roles import Role
from jiazhan.suggestions.choices import Part
from jiazhan.suggestions.services import assisting, evaluating, promises, units
from jiazhan.suggestions.states import PartState, State
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


def test_a_proposal_goes_from_a_draft_to_a_promise_kept(county):
    second, third = county.make_deputy("林静"), county.make_deputy("何伟")
    proposal = walking.assigned(county, second, third, assisting_units=(county.other_department,))
    assert proposal.state == State.ASSIGNED
    assert proposal.number == "九届四次闭会2026年第1号建议"

    host = walking.part(proposal)
    units.object_to(host, reason="该片区管网由城管局养护。", by=county.handler, at=later(days=1), proposed_unit=None)
    street_office = county.street_office
    units.reassign(host, unit=street_office, reason="属地街道更合适。", by=county.affairs, at=later(days=2))
    proposal = walking.again(proposal)
    assert (proposal.host, proposal.returns_count) == (street_office, 1)
    county.__dict__["handler"], county.__dict__["unit_head"] = county.street_handler, county.street_unit_head
    units.sign(walking.part(proposal), by=county.handler, at=later(days=3))
    assert walking.again(proposal).state == State.IN_PROGRESS

    assist = walking.part(proposal, Part.ASSIST)
    helper = county.appoint(Role.UNIT_HEAD, unit=county.other_department)
    units.sign(assist, by=helper, at=later(days=3))
    opinion = assisting.save_opinion(assist, body="配合做好道路开挖审批。", by=helper, at=later(days=4))
    assisting.sign_opinion(assist, version=opinion.version, by=helper, at=later(days=4))
    assert walking.part(proposal, Part.ASSIST).state == PartState.ANSWERED

    walking.answer(proposal, county, at=later(days=20))
    proposal = walking.again(proposal)
    assert proposal.state == State.REPLIED
    assert walking.last_reply(proposal).copies.count() == 3
    walking.evaluated(proposal, second, at=later(days=21))
    proposal = walking.evaluated(proposal, third, Grade.DISSATISFIED, at=later(days=21))
    assert proposal.state == State.REORDERING

    proposal = evaluating.reorder(proposal, by=county.affairs, at=later(days=22))
    assert (proposal.state, proposal.round) == (State.REHANDLING, 2)
    walking.answer(
        proposal,
        county,
        at=later(days=40),
        outcome=OutcomeClass.PLANNED,
        promise=("北门管网改造完工", date(2027, 6, 30)),
    )
    for deputy in (proposal.lead, second, third):
        proposal = walking.evaluated(proposal, deputy, at=later(days=41))
    assert proposal.state == State.TRACKING
    assert proposal.first_grade == Grade.DISSATISFIED
    assert proposal.grade == Grade.SATISFIED

    promise = proposal.promises.get()
    promises.ask(promise, at=later(days=224))
    promises.explain(promise, text="已于 6 月 20 日完工。", by=county.handler, at=later(days=225))
    promise = promises.keep(promise, by=third.account, at=later(days=226))
    assert promise.state == PromiseState.KEPT
    proposal = walking.again(proposal)
    assert proposal.state == State.CLOSED
    assert proposal.replies.count() == 2
    assert {"proposal.begin", "proposal.part_release", "proposal.close"} <= {
        each.action for each in entries_of(proposal)
    }


def test_the_deadline_of_a_reply_is_three_months_from_its_assignment(county):
    proposal = walking.assigned(county)
    assert proposal.due_on == date(2027, 2, 18)
    assert NOW.date() == date(2026, 11, 18)
