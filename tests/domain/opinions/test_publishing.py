"""The public page: masked, proposed by one and approved by another, withdrawn on request (§11, §14 rule 10)."""

import pytest
from django.db import IntegrityError, transaction

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel.words import WordsMissing
from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions.access import NotYours
from jiazhan.opinions.choices import PublicationState
from jiazhan.opinions.models import Publication
from jiazhan.opinions.services import publishing, street
from jiazhan.opinions.services.authors import Author
from jiazhan.opinions.states import State
from tests.domain.opinions import walking
from tests.factories import NOW, later, opinion


@pytest.fixture
def matter(county):
    return opinion(county, author=Author(name="张小明", phone="13812345678"))


def proposed(matter, county, **given):
    given = {"title": "北门积水", "body": "柳林小区北门下雨就积水。", "reply": "已清淤。"} | given
    return publishing.propose(matter, by=county.officer, at=NOW, **given)


def test_whatever_was_typed_is_masked(county, matter):
    page = proposed(
        matter, county, title="张小明反映3号楼2单元501室漏水", body="我是张小明，电话138 1234 5678，身份证33010619800101123X。",
        reply="已与张小明（柳林路15号）联系。",
    )  # fmt: skip
    assert page.title == "[姓名]反映[门牌]漏水"
    assert page.body == "我是[姓名]，电话[手机号]，身份证[证件号]。"
    assert page.reply == "已与[姓名]（柳林路[门牌]）联系。"
    assert page.state == PublicationState.PROPOSED


def test_the_second_reader_is_another_person_with_the_right(county, matter):
    page = publishing.propose(matter, title="积水", body="北门积水。", by=county.head, at=NOW)
    with pytest.raises(publishing.SamePerson):
        publishing.approve(page, by=county.head, at=NOW)
    for stranger in (county.officer, county.handler, county.dispatcher):
        with pytest.raises(NotYours):
            publishing.approve(page, by=stranger, at=NOW)
    page = publishing.approve(page, by=county.vice_director, at=later(hours=1))
    assert (page.state, page.reviewed_by, page.reviewed_at) == ("published", county.vice_director, later(hours=1))
    with pytest.raises(publishing.NotProposed):
        publishing.approve(page, by=county.director, at=later(hours=2))


def test_the_database_keeps_the_two_apart_too(county, matter):
    page = proposed(matter, county)
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        Publication.objects.filter(pk=page.pk).update(state="published", reviewed_by=page.proposed_by, reviewed_at=NOW)


@pytest.mark.parametrize("field", ["title", "body", "reply"])
@pytest.mark.parametrize("words", ["打13812345678", "33010619800101123X", "3号楼2单元501室", "张小明家"])
def test_a_page_that_still_names_somebody_is_not_approved(county, matter, field, words):
    page = proposed(matter, county)
    Publication.objects.filter(pk=page.pk).update(**{field: words})
    with pytest.raises(publishing.StillPersonal) as refusal:
        publishing.approve(page, by=county.vice_director, at=NOW)
    assert refusal.value.fields == [{"title": "标题", "body": "内容", "reply": "答复"}[field]]
    Publication.objects.filter(pk=page.pk).update(**{field: "积水"})
    publishing.approve(page, by=county.vice_director, at=NOW)


def test_an_accusation_is_never_public(county, matter):
    page = proposed(matter, county)
    walking.lock(matter)
    with pytest.raises(street.Locked):
        publishing.approve(page, by=county.vice_director, at=NOW)
    other = walking.lock(opinion(county))
    with pytest.raises(street.Locked):
        publishing.propose(other, title="积水", body="北门积水。", by=county.vice_director, at=NOW)
    with pytest.raises(NotYours):
        publishing.propose(other, title="积水", body="北门积水。", by=county.officer, at=NOW)


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.DIVERTED, State.NOT_ACCEPTED, State.MERGED])
def test_what_is_not_handled_here_is_not_published(county, matter, state):
    fields = {
        State.DIVERTED: {"diverted_to": "hotline", "refusal_reason": "转"}, State.NOT_ACCEPTED: {"refusal_reason": "不"},
        State.MERGED: {"merged_into": opinion(county)},
    }.get(state, {})  # fmt: skip
    type(matter).objects.filter(pk=matter.pk).update(state=state, **fields)
    with pytest.raises(StepRefused):
        proposed(matter, county)


def test_one_page_at_a_time(county, matter):
    page = proposed(matter, county)
    with pytest.raises(publishing.AlreadyProposed):
        proposed(matter, county)
    publishing.refuse(page, reason="没有公共性", by=county.vice_director, at=NOW)
    proposed(matter, county)


def test_a_refusal_says_why(county, matter):
    page = proposed(matter, county)
    with pytest.raises(WordsMissing):
        publishing.refuse(page, reason=" ", by=county.vice_director, at=NOW)
    page = publishing.refuse(page, reason="没有公共性", by=county.vice_director, at=NOW)
    assert (page.state, page.reason) == ("refused", "没有公共性")


def test_the_author_has_it_taken_down_and_a_marker_stays(county, matter):
    page = publishing.approve(proposed(matter, county), by=county.vice_director, at=NOW)
    other = opinion(county)
    for stranger in (walking.author_of(other), county.handler, county.officer):
        with pytest.raises(NotYours):
            publishing.withdraw_from_view(page, reason="不愿公开", by=stranger, at=NOW)
    with pytest.raises(WordsMissing):
        publishing.withdraw_from_view(page, reason="", by=walking.author_of(matter), at=NOW)
    page = publishing.withdraw_from_view(page, reason="不愿公开", by=walking.author_of(matter), at=later(days=1))
    assert (page.state, page.withdrawn_at, page.reason) == ("withdrawn", later(days=1), "不愿公开")
    with pytest.raises(publishing.NotPublic):
        publishing.withdraw_from_view(page, reason="再撤", by=county.director, at=NOW)


def test_the_office_may_take_it_down_too(county, matter):
    page = publishing.approve(proposed(matter, county), by=county.vice_director, at=NOW)
    page = publishing.withdraw_from_view(page, reason="内容有误", by=county.office, at=NOW)
    assert page.state == "withdrawn"


def test_only_who_works_on_it_proposes(county, matter):
    for stranger in (county.handler, county.office, county.deputy.account):
        with pytest.raises(NotYours):
            publishing.propose(matter, title="积水", body="北门积水。", by=stranger, at=NOW)
    with pytest.raises(WordsMissing):
        proposed(matter, county, body="")
    proposed(matter, county)


def test_each_act_stands_in_the_record(county, matter):
    page = publishing.approve(proposed(matter, county), by=county.vice_director, at=NOW)
    publishing.withdraw_from_view(page, reason="不愿公开", by=walking.author_of(matter), at=NOW)
    actions = [entry.action for entry in entries_of(matter)][-3:]
    assert actions == ["opinion.propose_public", "opinion.publish", "opinion.withdraw_public"]
