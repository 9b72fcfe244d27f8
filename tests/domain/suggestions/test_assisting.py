"""What assisting units tell the host: drafted, submitted, signed by a head; late, still owed, and never seen before."""

from datetime import timedelta

import pytest

from jiazhan.kernel.drafting import NotSubmitted, ReplyIncomplete, Submitted
from jiazhan.kernel.outcomes import ReplyState
from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications.models import Notice
from jiazhan.people.roles import Role
from jiazhan.suggestions import access
from jiazhan.suggestions.choices import Part
from jiazhan.suggestions.services import assisting, replies, units
from jiazhan.suggestions.states import PartState, State
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        county.helper = county.appoint(Role.HANDLER, unit=county.other_department)
        county.helping_head = county.appoint(Role.UNIT_HEAD, unit=county.other_department)
        yield county


@pytest.fixture
def proposal(county):
    proposal = walking.in_progress(county, assisting_units=(county.other_department,))
    units.sign(walking.part(proposal, Part.ASSIST), by=county.helper, at=NOW)
    return proposal


def assist(proposal):
    return walking.part(proposal, Part.ASSIST)


def write(county, proposal, body="三日内办结审批。", **given):
    return assisting.save_opinion(assist(proposal), **{"body": body, "by": county.helper, "at": NOW} | given)


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("recipient__name", flat=True))


def test_a_draft_goes_to_the_head_and_back_and_is_signed(county, proposal):
    draft = write(county, proposal)
    draft = assisting.submit_opinion(assist(proposal), version=draft.version, by=county.helper, at=NOW)
    with pytest.raises(Submitted):
        write(county, proposal, "又改。", version=draft.version)
    draft = assisting.send_back_opinion(assist(proposal), reason="写清期限。", by=county.helping_head, at=NOW)
    draft = write(county, proposal, "12 月 1 日前办结。", version=draft.version)
    signed = assisting.sign_opinion(assist(proposal), version=draft.version, by=county.helping_head, at=NOW)
    assert signed.state == ReplyState.SIGNED
    part = assist(proposal)
    assert (part.state, part.due_on) == (PartState.ANSWERED, None)
    assert county.handler.name in told("proposal-assisted")
    with pytest.raises(StepRefused):
        write(county, proposal, "再改。", version=signed.version)


def test_two_who_write_at_once_lose_nothing(county, proposal):
    write(county, proposal)
    with pytest.raises(assisting.OpinionChanged) as refused:
        write(county, proposal, "另一个人写的。", by=county.helping_head)
    assert refused.value.theirs.body == "三日内办结审批。"


def test_only_a_head_signs_and_what_they_read(county, proposal):
    draft = write(county, proposal)
    with pytest.raises(access.NotYours):
        assisting.sign_opinion(assist(proposal), version=draft.version, by=county.helper, at=NOW)
    with pytest.raises(assisting.OpinionChanged):
        assisting.sign_opinion(assist(proposal), version=draft.version + 1, by=county.helping_head, at=NOW)
    with pytest.raises(NotSubmitted):
        assisting.send_back_opinion(assist(proposal), reason="改。", by=county.helping_head, at=NOW)


def test_an_empty_opinion_is_not_sent(county, proposal):
    draft = write(county, proposal, "")
    for act, by in ((assisting.submit_opinion, county.helper), (assisting.sign_opinion, county.helping_head)):
        with pytest.raises(ReplyIncomplete):
            act(assist(proposal), version=draft.version, by=by, at=NOW)


def test_the_host_waits_for_it_until_its_time_is_over(county, proposal):
    walking.contacted(proposal, county)
    host = walking.part(proposal)
    draft = replies.save_draft(host, body="已办。", outcome="resolved", by=county.unit_head, at=NOW)
    with pytest.raises(replies.AssistMissing) as refused:
        replies.sign_reply(host, version=draft.version, by=county.unit_head, at=NOW)
    assert county.other_department.name in str(refused.value)
    after = NOW + (assist(proposal).due_on - NOW.date()) + timedelta(days=1)
    reply = replies.sign_reply(host, version=draft.version, by=county.unit_head, at=after)
    letter = reply.copies.get().document.inputs
    assert letter["assisted"] == f"{county.other_department.name}的协办意见截至答复时尚未送来。"


def test_it_is_still_owed_after_the_host_has_replied_until_the_proposal_is_closed(county, proposal):
    walking.contacted(proposal, county)
    host, after = walking.part(proposal), later(days=40)
    draft = replies.save_draft(host, body="已办。", outcome="resolved", by=county.unit_head, at=after)
    replies.sign_reply(host, version=draft.version, by=county.unit_head, at=after)
    late = write(county, proposal, at=after)
    assisting.sign_opinion(assist(proposal), version=late.version, by=county.helping_head, at=after)
    assert assist(proposal).state == PartState.ANSWERED
    notice = Notice.objects.filter(kind="proposal-assisted").latest("created_at")
    assert "请补充告知代表" in notice.text


def test_once_the_proposal_is_closed_nothing_is_owed(county, proposal):
    walking.contacted(proposal, county)
    host, after = walking.part(proposal), later(days=40)
    draft = replies.save_draft(host, body="已办。", outcome="resolved", by=county.unit_head, at=after)
    replies.sign_reply(host, version=draft.version, by=county.unit_head, at=after)
    assert walking.evaluated(proposal, proposal.lead, at=after).state == State.CLOSED
    with pytest.raises(StepRefused):
        write(county, proposal, at=after)


def test_an_assist_part_given_out_late_does_not_keep_the_host_past_its_own_day(county, proposal):
    walking.contacted(proposal, county)
    host = walking.part(proposal)
    last = NOW + (host.due_on - NOW.date())
    units.reassign(
        assist(proposal), unit=county.street_office, reason="属地。", by=county.affairs, at=last - timedelta(5)
    )
    draft = replies.save_draft(host, body="已办。", outcome="resolved", by=county.unit_head, at=last)
    with pytest.raises(replies.AssistMissing):
        replies.sign_reply(host, version=draft.version, by=county.unit_head, at=last - timedelta(1))
    replies.sign_reply(host, version=draft.version, by=county.unit_head, at=last)
    assert walking.again(proposal).is_on_time
