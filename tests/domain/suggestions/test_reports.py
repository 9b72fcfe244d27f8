"""The spreadsheet and the report say the figures and nothing else, whatever happened."""

import io
import re
import zipfile
from datetime import date

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiazhan.kernel import workbooks
from jiazhan.kernel.outcomes import Grade, OutcomeClass
from jiazhan.people.models import Account
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.selectors import reporting, statistics
from jiazhan.suggestions.selectors.reporting import Choice
from jiazhan.suggestions.services import evaluating, promises, reminders, report, report_table
from tests import factories
from tests.domain.suggestions import walking
from tests.factories import NOW, later

pytestmark = pytest.mark.django_db
AREA, ON, EVERY = "990106", date(2026, 11, 22), Choice()


@pytest.fixture
def county():
    county = factories.County()
    with county.within():
        yield county


@pytest.fixture
def clerk(county):
    return Account.objects.get(pk=county.affairs.pk)


def written(clerk, choice=EVERY):
    return report.write(clerk, choice, area=AREA, said="2026 年", on=ON)


def sheets(clerk, choice=EVERY):
    content = report_table.as_xlsx(clerk, choice, area=AREA)
    return {sheet.name: [[cell for cell in row] for row in sheet.rows] for sheet in workbooks.sheets(content)}


def texts(written):
    """All that the DOCX says: its paragraphs, and the rows of its tables."""
    doc = Document(io.BytesIO(written.as_docx()))
    return "\n".join(each.text for each in doc.paragraphs), [
        [[cell.text for cell in row.cells] for row in table.rows] for table in doc.tables
    ]


def number(words, text):
    found = re.search(words, text)
    assert found, (words, text)
    return int(found[1])


LIVES = st.lists(
    st.tuples(
        st.sampled_from([*Grade, None]), st.sampled_from(OutcomeClass), st.sampled_from(["kept", "broken", "open"])
    ),
    max_size=4,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=LIVES, waiting=st.integers(0, 2), is_over=st.booleans())
def test_every_number_of_both_is_a_figure_and_the_length_of_its_list(county, clerk, lives, waiting, is_over):
    Proposal.objects.update(state="withdrawn")
    for grade, outcome, end in lives:
        promise = ("按期完成", date(2027, 6, 30)) if outcome in {"in_progress", "planned"} else None
        proposal = walking.replied(county, outcome=outcome, promise=promise)
        if grade is not None:
            proposal = walking.evaluated(proposal, county.deputy, grade)
        if promise and end == "broken":
            promises.break_(proposal.promises.get(), reason="没有动工", by=county.deputy.account, at=later(days=300))
        if promise and end == "kept":
            promises.keep(proposal.promises.get(), by=county.deputy.account, at=later(days=300))
        if grade == Grade.DISSATISFIED and end == "open":
            evaluating.reorder(walking.again(proposal), by=county.affairs, at=later(days=3))
    for _n in range(waiting):
        walking.accepted(county)
    if is_over:
        reminders.conclude_unrated(at=later(days=60))
    rows = EVERY.rows(clerk)
    figures = statistics.figures(rows)
    assert rows.count() == len(lives) + waiting
    _compare_table(clerk, rows, figures)
    _compare_report(clerk, rows, figures)


def _compare_table(clerk, rows, figures):
    found = sheets(clerk)
    whole = {line[0]: (line[1], line[2]) for line in found["总体"][1:]}
    assert whole["立案"][0] == rows.count()
    for name, each in figures.items():
        assert whole[str(each.figure.label)] == (each.count, each.of)
        assert each.count == reporting.cases(clerk, EVERY, name).count()
    kept = statistics.promises(rows)
    for name, label in report_table.PROMISES.items():
        count = whole[f"承诺：{label}（项）"][0]
        assert count == getattr(kept, name) == reporting.promise_cases(clerk, EVERY, f"promise-{name}").count()
    for value, count in statistics.outcomes(rows).items():
        label = f"{report_table.letter_of(value, AREA)} {OutcomeClass(value).label}" if value else "还没有答复"
        assert whole[f"办理结果：{label}"][0] == count == reporting.cases(clerk, EVERY, f"outcome-{value}").count()
    for name, groups in (
        ("按单位", reporting.by_unit(clerk, EVERY)),
        ("按分类", reporting.by_category(clerk, EVERY)),
        ("历年", reporting.by_year(clerk, EVERY)),
    ):
        head, *lines = found[name] or [[]]
        assert len(lines) == len(groups)
        for line, group in zip(lines, groups, strict=True):
            said = dict(zip(head, line, strict=False))
            assert said["件数"] == reporting.cases(clerk, group.choice, "all").count()
            for figure, each in group.figures.items():
                assert said[str(each.figure.label)] == each.count
                assert each.count == reporting.cases(clerk, group.choice, figure).count()
    listed = [line for line in found["清单"][1:] if any(line)]
    assert len(listed) == rows.count()


