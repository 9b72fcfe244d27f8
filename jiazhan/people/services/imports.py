"""Taking over the spreadsheets that offices keep: a template, a preview of every row, then all of it or nothing.

The preview is the import itself, taken back: what it promises is what happens. Rows are matched by what identifies them, so
the same file once more changes nothing.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import spreadsheets
from jiazhan.kernel.spreadsheets import Column, Problem, Row
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

MOST_ROWS = 5_000


class Effect(Enum):
    """What a row does."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


class RowRefused(Exception):
    """A row that cannot be taken; `column` is the title of the one to mend."""

    code = "row-refused"

    def __init__(self, column: str, said: str) -> None:
        super().__init__(said)
        self.column = column


class NothingTaken(Exception):
    """Some rows are not in order, so none was taken. `plan` says which."""

    code = "import-nothing-taken"

    def __init__(self, plan: "Plan") -> None:
        super().__init__(_("有 %(count)s 行需要改正，没有导入任何内容。") % {"count": plan.counts[Effect.REFUSED]})
        self.plan = plan


@dataclass(frozen=True)
class Taken:
    """What taking a row did, said for the preview, with what deserves a second look."""

    effect: Effect
    said: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlannedRow:
    """A row of the file with its effect; `said` names what it is about."""

    line: int
    effect: Effect
    said: str
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Login:
    """A new account with the password that its owner is handed once."""

    name: str
    username: str
    password: str


@dataclass(frozen=True)
class Plan:
    """What a file does, row by row, and after a commit the log-ins to hand out."""

    rows: tuple[PlannedRow, ...]
    ignored: tuple[str, ...] = ()
    logins: tuple[Login, ...] = ()

    @property
    def counts(self) -> Counter[Effect]:
        return Counter(row.effect for row in self.rows)

    @property
    def is_clean(self) -> bool:
        return not self.counts[Effect.REFUSED]

    @property
    def changes_nothing(self) -> bool:
        return self.is_clean and self.counts[Effect.SAME] == len(self.rows)


@dataclass
class Desk:
    """Who imports, for which county, when; and what a row leaves behind for the end."""

    jurisdiction: str
    by: audit.Acting
    at: datetime
    is_preview: bool
    logins: list[Login]
    seen: dict[Any, int]

    def once(self, row: Row, column: str, *key: Any) -> None:
        """Raises RowRefused where an earlier row of the file is about the same."""
        if (earlier := self.seen.setdefault(key, row.line)) != row.line:
            raise RowRefused(column, _("与第 %(line)s 行重复") % {"line": earlier})

    def within_reach(self, column: str, area: str) -> None:
        """Raises RowRefused for an area outside the posts by which this person may import."""
        if isinstance(self.by, Account):
            reach = [post.area for post in self.by.posts_with(Permission.PEOPLE_IMPORT)]
            if not any(area.startswith(prefix) for prefix in reach):
                raise RowRefused(column, _("不在您管理的范围内"))


@dataclass(frozen=True)
class Kind:
    """A kind of file: its columns, how its rows are taken and in which order."""

    name: str
    label: Any
    columns: tuple[Column, ...]
    notes: Sequence[Any]
    take: Callable[[Row, Desk], Taken]
    rank: Callable[[Row], int] = lambda row: 0


class _TakenBack(Exception):
    """Ends a preview."""


def template(kind: Kind) -> bytes:
    """The .xlsx to fill in."""
    return spreadsheets.template(kind.columns, title=str(kind.label), notes=[str(note) for note in kind.notes])


def preview(kind: Kind, source: Path | bytes, *, jurisdiction: str, by: audit.Acting, at: datetime) -> Plan:
    """What the file would do; nothing is written. Raises spreadsheets.Unreadable for a file that is no table."""
    table = _read(kind, source)
    plan = None
    try:
        with transaction.atomic():
            plan = _run(kind, table, Desk(jurisdiction, by, at, True, [], {}))
            raise _TakenBack
    except _TakenBack:
        assert plan is not None
        return plan


@transaction.atomic
def commit(kind: Kind, source: Path | bytes, *, jurisdiction: str, by: audit.Acting, at: datetime) -> Plan:
    """Take the whole file in one transaction. Raises spreadsheets.Unreadable, and NothingTaken where a row is not in order."""
    plan = _run(kind, _read(kind, source), Desk(jurisdiction, by, at, False, [], {}))
    if not plan.is_clean:
        raise NothingTaken(plan)
    if not plan.changes_nothing:
        content = source if isinstance(source, bytes) else source.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        subject = audit.Subject(jurisdiction=jurisdiction, label=f"import.{kind.name}", pk=digest[:40])
        counts = {effect.value: plan.counts[effect] for effect in Effect if plan.counts[effect]}
        audit.record("import.committed", subject, by=by, at=at, detail=counts | {"kind": kind.name})
    return plan


def _read(kind: Kind, source: Path | bytes) -> spreadsheets.Table:
    table = spreadsheets.read(source, columns=kind.columns)
    if not len(table):
        raise spreadsheets.HeaderMissing(_("表里还没有填内容。请从表头下一行开始填写（示例行不会导入）。"))
    if len(table) > MOST_ROWS:
        raise spreadsheets.TooLarge(_("一次最多导入 %(most)s 行，请分成几个文件。") % {"most": MOST_ROWS})
    return table


def _run(kind: Kind, table: spreadsheets.Table, desk: Desk) -> Plan:
    planned = [_take(kind, row, desk) for row in sorted(table, key=lambda row: (kind.rank(row), row.line))]
    return Plan(tuple(sorted(planned, key=lambda row: row.line)), table.ignored, tuple(desk.logins))


def _take(kind: Kind, row: Row, desk: Desk) -> PlannedRow:
    """One row in a savepoint of its own, so that a refused one leaves nothing and the next is judged all the same."""
    name = str(row.values.get("name") or row.values.get("code") or "")
    if row.problems:
        return PlannedRow(row.line, Effect.REFUSED, name, row.problems)
    try:
        with transaction.atomic():
            taken = kind.take(row, desk)
    except RowRefused as refusal:
        return PlannedRow(row.line, Effect.REFUSED, name, (Problem(row.line, refusal.column, str(refusal)),))
    except ValidationError as refusal:
        said = " ".join(refusal.messages)
        return PlannedRow(row.line, Effect.REFUSED, name, (Problem(row.line, str(kind.columns[0].title), said),))
    except Exception as refusal:
        # Whatever a service refuses carries a code and a sentence; anything else is a fault of ours.
        if not isinstance(getattr(refusal, "code", None), str):
            raise
        column = next(
            (each.title for each in kind.columns if each.name == getattr(refusal, "field", "")), kind.columns[0].title
        )
        return PlannedRow(row.line, Effect.REFUSED, name, (Problem(row.line, column, str(refusal)),))
    return PlannedRow(row.line, taken.effect, taken.said, warnings=taken.warnings)
