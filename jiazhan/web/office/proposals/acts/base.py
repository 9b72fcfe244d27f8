"""An act on one proposal as the office's pages know it: its button, its fields, the one service call behind it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.people.models import Account, Unit
from jiazhan.people.permissions import Permission
from jiazhan.people.selectors import handling_units
from jiazhan.suggestions.models import Extension, Handling, Objection, Proposal
from jiazhan.suggestions.selectors.search import Similar
from jiazhan.suggestions.states import WORKFLOW
from jiazhan.web.ui.forms import Form

TEXT = {"rows": 3}


@dataclass(frozen=True)
class Situation:
    """Who looks at which proposal, when; the steps that are theirs now; its parts in force, and what waits for a decision."""

    user: Account
    proposal: Proposal
    at: datetime
    today: date
    steps: frozenset[str]
    parts: tuple[Handling, ...] = ()
    objections: tuple[Objection, ...] = ()
    extensions: tuple[Extension, ...] = ()
    similar: tuple[Similar, ...] = field(default=())

    @cached_property
    def units(self) -> list[Unit]:
        """The units that can handle it."""
        return list(handling_units(self.proposal.jurisdiction))


class ActForm(Form):
    """The fields of an act; `given` makes the service's arguments of them.

    `seen` is the state that the person saw: an act on a proposal that has moved on meanwhile is shown again first.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, situation: Situation, name: str) -> None:
        self.situation = situation
        super().__init__(data, prefix=name)
        self.initial["seen"] = situation.proposal.state
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and suggestions from the situation."""

    @property
    def proposal(self) -> Proposal:
        return self.situation.proposal

    def is_behind(self) -> bool:
        """Whether the proposal has moved on since the person saw it."""
        seen = self.cleaned_data.get("seen")
        return bool(seen) and seen != self.proposal.state

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in."""
        return any(not each.is_hidden for each in self)


@dataclass(frozen=True)
class Act:
    """`name` is the step in the workflow's table, which then gives label and hint; acts that are no step bring their own
    words and say when they are `offered`. `run(proposal, by=, at=, **form.given())` is the service."""

    name: str
    run: Callable[..., Any]
    permissions: frozenset[Permission]
    done: Any
    form: type[ActForm] = ActForm
    label: Any = ""
    hint: Any = ""
    icon: str = "forward"
    group: str = "step"
    offered: Callable[[Situation], bool] | None = None

    @property
    def slug(self) -> str:
        return self.name.replace("_", "-")

    @property
    def route(self) -> str:
        return f"office:proposal-{self.slug}"

    def is_offered(self, situation: Situation) -> bool:
        return self.name in situation.steps if self.offered is None else self.offered(situation)


def step(
    name: str,
    run: Callable[..., Any],
    *,
    done: Any,
    form: type[ActForm] = ActForm,
    icon: str = "forward",
    offered: Callable[[Situation], bool] | None = None,
) -> Act:
    """The act behind a step of the workflow."""
    rule = WORKFLOW.steps[name]
    if rule.permission is None:
        raise ValueError(f"{name} is nobody's button")
    return Act(
        name=name, run=run, permissions=frozenset({Permission(rule.permission)}), done=done, form=form, label=rule.label,
        hint=rule.hint, icon=icon, offered=offered,
    )  # fmt: skip


class ReasonForm(ActForm):
    """Why; `called` is what the reason is here, `told` who reads it."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs=TEXT), max_length=2000)
    called: Any = _("理由")
    told: Any = ""

    def prepare(self) -> None:
        asked = self.fields["reason"]
        asked.label, asked.help_text = self.called, self.told
        asked.error_messages["required"] = _("请填写%(label)s") % {"label": self.called}


class UnitField(forms.TypedChoiceField):
    """A unit by its name; `offer` says which, the suggested ones first in a group of their own."""

    def __init__(self, **options: Any) -> None:
        options = {"label": _("主办单位"), "coerce": self._unit, "empty_value": None} | options
        super().__init__(**options)
        self._units: dict[str, Unit] = {}

    def __deepcopy__(self, memo: Any) -> "UnitField":
        made: UnitField = super().__deepcopy__(memo)  # type: ignore[assignment]
        made._units, made.coerce = {}, made._unit
        return made

    def offer(self, units: list[Unit], *, first: list[Unit] | None = None) -> None:
        self._units = {str(unit.pk): unit for unit in units}
        choices = [(str(unit.pk), unit.name) for unit in units]
        if first:
            suggested = [(str(unit.pk), unit.name) for unit in first]
            choices = [("", _("请选择")), (_("按往年和职责推荐"), suggested), (_("全部单位"), choices)]  # type: ignore[list-item]
        else:
            choices = [("", str(_("请选择"))), *choices]
        self.choices = choices

    def _unit(self, key: str) -> Unit:
        return self._units[key]


class UnitsField(forms.TypedMultipleChoiceField):
    """Several units, each with a box."""

    def __init__(self, **options: Any) -> None:
        options = {"coerce": self._unit, "required": False, "widget": forms.CheckboxSelectMultiple} | options
        super().__init__(**options)
        self._units: dict[str, Unit] = {}

    def __deepcopy__(self, memo: Any) -> "UnitsField":
        made: UnitsField = super().__deepcopy__(memo)  # type: ignore[assignment]
        made._units, made.coerce = {}, made._unit
        return made

    def offer(self, units: list[Unit]) -> None:
        self._units = {str(unit.pk): unit for unit in units}
        self.choices = [(str(unit.pk), unit.name) for unit in units]

    def _unit(self, key: str) -> Unit:
        return self._units[key]
