"""The reply: drafted by several hands, whole before it goes, signed by a head, kept when a second one follows."""

from datetime import date, timedelta

import pytest

from jiazhan.documents.files import checking
from jiazhan.documents.models import Attachment
from jiazhan.documents.selectors import attachments_of
from jiazhan.kernel.outcomes import Grade, ReplyState
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.roles import Role
from jiazhan.suggestions import access
from jiazhan.suggestions.choices import Manner
from jiazhan.suggestions.models import Reply, ReplyCopy
from jiazhan.suggestions.services import assigning, evaluating, replies, units
from jiazhan.suggestions.services import checking as desk
from jiazhan.suggestions.states import State
from tests import factories
from tests.domain.documents.samples import picture
from tests.domain.suggestions import walking
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


@pytest.fixture
def proposal(county):
    proposal = walking.in_progress(county)
    walking.contacted(proposal, county)
    return proposal


def draft(county, proposal, **given):
    return replies.save_draft(
        walking.part(proposal),
        **{"body": "已办结。", "outcome": "resolved", "by": county.handler, "at": NOW} | given,
    )


def send(county, proposal, at=NOW, **given):
    reply = draft(county, proposal, by=county.unit_head, at=at, **given)
    return replies.sign_reply(walking.part(proposal), version=reply.version, by=county.unit_head, at=at)


class TestDrafting:
    def test_two_handlers_at_once_lose_nothing(self, county, proposal):
        draft(county, proposal)
        with pytest.raises(replies.ReplyChanged) as refused:
            draft(county, proposal, body="另一个人写的。")
        assert refused.value.theirs.body == "已办结。"
        assert draft(county, proposal, body="合到一起。", version=1).version == 2

    def test_what_lies_with_the_head_only_the_head_changes(self, county, proposal):
        first = draft(county, proposal)
        sent = replies.submit(walking.part(proposal), version=first.version, by=county.handler, at=NOW)
        with pytest.raises(replies.Submitted):
            draft(county, proposal, version=sent.version)
        changed = draft(county, proposal, by=county.unit_head, version=sent.version, body="局长改过。")
        with pytest.raises(replies.ReplyChanged):
            replies.sign_reply(walking.part(proposal), version=sent.version, by=county.unit_head, at=NOW)
        signed = replies.sign_reply(walking.part(proposal), version=changed.version, by=county.unit_head, at=NOW)
        assert signed.body == "局长改过。"

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"body": ""}, replies.ReplyIncomplete),
            ({"outcome": ""}, replies.ReplyIncomplete),
            ({"outcome": "planned"}, replies.ReplyIncomplete),
            ({"outcome": "in_progress"}, replies.ReplyIncomplete),
            ({"contact": "王工 139 1234 5678"}, replies.PrivatePhone),
            ({"body": "详情请电 13912345678。"}, replies.PrivatePhone),
        ],
    )
    def test_what_is_not_whole_is_kept_but_not_submitted(self, county, proposal, given, refusal):
        kept = draft(county, proposal, **given)
        with pytest.raises(refusal):
            replies.submit(walking.part(proposal), version=kept.version, by=county.handler, at=NOW)
        assert Reply.objects.get().state == ReplyState.DRAFT

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"promise_text": "完工"}, replies.PromiseIncomplete),
            ({"promise_on": date(2027, 6, 30)}, replies.PromiseIncomplete),
            ({"promise_text": "完工", "promise_on": NOW.date()}, replies.PromiseInPast),
        ],
    )
    def test_a_promise_is_whole_and_to_come(self, county, proposal, given, refusal):
        with pytest.raises(refusal):
            draft(county, proposal, **given)
        assert not Reply.objects.exists()

    def test_a_head_signs_only_what_was_submitted_or_what_they_wrote(self, county, proposal):
        by_handler = draft(county, proposal)
        with pytest.raises(replies.NotSubmitted):
            replies.sign_reply(walking.part(proposal), version=by_handler.version, by=county.unit_head, at=NOW)
        with pytest.raises(access.NotYours):
            replies.sign_reply(walking.part(proposal), version=by_handler.version, by=county.handler, at=NOW)

    def test_a_part_given_away_takes_its_files_out_of_view(self, county, proposal):
        replies.attach_file(
            walking.part(proposal), checked=checking.check(picture(), name="图.jpg"), by=county.handler, at=NOW
        )
        units.reassign(walking.part(proposal), unit=county.street_office, reason="属地。", by=county.affairs, at=NOW)
        assert not Reply.objects.exists()
        assert Attachment.objects.get().is_removed

    def test_a_file_leaves_a_draft_and_never_a_signed_reply(self, county, proposal):
        part = walking.part(proposal)
        file = replies.attach_file(part, checked=checking.check(picture(), name="图.jpg"), by=county.handler, at=NOW)
        kept = replies.attach_file(part, checked=checking.check(picture(), name="二.jpg"), by=county.handler, at=NOW)
        replies.remove_file(part, attachment_id=file.pk, reason="错了", by=county.handler, at=NOW)
        reply = send(county, proposal, version=1)
        with pytest.raises(StepRefused):
            replies.remove_file(part, attachment_id=kept.pk, reason="晚了", by=county.handler, at=NOW)
        assert [each.name for each in attachments_of(reply)] == ["二.jpg"]
        assert reply.copies.get().document.inputs["attachments"] == ["二.jpg"]


