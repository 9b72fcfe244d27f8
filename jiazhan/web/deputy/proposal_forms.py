"""What a deputy is asked about a proposal: where to propose, the text, the evaluation, a few words."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.outcomes import Grade
from jiazhan.opinions.models import Opinion
from jiazhan.suggestions.choices import Kind, Origin, Publicity
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.selectors.deputy import Seat
from jiazhan.suggestions.services import writing
from jiazhan.web.ui.forms import Form

LONGEST = 5000
ORIGINS = [
    (Origin.OWN, _("自己起草"), _("把调研、走访中了解的问题写成建议。")),
    (Origin.RESEARCH, _("由调研报告形成"), _("要写明报告名称，提交前附上报告。")),
    (Origin.OPINIONS, _("由群众意见形成"), _("从请您看过的群众意见里选，可以选几件。")),
]
YES_NO = [("yes", _("已经解决")), ("no", _("还没有解决"))]


class NewForm(Form):
    """Where, what and out of what; the choices come from the deputy's seats and the opinions that they may read."""

    term = forms.ChoiceField(label=_("向哪一级人大提出"))
    kind = forms.ChoiceField(label=_("类别"), choices=Kind.choices, initial=Kind.PROPOSAL)
    origin = forms.ChoiceField(label=_("怎样形成"), choices=[each[:2] for each in ORIGINS], initial=Origin.OWN)
    research = forms.CharField(label=_("调研报告名称"), max_length=200, required=False)
    opinions = forms.MultipleChoiceField(label=_("来源意见"), required=False)

    def __init__(self, *args: Any, seats: list[Seat], matters: Iterable[Opinion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = {str(each.term.pk): each for each in seats}
        self.matters = {str(each.pk): each for each in matters}
        self.fields["term"].choices = [(key, each.term.congress.name) for key, each in self.seats.items()]
        self.fields["opinions"].choices = [(key, each.title) for key, each in self.matters.items()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("origin") == Origin.OPINIONS and not given.get("opinions"):
            self.add_error("opinions", _("请至少选一件群众意见，或者改选“自己起草”。"))
        if given.get("origin") == Origin.RESEARCH and not given.get("research"):
            self.add_error("research", _("请填写调研报告名称，报告可以稍后附上。"))
        return given


class TextForm(Form):
    """The text of a draft: everything may be empty until it is submitted."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(label=_("标题"), required=False)
    facts = forms.CharField(widget=forms.Textarea, required=False)
    cause = forms.CharField(widget=forms.Textarea, required=False)
    request = forms.CharField(widget=forms.Textarea, required=False)
    publicity = forms.ChoiceField(label=_("可否公开"), choices=Publicity, required=False)
    publicity_reason = forms.CharField(label=_("不全文公开的理由"), required=False)
    research = forms.CharField(label=_("调研报告名称"), required=False)

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        fields = (*writing.PARTS, "version", "title", "publicity", "publicity_reason", "research")
        super().__init__(*args, initial={name: getattr(proposal, name) for name in fields}, **kwargs)
        for name, label in zip(writing.PARTS, writing.part_names(proposal), strict=True):
            self.fields[name].label = label

    def clean_publicity(self) -> Publicity:
        return Publicity(self.cleaned_data.get("publicity") or Publicity.FULL)


class EvaluationForm(Form):
    """Two questions in three grades, and whether it is solved."""

    manner = forms.ChoiceField(label=_("对办理态度"), choices=Grade)
    result = forms.ChoiceField(label=_("对办理结果"), choices=Grade)
    is_resolved = forms.ChoiceField(label=_("问题解决了吗"), choices=YES_NO)
    words_said = forms.CharField(
        label=_("意见"),
        widget=forms.Textarea,
        required=False,
        help_text=_("有不满意的，请写明哪里不满意、希望怎么办。"),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        poor = Grade.DISSATISFIED in {given.get("manner"), given.get("result")}
        if poor and not given.get("words_said", "").strip():
            self.add_error("words_said", _("请写明不满意的原因，承办单位才知道怎样改。"))
        return given

    def given(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return given | {
            "manner": Grade(given["manner"]),
            "result": Grade(given["result"]),
            "is_resolved": given["is_resolved"] == "yes",
        }


class WordsForm(Form):
    words = forms.CharField(label=_("说明"), widget=forms.Textarea, required=False)


class NoteForm(Form):
    text = forms.CharField(label=_("跟踪情况"), widget=forms.Textarea)
