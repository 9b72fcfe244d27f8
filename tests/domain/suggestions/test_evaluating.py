"""Each deputy's own word on each reply, within its window, once; nobody's counts for another."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiazhan.kernel import words
from jiazhan.kernel.outcomes import Grade, OutcomeClass, PromiseState
from jiazhan.kernel.workflow import StepRefused
from jiazhan.suggestions import access, rules
from jiazhan.suggestions.models import Evaluation, ReplyCopy
from jiazhan.suggestions.services import assigning, checking, evaluating, following, promises, units
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


def evaluate(proposal, deputy, *, reply=None, at=NOW, **given):
    given = {"manner": Grade.SATISFIED, "result": Grade.SATISFIED, "is_resolved": True, "words_said": ""} | given
    proposal = walking.again(proposal)
    return evaluating.evaluate(proposal, reply=reply or walking.last_reply(proposal), by=deputy.account, at=at, **given)


def test_a_deputy_evaluates_once(county):
    second = county.make_deputy("林静")
    proposal = walking.replied(county, second)
    evaluate(proposal, county.deputy)
    with pytest.raises(evaluating.AlreadyEvaluated):
        evaluate(proposal, county.deputy, result=Grade.DISSATISFIED, words_said="改主意")
    assert walking.again(proposal).state == State.REPLIED
    evaluate(proposal, second)
    assert walking.again(proposal).state == State.CLOSED


def test_only_who_got_a_copy_evaluates(county):
    proposal = walking.replied(county)
    for account in (county.make_deputy("陈秀兰").account, county.handler, county.unit_head, county.affairs):
        with pytest.raises(access.NotYours):
            evaluating.evaluate(
                proposal, reply=walking.last_reply(proposal), by=account, at=NOW,
                manner=Grade.SATISFIED, result=Grade.SATISFIED, is_resolved=True, words_said="",
            )  # fmt: skip
    assert evaluate(proposal, county.deputy)


@pytest.mark.parametrize("poor", ["manner", "result"])
def test_dissatisfaction_says_why(county, poor):
    proposal = walking.replied(county)
    with pytest.raises(words.WordsMissing):
        evaluate(proposal, county.deputy, **{poor: Grade.DISSATISFIED})
    assert not Evaluation.objects.exists()
    assert evaluate(proposal, county.deputy, **{poor: Grade.DISSATISFIED}, words_said="没有到现场。")


def test_the_window_is_open_on_its_last_day_and_closed_after(county):
    late, timely = walking.replied(county), walking.replied(county)
    until = rules.evaluated_until(timely, walking.last_reply(timely))
    # 15 working days from Wednesday, 18 November.
    assert until == date(2026, 12, 9)
    last = NOW + timedelta(days=(until - NOW.date()).days)
    assert evaluate(timely, county.deputy, at=last)
    with pytest.raises(evaluating.EvaluationClosed) as refused:
        evaluate(late, county.deputy, at=last + timedelta(days=1))
    assert refused.value.until == until
    evaluating.conclude_unrated(walking.again(late), at=last + timedelta(days=1))
    # The case is closed by now, and the reason is still the window.
    with pytest.raises(evaluating.EvaluationClosed):
        evaluate(late, county.deputy, at=last + timedelta(days=2))
    assert walking.again(late).grade == ""


def test_one_dissatisfied_deputy_moves_it_and_the_others_may_still_speak(county):
    second = county.make_deputy("林静")
    proposal = walking.replied(county, second)
    evaluate(proposal, county.deputy, result=Grade.DISSATISFIED, is_resolved=False, words_said="还有两处积水。")
    assert walking.again(proposal).state == State.REORDERING
    evaluate(proposal, second)
    proposal = walking.again(proposal)
    assert (proposal.state, proposal.first_grade, proposal.is_resolved) == (State.REORDERING, Grade.DISSATISFIED, False)


def test_a_second_dissatisfaction_leads_to_a_talk(county):
    proposal = walking.replied(county)
    evaluate(proposal, county.deputy, result=Grade.DISSATISFIED, is_resolved=False, words_said="还有两处积水。")
    evaluating.reorder(walking.again(proposal), by=county.affairs, at=later(days=1))
    walking.answer(walking.again(proposal), county, at=later(days=5))
    evaluate(
        proposal, county.deputy, at=later(days=6), result=Grade.DISSATISFIED, is_resolved=False, words_said="没有动工。"
    )
    proposal = walking.again(proposal)
    assert (proposal.state, proposal.first_grade, proposal.grade) == (
        State.ESCALATED,
        Grade.DISSATISFIED,
        Grade.DISSATISFIED,
    )
    assert proposal.replies.count() == 2


def test_the_deputy_of_a_merged_one_evaluates_the_one_that_it_went_into(county):
    second = county.make_deputy("林静")
    target = walking.accepted(county)
    merged = walking.submitted(county, lead=second)
    checking.merge(merged, into=target, by=county.affairs, at=NOW)
    assigning.assign([assigning.Plan(target, (county.department,))], name="交办", by=county.affairs, at=NOW)
    units.sign(walking.part(target), by=county.handler, at=NOW)
    walking.answer(walking.again(target), county)
    evaluate(target, second)
    evaluate(target, county.deputy)
    assert walking.again(target).state == State.CLOSED
    with pytest.raises(StepRefused):
        evaluating.evaluate(
            walking.again(merged), reply=walking.last_reply(target), by=_third(county, target).account, at=NOW,
            manner=Grade.SATISFIED, result=Grade.SATISFIED, is_resolved=True, words_said="",
        )  # fmt: skip


def _third(county, target):
    """Somebody with a copy who has said nothing."""
    third = county.make_deputy("吴宏")
    copy = ReplyCopy.objects.filter(reply__proposal=target).first()
    ReplyCopy.objects.create(
        jurisdiction=copy.jurisdiction,
        reply=copy.reply,
        proposal=copy.proposal,
        deputy=third,
        how="站内",
        delivered_at=NOW,
    )
    return third


def test_opening_stamps_the_own_copy_once(county):
    second = county.make_deputy("林静")
    proposal = walking.replied(county, second)
    assert evaluating.see(proposal, by=second.account, at=later(hours=1)) == 1
    assert evaluating.see(proposal, by=second.account, at=later(hours=2)) == 0
    assert evaluating.see(proposal, by=county.handler, at=NOW) == 0
    seen = {copy.deputy.name: copy.seen_at for copy in ReplyCopy.objects.select_related("deputy")}
    assert seen == {"周海燕": None, "林静": later(hours=1)}


ACTS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(Grade.values), st.booleans(), st.integers(0, 40)),
    min_size=1,
    max_size=7,
)


@pytest.fixture
def signed(county):
    """A replied proposal with two co-signers, and a deputy who did not sign."""
    signers = [county.make_deputy("林静"), county.make_deputy("何伟")]
    return walking.replied(county, *signers), [county.deputy, *signers, county.make_deputy("陈秀兰")]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_an_evaluation_never_counts_for_another_deputy(county, signed, acts):
    proposal, deputies = signed
    said = {}
    with transaction.atomic():
        for who, grade, solved, day in acts:
            try:
                evaluate(
                    proposal, deputies[who], at=later(days=day), result=Grade(grade), is_resolved=solved,
                    words_said="没有解决。" if grade == Grade.DISSATISFIED else "",
                )  # fmt: skip
            except (access.NotYours, evaluating.AlreadyEvaluated, evaluating.EvaluationClosed, StepRefused):
                continue
            said[deputies[who].pk] = (grade, solved)
        rows = {each.deputy_id: (each.result, each.is_resolved) for each in proposal.evaluations.all()}
        assert rows == said
        assert deputies[3].pk not in rows
        now = walking.again(proposal)
        worst = next(
            (grade for grade in evaluating.WORST_FIRST if grade in {grade for grade, _solved in said.values()}), ""
        )
        assert now.first_grade == worst
        assert now.is_resolved is (all(solved for _grade, solved in said.values()) if said else None)
        # Silence is no satisfaction: it closes only once each has spoken.
        assert (now.state == State.CLOSED) == (len(said) == 3 and worst != Grade.DISSATISFIED)
        transaction.set_rollback(True)


def test_a_talk_is_answered_once_by_its_own_deputy(county):
    second = county.make_deputy("林静")
    proposal = walking.in_progress(county, second)
    walking.contacted(proposal, county)
    contact = proposal.contacts.get()
    with pytest.raises(access.NotYours):
        units.answer_contact(contact, is_confirmed=True, by=second.account, at=NOW)
    with pytest.raises(words.WordsMissing):
        units.answer_contact(contact, is_confirmed=False, by=county.deputy.account, at=NOW)
    assert units.answer_contact(contact, is_confirmed=True, by=county.deputy.account, at=NOW).is_confirmed
    with pytest.raises(units.ContactAnswered):
        units.answer_contact(contact, is_confirmed=False, note="没有来。", by=county.deputy.account, at=NOW)


def test_a_promise_is_kept_by_any_of_its_deputies_and_closes_the_case(county):
    second, stranger = county.make_deputy("林静"), county.make_deputy("陈秀兰")
    promise = ("完成改造", NOW.date() + timedelta(days=60))
    proposal = walking.replied(county, second, outcome=OutcomeClass.PLANNED, promise=promise)
    for deputy in (county.deputy, second):
        evaluate(proposal, deputy)
    promised = proposal.promises.get()
    assert walking.again(proposal).state == State.TRACKING
    with pytest.raises(access.NotYours):
        promises.keep(promised, by=stranger.account, at=NOW)
    with pytest.raises(promises.TooEarly):
        promises.break_(promised, reason="没动工", by=second.account, at=NOW)
    promises.keep(promised, by=second.account, at=NOW)
    assert proposal.promises.get().state == PromiseState.KEPT
    assert walking.again(proposal).state == State.CLOSED


def test_only_what_was_accepted_is_followed_and_by_deputies_in_office(county):
    colleague = county.make_deputy("陈秀兰")
    waiting, taken = walking.submitted(county), walking.accepted(county)
    with pytest.raises(access.NotYours):
        following.follow(waiting, by=colleague.account, at=NOW)
    with pytest.raises(following.NotToFollow):
        following.follow(waiting, by=county.deputy.account, at=NOW)
    first = following.follow(taken, by=colleague.account, at=NOW)
    assert following.follow(taken, by=colleague.account, at=later(days=1)).since == first.since
    with pytest.raises(access.NotYours):
        following.follow(taken, by=county.handler, at=NOW)
