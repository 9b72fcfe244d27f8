"""The files of a matter, its replies and its letters, for the unit that holds it."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from jiazhan.documents import access as files
from jiazhan.documents import selectors as documents
from jiazhan.documents.selectors import Download
from jiazhan.people.permissions import Permission
from jiazhan.web.ui.guards import needs

from .matter import on_my_desk


@needs(Permission.OPINION_HANDLE)
@require_safe
def attachment(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    return _sent(documents.attachment_download(files.attachment_of(opinion, file_id)))


@needs(Permission.OPINION_HANDLE)
@require_safe
def thumbnail(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    return _sent(documents.thumbnail_download(files.attachment_of(opinion, file_id)))


@needs(Permission.OPINION_HANDLE)
@require_safe
def reply_attachment(
    request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, reply_id: uuid.UUID, file_id: uuid.UUID
) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    reply = opinion.replies.filter(pk=reply_id).first()
    if reply is None:
        raise Http404
    return _sent(documents.attachment_download(files.attachment_of(reply, file_id)))


@needs(Permission.OPINION_HANDLE)
@require_safe
def letter_pdf(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    return _sent(documents.pdf_download(files.document_of(opinion, document_id)))


@needs(Permission.OPINION_HANDLE)
@require_safe
def letter_docx(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    opinion = on_my_desk(request, jurisdiction, opinion_id)
    return _sent(documents.docx_download(files.document_of(opinion, document_id)))


def _sent(download: Download | None) -> HttpResponse:
    """The file in pieces; 404 where there is none, such as a thumbnail of what is no picture."""
    if download is None:
        raise Http404
    return StreamingHttpResponse(download.pieces(), headers=download.headers)
