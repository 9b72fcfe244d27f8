"""To whom it goes: by the congress's desk or by the government's office, with the units that history and wording suggest."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as said_now
from django.utils.translation import gettext_lazy as _

from jiazhan.people.models import Account, Unit
from jiazhan.people.permissions import Permission as P
from jiazhan.suggestions.choices import Manner
from jiazhan.suggestions.models import Batch, Proposal
from jiazhan.suggestions.selectors.suggesting import Suggested, knowledge_of, suggest_units
from jiazhan.suggestions.services import assigning, evaluating

from .base import TEXT, ActForm, ReasonForm, UnitField, UnitsField, step

ASSIGN = frozenset({P.PROPOSAL_ASSIGN, P.PROPOSAL_GOV_ASSIGN})


class AssignForm(ActForm):
    host = UnitField()
    manner = forms.ChoiceField(
        label=_("办理方式"), choices=Manner.choices, widget=forms.RadioSelect, initial=Manner.HOST
    )
    others = UnitsField(
        label=_("其他单位"), help_text=_("“主办、协办”时选中的都是协办；“分别办理”时与主办单位各自答复。可以不选。")
    )
    reason = forms.CharField(label=_("交办理由"), required=False, max_length=300, help_text=_("不填时记下推荐的依据。"))
    suggested: Suggested = Suggested()

    def prepare(self) -> None:
        proposal, units = self.proposal, self.situation.units
        known = knowledge_of(
            congress_area=proposal.congress_area, jurisdiction=proposal.jurisdiction, year=proposal.year
        )
        self.suggested = suggest_units(proposal, known)
        there = {unit.pk for unit in units}
        hosts = [each.unit for each in self.suggested.hosts if each.unit.pk in there]
        self.fields["host"].offer(units, first=hosts)
        assists = [each.unit for each in self.suggested.assists if each.unit.pk in there]
        first = {unit.pk for unit in assists}
        self.fields["others"].offer([*assists, *(unit for unit in units if unit.pk not in first)])
        if hosts:
            self.initial["host"] = str(hosts[0].pk)
            self.initial["others"] = [str(unit.pk) for unit in assists]
        else:
            self.fields["host"].help_text = _("往年没有同类建议，文中也没有能判断的词，请您来选。")

    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        reason = said["reason"] or next(
            (each.why for each in self.suggested.hosts if each.unit.pk == said["host"].pk), ""
        )
        others = [unit for unit in said["others"] if unit.pk != said["host"].pk]
        return {"host": said["host"], "others": others, "manner": Manner(said["manner"]), "reason": reason[:300]}


class DemandsForm(ActForm):
    demands = forms.CharField(
        label=_("重新办理的要求"), widget=forms.Textarea(attrs=TEXT), max_length=2000, required=False,
        help_text=_("承办单位会看到，例如代表不满意的是哪一点。"),
    )  # fmt: skip


class SendBackForm(ReasonForm):
    called = _("退回理由")
    told = _("人大代表工作机构会看到。")


def assign(
    proposal: Proposal, *, host: Unit, others: list[Unit], manner: Manner, reason: str, by: Account, at: datetime
) -> Batch:
    """Assign one: a batch of its own, named by its day."""
    splits = manner == Manner.SPLIT
    plan = assigning.Plan(
        proposal,
        replying=(host, *others) if splits else (host,),
        assisting=() if splits else tuple(others),
        manner=manner,
        reason=reason,
    )
    day = timezone.localdate(at)
    name = said_now("%(day)s交办") % {"day": f"{day.year}年{day.month}月{day.day}日"}
    return assigning.assign([plan], name=name, by=by, at=at)


DONE = _("已交办。承办单位和代表会收到通知，今天起计算答复期限。")
ACTS = (
    step("assign", assign, form=AssignForm, icon="send", done=DONE),
    step("assign_by_government", assign, form=AssignForm, icon="send", done=DONE),
    step(
        "forward_to_government", assigning.forward_to_government, icon="building", done=_("已转政府办公室，对方会收到通知。")
    ),
    step(
        "return_from_government", assigning.return_from_government, form=SendBackForm, icon="retry",
        done=_("已退回人大，对方会收到通知。"),
    ),
    replace(
        step("reorder", evaluating.reorder, form=DemandsForm, icon="retry", done=_("已重新交办，一个月内再次答复。")),
        permissions=ASSIGN,
    ),
)  # fmt: skip
