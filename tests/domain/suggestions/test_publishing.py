"""The public page of a proposal: masked, proposed by one and approved by another, kept back only by two (§2.3, §14 rule 10)."""

import pytest
from django.db import IntegrityError, transaction

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel.outcomes import PublicationState
from jiazhan.kernel.words import WordsMissing
from jiazhan.notifications.models import Notice
from jiazhan.people.roles import Role
from jiazhan.suggestions.access import NotYours
from jiazhan.suggestions.choices import Publicity
from jiazhan.suggestions.models import Publication
from jiazhan.suggestions.services import publishing
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db

PERSONAL = ["打13812345678", "33010619800101123X", "住3号楼2单元501室", "邮箱a.b@qq.com"]


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


@pytest.fixture
def second(county):
    return county.appoint(Role.DEPUTY_AFFAIRS, name="复核人")


def proposed(proposal, county, **given):
    given = {"publicity": Publicity.FULL, **publishing.proposed_words(proposal)} | given
    return publishing.propose(proposal, by=county.affairs, at=NOW, **given)


def kept_back(proposal, county):
    return proposed(proposal, county, publicity=Publicity.NONE, reason="涉及在建涉密工程")


def test_the_words_begin_with_the_text_and_the_signed_reply_masked(county):
    text = {"facts": "走访王家，电话13812345678，住3号楼2单元501室。"}
    proposal = walking.replied(county, text=text)
    words = publishing.proposed_words(proposal)
    assert words["title"] == walking.TEXT["title"]
    assert "走访王家，电话[手机号]，住[门牌]" in words["body"]
    assert walking.TEXT["request"] in words["body"]
    assert "120 米管网更换" in words["reply"]


def test_whatever_was_typed_is_masked(county):
    page = proposed(walking.replied(county), county, body="联系13812345678", reply="证件33010619800101123X已登记")
    assert (page.body, page.reply) == ("联系[手机号]", "证件[证件号]已登记")


def test_two_people_bring_it_into_view_and_everybody_concerned_is_told(county, second):
    other = county.make_deputy("林一帆")
    proposal = walking.replied(county, other)
    page = publishing.approve(proposed(proposal, county), by=second, at=later(hours=1))
    assert (page.state, page.reviewed_by, page.reviewed_at) == ("published", second, later(hours=1))
    told = set(Notice.objects.filter(kind="proposal-public").values_list("recipient", flat=True))
    assert told == {county.deputy.account.pk, other.account.pk, county.handler.pk, county.unit_head.pk}
    assert {"proposal.publish", "proposal.propose_public"} <= {entry.action for entry in entries_of(proposal)}


def test_whoever_is_to_review_is_told_and_whoever_proposed_is_not(county, second):
    proposed(walking.replied(county), county)
    told = set(Notice.objects.filter(kind="proposal-public-review").values_list("recipient", flat=True))
    assert told == {second.pk}


def test_the_same_person_cannot_approve_or_refuse(county, second):
    page = proposed(walking.replied(county), county)
    with pytest.raises(publishing.SamePerson):
        publishing.approve(page, by=county.affairs, at=later(hours=1))
    with pytest.raises(publishing.SamePerson):
        publishing.refuse(page, reason="不妥", by=county.affairs, at=later(hours=1))
    page.refresh_from_db()
    assert page.state == PublicationState.PROPOSED
    assert publishing.approve(page, by=second, at=later(hours=1)).state == PublicationState.PUBLISHED


def test_the_database_keeps_the_two_apart_too(county):
    page = proposed(walking.replied(county), county)
    with pytest.raises(IntegrityError, match="publication_two"), transaction.atomic():
        Publication.objects.filter(pk=page.pk).update(state="published", reviewed_by=page.proposed_by, reviewed_at=NOW)


def test_others_neither_propose_nor_review_nor_withdraw(county, second):
    proposal = walking.replied(county)
    strangers = [
        county.committee, county.chair, county.director, county.handler, county.unit_head, county.officer, county.dispatcher,
        county.deputy.account, factories.post(Role.DEPUTY_AFFAIRS, area="990107", unit=county.committee_unit),
    ]  # fmt: skip
    for stranger in strangers:
        with pytest.raises(NotYours):
            publishing.propose(
                proposal, publicity=Publicity.FULL, title="题", body="文", reply="答", by=stranger, at=NOW
            )
    page = proposed(proposal, county)
    for stranger in strangers:
        with pytest.raises(NotYours):
            publishing.approve(page, by=stranger, at=NOW)
        with pytest.raises(NotYours):
            publishing.refuse(page, reason="不妥", by=stranger, at=NOW)
    page = publishing.approve(page, by=second, at=NOW)
    for stranger in strangers:
        with pytest.raises(NotYours):
            publishing.withdraw_from_view(page, reason="不妥", by=stranger, at=NOW)


