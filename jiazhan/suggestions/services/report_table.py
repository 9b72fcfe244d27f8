"""The figures of a choice as a spreadsheet: what the page shows, and every case of the choice on a line of its own.

Cells are typed: what a person wrote is text, never a formula, whatever it begins with.
"""

import io
from collections.abc import Iterator
from typing import Any

import rustpy_xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.kernel.outcomes import Grade, OutcomeClass
from jiazhan.people.models import Account

from ..parameters import letter_of
from ..selectors import reporting
from ..selectors.reporting import Choice, Group, Overview
from ..states import State

AT_ONCE = 2000
PROMISES = {"kept": "已兑现", "broken": "未兑现", "waiting": "到期待认定", "open": "未到期"}
_FIELDS = (
    "number", "title", "year", "session__term__number", "session__number", "is_in_session", "lead__name", "category__name",
    "host__name", "state", "assigned_at", "replied_at", "is_on_time", "was_contacted", "outcome", "first_grade",
    "is_resolved", "round", "returns_count", "repeats", "is_key",
)  # fmt: skip


def as_xlsx(user: Account, choice: Choice, *, area: str) -> bytes:
    """The sheets 总体, 按单位, 按分类, 历年 and 清单 of the proposals that the person may count."""
    found = reporting.overview(user, choice)
    sheets = [
        (_("总体"), _whole(found, area)),
        (_("按单位"), [_line(_("单位"), each) for each in found.units]),
        (_("按分类"), [_line(_("分类"), each) for each in found.categories]),
        (_("历年"), [_line(_("年度"), each) for each in found.years]),
        (_("清单"), _cases(user, choice, area)),
    ]
    out = io.BytesIO()
    rustpy_xlsxwriter.write_worksheets(
        sheets, out, bold_headers=True, freeze_panes={"general": {"row": 1, "col": 0}}, column_width={"general": 18}
    )
    return out.getvalue()


def _whole(found: Overview, area: str) -> list[dict[str, Any]]:
    lines = [_counted(_("立案"), found.count, found.count)]
    lines += [_counted(str(each.figure.label), each.count, each.of) for each in found.figures.values()]
    for value, count in found.outcomes.items():
        label = f"{letter_of(value, area)} {OutcomeClass(value).label}" if value else _("还没有答复")
        lines.append(_counted(_("办理结果：%(label)s") % {"label": label}, count, found.count))
    every = sum(getattr(found.promises, name) for name in PROMISES)
    for name, label in PROMISES.items():
        lines.append(_counted(_("承诺：%(label)s（项）") % {"label": label}, getattr(found.promises, name), every))
    return lines


def _counted(label: str, count: int, of: int) -> dict[str, Any]:
    return {"指标": label, "件数": count, "基数": of, "比例（%）": round(100 * count / of, 1) if of else None}


def _line(head: str, group: Group) -> dict[str, Any]:
    line: dict[str, Any] = {head: group.label, "件数": group.count}
    for each in group.figures.values():
        line[str(each.figure.label)] = each.count
        if each.figure.name in {"on_time", "satisfied", "resolved"}:
            line[f"{each.figure.label}（%）"] = each.share
    return line


def _cases(user: Account, choice: Choice, area: str) -> Iterator[dict[str, Any]]:
    """Each case in turn; the heads stand alone where there is none."""
    rows = reporting.cases(user, choice, reporting.ALL)
    letters = {value: letter_of(value, area) for value in OutcomeClass.values}
    is_empty = True
    for row in rows.values(*_FIELDS).iterator(chunk_size=AT_ONCE):
        is_empty = False
        yield _case(row, letters)
    if is_empty:
        yield _case(dict.fromkeys(_FIELDS), letters)


def _case(row: dict[str, Any], letters: dict[str, str]) -> dict[str, Any]:
    return {
        "编号": row["number"] or "",
        "标题": row["title"] or "",
        "年度": row["year"],
        "会议": _session(row),
        "领衔代表": row["lead__name"] or "",
        "分类": row["category__name"] or "",
        "主办单位": row["host__name"] or "",
        "状态": str(State(row["state"]).label) if row["state"] else "",
        "交办": _day(row["assigned_at"]),
        "答复": _day(row["replied_at"]),
        "按期答复": _truth(row["is_on_time"]),
        "与代表沟通": _truth(row["was_contacted"]) if row["replied_at"] else "",
        "类别": letters.get(row["outcome"] or "", ""),
        "办理结果": str(OutcomeClass(row["outcome"]).label) if row["outcome"] else "",
        "首次评价": str(Grade(row["first_grade"]).label) if row["first_grade"] else "",
        "代表确认解决": _truth(row["is_resolved"]),
        "办理次数": row["round"],
        "退单次数": row["returns_count"],
        "多年重复": _truth(bool(row["repeats"])) if row["number"] else "",
        "重点督办": _truth(row["is_key"]),
    }


def _session(row: dict[str, Any]) -> str:
    if row["is_in_session"]:
        numbers = {"term": row["session__term__number"], "number": row["session__number"]}
        return _("%(term)s届%(number)s次会议") % numbers
    return _("闭会期间") if row["year"] else ""


def _day(moment: Any) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""


def _truth(value: bool | None) -> str:
    return "" if value is None else _("是") if value else _("否")
