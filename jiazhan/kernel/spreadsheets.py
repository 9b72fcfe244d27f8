"""Reads the spreadsheets that offices keep (.xlsx, .xls, .ods, .csv): headers by their names, rows with their numbers.

A cell that does not fit becomes a problem of its row, never an exception: the person sees all of them at once. A file that
cannot be read as a whole is refused with one sentence.
"""

import gzip
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import rustpy_xlsxwriter
from django.utils.translation import gettext as _

from . import cells, workbooks
from .workbooks import LIMIT, Damaged, NotASpreadsheet, TooLarge, Unreadable

__all__ = [
    "LIMIT",
    "Column",
    "Damaged",
    "HeaderMissing",
    "HeaderTwice",
    "Kind",
    "NotASpreadsheet",
    "Problem",
    "Row",
    "Table",
    "TooLarge",
    "Unreadable",
    "read",
    "template",
]

HEADER_WITHIN = 30
EXAMPLE = "示例"
EXAMPLES = {EXAMPLE, "例", "例:", "例\uff1a"}
_BRACKETS = re.compile(r"[(\uff08\[【].*?[)\uff09\]】]")
_EDGES = "*:、.。"


class HeaderMissing(Unreadable):
    """No row holds the headers of the required columns."""

    code = "spreadsheet-header-missing"


class HeaderTwice(Unreadable):
    """Two columns answer to the same header, so that one of them would be taken at random."""

    code = "spreadsheet-header-twice"


class Kind(Enum):
    """How a column's cells are read; see jiazhan.kernel.cells."""

    TEXT = "text"
    LINE = "line"
    CODE = "code"
    MOBILE = "mobile"
    PHONE = "phone"
    DATE = "date"
    MOMENT = "moment"
    TIME = "time"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TRUTH = "truth"
    CHOICE = "choice"


_READ: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: lambda written: written,
    Kind.LINE: cells.as_line,
    Kind.CODE: cells.as_code,
    Kind.MOBILE: cells.as_mobile,
    Kind.PHONE: cells.as_phone,
    Kind.DATE: cells.as_date,
    Kind.MOMENT: cells.as_moment,
    Kind.TIME: cells.as_time,
    Kind.INTEGER: cells.as_integer,
    Kind.DECIMAL: cells.as_decimal,
    Kind.TRUTH: cells.as_truth,
}


@dataclass(frozen=True)
class Column:
    """A column to look for: by its title or a synonym, white space, brackets and asterisks aside.

    `required`: its header must be there and its cells filled. `most`: characters at most. `note` and `example` go into the
    template that is offered for download.
    """

    name: str
    title: str
    kind: Kind = Kind.LINE
    synonyms: tuple[str, ...] = ()
    required: bool = False
    choices: Mapping[str, Any] = field(default_factory=dict)
    most: int | None = None
    note: str = ""
    example: str = ""

    def answers_to(self) -> set[str]:
        return {_heading(name) for name in (self.title, self.name, *self.synonyms)}


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row, in one sentence that names the column."""

    line: int
    column: str
    said: str

    def __str__(self) -> str:
        return _("第 %(line)s 行「%(column)s」：%(said)s") % {
            "line": self.line,
            "column": self.column,
            "said": self.said,
        }


@dataclass(frozen=True)
class Row:
    """A row of the file: its line as the program shows it, the values (None where empty or unfit), and its problems."""

    line: int
    values: dict[str, Any]
    problems: tuple[Problem, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True)
class Table:
    """What was read: the rows, the headers that nobody asked for, and the columns that the file does not have."""

    rows: tuple[Row, ...]
    ignored: tuple[str, ...]
    absent: frozenset[str]
    sheet: str = ""

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for row in self.rows for problem in row.problems)


def read(source: Path | bytes, *, columns: Sequence[Column], limit: int = LIMIT) -> Table:
    """The rows of the first sheet that has the headers.

    Empty rows, repeated headers and rows marked 示例 are left out; merged cells are filled; formulas count as their values.
    Raises Unreadable: NotASpreadsheet, Damaged, TooLarge (over `limit` bytes or unpacking to far more), HeaderMissing,
    HeaderTwice.
    """
    content = source if isinstance(source, bytes) else _load(source, limit)
    if len(content) > limit:
        raise TooLarge.over(limit)
    if content[:2] == b"\x1f\x8b":
        content = _unpacked(content, limit * 10)
    refusal: Unreadable | None = None
    for sheet in workbooks.sheets(content):
        try:
            at, where = _find_header(sheet.rows, columns)
        except HeaderMissing as missing:
            refusal = refusal or missing
            continue
        return _table(sheet, at, where, columns)
    raise refusal or HeaderMissing(_("表里没有内容。请用下载的模板填写后再上传。"))


def template(columns: Sequence[Column], *, title: str, notes: Sequence[str] = ()) -> bytes:
    """An .xlsx to fill in: the headers with one example row (marked 示例, left out when read back) and a sheet of notes."""
    heads = ["序号", *(f"{column.title}*" if column.required else column.title for column in columns)]
    example = dict(zip(heads, [EXAMPLE, *(column.example for column in columns)], strict=True))
    said = [
        {"列": column.title, "是否必填": "必填" if column.required else "可不填", "怎么填": _how(column)}
        for column in columns
    ]
    said += [{"列": "", "是否必填": "", "怎么填": note} for note in notes]
    # Cells are text, so that the program keeps leading zeros and does not turn codes into numbers.
    as_text = rustpy_xlsxwriter.Format().set_num_format("@")
    out = io.BytesIO()
    rustpy_xlsxwriter.write_worksheets(
        [(title, [example, *({head: "" for head in heads} for _row in range(200))]), (_("填写说明"), said)],
        out,
        bold_headers=True,
        autofit=True,
        freeze_panes={"general": {"row": 1, "col": 0}},
        column_formats={title: {head: as_text for head in heads[1:]}},
    )
    return out.getvalue()


def _how(column: Column) -> str:
    if column.kind is Kind.CHOICE:
        return _("填其中之一：%(labels)s。") % {"labels": "、".join(cells.labels(column.choices))} + column.note
    return column.note or {
        Kind.MOBILE: _("11 位手机号。"), Kind.PHONE: _("手机或带区号的座机。"), Kind.DATE: _("如 2026-01-05。"), Kind.TRUTH: _("是或否。"),
    }.get(column.kind, "")  # fmt: skip


def _load(path: Path, limit: int) -> bytes:
    if path.stat().st_size > limit:
        raise TooLarge.over(limit)
    return path.read_bytes()


def _unpacked(content: bytes, most: int) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            unpacked = packed.read(most + 1)
    except (OSError, EOFError) as failure:
        raise Damaged(_("压缩文件已损坏，打不开。")) from failure
    if len(unpacked) > most:
        raise TooLarge.over(most)
    return unpacked


def _heading(written: str) -> str:
    return _BRACKETS.sub("", cells.narrow(written)).strip(_EDGES).lower()


def _find_header(rows: list[list[Any]], columns: Sequence[Column]) -> tuple[int, dict[str, int]]:
    """The header's row and where each column stands: the row that answers to the most columns, the first of equals."""
    best: tuple[int, dict[str, int]] = (0, {})
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        where = _places(row, columns)
        if len(where) > len(best[1]):
            best = (number, where)
    missing = [column.title for column in columns if column.required and column.name not in best[1]]
    if missing or not best[1]:
        names = "、".join(f"「{title}」" for title in missing or [column.title for column in columns][:3])
        raise HeaderMissing(
            _("没有找到表头 %(names)s。请保留模板里的表头一行，列的先后和多余的列不要紧。") % {"names": names}
        )
    _refuse_twins(rows[best[0]], columns, best[1])
    return best


