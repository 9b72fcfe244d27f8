"""Every act of a unit on a proposal in every state: done where the table allows it, else one sentence and nothing changed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel.outcomes import Grade
from jiazhan.suggestions.services import evaluating, units
from tests.domain.suggestions import walking
from tests.web.department.proposing import address, now_is

DONE, REFUSED = 302, 409


@pytest.fixture(autouse=True)
def now(monkeypatch, here):
    now_is(monkeypatch)


def objected(county):
    proposal = walking.in_progress(county)
    units.object_to(walking.part(proposal), reason="不属。", by=county.handler, at=timezone.now())
    return proposal


def dissatisfied(county):
    proposal = walking.replied(county)
    return walking.evaluated(proposal, proposal.lead, Grade.DISSATISFIED)


def reordered(county):
    return evaluating.reorder(dissatisfied(county), by=county.affairs, at=timezone.now())


def closed(county):
    proposal = walking.replied(county)
    return walking.evaluated(proposal, proposal.lead)


STAGES = {
    "assigned": walking.assigned, "in progress": walking.in_progress, "objected": objected, "replied": walking.replied,
    "dissatisfied": dissatisfied, "reordered": reordered, "closed": closed,
}  # fmt: skip
# What a head may do at each stage; everything else there is refused.
ALLOWED = {
    "assigned": {"sign/", "object/", "handler/"},
    "in progress": {"object/", "handler/", "contact/", "extension/", "answer/"},
    "objected": {"handler/"},
    "replied": {"handler/"},
    "dissatisfied": {"handler/"},
    "reordered": {"handler/", "contact/", "answer/"},
    "closed": {"handler/"},
}
ACTS = ["sign/", "object/", "handler/", "contact/", "extension/", "answer/", "answer/sign/", "answer/back/"]


def typed(county, proposal, act):
    with county.within():
        return {
            "sign/": {},
            "object/": {"objection-reason": "不属本局职责。"},
            "handler/": {"handler": county.handler.pk},
            "contact/": {
                "contact-deputies": [str(proposal.lead.pk)],
                "contact-phase": "before",
                "contact-mode": "phone",
                "contact-held_at": (timezone.localtime() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
                "contact-people": "李工",
                "contact-summary": "电话里说明了进度。",
            },
            "extension/": {"extension-reason": "涉及开挖审批。"},
            "answer/": {"body": "已办。", "version": ""},
            "answer/sign/": {"version": "1"},
            "answer/back/": {"back-reason": "写清日期。"},
        }[act]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("stage", STAGES)
def test_an_act_is_done_where_its_state_allows_it(at, county, stage, act):
    with county.within():
        proposal = STAGES[stage](county)
        county.handler, county.unit_head  # noqa: B018
        before = entries_of(proposal).count()
    response = at(county.unit_head).post(address(proposal, act), typed(county, proposal, act))
    allowed = act in ALLOWED[stage]
    expected = {DONE} if allowed else {REFUSED, 422}
    assert response.status_code in expected
    with county.within():
        after = entries_of(proposal).count()
    assert (after > before) == allowed
    if response.status_code == REFUSED:
        assert "note note-error" in response.content.decode()


@pytest.mark.parametrize("stage", STAGES)
def test_a_page_opens_at_every_stage_for_those_with_a_part_alone(at, county, stage):
    with county.within():
        proposal = STAGES[stage](county)
        county.handler, county.street_handler  # noqa: B018
    assert at(county.handler).get(address(proposal)).status_code == 200
    assert at(county.street_handler).get(address(proposal)).status_code == 404


def test_what_was_typed_comes_back_with_a_refusal(at, county):
    with county.within():
        proposal = closed(county)
    said = "一段写了很久的沟通情况，不应该因为状态变了就没有了。"
    response = at(county.handler).post(
        address(proposal, "contact/"),
        typed(county, proposal, "contact/") | {"contact-phase": "after", "contact-summary": said},
    )
    # After the answer a talk is still entered, closed or not.
    assert response.status_code == DONE
    with county.within():
        objected_to = objected(county)
    typing = typed(county, objected_to, "contact/") | {"contact-summary": said}
    refused = at(county.handler).post(address(objected_to, "contact/"), typing)
    assert refused.status_code == REFUSED
    assert said in refused.content.decode()
    answered = at(county.handler).post(address(objected_to, "answer/"), {"body": said, "version": ""})
    assert answered.status_code == REFUSED
    assert "这件事的状态已经变了" in answered.content.decode()
    assert said in answered.content.decode()


@pytest.mark.parametrize("stage", ["reordered", "closed"])
def test_evaluations_are_shown_and_no_unit_can_change_them(at, county, stage):
    with county.within():
        proposal = STAGES[stage](county)
    page = at(county.unit_head).get(address(proposal)).content.decode()
    assert "周海燕代表的评价" in page
    assert "办理结果：" in page
    assert 'name="grade"' not in page
    assert 'name="result"' not in page
