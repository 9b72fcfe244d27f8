"""A deputy's pages of meetings with heads: asked for on a phone, followed, found kept or not; strangers find nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jiazhan.people.models import Account, Mandate, MandateStatus
from jiazhan.suggestions.models import MeetingQuestion, OfficialMeeting
from jiazhan.suggestions.states import MeetingState
from tests.domain.suggestions import asking, walking


@pytest.fixture
def colleague(county):
    return county.make_deputy("林静")


@pytest.fixture
def session(county):
    with county.within():
        walking.past_session(county)


def of(meeting, name="deputy:meeting", **more):
    return reverse(name, kwargs={"jurisdiction": meeting.jurisdiction, "meeting_id": meeting.pk, **more})


def given(county, **changed):
    return {
        "term": str(county.term.pk), "unit": str(county.department.pk), "official": "局长", "subject": "汛期排水设施运行",
        "background": "两次视察都看到泵站停机。", "others": "", "topic": ["防汛", "用电", ""],
        "text": ["北门泵站何时修好？", "备用电源由谁管？", ""],
    } | changed  # fmt: skip


def in_county(county, make, **more):
    with county.within():
        return make(county, at=timezone.now() - timedelta(hours=3), **more)


def test_a_deputy_asks_for_a_meeting_with_colleagues_and_questions(county, me, at, session, colleague):
    browser = at(me)
    assert reverse("deputy:meeting-new") in browser.get(reverse("deputy:meetings")).content.decode()
    assert browser.get(reverse("deputy:meeting-new")).status_code == 200
    answer = browser.post(reverse("deputy:meeting-new"), given(county, others="林静、周海燕"))
    with county.within():
        meeting = OfficialMeeting.objects.get()
        assert answer.url == of(meeting)
        assert {each.deputy.name for each in meeting.deputies.all()} == {"周海燕", "林静"}
        assert list(meeting.questions.values_list("topic", "text")) == [
            ("防汛", "北门泵站何时修好？"), ("用电", "备用电源由谁管？"),
        ]  # fmt: skip
    page = browser.get(answer.url).content.decode()
    for words in ("待审核", "北门泵站何时修好？", "林静", "撤回申请"):
        assert words in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"subject": ""}, "请填写约见事由"),
        ({"unit": ""}, "请选择约见哪个单位"),
        ({"others": "何伟"}, "没有找到本届在任代表“何伟”"),
        ({"topic": ["", ""], "text": ["", ""]}, "请写明要问的问题"),
        ({"topic": ["防汛", ""], "text": ["何时？", "谁管？"]}, "第 2 个问题的“方面”和“问题”都要写"),
        ({"official": "长" * 61}, "60"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_is_kept(county, me, at, session, changed, words):
    answer = at(me).post(reverse("deputy:meeting-new"), given(county, **changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "两次视察都看到泵站停机。" in page
    with county.within():
        assert not OfficialMeeting.objects.exists()


def test_more_rows_come_without_scripts_and_keep_what_was_typed(county, me, at, session):
    page = at(me).post(reverse("deputy:meeting-new"), given(county, more="1")).content.decode()
    assert page.count('name="topic"') == 6
    assert "北门泵站何时修好？" in page
    assert "两次视察都看到泵站停机。" in page
    assert "需要改一下" not in page


def test_a_deputy_whose_mandate_rests_reads_but_does_not_ask(county, me, at, session):
    Mandate.objects.filter(deputy=county.deputy).update(status=MandateStatus.SUSPENDED)
    browser = at(Account.objects.get(pk=me.pk))
    assert reverse("deputy:meeting-new") not in browser.get(reverse("deputy:meetings")).content.decode()
    assert browser.post(reverse("deputy:meeting-new"), given(county)).status_code == 403


def test_only_who_takes_part_finds_a_meeting(county, me, at, session, colleague):
    with county.within():
        meeting = asking.asked(county, colleague, at=timezone.now())
    stranger = county.make_deputy("何伟").account
    for account in (me, colleague.account):
        assert at(account).get(of(meeting)).status_code == 200
    assert at(stranger).get(of(meeting)).status_code == 404
    assert at(stranger).post(of(meeting, "deputy:meeting-withdraw")).status_code == 404
    for account in (county.affairs, county.handler):
        assert at(account).get(of(meeting)).status_code in {302, 403}


def test_only_the_lead_takes_the_request_back(county, me, at, session, colleague):
    with county.within():
        meeting = asking.asked(county, colleague, at=timezone.now())
    refused = at(colleague.account).post(of(meeting, "deputy:meeting-withdraw"))
    assert refused.status_code == 409
    assert at(me).post(of(meeting, "deputy:meeting-withdraw")).status_code == 302
    with county.within():
        meeting.refresh_from_db()
    assert meeting.state == MeetingState.WITHDRAWN
    assert at(me).post(of(meeting, "deputy:meeting-withdraw")).status_code == 409


def test_a_deputy_finds_a_promise_kept_once_and_broken_only_after_its_day(county, me, at):
    meeting = in_county(county, asking.held)
    with county.within():
        question = MeetingQuestion.objects.get(position=1)
    browser = at(me)
    page = browser.get(of(meeting)).content.decode()
    assert "已经兑现" in page
    assert "没有兑现" not in page
    broken = browser.post(
        of(meeting, "deputy:meeting-question", question_id=question.pk, found="broken"), {"reason": "没修"}
    )
    assert "到期之前不能记为未兑现" in broken.content.decode()
    kept = of(meeting, "deputy:meeting-question", question_id=question.pk, found="kept")
    assert browser.post(kept, {"note": "看过了"}).status_code == 302
    assert browser.post(kept, {"note": "再点一次"}).status_code == 409
    assert "看过了" in browser.get(of(meeting)).content.decode()


def test_the_list_is_empty_with_a_word_and_leads_on(county, me, at):
    page = at(me).get(reverse("deputy:meetings")).content.decode()
    assert "没有待审核的约见申请" in page
    assert "还没有约见过" in page
