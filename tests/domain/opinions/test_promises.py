"""Promises: asked for on their day, found kept or broken by the station, followed though the case is closed."""

from datetime import date

import pytest

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel.words import WordsMissing
from jiazhan.opinions.access import NotYours
from jiazhan.opinions.models import Promise
from jiazhan.opinions.selectors.promises import overdue_promises, promises_of
from jiazhan.opinions.services import ending, promises, reminders
from jiazhan.opinions.services.authors import Author
from jiazhan.opinions.states import State
from tests.domain.opinions import walking
from tests.factories import NOW, later

DAY = date(2026, 12, 18)
ON_THE_DAY, AFTER = later(days=30), later(days=31)


def promised(county, **given):
    matter = walking.handling_street(county, author=Author(phone="13812345678"), **given)
    walking.replied(matter, county, outcome="planned", promise_text="更换井盖", promise_on=DAY)
    return Promise.objects.get(opinion=matter)


def test_the_unit_is_asked_on_the_day_and_once(county):
    promise = promised(county)
    with pytest.raises(promises.NotDue):
        promises.ask(promise, at=later(days=29))
    reminders.ask_for_promises(at=later(days=29))
    promise.refresh_from_db()
    assert promise.state == "open"
    for _ in range(2):
        reminders.ask_for_promises(at=ON_THE_DAY)
    promise.refresh_from_db()
    assert promise.state == "asked"
    assert "promise-due" in walking.told(county.street_handler, promise.opinion)
    assert entries_of(promise.opinion).filter(action="opinion.ask_promise").count() == 1


def test_a_promise_is_followed_though_its_case_is_closed(county):
    promise = promised(county)
    matter = promise.opinion
    author = walking.author_of(matter)
    ending.see(matter, by=author, at=NOW)
    ending.rate(matter, grade="satisfied", by=author, at=NOW)
    ending.close(matter, by=county.officer, at=NOW)
    reminders.ask_for_promises(at=ON_THE_DAY)
    promise = promises.explain_promise(promise, text="井盖已换。", by=county.street_handler, at=ON_THE_DAY)
    assert "promise-explained" in walking.told(county.officer, matter)
    promise = promises.keep_promise(promise, by=county.officer, at=AFTER)
    assert (promise.state, promise.settled_by, promise.settled_at) == ("kept", county.officer, AFTER)
    matter.refresh_from_db()
    assert matter.state == State.CLOSED
    assert "promise-kept" in walking.told(None, matter)


def test_a_broken_promise_is_told_to_everyone_and_seen_by_the_office(county):
    promise = promised(county)
    promises.ask(promise, at=ON_THE_DAY)
    with pytest.raises(WordsMissing):
        promises.break_promise(promise, reason="", by=county.officer, at=AFTER)
    with pytest.raises(promises.NotDue):
        promises.break_promise(promise, reason="没有换。", by=county.officer, at=ON_THE_DAY)
    promises.break_promise(promise, reason="没有换。", by=county.officer, at=AFTER)
    for person in (county.deputy.account, county.office, county.street_handler, None):
        assert "promise-broken" in walking.told(person, promise.opinion)
    assert list(overdue_promises(county.office, today=DAY)) == [promise]
    assert entries_of(promise.opinion).last().detail["reason"] == "没有换。"


def test_a_finding_waits_until_the_unit_was_asked_or_has_spoken(county):
    promise = promised(county)
    with pytest.raises(promises.NotExplained):
        promises.keep_promise(promise, by=county.officer, at=NOW)
    promises.explain_promise(promise, text="提前完成。", by=county.street_handler, at=NOW)
    promises.keep_promise(promise, by=county.officer, at=NOW)


def test_a_finding_is_final(county):
    promise = promised(county)
    promises.ask(promise, at=ON_THE_DAY)
    promises.keep_promise(promise, by=county.officer, at=ON_THE_DAY)
    acts = [
        lambda: promises.keep_promise(promise, by=county.officer, at=AFTER),
        lambda: promises.break_promise(promise, reason="没有。", by=county.officer, at=AFTER),
        lambda: promises.explain_promise(promise, text="补充。", by=county.street_handler, at=AFTER),
        lambda: promises.ask(promise, at=AFTER),
    ]
    for act in acts:
        with pytest.raises(promises.PromiseSettled):
            act()


def test_the_unit_explains_and_the_station_finds(county):
    promise = promised(county)
    for stranger in (county.handler, county.officer, county.deputy.account):
        with pytest.raises(NotYours):
            promises.explain_promise(promise, text="完成。", by=stranger, at=NOW)
    with pytest.raises(WordsMissing):
        promises.explain_promise(promise, text=" ", by=county.street_handler, at=NOW)
    promises.explain_promise(promise, text="完成。", by=county.street_handler, at=NOW)
    for stranger in (county.street_handler, county.street_unit_head, county.office):
        with pytest.raises(NotYours):
            promises.keep_promise(promise, by=stranger, at=NOW)
    promises.keep_promise(promise, by=county.officer, at=NOW)


def test_the_office_sees_overdue_promises_and_a_stranger_none(county):
    promise = promised(county)
    assert list(overdue_promises(county.office, today=DAY)) == []
    assert list(overdue_promises(county.office, today=date(2026, 12, 19))) == [promise]
    assert list(overdue_promises(county.street_handler, today=date(2026, 12, 19))) == [promise]
    assert list(overdue_promises(county.handler, today=date(2026, 12, 19))) == []
    assert list(promises_of(promise.opinion)) == [promise]


def test_the_office_hears_of_a_promise_left_without_a_finding(county):
    promise = promised(county)
    reminders.ask_for_promises(at=ON_THE_DAY)
    reminders.ask_for_promises(at=later(days=43))
    assert "promise-overdue" not in walking.told(county.office, promise.opinion)
    for _ in range(2):
        reminders.ask_for_promises(at=later(days=44))
    assert "promise-overdue" in walking.told(county.office, promise.opinion)
