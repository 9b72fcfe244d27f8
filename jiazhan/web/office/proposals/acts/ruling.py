"""On the parts of units: objections ruled on, parts given to another unit, more time granted or not, the talk registered."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.people.models import Account, Unit
from jiazhan.people.permissions import Permission as P
from jiazhan.suggestions import access
from jiazhan.suggestions.choices import SettleManner
from jiazhan.suggestions.models import Extension, Handling, Proposal
from jiazhan.suggestions.services import evaluating, extensions, units
from jiazhan.suggestions.states import HANDLING, PartState

from .base import TEXT, Act, ActForm, ReasonForm, Situation, UnitField, step

ASSIGNERS = frozenset({P.PROPOSAL_ASSIGN, P.PROPOSAL_GOV_ASSIGN})


class PickField(forms.TypedChoiceField):
    """One of a few rows: a part, or a request. With a single one there is nothing to choose."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, coerce=self._row, empty_value=None)
        self._rows: dict[str, Any] = {}

    def __deepcopy__(self, memo: Any) -> "PickField":
        made: PickField = super().__deepcopy__(memo)  # type: ignore[assignment]
        made._rows, made.coerce = {}, made._row
        return made

    def offer(self, rows: list[tuple[Any, str]]) -> None:
        self._rows = {str(row.pk): row for row, _words in rows}
        self.choices = [(str(row.pk), words) for row, words in rows]
        if len(rows) == 1:
            self.widget = forms.HiddenInput()
            self.initial = str(rows[0][0].pk)

    def _row(self, key: str) -> Any:
        return self._rows[key]


class ReassignForm(ReasonForm):
    part = PickField(_("哪个单位的"))
    unit = UnitField(label=_("改派给"))
    field_order = ["part", "unit", "reason"]
    called = _("改派理由")
    told = _("原单位、新单位和代表都会看到。")

    def prepare(self) -> None:
        super().prepare()
        parts = movable(self.situation)
        self.fields["part"].offer([(each, f"{each.unit.name}（{each.get_part_display()}）") for each in parts])
        holding = {each.unit_id for each in self.situation.parts}
        free = [unit for unit in self.situation.units if unit.pk not in holding]
        objections = [each for each in self.situation.objections if each.proposed_unit_id]
        proposed = [unit for unit in free if unit.pk in {each.proposed_unit_id for each in objections}]
        self.fields["unit"].offer(free, first=proposed)
        if objections:
            self.initial["part"] = str(objections[0].handling_id)
        if proposed:
            self.initial["unit"] = str(proposed[0].pk)
            self.fields["unit"].help_text = _("默认是提出异议的单位建议的。")


class UpholdForm(ReasonForm):
    part = PickField(_("哪个单位的异议"))
    field_order = ["part", "reason"]
    called = _("裁定说明")
    told = _("写明为什么仍由这个单位办理，单位会看到。")

    def prepare(self) -> None:
        super().prepare()
        self.fields["part"].offer([(each, each.unit.name) for each in _objected(self.situation)])


class GrantForm(ActForm):
    extension = PickField(_("哪个单位的延期"))
    reason = forms.CharField(label=_("审批说明"), widget=forms.Textarea(attrs=TEXT), max_length=1000, required=False)

    def prepare(self) -> None:
        rows = self.situation.extensions
        self.fields["extension"].offer(
            [(each, f"{each.handling.unit.name}：{each.due_before} → {each.due_after}") for each in rows]
        )


class RefuseForm(GrantForm):
    def prepare(self) -> None:
        super().prepare()
        self.fields["reason"].required = True
        self.fields["reason"].label = _("不批准的理由")


class SettleForm(ActForm):
    manner = forms.ChoiceField(label=_("方式"), choices=SettleManner.choices, widget=forms.RadioSelect)
    held_on = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    people = forms.CharField(label=_("参加人员"), max_length=300)
    result = forms.CharField(label=_("结果"), widget=forms.Textarea(attrs=TEXT), max_length=5000)
    way_on = forms.CharField(
        label=_("后续去向"), max_length=200, required=False, help_text=_("例如：列入明年重点督办、转专题询问。")
    )

    def prepare(self) -> None:
        self.initial["held_on"] = self.situation.today
        self.initial["manner"] = SettleManner.TALK


def reassign(proposal: Proposal, *, part: Handling, unit: Unit, reason: str, by: Account, at: datetime) -> Handling:
    return units.reassign(part, unit=unit, reason=reason, by=by, at=at)


def uphold(proposal: Proposal, *, part: Handling, reason: str, by: Account, at: datetime) -> Handling:
    return units.uphold(part, reason=reason, by=by, at=at)


def grant(proposal: Proposal, *, extension: Extension, reason: str, by: Account, at: datetime) -> Extension:
    return extensions.grant_extension(extension, reason=reason, by=by, at=at)


def refuse(proposal: Proposal, *, extension: Extension, reason: str, by: Account, at: datetime) -> Extension:
    return extensions.refuse_extension(extension, reason=reason, by=by, at=at)


def settle(
    proposal: Proposal, *, manner: str, held_on: date, people: str, result: str, way_on: str, by: Account, at: datetime
) -> Proposal:
    return evaluating.settle(
        proposal,
        manner=SettleManner(manner),
        held_on=held_on,
        people=people,
        result=result,
        way_on=way_on,
        by=by,
        at=at,
    )


def movable(situation: Situation) -> list[Handling]:
    """The parts that this person may give to another unit."""
    return [each for each in situation.parts if _may(situation, "release", each)]


def _objected(situation: Situation) -> list[Handling]:
    return [each for each in situation.parts if each.state == PartState.OBJECTED and _may(situation, "uphold", each)]


def _may(situation: Situation, step_name: str, part: Handling) -> bool:
    return part.state in HANDLING.steps[step_name].sources and access.may_part(situation.user, step_name, part)


def _grants(situation: Situation) -> bool:
    if not situation.extensions:
        return False
    gov = situation.proposal.through_government
    permission = P.PROPOSAL_GOV_ASSIGN if gov else P.PROPOSAL_ASSIGN
    return access.holds(situation.user, permission, situation.proposal)


ACTS = (
    Act(
        name="uphold", run=uphold, permissions=ASSIGNERS, form=UpholdForm, icon="check",
        label=_("异议不成立"), hint=_("仍由原单位办理，单位会收到通知，期限不变。"),
        offered=lambda situation: bool(_objected(situation)), done=_("已裁定，仍由原单位办理。"),
    ),
    Act(
        name="reassign", run=reassign, permissions=ASSIGNERS, form=ReassignForm, icon="divert",
        label=_("改派"), hint=_("换一个单位办理，答复期限从今天重新计算；原单位、新单位和代表都会收到通知。"),
        offered=lambda situation: bool(movable(situation)), done=_("已改派，新单位会收到通知。"),
    ),
    Act(
        name="grant_extension", run=grant, permissions=ASSIGNERS, form=GrantForm, icon="clock",
        label=_("批准延期"), hint=_("答复期限延长，理由告知每位代表。"), offered=_grants, done=_("已批准延期，代表和承办单位会收到通知。"),
    ),
    Act(
        name="refuse_extension", run=refuse, permissions=ASSIGNERS, form=RefuseForm, icon="close",
        label=_("不批准延期"), hint=_("期限不变，理由告知承办单位。"), offered=_grants, done=_("未批准延期，承办单位会收到通知。"),
    ),
    step("settle", settle, form=SettleForm, icon="people", done=_("面商结果已登记，各方会收到通知。")),
)  # fmt: skip
