"""Meetings with heads of organs (约见) on a deputy's phone: ask for one, follow its questions, say whether promises were kept."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiazhan.kernel import words
from jiazhan.kernel.refusals import NotVisible, NotYours
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications import selectors as notices
from jiazhan.notifications import services as notifying
from jiazhan.people.models import Deputy
from jiazhan.people.permissions import Permission
from jiazhan.people.selectors import handling_units
from jiazhan.places.models import Term
from jiazhan.suggestions import access
from jiazhan.suggestions.models import OfficialMeeting
from jiazhan.suggestions.selectors import meetings as reading
from jiazhan.suggestions.services import cosigning, meetings, promises, units, writing
from jiazhan.suggestions.services.meetings import QUESTIONS_LIMIT, Question
from jiazhan.web.ui import meetings as drawing
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from .frame import forget_draft, page

REFUSALS = (
    StepRefused, NotYours, words.WordsMissing, words.WordsTooLong, writing.NotSitting, cosigning.NotOfCongress,
    units.WrongUnit, meetings.NoQuestions, promises.TooEarly,
)  # fmt: skip
FIRST_ROWS, MORE_ROWS = 3, 3
_NAMES = re.compile(r"[\s、\uff0c,;\uff1b]+")


class RequestForm(Form):
    """The questions stand beside it, as rows of topic and text."""

    term = forms.ChoiceField(label=gettext_lazy("以哪一级代表身份"))
    unit = forms.ChoiceField(label=gettext_lazy("约见哪个单位"))
    official = forms.CharField(
        label=gettext_lazy("约见谁"), max_length=60, help_text=gettext_lazy("写职务，例如：局长、分管副局长。")
    )
    subject = forms.CharField(label=gettext_lazy("约见事由"), max_length=120)
    background = forms.CharField(
        label=gettext_lazy("有关情况"), widget=forms.Textarea, max_length=5000, required=False,
        help_text=gettext_lazy("视察、走访了解到的情况，可以点键盘上的话筒直接说。"),
    )  # fmt: skip
    others = forms.CharField(
        label=gettext_lazy("一起约见的代表"), max_length=300, required=False,
        help_text=gettext_lazy("写姓名，用顿号隔开；只能是本届本级在任代表。"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, me: Deputy) -> None:
        super().__init__(data)
        self.me = me
        mandates = me.mandates.in_force().select_related("term__congress").order_by("-term__starts_on")
        self._terms: dict[str, Term] = {
            str(each.term_id): each.term for each in mandates if each.term.congress.region_id
        }
        self.fields["term"].choices = [
            (key, _("%(congress)s第%(n)s届") % {"congress": term.congress.name, "n": term.number})
            for key, term in self._terms.items()
        ]
        if len(self._terms) == 1:
            self.fields["term"].widget = forms.HiddenInput()
            self.initial["term"] = next(iter(self._terms))
        areas = dict.fromkeys((term.congress.region_id or "")[:6] for term in self._terms.values())
        self._units = {str(each.pk): each for area in areas for each in handling_units(area)}
        self.fields["unit"].choices = [("", _("请选择")), *((key, each.name) for key, each in self._units.items())]

    def clean_others(self) -> list[Deputy]:
        """The sitting deputies of the term by name; a name that several bear needs the constituency after it."""
        term = self._terms.get(self.data.get("term", ""))
        found: list[Deputy] = []
        for name in filter(None, map(clean_line, _NAMES.split(self.cleaned_data["others"]))):
            rows = Deputy.objects.filter(
                mandates__in=self.me.mandates.model.objects.in_force().filter(term=term), name=name
            )
            people = list(rows.exclude(pk=self.me.pk).distinct()[:2])
            if name == self.me.name and not people:
                continue
            if not people:
                raise forms.ValidationError(_("没有找到本届在任代表“%(name)s”，请核对姓名。") % {"name": name})
            if len(people) > 1:
                raise forms.ValidationError(
                    _("有几位叫“%(name)s”的代表，请联系代表工作机构代为登记。") % {"name": name}
                )
            found += people
        return found

    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "term": self._terms[said["term"]], "unit": self._units[said["unit"]], "official": said["official"],
            "subject": said["subject"], "background": said["background"], "deputies": said["others"],
        }  # fmt: skip


class KeptForm(Form):
    note = forms.CharField(label=gettext_lazy("说明"), widget=forms.Textarea, max_length=2000, required=False)


class BrokenForm(Form):
    reason = forms.CharField(label=gettext_lazy("没有兑现的情况"), widget=forms.Textarea, max_length=2000)


FOUND: dict[str, tuple[type[Form], Callable[..., Any], Any]] = {
    "kept": (KeptForm, meetings.keep, gettext_lazy("已认定兑现，单位会收到通知。")),
    "broken": (BrokenForm, meetings.break_, gettext_lazy("已认定未兑现，单位会收到通知。")),
}


@needs(Permission.DEPUTY_HOME)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The meetings that the deputy asked for or takes part in."""
    rows = reading.of_deputy(request.user)
    context = drawing.listing(request, rows, route="deputy:meeting", today=timezone.localdate())
    context["open"] = reading.follow_counts(reading.questions_of(rows), today=timezone.localdate())
    return page(request, "deputy/meetings.html", context, place="proposals")