def test_before_an_answer_there_is_nothing_to_release(county):
    with pytest.raises(publishing.NotAnswered):
        proposed(walking.in_progress(county), county, reply="答")
    assert proposed(walking.replied(county), county).state == PublicationState.PROPOSED


def test_one_page_at_a_time(county, second):
    proposal = walking.replied(county)
    page = proposed(proposal, county)
    with pytest.raises(publishing.AlreadyProposed):
        proposed(proposal, county)
    page = publishing.approve(page, by=second, at=NOW)
    with pytest.raises(publishing.AlreadyProposed):
        proposed(proposal, county)
    publishing.withdraw_from_view(page, reason="内容更新", by=second, at=later(days=1))
    assert proposed(proposal, county).state == PublicationState.PROPOSED


@pytest.mark.parametrize("empty", ["title", "body", "reply"])
def test_a_page_without_its_words_is_refused(county, empty):
    proposal = walking.replied(county)
    with pytest.raises(WordsMissing):
        proposed(proposal, county, **{empty: " \n "})
    assert not proposal.publications.exists()


@pytest.mark.parametrize("publicity", [Publicity.REDACTED, Publicity.NONE])
def test_anything_but_the_full_text_needs_a_reason(county, publicity):
    proposal = walking.replied(county)
    with pytest.raises(WordsMissing):
        proposed(proposal, county, publicity=publicity, reason=" ")
    assert proposed(proposal, county, publicity=publicity, reason="涉及在建工程").reason == "涉及在建工程"


def test_keeping_it_back_takes_two_and_keeps_no_words(county, second):
    page = kept_back(walking.replied(county), county)
    assert (page.title, page.body, page.reply) == ("", "", "")
    with pytest.raises(publishing.SamePerson):
        publishing.approve(page, by=county.affairs, at=NOW)
    page = publishing.approve(page, by=second, at=NOW)
    assert (page.publicity, page.state, page.reason) == ("none", "published", "涉及在建涉密工程")
    assert "不公开" in Notice.objects.filter(kind="proposal-public", recipient=county.deputy.account).first().text


def test_a_second_person_who_disagrees_says_why_and_it_can_be_proposed_otherwise(county, second):
    proposal = walking.replied(county)
    page = kept_back(proposal, county)
    with pytest.raises(WordsMissing):
        publishing.refuse(page, reason="", by=second, at=NOW)
    page = publishing.refuse(page, reason="工程已公示，可以公开", by=second, at=NOW)
    assert (page.state, page.reason) == ("refused", "工程已公示，可以公开")
    assert Notice.objects.filter(kind="proposal-public-refused", recipient=county.affairs).exists()
    assert proposed(proposal, county).state == PublicationState.PROPOSED


@pytest.mark.parametrize("field", ["title", "body", "reply"])
@pytest.mark.parametrize("words", PERSONAL)
def test_approving_checks_again_that_nothing_personal_is_left(county, second, field, words):
    page = proposed(walking.replied(county), county)
    Publication.objects.filter(pk=page.pk).update(**{field: words})
    with pytest.raises(publishing.StillPersonal):
        publishing.approve(page, by=second, at=NOW)
    page.refresh_from_db()
    assert page.state == PublicationState.PROPOSED
    Publication.objects.filter(pk=page.pk).update(**{field: "改好了"})
    assert publishing.approve(page, by=second, at=NOW).state == PublicationState.PUBLISHED


def test_what_was_decided_is_not_decided_twice(county, second):
    page = publishing.approve(proposed(walking.replied(county), county), by=second, at=NOW)
    for act in (publishing.approve, lambda page, **by: publishing.refuse(page, reason="不妥", **by)):
        with pytest.raises(publishing.NotProposed):
            act(page, by=second, at=NOW)


def test_only_what_is_public_is_taken_down_and_with_a_reason(county, second):
    proposal = walking.replied(county)
    page = proposed(proposal, county)
    with pytest.raises(publishing.NotPublic):
        publishing.withdraw_from_view(page, reason="更新", by=second, at=NOW)
    page = publishing.approve(page, by=second, at=NOW)
    with pytest.raises(WordsMissing):
        publishing.withdraw_from_view(page, reason="", by=second, at=NOW)
    page = publishing.withdraw_from_view(page, reason="复文有更正", by=county.affairs, at=later(days=2))
    assert (page.state, page.reason, page.withdrawn_at) == ("withdrawn", "复文有更正", later(days=2))
    assert Notice.objects.filter(kind="proposal-public-withdrawn", recipient=county.deputy.account).exists()
