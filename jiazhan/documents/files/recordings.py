"""Recordings without what the device wrote beside the sound: place, names, dates in words. The sound itself is not touched.

Phones write it into MP4 and 3GP (`loci`, `©xyz`), players into MP3 and WAV. AMR has no place for it; Ogg and WebM come from
browsers, which name only themselves.
"""

import io
from typing import IO

from .kinds import M4A, MP3, WAV, Kind

# Boxes of MP4 that hold words about the recording, and those in which they stand.
_TOLD = frozenset({b"udta", b"meta", b"uuid"})
_ENTERED = frozenset({b"moov", b"trak", b"mdia"})
# Chunks of WAV that do.
_CHUNKS = frozenset({b"LIST", b"id3 ", b"ID3 ", b"bext", b"iXML", b"aXML", b"_PMX"})
_ID3_HEAD, _ID3_TAIL = 10, 128


def without_metadata(file: IO[bytes], kind: Kind) -> IO[bytes]:
    """The recording with those parts empty or gone. What cannot be followed in a damaged file stays as it is."""
    if kind not in (M4A, MP3, WAV):
        return file
    file.seek(0)
    content = bytearray(file.read())
    if kind is M4A:
        _empty_boxes(content, 0, len(content))
    elif kind is WAV:
        _empty_chunks(content)
    else:
        content = _between_tags(content)
    return io.BytesIO(content)


def _empty_boxes(content: bytearray, at: int, end: int) -> None:
    """Emptied in place: the tables of where the sound lies count from the file's start."""
    while at + 8 <= end:
        size, name, head = int.from_bytes(content[at : at + 4], "big"), bytes(content[at + 4 : at + 8]), 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            return
        if name in _TOLD:
            content[at + 4 : at + 8] = b"free"
            content[at + head : at + size] = bytes(size - head)
        elif name in _ENTERED:
            _empty_boxes(content, at + head, at + size)
        at += size


def _empty_chunks(content: bytearray) -> None:
    at = 12
    while at + 8 <= len(content):
        name, size = bytes(content[at : at + 4]), int.from_bytes(content[at + 4 : at + 8], "little")
        size = min(size, len(content) - at - 8)
        if name in _CHUNKS:
            content[at : at + 4] = b"JUNK"
            content[at + 8 : at + 8 + size] = bytes(size)
        # Chunks begin at even places.
        at += 8 + size + size % 2


def _between_tags(content: bytearray) -> bytearray:
    """Without the ID3 tags before the sound and the one behind it."""
    start, end = 0, len(content)
    while content[start : start + 3] == b"ID3" and start + _ID3_HEAD <= end:
        sizes = content[start + 6 : start + _ID3_HEAD]
        # Seven bits a byte, so that a tag never looks like sound; bit 4 says that its end repeats its head.
        length = sum((each & 0x7F) << shift for each, shift in zip(sizes, (21, 14, 7, 0), strict=True))
        start += _ID3_HEAD + length + (_ID3_HEAD if content[start + 5] & 0x10 else 0)
    if end - start > _ID3_TAIL and content[end - _ID3_TAIL : end - _ID3_TAIL + 3] == b"TAG":
        end -= _ID3_TAIL
    return content[start:end] if start < end else content
