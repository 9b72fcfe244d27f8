"""Deadlines: computed from a rule, shown in words, re-computed when the calendar changes (handbook §11).

Statutory limits run in natural months, internal ones in working days. Counting starts on the day after `start`
(民法典第201条); a period that ends on a day off ends on the next working day (第203条). A rule is stored with its result.
"""

import calendar as months
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol

from django.utils.translation import gettext as _

from . import calendar


class Unit(StrEnum):
    MONTHS = "months"
    WORKDAYS = "workdays"
    DAYS = "days"


@dataclass(frozen=True)
class Pause:
    """Days that do not count: from `starts_on` until the day before `ends_on`."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Rule:
    """How a deadline comes about: `count` of `unit` after `start`, pauses left out."""

    unit: Unit
    count: int
    start: date
    pauses: tuple[Pause, ...] = ()

    def as_json(self) -> dict[str, Any]:
        pauses = [[pause.starts_on.isoformat(), pause.ends_on.isoformat()] for pause in self.pauses]
        return {"unit": self.unit.value, "count": self.count, "start": self.start.isoformat(), "pauses": pauses}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Rule":
        pauses = tuple(Pause(*map(date.fromisoformat, pair)) for pair in stored.get("pauses", []))
        return cls(Unit(stored["unit"]), int(stored["count"]), date.fromisoformat(stored["start"]), pauses)

    def extended_to(self, *, unit: Unit, count: int) -> "Rule":
        """The same start and pauses with a longer period."""
        return replace(self, unit=unit, count=count)

    def paused(self, *, starts_on: date, ends_on: date) -> "Rule":
        return replace(self, pauses=(*self.pauses, Pause(starts_on, ends_on)))

    def in_words(self) -> str:
        unit = {Unit.MONTHS: _("个月"), Unit.WORKDAYS: _("个工作日"), Unit.DAYS: _("日")}[self.unit]
        return _("自 %(start)s 次日起 %(count)s %(unit)s") % {
            "start": self.start.isoformat(), "count": self.count, "unit": unit,
        }  # fmt: skip


@dataclass(frozen=True)
class Due:
    """The last day, and whether it lies beyond the loaded calendar (推算)."""

    on: date
    is_estimated: bool


class Light(StrEnum):
    """The traffic light; always shown with its word and shape."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def compute(rule: Rule) -> Due:
    """The last day of the period under the current calendar; an estimate where a year that matters is not loaded."""
    days = calendar.current()
    paused = _paused_days(rule)
    if rule.unit is Unit.WORKDAYS:
        on = _nth_workday(rule, paused, days)
        # Every day of the period was looked up, the first one (not counted) excepted.
        looked_up = range((rule.start + calendar.ONE_DAY).year, on.year + 1)
        return Due(on, is_estimated=not days.years.issuperset(looked_up))
    on = add_months(rule.start, rule.count) if rule.unit is Unit.MONTHS else rule.start + timedelta(rule.count)
    on = days.next_workday(_after_pauses(on, paused))
    return Due(on, is_estimated=not days.is_known(on))


class Waiting(Protocol):
    """A case that can wait for something: what for, by which rule, until when."""

    due_for: str
    due_rule: dict[str, Any] | None
    due_on: date | None
    is_due_estimated: bool


def put(case: Waiting, due_for: str, rule: Rule) -> None:
    """Give the case a deadline by its rule. Does not save."""
    due = compute(rule)
    case.due_for, case.due_rule = due_for, rule.as_json()
    case.due_on, case.is_due_estimated = due.on, due.is_estimated


def clear(case: Waiting) -> None:
    """Let the case wait for nothing. Does not save."""
    case.due_for, case.due_rule, case.due_on, case.is_due_estimated = "", None, None, False


def add_months(day: date, count: int) -> date:
    """The same day of the month `count` months later, or that month's last day where it has no such day (第202条)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def light(due_on: date | None, today: date, *, amber_workdays: int = 5) -> Light:
    """Red after the last day, amber when at most `amber_workdays` working days are left, else green."""
    if due_on is None:
        return Light.GREEN
    if today > due_on:
        return Light.RED
    left = calendar.current().workdays_between(today, due_on)
    return Light.AMBER if left <= amber_workdays else Light.GREEN


def words(due_on: date | None, today: date) -> str:
    """How long is left, as a person says it: "还剩 6 个工作日", "今天到期", "已超期 3 个工作日"."""
    if due_on is None:
        return _("没有期限")
    if today == due_on:
        return _("今天到期")
    if today > due_on:
        # A weekend right after the last day is late too, though no working day has passed.
        late = max(1, calendar.current().workdays_between(due_on, today))
        return _("已超期 %(count)s 个工作日") % {"count": late}
    left = calendar.current().workdays_between(today, due_on)
    if left == 0:
        # The day itself is off, as that of a promise may be.
        return _("还剩 %(count)s 天") % {"count": (due_on - today).days}
    return _("还剩 %(count)s 个工作日") % {"count": left}


def _paused_days(rule: Rule) -> frozenset[date]:
    """The paused days that can count: those after the first day."""
    spans = ((pause.starts_on, (pause.ends_on - pause.starts_on).days) for pause in rule.pauses)
    days = (start + timedelta(n) for start, length in spans for n in range(length))
    return frozenset(day for day in days if day > rule.start)


def _nth_workday(rule: Rule, paused: frozenset[date], days: calendar.Calendar) -> date:
    on, left = rule.start, rule.count
    while left > 0:
        on += calendar.ONE_DAY
        left -= days.is_workday(on) and on not in paused
    return on


def _after_pauses(on: date, paused: frozenset[date]) -> date:
    """Move the end by the paused days that fall into the period, the moved part included."""
    for day in sorted(paused):
        if day <= on:
            on += calendar.ONE_DAY
    return on
