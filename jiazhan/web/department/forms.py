"""What the acts of a unit are asked with. The shape is checked here; whether it may be done, the services say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.opinions.choices import OutcomeClass
from jiazhan.opinions.models import Opinion, Reply
from jiazhan.opinions.services import telling
from jiazhan.people.models import Account, Unit
from jiazhan.people.permissions import Permission
from jiazhan.people.selectors import handling_units
from jiazhan.web.ui.forms import Form


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ReceiveForm(Form):
    received_on = forms.DateField(label=_("收文日期"), widget=_day(), help_text=_("办理期限从这一天起算。"))


class ObjectionForm(Form):
    reason = forms.CharField(
        label=_("异议理由"),
        widget=forms.Textarea,
        help_text=_("写明为什么不属于本单位职责，引用职责规定更有说服力。"),
    )
    proposed_unit = forms.ModelChoiceField(Unit.objects.none(), label=_("建议由哪个单位承办"), required=False)

    def __init__(self, *args: Any, opinion: Opinion, **kwargs: Any) -> None:
        super().__init__(*args, prefix="objection", **kwargs)
        units = handling_units(opinion.jurisdiction).exclude(pk=opinion.unit_id)
        self.fields["proposed_unit"].queryset = units
        self.fields["proposed_unit"].empty_label = _("不清楚，请交办单位定")


class HandlerForm(Form):
    handler = forms.ModelChoiceField(Account.objects.none(), label=_("经办人"), empty_label=_("请选择"))

    def __init__(self, *args: Any, opinion: Opinion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = telling.staff_of(opinion.unit, Permission.OPINION_HANDLE) if opinion.unit else []
        self.fields["handler"].queryset = Account.objects.filter(pk__in=[each.pk for each in staff]).order_by("name")


class TalkForm(Form):
    text = forms.CharField(
        label=_("给反映人留言"),
        widget=forms.Textarea,
        help_text=_("双方都看不到对方的电话。反映人会收到提醒，凭查询码查看并回复。"),
    )


class ExtensionForm(Form):
    reason = forms.CharField(
        label=_("延期理由"),
        widget=forms.Textarea,
        help_text=_("写明难在哪里、已经做了什么。批准后理由会告诉反映人。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="extension", **kwargs)


class SendBackForm(Form):
    reason = forms.CharField(
        label=_("修改意见"), widget=forms.Textarea, help_text=_("写明要改哪里，经办人会收到通知。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="back", **kwargs)


class PromiseForm(Form):
    text = forms.CharField(
        label=_("完成情况"), widget=forms.Textarea, help_text=_("写明做到哪一步、哪天完成的，人大会去核实。")
    )


class ReplyForm(Form):
    """The reply as it is being written; everything but the words themselves can wait until it is submitted."""

    body = forms.CharField(label=_("答复内容"), widget=forms.Textarea, required=False)
    outcome = forms.ChoiceField(label=_("办理结果"), choices=OutcomeClass, widget=forms.RadioSelect, required=False)
    promise_text = forms.CharField(label=_("承诺事项"), required=False)
    promise_on = forms.DateField(label=_("完成日期"), widget=_day(), required=False)
    contact = forms.CharField(label=_("联系人及电话"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def showing(cls, reply: Reply | None) -> "ReplyForm":
        """The form with the draft as it stands, or empty."""
        if reply is None:
            return cls()
        names = ("body", "outcome", "promise_text", "promise_on", "contact", "version")
        return cls(initial={name: getattr(reply, name) for name in names})
