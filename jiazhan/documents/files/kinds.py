"""What a file is, told by its content and never by its name."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

import filetype

MEGABYTE = 1024 * 1024


class Family(StrEnum):
    PICTURE = "picture"
    DOCUMENT = "document"
    VOICE = "voice"


@dataclass(frozen=True)
class Kind:
    """An allowed kind: what it is stored as, its suffix, the other suffixes that mean it, and how large it may be."""

    family: Family
    media_type: str
    suffix: str
    most_bytes: int
    also: tuple[str, ...] = ()


PICTURE_BYTES, DOCUMENT_BYTES, VOICE_BYTES = 40 * MEGABYTE, 50 * MEGABYTE, 20 * MEGABYTE
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

JPEG = Kind(Family.PICTURE, "image/jpeg", ".jpg", PICTURE_BYTES, (".jpeg", ".jpe", ".jfif"))
PNG = Kind(Family.PICTURE, "image/png", ".png", PICTURE_BYTES)
WEBP = Kind(Family.PICTURE, "image/webp", ".webp", PICTURE_BYTES)
HEIC = Kind(Family.PICTURE, "image/heic", ".heic", PICTURE_BYTES, (".heif", ".hif"))
PDF = Kind(Family.DOCUMENT, "application/pdf", ".pdf", DOCUMENT_BYTES)
DOCX = Kind(Family.DOCUMENT, WORD, ".docx", DOCUMENT_BYTES)
XLSX = Kind(Family.DOCUMENT, EXCEL, ".xlsx", DOCUMENT_BYTES)
M4A = Kind(Family.VOICE, "audio/mp4", ".m4a", VOICE_BYTES, (".mp4", ".aac"))
MP3 = Kind(Family.VOICE, "audio/mpeg", ".mp3", VOICE_BYTES)
AMR = Kind(Family.VOICE, "audio/amr", ".amr", VOICE_BYTES)
WEBM = Kind(Family.VOICE, "audio/webm", ".webm", VOICE_BYTES)
OGG = Kind(Family.VOICE, "audio/ogg", ".ogg", VOICE_BYTES, (".oga", ".opus"))
WAV = Kind(Family.VOICE, "audio/wav", ".wav", VOICE_BYTES)
ALL = (JPEG, PNG, WEBP, HEIC, PDF, DOCX, XLSX, M4A, MP3, AMR, WEBM, OGG, WAV)

_BY_SNIFFED = {
    "image/jpeg": JPEG, "image/png": PNG, "image/apng": PNG, "image/webp": WEBP, "image/heic": HEIC,
    "application/pdf": PDF,
    "audio/mp4": M4A, "video/mp4": M4A, "video/x-m4v": M4A, "video/3gpp": M4A, "audio/mpeg": MP3, "audio/amr": AMR,
    "video/webm": WEBM, "video/x-matroska": WEBM, "audio/ogg": OGG, "audio/x-wav": WAV,
}  # fmt: skip

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# A voice message has no picture track: the handler of one in MP4, the codecs of one in WebM.
_MP4_VIDEO = re.compile(rb"hdlr\0{8}vide")
_WEBM_VIDEO = re.compile(rb"V_(VP|AV1|MPEG|THEORA)")
_PICTURE_TRACKS = {M4A: _MP4_VIDEO, WEBM: _WEBM_VIDEO}


def tell(file: IO[bytes]) -> Kind | None:
    """The kind of the file, or None where it is not one that is taken. Leaves the file at its start.

    Word and Excel files are packages: their kind is told by what stands in them, see `packages`.
    """
    file.seek(0)
    head = file.read(8192)
    file.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    sniffed = filetype.guess(head)
    kind = _BY_SNIFFED.get(sniffed.mime) if sniffed else None
    if kind in _PICTURE_TRACKS and _holds(file, _PICTURE_TRACKS[kind]):
        return None
    return kind


def by_suffix(suffix: str) -> Kind | None:
    """The kind that a suffix promises, None for one that no taken kind has."""
    return next((kind for kind in ALL if suffix == kind.suffix or suffix in kind.also), None)


def _holds(file: IO[bytes], pattern: re.Pattern[bytes]) -> bool:
    """Whether the pattern stands anywhere in the file; it is read in pieces that overlap."""
    file.seek(0)
    before = b""
    try:
        while piece := file.read(MEGABYTE):
            if pattern.search(before + piece):
                return True
            before = piece[-64:]
    finally:
        file.seek(0)
    return False
