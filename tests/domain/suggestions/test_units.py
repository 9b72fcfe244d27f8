"""A unit's part: received, objected to, given away, talked over with deputies; what is refused changes nothing."""

from datetime import timedelta

import pytest

from jiazhan.audit.models import Entry
from jiazhan.kernel.outcomes import Ruling
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.roles import Role
from jiazhan.suggestions import access
from jiazhan.suggestions.choices import Manner, Part, Phase
from jiazhan.suggestions.models import AssignmentLetter, Contact, Reply
from jiazhan.suggestions.services import assigning, assisting, replies, units
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


def split(county):
    """Two units that each reply."""
    proposal = walking.accepted(county)
    plan = assigning.Plan(proposal, (county.department, county.other_department), (), Manner.SPLIT)
    assigning.assign([plan], name="闭会期间交办", by=county.affairs, at=NOW)
    return walking.again(proposal)


def entries():
    return Entry.objects.count()


def said(county, proposal, **given):
    return {
        "deputies": [proposal.lead], "phase": Phase.BEFORE, "mode": "phone", "held_at": NOW, "people": "李工",
        "summary": "电话里说明了进度。", "by": county.handler, "at": NOW,
    } | given  # fmt: skip


class TestReceiving:
    def test_a_proposal_is_under_way_once_every_replying_unit_has_received_it(self, county):
        proposal = split(county)
        second = county.appoint(Role.HANDLER, unit=county.other_department)
        first_part, second_part = proposal.handlings.order_by("id")
        units.sign(first_part, by=county.handler, at=NOW)
        assert walking.again(proposal).state == State.ASSIGNED
        units.sign(second_part, by=second, at=NOW)
        assert walking.again(proposal).state == State.IN_PROGRESS

    def test_an_assisting_unit_does_not_hold_it_up(self, county):
        proposal = walking.assigned(county, assisting_units=(county.other_department,))
        units.sign(walking.part(proposal), by=county.handler, at=NOW)
        assert walking.again(proposal).state == State.IN_PROGRESS
        assert walking.part(proposal, Part.ASSIST).state == PartState.ASSIGNED

    def test_nobody_receives_twice_or_for_another_unit(self, county):
        proposal = walking.assigned(county)
        stranger = county.appoint(Role.HANDLER, unit=county.other_department)
        with pytest.raises(access.NotYours):
            units.sign(walking.part(proposal), by=stranger, at=NOW)
        units.sign(walking.part(proposal), by=county.handler, at=NOW)
        before = entries()
        with pytest.raises(StepRefused):
            units.sign(walking.part(proposal), by=county.unit_head, at=NOW)
        assert entries() == before


class TestObjecting:
    def test_the_last_day_of_the_window_still_counts_and_the_day_after_does_not(self, county):
        proposal = walking.assigned(county)
        host = walking.part(proposal)
        last = factories.NOW + (host.objection_until - NOW.date())
        with pytest.raises(units.WindowPassed):
            units.object_to(host, reason="不属。", by=county.handler, at=last + timedelta(days=1))
        objection = units.object_to(host, reason="不属。", by=county.handler, at=last)
        assert objection.ruling == Ruling.PENDING
        assert walking.again(proposal).returns_count == 1

    @pytest.mark.parametrize("proposed", ["department", "committee_unit"])
    def test_a_unit_that_cannot_be_the_answer_is_not_proposed(self, county, proposed):
        host = walking.part(walking.assigned(county))
        with pytest.raises((units.SameUnit, units.WrongUnit)):
            units.object_to(host, reason="不属。", by=county.handler, at=NOW, proposed_unit=getattr(county, proposed))
        assert not host.objections.exists()

    def test_the_clock_runs_on_while_it_is_ruled_on(self, county):
        proposal = walking.assigned(county)
        before = proposal.due_on
        units.object_to(walking.part(proposal), reason="不属。", by=county.handler, at=NOW)
        host = units.uphold(walking.part(proposal), reason="职责明确。", by=county.affairs, at=later(days=3))
        assert (host.state, host.due_on) == (PartState.SIGNED, before)
        assert walking.again(proposal).state == State.IN_PROGRESS

    def test_a_second_objection_counts_and_its_history_stays(self, county):
        proposal = walking.assigned(county)
        host = walking.part(proposal)
        for day in (1, 3):
            units.object_to(host, reason=f"第{day}天提出。", by=county.handler, at=later(days=day))
            units.uphold(host, reason="职责明确。", by=county.affairs, at=later(days=day + 1))
        assert walking.again(proposal).returns_count == 2
        assert proposal.objections.filter(ruling=Ruling.UPHELD).count() == 2