def _places(row: list[Any], columns: Sequence[Column]) -> dict[str, int]:
    heads = [_heading(cells.plain(cell)) for cell in row]
    found = {column.name: [n for n, head in enumerate(heads) if head in column.answers_to()] for column in columns}
    return {name: places[0] for name, places in found.items() if places}


def _refuse_twins(row: list[Any], columns: Sequence[Column], where: dict[str, int]) -> None:
    heads = [_heading(cells.plain(cell)) for cell in row]
    for column in columns:
        places = [n for n, head in enumerate(heads) if head in column.answers_to()]
        if len(places) > 1:
            said = "、".join(f"「{cells.plain(row[n])}」" for n in places)
            words = {"count": len(places), "title": column.title, "said": said}
            raise HeaderTwice(_("有 %(count)s 列都像「%(title)s」：%(said)s。请只留一列。") % words)


def _table(sheet: workbooks.Sheet, at: int, where: dict[str, int], columns: Sequence[Column]) -> Table:
    header = [cells.plain(cell) for cell in sheet.rows[at]]
    asked = set(where.values())
    marks = {n for n, head in enumerate(header) if _heading(head) in {"序号", "编号", ""}} | {0}
    rows = []
    for line, cell_row in enumerate(sheet.rows[at + 1 :], start=at + 2):
        written = [cells.plain(cell) for cell in cell_row]
        written += [""] * (len(header) - len(written))
        if not any(written[n] for n in asked) or _places(cell_row, columns) == where:
            continue
        if any(written[n] in EXAMPLES for n in marks if n < len(written)):
            continue
        rows.append(_row(line, written, where, columns))
    ignored = tuple(head for n, head in enumerate(header) if head and n not in asked and _heading(head) != "序号")
    absent = frozenset(column.name for column in columns if column.name not in where)
    return Table(tuple(rows), ignored, absent, sheet.name)


def _row(line: int, written: list[str], where: dict[str, int], columns: Sequence[Column]) -> Row:
    values: dict[str, Any] = {}
    problems = []
    for column in columns:
        shown = written[where[column.name]] if column.name in where else ""
        try:
            values[column.name] = _value(column, shown)
        except cells.Unfit as unfit:
            values[column.name] = None
            if shown:
                shown = shown if len(shown) <= 20 else shown[:20] + "…"
                problems.append(Problem(line, column.title, _("“%(shown)s”%(said)s") % {"shown": shown, "said": unfit}))
            else:
                problems.append(Problem(line, column.title, str(unfit)))
    return Row(line, values, tuple(problems))


def _value(column: Column, written: str) -> Any:
    if not written:
        if column.required:
            raise cells.Unfit(_("没有填写"))
        return None
    value = cells.as_choice(written, column.choices) if column.kind is Kind.CHOICE else _READ[column.kind](written)
    if column.most and isinstance(value, str) and len(value) > column.most:
        raise cells.Unfit(_("太长，最多 %(most)s 个字") % {"most": column.most})
    return value
