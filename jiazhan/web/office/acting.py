"""An act on a case as the office's pages know it: its button, its fields, the one service call behind it.

Matters and proposals bring their own situation, forms and routes (`acts.base`, `proposals.acts.base`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django import forms

from jiazhan.kernel.workflow import Workflow
from jiazhan.people.permissions import Permission
from jiazhan.web.ui.forms import Form


class ActForm(Form):
    """The fields of an act; `given` makes the service's arguments of them. `situation.case` is what is acted on.

    `seen` is the state that the person saw: an act on a case that has moved on meanwhile is shown again first.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, situation: Any, name: str) -> None:
        self.situation = situation
        super().__init__(data, prefix=name)
        self.initial["seen"] = situation.case.state
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and suggestions from the situation."""

    def is_behind(self) -> bool:
        """Whether the case has moved on since the person saw it."""
        seen = self.cleaned_data.get("seen")
        return bool(seen) and seen != self.situation.case.state

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in."""
        return any(not each.is_hidden for each in self)


@dataclass(frozen=True)
class Act:
    """`name` is the step in the workflow's table, which then gives label and hint; acts that are no step bring their own
    words and say when they are `offered`. `run(case, by=, at=, **form.given())` is the service."""

    # What the routes of these acts begin with.
    prefix: ClassVar[str]

    name: str
    run: Callable[..., Any]
    permissions: frozenset[Permission]
    done: Any
    form: type[ActForm] = ActForm
    label: Any = ""
    hint: Any = ""
    icon: str = "forward"
    group: str = "step"
    offered: Callable[[Any], bool] | None = None

    @classmethod
    def of_step(cls, workflow: Workflow, name: str, run: Callable[..., Any], *, done: Any, **more: Any) -> Self:
        """The act behind a step of the workflow. Raises ValueError for a step that is nobody's button."""
        rule = workflow.steps[name]
        if rule.permission is None:
            raise ValueError(f"{name} is nobody's button")
        return cls(
            name=name, run=run, permissions=frozenset({Permission(rule.permission)}), done=done, label=rule.label,
            hint=rule.hint, **more,
        )  # fmt: skip

    @property
    def slug(self) -> str:
        return self.name.replace("_", "-")

    @property
    def route(self) -> str:
        return f"office:{self.prefix}-{self.slug}"

    def is_offered(self, situation: Any) -> bool:
        return self.name in situation.steps if self.offered is None else self.offered(situation)
