"""Each one invited reads the text and says for themselves; a changed text asks again."""

import pytest

from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications.models import Notice
from jiazhan.people.models import Mandate
from jiazhan.people.states import MandateStatus
from jiazhan.suggestions import access
from jiazhan.suggestions.choices import Consent
from jiazhan.suggestions.services import cosigning, writing
from jiazhan.suggestions.states import State
from tests import factories
from tests.domain.suggestions import walking
from tests.domain.suggestions.walking import TEXT
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


@pytest.fixture
def second(county):
    return county.make_deputy("林静")


@pytest.fixture
def invited(county, second):
    proposal = walking.drafted(county)
    return cosigning.invite(proposal, deputies=[second], by=proposal.lead.account, at=NOW)


def confirm(proposal, deputy, **given):
    return cosigning.confirm(proposal, **{"version": proposal.version, "by": deputy.account, "at": NOW, **given})


def told(deputy, kind):
    return Notice.objects.filter(recipient=deputy.account, kind=kind, way="inbox").count()


def test_only_sitting_deputies_of_that_congress_are_invited_all_or_none(county, second):
    proposal = walking.drafted(county)
    elsewhere = factories.County(code="990107", name="青石区").make_deputy("何伟")
    ended = county.make_deputy("吴宏")
    Mandate.objects.filter(deputy=ended).update(status=MandateStatus.TERMINATED, ends_on=NOW.date())
    with pytest.raises(cosigning.NotOfCongress) as refused:
        cosigning.invite(proposal, deputies=[second, elsewhere, ended], by=proposal.lead.account, at=NOW)
    assert refused.value.names == ["何伟", "吴宏"]
    assert not proposal.cosigners.exists()
    assert cosigning.invite(proposal, deputies=[second], by=proposal.lead.account, at=NOW).state == State.COSIGNING


def test_only_the_lead_invites(county, second):
    proposal = walking.drafted(county)
    with pytest.raises(access.NotYours):
        cosigning.invite(proposal, deputies=[county.deputy], by=second.account, at=NOW)


def test_who_was_asked_is_not_told_twice_but_who_declined_is_asked_anew(county, second, invited):
    cosigning.invite(invited, deputies=[second], by=invited.lead.account, at=later(hours=1))
    assert told(second, "proposal-invited") == 1
    cosigning.decline(invited, by=second.account, at=later(hours=2), note="不熟悉情况")
    cosigning.invite(invited, deputies=[second], by=invited.lead.account, at=later(hours=3))
    assert told(second, "proposal-invited") == 2
    assert invited.cosigners.get().consent == Consent.INVITED


def test_a_changed_text_asks_those_again_who_had_confirmed_and_shows_what_they_confirmed(county, second, invited):
    confirm(invited, second)
    changed = writing.save(
        invited,
        version=invited.version,
        by=invited.lead.account,
        at=NOW,
        **{**TEXT, "request": TEXT["request"] + "四是公开进度。"},
    )
    cosigner = invited.cosigners.get()
    assert cosigner.consent == Consent.CHANGED
    assert cosigning.changed_since(cosigner).request == TEXT["request"]
    with pytest.raises(cosigning.TextMovedOn):
        confirm(invited, second)
    assert access.signers(changed) == [changed.lead]
    assert confirm(changed, second).consent == Consent.CONFIRMED
    assert cosigning.changed_since(changed.cosigners.get()) is None


def test_autosave_tells_a_cosigner_once(county, second, invited):
    confirm(invited, second)
    proposal = walking.again(invited)
    for n in range(3):
        proposal = writing.save(
            proposal,
            version=proposal.version,
            by=proposal.lead.account,
            at=later(seconds=n),
            **{**TEXT, "cause": f"第 {n} 稿"},
        )
    assert told(second, "proposal-changed") == 1


def test_a_second_click_confirms_once(county, second, invited):
    confirm(invited, second)
    confirm(invited, second, at=later(minutes=1))
    assert told(invited.lead, "proposal-cosigned") == 1


def test_who_was_not_invited_or_sits_no_more_cannot_sign(county, second, invited):
    with pytest.raises(cosigning.NotInvited):
        confirm(invited, county.make_deputy("陈秀兰"))
    Mandate.objects.filter(deputy=second).update(status=MandateStatus.SUSPENDED)
    with pytest.raises(writing.NotSitting):
        confirm(invited, second)
    Mandate.objects.filter(deputy=second).update(status=MandateStatus.ACTIVE)
    assert confirm(invited, second).consent == Consent.CONFIRMED


def test_after_submitting_nobody_signs_or_leaves(county, second, invited):
    late = county.make_deputy("陈秀兰")
    cosigning.invite(invited, deputies=[late], by=invited.lead.account, at=NOW)
    confirm(invited, second)
    writing.submit(invited, version=invited.version, by=invited.lead.account, at=NOW)
    assert invited.cosigners.get(deputy=late).consent == Consent.LAPSED
    assert told(late, "proposal-lapsed") == 1
    with pytest.raises(StepRefused):
        cosigning.decline(invited, by=second.account, at=NOW)
    with pytest.raises(cosigning.NotInvited):
        confirm(invited, late)
    with pytest.raises(StepRefused):
        cosigning.remove(invited, deputy=second, by=invited.lead.account, at=NOW)


def test_a_reminder_goes_to_those_who_have_not_answered_once_a_day(county, second, invited):
    third = county.make_deputy("陈秀兰")
    cosigning.invite(invited, deputies=[third], by=invited.lead.account, at=NOW)
    confirm(invited, third)
    for at in (NOW, later(hours=2), later(days=1)):
        assert cosigning.remind(invited, by=invited.lead.account, at=at) == 1
    assert (told(second, "proposal-cosign-reminder"), told(third, "proposal-cosign-reminder")) == (2, 0)
    with pytest.raises(access.NotYours):
        cosigning.remind(invited, by=second.account, at=NOW)


def test_a_removed_deputy_is_told_and_reads_it_no_more(county, second, invited):
    assert access.get_for(second.account, invited.jurisdiction, invited.pk)
    cosigning.remove(invited, deputy=second, by=invited.lead.account, at=NOW)
    assert told(second, "proposal-uninvited") == 1
    with pytest.raises(access.NotVisible):
        access.get_for(second.account, invited.jurisdiction, invited.pk)
    with pytest.raises(cosigning.NotInvited):
        cosigning.remove(invited, deputy=second, by=invited.lead.account, at=NOW)
