"""The office's pages of meetings with heads: who opens what, the way from the request to the promise, what is refused."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jiazhan.people.roles import Role
from jiazhan.suggestions.services import meeting_preparing
from jiazhan.suggestions.states import MeetingState
from tests.domain.suggestions import asking
from tests.factories import County

R = Role
READERS = {
    R.STREET_DIRECTOR, R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE, R.COMMITTEE, R.CHAIRPERSONS_MEETING,
}  # fmt: skip
ARRANGERS = {R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE}
STAFF = {*Role} - {R.DEPUTY}
LISTS = ("office:meetings", "office:meetings-following")
STEPS = ("accept", "decline", "schedule", "postpone", "hold", "notice", "show", "hide")


def now():
    return timezone.now()


def ago(**span):
    return timezone.now() - timedelta(**span)


def of(meeting, name="office:meeting", **more):
    return reverse(name, kwargs={"jurisdiction": meeting.jurisdiction, "meeting_id": meeting.pk, **more})


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize("role", sorted(STAFF))
def test_a_role_opens_what_is_its_own(role, county, sign_in):
    meeting = asking.accepted(county, at=now())
    browser = sign_in(county.appoint(role))
    for name in LISTS:
        assert browser.get(reverse(name)).status_code == (200 if role in READERS else 403)
    expected = 200 if role in READERS - {R.STREET_DIRECTOR} else 404 if role == R.STREET_DIRECTOR else 403
    assert browser.get(of(meeting)).status_code == expected


@pytest.mark.parametrize("role", sorted(STAFF))
def test_only_who_arranges_gets_past_the_guards_of_the_steps(role, county, sign_in):
    meeting = asking.accepted(county, at=now())
    browser = sign_in(county.appoint(role))
    for step in STEPS:
        status = browser.post(of(meeting, "office:meeting-act", step=step), {}).status_code
        expected = {302, 409, 422} if role in ARRANGERS else {404} if role == R.STREET_DIRECTOR else {403}
        assert status in expected, (step, status)
    assert browser.post(of(meeting, "office:meeting-act", step="nothing"), {}).status_code in {403, 404}


def test_another_county_and_nobody_logged_out_gets_in(county, sign_in):
    meeting = asking.asked(county, at=now())
    other = County("990107", "临湖区")
    assert sign_in(other.affairs).get(of(meeting)).status_code == 404
    assert sign_in(county.affairs).get(of(meeting)).status_code == 200
    assert Client().get(of(meeting)).status_code == 302


def test_the_desk_goes_from_the_request_to_the_answers(county, sign_in):
    meeting = asking.asked(county, at=ago(hours=3))
    desk = sign_in(county.affairs)
    assert desk.post(of(meeting, "office:meeting-act", step="accept")).url == of(meeting)
    soon = {"schedule-starts_at": local(now() + timedelta(days=3)), "schedule-place": "区人大", "schedule-host": "主任"}
    past = desk.post(
        of(meeting, "office:meeting-act", step="schedule"), soon | {"schedule-starts_at": local(ago(days=1))}
    )
    assert past.status_code == 422
    assert "约见时间应晚于现在" in past.content.decode()
    far = desk.post(
        of(meeting, "office:meeting-act", step="schedule"),
        soon | {"schedule-starts_at": local(now() + timedelta(days=60))},
    )
    assert "约见最迟应在" in far.content.decode()
    assert desk.post(of(meeting, "office:meeting-act", step="schedule"), soon).status_code == 302
    assert 'id="hold"' not in desk.get(of(meeting)).content.decode()
    early = desk.post(
        of(meeting, "office:meeting-act", step="hold"), {"hold-held_at": local(now()), "hold-attended_by": "局长"}
    )
    assert early.status_code == 422
    assert desk.post(of(meeting, "office:meeting-act", step="accept")).status_code == 409


def test_every_question_needs_its_answer_and_a_promise_its_day(county, sign_in):
    meeting = asking.scheduled(county, at=ago(hours=3))
    meeting_preparing.prepare(
        meeting,
        coming="李明（局长）",
        answers={meeting.questions.get(position=1).pk: "预计下周修好。"},
        by=county.handler,
        at=now(),
    )
    desk = sign_in(county.affairs)
    page = desk.get(of(meeting)).content.decode()
    assert "预计下周修好。" in page
    assert "李明（局长）" in page
    first, second = (each.pk.hex for each in meeting.questions.order_by("position"))
    given = {
        "hold-held_at": local(ago(hours=1)), "hold-attended_by": "局长李明", "hold-present": [str(county.deputy.pk)],
        f"hold-a-{first}": "下周修好。", f"hold-p-{first}": "北门泵站修复", f"hold-a-{second}": "",
    }  # fmt: skip
    address = of(meeting, "office:meeting-act", step="hold")
    missing = desk.post(address, given)
    assert "请填写第 2 个问题的答复" in missing.content.decode()
    assert "下周修好。" in missing.content.decode()
    given[f"hold-a-{second}"] = "由排水科管。"
    assert "第 1 个问题：承诺事项和完成日期" in desk.post(address, given).content.decode()
    given[f"hold-d-{first}"] = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert desk.post(address, given).status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.HELD
    assert desk.post(address, given).status_code in {409, 422}
    question = meeting.questions.get(position=1)
    assert "认定已兑现" in desk.get(of(meeting)).content.decode()
    early = desk.post(
        of(meeting, "office:meeting-question", question_id=question.pk, found="broken"), {"reason": "没修"}
    )
    assert "到期之前不能记为未兑现" in early.content.decode()
    assert (
        desk.post(of(meeting, "office:meeting-question", question_id=question.pk, found="kept"), {}).status_code == 302
    )
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CLOSED


def test_the_notice_goes_out_once_for_each_time(county, sign_in):
    meeting = asking.scheduled(county, at=now())
    desk = sign_in(county.affairs)
    address = of(meeting, "office:meeting-act", step="notice")
    assert desk.post(address).status_code == 302
    assert "通知书已经发出" in desk.post(address).content.decode()
    letter = meeting_preparing.notices_of(meeting)[0]
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = desk.get(of(meeting, "office:meeting-letter", document_id=letter.pk, kind=kind))
        assert b"".join(answer.streaming_content).startswith(start)
    moved = {
        "postpone-starts_at": local(now() + timedelta(days=2)), "postpone-place": "水务局", "postpone-reason": "负责人出差",
    }  # fmt: skip
    assert desk.post(of(meeting, "office:meeting-act", step="postpone"), moved).status_code == 302
    assert desk.post(address).status_code == 302
    assert len(meeting_preparing.notices_of(meeting)) == 2


def test_a_held_meeting_is_shown_and_hidden_and_personal_words_are_not(county, sign_in):
    meeting = asking.held(county, at=ago(hours=3))
    desk = sign_in(county.affairs)
    assert desk.post(of(meeting, "office:meeting-act", step="show")).status_code == 302
    meeting.refresh_from_db()
    assert meeting.is_public
    assert desk.post(of(meeting, "office:meeting-act", step="hide")).status_code == 302
    question = meeting.questions.get(position=1)
    question.answer = "请打 13800001111 找老王。"
    question.save()
    refused = desk.post(of(meeting, "office:meeting-act", step="show"))
    assert (refused.status_code, "不能公开" in refused.content.decode()) == (422, True)
    meeting.refresh_from_db()
    assert not meeting.is_public


def test_the_year_stands_in_numbers_and_every_question_in_the_follow_up(county, sign_in):
    for _each in range(2):
        asking.held(county, at=ago(hours=3))
    desk = sign_in(county.affairs)
    page = desk.get(reverse("office:meetings")).content.decode()
    assert f"{timezone.localdate().year} 年约见 2 次，4 个方面、4 个问题。" in page
    assert "承诺 2 项" in page
    follow = desk.get(reverse("office:meetings-following")).content.decode()
    assert "共 4 个问题，2 个承诺还没有了结。" in follow
    assert follow.count("北门泵站修复") == 2
    assert "没有待审核的约见申请" in desk.get(reverse("office:meetings"), {"tab": "requested"}).content.decode()
    assert desk.get(reverse("office:meetings"), {"tab": "x", "year": "x", "unit": "x", "page": "0"}).status_code == 200


def test_the_lists_cost_the_same_for_one_and_for_many(county, sign_in):
    asking.held(county, at=ago(hours=3))
    desk = sign_in(county.affairs)

    def statements(name):
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(reverse(name)).status_code == 200
        return len(captured)

    few = {name: (statements(name), statements(name))[1] for name in LISTS}
    for _each in range(5):
        asking.held(county, at=ago(hours=3))
    for name in LISTS:
        assert statements(name) <= few[name] <= 30
