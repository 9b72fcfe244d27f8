"""Meetings with the heads of state organs: who may ask, when they take place, and every promise to its end."""

from datetime import date, timedelta

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel.outcomes import PromiseState
from jiazhan.kernel.refusals import NotVisible, NotYours
from jiazhan.kernel.words import WordsMissing
from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications.models import Notice
from jiazhan.people.models import Mandate, MandateStatus
from jiazhan.people.roles import Role
from jiazhan.suggestions import access
from jiazhan.suggestions.models import OfficialMeeting
from jiazhan.suggestions.selectors import meetings as reading
from jiazhan.suggestions.services import (
    cosigning,
    meeting_preparing,
    meeting_publicity,
    meetings,
    promises,
    units,
    writing,
)
from jiazhan.suggestions.services.meetings import Answer, Question
from jiazhan.suggestions.states import MeetingState
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db
TWO = (Question("防汛", "北门泵站何时修好？"), Question("防汛", "备用电源由谁管？"))


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        walking.past_session(county)
        yield county


@pytest.fixture
def colleague(county):
    return county.make_deputy("林静")


def asked(county, *deputies, questions=TWO, **given):
    given = {"by": county.deputy.account, "at": NOW, "unit": county.department} | given
    return meetings.request(
        county.deputy, term=county.term, official="局长", subject="汛期排水", background="", questions=questions,
        deputies=deputies, **given,
    )  # fmt: skip


def arranged(county, *deputies, **given):
    meeting = meetings.accept(asked(county, *deputies, **given), by=county.affairs, at=NOW)
    return meetings.schedule(
        meeting, starts_at=later(days=7), place="区人大常委会会议室", host="代表工委主任", by=county.affairs, at=NOW
    )


def held(county, *deputies, answers=None, **given):
    meeting = arranged(county, *deputies, **given)
    replies = answers or [Answer("下周修好。", "北门泵站修复", date(2026, 12, 31)), Answer("由排水科管。")]
    questions = meeting.questions.order_by("position")
    return meetings.hold(
        meeting, held_at=later(days=7), attended_by="局长李明", present=[county.deputy.pk], summary="逐一作了答复。",
        answers={each.pk: reply for each, reply in zip(questions, replies, strict=True)},
        by=county.affairs, at=later(days=7, hours=2),
    )  # fmt: skip


def test_a_meeting_goes_from_its_request_to_the_promise_kept(county, colleague):
    meeting = held(county, colleague)
    assert (meeting.state, meeting.number) == (MeetingState.HELD, "九届约见第1号")
    first, second = meeting.questions.order_by("position")
    assert (first.state, second.state) == (PromiseState.OPEN, PromiseState.KEPT)
    assert [each.is_present for each in meeting.deputies.order_by("id")] == [True, False]

    meetings.ask(first, at=later(days=44))
    meetings.ask(first, at=later(days=44))
    meetings.explain(first, text="12 月 28 日已修好试运行。", by=county.handler, at=later(days=44))
    meetings.keep(first, by=colleague.account, at=later(days=45))
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CLOSED
    acts = [each.action for each in entries_of(meeting)]
    assert acts.count("meeting.promise_asked") == 1
    assert {"meeting.request", "meeting.accept", "meeting.schedule", "meeting.hold", "meeting.close"} <= set(acts)


def test_what_promised_nothing_ends_with_its_answers(county):
    assert held(county, answers=[Answer("本周五修好了。"), Answer("由排水科管。")]).state == MeetingState.CLOSED


def test_a_broken_promise_waits_for_its_day_and_needs_a_word(county):
    question = held(county).questions.get(position=1)
    by = county.deputy.account
    with pytest.raises(promises.TooEarly):
        meetings.break_(question, reason="还没动工", by=by, at=later(days=20))
    with pytest.raises(WordsMissing):
        meetings.break_(question, reason=" ", by=by, at=later(days=50))
    broken = meetings.break_(question, reason="还没动工", by=by, at=later(days=50))
    assert (broken.state, broken.meeting.state) == (PromiseState.BROKEN, MeetingState.CLOSED)
    with pytest.raises(StepRefused):
        meetings.keep(question, by=by, at=later(days=51))


def test_only_sitting_deputies_of_the_congress_ask_and_take_part(county, colleague):
    asked(county, colleague)
    Mandate.objects.filter(deputy=colleague).update(status=MandateStatus.SUSPENDED)
    with pytest.raises(cosigning.NotOfCongress, match="林静"):
        asked(county, colleague)
    Mandate.objects.filter(deputy=county.deputy).update(status=MandateStatus.TERMINATED, ends_on=NOW.date())
    with pytest.raises(writing.NotSitting):
        asked(county)
    with pytest.raises(NotYours):
        asked(county, by=county.affairs)


