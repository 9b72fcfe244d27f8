"""Word and Excel files: zip packages, checked for bombs, macros and damage without unpacking them to disk."""

import zipfile
from typing import IO

from . import kinds
from .refusals import Encrypted, FileRefused, HoldsMacros, KindNotAllowed, PackedTooTight, UnreadableDocument

MOST_ENTRIES = 5_000
MOST_UNPACKED = 200 * kinds.MEGABYTE
# Sheets of repeated numbers pack 30 to 60 times; a bomb packs a thousand times.
MOST_RATIO = 150
RATIO_MATTERS_FROM = 5 * kinds.MEGABYTE
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def looks_like_one(file: IO[bytes]) -> bool:
    """Whether it begins as a zip package or as the container of an encrypted or old Office file."""
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    return head.startswith(b"PK\x03\x04") or head == _OLD_OFFICE


def tell(file: IO[bytes], *, name: str, size: int) -> kinds.Kind:
    """DOCX or XLSX, every entry read once and found whole.

    Raises KindNotAllowed for another zip or an old .doc or .xls, Encrypted, HoldsMacros, PackedTooTight,
    UnreadableDocument.
    """
    file.seek(0)
    if file.read(8) == _OLD_OFFICE:
        raise _old_office(file, name)
    try:
        with zipfile.ZipFile(file) as package:
            kind = _kind(package, name)
            _check_size(package, name, size)
            _read_through(package, name)
    except FileRefused:
        raise
    except Exception as error:  # readers fail in a dozen ways on what an attacker wrote
        if isinstance(error, RuntimeError) and "encrypted" in str(error):
            raise Encrypted(name=name) from error
        raise UnreadableDocument(name=name) from error
    finally:
        file.seek(0)
    return kind


def _kind(package: zipfile.ZipFile, name: str) -> kinds.Kind:
    parts = set(package.namelist())
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise HoldsMacros(name=name)
    if "[Content_Types].xml" in parts and "word/document.xml" in parts:
        return kinds.DOCX
    if "[Content_Types].xml" in parts and "xl/workbook.xml" in parts:
        return kinds.XLSX
    raise KindNotAllowed(name=name)


def _check_size(package: zipfile.ZipFile, name: str, size: int) -> None:
    """By what the directory says; entries that overlap (one packed stream named many times) count as a bomb."""
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or packed > size:
        raise PackedTooTight(name=name)
    if unpacked > RATIO_MATTERS_FROM and unpacked > MOST_RATIO * max(packed, 1):
        raise PackedTooTight(name=name)


def _read_through(package: zipfile.ZipFile, name: str) -> None:
    """The directory may lie: reading stops at the size that it gives, and the checksum then tells."""
    if package.testzip() is not None:
        raise UnreadableDocument(name=name)


def _old_office(file: IO[bytes], name: str) -> FileRefused:
    file.seek(0)
    content = file.read(kinds.MEGABYTE)
    file.seek(0)
    return Encrypted(name=name) if _ENCRYPTED_STREAM in content else KindNotAllowed(name=name)
