"""An act on one matter as the office's pages know it: its button, its fields, the one service call behind it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.text import clean_line
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.states import WORKFLOW
from jiazhan.people.models import Account, Unit
from jiazhan.web.office import acting

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

    @property
    def case(self) -> Opinion:
        return self.opinion


class ActForm(acting.ActForm):
    @property
    def opinion(self) -> Opinion:
        return self.situation.opinion


@dataclass(frozen=True)
class Act(acting.Act):
    prefix = "opinion"
    form: type[acting.ActForm] = ActForm


step = partial(Act.of_step, WORKFLOW)


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
