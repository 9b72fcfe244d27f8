"""The one door for files: told, measured, made harmless; what comes out may be stored."""

import io
import os
from dataclasses import dataclass
from typing import IO

from jiazhan.kernel.text import clean_line

from . import kinds, packages, pictures, recordings
from .kinds import MEGABYTE, Family, Kind
from .refusals import EmptyFile, KindNotAllowed, NotWhatItSays, TooLarge, UnreadableDocument

_LONGEST_NAME = 100


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: a harmless content, its type by that content, and the name that people are shown."""

    content: IO[bytes]
    media_type: str
    name: str
    size: int
    width: int | None = None
    height: int | None = None
    thumbnail: bytes = b""


def check(file: IO[bytes], *, name: str, longest: int = pictures.LONGEST_SIDE) -> Checked:
    """Tell what a sent file is and make it fit to be kept; `name` is what its sender called it, `longest` the most that a
    picture may measure afterwards.

    Decodes pictures, so call it before a transaction opens. Raises a FileRefused with the reason.
    """
    shown = safe_name(name)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size == 0:
        raise EmptyFile(name=shown)
    kind = _tell(file, shown, size)
    if size > kind.most_bytes:
        raise _too_large(shown, size, kind.most_bytes)
    promised = kinds.by_suffix(os.path.splitext(shown)[1].lower())
    if promised and promised.family is not kind.family:
        raise NotWhatItSays(name=shown)
    if kind is kinds.PDF:
        _check_pdf(file, shown, size)
    if kind.family is Family.PICTURE:
        drawn = pictures.redraw(file, kind, name=shown, longest=longest)
        return Checked(
            content=io.BytesIO(drawn.content), media_type=kinds.JPEG.media_type, name=_with_suffix(shown, kinds.JPEG),
            size=len(drawn.content), width=drawn.width, height=drawn.height, thumbnail=drawn.thumbnail,
        )  # fmt: skip
    if kind.family is Family.VOICE:
        file = recordings.without_metadata(file, kind)
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
    return Checked(content=file, media_type=kind.media_type, name=_with_suffix(shown, kind), size=size)


def safe_name(name: str) -> str:
    """The last part of a path as one line, without characters that hide, reorder or break out of a header."""
    last = clean_line(name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join("_" if each in '<>:"|?*;%' else each for each in last).strip(". ")
    stem, suffix = os.path.splitext(kept)
    return (stem[: _LONGEST_NAME - len(suffix[:10])] + suffix[:10]) or "未命名"


def _tell(file: IO[bytes], name: str, size: int) -> Kind:
    if packages.looks_like_one(file):
        if size > kinds.DOCUMENT_BYTES:
            raise _too_large(name, size, kinds.DOCUMENT_BYTES)
        return packages.tell(file, name=name, size=size)
    kind = kinds.tell(file)
    if kind is None:
        raise KindNotAllowed(name=name)
    return kind


def _too_large(name: str, size: int, most: int) -> TooLarge:
    return TooLarge(name=name, size=-(-size // MEGABYTE), most=most // MEGABYTE)


def _check_pdf(file: IO[bytes], name: str, size: int) -> None:
    """Whole to its end; what readers do with scripts inside is prevented by serving it as a download."""
    file.seek(max(0, size - 2048))
    tail = file.read()
    file.seek(0)
    if b"%%EOF" not in tail:
        raise UnreadableDocument(name=name)


def _with_suffix(name: str, kind: Kind) -> str:
    stem, suffix = os.path.splitext(name)
    if suffix.lower() == kind.suffix:
        return name
    known = kinds.by_suffix(suffix.lower()) is not None
    return (stem if known else name)[: _LONGEST_NAME - len(kind.suffix)] + kind.suffix
