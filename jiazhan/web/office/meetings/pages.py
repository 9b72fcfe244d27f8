"""The desk's pages of meetings: the list with the year's figures, the follow-up of all questions, one meeting."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiazhan.documents import access as documents
from jiazhan.documents import selectors as files
from jiazhan.notifications import selectors as notices
from jiazhan.notifications import services as notifying
from jiazhan.people.permissions import Permission as P
from jiazhan.people.selectors import handling_units
from jiazhan.suggestions import access
from jiazhan.suggestions.models import OfficialMeeting
from jiazhan.suggestions.selectors import meetings as reading
from jiazhan.suggestions.services import meetings
from jiazhan.suggestions.states import MEETING
from jiazhan.web.office.frame import page
from jiazhan.web.ui import meetings as drawing
from jiazhan.web.ui.guards import needs
from jiazhan.web.ui.sending import sent

from .forms import AcceptForm, BrokenForm, DeclineForm, HoldForm, KeptForm, MeetingForm, PostponeForm, ScheduleForm

HERE = "office:meetings"
FORMS: dict[str, type[MeetingForm]] = {
    each.name: each for each in (AcceptForm, DeclineForm, ScheduleForm, PostponeForm, HoldForm)
}
# Arranging; showing belongs to whoever may register what was said.
ARRANGE = "hold"


@needs(P.PROPOSAL_READ)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    areas = dict.fromkeys(post.area for post in request.user.posts_with(P.PROPOSAL_READ))
    units = [(each.pk, each.name) for area in areas for each in handling_units(area[:6])]
    context = drawing.listing(
        request, reading.of_congress(request.user), route="office:meeting", today=timezone.localdate(), units=units
    )
    return page(request, "office/meetings/list.html", context, current=HERE)


@needs(P.PROPOSAL_READ)
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """Every question of every held meeting, to its end."""
    rows = reading.of_congress(request.user)
    context = drawing.following(request, rows, route="office:meeting", today=timezone.localdate())
    return page(request, "office/meetings/following.html", context, current=HERE)


@needs(P.PROPOSAL_READ)
@require_safe
def one(request: HttpRequest, jurisdiction: str, meeting_id: UUID) -> HttpResponse:
    meeting = access.meeting_for(request.user, jurisdiction, meeting_id)
    _unread, about = notices.unread_and_about(request.user, str(meeting.pk))
    notifying.mark_read(request.user, about, at=timezone.now())
    return one_page(request, meeting)


@needs(P.PROPOSAL_READ)
@require_safe
def letter(request: HttpRequest, jurisdiction: str, meeting_id: UUID, document_id: UUID, kind: str) -> HttpResponse:
    meeting = access.meeting_for(request.user, jurisdiction, meeting_id)
    issued = documents.document_of(meeting, document_id)
    return sent(request, files.pdf_download(issued) if kind == "pdf" else files.docx_download(issued))


def one_page(
    request: HttpRequest,
    meeting: OfficialMeeting,
    *,
    refused: dict[str, Any] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """One meeting; `refused` holds the form that was just refused, by its name (a question's by its id)."""
    user, today = request.user, timezone.localdate()
    steps = [
        name for name in MEETING.steps_from(meeting.state) if name in FORMS and access.may_meeting(user, name, meeting)
    ]
    offered: dict[str, Any] = {name: FORMS[name](meeting=meeting) for name in steps}
    if "hold" in offered and meeting.starts_at and meeting.starts_at > timezone.now():
        # Nothing to register before it has begun.
        del offered["hold"]
    context = drawing.one(meeting, today=today)
    may_arrange = access.may_meeting(user, ARRANGE, meeting)
    context |= {
        "forms": offered | {name: form for name, form in (refused or {}).items() if name in FORMS},
        "refused": refused or {},
        "refusal": refusal,
        "steps": MEETING.steps,
        "may_arrange": may_arrange,
        "may_issue": may_arrange and meeting.state == "scheduled",
        "may_settle": meeting.state == "held" and any(meetings.may_settle(user, each) for each in context["questions"][:1]),
        "kept_form": KeptForm(),
        "broken_form": BrokenForm(),
    }  # fmt: skip
    return page(request, "office/meetings/one.html", context, current=HERE, status=status)