class TestSending:
    def test_each_deputy_gets_a_letter_of_their_own_under_one_number(self, county):
        second, third = county.make_deputy("林静"), county.make_deputy("何伟")
        proposal = walking.in_progress(county, second, third)
        walking.contacted(proposal, county)
        reply = send(county, proposal)
        copies = list(reply.copies.select_related("document", "deputy"))
        assert {each.document.inputs["addressee"] for each in copies} == {"周海燕代表", "林静代表", "何伟代表"}
        assert {each.document.number for each in copies} == {reply.number}
        assert sorted(each.document.copy for each in copies) == [1, 2, 3]
        assert len({each.document.verify_code for each in copies}) == 3

    def test_deputies_of_merged_proposals_get_copies_about_their_own(self, county):
        other = walking.accepted(county, lead=county.make_deputy("林静"), text={"title": "关于积水治理的建议"})
        proposal = walking.accepted(county)
        desk.merge(other, into=proposal, by=county.affairs, at=NOW)
        assigning.assign(
            [assigning.Plan(proposal, (county.department,))], name="闭会期间交办", by=county.affairs, at=NOW
        )
        proposal = walking.again(proposal)
        units.sign(walking.part(proposal), by=county.handler, at=NOW)
        walking.contacted(proposal, county)
        reply = send(county, proposal)
        copy = reply.copies.get(deputy=other.lead)
        assert copy.proposal_id == other.pk
        assert copy.document.inputs["title"] == f"对{other.number}的答复"
        assert "关于积水治理的建议" in copy.document.inputs["paragraphs"][0]
        assert "并案办理" in copy.document.inputs["paragraphs"][0]

    def test_split_units_reply_each_for_itself_and_the_proposal_is_replied_when_all_have(self, county):
        proposal = walking.accepted(county)
        plan = assigning.Plan(proposal, (county.department, county.other_department), (), Manner.SPLIT)
        assigning.assign([plan], name="闭会期间交办", by=county.affairs, at=NOW)
        heads = [county.unit_head, county.appoint(Role.UNIT_HEAD, unit=county.other_department)]
        # The first is done before the second has even received it.
        for number, (part, head) in enumerate(zip(proposal.handlings.order_by("id"), heads, strict=True)):
            units.sign(part, by=head, at=NOW)
            units.log_contact(
                part, deputy=proposal.lead, phase="before", mode="phone", held_at=NOW, people="李工", summary="谈过。",
                by=head, at=NOW,
            )  # fmt: skip
            reply = replies.save_draft(part, body="本单位已办。", outcome="resolved", by=head, at=NOW)
            replies.sign_reply(part, version=reply.version, by=head, at=NOW)
            assert (walking.again(proposal).state == State.REPLIED) == bool(number)
        assert ReplyCopy.objects.filter(deputy=proposal.lead).count() == 2

    def test_a_reply_after_its_day_is_late(self, county, proposal):
        send(county, proposal, at=NOW + (proposal.due_on - NOW.date()) + timedelta(1))
        assert walking.again(proposal).is_on_time is False

    def test_nobody_signs_twice(self, county, proposal):
        reply = send(county, proposal)
        with pytest.raises(StepRefused):
            replies.sign_reply(walking.part(proposal), version=reply.version, by=county.unit_head, at=NOW)
        assert ReplyCopy.objects.count() == 1


def test_a_second_round_keeps_the_first_reply_as_it_was(county, proposal):
    first = send(county, proposal)
    digest = first.copies.get().document.pdf_sha256
    walking.evaluated(proposal, proposal.lead, Grade.DISSATISFIED)
    evaluating.reorder(proposal, by=county.affairs, at=later(days=1))
    part = walking.part(proposal)
    blank = replies.save_draft(part, body="第二次。", outcome="resolved", by=county.unit_head, at=later(days=2))
    # The talk of the first round does not stand for the second.
    with pytest.raises(replies.NoContact):
        replies.sign_reply(part, version=blank.version, by=county.unit_head, at=later(days=2))
    walking.contacted(proposal, county, at=later(days=2))
    second = replies.sign_reply(part, version=blank.version, by=county.unit_head, at=later(days=2))
    assert list(proposal.replies.order_by("round").values_list("body", flat=True)) == ["已办结。", "第二次。"]
    assert first.copies.get().document.pdf_sha256 == digest
    assert second.copies.get().document.inputs["title"] == f"对{proposal.number}的再次答复"
