"""The files and letters of a matter, for the deputy who was asked about it."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jiazhan.documents import access as files
from jiazhan.documents import selectors as documents
from jiazhan.people.permissions import Permission
from jiazhan.web.ui.guards import needs
from jiazhan.web.ui.sending import sent

from .matters import asked_of_me


@needs(Permission.DEPUTY_HOME)
@require_safe
def attachment(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    opinion = asked_of_me(request, jurisdiction, opinion_id)
    return sent(request, documents.attachment_download(files.attachment_of(opinion, file_id)))


@needs(Permission.DEPUTY_HOME)
@require_safe
def thumbnail(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    opinion = asked_of_me(request, jurisdiction, opinion_id)
    return sent(request, documents.thumbnail_download(files.attachment_of(opinion, file_id)))


@needs(Permission.DEPUTY_HOME)
@require_safe
def letter(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    opinion = asked_of_me(request, jurisdiction, opinion_id)
    return sent(request, documents.pdf_download(files.document_of(opinion, document_id)))
