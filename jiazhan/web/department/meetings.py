"""Meetings with the unit's head (约见): the invitation, what the unit prepares, what it says of its promises."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiazhan.documents import access as documents
from jiazhan.documents import selectors as files
from jiazhan.kernel import words
from jiazhan.kernel.refusals import NotVisible, NotYours
from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications import selectors as notices
from jiazhan.notifications import services as notifying
from jiazhan.people.permissions import Permission
from jiazhan.suggestions import access
from jiazhan.suggestions.models import OfficialMeeting
from jiazhan.suggestions.selectors import meetings as reading
from jiazhan.suggestions.selectors.meetings import Tab
from jiazhan.suggestions.services import meeting_preparing, meetings
from jiazhan.web.ui import meetings as drawing
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs
from jiazhan.web.ui.sending import sent

from .frame import forget_draft, page

REFUSALS = (StepRefused, NotYours, words.WordsMissing, words.WordsTooLong)
# A unit hears of a meeting once it is agreed to.
TABS = (Tab.ACCEPTED, Tab.SCHEDULED, Tab.HELD, Tab.CLOSED)


class PrepareForm(Form):
    coming = forms.CharField(
        label=gettext_lazy("拟到场负责人"), max_length=120, required=False,
        help_text=gettext_lazy("写姓名和职务。主要负责人不能到场的，写明委托谁、为什么。人大会收到通知。"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, meeting: OfficialMeeting) -> None:
        super().__init__(data, prefix="prepare")
        self.initial["coming"] = meeting.coming
        self.questions = list(meeting.questions.order_by("position"))
        for each in self.questions:
            self.fields[each.pk.hex] = forms.CharField(
                label=f"{each.position}. {each.text}",
                widget=forms.Textarea(attrs={"rows": 4}),
                max_length=5000,
                required=False,
            )
            self.initial[each.pk.hex] = each.prepared

    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"coming": said["coming"], "answers": {each.pk: said[each.pk.hex] for each in self.questions}}


class ExplainForm(Form):
    text = forms.CharField(label=gettext_lazy("落实情况"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


@needs(Permission.PROPOSAL_HANDLE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    rows = reading.of_units(request.user)
    context = drawing.listing(request, rows, route="department:meeting", today=timezone.localdate(), tabs=TABS)
    return page(request, "department/meetings.html", context, place="meetings")


@needs(Permission.PROPOSAL_HANDLE)
@require_safe
def one(request: HttpRequest, jurisdiction: str, meeting_id: UUID) -> HttpResponse:
    meeting = _ours(request, jurisdiction, meeting_id)
    _unread, about = notices.unread_and_about(request.user, str(meeting.pk))
    notifying.mark_read(request.user, about, at=timezone.now())
    return _page(request, meeting)


@needs(Permission.PROPOSAL_HANDLE)
@require_POST
def prepare(request: HttpRequest, jurisdiction: str, meeting_id: UUID) -> HttpResponse:
    """Whom the unit sends, and what it means to answer."""
    meeting = _ours(request, jurisdiction, meeting_id)
    form = PrepareForm(request.POST, meeting=meeting)
    if not form.is_valid():
        return _page(request, meeting, refused={"prepare": form}, status=422)

    def run() -> Any:
        return meeting_preparing.prepare(meeting, by=request.user, at=timezone.now(), **form.given())

    said = _("已保存。到场负责人已告知人大；准备的答复只有本单位看得到，约见登记时供人大核对。")
    return _attempt(request, meeting, run, said, refused={"prepare": form}, draft=f"prepare:{meeting.pk}")


@needs(Permission.PROPOSAL_HANDLE)
@require_POST
def explain(request: HttpRequest, jurisdiction: str, meeting_id: UUID, question_id: UUID) -> HttpResponse:
    meeting = _ours(request, jurisdiction, meeting_id)
    question = drawing.question_of(meeting, question_id)
    form, key = ExplainForm(request.POST), str(question.pk)
    if not form.is_valid():
        return _page(request, meeting, refused={key: form}, status=422)

    def run() -> Any:
        return meetings.explain(question, by=request.user, at=timezone.now(), **form.cleaned_data)

    said = _("落实情况已记下，代表会收到通知并认定是否兑现。")
    return _attempt(request, meeting, run, said, refused={key: form})


@needs(Permission.PROPOSAL_HANDLE)
@require_safe
def letter(request: HttpRequest, jurisdiction: str, meeting_id: UUID, document_id: UUID, kind: str) -> HttpResponse:
    issued = documents.document_of(_ours(request, jurisdiction, meeting_id), document_id)
    return sent(request, files.pdf_download(issued) if kind == "pdf" else files.docx_download(issued))


def _attempt(
    request: HttpRequest, meeting: OfficialMeeting, run: Callable[[], Any], said: str, *, refused: Any, draft: str = ""
) -> HttpResponse:
    where = {"jurisdiction": meeting.jurisdiction, "meeting_id": meeting.pk}
    try:
        run()
    except REFUSALS as refusal:
        return _page(request, _ours(request, **where), refused=refused, refusal=str(refusal), status=409)
    messages.success(request, said)
    if draft:
        forget_draft(request, draft)
    return redirect("department:meeting", **where)


def _ours(request: HttpRequest, jurisdiction: str, meeting_id: UUID) -> OfficialMeeting:
    """A meeting with the person's own unit, and not before their eyes for another post's sake."""
    meeting = access.meeting_for(request.user, jurisdiction, meeting_id)
    if not any(post.unit_id == meeting.unit_id for post in request.user.posts_with(Permission.PROPOSAL_HANDLE)):
        raise NotVisible(_("没有找到这次约见。"))
    return meeting


def _page(
    request: HttpRequest, meeting: OfficialMeeting, *, refused: Any = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    refused = refused or {}
    context = drawing.one(meeting, today=timezone.localdate())
    is_preparing = meeting.state in meeting_preparing.PREPARING
    context |= {
        "refused": refused,
        "refusal": refusal,
        "prepare_form": refused.get("prepare") or (PrepareForm(meeting=meeting) if is_preparing else None),
        "explain_form": ExplainForm(),
        "may_explain": meeting.state == "held",
    }
    return page(request, "department/meeting.html", context, place="meetings", status=status)
