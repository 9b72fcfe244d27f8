"""The congress's desk: accepts, returns, declines, merges; each refusal one sentence and nothing changed."""

from datetime import date

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel import words
from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications.models import Notice
from jiazhan.places.models import Congress, CongressLevel, RegionLevel, Session, Term
from jiazhan.suggestions import access
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.services import assigning, checking, units, writing
from jiazhan.suggestions.states import State
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


def unchanged(proposal: Proposal, state: State) -> bool:
    now = walking.again(proposal)
    return (now.state, now.number, now.reason) == (state, proposal.number, proposal.reason)


def test_it_gets_a_number_of_its_term_session_and_kind(county):
    first, second = walking.accepted(county), walking.accepted(county)
    assert [first.number, second.number] == ["九届四次闭会2026年第1号建议", "九届四次闭会2026年第2号建议"]
    assert "proposal.accept" in {each.action for each in entries_of(first)}


def test_a_number_that_an_imported_year_has_is_passed_over(county):
    taken = walking.accepted(county)
    Proposal.objects.filter(pk=taken.pk).update(number="九届四次闭会2026年第2号建议")
    assert walking.accepted(county).number == "九届四次闭会2026年第3号建议"


def test_one_that_is_taken_out_of_a_merger_keeps_its_number(county):
    into, proposal = walking.accepted(county), walking.accepted(county)
    number = proposal.number
    checking.merge(proposal, into=into, by=county.affairs, at=NOW)
    checking.unmerge(walking.again(proposal), by=county.affairs, at=NOW)
    again = checking.accept(walking.again(proposal), by=county.affairs, at=NOW)
    assert again.number == number
    assert again.state == State.ACCEPTED


def test_it_repeats_only_what_the_same_congress_accepted_before(county):
    former, fresh = walking.accepted(county), walking.submitted(county)
    proposal = walking.submitted(county)
    for wrong in (fresh, proposal):
        with pytest.raises(checking.NotFormer):
            checking.accept(proposal, by=county.affairs, at=NOW, repeats=wrong)
    assert unchanged(proposal, State.SUBMITTED)
    assert checking.accept(proposal, by=county.affairs, at=NOW, repeats=former).repeats == former


@pytest.mark.parametrize("act", [checking.return_to_author, checking.decline])
def test_nothing_is_returned_or_declined_without_a_reason(act, county):
    proposal = walking.submitted(county)
    with pytest.raises(words.WordsMissing):
        act(proposal, reason="  ", by=county.affairs, at=NOW)
    assert unchanged(proposal, State.SUBMITTED)
    assert act(proposal, reason="请补充数据。", by=county.affairs, at=NOW).reason == "请补充数据。"


def test_every_signer_is_told_why_it_was_declined(county):
    second = county.make_deputy("林静")
    proposal = walking.submitted(county, second)
    checking.decline(proposal, reason="不属本级职权。", by=county.affairs, at=NOW)
    told = set(Notice.objects.filter(kind="proposal-declined").values_list("recipient", flat=True))
    assert told == {proposal.lead.account_id, second.account_id}


def test_what_others_were_merged_into_is_not_returned_or_declined(county):
    into, proposal = walking.submitted(county), walking.submitted(county)
    checking.merge(proposal, into=into, by=county.affairs, at=NOW)
    for act in (checking.return_to_author, checking.decline):
        with pytest.raises(checking.HasMerged, match="有 1 件已并入这一件"):
            act(into, reason="重复。", by=county.affairs, at=NOW)
    assert unchanged(into, State.SUBMITTED)


def test_what_was_merged_is_checked_on_its_own_again_when_the_other_is_taken_back(county):
    into, proposal = walking.accepted(county), walking.accepted(county, lead=county.make_deputy("林静"))
    checking.merge(proposal, into=into, by=county.affairs, at=NOW)
    writing.withdraw(walking.again(into), by=into.lead.account, at=later(hours=1))
    alone = walking.again(proposal)
    assert (alone.state, alone.merged_into_id) == (State.CHECKING, None)
    assert alone.due_on is not None


def test_every_deputy_of_merged_ones_is_still_answered(county):
    other = county.make_deputy("林静")
    into, proposal = walking.accepted(county), walking.accepted(county, lead=other)
    checking.merge(proposal, into=into, by=county.affairs, at=NOW)
    assigning.assign(
        [assigning.Plan(walking.again(into), (county.department,))], name="交办", by=county.affairs, at=NOW
    )
    units.sign(walking.part(into), by=county.handler, at=NOW)
    reply = walking.answer(walking.again(into), county)
    assert {copy.deputy_id for copy in reply.copies.all()} == {into.lead_id, other.pk}
    assert reply.copies.get(deputy=other).proposal_id == proposal.pk


