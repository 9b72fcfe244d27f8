"""Files of a matter: what was sent along, and the letters. Seen by whoever may see the matter."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiazhan.documents import access as documents
from jiazhan.documents import selectors
from jiazhan.opinions import access
from jiazhan.opinions.models import Reply
from jiazhan.web.ui.guards import needs
from jiazhan.web.ui.sending import sent

from .frame import DESK


@needs(*DESK)
@require_safe
def file(request: HttpRequest, jurisdiction: str, opinion_id: str, file_id: Any) -> HttpResponse:
    matter = access.get_for(request.user, jurisdiction, opinion_id)
    return sent(request, selectors.attachment_download(documents.attachment_of(matter, file_id)))


@needs(*DESK)
@require_safe
def thumbnail(request: HttpRequest, jurisdiction: str, opinion_id: str, file_id: Any) -> HttpResponse:
    matter = access.get_for(request.user, jurisdiction, opinion_id)
    return sent(request, selectors.thumbnail_download(documents.attachment_of(matter, file_id)))


@needs(*DESK)
@require_safe
def reply_file(request: HttpRequest, jurisdiction: str, opinion_id: str, reply_id: Any, file_id: Any) -> HttpResponse:
    """A file of a reply that was signed; what a unit is still writing stays its own."""
    matter = access.get_for(request.user, jurisdiction, opinion_id)
    reply = Reply.objects.filter(
        jurisdiction=matter.jurisdiction, opinion=matter, pk=reply_id, signed_at__isnull=False
    ).first()
    if reply is None:
        raise Http404
    return sent(request, selectors.attachment_download(documents.attachment_of(reply, file_id)))


@needs(*DESK)
@require_safe
def letter(request: HttpRequest, jurisdiction: str, opinion_id: str, letter_id: Any, kind: str) -> HttpResponse:
    matter = access.get_for(request.user, jurisdiction, opinion_id)
    issued = documents.document_of(matter, letter_id)
    return sent(request, selectors.pdf_download(issued) if kind == "pdf" else selectors.docx_download(issued))
