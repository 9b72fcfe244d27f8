"""A unit's calendar of what it promised: explained when due, answered again once kept; other units find nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jiazhan.kernel.outcomes import OutcomeClass
from jiazhan.people.roles import Role
from jiazhan.suggestions.services import promises
from tests.domain.suggestions import walking


@pytest.fixture
def promise(county):
    now = timezone.now()
    due = timezone.localdate() + timedelta(days=40)
    with county.within():
        proposal = walking.replied(county, at=now, outcome=OutcomeClass.PLANNED, promise=("北门管网改造完工", due))
        return walking.evaluated(proposal, proposal.lead, at=now).promises.get()


def of(promise, name="department:promise-page", **more):
    return reverse(name, kwargs={"jurisdiction": promise.jurisdiction, "promise_id": promise.pk, **more})


def test_a_unit_sees_its_own_promises_alone(county, promise, at):
    stranger = county.appoint(Role.HANDLER, unit=county.other_department)
    listed = {"tab": "ahead"}
    assert "北门管网改造完工" in at(county.handler).get(reverse("department:promises"), listed).content.decode()
    assert "北门管网改造完工" not in at(stranger).get(reverse("department:promises"), listed).content.decode()
    assert at(county.handler).get(of(promise)).status_code == 200
    assert at(stranger).get(of(promise)).status_code == 404
    assert at(stranger).post(of(promise, "department:promise-act", step="explain"), {}).status_code == 404
    for person in (county.affairs, county.deputy.account):
        assert at(person).get(of(promise)).status_code in {302, 403}


def test_a_unit_explains_and_answers_again_once_it_is_kept(county, promise, at):
    desk = at(county.handler)
    explain, again = (of(promise, "department:promise-act", step=step) for step in ("explain", "again"))
    assert desk.post(explain, {"explain-text": ""}).status_code == 422
    assert desk.post(explain, {"explain-text": "已经完工 60 米。"}).status_code == 302
    early = desk.post(again, {"again-text": "已经完工。"})
    assert early.status_code == 409
    assert "代表认定兑现以后" in early.content.decode()
    with county.within():
        promises.keep(promise, by=county.deputy.account, at=timezone.now())
    assert "再次答复代表" in desk.get(of(promise)).content.decode()
    assert desk.post(explain, {"explain-text": "再说明"}).status_code == 409
    assert desk.post(again, {"again-text": "改造 120 米，验收合格。"}).status_code == 302
    assert "已经再次答复过" in desk.post(again, {"again-text": "又答一次"}).content.decode()
    assert "改造 120 米，验收合格。" in desk.get(of(promise)).content.decode()
