"""The congress's calendar of promises: who opens it, what it counts, years later too, what it costs; who settles."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jiazhan.kernel.outcomes import OutcomeClass, PromiseState
from jiazhan.people.models import Mandate, MandateStatus
from jiazhan.people.roles import Role
from jiazhan.suggestions.models import Promise
from jiazhan.suggestions.services import promises
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import County

R = Role
READERS = {R.DEPUTY_AFFAIRS, R.STANDING_COMMITTEE_OFFICE, R.COMMITTEE, R.CHAIRPERSONS_MEETING}
SETTLERS = READERS - {R.CHAIRPERSONS_MEETING}
STAFF = {*Role} - {R.DEPUTY}


@pytest.fixture
def now(monkeypatch):
    moment = timezone.now()
    for module in (factories, walking):
        monkeypatch.setattr(module, "NOW", moment)
    return moment


@pytest.fixture
def promise(county, now):
    return promised(county, now)


def promised(county, now, *, due=None):
    due = due or timezone.localdate() + timedelta(days=40)
    proposal = walking.replied(county, at=now, outcome=OutcomeClass.PLANNED, promise=("北门管网改造完工", due))
    return walking.evaluated(proposal, proposal.lead, at=now).promises.get()


def of(promise, name="office:promise"):
    return reverse(name, kwargs={"jurisdiction": promise.jurisdiction, "promise_id": promise.pk})


@pytest.mark.parametrize("role", sorted(STAFF))
def test_a_promise_opens_for_its_congress_and_its_acts_for_who_supervises(role, county, promise, sign_in):
    browser = sign_in(county.appoint(role))
    elsewhere = role == R.STREET_DIRECTOR
    assert browser.get(of(promise)).status_code == (200 if role in READERS else 404 if elsewhere else 403)
    for name in ("office:promise-kept", "office:promise-broken", "office:promise-words"):
        status = browser.post(of(promise, name), {}).status_code
        expected = {403, 422} if role in SETTLERS else {404} if elsewhere else {403}
        assert status in expected, (name, status)


def test_another_county_and_nobody_logged_out_finds_it(county, promise, sign_in):
    other = County("990107", "临湖区")
    assert sign_in(other.affairs).get(of(promise)).status_code == 404
    assert sign_in(county.affairs).get(of(promise)).status_code == 200
    assert Client().get(of(promise)).status_code == 302


def test_promises_stand_under_who_must_speak_next(county, now, sign_in):
    today = timezone.localdate()
    ahead, waiting, explained, kept = (promised(county, now) for _each in range(4))
    Promise.objects.filter(pk__in=[waiting.pk, explained.pk]).update(due_on=today - timedelta(days=2))
    promises.explain(explained, text="已经完工。", by=county.handler, at=now)
    promises.keep(kept, by=county.deputy.account, at=now)
    desk = sign_in(county.affairs)

    def listed(tab):
        page = desk.get(reverse("office:promises"), {"tab": tab}).content.decode()
        return {each.pk for each in (ahead, waiting, explained, kept) if of(each) in page}

    assert listed("unit") == {waiting.pk}
    assert listed("deputy") == {explained.pk}
    assert listed("ahead") == {ahead.pk}
    assert listed("kept") == {kept.pk}
    assert listed("broken") == set()
    assert len(listed("all")) == 4


def test_a_month_years_later_leads_to_its_promises(county, now, sign_in):
    promise = promised(county, now, due=date(timezone.localdate().year + 3, 6, 30))
    desk = sign_in(county.affairs)
    year = desk.get(reverse("office:promises"), {"year": promise.due_on.year}).content.decode()
    assert f"{promise.due_on.year} 年到期" in year
    assert "1 项未了" in year
    month = desk.get(reverse("office:promises"), {"month": f"{promise.due_on:%Y-%m}"}).content.decode()
    assert of(promise) in month
    assert (
        of(promise) not in desk.get(reverse("office:promises"), {"month": f"{promise.due_on.year}-05"}).content.decode()
    )


def test_the_desk_settles_once_no_deputy_is_left_and_adds_words_before(county, promise, sign_in):
    desk = sign_in(county.affairs)
    page = desk.get(of(promise)).content.decode()
    assert "由周海燕代表认定是否兑现" in page
    refused = desk.post(of(promise, "office:promise-kept"), {"kept-note": "看过了"})
    assert "代表都不在任以后，才由人大代为认定" in refused.content.decode()
    Mandate.objects.filter(deputy=county.deputy).update(status=MandateStatus.TERMINATED, ends_on=timezone.localdate())
    assert "认定已兑现" in desk.get(of(promise)).content.decode()
    assert desk.post(of(promise, "office:promise-kept"), {"kept-note": "看过了"}).status_code == 302
    again = desk.post(of(promise, "office:promise-kept"), {"kept-note": "再点一次"})
    assert "您看法不同的，可以补充意见" in again.content.decode()
    assert desk.post(of(promise, "office:promise-words"), {"words-text": "西侧已另行安排。"}).status_code == 302
    assert "西侧已另行安排。" in desk.get(of(promise)).content.decode()
    promise.refresh_from_db()
    assert promise.state == PromiseState.KEPT


def test_the_calendar_costs_the_same_for_one_and_for_many(county, now, sign_in):
    desk = sign_in(county.affairs)
    promised(county, now)
    address = f"{reverse('office:promises')}?tab=all"

    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address).status_code == 200
        return len(captured)

    statements()
    few = statements()
    for _each in range(5):
        promised(county, now)
    assert statements() <= few <= 30


def test_an_empty_calendar_says_what_will_stand_there(county, sign_in):
    page = sign_in(county.affairs).get(reverse("office:promises")).content.decode()
    assert "没有等单位说明的承诺" in page
