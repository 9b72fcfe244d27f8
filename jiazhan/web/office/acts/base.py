"""An act on one matter as the office's pages know it: its button, its fields, the one service call behind it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.text import clean_line
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.states import WORKFLOW
from jiazhan.people.models import Account, Unit
from jiazhan.people.permissions import Permission
from jiazhan.web.ui.forms import Form

TEXT = {"rows": 3}


@dataclass(frozen=True)
class Situation:
    """Who looks at which matter, when; the steps that the workflow offers them; what the matter has (`presence.parts_of`)."""

    user: Account
    opinion: Opinion
    at: datetime
    today: date
    steps: frozenset[str]
    parts: frozenset[str]


class ActForm(Form):
    """The fields of an act; `given` makes the service's arguments of them.

    `seen` is the state that the person saw: an act on a matter that has moved on meanwhile is shown again first.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, situation: Situation, name: str) -> None:
        self.situation = situation
        super().__init__(data, prefix=name)
        self.initial["seen"] = situation.opinion.state
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and suggestions from the situation."""

    @property
    def opinion(self) -> Opinion:
        return self.situation.opinion

    def is_behind(self) -> bool:
        """Whether the matter has moved on since the person saw it."""
        seen = self.cleaned_data.get("seen")
        return bool(seen) and seen != self.opinion.state

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in."""
        return any(not field.is_hidden for field in self)


@dataclass(frozen=True)
class Act:
    """`name` is the step in the workflow's table, which then gives label and hint; acts that are no step bring their own
    words and say when they are `offered`. `run(opinion, by=, at=, **form.given())` is the service."""

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
        return f"office:opinion-{self.slug}"

    def is_offered(self, situation: Situation) -> bool:
        return self.name in situation.steps if self.offered is None else self.offered(situation)


def step(name: str, run: Callable[..., Any], *, done: Any, form: type[ActForm] = ActForm, icon: str = "forward") -> Act:
    """The act behind a step of the workflow."""
    rule = WORKFLOW.steps[name]
    if rule.permission is None:
        raise ValueError(f"{name} is nobody's button")
    return Act(
        name=name, run=run, permissions=frozenset({Permission(rule.permission)}), done=done, form=form, label=rule.label,
        hint=rule.hint, icon=icon,
    )  # fmt: skip


class ReasonForm(ActForm):
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs=TEXT), max_length=1000)


class OpinionForm(ActForm):
    text = forms.CharField(label=_("意见"), widget=forms.Textarea(attrs=TEXT), max_length=1000)


class CopiesField(forms.CharField):
    """Names of offices that get a copy, one a line or parted by 、."""

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("抄送"), required=False, help_text=_("一行一个单位，也可以用顿号隔开。"), **options)

    def to_python(self, value: Any) -> Any:
        return tuple(filter(None, map(clean_line, re.split(r"[\n、,，;；]", str(value or "")))))


class UnitField(forms.ModelChoiceField):
    """A unit by its name; the choices are set by the form, which knows the place."""

    def __init__(self, **options: Any) -> None:
        options = {"label": _("承办单位"), "empty_label": _("请选择")} | options
        super().__init__(Unit.objects.none(), **options)

    def offer(self, units: Any, *, shown: Iterable[tuple[Any, Any]] | None = None) -> None:
        """Accept any of the units; `shown` spares reading them where the words are at hand."""
        self.queryset = units
        if shown is not None:
            self.choices = [("", self.empty_label), *shown]
