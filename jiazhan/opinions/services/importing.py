"""Spreadsheets of messages that offices already have: taken row by row through the same door as what a clerk types.

A bad row is reported with its line and reason, the rest is taken; the same rows a second time add nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.audit import SYSTEM, Acting
from jiazhan.kernel import scope, spreadsheets
from jiazhan.kernel.spreadsheets import Column, Kind, Row
from jiazhan.notifications import outbox
from jiazhan.people import crypto
from jiazhan.people.models import Account
from jiazhan.people.phones import NotAPhone
from jiazhan.people.selectors import posts_in_force
from jiazhan.places.models import Station

from .. import access
from ..choices import Channel
from ..models import Opinion
from . import intake

# Rows in one transaction: enough that commits do not count, few enough that a stop loses little and that a person who
# writes at the same time need not wait long for a number.
BATCH = 50
SIZE_LIMIT = 50 * 1024 * 1024
Progress = Callable[[int, int], None]

COLUMNS = (
    Column("key", "编号", synonyms=("id", "留言编号", "序列号", "工单号", "信件编号"), most=40, example="20260001"),
    Column("raised_at", "反映时间", Kind.MOMENT,
           synonyms=("submitted_at", "留言时间", "时间", "日期", "来电时间", "接待时间", "登记时间"), example="2026-01-05 09:30"),
    Column("title", "标题", synonyms=("title", "留言主题", "主题", "事项", "题目"), example="北门下雨积水"),
    Column("body", "内容", Kind.TEXT, required=True,
           synonyms=("body", "留言详情", "正文", "反映内容", "事由", "诉求内容", "问题描述", "意见内容"), example="柳林小区北门一下雨就积水。"),
    Column("likes", "点赞数", Kind.INTEGER, synonyms=("likes", "附议人数", "点赞", "支持数"), example="3"),
    Column("name", "反映人", synonyms=("name", "姓名", "来访人", "联系人"), most=40, example="王女士"),
    Column("phone", "联系电话", synonyms=("phone", "电话", "手机", "手机号", "联系方式"), example="13800138000"),
)  # fmt: skip


class StationUnknown(Exception):
    """No station has this code, or several counties have one."""

    code = "station-unknown"

    @classmethod
    def none(cls, code: str) -> "StationUnknown":
        return cls(_("没有编号为 %(code)s 的站点。请核对编号，或先建立站点。") % {"code": code})

    @classmethod
    def several(cls, code: str) -> "StationUnknown":
        return cls(
            _("有几个区县都有编号为 %(code)s 的站点，请写成“区县代码/站码”，例如 990106/%(code)s。") % {"code": code}
        )


@dataclass(frozen=True)
class Imported:
    """How many rows became matters, how many were there before, and which were not taken: line and reason."""

    added: int = 0
    skipped: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)

    def __add__(self, other: "Imported") -> "Imported":
        return Imported(self.added + other.added, self.skipped + other.skipped, [*self.errors, *other.errors])

    def __str__(self) -> str:
        said = [
            _("收进 %(added)s 件，以前收过 %(skipped)s 件，没有收下 %(bad)s 行。")
            % {"added": self.added, "skipped": self.skipped, "bad": len(self.errors)}
        ]
        said += [_("第 %(line)s 行：%(reason)s") % {"line": line, "reason": reason} for line, reason in self.errors]
        return "\n".join(said)


def station_by_code(written: str) -> Station:
    """A station by its code, or by `county/code`. Raises StationUnknown."""
    county, _slash, code = written.rpartition("/")
    found = list(Station.objects.filter(code=code, **({"jurisdiction": county} if county else {}))[:2])
    if not found:
        raise StationUnknown.none(written)
    if len(found) > 1:
        raise StationUnknown.several(code)
    return found[0]


def preview(content: bytes, *, mapping: Mapping[str, str] | None = None) -> spreadsheets.Table:
    """The rows as they would be taken, with what is wrong in them; takes nothing. Raises as `spreadsheets.read`."""
    return spreadsheets.read(content, columns=_columns(mapping or {}), limit=SIZE_LIMIT)


def import_opinions(
    path: Path | bytes,
    *,
    station: Station | str,
    at: datetime,
    by: Acting = SYSTEM,
    mapping: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Take a .csv, .csv.gz or .xlsx in. Times are kept; likes count as people who joined; officers are told once.

    `mapping` names the header of a column where no synonym fits: `{"body": "群众说"}`. Committed batch by batch, so that
    a stop in between keeps what was taken. Raises StationUnknown, and what `spreadsheets.read` raises for a file that
    cannot be read.
    """
    if isinstance(station, str):
        station = station_by_code(station)
    rows = spreadsheets.read(path, columns=_columns(mapping or {}), limit=SIZE_LIMIT).rows
    result = Imported()
    for done, batch in _batches(rows):
        with scope.within([station.jurisdiction]):
            result += take(batch, station=station, by=by, at=at)
        if progress is not None:
            progress(done, len(rows))
    if result.added:
        with scope.within([station.jurisdiction]):
            tell_officers(station, result.added, at=at)
    return result


