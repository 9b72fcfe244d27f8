"""What the acts of a unit on a proposal are asked with. The shape is checked here; whether it may be done, the services say."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.people.models import Account, Deputy, Unit
from jiazhan.people.permissions import Permission
from jiazhan.people.selectors import handling_units, staff_of
from jiazhan.suggestions.choices import ContactMode, Phase, Publicity
from jiazhan.suggestions.models import AssistOpinion, Handling, Reply
from jiazhan.suggestions.states import PartState
from jiazhan.web.ui.forms import Form

from .forms import ReplyForm


class ObjectionForm(Form):
    reason = forms.CharField(
        label=_("异议理由"),
        widget=forms.Textarea,
        help_text=_("写明为什么不属于本单位职责，引用职责规定更有说服力。各方都会看到。"),
    )
    proposed_unit = forms.ModelChoiceField(Unit.objects.none(), label=_("建议由哪个单位承办"), required=False)

    def __init__(self, *args: Any, handling: Handling, **kwargs: Any) -> None:
        super().__init__(*args, prefix="objection", **kwargs)
        units = handling_units(handling.jurisdiction).exclude(pk=handling.unit_id)
        self.fields["proposed_unit"].queryset = units
        self.fields["proposed_unit"].empty_label = _("不清楚，请交办单位定")


class HandlerForm(Form):
    handler = forms.ModelChoiceField(Account.objects.none(), label=_("经办人"), empty_label=_("请选择"))

    def __init__(self, *args: Any, handling: Handling, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = staff_of(handling.unit, Permission.PROPOSAL_HANDLE)
        self.fields["handler"].queryset = Account.objects.filter(pk__in=[each.pk for each in staff]).order_by("name")


class ContactForm(Form):
    """A talk with some of the deputies: the same words stand in the entry of each."""

    deputies = forms.MultipleChoiceField(label=_("与哪位代表沟通"), widget=forms.CheckboxSelectMultiple)
    phase = forms.ChoiceField(label=_("阶段"), choices=Phase, widget=forms.RadioSelect)
    mode = forms.ChoiceField(label=_("方式"), choices=[("", _("请选择")), *ContactMode.choices])
    held_at = forms.DateTimeField(
        label=_("时间"), widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    )
    people = forms.CharField(label=_("参加人员"), help_text=_("写姓名和职务，如：李工、局排水科科长王强。"))
    summary = forms.CharField(
        label=_("沟通情况"),
        widget=forms.Textarea,
        help_text=_("写明谈了什么、代表怎么说。代表会收到通知，可以说明与实际是否相符。"),
    )

    def __init__(self, *args: Any, handling: Handling, owed: Sequence[Deputy], **kwargs: Any) -> None:
        super().__init__(*args, prefix="contact", **kwargs)
        self.owed = {str(each.pk): each for each in owed}
        self.fields["deputies"].choices = [(key, each.name) for key, each in self.owed.items()]
        is_answered = handling.state == PartState.ANSWERED
        phases = [Phase.AFTER] if is_answered else [Phase.BEFORE, Phase.DURING]
        self.fields["phase"].choices = [(each.value, each.label) for each in phases]
        self.initial.setdefault("phase", phases[0].value)
        if len(self.owed) == 1:
            self.initial.setdefault("deputies", list(self.owed))

    def clean_deputies(self) -> list[Deputy]:
        return [self.owed[key] for key in self.cleaned_data["deputies"]]


class ExtensionForm(Form):
    reason = forms.CharField(
        label=_("延期理由"),
        widget=forms.Textarea,
        help_text=_("写明难在哪里、已经做了什么。批准后理由会告知每位代表。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="extension", **kwargs)


class PromiseForm(Form):
    text = forms.CharField(
        label=_("落实情况"), widget=forms.Textarea, help_text=_("写明做到哪一步、哪天完成的，代表会据此确认是否兑现。")
    )

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"promise-{of}", **kwargs)


class UrgingForm(Form):
    text = forms.CharField(
        label=_("回复内容"), widget=forms.Textarea, help_text=_("写明办到哪一步、为什么、什么时候答复。")
    )

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"urging-{of}", **kwargs)


class ProposalReplyForm(ReplyForm):
    """The reply to deputies, with the unit's word on whether it may be made public."""

    publicity = forms.ChoiceField(
        label=_("复文公开意见"), choices=[("", _("还没有选定")), *Publicity.choices], required=False
    )
    publicity_reason = forms.CharField(
        label=_("不全文公开的理由"), required=False, help_text=_("区分处理或不公开的，写明涉及什么。")
    )

    @classmethod
    def showing(cls, reply: Reply | None) -> "ProposalReplyForm":  # type: ignore[override]
        """The form with the draft as it stands, or empty."""
        return cls() if reply is None else cls(initial={name: getattr(reply, name) for name in cls.base_fields})


class AssistForm(Form):
    """An assisting unit's opinion as it is being written."""

    body = forms.CharField(label=_("协办意见"), widget=forms.Textarea, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def showing(cls, opinion: AssistOpinion | None) -> "AssistForm":
        """The form with the draft as it stands, or empty."""
        return cls() if opinion is None else cls(initial={"body": opinion.body, "version": opinion.version})
