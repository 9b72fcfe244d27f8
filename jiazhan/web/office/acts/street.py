"""The street's acts: two officials' opinions, then to the street office or up to the district; rulings on its own track."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.opinions.access import holds
from jiazhan.opinions.models.handling import Decision
from jiazhan.opinions.services import extensions, street, units
from jiazhan.opinions.services.units import ruling_permission
from jiazhan.people.permissions import Permission as P
from jiazhan.people.selectors import handling_units

from .base import TEXT, Act, ActForm, CopiesField, OpinionForm, ReasonForm, Situation, UnitField, step


class AssignStreetForm(ActForm):
    unit = UnitField()
    copies_to = CopiesField()

    def prepare(self) -> None:
        offered = handling_units(self.opinion.jurisdiction).filter(area__startswith=self.opinion.street)
        self.fields["unit"].offer(offered)
        self.initial["unit"] = getattr(offered.first(), "pk", None)


class ForwardDistrictForm(ActForm):
    text = forms.CharField(
        label=_("转区人大的意见"), widget=forms.Textarea(attrs=TEXT), max_length=1000, required=False,
        help_text=_("写明为什么超出街道职权或街道直办有困难。主任已签过意见的可以不填。"),
    )  # fmt: skip
    copies_to = CopiesField()


class ReassignForm(ReasonForm):
    unit = UnitField(label=_("改派给"))
    field_order = ["unit", "reason"]

    def prepare(self) -> None:
        self.fields["reason"].label = _("改派说明")
        offered = handling_units(self.opinion.jurisdiction).exclude(pk=self.opinion.unit_id)
        if self.opinion.track == "street":
            offered = offered.filter(area__startswith=self.opinion.street)
        self.fields["unit"].offer(offered)
        objection = self.opinion.objections.order_by("-raised_at").first()
        if objection and objection.proposed_unit_id:
            self.initial["unit"] = objection.proposed_unit_id
            self.fields["unit"].help_text = _("默认是提出异议的单位建议的。")


class UpholdForm(ReasonForm):
    def prepare(self) -> None:
        self.fields["reason"].label = _("裁定说明")


class ReturnForm(ReasonForm):
    def prepare(self) -> None:
        self.fields["reason"].label = _("改由街道办理的说明")


class GrantForm(ActForm):
    reason = forms.CharField(
        label=_("审批说明"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False
    )


class RefuseForm(ReasonForm):
    def prepare(self) -> None:
        self.fields["reason"].label = _("不批准的理由")


def _decides_on_more_time(situation: Situation) -> bool:
    opinion = situation.opinion
    return (
        "extensions" in situation.parts
        and bool(opinion.track)
        and holds(situation.user, ruling_permission(opinion), opinion)
        and (opinion.extensions.filter(decision=Decision.PENDING).exists())
    )


RULING = frozenset({P.OPINION_DIRECTOR, P.OPINION_GOV_ASSIGN})

ACTS = (
    step("opine_vice_director", street.opine_vice_director, form=OpinionForm, icon="sign", done=_("已签名，送主任提出意见。")),
    step("opine_director", street.opine_director, form=OpinionForm, icon="sign", done=_("已签名。意见齐备，可以交办。")),
    step("assign_street", street.assign_street, form=AssignStreetForm, icon="send", done=_("转办函已生成，街道办事处会收到通知。")),
    step("forward_district", street.forward_district, form=ForwardDistrictForm, icon="congress", done=_("转办函已生成，区人大会收到通知。")),
    step("return_to_street", street.return_to_street, form=ReturnForm, icon="reply", done=_("已改由街道办理，请重新提出意见。")),
    step("reassign_street", units.reassign, form=ReassignForm, icon="building", done=_("已改派，新的单位会收到通知。")),
    step("uphold_street", units.uphold, form=UpholdForm, icon="handshake", done=_("已裁定，仍由原单位办理。")),
    Act(
        name="grant_extension", run=extensions.grant_extension, permissions=RULING, form=GrantForm, icon="clock",
        label=_("批准延期"), hint=_("新的期限立即生效，承办单位、代表和反映人会收到通知。"),
        offered=_decides_on_more_time, done=_("已批准延期，新的期限已生效。"),
    ),
    Act(
        name="refuse_extension", run=extensions.refuse_extension, permissions=RULING, form=RefuseForm, icon="close",
        label=_("不批准延期"), hint=_("期限不变，承办单位会收到理由。"), offered=_decides_on_more_time, done=_("未批准延期，期限不变。"),
    ),
)  # fmt: skip
