"""An act on one proposal as the office's pages know it: its button, its fields, the one service call behind it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.people.models import Account, Unit
from jiazhan.people.selectors import handling_units
from jiazhan.suggestions.models import Extension, Handling, Objection, Proposal
from jiazhan.suggestions.selectors.search import Similar
from jiazhan.suggestions.states import WORKFLOW
from jiazhan.web.office import acting

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

    @property
    def case(self) -> Proposal:
        return self.proposal


class ActForm(acting.ActForm):
    @property
    def proposal(self) -> Proposal:
        return self.situation.proposal


@dataclass(frozen=True)
class Act(acting.Act):
    prefix = "proposal"
    form: type[acting.ActForm] = ActForm


step = partial(Act.of_step, WORKFLOW)


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
