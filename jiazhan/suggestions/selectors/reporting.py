"""The figures of one desk for one choice of proposals, put together for a page, a spreadsheet and a report alike.

Every number here is a figure of `statistics`; the choice that it is counted in, with the figure's name, gives its cases.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jiazhan.audit.selectors import ends_of
from jiazhan.opinions.models import Category
from jiazhan.people.models import Account, Unit
from jiazhan.people.permissions import Permission

from ..models import Promise, Proposal
from . import statistics
from .statistics import FIGURES, PROMISES, Counted, Promises

# Beside each group's number: satisfaction and what deputies confirm as solved stand together.
BESIDE = ("replied", "on_time", *statistics.PAIRED, "unrated", "rehandled")
ALL = "all"
# Names of units and categories change without a record.
FRESH_SECONDS = 300
MOST_KEPT = 500
PROMISE = "promise-"


@dataclass(frozen=True)
class Choice:
    """Which proposals are counted; empty means all. `without_host`: those that no unit has yet."""

    year: int | None = None
    session: UUID | None = None
    is_between: bool = False
    host: UUID | None = None
    without_host: bool = False
    category: str = ""
    without_category: bool = False

    def rows(self, user: Account) -> QuerySet[Proposal]:
        """The proposals of the choice whose statistics the person may read."""
        given: dict[str, Any] = {"year": self.year, "host": self.host}
        if self.category:
            # Codes have two digits, and four below them.
            given |= {"category__gte": self.category, "category__lte": f"{self.category}99"}
        if self.session:
            given |= {"session": self.session, "is_in_session": True}
        if self.is_between:
            given["is_in_session"] = False
        if self.without_host:
            given["host__isnull"] = True
        if self.without_category:
            given["category__isnull"] = True
        return statistics.counted_for(user, **given)

    def as_query(self) -> dict[str, str]:
        """The choice as it stands in an address."""
        session = "between" if self.is_between else str(self.session or "")
        host = "none" if self.without_host else str(self.host or "")
        category = "none" if self.without_category else self.category
        named = {"session": session, "host": host, "category": category}
        return {"year": str(self.year or "all"), **{name: value for name, value in named.items() if value}}


@dataclass(frozen=True)
class Group:
    """The figures of one unit, category or year, and the choice that gives its cases."""

    label: str
    choice: Choice
    count: int
    figures: dict[str, Counted]


@dataclass(frozen=True)
class Overview:
    """All figures of a choice. `years` leaves the choice's year aside, oldest first."""

    choice: Choice
    count: int
    figures: dict[str, Counted]
    outcomes: dict[str, int]
    promises: Promises
    units: list[Group]
    categories: list[Group]
    years: list[Group]

    @property
    def is_empty(self) -> bool:
        return self.count == 0


def overview(user: Account, choice: Choice) -> Overview:
    """The figures of a choice, from six statements over its proposals, or as they were counted before if they still hold."""
    areas = _areas(user)
    found: Overview = _while_it_holds(areas, (choice,), lambda: _counted(user, choice))
    return found


def count_of(user: Account, choice: Choice, figure: str) -> int:
    """How long the list of a figure is. Raises KeyError as `cases` and `promise_cases`."""
    behind: QuerySet[Any] = (promise_cases if figure.startswith(PROMISE) else cases)(user, choice, figure)
    count: int = _while_it_holds(_areas(user), (choice, figure), behind.count)
    return count


def _areas(user: Account) -> frozenset[str]:
    return frozenset(post.area for post in user.posts_with(Permission.PROPOSAL_READ))


def _while_it_holds(areas: frozenset[str], what: tuple[Any, ...], count: Callable[[], Any]) -> Any:
    """Keep what `count` gives for as long as the record of the congresses' jurisdictions has not gone on.

    Counting five years takes a good part of a second, and everything that moves a figure is recorded.
    """
    # Read first: what is counted now is at least as new.
    ends = ends_of(area[:6] for area in areas)
    kept = _kept.get((areas, what))
    if kept is not None and kept.ends == ends and time.monotonic() - kept.at < FRESH_SECONDS:
        return kept.found
    found = count()
    # Before the first entry is sealed nothing tells whether something happened.
    if ends:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[areas, what] = _Kept(ends, time.monotonic(), found)
    return found


