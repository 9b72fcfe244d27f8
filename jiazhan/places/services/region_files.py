"""Reads a table of administrative areas (code, name, parent) and refuses one that does not hold together."""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from jiazhan.kernel import spreadsheets, workbooks

MOST_BYTES = 400 * workbooks.MEGABYTE
SHOWN = 10
LENGTHS = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}
ABOVE = {4: 2, 6: 4, 9: 6, 12: 9}
MOST_NAME = 60
_CODE, _NAME, _PARENT = "code", "name", "parent"
_HEADS = {
    "code": _CODE, "代码": _CODE, "区划代码": _CODE, "行政区划代码": _CODE, "name": _NAME, "名称": _NAME, "区划名称": _NAME,
    "parent": _PARENT, "上级": _PARENT, "上级代码": _PARENT,
}  # fmt: skip


class Faulty(Exception):
    """The table is refused as a whole. `faults` are the sentences, in the order of the lines."""

    code = "regions-faulty"

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(*faults)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        shown = "\n".join(self.faults[:SHOWN])
        more = len(self.faults) - SHOWN
        rest = "\n" + _("……另有 %(count)s 处。") % {"count": more} if more > 0 else ""
        return _("区划表没有导入，请先改正：") + f"\n{shown}{rest}"


class Area(NamedTuple):
    line: int
    code: str
    name: str
    parent: str


@dataclass(frozen=True)
class Cover:
    """The file is complete for the areas under `prefix`, down to codes of `depth` digits."""

    prefix: str
    depth: int


@dataclass(frozen=True)
class Listing:
    """A table that holds together. `outside`: parents that it names and does not list, with a line of each."""

    areas: list[Area]
    outside: dict[str, int] = field(default_factory=dict)

    def covers(self, declared: Sequence[str] | None) -> list[Cover]:
        """What the file is complete for: the declared prefixes, else what its shape says.

        By its shape: from each topmost area that it lists, down past areas with a single child (they only lead the way) to
        the first that has several, but never below a county. A file of one county covers that county, whether or not its
        city and province are listed above it.
        """
        children: Counter[str] = Counter(area.parent for area in self.areas)
        only = {area.parent: area.code for area in self.areas}
        tops = list(declared) if declared is not None else [
            area.code for area in self.areas if not area.parent or area.parent in self.outside
        ]  # fmt: skip
        prefixes = []
        for prefix in tops:
            while declared is None and len(prefix) < 6 and children[prefix] == 1:
                prefix = only[prefix]
            prefixes.append(prefix)
        depths = dict.fromkeys(prefixes, 0)
        for area in self.areas:
            for length in LENGTHS:
                if area.code[:length] in depths:
                    depths[area.code[:length]] = max(depths[area.code[:length]], len(area.code))
        return [Cover(prefix, depth) for prefix, depth in depths.items()]


def read(path: Path) -> Listing:
    """The areas of a CSV, plain or .gz, in UTF-8, UTF-16 or GBK.

    Raises spreadsheets.Unreadable for what is no table, and Faulty with every bad code, bad name, duplicate, cycle and
    parent that does not fit.
    """
    areas, faults = [], []
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    where = _header(next(reader, []))
    seen: dict[str, int] = {}
    for row in reader:
        if not any(row):
            continue
        line = reader.line_num
        row += [""] * 3
        area = Area(line, row[where[_CODE]].strip(), row[where[_NAME]].strip(), row[where[_PARENT]].strip())
        if fault := _fault(area, seen.get(area.code)):
            faults.append(fault)
        seen.setdefault(area.code, line)
        areas.append(area)
    if not areas:
        faults.append(_("表里没有区划。"))
    faults += _misplaced(areas)
    if faults:
        raise Faulty(faults)
    outside = {area.parent: area.line for area in reversed(areas) if area.parent and area.parent not in seen}
    return Listing(areas, outside)


def _text(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(io.BytesIO(content)) as packed:
                content = packed.read(MOST_BYTES + 1)
        except (OSError, EOFError) as failure:
            raise spreadsheets.Damaged(_("压缩文件已损坏，打不开。")) from failure
    if len(content) > MOST_BYTES:
        raise spreadsheets.TooLarge.over(MOST_BYTES)
    if not content.strip():
        raise spreadsheets.NotASpreadsheet(_("文件是空的。"))
    return workbooks.decoded(content)


def _header(row: list[str]) -> dict[str, int]:
    found = {_HEADS[head.strip().lower()]: n for n, head in enumerate(row) if head.strip().lower() in _HEADS}
    if missing := {_CODE, _NAME, _PARENT} - found.keys():
        names = "、".join(sorted(missing))
        raise Faulty([_("第 1 行：缺少表头 %(names)s，表头应为 code,name,parent。") % {"names": names}])
    return found


def _fault(area: Area, earlier: int | None) -> str:
    said = {"line": area.line, "code": area.code, "parent": area.parent, "earlier": earlier}
    if not (area.code.isascii() and area.code.isdigit() and len(area.code) in LENGTHS):
        return _("第 %(line)s 行：代码“%(code)s”不对，应为 2、4、6、9 或 12 位数字。") % said
    if earlier is not None:
        return _("第 %(line)s 行：代码 %(code)s 与第 %(earlier)s 行重复。") % said
    if not area.name:
        return _("第 %(line)s 行：代码 %(code)s 没有名称。") % said
    if len(area.name) > MOST_NAME:
        return _("第 %(line)s 行：代码 %(code)s 的名称太长。") % said
    return ""


def _misplaced(areas: list[Area]) -> list[str]:
    """Areas whose parent is not the area one level above by their code; those that go round in a circle are told so."""
    wrong = {area.code: area for area in areas if area.parent != area.code[: ABOVE.get(len(area.code), 0)]}
    parents = {area.code: area.parent for area in areas} if wrong else {}
    faults = []
    for area in wrong.values():
        said = {"line": area.line, "code": area.code, "name": area.name, "parent": area.parent}
        if circle := _circle(area.code, parents):
            said["circle"] = " → ".join(circle)
            faults.append(_("第 %(line)s 行：%(name)s的上级绕回了自己（%(circle)s）。") % said)
        elif not area.parent:
            faults.append(_("第 %(line)s 行：%(name)s(%(code)s)没有写上级代码。") % said)
        elif len(area.code) in LENGTHS:
            faults.append(_("第 %(line)s 行：%(name)s(%(code)s)的上级 %(parent)s 与代码对不上。") % said)
    return faults


def _circle(code: str, parents: dict[str, str]) -> list[str]:
    """The way from an area up to itself, empty where there is none; no circle of a real table is longer than its levels."""
    way = [code]
    while (above := parents.get(way[-1])) in parents and above is not None and len(way) <= len(LENGTHS):
        way.append(above)
        if above == code:
            return way
    return []
