"""What filters and forms offer to choose from. Reference data, read anew every minute."""

import time
from collections.abc import Callable
from typing import Any

from jiazhan.kernel import scope
from jiazhan.opinions.models import Category
from jiazhan.people.selectors import handling_units, units
from jiazhan.places.selectors import open_stations, streets_of
from jiazhan.web.ui.options import Offered

FRESH_SECONDS = 60
Choices = list[tuple[str, Any]]
_kept: dict[tuple[str, str], tuple[float, Choices]] = {}


def category_choices() -> Choices:
    """The second-level categories, grouped by the first."""
    return _fresh("categories", "", _categories)


def street_choices() -> Choices:
    """The streets of the counties in scope."""
    return _each("streets", lambda code: [(row.pk, row.name) for row in streets_of(code)])


def station_choices() -> Choices:
    return _each("stations", lambda code: [(str(row.pk), row.name) for row in open_stations(code)])


def unit_choices() -> Choices:
    return _each("units", lambda code: [(str(row.pk), row.short_name or row.name) for row in handling_units(code)])


def accusable_choices() -> Choices:
    """Every unit that somebody may complain of."""
    return _each("accusable", lambda code: [(str(row.pk), row.name) for row in units(jurisdiction=code)])


def forget() -> None:
    """Read everything anew at the next question."""
    _kept.clear()


def _each(what: str, read: Callable[[str], Choices]) -> Choices:
    codes = sorted(scope.current())
    return _fresh(what, ",".join(codes), lambda: [choice for code in codes for choice in read(code)])


def _fresh(what: str, code: str, read: Callable[[], Choices]) -> Choices:
    kept = _kept.get((what, code))
    if kept is None or time.monotonic() - kept[0] > FRESH_SECONDS:
        kept = _kept[what, code] = (time.monotonic(), Offered(read()))
    return kept[1]


def _categories() -> Choices:
    rows = list(Category.objects.filter(is_active=True).order_by("code"))
    heads = {row.code: row.name for row in rows if len(row.code) == 2}
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        if len(row.code) == 4:
            groups.setdefault(heads.get(row.code[:2], row.code[:2]), []).append((row.code, row.name))
    return list(groups.items())
