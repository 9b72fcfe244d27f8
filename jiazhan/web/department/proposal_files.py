"""The files of a proposal, its replies and its letters, for a unit that has a part in it."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiazhan.documents import access as files
from jiazhan.documents import selectors as documents
from jiazhan.documents.models import Document
from jiazhan.people.permissions import Permission
from jiazhan.suggestions import access
from jiazhan.suggestions.models import AssignmentLetter, Handling, ReplyCopy
from jiazhan.web.ui.guards import needs
from jiazhan.web.ui.sending import sent

from .proposal_page import on_my_desk


@needs(Permission.PROPOSAL_HANDLE)
@require_safe
def attachment(
    request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, subject_id: uuid.UUID, file_id: uuid.UUID
) -> HttpResponse:
    """A file of the proposal, or of one that was merged into it."""
    proposal = on_my_desk(request, jurisdiction, proposal_id).proposal
    subject = proposal if subject_id == proposal.pk else proposal.merged.filter(pk=subject_id).first()
    if subject is None:
        raise Http404
    return sent(request, documents.attachment_download(files.attachment_of(subject, file_id)))


@needs(Permission.PROPOSAL_HANDLE)
@require_safe
def reply_attachment(
    request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, reply_id: uuid.UUID, file_id: uuid.UUID
) -> HttpResponse:
    """A file of a reply that was signed, or of the unit's own draft."""
    proposal = on_my_desk(request, jurisdiction, proposal_id).proposal
    reply = access.replies_for(request.user, proposal).filter(pk=reply_id).first()
    if reply is None:
        raise Http404
    return sent(request, documents.attachment_download(files.attachment_of(reply, file_id)))


@needs(Permission.PROPOSAL_HANDLE)
@require_safe
def letter_pdf(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    handling = on_my_desk(request, jurisdiction, proposal_id)
    return sent(request, documents.pdf_download(_letter_to_or_from(handling, document_id)))


@needs(Permission.PROPOSAL_HANDLE)
@require_safe
def letter_docx(
    request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, document_id: uuid.UUID
) -> HttpResponse:
    handling = on_my_desk(request, jurisdiction, proposal_id)
    return sent(request, documents.docx_download(_letter_to_or_from(handling, document_id)))


def _letter_to_or_from(handling: Handling, document_id: uuid.UUID) -> Document:
    """A letter that the unit got with its part, was urged by, or wrote. Raises a 404 for any other."""
    here = {"jurisdiction": handling.jurisdiction, "document": document_id}
    candidates = [
        AssignmentLetter.objects.filter(**here, unit=handling.unit_id, batch=handling.batch_id),
        handling.proposal.urgings.filter(**here, unit=handling.unit_id),
        ReplyCopy.objects.filter(**here, reply__handling=handling),
    ]
    for rows in candidates:
        if found := rows.select_related("document").first():
            return found.document
    raise Http404
