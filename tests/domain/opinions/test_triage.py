"""What the station decides first, and what must not be possible."""

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel.words import WordsMissing
from jiazhan.notifications.models import Notice
from jiazhan.opinions import access
from jiazhan.opinions.choices import Diversion, Urgency, Visibility
from jiazhan.opinions.services import triage
from jiazhan.opinions.states import State
from jiazhan.people.models import MandateStatus
from tests import factories
from tests.factories import NOW


def accept(county, opinion, **given):
    return triage.accept(opinion, by=county.officer, at=NOW, **given)


def test_a_matter_is_taken_up_and_the_deputy_asked(county):
    opinion = accept(county, factories.opinion(county), deputy=county.deputy, category=factories.category())
    assert opinion.state == State.ACCEPTED
    assert (opinion.deputy, opinion.category.name) == (county.deputy, "排水")
    assert opinion.due_on.isoformat() == "2026-11-25"
    assert Notice.objects.filter(recipient=county.deputy.account, kind="opinion-asked").exists()


def test_a_deputy_of_another_station_is_not_asked(county):
    opinion, stranger = factories.opinion(county), county.make_deputy("外站代表", station=county.other_station)
    with pytest.raises(triage.NotAttached):
        accept(county, opinion, deputy=stranger)
    assert accept(county, opinion, deputy=county.deputy).deputy == county.deputy


def test_a_suspended_deputy_is_not_asked(county):
    opinion = factories.opinion(county)
    county.deputy.mandates.update(status=MandateStatus.SUSPENDED)
    with pytest.raises(triage.NotAttached):
        accept(county, opinion, deputy=county.deputy)
    with pytest.raises(triage.NoDeputy):
        accept(county, opinion)
    county.deputy.mandates.update(status=MandateStatus.ACTIVE)
    assert accept(county, opinion).deputy == county.deputy


def test_without_a_name_the_deputy_who_receives_next_is_asked(county):
    idle, busy = county.make_deputy("甲代表"), county.make_deputy("乙代表")
    county.make_reception(busy, starts_at=factories.later(days=2))
    assert accept(county, factories.opinion(county)).deputy == busy
    assert accept(county, factories.opinion(county), deputy=idle).deputy == idle


def test_the_officer_of_another_station_may_not_take_it_up(county):
    opinion = factories.opinion(county)
    stranger = county.appoint(factories.Role.LIAISON_OFFICER, station=county.other_station, area="990106002")
    with pytest.raises(access.NotYours):
        triage.accept(opinion, deputy=county.deputy, by=stranger, at=NOW)
    assert accept(county, opinion, deputy=county.deputy).state == State.ACCEPTED


def test_declining_needs_a_reason_and_tells_the_author(county):
    resident = factories.resident()
    from jiazhan.opinions.services.intake import Author

    opinion = factories.opinion(county, author=Author(account=resident))
    with pytest.raises(WordsMissing):
        triage.decline(opinion, reason=" \n", by=county.officer, at=NOW)
    declined = triage.decline(opinion, reason="已在法院审理，请按法定程序办理。", by=county.officer, at=NOW)
    assert declined.state == State.NOT_ACCEPTED
    assert Notice.objects.filter(recipient=resident, kind="opinion-declined", way="inbox").count() == 1


def test_a_diverted_matter_says_where_it_went(county):
    opinion = triage.divert(
        factories.opinion(county), to=Diversion.HOTLINE, reason="水管爆裂请拨 12345。", by=county.officer, at=NOW
    )
    assert (opinion.state, opinion.diverted_to) == (State.DIVERTED, Diversion.HOTLINE)
    assert entries_of(opinion).last().detail["to"] == "hotline"


def test_a_critical_matter_is_told_at_once_to_all_who_must_know(county):
    watchers = [county.head, county.vice_director, county.director, county.office, county.affairs]
    opinion = triage.set_urgency(factories.opinion(county), urgency=Urgency.CRITICAL, by=county.officer, at=NOW)
    told = set(Notice.objects.filter(kind="opinion-critical", way="inbox").values_list("recipient", flat=True))
    assert {watcher.pk for watcher in watchers} <= told
    assert opinion.urgency == Urgency.CRITICAL


def test_acts_on_several_matters_keep_the_good_ones(county):
    fresh, gone = factories.opinion(county), factories.opinion(county)
    triage.decline(gone, reason="重复。", by=county.officer, at=NOW)
    results = triage.each([fresh, gone], triage.accept, deputy=county.deputy, by=county.officer, at=NOW)
    assert [result.refusal and result.refusal.code for result in results] == [None, "step-refused"]
    fresh.refresh_from_db()
    assert fresh.state == State.ACCEPTED


def test_what_somebody_should_read_first_is_not_taken_up_in_bulk(county):
    plain, grave = factories.opinion(county), factories.opinion(county, body="楼下燃气泄漏,味道很大!")
    results = triage.each([plain, grave], triage.accept, deputy=county.deputy, by=county.officer, at=NOW)
    assert [result.refusal and result.refusal.code for result in results] == [None, "needs-reading"]
    assert "重大紧急" in str(results[1].refusal)
    assert accept(county, grave, deputy=county.deputy).state == State.ACCEPTED


def test_an_accusation_disappears_from_all_but_those_who_carry_it(county):
    opinion = factories.opinion(county, body="举报区水务局某科长收受回扣。")
    assert "accusation" in opinion.flags
    carriers, others = [county.director, county.office], [county.officer, county.head, county.affairs, county.chair]
    for reader in carriers + others:
        assert access.visible_to(reader).filter(pk=opinion.pk).exists(), reader
    locked = triage.lock_as_accusation(opinion, accused_unit=county.department, by=county.officer, at=NOW)
    assert locked.visibility == Visibility.LOCKED
    assert [access.visible_to(each).filter(pk=opinion.pk).exists() for each in carriers] == [True, True]
    assert [access.visible_to(each).filter(pk=opinion.pk).exists() for each in others] == [False] * 4


def test_an_accusation_goes_to_an_organ_that_may_judge_it_and_nowhere_else(county):
    opinion = triage.lock_as_accusation(factories.opinion(county), by=county.officer, at=NOW)
    with pytest.raises(triage.Locked):
        triage.accept(opinion, deputy=county.deputy, by=county.director, at=NOW)
    with pytest.raises(triage.WhereTo):
        triage.divert(opinion, to=Diversion.HOTLINE, reason="转热线", by=county.director, at=NOW)
    done = triage.divert(opinion, to=Diversion.DISCIPLINE, reason="已转区纪委监委。", by=county.director, at=NOW)
    assert done.state == State.DIVERTED
