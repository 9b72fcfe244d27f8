"""The files and letters of a matter, for the deputy who was asked about it."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from jiazhan.documents import access as files
from jiazhan.documents import selectors as documents
from jiazhan.documents.selectors import Download
from jiazhan.people.permissions import Permission
from jiazhan.web.ui.guards import needs

from .matters import asked_of_me


@needs(Permission.DEPUTY_HOME)
@require_safe
def attachment(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    opinion = asked_of_me(request, jurisdiction, opinion_id)
    return _sent(documents.attachment_download(files.attachment_of(opinion, file_id)))


@needs(Permission.DEPUTY_HOME)
@require_safe
def thumbnail(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    opinion = asked_of_me(request, jurisdiction, opinion_id)
    return _sent(documents.thumbnail_download(files.attachment_of(opinion, file_id)))


@needs(Permission.DEPUTY_HOME)
@require_safe
def letter(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    opinion = asked_of_me(request, jurisdiction, opinion_id)
    return _sent(documents.pdf_download(files.document_of(opinion, document_id)))


def _sent(download: Download | None) -> HttpResponse:
    """The file in pieces; 404 where there is none, such as a thumbnail of what is no picture."""
    if download is None:
        raise Http404
    return StreamingHttpResponse(download.pieces(), headers=download.headers)
