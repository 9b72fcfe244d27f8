"""The handling unit: receipt, objection and ruling, the handler, the talk with the author."""

from datetime import date, timedelta

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel import calendar
from jiazhan.kernel.words import WordsMissing
from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications.models import Notice
from jiazhan.opinions import access
from jiazhan.opinions.access import NotYours
from jiazhan.opinions.models import Message, Objection
from jiazhan.opinions.models.handling import Ruling
from jiazhan.opinions.selectors.conversation import conversation_for_author, conversation_for_unit, holds_contact
from jiazhan.opinions.services import district, extensions, letters, replies, street, units
from jiazhan.opinions.services.authors import Author
from jiazhan.opinions.states import State
from tests.domain.opinions import walking
from tests.factories import NOW, later


def test_receipt_starts_three_months_for_a_department(county):
    matter = units.sign(walking.assigned_department(county), by=county.handler, at=NOW)
    assert (matter.state, matter.due_for, matter.due_on) == (State.DEPT_RECEIVED, "reply", date(2027, 2, 18))
    assert matter.due_rule == {"unit": "months", "count": 3, "start": "2026-11-18", "pauses": []}
    assert matter.is_due_estimated
    assert letters.current(matter).received_on == date(2026, 11, 18)


def test_receipt_starts_fifteen_working_days_for_the_street(county):
    matter = walking.handling_street(county)
    assert (matter.state, matter.due_for, matter.due_on) == (State.HANDLING, "reply", date(2026, 12, 9))


def test_the_clock_starts_with_the_day_of_receipt_not_of_typing(county):
    matter = walking.assigned_department(county)
    for wrong in (date(2026, 11, 17), date(2026, 11, 24)):
        with pytest.raises(district.DateRefused):
            units.sign(matter, received_on=wrong, by=county.handler, at=later(days=5))
    matter = units.sign(matter, received_on=date(2026, 11, 19), by=county.handler, at=later(days=5))
    assert matter.due_on == date(2027, 2, 19)
    assert units.assignment_of(matter).received_at == later(days=5)


def test_a_copy_from_before_the_assignment_does_not_mislead(county):
    early = walking.directed(county)
    street.assign_street(early, unit=county.street_office, by=county.director, at=NOW)
    assert early.track == ""
    assert units.sign(early, by=county.street_handler, at=NOW).state == State.HANDLING


def test_only_the_unit_that_holds_it_receives_a_matter(county):
    matter = walking.assigned_department(county)
    other = county.appoint("handler", unit=county.other_department)
    for stranger in (other, county.street_handler, county.dispatcher):
        with pytest.raises(NotYours):
            units.sign(matter, by=stranger, at=NOW)
    units.sign(matter, by=county.handler, at=NOW)
    with pytest.raises(StepRefused):
        units.sign(matter, by=county.unit_head, at=NOW)


@pytest.mark.parametrize("stage", ["assigned_street", "handling_street", "assigned_department", "handling_department"])
def test_a_unit_may_object_within_its_window_received_or_not(county, stage):
    matter = getattr(walking, stage)(county)
    handler, _head = walking.people_of(matter, county)
    last_day = units.assignment_of(matter).objection_until
    assert last_day == calendar.current().add_workdays(date(2026, 11, 18), 7)
    objection = units.object_to(matter, reason="属城管局职责。", by=handler, at=NOW + timedelta(days=9))
    matter.refresh_from_db()
    assert (matter.state, matter.due_for) == (State.OBJECTED, "rule")
    assert (objection.ruling, objection.raised_by) == (Ruling.PENDING, handler)
    ruler = county.director if matter.track == "street" else county.dispatcher
    assert "opinion-objected" in walking.told(ruler, matter)


def test_an_objection_a_day_too_late_is_refused_with_the_date(county):
    matter = walking.handling_department(county)
    with pytest.raises(units.WindowPassed, match="2026-11-27") as refusal:
        units.object_to(matter, reason="属城管局职责。", by=county.handler, at=later(days=10))
    assert refusal.value.until == date(2026, 11, 27)
    assert not Objection.objects.exists()
    units.object_to(matter, reason="属城管局职责。", by=county.handler, at=later(days=9))


