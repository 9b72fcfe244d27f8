"""The district's acts: review by an organ of the congress, forwarding by its office, assignment by the government."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiazhan.opinions.services import district, units
from jiazhan.people.selectors import handling_units

from .base import TEXT, ActForm, OpinionForm, UnitField, step
from .street import ReassignForm, UpholdForm


class ReviewForm(OpinionForm):
    def prepare(self) -> None:
        self.fields["text"].label = _("审核意见")


class RejectForm(ActForm):
    text = forms.CharField(label=_("不予转办的理由"), widget=forms.Textarea(attrs=TEXT), max_length=1000)
    way_on = forms.CharField(
        label=_("去向"), max_length=200, help_text=_("反映人接下来怎么办，例如：改由街道办理、转信访部门。")
    )


class ReceiveForm(ActForm):
    received_on = forms.DateField(
        label=_("收文日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
        help_text=_("不填就是今天。"),
    )

    def prepare(self) -> None:
        self.initial["received_on"] = timezone.localdate(self.situation.at)


class AssignDepartmentForm(ActForm):
    unit = UnitField()

    def prepare(self) -> None:
        self.fields["unit"].offer(handling_units(self.opinion.jurisdiction))


ACTS = (
    step("begin_review", district.begin_review, icon="eye", done=_("已开始审核，由您所在的工作机构负责。")),
    step("approve_review", district.approve_review, form=ReviewForm, icon="check", done=_("已同意转办，常委会办公室会收到通知。")),
    step("reject_review", district.reject_review, form=RejectForm, icon="close", done=_("已记为不予转办，反映人、代表和街道会收到通知。")),
    step("forward_to_government", district.forward_to_government, icon="letter", done=_("已编文号并出函，政府办会收到通知。")),
    step("receive_at_government", district.receive_at_government, form=ReceiveForm, icon="inbox", done=_("已收文，请交承办单位。")),
    step("assign_department", district.assign_department, form=AssignDepartmentForm, icon="building", done=_("已交承办单位，该单位会收到通知。")),
    step("reassign_department", units.reassign, form=ReassignForm, icon="building", done=_("已改派，新的单位会收到通知。")),
    step("uphold_department", units.uphold, form=UpholdForm, icon="handshake", done=_("已裁定，仍由原单位办理。")),
)  # fmt: skip
