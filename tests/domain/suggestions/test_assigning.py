"""Assigning one or hundreds: all or none, who was faster is named, the government's stage, the worksheet."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiazhan.kernel import words
from jiazhan.kernel.outcomes import Grade
from jiazhan.notifications.models import Notice
from jiazhan.people.models import UnitKind
from jiazhan.people.selectors import handling_units
from jiazhan.suggestions import access
from jiazhan.suggestions.choices import Manner
from jiazhan.suggestions.models import Batch, Handling
from jiazhan.suggestions.selectors.suggesting import knowledge_of
from jiazhan.suggestions.services import assigning, checking, evaluating, units, worksheets
from jiazhan.suggestions.services.assigning import Plan
from jiazhan.suggestions.states import State
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


def assign(plans, county, name="闭会期间交办", by=None):
    return assigning.assign(plans, name=name, by=by or county.affairs, at=NOW)


def test_many_are_assigned_in_one_act_and_everybody_is_told_once(county):
    second = county.make_deputy("林静")
    assert county.handler
    proposals = [walking.accepted(county, second) for _each in range(3)]
    batch = assign([Plan(each, (county.department,), (county.other_department,)) for each in proposals], county)
    assert batch.count == 3
    assert Handling.objects.filter(batch=batch).count() == 6
    for each in proposals:
        now = walking.again(each)
        assert (now.state, now.host) == (State.ASSIGNED, county.department)
        assert now.due_on == walking.part(now).due_on
        told = Notice.objects.filter(kind="proposal-assigned", subject_id=str(each.pk), way="inbox")
        assert set(told.values_list("recipient", flat=True)) == {each.lead.account_id, second.account_id}
    assert Notice.objects.filter(kind="proposal-batch", recipient=county.handler).count() == 1


def test_an_act_on_many_costs_hardly_more_statements_than_on_few(county):
    counts = []
    for size in (2, 12):
        proposals = [walking.accepted(county) for _each in range(size)]
        with CaptureQueriesContext(connection) as captured:
            assign([Plan(each, (county.department,)) for each in proposals], county)
        counts.append(len(captured))
    # One entry in the record for each, and nothing else that grows.
    assert counts[1] - counts[0] <= 10


@pytest.mark.parametrize(
    ("units", "manner", "said"),
    [
        (0, Manner.HOST, "还没有选主办单位"),
        (2, Manner.HOST, "主办单位只能是一个"),
        (1, Manner.SPLIT, "分别办理至少要两个单位"),
    ],
)
def test_a_plan_that_does_not_fit_is_named_and_nothing_is_done(units, manner, said, county):
    good, bad = walking.accepted(county), walking.accepted(county)
    some = (county.department, county.other_department)[:units]
    with pytest.raises(assigning.PlanRefused, match=said) as refused:
        assign([Plan(good, (county.department,)), Plan(bad, some, manner=manner)], county)
    assert bad.number in str(refused.value)
    assert {walking.again(good).state, walking.again(bad).state} == {State.ACCEPTED}
    assert not Batch.objects.exists()
    assert not Handling.objects.exists()


def test_a_unit_that_cannot_handle_it_is_refused(county):
    proposal = walking.accepted(county)
    closed = county.make_unit(UnitKind.DEPARTMENT, "区旧城办")
    closed.is_active = False
    closed.save()
    other = factories.County("990107", "临湖区").department
    for wrong in (county.committee_unit, closed, other):
        with pytest.raises(assigning.PlanRefused, match="不能承办"):
            assign([Plan(proposal, (wrong,))], county)
    with pytest.raises(assigning.PlanRefused, match="不能既主办又协办"):
        assign([Plan(proposal, (county.department,), (county.department,))], county)
    assert assign([Plan(proposal, (county.department,))], county).count == 1


def test_the_clerk_who_comes_second_is_told_which_one_was_taken_and_nothing_changes(county):
    first, second = walking.accepted(county), walking.accepted(county)
    assign([Plan(second, (county.department,))], county, by=county.office)
    with pytest.raises(assigning.PlanRefused, match="现在是“待签收”，不能交办") as refused:
        assign([Plan(first, (county.department,)), Plan(second, (county.other_department,))], county)
    assert second.number in str(refused.value)
    assert walking.again(first).state == State.ACCEPTED
    assert walking.again(second).host == county.department


def test_an_empty_or_nameless_batch_and_one_that_holds_a_proposal_twice_are_refused(county):
    proposal = walking.accepted(county)
    plan = Plan(proposal, (county.department,))
    with pytest.raises(words.WordsMissing):
        assign([], county)
    with pytest.raises(words.WordsMissing):
        assign([plan], county, name="  ")
    with pytest.raises(assigning.PlanRefused, match="出现了两次"):
        assign([plan, plan], county)
    assert walking.again(proposal).state == State.ACCEPTED


def test_only_whose_step_it_is_assigns(county):
    proposal = walking.accepted(county)
    for stranger in (county.committee, county.dispatcher):
        with pytest.raises(access.NotYours):
            assign([Plan(proposal, (county.department,))], county, by=stranger)
    assert not Batch.objects.exists()


def test_the_government_assigns_what_was_handed_to_it_and_gives_back_what_is_not_its_own(county):
    assert county.dispatcher
    proposal, other = walking.accepted(county), walking.accepted(county)
    for each in (proposal, other):
        assigning.forward_to_government(each, by=county.affairs, at=NOW)
    with pytest.raises(access.NotYours):
        assign([Plan(walking.again(proposal), (county.department,))], county)
    assign([Plan(walking.again(proposal), (county.department,))], county, by=county.dispatcher)
    assert walking.again(proposal).state == State.ASSIGNED
    with pytest.raises(words.WordsMissing):
        assigning.return_from_government(walking.again(other), reason=" ", by=county.dispatcher, at=NOW)
    back = assigning.return_from_government(walking.again(other), reason="属法院职权。", by=county.dispatcher, at=NOW)
    assert (back.state, back.through_government) == (State.ACCEPTED, False)
    assert assign([Plan(back, (county.department,))], county).count == 1


def test_nothing_is_handed_to_a_government_where_nobody_would_take_it(county):
    proposal = walking.accepted(county)
    with pytest.raises(assigning.NobodyAtGovernment):
        assigning.forward_to_government(proposal, by=county.affairs, at=NOW)
    assert walking.again(proposal).state == State.ACCEPTED


def test_deputies_of_merged_ones_are_told_of_the_assignment(county):
    other = county.make_deputy("林静")
    into, proposal = walking.accepted(county), walking.accepted(county, lead=other)
    checking.merge(proposal, into=into, by=county.affairs, at=NOW)
    assign([Plan(walking.again(into), (county.department,))], county)
    assert Notice.objects.filter(kind="proposal-assigned", recipient=other.account, way="inbox").count() == 1


def lines_of(county, proposals):
    known = knowledge_of(congress_area=county.code, jurisdiction=county.code, year=2026)
    return worksheets.prefilled(proposals, known)


def test_a_worksheet_is_read_back_into_plans(county):
    one, two, three = (walking.accepted(county) for _each in range(3))
    units = [county.department, county.other_department, county.street_office]
    typed = {one.pk: ("区水务局", "区城管局、望江街道办事处"), two.pk: ("区水务局；区城管局", ""), three.pk: ("", "")}
    sheet = worksheets.filled(lines_of(county, [one, two, three]), typed, units)
    assert sheet.problems == 0
    assert [(plan.manner, plan.replying, plan.assisting) for plan in sheet.plans] == [
        (Manner.HOST, (units[0],), (units[1], units[2])),
        (Manner.SPLIT, (units[0], units[1]), ()),
    ]
    assert assign(sheet.plans, county).count == 2


def test_a_worksheet_says_at_each_line_what_is_wrong_and_keeps_what_was_typed(county):
    one, two = walking.accepted(county), walking.accepted(county)
    typed = {one.pk: ("区水物局", ""), two.pk: ("", "区城管局")}
    sheet = worksheets.filled(lines_of(county, [one, two]), typed, [county.department, county.other_department])
    assert "没有承办单位“区水物局”" in sheet.lines[0].problem
    assert sheet.lines[0].host == "区水物局"
    assert "还没有填主办单位" in sheet.lines[1].problem
    assert sheet.problems == 2


def test_a_worksheet_goes_out_as_a_spreadsheet_and_comes_back(county):
    one, two = walking.accepted(county), walking.accepted(county)
    units = list(handling_units(county.code)) or [county.department]
    lines = lines_of(county, [one, two])
    lines[0].host = "区水务局"
    content = worksheets.as_xlsx(lines, [county.department])
    sheet = worksheets.from_xlsx(content, lines_of(county, [one, two]), [county.department, *units])
    assert [plan.proposal.pk for plan in sheet.plans] == [one.pk]
    stray = worksheets.from_xlsx(content, lines_of(county, [two]), [county.department])
    assert f"没有编号“{one.number}”" in stray.strays[0]


def test_many_are_handed_to_the_government_in_one_act_and_it_is_told_once(county):
    proposals = [walking.accepted(county) for _each in range(3)]
    with pytest.raises(assigning.NobodyAtGovernment):
        assigning.forward_all(proposals, by=county.affairs, at=NOW)
    assert {walking.again(each).state for each in proposals} == {State.ACCEPTED}
    assert county.dispatcher
    assert assigning.forward_all(proposals, by=county.affairs, at=NOW) == 3
    assert {walking.again(each).state for each in proposals} == {State.AT_GOVERNMENT}
    assert Notice.objects.filter(recipient=county.dispatcher).count() == 1
    another = walking.accepted(county)
    with pytest.raises(assigning.PlanRefused, match="现在是“待政府办交办”") as refused:
        assigning.forward_all([another, proposals[1]], by=county.affairs, at=NOW)
    assert proposals[1].number in str(refused.value)
    assert walking.again(another).state == State.ACCEPTED


def test_the_government_that_assigned_orders_anew_and_is_told_to(county):
    proposal = walking.accepted(county)
    assert county.dispatcher
    assigning.forward_to_government(proposal, by=county.affairs, at=NOW)
    assign([Plan(walking.again(proposal), (county.department,))], county, by=county.dispatcher)
    units.sign(walking.part(proposal), by=county.handler, at=NOW)
    walking.answer(walking.again(proposal), county)
    proposal = walking.evaluated(proposal, proposal.lead, Grade.DISSATISFIED)
    assert Notice.objects.filter(kind="proposal-dissatisfy", recipient=county.dispatcher).count() == 1
    with pytest.raises(access.NotYours):
        evaluating.reorder(proposal, by=county.affairs, at=NOW)
    assert evaluating.reorder(proposal, by=county.dispatcher, at=NOW).state == State.REHANDLING
