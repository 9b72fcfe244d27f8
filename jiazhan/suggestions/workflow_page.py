"""The manual's page of proposals, drawn from the tables of steps; `script/docs` writes it."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import TextChoices

from jiazhan.kernel.parameters import declared
from jiazhan.kernel.workflow import Workflow
from jiazhan.people import drawing

from . import parameters as parameters
from .states import HANDLING, MEETING, WORKFLOW, MeetingState, PartState, State

PATH = "docs/proposals.md"
NOBODYS = {"begin": "系统", "reply": "系统", "dissatisfy": "代表评价后由系统", "escalate": "代表评价后由系统"}
TABLES: dict[str, tuple[Workflow, type[TextChoices]]] = {
    "一件建议": (WORKFLOW, State),
    "每个承办单位的一份": (HANDLING, PartState),
    "约见国家机关负责人": (MEETING, MeetingState),
}


def write() -> None:
    (settings.ROOT / PATH).write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page in Markdown."""
    return "\n".join(
        [
            "# 代表建议与议案的流程",
            "",
            "本页由 `jiazhan/suggestions/states.py` 里的表生成，不要手改；改了那些表以后运行 `script/docs`。",
            "",
            "一件建议有自己的状态；每个承办单位在其中的一份另有状态，因为协办单位可以在主办单位办理时提出异议，"
            "几个单位也可以分别答复。答复单位都动了，建议才往前走。",
            "",
            *(line for title, (workflow, states) in TABLES.items() for line in _section(title, workflow, states)),
            "## 期限和门槛",
            "",
            "缺省值，各地可以在参数里改。答复期限自交办之日的次日起算，签收、异议和裁定都不停钟；改派的单位自改派之日起算。",
            "",
            "| 参数 | 缺省 | 依据 |",
            "|---|---|---|",
            *_parameters(),
            "",
        ]
    )


def _section(title: str, workflow: Workflow, states: type[TextChoices]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    # Taking back leads away from half of the states; it stands in the table, not in the picture.
    without = {State.WITHDRAWN} if states is State else set()
    yield from drawing.diagram(workflow, states, drawing.edges(workflow, states, without=without))
    yield ""
    yield from drawing.steps(workflow, states, nobodys=lambda name: NOBODYS.get(name, "系统"))
    yield ""


def _parameters() -> Iterator[str]:
    for each in declared():
        if each.name.startswith(("proposal.", "meeting.")):
            value = f"{_shown(each.default)} {each.unit}".strip()
            yield f"| {each.label} | {value} | {each.source} |"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value)