class TestGivingAway:
    def test_a_part_is_given_away_with_its_drafts_gone_and_a_letter_to_the_new_unit(self, county):
        proposal = walking.in_progress(county)
        replies.save_draft(walking.part(proposal), body="草稿", by=county.handler, at=NOW)
        made = units.reassign(
            walking.part(proposal), unit=county.street_office, reason="属地。", by=county.affairs, at=later(days=10)
        )
        assert not Reply.objects.exists()
        assert made.due_on > proposal.due_on
        proposal = walking.again(proposal)
        assert (proposal.host, proposal.due_on) == (county.street_office, made.due_on)
        letter = AssignmentLetter.objects.get(batch=made.batch)
        assert letter.unit == county.street_office
        assert letter.document.inputs["rows"][0]["number"] == proposal.number
        with pytest.raises(StepRefused):
            replies.save_draft(
                proposal.handlings.get(state=PartState.RELEASED), body="再写", by=county.handler, at=later(days=10)
            )

    def test_an_assisting_units_draft_goes_with_its_part(self, county):
        proposal = walking.assigned(county, assisting_units=(county.other_department,))
        helper = county.appoint(Role.HANDLER, unit=county.other_department)
        assist = units.sign(walking.part(proposal, Part.ASSIST), by=helper, at=NOW)
        assisting.save_opinion(assist, body="草稿", by=helper, at=NOW)
        units.reassign(assist, unit=county.street_office, reason="属地。", by=county.affairs, at=NOW)
        assert not assist.assist_opinions.exists()
        assert walking.again(proposal).host == county.department

    def test_it_is_not_given_to_a_unit_that_has_a_part_or_handles_nothing(self, county):
        proposal = walking.assigned(county, assisting_units=(county.other_department,))
        for unit, refusal in ((county.other_department, units.SameUnit), (county.committee_unit, units.WrongUnit)):
            with pytest.raises(refusal):
                units.reassign(walking.part(proposal), unit=unit, reason="属地。", by=county.affairs, at=NOW)
        with pytest.raises(access.NotYours):
            units.reassign(
                walking.part(proposal), unit=county.street_office, reason="属地。", by=county.handler, at=NOW
            )
        assert walking.again(proposal).host == county.department

    def test_what_was_answered_stays_where_it_is(self, county):
        proposal = walking.replied(county)
        with pytest.raises(StepRefused):
            units.reassign(
                walking.part(proposal), unit=county.street_office, reason="属地。", by=county.affairs, at=NOW
            )


class TestTalking:
    def test_a_talk_with_several_is_an_entry_for_each(self, county):
        second = county.make_deputy("林静")
        proposal = walking.in_progress(county, second)
        host = walking.part(proposal)
        made = units.log_contacts(host, **said(county, proposal, deputies=[proposal.lead, second, second]))
        assert {each.deputy for each in made} == {proposal.lead, second}
        again = units.log_contacts(host, **said(county, proposal, deputies=[proposal.lead, second]))
        assert {each.pk for each in again} == {each.pk for each in made}

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"phase": Phase.AFTER}, units.WrongPhase),
            ({"held_at": later(minutes=1)}, units.ContactToCome),
            ({"deputies": []}, units.NotOwed),
        ],
    )
    def test_a_talk_that_cannot_have_been_is_not_entered(self, county, given, refusal):
        proposal = walking.in_progress(county)
        with pytest.raises(refusal):
            units.log_contacts(walking.part(proposal), **said(county, proposal, **given))
        assert not Contact.objects.exists()
        units.log_contacts(walking.part(proposal), **said(county, proposal))

    def test_with_a_stranger_nobody_talked(self, county):
        proposal = walking.in_progress(county)
        with pytest.raises(units.NotOwed):
            units.log_contacts(walking.part(proposal), **said(county, proposal, deputies=[county.make_deputy("何伟")]))

    def test_before_it_is_received_there_is_no_talk_to_enter(self, county):
        proposal = walking.assigned(county)
        with pytest.raises(StepRefused):
            units.log_contacts(walking.part(proposal), **said(county, proposal))

    def test_after_the_answer_only_a_talk_after_it_is_entered(self, county):
        proposal = walking.replied(county)
        with pytest.raises(units.WrongPhase):
            units.log_contacts(walking.part(proposal), **said(county, proposal, summary="又谈了一次。"))
        units.log_contacts(walking.part(proposal), **said(county, proposal, phase=Phase.AFTER))

    def test_what_the_deputy_contests_does_not_count(self, county):
        proposal = walking.in_progress(county)
        walking.contacted(proposal, county)
        assert walking.again(proposal).was_contacted
        units.answer_contact(
            Contact.objects.get(), is_confirmed=False, note="没有来过。", by=proposal.lead.account, at=NOW
        )
        assert not walking.again(proposal).was_contacted
        host = walking.part(proposal)
        draft = replies.save_draft(host, body="已办。", outcome="resolved", by=county.handler, at=NOW)
        with pytest.raises(replies.NoContact):
            replies.submit(host, version=draft.version, by=county.handler, at=NOW)
        walking.contacted(proposal, county, at=later(hours=1))
        replies.submit(host, version=draft.version, by=county.handler, at=later(hours=1))


def test_a_handler_is_somebody_of_the_unit(county):
    proposal = walking.in_progress(county)
    stranger = county.appoint(Role.HANDLER, unit=county.other_department)
    with pytest.raises(units.NotInUnit):
        units.assign_handler(walking.part(proposal), handler=stranger, by=county.unit_head, at=NOW)
    held = units.assign_handler(walking.part(proposal), handler=county.handler, by=county.unit_head, at=NOW)
    assert held.handler == county.handler
