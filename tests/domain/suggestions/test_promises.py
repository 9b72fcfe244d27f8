"""Promises of replies: asked, explained, found kept or broken once, spoken of afterwards, answered again."""

from datetime import date

import pytest

from jiazhan.kernel.outcomes import Grade, OutcomeClass, PromiseState
from jiazhan.kernel.refusals import NotYours
from jiazhan.kernel.words import WordsMissing
from jiazhan.notifications.models import Notice
from jiazhan.people.models import Mandate, MandateStatus
from jiazhan.people.roles import Role
from jiazhan.suggestions.models import PromiseSaid
from jiazhan.suggestions.services import promises
from jiazhan.suggestions.states import State
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 31)
AFTER = later(days=50)


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


@pytest.fixture
def colleague(county):
    return county.make_deputy("林静")


def promised(county, *cosigners):
    """A promise that is tracked: everyone was satisfied with the plan."""
    proposal = walking.replied(county, *cosigners, outcome=OutcomeClass.PLANNED, promise=("北门管网改造完工", DUE))
    for deputy in (proposal.lead, *cosigners):
        proposal = walking.evaluated(proposal, deputy, Grade.SATISFIED)
    assert proposal.state == State.TRACKING
    return proposal.promises.get()


def told(kind, *accounts):
    rows = Notice.objects.filter(kind=kind, recipient__in=[each.pk for each in accounts])
    return rows.values("recipient").distinct().count()


def test_the_first_deputy_settles_and_another_adds_words(county, colleague):
    promise, desk = promised(county, colleague), county.affairs
    promises.keep(promise, by=county.deputy.account, at=AFTER, note="到现场看过。")
    for again in (promises.keep, lambda each, **who: promises.break_(each, reason="还漏水", **who)):
        with pytest.raises(promises.AlreadySettled, match="周海燕"):
            again(promise, by=colleague.account, at=AFTER)
    promises.add_words(promise, text="西侧还有一段没有换。", by=colleague.account, at=AFTER)
    promise.refresh_from_db()
    assert promise.state == PromiseState.KEPT
    assert [(each.kind, each.said_by) for each in promise.words.all()] == [(PromiseSaid.ADDED, colleague.account)]
    assert told("proposal-promise-words", county.handler, desk) == 2


def test_words_come_after_a_finding_and_from_those_concerned(county, colleague):
    promise = promised(county, colleague)
    with pytest.raises(promises.NotSettled):
        promises.add_words(promise, text="还没动工", by=colleague.account, at=AFTER)
    promises.keep(promise, by=county.deputy.account, at=AFTER)
    with pytest.raises(WordsMissing):
        promises.add_words(promise, text=" ", by=colleague.account, at=AFTER)
    stranger = county.make_deputy("何伟").account
    for person in (stranger, county.handler, county.chair):
        with pytest.raises(NotYours):
            promises.add_words(promise, text="补充", by=person, at=AFTER)
    assert promises.add_words(promise, text="补充", by=county.affairs, at=AFTER).pk


def test_the_desk_settles_only_what_no_deputy_is_left_to_settle(county):
    promise = promised(county)
    with pytest.raises(promises.AskDeputiesFirst, match="周海燕"):
        promises.keep(promise, by=county.affairs, at=AFTER)
    Mandate.objects.filter(deputy=county.deputy).update(status=MandateStatus.TERMINATED, ends_on=NOW.date())
    for person in (county.handler, county.chair):
        with pytest.raises(NotYours):
            promises.keep(promise, by=person, at=AFTER)
    kept = promises.keep(promise, by=county.affairs, at=AFTER)
    assert (kept.state, kept.settled_by) == (PromiseState.KEPT, county.affairs)


def test_every_explanation_stays_and_only_the_own_unit_explains(county):
    promise = promised(county)
    promises.explain(promise, text="12 月底完工。", by=county.handler, at=later(days=40))
    promises.explain(promise, text="已经完工。", by=county.unit_head, at=AFTER)
    said = list(promise.words.order_by("said_at").values_list("text", flat=True))
    assert said == ["12 月底完工。", "已经完工。"]
    stranger = county.appoint(Role.HANDLER, unit=county.other_department)
    for person in (stranger, county.affairs, county.deputy.account):
        with pytest.raises(NotYours):
            promises.explain(promise, text="完工", by=person, at=AFTER)
    promises.keep(promise, by=county.deputy.account, at=AFTER)
    with pytest.raises(promises.AlreadySettled):
        promises.explain(promise, text="再说一次", by=county.handler, at=AFTER)


def test_a_promise_is_called_broken_after_its_day_with_a_word(county):
    promise = promised(county)
    with pytest.raises(promises.TooEarly):
        promises.break_(promise, reason="没有动工", by=county.deputy.account, at=later(days=30))
    with pytest.raises(WordsMissing):
        promises.break_(promise, reason="", by=county.deputy.account, at=AFTER)
    broken = promises.break_(promise, reason="没有动工", by=county.deputy.account, at=AFTER)
    assert (broken.state, walking.again(broken.proposal).state) == (PromiseState.BROKEN, State.CLOSED)


def test_the_unit_answers_again_once_what_it_promised_is_kept(county, colleague):
    promise = promised(county, colleague)
    by = {"by": county.handler, "at": AFTER}
    with pytest.raises(promises.NotKept):
        promises.answer_again(promise, text="已经完工。", **by)
    promises.keep(promise, by=county.deputy.account, at=AFTER)
    with pytest.raises(NotYours):
        promises.answer_again(promise, text="已经完工。", by=county.affairs, at=AFTER)
    with pytest.raises(WordsMissing):
        promises.answer_again(promise, text=" ", **by)
    said = promises.answer_again(promise, text="改造 120 米，验收合格。", **by)
    assert said.kind == PromiseSaid.ANSWERED
    assert told("proposal-promise-answered", county.deputy.account, colleague.account) == 2
    with pytest.raises(promises.AnsweredAgain):
        promises.answer_again(promise, text="再答一次", **by)


def test_a_broken_promise_is_not_answered_again(county):
    promise = promised(county)
    promises.break_(promise, reason="没有动工", by=county.deputy.account, at=AFTER)
    with pytest.raises(promises.NotKept):
        promises.answer_again(promise, text="快了", by=county.handler, at=AFTER)
