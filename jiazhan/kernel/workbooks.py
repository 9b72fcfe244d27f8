"""The sheets inside a file, whatever its format, as rows of raw cells with merged cells filled. See `spreadsheets`."""

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import python_calamine
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
LIMIT = 10 * MEGABYTE
UNPACKED_LIMIT = 150 * MEGABYTE
CELLS_LIMIT = 3_000_000
# What pictures, documents, archives and programs begin with.
_OTHER = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")
_OLE = b"\xd0\xcf\x11\xe0"
_HTML = re.compile(rb"^\s*(?:<!doctype html|<html|<table|<\?xml)", re.IGNORECASE)


class Unreadable(Exception):
    """A file that cannot be taken as a table; the message says why and what to do. Nothing was written."""

    code = "spreadsheet-unreadable"


class NotASpreadsheet(Unreadable):
    code = "not-a-spreadsheet"

    def __init__(self, said: str = "") -> None:
        super().__init__(said or _("这个文件不是表格。请上传 .xlsx、.xls 或 .csv 文件。"))


class Damaged(Unreadable):
    code = "spreadsheet-damaged"


class TooLarge(Unreadable):
    code = "spreadsheet-too-large"

    @classmethod
    def over(cls, limit: int) -> Self:
        return cls(_("文件太大，最多 %(most)s MB。请删去图片和空行，或分成几个文件。") % {"most": limit // MEGABYTE})


@dataclass(frozen=True)
class Sheet:
    """`rows[0]` is the first line of the sheet, whether it holds anything or not."""

    name: str
    rows: list[list[Any]]


def sheets(content: bytes) -> Iterator[Sheet]:
    """The sheets in order. Raises Unreadable where the content is none."""
    if not content.strip():
        raise NotASpreadsheet(_("文件是空的。"))
    if content.startswith(b"PK\x03\x04"):
        _refuse_bomb(content)
        yield from _workbook(content)
    elif content.startswith(_OLE):
        yield from _workbook(content)
    elif content.startswith(_OTHER):
        raise NotASpreadsheet
    elif _HTML.match(content.removeprefix(codecs.BOM_UTF8)):
        raise NotASpreadsheet(_("这是网页格式的表格。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"))
    else:
        yield _csv(content)


def _refuse_bomb(content: bytes) -> None:
    """Count what the archive really unpacks to; the sizes that it declares may lie."""
    left = UNPACKED_LIMIT
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                start = member.header_offset
                names = int.from_bytes(content[start + 26 : start + 28], "little")
                extra = int.from_bytes(content[start + 28 : start + 30], "little")
                start += 30 + names + extra
                packed = content[start : start + member.compress_size]
                left -= len(packed) if member.compress_type == zipfile.ZIP_STORED else _inflated(packed, left)
                if left < 0:
                    raise TooLarge(_("文件解开后太大，没有读取。请删去多余的工作表和格式后再上传。"))
    except (zipfile.BadZipFile, zlib.error) as failure:
        raise Damaged(_("文件已损坏，打不开。请用 Excel 或 WPS 重新保存后再上传。")) from failure


def _inflated(packed: bytes, most: int) -> int:
    inflater, size = zlib.decompressobj(-15), 0
    while packed and not inflater.eof and size <= most:
        size += len(inflater.decompress(packed, MEGABYTE))
        packed = inflater.unconsumed_tail
    return size


def _workbook(content: bytes) -> Iterator[Sheet]:
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
    except python_calamine.PasswordError as failure:
        raise Damaged(_("文件设了打开密码。请取消密码后再上传。")) from failure
    except python_calamine.CalamineError as failure:
        raise NotASpreadsheet from failure
    with book:
        for meta in book.sheets_metadata:
            if meta.typ is not python_calamine.SheetTypeEnum.WorkSheet:
                continue
            try:
                sheet = book.get_sheet_by_name(meta.name)
            except python_calamine.CalamineError as failure:
                raise Damaged(_("工作表「%(name)s」打不开。请重新保存后再上传。") % {"name": meta.name}) from failure
            # One stray format in the last row makes a sheet of a million rows.
            if sheet.width * sheet.height > CELLS_LIMIT:
                raise TooLarge(_("工作表「%(name)s」太大。请删去空行空列后再上传。") % {"name": meta.name})
            rows = [list(row) for row in sheet.iter_rows()]
            _fill_merged(rows, sheet)
            yield Sheet(meta.name, rows)


def _fill_merged(rows: list[list[Any]], sheet: python_calamine.CalamineSheet) -> None:
    # Rows are counted from the first line of the sheet, columns from the first filled one.
    left = sheet.start[1] if sheet.start else 0
    for (first_row, first_column), (last_row, last_column) in sheet.merged_cell_ranges or ():
        row, column = first_row, first_column - left
        if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
            continue
        value = rows[row][column]
        for other in rows[row : last_row + 1]:
            for n in range(column, min(last_column - left + 1, len(other))):
                other[n] = value


def _csv(content: bytes) -> Sheet:
    written = decoded(content)
    first = next((line for line in written.splitlines() if line.strip()), "")
    delimiter = max(",\t;|", key=first.count)
    try:
        # Lines are numbered as a text program shows them: a cell with line breaks takes several.
        reader = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)
        rows: list[list[Any]] = []
        line = 1
        for row in reader:
            rows += [[] for _blank in range(line - 1 - len(rows))]
            rows.append(row)
            line = reader.line_num + 1
    except csv.Error as failure:
        raise Damaged(_("文件的内容不是完整的表格（可能有没有关上的引号）。")) from failure
    return Sheet("", rows)


def decoded(content: bytes) -> str:
    """The text of a file saved as UTF-8, UTF-16 or GBK. Raises NotASpreadsheet where it is none."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in content[:4000]:
        # Every other byte of Latin text is zero in UTF-16; Chinese alone has none, and then a header has line ends.
        encodings = ["utf-16-be" if content[:4000:2].count(0) > content[1:4000:2].count(0) else "utf-16-le"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            written = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        controls = sum(character < " " and character not in "\t\r\n\f" for character in written[:4000])
        if controls > 4:
            raise NotASpreadsheet
        return written
    raise NotASpreadsheet(_("文件里的文字读不出来。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"))