def _compare_report(clerk, rows, figures):
    text, tables = texts(written(clerk))
    count = {name: each.count for name, each in figures.items()}
    assert number(r"立案代表建议 (\d+) 件", text) == rows.count()
    assert number(r"已答复 (\d+) 件，占全部", text) == count["replied"]
    assert number(r"还没有答复的 (\d+) 件。\n", text) == rows.count() - count["replied"]
    assert number(r"代表确认问题已经解决的 (\d+) 件", text) == count["resolved"]
    assert number(r"承办单位答复称已经解决的 (\d+) 件", text) == count["claimed"]
    assert number(r"重新办理 (\d+) 件", text) == count["rehandled"]
    assert number(r"（退单）(\d+) 件", text) == count["returned"]
    assert number(r"重复提出 (\d+) 件", text) == count["repeated"]
    if count["replied"]:
        assert number(r"按期答复 (\d+) 件", text) == count["on_time"]
        assert number(r"代表沟通 (\d+) 件", text) == count["contacted"]
    if figures["satisfied"].of:
        assert number(r"评价期已过的 (\d+) 件", text) == figures["satisfied"].of
        assert number(r"首次评价满意 (\d+) 件", text) == count["satisfied"]
        assert number(r"基本满意 (\d+) 件", text) == count["basically_satisfied"]
        assert number(r"不满意 (\d+) 件，占", text) == count["dissatisfied"]
        assert number(r"没有评价的 (\d+) 件", text) == count["unrated"]
    for value, each in statistics.outcomes(rows).items():
        if value:
            assert number(rf"类（{OutcomeClass(value).label}）(\d+) 件", text) == each
    kept = statistics.promises(rows)
    if sum((kept.kept, kept.broken, kept.waiting, kept.open)):
        for name, label in report_table.PROMISES.items():
            assert number(rf"[，：]{label} (\d+) 项", text) == getattr(kept, name)
    assert len(re.findall(r"未兑现（\d+）：", text)) == kept.broken
    groups = (reporting.by_unit(clerk, EVERY), reporting.by_category(clerk, EVERY), reporting.by_year(clerk, EVERY))
    assert len(tables) == 3
    for table, wanted in zip(tables, groups, strict=True):
        assert [row[0] for row in table[1:]] == [each.label for each in wanted]
        for row, each in zip(table[1:], wanted, strict=True):
            assert [int(cell) for cell in row[1:]] == [
                each.count,
                *(each.figures[name].count for name in report.COLUMNS),
            ]


def test_the_report_names_late_units_key_proposals_and_broken_promises(county, clerk):
    walking.answer(walking.in_progress(county), county, at=later(days=120))
    promised = walking.replied(county, outcome=OutcomeClass.PLANNED, promise=("改造完工", date(2027, 6, 30)))
    promises.break_(promised.promises.get(), reason="没有动工", by=county.deputy.account, at=later(days=300))
    Proposal.objects.filter(pk=promised.pk).update(is_key=True)
    text, _tables = texts(written(clerk))
    assert "超期答复 1 件：区水务局 1 件。" in text
    assert re.search(r"未兑现（1）：.*区水务局承诺于2027年6月30日前改造完工。", text)
    assert "重点督办建议 1 件。" in text
    assert "C 类，代表没有确认是否解决" in text


def test_satisfaction_in_the_report_has_resolution_and_the_unrated_beside_it(county, clerk):
    walking.evaluated(walking.replied(county), county.deputy)
    text, tables = texts(written(clerk))
    part = text[text.index("代表评价和解决情况") : text.index("承诺兑现")]
    assert "首次评价满意 1 件，占 100.0%" in part
    assert "没有评价的 0 件，占 0.0%，不计为满意" in part
    assert "代表确认问题已经解决的 1 件，占全部 1 件的 100.0%" in part
    for table in tables:
        assert {"首次评价满意", "代表确认解决", "未评价"} <= set(table[0])


def test_a_year_is_compared_with_the_one_before(county, clerk):
    for _n in range(3):
        walking.replied(county)
    Proposal.objects.filter(pk=Proposal.objects.first().pk).update(year=2025)
    said = written(clerk, Choice(year=2026))
    assert "上一年立案 1 件，增加 1 件" in said.content.paragraphs[0]
    assert "上一年" not in written(clerk, Choice(year=2025)).content.paragraphs[0]
    assert [row[:2] for row in said.content.tables[2].rows] == [("2025 年", "1"), ("2026 年", "2")]


def test_with_nothing_to_report_it_still_reads(county, clerk):
    text, tables = texts(written(clerk))
    assert "立案代表建议 0 件" in text
    assert "没有超期答复的单位" in text
    assert [len(table) for table in tables] == [1, 1, 1]
    assert written(clerk).as_pdf().startswith(b"%PDF")
    assert sheets(clerk)["总体"][1][:2] == ["立案", 0]


@pytest.mark.parametrize("title", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "\t=1"])
def test_a_title_that_looks_like_a_formula_stays_text(county, clerk, title):
    proposal = walking.accepted(county)
    Proposal.objects.filter(pk=proposal.pk).update(title=title)
    assert title.strip() in [str(cell).strip() for cell in sheets(clerk)["清单"][1]]
    content = report_table.as_xlsx(clerk, EVERY, area=AREA)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert b"<f>" not in b"".join(packed.read(name) for name in packed.namelist() if "worksheets/" in name)


def test_a_desk_of_another_congress_reports_nothing_of_it(county):
    walking.replied(county, at=NOW)
    other = Account.objects.get(pk=county.appoint("street_director", area="990106101").pk)
    assert reporting.overview(other, EVERY).count == 0
    assert len([line for line in sheets(other)["清单"][1:] if any(line)]) == 0