def test_only_what_is_alike_is_merged(county):
    proposal, motion = walking.submitted(county), walking.motion(county)
    handled = walking.assigned(county)
    for wrong in (proposal, motion, handled, of_another_congress(county)):
        with pytest.raises(checking.NotAlike):
            checking.merge(proposal, into=wrong, by=county.affairs, at=NOW)
    assert unchanged(proposal, State.SUBMITTED)
    into = walking.submitted(county)
    assert checking.merge(proposal, into=into, by=county.affairs, at=NOW).merged_into == into


def of_another_congress(county: factories.County) -> Proposal:
    """A township's proposal: it lies in the county's jurisdiction, and in another congress."""
    town = factories.region(f"{county.code}100", "青石镇", RegionLevel.TOWNSHIP, parent=county.region)
    congress = Congress.objects.create(name="青石镇人大", level=CongressLevel.TOWNSHIP, region=town)
    term = Term.objects.create(congress=congress, number=9, starts_on=factories.LONG_AGO, ends_on=date(2027, 2, 1))
    Session.objects.create(term=term, number=1, starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 6))
    deputy = county.make_deputy("镇代表")
    deputy.mandates.update(term=term)
    proposal = writing.begin(deputy, term=term, by=deputy.account, at=NOW)
    proposal = writing.save(proposal, version=proposal.version, by=deputy.account, at=NOW, **walking.TEXT)
    return writing.submit(proposal, version=proposal.version, by=deputy.account, at=NOW)


def test_a_merger_is_undone_only_before_the_other_is_assigned(county):
    into, proposal = walking.accepted(county), walking.accepted(county)
    proposal = checking.merge(proposal, into=into, by=county.affairs, at=NOW)
    assigning.assign(
        [assigning.Plan(walking.again(into), (county.department,))], name="交办", by=county.affairs, at=NOW
    )
    with pytest.raises(checking.TooLateToPart):
        checking.unmerge(walking.again(proposal), by=county.affairs, at=NOW)
    assert walking.again(proposal).state == State.MERGED


def test_the_desk_does_not_decide_on_a_motion_nor_the_presidium_on_a_proposal(county):
    motion, proposal = walking.motion(county), walking.submitted(county)
    with pytest.raises(checking.NeedsPresidium):
        checking.accept(motion, by=county.affairs, at=NOW)
    for act in (checking.put_on_agenda, checking.convert):
        with pytest.raises(checking.NotAMotion):
            act(proposal, decided="主席团第三次会议", by=county.affairs, at=NOW)
        with pytest.raises(words.WordsMissing):
            act(motion, decided=" ", by=county.affairs, at=NOW)
    assert unchanged(motion, State.SUBMITTED)
    assert unchanged(proposal, State.SUBMITTED)
    assert (
        checking.put_on_agenda(motion, decided="主席团第三次会议", by=county.affairs, at=NOW).state == State.ON_AGENDA
    )


def test_a_motion_turned_into_a_proposal_keeps_its_source_its_deputies_and_what_was_merged_into_it(county):
    motion, other = walking.motion(county), walking.motion(county, lead=county.make_deputy("林静"))
    checking.merge(other, into=motion, by=county.affairs, at=NOW)
    made = checking.convert(motion, decided="主席团第三次会议，2026年11月18日", by=county.affairs, at=NOW)
    assert made.converted_from_id == motion.pk
    assert (made.kind, made.state) == ("proposal", State.ACCEPTED)
    assert len(access.signers(made)) == len(access.signers(motion)) == 10
    assert walking.again(motion).state == State.CONVERTED
    assert walking.again(other).merged_into_id == made.pk
    assert len(checking.deputies_of(made)) == 20


def test_strangers_check_nothing(county):
    proposal = walking.submitted(county)
    with pytest.raises(access.NotYours):
        checking.accept(proposal, by=county.committee, at=NOW)
    with pytest.raises(access.NotYours):
        checking.classify(proposal, category=factories.category(), by=county.chair, at=NOW)
    assert unchanged(proposal, State.SUBMITTED)


def test_the_second_of_two_clerks_is_refused_and_uses_up_no_number(county):
    proposal = walking.submitted(county)
    checking.accept(proposal, by=county.affairs, at=NOW)
    with pytest.raises(StepRefused):
        checking.accept(proposal, by=county.office, at=NOW)
    assert walking.accepted(county).number.endswith("第2号建议")
