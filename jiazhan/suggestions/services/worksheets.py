"""The worksheet of an assignment meeting (交办会): every accepted proposal with its host and assisting units by name, on a page
or as a spreadsheet; read back into plans, or into what is wrong with which line."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import rustpy_xlsxwriter
from django.utils.translation import gettext as _

from jiazhan.kernel import spreadsheets
from jiazhan.kernel.spreadsheets import Column
from jiazhan.people.models import Unit

from ..choices import Manner
from ..models import Proposal
from ..selectors.suggesting import Knowledge, suggest_units
from .assigning import Plan, unfit

# A form holds two fields for each, and the server takes 2,000 fields.
MOST = 900
_APART = re.compile(r"[、,\uff0c;\uff1b/\n]+")
COLUMNS = (
    Column("number", "编号", required=True, most=60),
    Column("title", "标题"),
    Column("host", "主办单位", synonyms=("主办", "承办单位"), note="填两个以上就是分别办理。不填的这次不交办。"),
    Column("assist", "协办单位", synonyms=("协办", "会办单位"), note="几个单位用顿号隔开。"),
)


@dataclass
class Line:
    """A proposal with the names of its units as they are shown or were typed; `why` is what speaks for the host."""

    proposal: Proposal
    host: str = ""
    assist: str = ""
    why: str = ""
    suggested: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Worksheet:
    """The lines as they were typed, the plans of those that are filled in order, and what no line answers to."""

    lines: tuple[Line, ...]
    plans: tuple[Plan, ...]
    strays: tuple[str, ...] = ()

    @property
    def problems(self) -> int:
        return sum(bool(line.problem) for line in self.lines) + len(self.strays)


def prefilled(proposals: Iterable[Proposal], known: Knowledge) -> list[Line]:
    """Each with the suggested units and the reason; empty where nothing speaks for anybody."""
    lines = []
    for proposal in proposals:
        suggested = suggest_units(proposal, known)
        line = Line(proposal)
        if suggested.host:
            line.host = line.suggested = suggested.host.unit.name
            line.why = suggested.host.why[:300]
            line.assist = "、".join(each.unit.name for each in suggested.assists)
        lines.append(line)
    return lines


def filled(
    lines: Iterable[Line], typed: Mapping[UUID, tuple[str, str]], units: Sequence[Unit], strays: Sequence[str] = ()
) -> Worksheet:
    """The lines with what was typed for them (host, assist), and the plans that this makes."""
    known = {name: unit for unit in units for name in (unit.code, unit.short_name, unit.name) if name}
    kept, plans = [], []
    for line in lines:
        line.host, line.assist = typed.get(line.proposal.pk, ("", ""))
        try:
            plan = _plan(line, known)
        except _Unclear as unclear:
            line.problem = str(unclear)
        else:
            if plan is not None:
                line.problem = unfit(plan, line.proposal)
                plans.append(plan)
        kept.append(line)
    return Worksheet(tuple(kept), tuple(plans), tuple(strays))


def from_xlsx(content: bytes, lines: Iterable[Line], units: Sequence[Unit]) -> Worksheet:
    """The lines as a spreadsheet fills them. Raises spreadsheets.Unreadable."""
    lines = list(lines)
    by_number = {line.proposal.number: line.proposal.pk for line in lines}
    typed: dict[UUID, tuple[str, str]] = {}
    strays = []
    for row in spreadsheets.read(content, columns=COLUMNS):
        number = row["number"] or ""
        if number not in by_number:
            strays.append(
                _("第 %(line)s 行：待交办的建议里没有编号“%(number)s”。") % {"line": row.line, "number": number}
            )
        elif by_number[number] in typed:
            strays.append(_("第 %(line)s 行：编号“%(number)s”出现了两次。") % {"line": row.line, "number": number})
        else:
            typed[by_number[number]] = (row["host"] or "", row["assist"] or "")
    return filled(lines, typed, units, strays)


def as_xlsx(lines: Iterable[Line], units: Iterable[Unit]) -> bytes:
    """The worksheet to fill in, and beside it the units that can be named."""
    rows = [
        {
            "编号": line.proposal.number,
            "标题": line.proposal.title,
            "领衔代表": line.proposal.lead.name,
            "分类": line.proposal.category.name if line.proposal.category else "",
            "主办单位": line.host,
            "协办单位": line.assist,
            "推荐依据": line.why,
        }
        for line in lines
    ]
    blank = dict.fromkeys(["编号", "标题", "领衔代表", "分类", "主办单位", "协办单位", "推荐依据"], "")
    names = [{"单位编码": unit.code, "单位名称": unit.name, "简称": unit.short_name} for unit in units]
    out = io.BytesIO()
    rustpy_xlsxwriter.write_worksheets(
        [(_("交办表"), rows or [blank]), (_("承办单位"), names or [{"单位编码": "", "单位名称": "", "简称": ""}])],
        out,
        bold_headers=True,
        autofit=True,
        freeze_panes={"general": {"row": 1, "col": 0}},
    )
    return out.getvalue()


class _Unclear(Exception):
    """What was typed names no unit."""


def _plan(line: Line, known: dict[str, Unit]) -> Plan | None:
    hosts, assists = _units(line.host, known), _units(line.assist, known)
    if not hosts:
        if assists:
            raise _Unclear(_("只填了协办单位，还没有填主办单位。"))
        return None
    manner = Manner.HOST if len(hosts) == 1 else Manner.SPLIT
    reason = line.why if line.host == line.suggested else ""
    return Plan(line.proposal, hosts, assists, manner, reason)


def _units(written: str, known: dict[str, Unit]) -> tuple[Unit, ...]:
    found: list[Any] = []
    for name in filter(None, (part.strip() for part in _APART.split(written))):
        if name not in known:
            raise _Unclear(_("没有承办单位“%(name)s”，请填单位的全称或简称。") % {"name": name})
        found.append(known[name])
    return tuple(found)
