"""Two devices, or two deputies, at the same moment: one acts, the other is told so, nothing is lost or doubled."""

from functools import partial

import pytest

from jiazhan.kernel import scope
from jiazhan.kernel.outcomes import Grade
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.suggestions.choices import Consent
from jiazhan.suggestions.models import Evaluation
from jiazhan.suggestions.services import cosigning, evaluating, writing
from jiazhan.suggestions.states import State
from tests import factories
from tests.at_once import at_once
from tests.domain.suggestions import walking
from tests.domain.suggestions.walking import TEXT
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county():
    return factories.County()


def within(act, *given, **named):
    with scope.within(["990106"]):
        return act(*given, **named)


def kinds(results):
    return sorted(type(each).__name__ for each in results)


def test_of_two_devices_that_save_at_once_one_is_told_of_the_other(county):
    with county.within():
        draft = walking.drafted(county)
    save = partial(within, writing.save, draft, version=draft.version, at=NOW)
    results = at_once(
        *(
            partial(save, by=Account.objects.get(pk=draft.lead.account_id), **(TEXT | {"cause": text}))
            for text in ("手机上写的。", "电脑上写的。")
        )
    )
    assert kinds(results) == ["DraftChanged", "Proposal"]
    refused = next(each for each in results if isinstance(each, writing.DraftChanged))
    with county.within():
        assert refused.theirs.cause == walking.again(draft).cause


def test_a_double_click_submits_and_evaluates_once(county):
    with county.within():
        draft, replied = walking.drafted(county), walking.replied(county)
        reply = walking.last_reply(replied)
    lead = Account.objects.get(pk=draft.lead.account_id)
    submit = partial(within, writing.submit, draft, version=draft.version, by=lead, at=NOW)
    results = at_once(submit, submit)
    assert kinds(results) == ["Proposal", "StepRefused"]
    evaluate = partial(
        within, evaluating.evaluate, replied, reply=reply, manner=Grade.SATISFIED, result=Grade.SATISFIED,
        is_resolved=True, words_said="", by=lead, at=NOW,
    )  # fmt: skip
    results = at_once(evaluate, evaluate)
    assert kinds(results) == ["AlreadyEvaluated", "Evaluation"]
    with county.within():
        assert Evaluation.objects.count() == 1
        assert walking.again(replied).state == State.CLOSED


def test_a_signature_and_a_submission_at_once_agree_on_who_signed(county):
    second = county.make_deputy("林静")
    with county.within():
        draft = walking.drafted(county)
        draft = cosigning.invite(draft, deputies=[second], by=draft.lead.account, at=NOW)
    lead, signer = (Account.objects.get(pk=each.account_id) for each in (draft.lead, second))
    submitted, confirmed = at_once(
        partial(within, writing.submit, draft, version=draft.version, by=lead, at=NOW),
        partial(within, cosigning.confirm, draft, version=draft.version, by=signer, at=NOW),
    )
    with county.within():
        assert walking.again(submitted).state == State.SUBMITTED
        consent = draft.cosigners.get().consent
    is_refused = isinstance(confirmed, (StepRefused, cosigning.NotInvited))
    assert consent == (Consent.LAPSED if is_refused else Consent.CONFIRMED)
