"""More time for a reply: asked for in time by a head, granted once, six months at most."""

from datetime import date, timedelta

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel import calendar
from jiazhan.kernel.outcomes import Decision
from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications.models import Notice
from jiazhan.suggestions import access
from jiazhan.suggestions.choices import Part
from jiazhan.suggestions.services import extensions, units
from jiazhan.suggestions.states import PartState
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


def ask(county, proposal, at=NOW):
    return extensions.request_extension(walking.part(proposal), reason="涉及开挖审批。", by=county.unit_head, at=at)


def test_three_months_become_six_and_every_deputy_is_told(county):
    second = county.make_deputy("林静")
    proposal = walking.in_progress(county, second)
    asked = ask(county, proposal)
    assert (asked.due_before, asked.due_after) == (date(2027, 2, 18), date(2027, 5, 18))
    assert walking.part(proposal).due_on == date(2027, 2, 18)
    extensions.grant_extension(asked, by=county.affairs, at=later(days=1))
    assert walking.part(proposal).due_on == walking.again(proposal).due_on == date(2027, 5, 18)
    told = Notice.objects.filter(kind="proposal-extended").values_list("recipient", flat=True)
    assert {proposal.lead.account_id, second.account_id} <= set(told)
    assert entries_of(proposal).last().action == "proposal.extension_granted"


def test_what_has_the_longest_time_gets_no_more(county):
    proposal = walking.in_progress(county)
    extensions.grant_extension(ask(county, proposal), by=county.affairs, at=NOW)
    with pytest.raises(extensions.NothingToExtend):
        ask(county, proposal, at=later(days=2))


def test_it_is_asked_for_in_time_and_once(county):
    proposal = walking.in_progress(county)
    with pytest.raises(extensions.DuePassed):
        ask(county, proposal, at=NOW + timedelta(days=93))
    asked = ask(county, proposal, at=NOW + timedelta(days=92))
    with pytest.raises(extensions.AlreadyAsked):
        ask(county, proposal)
    # Asked for in time, it may be granted a day later.
    extensions.grant_extension(asked, by=county.affairs, at=NOW + timedelta(days=93))


def test_a_handler_does_not_ask_and_an_assisting_unit_has_nothing_to_ask_for(county):
    proposal = walking.in_progress(county, assisting_units=(county.other_department,))
    with pytest.raises(access.NotYours):
        extensions.request_extension(walking.part(proposal), reason="难。", by=county.handler, at=NOW)
    helper = county.appoint("unit_head", unit=county.other_department)
    assist = units.sign(walking.part(proposal, Part.ASSIST), by=helper, at=NOW)
    with pytest.raises(StepRefused):
        extensions.request_extension(assist, reason="难。", by=helper, at=NOW)


def test_two_who_decide_leave_one_decision(county):
    proposal = walking.in_progress(county)
    asked = ask(county, proposal)
    extensions.refuse_extension(asked, reason="可以按期办结。", by=county.affairs, at=NOW)
    with pytest.raises(StepRefused):
        extensions.grant_extension(asked, by=county.affairs, at=NOW)
    assert walking.part(proposal).due_on == date(2027, 2, 18)


def test_what_is_answered_or_given_away_is_not_extended_any_more(county):
    answered, given = walking.in_progress(county), walking.in_progress(county)
    asked = [ask(county, each) for each in (answered, given)]
    walking.answer(answered, county)
    units.reassign(walking.part(given), unit=county.street_office, reason="属地。", by=county.affairs, at=NOW)
    for each in asked:
        each.refresh_from_db()
        assert each.decision == Decision.REFUSED
        with pytest.raises(StepRefused):
            extensions.grant_extension(each, by=county.affairs, at=NOW)
    assert walking.part(answered).state == PartState.ANSWERED
    assert walking.part(answered).due_on is None


def test_it_is_granted_by_the_calendar_of_the_day(county):
    proposal = walking.in_progress(county)
    asked = ask(county, proposal)
    calendar.load_year(2027, off=[date(2027, 5, 18)], work=[], source="试验")
    granted = extensions.grant_extension(asked, by=county.affairs, at=NOW)
    assert granted.due_after == walking.part(proposal).due_on == date(2027, 5, 19)