def take(batch: Sequence[Row], *, station: Station, by: Acting, at: datetime) -> Imported:
    """Take a few rows in, in the open transaction and scope: each one that is fit and was not taken before."""
    known = _known(station, batch)
    added = skipped = 0
    errors: list[tuple[int, str]] = []
    for row in batch:
        key = _key(row)
        if key in known:
            skipped += 1
            continue
        try:
            is_new = _take(row, key, station=station, by=by, at=at)
        except _Refused as refusal:
            errors.append((row.line, str(refusal)))
            continue
        known.add(key)
        added, skipped = added + is_new, skipped + (not is_new)
    return Imported(added, skipped, errors)


class _Refused(Exception):
    """A row is not taken; the sentence says why."""


def _take(row: Row, key: str, *, station: Station, by: Acting, at: datetime) -> bool:
    if row.problems:
        raise _Refused("；".join(f"「{problem.column}」{problem.said}" for problem in row.problems))
    raised_at = row["raised_at"] or at
    if raised_at > at:
        raise _Refused(_("「反映时间」比现在还晚，请核对。"))
    try:
        raised = intake.register(
            station=station,
            words=intake.Words(body=row["body"], title=row["title"] or ""),
            place=intake.NEARBY,
            author=intake.Author(name=row["name"] or "", phone=row["phone"] or ""),
            channel=Channel.IMPORTED,
            # Keyed, so that nobody who knows the file can guess a follow-up code.
            nonce=crypto.digest(f"import:{station.pk}:{key}"),
            by=by,
            at=at,
            entered_by=by if isinstance(by, Account) else None,
            raised_at=raised_at,
            source=intake.Source(_source(station), key, likes=max(0, row["likes"] or 0)),
        )
    except (intake.TextEmpty, intake.TextTooLong, intake.NotAMatter, intake.StationNotOpen, NotAPhone) as refusal:
        raise _Refused(str(refusal)) from refusal
    return raised.is_new


def _columns(mapping: Mapping[str, str]) -> Sequence[Column]:
    return [
        replace(column, synonyms=(*column.synonyms, mapping[column.name])) if column.name in mapping else column
        for column in COLUMNS
    ]


def _batches(rows: Sequence[Row]) -> Iterator[tuple[int, Sequence[Row]]]:
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        yield start + len(batch), batch


def _source(station: Station) -> str:
    return f"spreadsheet:{station.code}"


def _key(row: Row) -> str:
    """The row's own number and a digest of what it says: two files that both count from 1 do not hide each other."""
    said = "\x1f".join(str(row[name] or "") for name in ("raised_at", "title", "body"))
    return f"{row['key'] or ''}:{sha256(said.encode()).hexdigest()[:16]}"


def _known(station: Station, batch: Sequence[Row]) -> set[str]:
    rows = Opinion.objects.filter(jurisdiction=station.jurisdiction, source=_source(station))
    return set(rows.filter(source_key__in=[_key(row) for row in batch]).values_list("source_key", flat=True))


def tell_officers(station: Station, added: int, *, at: datetime) -> None:
    """Tell those who take up matters at the station, once for a file."""
    newest = Opinion.objects.filter(jurisdiction=station.jurisdiction, source=_source(station)).latest(
        "registered_at", "id"
    )
    posts = posts_in_force().filter(role__in=access.AT_STATION, station=station).select_related("account")
    accounts: dict[Any, Account] = {post.account_id: post.account for post in posts}
    outbox.notify_all(
        accounts.values(), "opinions-imported", newest, at=at,
        text=_("%(station)s从表格收进 %(count)s 件意见，请受理。") % {"station": station.name, "count": added},
        key=lambda account: f"opinions-imported:{station.pk.hex}:{account.pk.hex}:{timezone.localtime(at):%Y%m%d%H%M%S}",
    )  # fmt: skip
