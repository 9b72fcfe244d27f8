"""Local values of parameters, and the holiday calendar: set by an office, each change recorded."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import calendar, parameters, scope, text
from jiazhan.kernel.models import CalendarYear, DayKind, Holiday, Parameter

MOST_DAYS = 3_660


class ValueUnfit(ValueError):
    """The value is not of the parameter's kind; the message says what is."""

    code = "parameter-value-unfit"


class SourceMissing(ValueError):
    """A change of rules names the document that it follows."""

    code = "parameter-source-missing"

    def __init__(self) -> None:
        super().__init__(_("请写明依据的文件或会议，便于以后核对。"))


class CalendarRefused(ValueError):
    """The days of a year do not hold together; the message says which."""

    code = "calendar-refused"


@transaction.atomic
def set_parameter(name: str, written: str, *, area: str, source: str, by: audit.Acting, at: datetime) -> Any:
    """Give a parameter a value of its own in an area; returns it. The same value and source change nothing.

    Raises KeyError for one that nobody declared, ValueUnfit, SourceMissing.
    """
    value, source = parsed(name, written), text.clean_line(source)[:200]
    if not source:
        raise SourceMissing
    rows = Parameter.objects.select_for_update()
    present = rows.filter(name=name, area=area).first()
    if present and (present.value, present.source) == (value, source):
        return value
    before = parameters.get(name, area)
    Parameter.objects.update_or_create(name=name, area=area, defaults={"value": value, "source": source})
    _read_anew(parameters.forget)
    parameters.forget()
    detail = {"name": name, "area": area, "from": before, "to": value, "source": source}
    audit.record("parameter.set", _subject(area, "kernel.parameter", name), by=by, at=at, detail=detail)
    return value


@transaction.atomic
def reset_parameter(name: str, *, area: str, by: audit.Acting, at: datetime) -> Any:
    """Drop the area's own value; returns the one that holds instead. Without one nothing changes."""
    present = Parameter.objects.select_for_update().filter(name=name, area=area).first()
    if present:
        present.delete()
        parameters.forget()
        detail = {"name": name, "area": area, "from": present.value, "to": parameters.get(name, area)}
        audit.record("parameter.reset", _subject(area, "kernel.parameter", name), by=by, at=at, detail=detail)
    return parameters.get(name, area)


def parsed(name: str, written: str) -> Any:
    """What was typed, as the kind of the parameter's default. Raises ValueUnfit."""
    declared = next(each for each in parameters.declared() if each.name == name)
    default = declared.default
    if declared.pattern:
        return _fitting(written, declared)
    if isinstance(default, bool):
        if written not in {"on", "off"}:
            raise ValueUnfit(_("请选择开或关。"))
        return written == "on"
    if isinstance(default, list):
        parts = re.split(r"[,\uff0c、;\s]+", text.clean_line(written))
        return sorted({_number(part) for part in parts if part} or {_number("")}, reverse=True)
    if isinstance(default, int):
        return _number(written)
    if not (value := text.clean_line(written)):
        raise ValueUnfit(_("请填写内容。"))
    return value


def _fitting(written: str, declared: parameters.Declared) -> str:
    written = text.clean_line(written)
    if not re.fullmatch(declared.pattern, written):
        raise ValueUnfit(_("请按“%(sample)s”的样子填写。") % {"sample": declared.default})
    return written


def _number(written: str) -> int:
    written = text.clean_line(written)
    if not written.isdecimal() or not 0 < int(written) <= MOST_DAYS:
        raise ValueUnfit(_("请填写 1 到 %(most)s 的整数。") % {"most": MOST_DAYS})
    return int(written)


@transaction.atomic
def load_calendar_year(
    year: int, *, off: Iterable[date], work: Iterable[date], source: str, by: audit.Acting, at: datetime
) -> None:
    """Replace the holidays of a year by an official notice. Deadlines that are open are moved by whoever holds them.

    Raises SourceMissing, and CalendarRefused for a day of another year, a day that is both, a make-up day on a weekday that is
    not off anyway, and a year far from now.
    """
    off, work, source = set(off), set(work), text.clean_line(source)[:100]
    if not source:
        raise SourceMissing
    if abs(year - at.year) > 20:
        raise CalendarRefused(_("%(year)s 年离现在太远，请核对。") % {"year": year})
    if strays := sorted(day for day in off | work if day.year != year):
        raise CalendarRefused(_("%(day)s 不在 %(year)s 年。") % {"day": strays[0].isoformat(), "year": year})
    if both := sorted(off & work):
        raise CalendarRefused(_("%(day)s 既写在放假里，又写在调休上班里。") % {"day": both[0].isoformat()})
    if weekdays := sorted(day for day in work if day.weekday() < 5):
        raise CalendarRefused(_("%(day)s 本来就是工作日，不用写在调休上班里。") % {"day": weekdays[0].isoformat()})
    if not off:
        raise CalendarRefused(_("请至少写一个放假的日子。"))
    # A weekend inside a holiday needs no row: it is off anyway.
    calendar.load_year(year, off={day for day in off if day.weekday() < 5}, work=work, source=source)
    _read_anew(calendar.forget)
    _record_everywhere(
        "calendar.loaded",
        year,
        by=by,
        at=at,
        detail={"year": year, "source": source, "off": len(off), "work": len(work)},
    )


@transaction.atomic
def set_day(on: date, kind: DayKind | None, *, source: str, by: audit.Acting, at: datetime) -> None:
    """Make one day off or a make-up working day, or (None) an ordinary one again. Raises SourceMissing, CalendarRefused."""
    source = text.clean_line(source)[:100]
    if not source:
        raise SourceMissing
    if not CalendarYear.objects.filter(year=on.year).exists():
        raise CalendarRefused(_("%(year)s 年的日历还没有导入，请先导入全年。") % {"year": on.year})
    if kind is not None and (on.weekday() < 5) != (kind == DayKind.OFF):
        raise CalendarRefused(_("工作日只能改为放假，周末只能改为上班。"))
    Holiday.objects.filter(on=on).delete()
    if kind is not None:
        Holiday.objects.create(on=on, kind=kind, source=source)
    _read_anew(calendar.forget)
    _record_everywhere(
        "calendar.changed", on.year, by=by, at=at, detail={"on": on.isoformat(), "kind": kind or "", "source": source}
    )


def _read_anew(forget: Callable[[], None]) -> None:
    """Now for what follows in this transaction, and at its end for what another thread read meanwhile."""
    forget()
    transaction.on_commit(forget)


def _record_everywhere(action: str, year: int, *, by: audit.Acting, at: datetime, detail: dict[str, Any]) -> None:
    """The calendar is one for all counties here, so each one's record says that it changed."""
    for county in sorted(scope.current()):
        audit.record(action, _subject(county, "kernel.calendaryear", year), by=by, at=at, detail=detail)


def _subject(area: str, label: str, key: Any) -> audit.Subject:
    county = next(
        (code for code in sorted(scope.current()) if area.startswith(code) or code.startswith(area)), area[:6]
    )
    return audit.Subject(jurisdiction=county, label=label, pk=str(key)[:40])
