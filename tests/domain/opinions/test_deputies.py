"""The receiving deputy: what they may say, when, and only while in office."""

import pytest

from jiazhan.kernel.words import WordsMissing
from jiazhan.notifications.models import Notice
from jiazhan.opinions import access, selectors
from jiazhan.opinions.choices import OutcomeClass, Recipient
from jiazhan.opinions.services import deputies, triage
from jiazhan.opinions.states import State, Track
from jiazhan.people.models import Account, MandateStatus
from tests import factories
from tests.factories import NOW


@pytest.fixture
def opinion(county):
    """A matter that waits for the deputy's opinion."""
    return triage.accept(factories.opinion(county), deputy=county.deputy, by=county.officer, at=NOW)


def account_of(deputy):
    """As at a new log-in: permissions are worked out once for each."""
    return Account.objects.get(pk=deputy.account_id)


def opine(opinion, deputy, text="建议疏通北门雨水管。"):
    return deputies.opine(opinion, text=text, suggested_track=Track.STREET, by=account_of(deputy), at=NOW)


def test_the_deputy_asked_gives_an_opinion_and_the_street_is_told(county, opinion):
    assert county.vice_director
    held = opine(opinion, county.deputy)
    assert held.state == State.DEPUTY_OPINED
    said = held.deputy_opinions.get()
    assert (said.deputy, said.suggested_track, said.signed_at) == (county.deputy, Track.STREET, NOW)
    assert Notice.objects.filter(recipient=county.vice_director, kind="opinion-to-street").exists()


def test_another_deputy_of_the_station_does_not_speak_for_the_one_asked(county, opinion):
    with pytest.raises(access.NotYours):
        opine(opinion, county.make_deputy("另一位代表"))
    assert opine(opinion, county.deputy).state == State.DEPUTY_OPINED


def test_an_empty_opinion_is_refused(county, opinion):
    with pytest.raises(WordsMissing, match="代表意见"):
        opine(opinion, county.deputy, text="  ")


@pytest.mark.parametrize("status", [MandateStatus.SUSPENDED, MandateStatus.TERMINATED])
def test_a_deputy_out_of_office_begins_nothing_but_reads_on(county, opinion, status):
    county.deputy.mandates.update(status=status, ends_on="2026-11-01")
    with pytest.raises(deputies.MandateNotActive):
        opine(opinion, county.deputy)
    assert access.visible_to(account_of(county.deputy)).filter(pk=opinion.pk).exists()
    county.deputy.mandates.update(status=MandateStatus.ACTIVE, ends_on=None)
    assert opine(opinion, county.deputy).state == State.DEPUTY_OPINED


def test_an_answer_on_the_spot_reaches_the_author_and_waits_for_the_rating(county, opinion):
    assert county.office
    held = deputies.answer_on_spot(
        opinion, text="已请社区今天疏通。", outcome=OutcomeClass.RESOLVED, by=account_of(county.deputy), at=NOW
    )
    assert held.state == State.REPLIED
    assert held.replies.get().unit is None
    assert set(held.deliveries.values_list("recipient", flat=True)) == set(Recipient.values)


def test_the_station_goes_on_without_the_deputy_only_after_the_deadline(county, opinion):
    def go_on(at):
        return deputies.pass_without_opinion(opinion, reason="多次联系未果。", by=county.officer, at=at)

    with pytest.raises(deputies.StillTime):
        go_on(factories.later(days=7))
    assert [each.step for each in selectors.steps_for(county.officer, opinion, today=opinion.due_on)] == [
        "decline",
        "divert",
        "merge",
    ]
    held = go_on(factories.later(days=8))
    assert held.state == State.DEPUTY_OPINED
    assert held.deputy_opinions.get().deputy is None
    assert Notice.objects.filter(recipient=county.deputy.account, kind="opinion-passed").exists()


def test_the_matter_is_handed_to_another_deputy_with_a_time_of_their_own(county, opinion):
    other, at = county.make_deputy("另一位代表"), factories.later(days=5)
    held = deputies.hand_to_deputy(
        opinion, deputy=other, reason="这件事他更熟悉。", by=account_of(county.deputy), at=at
    )
    assert held.deputy == other
    assert held.due_on > opinion.due_on
    with pytest.raises(access.NotYours):
        deputies.hand_to_deputy(held, deputy=county.deputy, by=account_of(county.deputy), at=at)


def test_a_matter_from_a_deputys_own_code_is_taken_up_by_that_deputy(county):
    raised = factories.raised(county, deputy=county.deputy)
    assert Notice.objects.filter(recipient=county.deputy.account, kind="opinion-raised").exists()
    other = county.make_deputy("另一位代表")
    with pytest.raises(access.NotYours):
        deputies.take_up(raised.opinion, by=account_of(other), at=NOW)
    assert deputies.take_up(raised.opinion, by=account_of(county.deputy), at=NOW).state == State.ACCEPTED


def test_three_things_for_today_begin_with_what_is_due(county, opinion):
    county.make_reception(county.deputy, starts_at=factories.later(hours=4))
    things = selectors.deputy_today(account_of(county.deputy), at=NOW)
    assert things[0].opinion == opinion
    assert "还剩 5 个工作日" in things[0].hint
    assert things[1].reception is not None
