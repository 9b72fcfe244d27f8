"""Reminders before a deadline, up the ladder after it, the end of an evaluation's window; each is told once."""

from datetime import date, timedelta

import pytest

from jiazhan.kernel import scope
from jiazhan.kernel.outcomes import Grade, OutcomeClass, PromiseState
from jiazhan.notifications.models import Notice, Way
from jiazhan.suggestions import tasks
from jiazhan.suggestions.models import Evaluation
from jiazhan.suggestions.services import evaluating, promises, reminders, units
from jiazhan.suggestions.states import State
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


def told(kind: str, *people) -> list[str]:
    rows = Notice.objects.filter(kind=kind, way=Way.INBOX)
    if people:
        rows = rows.filter(recipient__in=people)
    return list(rows.order_by("created_at", "id").values_list("text", flat=True))


def on(day: date):
    return NOW + (day - NOW.date())


def test_a_unit_is_reminded_fifteen_days_before_its_reply_is_due_and_once(county):
    proposal = walking.in_progress(county)
    assert proposal.due_on == date(2027, 2, 18)
    reminders.remind(at=on(date(2027, 2, 2)))
    assert told("proposal-soon") == []
    for _twice in range(2):
        reminders.remind(at=on(date(2027, 2, 3)))
    (text,) = told("proposal-soon", county.handler)
    assert "答复还剩" in text
    assert not told("proposal-soon", county.chair)


def test_what_is_late_climbs_from_the_handler_to_the_chairpersons(county):
    proposal = walking.in_progress(county)
    units.assign_handler(walking.part(proposal), handler=county.handler, by=county.unit_head, at=NOW)
    ladder = [county.handler, county.unit_head, county.affairs, county.chair]
    reached = []
    for days in range(1, 30):
        reminders.remind(at=on(date(2027, 2, 18) + timedelta(days=days)))
        reached.append([bool(told("proposal-late", person)) for person in ladder])
    assert reached[0] == [True, False, False, False]
    assert reached[-1] == [True, True, True, True]
    assert len(told("proposal-late", county.chair)) == 1


def test_two_parts_of_one_proposal_are_reminded_each_for_itself(county):
    helper = county.appoint("handler", unit=county.other_department)
    walking.assigned(county, assisting_units=(county.other_department,))
    county.handler  # noqa: B018 - in post
    reminders.remind(at=on(date(2026, 12, 3)))
    assert len(told("proposal-soon", helper)) == 1
    assert not told("proposal-soon", county.handler)


def test_an_objection_that_waits_for_its_ruling_is_pressed(county):
    proposal = walking.assigned(county)
    objection = units.object_to(walking.part(proposal), reason="不属本局职责", by=county.handler, at=NOW)
    for day in (objection.rule_by, objection.rule_by):
        reminders.remind(at=on(day))
    assert len(told("objection-due", county.affairs)) == 1
    reminders.remind(at=on(objection.rule_by + timedelta(days=7)))
    assert len(told("objection-late", county.affairs)) == 1


def test_only_those_who_have_not_evaluated_are_reminded_of_it(county):
    second = county.make_deputy("林静")
    proposal = walking.replied(county, second)
    walking.evaluated(proposal, second)
    reminders.remind(at=on(proposal.due_on - timedelta(days=3)))
    assert told("proposal-soon", county.deputy.account)
    assert not told("proposal-soon", second.account)


def test_a_window_that_is_over_leaves_the_unrated_unrated(county):
    second = county.make_deputy("林静")
    proposal = walking.evaluated(walking.replied(county, second), second)
    assert reminders.conclude_unrated(at=on(proposal.due_on)) == 0
    assert reminders.conclude_unrated(at=on(proposal.due_on + timedelta(days=1))) == 1
    proposal = walking.again(proposal)
    assert proposal.state == State.CLOSED
    assert Evaluation.objects.count() == 1
    with pytest.raises((evaluating.EvaluationClosed, evaluating.StepRefused)):
        walking.evaluated(proposal, county.deputy, Grade.SATISFIED, at=later(days=60))
    assert reminders.conclude_unrated(at=later(days=90)) == 0


def test_a_proposal_that_nobody_rated_has_no_grade(county):
    proposal = walking.replied(county)
    reminders.conclude_unrated(at=later(days=60))
    proposal = walking.again(proposal)
    assert (proposal.state, proposal.first_grade, proposal.grade, proposal.is_resolved) == (State.CLOSED, "", "", None)


def test_a_due_promise_asks_its_unit_once_even_years_later(county):
    promise = ("北门管网改造完工", date(2029, 6, 29))
    proposal = walking.replied(county, outcome=OutcomeClass.PLANNED, promise=promise)
    proposal = walking.evaluated(proposal, county.deputy)
    assert proposal.state == State.TRACKING
    reminders.ask_for_promises(at=on(date(2029, 6, 28)))
    assert not told("proposal-promise-due")
    for _twice in range(2):
        reminders.ask_for_promises(at=on(date(2029, 6, 29)))
    assert len(told("proposal-promise-due", county.handler)) == 1
    kept = proposal.promises.get()
    assert kept.state == PromiseState.ASKED
    promises.keep(kept, by=county.deputy.account, at=on(date(2029, 7, 1)))
    assert walking.again(proposal).state == State.CLOSED


@pytest.mark.parametrize("task", [tasks.conclude_unrated, tasks.ask_for_promises, tasks.remind])
def test_every_task_of_the_morning_runs_in_its_own_scope(task):
    county = factories.County()
    assert not scope.current()
    task(jurisdiction=county.code)
