"""A deputy's calendar of promises, and the page of one."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jiazhan.kernel.outcomes import OutcomeClass, PromiseState
from jiazhan.suggestions.models import Promise
from jiazhan.suggestions.services import promises
from tests.domain.suggestions import walking


@pytest.fixture
def colleague(county):
    return county.make_deputy("林静")


def promised(county, *cosigners, due=None):
    """A promise that is tracked, given now."""
    now = timezone.now()
    due = due or timezone.localdate() + timedelta(days=40)
    with county.within():
        proposal = walking.replied(
            county, *cosigners, at=now, outcome=OutcomeClass.PLANNED, promise=("北门管网改造完工", due)
        )
        for deputy in (proposal.lead, *cosigners):
            proposal = walking.evaluated(proposal, deputy, at=now)
        return proposal.promises.get()


def of(promise, name="deputy:promise", **more):
    return reverse(name, kwargs={"jurisdiction": promise.jurisdiction, "promise_id": promise.pk, **more})


def overdue(county, promise):
    with county.within():
        Promise.objects.filter(pk=promise.pk).update(due_on=timezone.localdate() - timedelta(days=3))


def test_a_deputy_sees_own_promises_by_month_and_strangers_none(county, me, at, colleague):
    promise = promised(county, colleague, due=date(timezone.localdate().year + 2, 6, 30))
    month = f"{promise.due_on:%Y-%m}"
    for account in (me, colleague.account):
        page = at(account).get(reverse("deputy:promises"), {"month": month}).content.decode()
        assert "北门管网改造完工" in page
        assert f"{promise.due_on.year} 年到期" in page
        assert at(account).get(of(promise)).status_code == 200
    stranger = county.make_deputy("何伟").account
    assert "北门管网改造完工" not in at(stranger).get(reverse("deputy:promises"), {"tab": "all"}).content.decode()
    assert at(stranger).get(of(promise)).status_code == 404
    for account in (county.affairs, county.handler):
        assert at(account).get(of(promise)).status_code in {302, 403}


def test_the_first_settles_and_the_second_adds_words(county, me, at, colleague):
    promise = promised(county, colleague)
    overdue(county, promise)
    assert "没有兑现" in at(me).get(of(promise)).content.decode()
    assert at(me).post(of(promise, "deputy:promise-act", step="kept"), {"kept-note": "看过了"}).status_code == 302
    late = at(colleague.account).post(of(promise, "deputy:promise-act", step="broken"), {"broken-reason": "西侧没换"})
    assert late.status_code == 409
    assert "已由周海燕认定为“已兑现”" in late.content.decode()
    words = at(colleague.account).post(
        of(promise, "deputy:promise-act", step="words"), {"words-text": "西侧还没有换。"}
    )
    assert words.status_code == 302
    page = at(me).get(of(promise)).content.decode()
    for said in ("看过了", "西侧还没有换。", "已兑现"):
        assert said in page


def test_wrong_words_are_said_and_an_unknown_act_is_not_there(county, me, at):
    promise = promised(county)
    early = at(me).post(of(promise, "deputy:promise-act", step="broken"), {"broken-reason": "没有动工"})
    assert "到期之前不能记为未兑现" in early.content.decode()
    assert at(me).post(of(promise, "deputy:promise-act", step="words"), {"words-text": ""}).status_code == 422
    assert at(me).post(of(promise, "deputy:promise-act", step="nothing"), {}).status_code == 404
    with county.within():
        promise.refresh_from_db()
    assert promise.state == PromiseState.OPEN


def test_what_an_address_no_longer_means_is_passed_over(county, me, at):
    for query in ({"tab": "x", "month": "2027-13", "year": "0", "page": "0"}, {"month": "99999"}, {"q": "没有这件"}):
        assert at(me).get(reverse("deputy:promises"), query).status_code == 200
    assert "没有等代表认定的承诺" in at(me).get(reverse("deputy:promises")).content.decode()


def test_an_explanation_stands_on_the_page_of_the_promise(county, me, at):
    promise = promised(county)
    with county.within():
        promises.explain(promise, text="已经完工 60 米。", by=county.handler, at=timezone.now())
    page = at(me).get(of(promise)).content.decode()
    assert "已经完工 60 米。" in page
    assert "等代表认定" in page