def test_an_objection_needs_a_reason_and_another_unit(county):
    matter = walking.handling_department(county)
    with pytest.raises(WordsMissing):
        units.object_to(matter, reason="", by=county.handler, at=NOW)
    with pytest.raises(units.SameUnit):
        units.object_to(matter, reason="不属本单位", proposed_unit=county.department, by=county.handler, at=NOW)
    units.object_to(matter, reason="不属本单位", proposed_unit=county.other_department, by=county.handler, at=NOW)


def test_objections_go_to_and_fro_and_the_whole_way_stays_readable(county):
    matter = walking.handling_department(county)
    other = county.appoint("handler", unit=county.other_department)
    units.object_to(matter, reason="属城管局。", proposed_unit=county.other_department, by=county.handler, at=NOW)
    units.reassign(matter, unit=county.other_department, reason="同意改派。", by=county.dispatcher, at=later(hours=1))
    matter.refresh_from_db()
    assert (matter.state, matter.unit, matter.handler) == (State.DEPT_ASSIGNED, county.other_department, None)
    assert not access.visible_to(county.handler).filter(pk=matter.pk).exists()
    units.object_to(matter, reason="属水务局。", proposed_unit=county.department, by=other, at=later(hours=2))
    units.reassign(matter, unit=county.department, reason="仍由水务局。", by=county.dispatcher, at=later(hours=3))
    units.object_to(matter, reason="确属城管局。", by=county.handler, at=later(hours=4))
    matter = units.uphold(matter, reason="不再改派。", by=county.dispatcher, at=later(hours=5))
    assert (matter.state, matter.unit, matter.due_for) == (State.HANDLING, county.department, "reply")
    held = matter.assignments.order_by("assigned_at").values_list("unit__name", "ended_at")
    assert list(held) == [("区水务局", later(hours=1)), ("区城管局", later(hours=3)), ("区水务局", None)]
    ruled = matter.objections.order_by("raised_at").values_list("ruling", "ruling_reason")
    assert list(ruled) == [("reassigned", "同意改派。"), ("reassigned", "仍由水务局。"), ("upheld", "不再改派。")]
    actions = [entry.action for entry in entries_of(matter)][-6:]
    assert actions == ["opinion.object", "opinion.reassign_department"] * 2 + [
        "opinion.object",
        "opinion.uphold_department",
    ]
    assert "opinion-reassigned" in walking.told(other, matter)


def test_each_new_unit_gets_a_window_of_its_own(county):
    matter = walking.assigned_department(county)
    units.object_to(matter, reason="属城管局。", by=county.handler, at=later(days=9))
    units.reassign(matter, unit=county.other_department, reason="同意。", by=county.dispatcher, at=later(days=12))
    assert units.assignment_of(matter).objection_until == date(2026, 12, 9)


def test_a_ruling_needs_a_reason_and_another_unit_of_the_place(county):
    matter = walking.assigned_department(county)
    units.object_to(matter, reason="属城管局。", by=county.handler, at=NOW)
    with pytest.raises(WordsMissing):
        units.reassign(matter, unit=county.other_department, reason=" ", by=county.dispatcher, at=NOW)
    with pytest.raises(units.SameUnit):
        units.reassign(matter, unit=county.department, reason="改派", by=county.dispatcher, at=NOW)
    with pytest.raises(street.WrongUnit):
        units.reassign(matter, unit=county.gov_office, reason="改派", by=county.dispatcher, at=NOW)
    with pytest.raises(WordsMissing):
        units.uphold(matter, reason="", by=county.dispatcher, at=NOW)
    units.reassign(matter, unit=county.other_department, reason="改派", by=county.dispatcher, at=NOW)


def test_only_who_assigned_rules(county):
    on_street, in_district = walking.assigned_street(county), walking.assigned_department(county)
    units.object_to(on_street, reason="属水务局。", by=county.street_handler, at=NOW)
    units.object_to(in_district, reason="属城管局。", by=county.handler, at=NOW)
    with pytest.raises(NotYours):
        units.uphold(on_street, reason="办", by=county.dispatcher, at=NOW)
    with pytest.raises(NotYours):
        units.uphold(in_district, reason="办", by=county.director, at=NOW)
    units.uphold(on_street, reason="办", by=county.director, at=NOW)
    units.uphold(in_district, reason="办", by=county.dispatcher, at=NOW)


