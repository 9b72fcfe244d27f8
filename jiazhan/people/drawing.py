"""Drawing a table of steps for the manual: the picture, who takes each step. The apps' own pages put it together."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from django.db.models import TextChoices

from jiazhan.kernel.workflow import Workflow

from .roles import ROLES

Edges = dict[tuple[str, str], list[str]]


def edges(
    workflow: Workflow, states: type[TextChoices], *, only: Iterable[str] = (), without: Iterable[str] = ()
) -> Edges:
    """The labels between each two states, in the table's order."""
    found: Edges = defaultdict(list)
    wanted, unwanted = set(only), set(without)
    for step in workflow.steps.values():
        for source in sorted(step.sources, key=list(states).index):
            ends = {source, step.target}
            if (not wanted or ends & wanted) and not ends & unwanted:
                labels = found[source, step.target]
                labels += [str(step.label)] if str(step.label) not in labels else []
    return dict(found)


def diagram(workflow: Workflow, states: type[TextChoices], drawn: Edges) -> Iterator[str]:
    """The picture in Mermaid's words."""
    seen = {state for pair in drawn for state in pair}
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in states:
        if state in seen:
            yield f"    {state.value}: {state.label}"
    yield f"    [*] --> {workflow.start}"
    for (source, target), labels in drawn.items():
        yield f"    {states(source).value} --> {states(target).value}: {' / '.join(labels)}"
    for state in states:
        if state in seen and state in workflow.final:
            yield f"    {state.value} --> [*]"
    yield "```"


def steps(workflow: Workflow, states: type[TextChoices], *, nobodys: Callable[[str], str]) -> Iterator[str]:
    """The table's rows; `nobodys(name)` says who takes a step that needs no permission."""
    yield "| 步骤 | 代码 | 由谁 | 从 | 到 | 说明 |"
    yield "|---|---|---|---|---|---|"
    for name, step in workflow.steps.items():
        who = "、".join(str(role.label) for role, rule in ROLES.items() if step.permission in rule.permissions)
        sources = "、".join(str(state.label) for state in states if state in step.sources)
        yield (
            f"| {step.label} | `{name}` | {who or nobodys(name)} | {sources} | {states(step.target).label} | {step.hint} |"
        )