def test_a_request_names_its_questions_and_an_organ_that_answers(county):
    with pytest.raises(meetings.NoQuestions):
        asked(county, questions=())
    with pytest.raises(meetings.NoQuestions):
        asked(county, questions=[Question("防汛", "何时？")] * 31)
    with pytest.raises(WordsMissing):
        asked(county, questions=[Question("防汛", "  ")])
    with pytest.raises(units.WrongUnit):
        asked(county, unit=county.committee_unit)
    assert not OfficialMeeting.objects.exists()


def test_the_time_lies_ahead_and_within_a_month_of_the_units_knowing(county):
    meeting = meetings.accept(asked(county), by=county.affairs, at=NOW)
    given = {"place": "区人大", "host": "代表工委主任", "by": county.affairs, "at": NOW}
    with pytest.raises(meetings.NotToCome):
        meetings.schedule(meeting, starts_at=later(hours=-1), **given)
    assert meetings.latest_day(meeting) == date(2026, 12, 18)
    with pytest.raises(meetings.TooLate) as refusal:
        meetings.schedule(meeting, starts_at=later(days=31), **given)
    assert refusal.value.until == date(2026, 12, 18)
    meeting = meetings.schedule(meeting, starts_at=later(days=28), **given)
    again = {"place": "区人大", "by": county.affairs, "at": later(days=5)}
    with pytest.raises(WordsMissing):
        meetings.postpone(meeting, starts_at=later(days=29), reason="", **again)
    with pytest.raises(meetings.TooLate):
        meetings.postpone(meeting, starts_at=later(days=33), reason="负责人出差", **again)
    assert meetings.postpone(meeting, starts_at=later(days=30), reason="负责人出差", **again).starts_at == later(
        days=30
    )


def test_what_was_answered_is_entered_after_it_took_place_and_for_every_question(county):
    meeting = arranged(county)
    first, second = meeting.questions.order_by("position")
    given = {"attended_by": "局长李明", "present": [], "summary": "", "by": county.affairs}
    whole = {first.pk: Answer("会修。"), second.pk: Answer("排水科。")}
    with pytest.raises(meetings.NotHeldYet):
        meetings.hold(meeting, held_at=later(days=1), answers=whole, at=later(days=1), **given)
    day = {"held_at": later(days=7), "at": later(days=8)}
    with pytest.raises(meetings.AnswersMissing) as missing:
        meetings.hold(meeting, answers={first.pk: Answer("会修。")}, **day, **given)
    assert missing.value.positions == [2]
    for unfit in (
        Answer("会修。", "修复"),
        Answer("会修。", "", date(2027, 1, 1)),
        Answer("会修。", "修复", date(2026, 11, 20)),
    ):
        with pytest.raises(meetings.PromiseUnfit):
            meetings.hold(meeting, answers={**whole, first.pk: unfit}, **day, **given)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.SCHEDULED
    assert not meeting.questions.exclude(answer="").exists()
    assert meetings.hold(meeting, answers=whole, **day, **given).state == MeetingState.CLOSED


def test_a_refused_meeting_has_a_reason_and_a_withdrawn_one_is_over(county):
    meeting = asked(county)
    with pytest.raises(WordsMissing):
        meetings.decline(meeting, reason="", by=county.affairs, at=NOW)
    assert (
        meetings.decline(meeting, reason="事项已列入专题询问", by=county.affairs, at=NOW).state == MeetingState.DECLINED
    )
    other = meetings.withdraw(asked(county), by=county.deputy.account, at=NOW)
    with pytest.raises(StepRefused):
        meetings.accept(other, by=county.affairs, at=NOW)


def test_each_sees_the_meetings_that_are_theirs(county, colleague):
    meeting = asked(county, colleague)
    stranger = county.make_deputy("何伟")
    other_unit = county.appoint(Role.HANDLER, unit=county.other_department)
    lead, taking_part = county.deputy.account, colleague.account
    for person in (lead, taking_part, county.affairs, county.office, county.chair):
        assert access.meeting_for(person, county.code, meeting.pk) == meeting
    for person in (stranger.account, other_unit, county.handler, county.officer):
        with pytest.raises(NotVisible):
            access.meeting_for(person, county.code, meeting.pk)
    meetings.accept(meeting, by=county.affairs, at=NOW)
    assert access.meeting_for(county.handler, county.code, meeting.pk) == meeting
    with pytest.raises(NotVisible):
        access.meeting_for(other_unit, county.code, meeting.pk)


def test_only_those_who_arrange_arrange_and_only_the_lead_withdraws(county, colleague):
    meeting = asked(county, colleague)
    for person in (county.deputy.account, county.handler, county.chair):
        with pytest.raises(NotYours):
            meetings.accept(meeting, by=person, at=NOW)
    for person in (colleague.account, county.affairs):
        with pytest.raises(NotYours):
            meetings.withdraw(meeting, by=person, at=NOW)
    question = held(county).questions.get(position=1)
    for person in (county.appoint(Role.HANDLER, unit=county.other_department), county.affairs):
        with pytest.raises(NotYours):
            meetings.explain(question, text="修好了", by=person, at=later(days=8))
    with pytest.raises(NotYours):
        meetings.keep(question, by=county.handler, at=later(days=8))


