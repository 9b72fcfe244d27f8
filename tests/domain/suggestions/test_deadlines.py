"""Open deadlines of proposals follow the calendar, each with an entry; what is over is left alone."""

from datetime import date

import pytest

from jiazhan.audit import SYSTEM
from jiazhan.audit.selectors import entries_of
from jiazhan.kernel import calendar
from jiazhan.suggestions.choices import DueFor, Part
from jiazhan.suggestions.selectors import timeline
from jiazhan.suggestions.services import deadlines, units
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    calendar.forget()
    county = factories.County()
    with county.within():
        yield county
    calendar.forget()


def test_a_holiday_on_the_last_day_moves_the_part_and_what_the_proposal_shows(county):
    proposal = walking.in_progress(county, assisting_units=(county.other_department,))
    assert proposal.due_on == date(2027, 2, 18)
    calendar.load_year(2027, off=[date(2027, 2, 18), date(2027, 2, 19)], work=[], source="试验")
    assert deadlines.recompute(by=county.affairs, at=NOW) == 1
    assert walking.part(proposal).due_on == walking.again(proposal).due_on == date(2027, 2, 22)
    entry = entries_of(proposal).last()
    assert (entry.action, entry.actor_name) == ("proposal.move_deadline", county.affairs.name)
    said = timeline.for_congress(proposal)[-1].text
    assert said == f"工作日历调整，{county.department.name}答复期限由 2027-02-18 改为 2027-02-22。"


def test_a_withdrawn_holiday_moves_it_back_and_twice_is_once(county):
    proposal = walking.in_progress(county)
    calendar.load_year(2027, off=[date(2027, 2, 18)], work=[], source="试验")
    deadlines.recompute(by=SYSTEM, at=NOW)
    calendar.load_year(2027, off=[], work=[], source="试验")
    assert deadlines.recompute(by=SYSTEM, at=NOW) == 1
    assert deadlines.recompute(by=SYSTEM, at=NOW) == 0
    part = walking.part(proposal)
    assert (part.due_on, part.is_due_estimated) == (date(2027, 2, 18), False)


def test_an_assisting_part_and_a_stage_move_too(county):
    walking.submitted(county)
    proposal = walking.in_progress(county, assisting_units=(county.other_department,))
    replied = walking.replied(county)
    assert replied.due_for == DueFor.EVALUATE
    before = replied.due_on
    calendar.load_year(2026, off=[date(2026, 11, 19), date(2026, 12, 18)], work=[], source="试验")
    deadlines.recompute(by=SYSTEM, at=NOW)
    assert walking.part(proposal, Part.ASSIST).due_on == date(2026, 12, 21)
    assert walking.again(replied).due_on > before


def test_windows_for_objections_and_rulings_grow_by_the_holidays_in_them(county):
    proposal = walking.assigned(county, assisting_units=(county.other_department,))
    units.object_to(walking.part(proposal), reason="不属。", by=county.handler, at=NOW)
    objection, window = proposal.objections.get(), walking.part(proposal, Part.ASSIST).objection_until
    calendar.load_year(2026, off=[date(2026, 11, 20)], work=[], source="试验")
    deadlines.recompute(by=SYSTEM, at=NOW)
    assert walking.part(proposal, Part.ASSIST).objection_until > window
    assert proposal.objections.get().rule_by > objection.rule_by
    said = [each.text for each in timeline.for_congress(proposal)]
    assert any("异议期限由" in each for each in said)
    assert any("裁定期限由" in each for each in said)


def test_what_is_answered_or_closed_is_left_alone(county):
    proposal = walking.replied(county)
    walking.evaluated(proposal, proposal.lead)
    calendar.load_year(2027, off=[date(2027, 2, 18)], work=[], source="试验")
    assert deadlines.recompute(by=SYSTEM, at=later(days=1)) == 0
