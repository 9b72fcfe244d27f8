"""The life of a case as a table: which step leads from which states where, and who may take it.

The same table gives the buttons, the refusals, the picture in the manual and the tests.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _


class StepRefused(Exception):
    """The case is in a state that does not allow this step."""

    code = "step-refused"

    def __init__(self, step: str, state: str) -> None:
        self.step, self.state = step, state
        super().__init__(_("这件事的状态已经变了，不能再做这一步。请刷新页面，看看现在由谁办理。"))


@dataclass(frozen=True)
class Step:
    """One step: from any of `sources` to `target`, open to holders of `permission` (None: not a person's button).

    `label` is the verb on the button, `hint` one line of what it does and who will be told.
    """

    sources: frozenset[str]
    target: str
    permission: str | None = None
    label: Any = ""
    hint: Any = ""

    def __init__(
        self, sources: Iterable[str], target: str, permission: str | None = None, *, label: Any = "", hint: Any = ""
    ) -> None:
        for name, value in {
            "sources": frozenset(sources), "target": target, "permission": permission, "label": label, "hint": hint,
        }.items():  # fmt: skip
            object.__setattr__(self, name, value)


@dataclass(frozen=True)
class Workflow:
    """`start` is where a case begins, `final` where it may rest for good, `labels` the words for residents and staff."""

    start: str
    final: frozenset[str]
    steps: Mapping[str, Step]
    labels: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def target(self, step: str, state: str) -> str:
        """The state after the step. Raises StepRefused where the state does not allow it, KeyError for no such step."""
        rule = self.steps[step]
        if state not in rule.sources:
            raise StepRefused(step, state)
        return rule.target

    def allows(self, step: str, state: str) -> bool:
        return state in self.steps[step].sources

    def steps_from(self, state: str) -> dict[str, Step]:
        """The steps that a case in this state may take, in the table's order."""
        return {name: step for name, step in self.steps.items() if state in step.sources}

    @property
    def states(self) -> set[str]:
        named = {self.start, *self.final}
        for step in self.steps.values():
            named |= step.sources | {step.target}
        return named

    def for_residents(self, state: str) -> str:
        return str(self.labels[state][0])

    def for_staff(self, state: str) -> str:
        return str(self.labels[state][1])

    def check(self) -> list[str]:
        """What is wrong with the table, in sentences: unreachable states, dead ends, states without words."""
        wrong = []
        reached = self._closure({self.start}, forward=True)
        ending = self._closure(set(self.final), forward=False)
        for state in sorted(self.states):
            if state not in reached:
                wrong.append(f"{state} is never reached from {self.start}")
            if state not in ending:
                wrong.append(f"{state} is a dead end: no final state follows")
            if state not in self.labels:
                wrong.append(f"{state} has no words")
        return wrong

    def _closure(self, seeds: set[str], *, forward: bool) -> set[str]:
        seen, fresh = set(seeds), set(seeds)
        while fresh:
            found = set()
            for step in self.steps.values():
                if forward and step.sources & fresh:
                    found.add(step.target)
                if not forward and step.target in fresh:
                    found |= step.sources
            fresh = found - seen
            seen |= fresh
        return seen