def test_fourteen_meetings_with_forty_six_questions_come_to_an_end(county):
    """The year that material 4 tells of: 14 meetings, 28 topics, 46 questions."""
    sizes = [4] * 4 + [3] * 10
    for size in sizes:
        questions = [Question(f"方面{number % 2}", f"第 {number} 问？") for number in range(size)]
        answers = [Answer("已答复。", "按期完成", date(2026, 12, 31)) for _number in range(size)]
        held(county, questions=questions, answers=answers)
    rows = OfficialMeeting.objects.filter(state=MeetingState.HELD)
    assert rows.count() == 14
    followed = [question for meeting in rows for question in meeting.questions.all()]
    assert len(followed) == 46
    assert len({(each.meeting_id, each.topic) for each in followed}) == 28
    day = later(days=43)
    for number, question in enumerate(followed):
        meetings.ask(question, at=day)
        at = day + timedelta(days=1)
        if number % 5:
            meetings.keep(question, by=county.deputy.account, at=at)
        else:
            meetings.break_(question, reason="未完成", by=county.deputy.account, at=at)
    assert OfficialMeeting.objects.filter(state=MeetingState.CLOSED).count() == 14


def test_the_unit_prepares_before_the_day_and_the_desk_hears_who_comes(county):
    meeting = meetings.accept(asked(county), by=county.affairs, at=NOW)
    question = meeting.questions.get(position=1)
    stranger = county.appoint(Role.HANDLER, unit=county.other_department)
    given = {"coming": "李明（局长）", "answers": {question.pk: "下周修好。"}, "at": NOW}
    for person in (stranger, county.affairs, county.deputy.account):
        with pytest.raises(NotYours):
            meeting_preparing.prepare(meeting, by=person, **given)
    for _twice in range(2):
        meeting_preparing.prepare(meeting, by=county.handler, **given)
    assert Notice.objects.filter(kind="meeting-coming", recipient=county.affairs).count() == 1
    question.refresh_from_db()
    assert (question.prepared, question.answer) == ("下周修好。", "")
    with pytest.raises(StepRefused):
        meeting_preparing.prepare(held(county), by=county.handler, **given)


def test_the_notice_is_issued_once_for_a_time_and_by_who_arranges(county):
    with pytest.raises(StepRefused):
        meeting_preparing.issue_notice(
            meetings.accept(asked(county), by=county.affairs, at=NOW), by=county.affairs, at=NOW
        )
    meeting = arranged(county)
    for person in (county.chair, county.handler, county.deputy.account):
        with pytest.raises(NotYours):
            meeting_preparing.issue_notice(meeting, by=person, at=NOW)
    issued = meeting_preparing.issue_notice(meeting, by=county.affairs, at=NOW)
    assert [each["topic"] for each in issued.inputs["topics"]] == ["防汛"]
    with pytest.raises(meeting_preparing.NoticeIssued):
        meeting_preparing.issue_notice(meeting, by=county.affairs, at=NOW)
    moved = meetings.postpone(
        meeting, starts_at=later(days=9), place="水务局", reason="负责人出差", by=county.affairs, at=NOW
    )
    again = meeting_preparing.issue_notice(moved, by=county.affairs, at=NOW)
    assert again.number != issued.number


def test_a_meeting_is_shown_once_it_was_held_and_holds_nothing_personal(county):
    with pytest.raises(StepRefused):
        meeting_publicity.show(arranged(county), by=county.affairs, at=NOW)
    meeting = held(county)
    for person in (county.chair, county.handler, county.deputy.account):
        with pytest.raises(NotYours):
            meeting_publicity.show(meeting, by=person, at=NOW)
    for _twice in range(2):
        assert meeting_publicity.show(meeting, by=county.affairs, at=NOW).is_public
    assert [each.action for each in entries_of(meeting)].count("meeting.shown") == 1
    assert not meeting_publicity.hide(meeting, by=county.affairs, at=NOW).is_public
    meeting.questions.filter(position=2).update(answer="请打 13800001111。")
    with pytest.raises(meeting_publicity.PersonalInMeeting):
        meeting_publicity.show(meeting, by=county.affairs, at=NOW)


def test_every_recorded_act_of_a_meeting_has_words(county):
    meeting = held(county)
    meetings.explain(meeting.questions.get(position=1), text="在修", by=county.handler, at=later(days=20))
    meeting_publicity.show(meeting, by=county.affairs, at=NOW)
    recorded = [each for each in entries_of(meeting) if each.action.startswith("meeting.")]
    assert len(reading.record(meeting)) == len(recorded)
    assert len(recorded) >= 6


def test_a_second_click_asks_for_no_second_meeting(county):
    first = asked(county)
    assert asked(county) == first
    assert OfficialMeeting.objects.count() == 1
    assert asked(county, questions=[Question("防汛", "什么时候通车？")]) != first
    meetings.decline(first, reason="已列入专题询问", by=county.affairs, at=NOW)
    assert asked(county) != first