def test_an_objection_that_fails_gives_no_extra_time(county):
    matter = walking.handling_department(county)
    units.object_to(matter, reason="属城管局。", by=county.handler, at=later(days=5))
    matter = units.uphold(matter, reason="办。", by=county.dispatcher, at=later(days=8))
    assert matter.due_on == date(2027, 2, 18)
    assert matter.handler == county.handler


def test_a_matter_not_yet_received_runs_from_the_ruling(county):
    matter = walking.assigned_department(county)
    units.object_to(matter, reason="属城管局。", by=county.handler, at=later(days=1))
    matter = units.uphold(matter, reason="办。", by=county.dispatcher, at=later(days=5))
    assert matter.due_on == date(2027, 2, 23)
    assert units.assignment_of(matter).received_at == later(days=5)
    walking.replied(matter, county, at=later(days=6))


def test_more_time_that_was_granted_survives_a_failed_objection(county):
    matter = walking.handling_department(county)
    extensions.request_extension(matter, reason="需跨年施工。", by=county.handler, at=NOW)
    matter = extensions.grant_extension(matter, by=county.dispatcher, at=NOW)
    assert matter.due_on == date(2027, 5, 18)
    units.object_to(matter, reason="属城管局。", by=county.handler, at=NOW)
    assert units.uphold(matter, reason="办。", by=county.dispatcher, at=NOW).due_on == date(2027, 5, 18)


def test_a_request_for_more_time_ends_with_the_unit_s_time(county):
    matter = walking.handling_department(county)
    extensions.request_extension(matter, reason="需跨年施工。", by=county.handler, at=NOW)
    units.object_to(matter, reason="属城管局。", by=county.handler, at=NOW)
    units.reassign(matter, unit=county.other_department, reason="同意。", by=county.dispatcher, at=NOW)
    extension = matter.extensions.get()
    assert (extension.decision, extension.decided_by) == ("refused", county.dispatcher)
    other = county.appoint("handler", unit=county.other_department)
    units.sign(matter, by=other, at=NOW)
    with pytest.raises(extensions.NothingRequested):
        extensions.grant_extension(matter, by=county.dispatcher, at=NOW)


def test_a_draft_begun_by_the_former_unit_goes_on_as_a_draft_of_the_new_one(county):
    matter = walking.handling_department(county)
    draft = replies.save_draft(matter, body="初步核实。", by=county.handler, at=NOW)
    replies.save_draft(matter, body="初步核实。", outcome="resolved", version=draft.version, by=county.handler, at=NOW)
    replies.submit(matter, version=2, by=county.handler, at=NOW)
    units.object_to(matter, reason="属城管局。", by=county.handler, at=NOW)
    units.reassign(matter, unit=county.other_department, reason="同意。", by=county.dispatcher, at=NOW)
    kept = matter.replies.get()
    assert (kept.body, kept.state, kept.unit) == ("初步核实。", "draft", county.other_department)


def test_the_handler_is_somebody_of_the_unit(county):
    matter = units.sign(walking.assigned_department(county), by=county.handler, at=NOW)
    other = county.appoint("handler", unit=county.other_department)
    for wrong in (other, county.dispatcher, county.deputy.account):
        with pytest.raises(units.NotInUnit):
            units.assign_handler(matter, handler=wrong, by=county.unit_head, at=NOW)
    matter = units.assign_handler(matter, handler=county.handler, by=county.unit_head, at=NOW)
    assert (matter.state, matter.handler, matter.due_for) == (State.HANDLING, county.handler, "reply")
    assert units.assignment_of(matter).handler == county.handler
    assert "opinion-handler" in walking.told(county.handler, matter)


def test_the_handler_can_be_chosen_again_without_moving_the_case(county):
    matter = walking.handling_department(county)
    before = matter.due_on
    matter = units.assign_handler(matter, handler=county.unit_head, by=county.unit_head, at=later(days=1))
    assert (matter.state, matter.handler, matter.due_on) == (State.HANDLING, county.unit_head, before)
    assert entries_of(matter).last().action == "opinion.change_handler"