def _counted(user: Account, choice: Choice) -> Overview:
    rows = choice.rows(user)
    figures = statistics.figures(rows)
    return Overview(
        choice=choice,
        count=figures["resolved"].of,
        figures=figures,
        outcomes=statistics.outcomes(rows),
        promises=statistics.promises(rows),
        units=by_unit(user, choice),
        categories=by_category(user, choice),
        years=by_year(user, choice),
    )


@dataclass(frozen=True)
class _Kept:
    ends: tuple[tuple[str, int], ...]
    at: float
    found: Any


_kept: dict[tuple[frozenset[str], tuple[Any, ...]], _Kept] = {}


def by_unit(user: Account, choice: Choice) -> list[Group]:
    """The hosts, those with the most proposals first; last those without a host."""
    found = statistics.by_field(choice.rows(user), "host", BESIDE)
    units = Unit.objects.in_bulk([row["value"] for row in found if row["value"]])
    groups = [
        Group(units[row["value"]].name, replace(choice, host=row["value"]), row["count"], _beside(row))
        for row in found
        if row["value"]
    ]
    groups += [
        Group(_("还没有交办"), replace(choice, without_host=True), row["count"], _beside(row))
        for row in found
        if row["value"] is None
    ]
    return groups


def by_category(user: Account, choice: Choice) -> list[Group]:
    """The first-level categories in the order of their codes; last those without one."""
    found = statistics.by_field(choice.rows(user), "category", BESIDE)
    names = dict(Category.objects.values_list("code", "name"))
    merged: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        merged.setdefault((row["value"] or "")[:2], []).append(row)
    groups = []
    for code in sorted(merged, key=lambda each: (not each, each)):
        chosen = choice if choice.category[:2] == code and code else replace(choice, category=code)
        if not code:
            chosen = replace(choice, without_category=True)
        label = names.get(code, code) if code else _("没有分类")
        groups.append(Group(label, chosen, sum(row["count"] for row in merged[code]), _summed(merged[code])))
    return groups


def by_year(user: Account, choice: Choice) -> list[Group]:
    """Every year of the choice, whatever its own year, oldest first."""
    every = replace(choice, year=None)
    found = statistics.by_field(every.rows(user), "year", BESIDE)
    return [
        Group(_("%(year)s 年") % {"year": row["value"]}, replace(every, year=row["value"]), row["count"], _beside(row))
        for row in sorted(found, key=lambda each: each["value"])
    ]


def cases(user: Account, choice: Choice, figure: str) -> QuerySet[Proposal]:
    """The proposals behind a figure of a choice, the newest first. Raises KeyError for what is no figure of proposals."""
    if figure.startswith(PROMISE):
        raise KeyError(figure)
    rows = choice.rows(user)
    found = rows if figure == ALL else statistics.cases(rows, figure)
    found = found.select_related("lead", "host", "category", "checker").defer("facts", "cause", "request")
    return found.order_by("-year", "-id")


def promise_cases(user: Account, choice: Choice, figure: str) -> QuerySet[Promise]:
    """The promises behind `promise-kept` and the like, by the day that was promised. Raises KeyError for anything else."""
    state = PROMISES[figure.removeprefix(PROMISE)] if figure.startswith(PROMISE) else PROMISES[""]
    rows = choice.rows(user)
    # The jurisdictions lead the database to the index in this order.
    places = {area[:6] for area in _areas(user)}
    found = Promise.objects.filter(jurisdiction__in=places, state=state, proposal__in=rows.values("pk"))
    return found.select_related("proposal__host", "proposal__lead", "reply__handling__unit").order_by("due_on", "id")


def late_units(groups: Sequence[Group]) -> list[Group]:
    """The units that answered late, most often first."""
    late = [(missed(each.figures["on_time"]), each) for each in groups if each.choice.host]
    return [each for count, each in sorted(late, key=lambda one: -one[0]) if count]


def missed(counted: Counted) -> int:
    """How many of the base do not fulfil a figure."""
    return counted.of - counted.count


def _beside(row: dict[str, Any]) -> dict[str, Counted]:
    return {name: row[name] for name in BESIDE}


def _summed(rows: Sequence[dict[str, Any]]) -> dict[str, Counted]:
    return {
        name: Counted(FIGURES[name], sum(row[name].count for row in rows), sum(row[name].of for row in rows))
        for name in BESIDE
    }
