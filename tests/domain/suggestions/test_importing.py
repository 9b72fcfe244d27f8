"""Former years from a spreadsheet: every wrong row named, all or nothing, a second time adds nothing, promises go on."""

import io
from datetime import date

import pytest
import rustpy_xlsxwriter

from jiazhan.audit.selectors import entries_of
from jiazhan.kernel.outcomes import OutcomeClass, PromiseState
from jiazhan.people.services import imports
from jiazhan.people.services.imports import Effect
from jiazhan.suggestions import access
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.selectors import search
from jiazhan.suggestions.services import checking, importing, promises
from jiazhan.suggestions.states import State
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ROW = {
    "编号": "九届三次第12号建议", "标题": "关于改造柳林片区老旧排水管网的建议", "年度": "2025", "届": "9", "次": "3", "大会期间": "是",
    "领衔代表": "周海燕", "联名代表": "林静", "分类": "0102", "建议内容": "一是清淤；二是改造。", "提交日期": "2025-01-13",
    "交办日期": "2025-02-10", "主办单位": "区水务局", "协办单位": "区城管局", "答复日期": "2025-05-06", "办理结果": "列入规划",
    "答复内容": "已列入明年计划。", "代表评价": "基本满意", "代表确认解决": "否", "承诺事项": "2026 年底完工",
    "承诺完成日期": "2026-12-31", "承诺状态": "",
}  # fmt: skip


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        factories.category()
        county.make_deputy("林静")
        assert county.deputy
        assert county.department
        assert county.other_department
        walking.session(county, number=3, starts_on=date(2025, 1, 12), ends_on=date(2025, 1, 15))
        yield county


def table(*changes):
    out = io.BytesIO()
    rustpy_xlsxwriter.write_worksheets([("历年建议", [{**ROW, **change} for change in changes])], out)
    return out.getvalue()


def given(county):
    return {"jurisdiction": county.code, "by": county.affairs, "at": NOW}


def commit(county, *changes):
    return imports.commit(importing.table_of(county.code), table(*changes), **given(county))


def problems(county, *changes):
    plan = imports.preview(importing.table_of(county.code), table(*changes), **given(county))
    return [f"{each.column}：{each.said}" for row in plan.rows for each in row.problems]


def test_a_former_proposal_comes_in_as_it_ended_and_its_promise_goes_on(county):
    commit(county, {})
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.host, proposal.outcome) == (
        State.TRACKING,
        county.department,
        OutcomeClass.PLANNED,
    )
    assert (proposal.first_grade, proposal.is_resolved) == ("basically_satisfied", False)
    assert [each.name for each in access.signers(proposal)] == ["周海燕", "林静"]
    assert proposal.replies.get().body == "已列入明年计划。"
    assert {each.part: each.unit for each in proposal.handlings.select_related("unit")} == {
        "host": county.department,
        "assist": county.other_department,
    }
    assert "proposal.imported" in {each.action for each in entries_of(proposal)}
    promise = promises.keep(proposal.promises.get(), by=proposal.lead.account, at=NOW)
    assert promise.state == PromiseState.KEPT
    assert walking.again(proposal).state == State.CLOSED


def test_without_an_open_promise_it_is_closed(county):
    commit(
        county,
        {"承诺事项": "", "承诺完成日期": ""},
        {"编号": "九届三次第13号建议", "承诺状态": "已兑现"},
        {"编号": "九届三次第14号建议", "办理结果": "", "答复内容": "", "承诺事项": "", "承诺完成日期": ""},
    )
    assert set(Proposal.objects.values_list("state", flat=True)) == {State.CLOSED}


def test_the_same_file_once_more_adds_nothing(county):
    commit(county, {})
    plan = commit(county, {})
    assert plan.changes_nothing
    assert plan.counts[Effect.SAME] == 1
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"主办单位": "区水物局"}, "主办单位：没有承办单位“区水物局”"),
        ({"领衔代表": "查无此人"}, "领衔代表：第9届没有代表“查无此人”"),
        ({"联名代表": "查无此人"}, "联名代表：第9届没有代表“查无此人”"),
        ({"提交日期": "去年春天"}, "提交日期：“去年春天”不是日期"),
        ({"答复日期": "2025-01-20"}, "先后不对"),
        ({"答复日期": "2027-05-06"}, "晚于今天"),
        ({"届": "8"}, "届：系统里还没有第8届"),
        ({"次": "7"}, "次：本届还没有登记第7次会议"),
        ({"年度": "2019"}, "年度：2019 年不在第9届的任期里"),
        ({"分类": "无此类"}, "分类：没有分类“无此类”"),
        ({"承诺完成日期": ""}, "承诺事项和完成日期要么都填"),
        ({"办理结果": "", "承诺事项": "", "承诺完成日期": ""}, "办理结果：有答复内容的，要填办理结果"),
        ({"协办单位": "区水务局"}, "协办单位：“区水务局”已经是主办单位"),
        ({"标题": ""}, "标题：没有填写"),
        ({"办理结果": "很好"}, "办理结果"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_taken(change, said, county):
    fine = {"编号": "九届三次第13号建议"}
    assert any(said in each for each in problems(county, fine, change)), problems(county, fine, change)
    with pytest.raises(imports.NothingTaken):
        commit(county, fine, change)
    assert not Proposal.objects.exists()
    assert problems(county, fine, {}) == []


def test_a_number_twice_or_taken_is_refused(county):
    assert "编号：与第 2 行重复" in problems(county, {}, {"标题": "另一件"})[0]
    taken = walking.accepted(county)
    assert f"已经有编号“{taken.number}”" in problems(county, {"编号": taken.number, "年度": "2026"})[0]


def test_what_was_imported_is_found_as_similar_and_can_be_repeated(county):
    commit(county, {})
    former = Proposal.objects.get()
    proposal = walking.submitted(county)
    text = f"{proposal.facts}{proposal.cause}{proposal.request}"
    found = search.similar(text, title=proposal.title, congress_area=county.code, exclude=proposal.pk)
    assert [each.proposal.pk for each in found] == [former.pk]
    assert checking.accept(proposal, by=county.affairs, at=NOW, repeats=former).repeats == former


def test_two_of_one_name_in_a_term_are_not_told_apart(county):
    county.make_deputy("周海燕")
    assert "有几位“周海燕”" in problems(county, {})[0]


def test_the_template_reads_back_as_empty(county):
    kind = importing.table_of(county.code)
    with pytest.raises(Exception, match="表里还没有填内容"):
        imports.preview(kind, imports.template(kind), **given(county))