def test_a_former_colleague_is_no_handler(county):
    matter = walking.handling_department(county)
    left = county.appoint("handler")
    left.posts.update(ends_on=date(2026, 1, 1))
    with pytest.raises(units.NotInUnit):
        units.assign_handler(matter, handler=left, by=county.unit_head, at=NOW)


def test_unit_and_author_talk_without_seeing_each_other_s_number(county):
    matter = walking.handling_department(county, author=Author(name="张小明", phone="13812345678"))
    author = walking.author_of(matter)
    units.speak(matter, text="请问具体是哪个井？可致电 0571-88012345。", by=county.handler, at=NOW)
    units.answer_message(matter, text="北门，打我 138 1234 5678。", by=author, at=later(minutes=1))
    seen_by_unit = [said.text for said in conversation_for_unit(matter)]
    assert seen_by_unit == ["请问具体是哪个井？可致电 0571-88012345。", "北门，打我 [手机号]。"]
    assert [said.is_masked for said in conversation_for_unit(matter)] == [False, True]
    assert conversation_for_author(matter)[1].text == "北门，打我 138 1234 5678。"
    assert holds_contact("打我 13812345678")
    assert not holds_contact("北门的井")
    # The notice that leaves for the phone carries no word of it.
    sent = Notice.objects.filter(kind="opinion-message", recipient=None).get()
    assert "哪个井" not in sent.text
    assert "opinion-message" in walking.told(county.handler, matter)


def test_an_author_who_lets_units_see_them_is_shown_as_written(county):
    matter = walking.handling_department(county, author=Author(phone="13812345678", is_hidden_from_units=False))
    units.answer_message(matter, text="打我 13812345678。", by=walking.author_of(matter), at=NOW)
    assert conversation_for_unit(matter)[0].text == "打我 13812345678。"


def test_an_anonymous_author_is_masked_whatever_was_ticked(county):
    matter = walking.handling_department(county, author=Author(is_anonymous=True, is_hidden_from_units=False))
    units.answer_message(matter, text="打我 13812345678。", by=walking.author_of(matter), at=NOW)
    assert conversation_for_unit(matter)[0].text == "打我 [手机号]。"


def test_nobody_else_speaks_in_their_name(county):
    matter, other = walking.handling_department(county), walking.handling_department(county)
    for stranger in (county.dispatcher, county.street_handler, county.officer):
        with pytest.raises(NotYours):
            units.speak(matter, text="您好", by=stranger, at=NOW)
    for stranger in (walking.author_of(other), county.handler):
        with pytest.raises(NotYours):
            units.answer_message(matter, text="您好", by=stranger, at=NOW)
    with pytest.raises(WordsMissing):
        units.speak(matter, text=" ", by=county.handler, at=NOW)
    assert not Message.objects.exists()
    units.speak(matter, text="您好", by=county.handler, at=NOW)


def test_nobody_talks_before_a_unit_is_at_work(county):
    matter = walking.assigned_department(county)
    with pytest.raises(StepRefused):
        units.speak(matter, text="您好", by=county.handler, at=NOW)


def test_the_record_keeps_that_somebody_spoke_not_what(county):
    matter = walking.handling_department(county)
    units.answer_message(matter, text="我住三楼，电话13812345678", by=walking.author_of(matter), at=NOW)
    entry = entries_of(matter).last()
    assert (entry.action, entry.detail) == ("opinion.message", {"speaker": "author"})


@pytest.mark.parametrize(
    "act",
    [
        lambda matter, by: units.sign(matter, by=by, at=NOW),
        lambda matter, by: units.object_to(matter, reason="不属", by=by, at=NOW),
    ],
)
def test_a_unit_does_nothing_with_an_accusation(county, act):
    matter = walking.assigned_department(county)
    locked = walking.lock(walking.assigned_department(county))
    with pytest.raises((street.Locked, NotYours)):
        act(locked, county.handler)
    act(matter, county.handler)
    matter = locked
    assert not access.visible_to(county.handler).filter(pk=matter.pk).exists()
