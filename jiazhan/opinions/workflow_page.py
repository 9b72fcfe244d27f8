"""The manual's page of the workflow, drawn from the table of steps; `script/docs` writes it."""

from collections.abc import Iterator

from django.conf import settings

from jiazhan.kernel.parameters import declared
from jiazhan.people import drawing

from . import due
from .choices import DueFor
from .parameters import REHANDLE, REPLY_DISTRICT, REPLY_STREET
from .states import WORKFLOW, State

PATH = "docs/workflow.md"
# Steps without a permission that the author takes; the system takes the others.
AUTHORS = {"withdraw", "rate"}
EARLY_ENDS = {State.NOT_ACCEPTED, State.DIVERTED, State.MERGED, State.WITHDRAWN}


def write() -> None:
    (settings.ROOT / PATH).write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page in Markdown."""
    return "\n".join(
        [
            "# 社情民意的流程",
            "",
            "本页由 `jiazhan/opinions/states.py` 里的表生成，不要手改；改了那张表以后运行 `script/docs`。",
            "期限是缺省值，各地可以在参数里改。",
            "",
            "## 两条路径",
            "",
            *drawing.diagram(WORKFLOW, State, drawing.edges(WORKFLOW, State, without=EARLY_ENDS)),
            "",
            "## 办理之前的结束",
            "",
            *drawing.diagram(WORKFLOW, State, drawing.edges(WORKFLOW, State, only=EARLY_ENDS)),
            "",
            "## 每一步由谁做",
            "",
            *drawing.steps(WORKFLOW, State, nobodys=lambda name: "反映人" if name in AUTHORS else "系统"),
            "",
            "## 每个状态",
            "",
            "| 状态 | 代码 | 反映人看到 | 期限 |",
            "|---|---|---|---|",
            *_states(),
            "",
        ]
    )


def _states() -> Iterator[str]:
    for state in State:
        yield f"| {state.label} | `{state.value}` | {WORKFLOW.for_residents(state)} | {_limit(state)} |"


def _limit(state: State) -> str:
    defaults = {each.name: f"{each.default} {each.unit}" for each in declared()}
    if state in due.STAGES:
        due_for, name = due.STAGES[state]
        return f"{defaults[name]}内{DueFor(due_for).label}"
    if state == State.REOPENED:
        return f"{defaults[REHANDLE]}内答复"
    if state in WORKFLOW.final:
        return "—"
    return f"收文次日起 {defaults[REPLY_STREET]}(街道)或 {defaults[REPLY_DISTRICT]}(区级)内答复"
