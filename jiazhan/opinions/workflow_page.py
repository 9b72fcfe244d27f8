"""The manual's page of the workflow, drawn from the table of steps; `script/docs` writes it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.conf import settings

from jiazhan.kernel.parameters import declared
from jiazhan.people.roles import ROLES

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
            *_diagram(_edges(without=EARLY_ENDS)),
            "",
            "## 办理之前的结束",
            "",
            *_diagram(_edges(only=EARLY_ENDS)),
            "",
            "## 每一步由谁做",
            "",
            "| 步骤 | 代码 | 由谁 | 从 | 到 | 说明 |",
            "|---|---|---|---|---|---|",
            *_steps(),
            "",
            "## 每个状态",
            "",
            "| 状态 | 代码 | 反映人看到 | 期限 |",
            "|---|---|---|---|",
            *_states(),
            "",
        ]
    )


def _edges(*, only: Iterable[str] = (), without: Iterable[str] = ()) -> dict[tuple[str, str], list[str]]:
    """The labels between each two states, in the table's order."""
    edges: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step in WORKFLOW.steps.values():
        for source in sorted(step.sources, key=list(State).index):
            ends = {source, step.target}
            if (
                (not only or ends & set(only))
                and not ends & set(without)
                and str(step.label) not in edges[source, step.target]
            ):
                edges[source, step.target].append(str(step.label))
    return {pair: labels for pair, labels in edges.items() if labels}


def _diagram(edges: dict[tuple[str, str], list[str]]) -> Iterator[str]:
    drawn = {state for pair in edges for state in pair}
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in State:
        if state in drawn:
            yield f"    {state.value}: {state.label}"
    yield f"    [*] --> {WORKFLOW.start}"
    for (source, target), labels in edges.items():
        yield f"    {State(source).value} --> {State(target).value}: {' / '.join(labels)}"
    for state in State:
        if state in drawn and state in WORKFLOW.final:
            yield f"    {state.value} --> [*]"
    yield "```"


def _steps() -> Iterator[str]:
    for name, step in WORKFLOW.steps.items():
        sources = "、".join(str(state.label) for state in State if state in step.sources)
        target = State(step.target).label
        yield f"| {step.label} | `{name}` | {_who(name, step.permission)} | {sources} | {target} | {step.hint} |"


def _who(name: str, permission: str | None) -> str:
    if permission is None:
        return "反映人" if name in AUTHORS else "系统"
    return "、".join(str(role.label) for role, rule in ROLES.items() if permission in rule.permissions)


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
