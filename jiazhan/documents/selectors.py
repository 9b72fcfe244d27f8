"""Reading attachments and issued letters, and handing them out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from jiazhan.audit.services import Subject
from jiazhan.kernel.jurisdiction import JurisdictionModel
from jiazhan.places.models import Station

from .files import kinds, storage
from .letters import pdf, word
from .letters.content import Content, Letter, from_data
from .models import Attachment, Document
from .numbers import bare_code

# What a browser may show in place; everything else is only ever saved.
_SHOWN_IN_PLACE = frozenset(kind.media_type for kind in kinds.ALL if kind.family is not kinds.Family.DOCUMENT)
_PIECE = 256 * 1024


@dataclass(frozen=True)
class Download:
    """All that a portal needs to send a file, see `jiazhan.web.ui.sending`.

    The file is a stored one (`path`), or one that was made for this answer (`made`).
    """

    path: str
    media_type: str
    name: str
    is_shown_in_place: bool
    made: bytes = b""

    @property
    def headers(self) -> dict[str, str]:
        """No guessing of types, no scripts, no shared cache; the name survives every browser."""
        way = "inline" if self.is_shown_in_place else "attachment"
        plain = "".join(each if each.isascii() and (each.isalnum() or each in ".-_") else "_" for each in self.name)
        return {
            "Content-Type": self.media_type,
            "Content-Length": str(len(self.made) or default_storage.size(self.path)),
            "Content-Disposition": f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(self.name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600",
        }

    def open(self) -> "File[Any]":
        return ContentFile(self.made) if self.made else default_storage.open(self.path)

    @property
    def etag(self) -> str:
        """A stored file lies under the hash of its content; what was made for this answer has none."""
        return f'"{self.path.rpartition("/")[2]}"' if self.path else ""

    def pieces(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The content from `start` to before `end`, a piece at a time."""
        with self.open() as file:
            file.seek(start)
            left = end - start if end is not None else None
            while piece := file.read(_PIECE if left is None else min(_PIECE, left)):
                yield piece
                left = left if left is None else left - len(piece)


def attachments_of(subject: JurisdictionModel) -> QuerySet[Attachment]:
    """The files of a subject, oldest first, without the removed ones."""
    rows = Attachment.objects.filter(
        jurisdiction=subject.jurisdiction, subject_id=str(subject.pk), subject_label=subject._meta.label_lower
    )
    return rows.filter(is_removed=False).order_by("uploaded_at", "id")


def station_subject(station: Station) -> Subject:
    """A station as what a file belongs to: it is a reference row, of the county that its files are of."""
    return Subject(jurisdiction=station.jurisdiction, label=Station._meta.label_lower, pk=station.pk)


def station_photos(station: Station) -> QuerySet[Attachment]:
    """The photo of a station that is in view; at most one."""
    subject = station_subject(station)
    rows = Attachment.objects.filter(
        jurisdiction=subject.jurisdiction, subject_id=str(subject.pk), subject_label=subject.label
    )
    return rows.filter(is_removed=False).order_by("-uploaded_at", "-id")


def documents_of(subject: JurisdictionModel) -> QuerySet[Document]:
    """The letters issued about a subject, oldest first."""
    rows = Document.objects.filter(
        jurisdiction=subject.jurisdiction, subject_id=str(subject.pk), subject_label=subject._meta.label_lower
    )
    return rows.order_by("issued_at", "id")


def by_verify_code(code: str) -> Document | None:
    """The letter with this code in the open scope, typed with or without dashes, in any case; None if there is none."""
    return Document.objects.filter(verify_code=bare_code(code)).first()


def is_same_pdf(document: Document, digest: str) -> bool:
    """Whether a file's SHA-256 is that of the letter as it was issued."""
    return document.pdf_sha256 == digest.strip().lower()


def attachment_download(attachment: Attachment) -> Download:
    """Pictures and voice are shown in place, documents saved."""
    path = storage.path_of(attachment.sha256, jurisdiction=attachment.jurisdiction)
    return Download(path, attachment.media_type, attachment.name, attachment.media_type in _SHOWN_IN_PLACE)


def thumbnail_download(attachment: Attachment) -> Download | None:
    """The small picture for lists; None for a file that is no picture."""
    if not attachment.thumbnail_sha256:
        return None
    path = storage.path_of(attachment.thumbnail_sha256, jurisdiction=attachment.jurisdiction)
    return Download(path, kinds.JPEG.media_type, attachment.name, is_shown_in_place=True)


def pdf_download(document: Document) -> Download:
    """The letter as issued; the browser's own reader may show it."""
    path = storage.path_of(document.pdf_sha256, jurisdiction=document.jurisdiction)
    return Download(path, kinds.PDF.media_type, f"{_file_stem(document)}.pdf", is_shown_in_place=True)


def docx_download(document: Document) -> Download:
    """The letter as a Word file to work on, made from the words that were fixed when it was issued."""
    made = word.render(letter_of(document))
    return Download("", kinds.WORD, f"{_file_stem(document)}.docx", is_shown_in_place=False, made=made)


def content_of(document: Document) -> Content:
    """What the letter says, as it was issued."""
    return from_data(document.kind, document.inputs)


def letter_of(document: Document) -> Letter:
    """The issued letter's words. Raises TypeError for papers that are never issued, such as posters."""
    letter = content_of(document)
    if not isinstance(letter, Letter):
        raise TypeError(document.kind)
    return letter


def printed_together(documents: Iterable[Document]) -> pdf.Rendered:
    """Many letters as one PDF, each starting on a front side. ValueError for none."""
    return pdf.render(*[content_of(document) for document in documents])


def _file_stem(document: Document) -> str:
    return f"{document.number} {document.title}".strip().replace("/", "／")[:80]
