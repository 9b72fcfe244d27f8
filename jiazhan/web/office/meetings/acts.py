"""What the desk does with a meeting: the steps of its table, its notice, its public view, what it finds of promises."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from jiazhan.people.permissions import Permission as P
from jiazhan.suggestions import access
from jiazhan.suggestions.models import OfficialMeeting
from jiazhan.suggestions.services import meeting_preparing, meeting_publicity, meetings
from jiazhan.web.office.frame import forget_draft
from jiazhan.web.office.refusals import sentence_of, status_of
from jiazhan.web.ui import meetings as drawing
from jiazhan.web.ui.guards import needs

from .forms import BrokenForm, KeptForm
from .pages import FORMS, one_page

STEPS: dict[str, tuple[Callable[..., Any], Any]] = {
    "accept": (meetings.accept, _("已同意约见，被约见单位和代表会收到通知。请安排时间和地点。")),
    "decline": (meetings.decline, _("已告知申请代表不予安排的理由。")),
    "schedule": (meetings.schedule, _("已安排，被约见单位和参加代表会收到通知。")),
    "postpone": (meetings.postpone, _("已改期，被约见单位和参加代表会收到通知。")),
    "hold": (meetings.hold, _("约见情况已登记，代表和单位会收到通知；有承诺的继续跟踪。")),
}
PLAIN: dict[str, tuple[Callable[..., Any], Any]] = {
    "notice": (meeting_preparing.issue_notice, _("约见通知书已发出，被约见单位会收到通知。")),
    "show": (meeting_publicity.show, _("已公开，群众可以看到问题、答复和承诺。")),
    "hide": (meeting_publicity.hide, _("已不再公开。")),
}
FOUND: dict[str, tuple[type[Any], Callable[..., Any], Any]] = {
    "kept": (KeptForm, meetings.keep, _("已认定兑现，单位会收到通知。")),
    "broken": (BrokenForm, meetings.break_, _("已认定未兑现，单位会收到通知。")),
}


@needs(P.MEETING_ARRANGE)
@require_POST
def act(request: HttpRequest, jurisdiction: str, meeting_id: UUID, step: str) -> HttpResponse:
    """A step of the table with its form, or an act without one."""
    meeting = access.meeting_for(request.user, jurisdiction, meeting_id)
    if step in PLAIN:
        run, said = PLAIN[step]
        return _attempt(request, meeting, step, lambda: run(meeting, by=request.user, at=timezone.now()), said)
    if step not in STEPS:
        raise Http404
    run, said = STEPS[step]
    form = FORMS[step](request.POST, meeting=meeting)
    if not form.is_valid():
        return one_page(request, meeting, refused={step: form}, status=422)
    return _attempt(
        request,
        meeting,
        step,
        lambda: run(meeting, by=request.user, at=timezone.now(), **form.given()),
        said,
        form=form,
    )


@needs(P.MEETING_ARRANGE)
@require_POST
def settle(request: HttpRequest, jurisdiction: str, meeting_id: UUID, question_id: UUID, found: str) -> HttpResponse:
    """What the desk finds of a promise."""
    meeting = access.meeting_for(request.user, jurisdiction, meeting_id)
    question = drawing.question_of(meeting, question_id)
    if found not in FOUND:
        raise Http404
    kind, run, said = FOUND[found]
    form, key = kind(request.POST), f"{found}-{question.pk}"
    if not form.is_valid():
        return one_page(request, meeting, refused={key: form}, status=422)
    return _attempt(
        request, meeting, key, lambda: run(question, by=request.user, at=timezone.now(), **form.cleaned_data), said,
        form=form,
    )  # fmt: skip


def _attempt(
    request: HttpRequest, meeting: OfficialMeeting, name: str, run: Callable[[], Any], said: Any, *, form: Any = None
) -> HttpResponse:
    where = {"jurisdiction": meeting.jurisdiction, "meeting_id": meeting.pk}
    try:
        run()
    except Exception as error:
        words = sentence_of(error)
        now = access.meeting_for(request.user, **where)
        refused = {name: form} if form is not None else None
        return one_page(request, now, refused=refused, refusal=words, status=status_of(error))
    messages.success(request, str(said))
    forget_draft(request, f"{name}:{meeting.pk}")
    return redirect("office:meeting", **where)
