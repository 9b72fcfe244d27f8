"""What the desk writes about a meeting: a reason, a time and place, who came and what was answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiazhan.suggestions.models import OfficialMeeting
from jiazhan.suggestions.services.meetings import Answer
from jiazhan.web.ui.forms import Form

TEXT = {"rows": 4}


def moment_field(label: Any, **options: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), **options)


def words_field(label: Any, most: int, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs=TEXT), max_length=most, **options)


class MeetingForm(Form):
    """Its fields carry the act's name, because several stand on one page."""

    name = ""

    def __init__(self, data: Any = None, *, meeting: OfficialMeeting) -> None:
        self.meeting = meeting
        super().__init__(data, prefix=self.name)
        self.prepare()

    def prepare(self) -> None:
        """Fill what the meeting already says."""

    def given(self) -> dict[str, Any]:
        return self.cleaned_data


class AcceptForm(MeetingForm):
    name = "accept"


class DeclineForm(MeetingForm):
    name = "decline"
    reason = words_field(_("不予安排的理由"), 2000, help_text=_("申请代表会看到。"))


class ScheduleForm(MeetingForm):
    name = "schedule"
    starts_at = moment_field(_("时间"))
    place = forms.CharField(label=_("地点"), max_length=120)
    host = forms.CharField(label=_("主持人"), max_length=60)


class PostponeForm(MeetingForm):
    name = "postpone"
    starts_at = moment_field(_("改到"))
    place = forms.CharField(label=_("地点"), max_length=120)
    reason = words_field(_("改期理由"), 2000)

    def prepare(self) -> None:
        self.initial["place"] = self.meeting.place


class HoldForm(MeetingForm):
    """For each question an answer, and a promise with its day where one was made."""

    name = "hold"
    held_at = moment_field(_("约见时间"))
    attended_by = forms.CharField(
        label=_("到场负责人"), max_length=120, help_text=_("例如：局长李明；委托他人到场的，写明职务。")
    )
    present = forms.MultipleChoiceField(label=_("到场代表"), required=False, widget=forms.CheckboxSelectMultiple)
    summary = words_field(_("约见情况"), 5000, required=False)

    def prepare(self) -> None:
        rows = list(self.meeting.deputies.select_related("deputy").order_by("id"))
        self.fields["present"].choices = [(str(each.deputy_id), each.deputy.name) for each in rows]
        self.initial["present"] = [str(each.deputy_id) for each in rows]
        self.initial["attended_by"] = self.meeting.coming
        if self.meeting.starts_at:
            self.initial["held_at"] = timezone.localtime(self.meeting.starts_at).replace(tzinfo=None)
        self.questions = list(self.meeting.questions.order_by("position"))
        for each in self.questions:
            key = each.pk.hex
            label = gettext("第 %(n)s 个问题的答复") % {"n": each.position}
            missing = {"required": gettext("请填写%(label)s；当场没有答复的，写明何时答复。") % {"label": label}}
            self.fields[f"a-{key}"] = words_field(label, 5000, error_messages=missing)
            self.fields[f"p-{key}"] = forms.CharField(label=_("承诺事项"), max_length=300, required=False)
            self.fields[f"d-{key}"] = forms.DateField(
                label=_("承诺完成日期"), widget=forms.DateInput(attrs={"type": "date"}), required=False
            )
            self.initial[f"a-{key}"] = each.prepared

    @property
    def answering(self) -> list[dict[str, Any]]:
        """Each question with its three fields."""
        return [
            {"question": each, "fields": [self[f"{part}-{each.pk.hex}"] for part in "apd"]} for each in self.questions
        ]

    @property
    def heading(self) -> list[Any]:
        return [self[name] for name in ("held_at", "attended_by", "present", "summary")]

    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        answers: dict[UUID, Answer] = {
            each.pk: Answer(said[f"a-{each.pk.hex}"], said[f"p-{each.pk.hex}"], said[f"d-{each.pk.hex}"])
            for each in self.questions
        }
        held_at: datetime = said["held_at"]
        return {
            "held_at": held_at, "attended_by": said["attended_by"], "present": [UUID(each) for each in said["present"]],
            "summary": said["summary"], "answers": answers,
        }  # fmt: skip


class KeptForm(Form):
    note = words_field(_("说明"), 2000, required=False)


class BrokenForm(Form):
    reason = words_field(_("未兑现的情况"), 2000)
