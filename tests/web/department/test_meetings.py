"""A unit's pages of meetings with its head: the invitation, what it prepares, its promises; other units find nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jiazhan.people.roles import Role
from jiazhan.suggestions.models import MeetingQuestion
from jiazhan.suggestions.services import meeting_preparing
from tests.domain.suggestions import asking


def of(meeting, name="department:meeting", **more):
    return reverse(name, kwargs={"jurisdiction": meeting.jurisdiction, "meeting_id": meeting.pk, **more})


def made(county, stage):
    with county.within():
        return stage(county, at=timezone.now() - timedelta(hours=3))


@pytest.fixture
def stranger(county):
    return county.appoint(Role.HANDLER, unit=county.other_department)


def test_a_unit_hears_of_a_meeting_once_it_is_agreed_to(county, at, stranger):
    agreed, asked = made(county, asking.accepted), made(county, asking.asked)
    for person in (county.handler, county.unit_head):
        assert at(person).get(of(agreed)).status_code == 200
        assert at(person).get(of(asked)).status_code == 404
    assert at(stranger).get(of(agreed)).status_code == 404
    for name in ("department:meeting-prepare",):
        assert at(stranger).post(of(agreed, name), {}).status_code == 404
    for person in (county.affairs, county.deputy.account):
        assert at(person).get(of(agreed)).status_code in {302, 403}


def test_the_list_shows_the_own_meetings_alone(county, at, stranger):
    meeting = made(county, asking.accepted)
    assert meeting.subject in at(county.handler).get(reverse("department:meetings")).content.decode()
    empty = at(stranger).get(reverse("department:meetings")).content.decode()
    assert meeting.subject not in empty
    assert "没有待安排的约见" in empty


def test_what_a_unit_prepares_is_its_own_until_the_day(county, at):
    meeting = made(county, asking.accepted)
    with county.within():
        question = MeetingQuestion.objects.get(position=1)
    given = {"prepare-coming": "李明（局长）", f"prepare-{question.pk.hex}": "预计下周修好。"}
    assert at(county.handler).post(of(meeting, "department:meeting-prepare"), given).status_code == 302
    assert "预计下周修好。" in at(county.unit_head).get(of(meeting)).content.decode()
    deputy = at(county.deputy.account).get(
        reverse("deputy:meeting", kwargs={"jurisdiction": meeting.jurisdiction, "meeting_id": meeting.pk})
    )
    assert deputy.status_code == 200
    assert "预计下周修好。" not in deputy.content.decode()
    too_long = at(county.handler).post(of(meeting, "department:meeting-prepare"), {"prepare-coming": "长" * 121})
    assert too_long.status_code == 422


def test_nothing_is_prepared_after_the_day(county, at):
    meeting = made(county, asking.held)
    refused = at(county.handler).post(of(meeting, "department:meeting-prepare"), {"prepare-coming": "李明"})
    assert refused.status_code == 409


def test_a_unit_explains_its_promise_and_others_do_not(county, at, stranger):
    meeting = made(county, asking.held)
    with county.within():
        question = MeetingQuestion.objects.get(position=1)
    address = of(meeting, "department:meeting-explain", question_id=question.pk)
    assert at(stranger).post(address, {"text": "修好了"}).status_code == 404
    assert at(county.handler).post(address, {"text": ""}).status_code == 422
    assert at(county.handler).post(address, {"text": "12 月底已修好试运行。"}).status_code == 302
    page = at(county.handler).get(of(meeting)).content.decode()
    assert "12 月底已修好试运行。" in page
    assert "等代表认定" in page
    with county.within():
        answered = MeetingQuestion.objects.get(position=2)
    nothing = at(county.handler).post(
        of(meeting, "department:meeting-explain", question_id=answered.pk), {"text": "另外"}
    )
    assert nothing.status_code == 409


def test_the_notice_is_read_by_the_unit_it_went_to(county, at, stranger):
    with county.within():
        meeting = asking.scheduled(county, at=timezone.now())
        letter = meeting_preparing.issue_notice(meeting, by=county.affairs, at=timezone.now())
    address = of(meeting, "department:meeting-letter", document_id=letter.pk, kind="pdf")
    assert b"".join(at(county.handler).get(address).streaming_content).startswith(b"%PDF")
    assert at(stranger).get(address).status_code == 404
