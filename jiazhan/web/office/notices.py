"""A person's inbox: what they were told, what is still unread."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jiazhan.notifications import selectors, services
from jiazhan.notifications.models import Notice
from jiazhan.opinions.models import ImportRun, Opinion
from jiazhan.suggestions.models import OfficialMeeting, Proposal
from jiazhan.web.ui.guards import needs

from .frame import DESK, page

MOST = 100


@needs(*DESK)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The latest hundred, newest first."""
    found = [shown(each) for each in selectors.inbox(request.user)[:MOST]]
    context = {"notices": found, "unread": sum(1 for each in found if not each["is_read"])}
    return page(request, "office/notices.html", context, current="office:notices")


@needs(*DESK)
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark the named notices as read, or all where none is named."""
    at = timezone.now()
    if named := request.POST.getlist("notice"):
        known = selectors.inbox(request.user).filter(read_at=None).values_list("pk", flat=True)
        services.mark_read(request.user, [each for each in named if each in {str(pk) for pk in known}], at=at)
    else:
        services.mark_all_read(request.user, at=at)
    return redirect("office:notices")


def shown(notice: Notice) -> dict[str, Any]:
    """A notice as a page draws it, with the address of the matter that it is about."""
    address = notice.url
    if not address and notice.subject_label == Opinion._meta.label_lower:
        address = reverse(
            "office:opinion", kwargs={"jurisdiction": notice.jurisdiction, "opinion_id": notice.subject_id}
        )
    if not address and notice.subject_label == Proposal._meta.label_lower:
        address = reverse("office:proposal", args=[notice.jurisdiction, notice.subject_id])
    if not address and notice.subject_label == OfficialMeeting._meta.label_lower:
        address = reverse(
            "office:meeting", kwargs={"jurisdiction": notice.jurisdiction, "meeting_id": notice.subject_id}
        )
    if not address and notice.subject_label == ImportRun._meta.label_lower:
        address = reverse("office:import-run", kwargs={"run_id": notice.subject_id})
    return {
        "id": notice.pk,
        "text": notice.text,
        "url": address,
        "at": notice.created_at,
        "is_read": notice.read_at is not None,
    }
