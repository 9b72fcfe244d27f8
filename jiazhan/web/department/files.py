"""The files of a matter, its replies and its letters, for the unit that holds it."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiazhan.documents import access as files
from jiazhan.documents import selectors as documents
from jiazhan.people.permissions import Permission
from jiazhan.web.ui.guards import needs
from jiazhan.web.ui.sending import sent

from .matter import on_my_desk


@needs(Permission.OPINION_HANDLE)
@require_safe
def attachment(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    return sent(request, documents.attachment_download(files.attachment_of(opinion, file_id)))


@needs(Permission.OPINION_HANDLE)
@require_safe
def thumbnail(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    return sent(request, documents.thumbnail_download(files.attachment_of(opinion, file_id)))


@needs(Permission.OPINION_HANDLE)
@require_safe
def reply_attachment(
    request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, reply_id: uuid.UUID, file_id: uuid.UUID
) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    reply = opinion.replies.filter(pk=reply_id).first()
    if reply is None:
        raise Http404
    return sent(request, documents.attachment_download(files.attachment_of(reply, file_id)))


@needs(Permission.OPINION_HANDLE)
@require_safe
def letter_pdf(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    return sent(request, documents.pdf_download(files.document_of(opinion, document_id)))


@needs(Permission.OPINION_HANDLE)
@require_safe
def letter_docx(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    return sent(request, documents.docx_download(files.document_of(opinion, document_id)))