@needs(Permission.PROPOSAL_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a meeting. `more` shows further rows for questions without sending anything."""
    me = request.user.deputy
    if request.method != "POST":
        return _asking(request, RequestForm(me=me), [("", "")] * FIRST_ROWS)
    form, asked = RequestForm(request.POST, me=me), _rows(request)
    if "more" in request.POST:
        bare = RequestForm(me=me)
        bare.initial |= {name: request.POST.get(name, "") for name in form.fields}
        return _asking(request, bare, [*asked, *[("", "")] * MORE_ROWS])
    whole = [(topic, text) for topic, text in asked if topic or text]
    halves = [number for number, (topic, text) in enumerate(whole, start=1) if not (topic and text)]
    if halves:
        numbers = "、".join(map(str, halves))
        form.add_error(None, _("第 %(numbers)s 个问题的“方面”和“问题”都要写。") % {"numbers": numbers})
    if not form.is_valid():
        return _asking(request, form, asked, status=422)
    questions = [Question(topic, text, me) for topic, text in whole]
    try:
        made = meetings.request(me, questions=questions, by=request.user, at=timezone.now(), **form.given())
    except REFUSALS as refusal:
        return _asking(request, form, asked, refusal=str(refusal), status=422)
    messages.success(request, _("约见申请已提交，人大代表工作机构会审核，您会收到通知。"))
    forget_draft(request, "meeting-new")
    return redirect("deputy:meeting", jurisdiction=made.jurisdiction, meeting_id=made.pk)


@needs(Permission.DEPUTY_HOME)
@require_safe
def one(request: HttpRequest, jurisdiction: str, meeting_id: UUID) -> HttpResponse:
    meeting = _mine(request, jurisdiction, meeting_id)
    _unread, about = notices.unread_and_about(request.user, str(meeting.pk))
    notifying.mark_read(request.user, about, at=timezone.now())
    return _page(request, meeting)


@needs(Permission.PROPOSAL_WRITE)
@require_POST
def withdraw(request: HttpRequest, jurisdiction: str, meeting_id: UUID) -> HttpResponse:
    meeting = _mine(request, jurisdiction, meeting_id)
    return _attempt(
        request, meeting, lambda: meetings.withdraw(meeting, by=request.user, at=timezone.now()), _("约见申请已撤回。")
    )


@needs(Permission.DEPUTY_HOME)
@require_POST
def settle(request: HttpRequest, jurisdiction: str, meeting_id: UUID, question_id: UUID, found: str) -> HttpResponse:
    """Kept, or broken with what is missing."""
    meeting = _mine(request, jurisdiction, meeting_id)
    question = drawing.question_of(meeting, question_id)
    if found not in FOUND:
        raise Http404
    kind, run, said = FOUND[found]
    form, key = kind(request.POST), f"{found}-{question.pk}"
    if not form.is_valid():
        return _page(request, meeting, refused={key: form}, status=422)
    return _attempt(
        request, meeting, lambda: run(question, by=request.user, at=timezone.now(), **form.cleaned_data), said,
        refused={key: form},
    )  # fmt: skip


def _attempt(
    request: HttpRequest, meeting: OfficialMeeting, run: Callable[[], Any], said: Any, *, refused: Any = None
) -> HttpResponse:
    where = {"jurisdiction": meeting.jurisdiction, "meeting_id": meeting.pk}
    try:
        run()
    except REFUSALS as refusal:
        return _page(request, _mine(request, **where), refused=refused, refusal=str(refusal), status=409)
    messages.success(request, str(said))
    return redirect("deputy:meeting", **where)


def _mine(request: HttpRequest, jurisdiction: str, meeting_id: UUID) -> OfficialMeeting:
    """A meeting that the deputy takes part in: one that they see for another post's sake is not on this page."""
    meeting = access.meeting_for(request.user, jurisdiction, meeting_id)
    if not reading.of_deputy(request.user).filter(jurisdiction=jurisdiction, pk=meeting.pk).exists():
        raise NotVisible(_("没有找到这次约见。"))
    return meeting


def _page(
    request: HttpRequest, meeting: OfficialMeeting, *, refused: Any = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = drawing.one(meeting, today=timezone.localdate())
    context |= {
        "refused": refused or {},
        "refusal": refusal,
        "may_withdraw": access.may_meeting(request.user, "withdraw", meeting) and meeting.state in {"requested", "accepted"},
        "may_settle": meeting.state == "held",
        "kept_form": KeptForm(),
        "broken_form": BrokenForm(),
    }  # fmt: skip
    return page(request, "deputy/meeting.html", context, place="proposals", status=status)


def _rows(request: HttpRequest) -> list[tuple[str, str]]:
    topics, texts = request.POST.getlist("topic"), request.POST.getlist("text")
    return [(topic.strip(), text.strip()) for topic, text in zip(topics, texts, strict=False)][: QUESTIONS_LIMIT + 1]


def _asking(
    request: HttpRequest, form: RequestForm, asked: list[tuple[str, str]], *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "asked": asked or [("", "")], "refusal": refusal, "most": QUESTIONS_LIMIT}
    return page(request, "deputy/meeting_new.html", context, place="proposals", status=status)
