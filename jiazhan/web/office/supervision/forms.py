"""What supervisors write: a choice of the chairpersons' meeting, its end, a visit, a reminder letter, words on a promise."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from jiazhan.people.models import Account, Unit
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.services import key_proposals
from jiazhan.web.ui.forms import Form

TEXT = {"rows": 4}
ANSWER_DAYS = 10


def day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **options)


def words_field(label: Any, most: int, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs=TEXT), max_length=most, **options)


class KeyForm(Form):
    """The lead is one of the meeting's members, or, where they have no account here, a name."""

    meeting = forms.CharField(label=_("会次"), max_length=80, help_text=_("例如：区人大常委会第 42 次主任会议。"))
    decided_on = day_field(_("主任会议日期"))
    lead = forms.ChoiceField(
        label=_("领办的主任会议成员"),
        required=False,
        help_text=_("和下一项“写姓名”至少填一项；选在名单里的，本人会收到通知。"),
    )
    lead_member = forms.CharField(label=_("不在名单里的，写姓名"), max_length=40, required=False)
    committee = forms.ChoiceField(label=_("督办委员会"))
    demands = words_field(_("督办要求"), 2000, required=False)

    def __init__(self, data: Any = None, *, proposal: Proposal, today: date) -> None:
        super().__init__(data, prefix="key")
        self._members = {str(each.pk): each for each in key_proposals.members_for(proposal)}
        self._committees = {str(each.pk): each for each in key_proposals.committees_for(proposal)}
        members = [(key, each.name) for key, each in self._members.items()]
        self.fields["lead"].choices = [("", _("请选择")), *members]
        self.fields["committee"].choices = [
            ("", _("请选择")),
            *((key, each.name) for key, each in self._committees.items()),
        ]
        self.initial["decided_on"] = today

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("lead") and not given.get("lead_member") and "lead" not in self.errors:
            self.add_error("lead", _("请选择领办的主任会议成员，或写明姓名。"))
        return given

    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        lead: Account | None = self._members.get(said["lead"])
        committee: Unit = self._committees[said["committee"]]
        return {
            "meeting": said["meeting"], "decided_on": said["decided_on"], "lead_account": lead,
            "lead_member": said["lead_member"], "committee": committee, "demands": said["demands"],
        }  # fmt: skip


class EndForm(Form):
    reason = forms.CharField(label=_("解除理由"), max_length=200, help_text=_("代表、承办单位和领办人都会看到。"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="end")


class VisitForm(Form):
    held_on = day_field(_("日期"))
    place = forms.CharField(label=_("地点"), max_length=120)
    people = forms.CharField(label=_("参加人员"), max_length=300)
    findings = words_field(_("了解的情况"), 5000)
    asks = words_field(_("提出的要求"), 5000, required=False)

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, prefix="visit")
        self.initial["held_on"] = today


class UrgeForm(Form):
    unit = forms.ChoiceField(label=_("发给"))
    text = words_field(_("催办要求"), 2000)
    answer_by = day_field(_("回复期限"))

    def __init__(self, data: Any = None, *, proposal: Proposal, today: date) -> None:
        super().__init__(data, prefix="urge")
        self._units = {str(each.pk): each for each in key_proposals.units_of(proposal)}
        self.fields["unit"].choices = [(key, each.name) for key, each in self._units.items()]
        self.initial["answer_by"] = today + timedelta(days=ANSWER_DAYS)

    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"unit": self._units[said["unit"]], "text": said["text"], "answer_by": said["answer_by"]}


class PackForm(Form):
    """What stands above the list; the questions come as one field for each proposal."""

    title = forms.CharField(label=_("材料标题"), max_length=80)
    held_on = day_field(_("会议日期"))

    def __init__(self, data: Any = None, *, ids: list[UUID]) -> None:
        super().__init__(data)
        self.ids = ids
        for each in ids:
            self.fields[f"q-{each.hex}"] = words_field(_("询问事项"), 5000, required=False)

    def questions(self, proposal_id: UUID) -> tuple[str, ...]:
        """One question a line."""
        lines = self.cleaned_data[f"q-{proposal_id.hex}"].splitlines()
        return tuple(line.strip() for line in lines if line.strip())
