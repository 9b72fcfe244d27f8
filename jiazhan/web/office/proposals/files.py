"""Files of a proposal and of its replies, and the letters to its deputies. Seen by whoever may read the proposal."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiazhan.documents import access as documents
from jiazhan.documents import selectors
from jiazhan.suggestions import access
from jiazhan.suggestions.models import Reply
from jiazhan.web.ui.guards import needs
from jiazhan.web.ui.sending import sent

from .reach import DESK


@needs(*DESK)
@require_safe
def file(request: HttpRequest, jurisdiction: str, proposal_id: UUID, file_id: UUID) -> HttpResponse:
    """What the deputies sent along."""
    held = access.get_for(request.user, jurisdiction, proposal_id)
    return sent(request, selectors.attachment_download(documents.attachment_of(held, file_id)))


@needs(*DESK)
@require_safe
def reply_file(
    request: HttpRequest, jurisdiction: str, proposal_id: UUID, reply_id: UUID, file_id: UUID
) -> HttpResponse:
    """What a unit sent along with a signed reply."""
    reply = _reply(request, jurisdiction, proposal_id, reply_id)
    return sent(request, selectors.attachment_download(documents.attachment_of(reply, file_id)))


@needs(*DESK)
@require_safe
def reply_letter(
    request: HttpRequest, jurisdiction: str, proposal_id: UUID, reply_id: UUID, document_id: UUID, kind: str
) -> HttpResponse:
    """One deputy's copy of a reply."""
    issued = documents.document_of(_reply(request, jurisdiction, proposal_id, reply_id), document_id)
    return sent(request, selectors.pdf_download(issued) if kind == "pdf" else selectors.docx_download(issued))


def _reply(request: HttpRequest, jurisdiction: str, proposal_id: UUID, reply_id: UUID) -> Reply:
    """A signed reply; what a unit is still writing stays its own."""
    held = access.get_for(request.user, jurisdiction, proposal_id)
    reply = access.replies_for(request.user, held).filter(pk=reply_id).first()
    if reply is None:
        raise Http404
    return reply
