"""Finding matters by words, place, state and time, newest first: one index, one function, whatever the filters.

The function in the database reads past row-level security and applies the scope itself; what it names is then read under
the policies and through `access.visible_to`. Nothing that a person may not read is found, or counted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from jiazhan.kernel import scope
from jiazhan.kernel import text as texts
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..models import Opinion
from ..states import OPEN
from .listing import listed
from .lists import PAGE, Page, cursor_of, moment_of, read_cursor

NUMBER = re.compile(r"[A-Za-z0-9-]+-[0-9]{4}-[0-9]+")
EPOCH = date(1970, 1, 1).toordinal()
# Rows that the index names and the person may not read after all: rare, so a few further looks fill the page.
MOST_LOOKS = 8
# Alternatives that the index is asked for at once.
MOST_NARROW = 5
# The kinds of marks by how few rows have one of them: deputy, community, station, unit, street, state; then category,
# county, urgency, track.
FEW, MANY = "dcputs", "kgjw"
# As rare: a category of the lower level, the highest urgency.
FINE = re.compile(r"k\d{4}|gcritical")
MOST_HAVE = "gnormal"
# The first look into the index, as a power of two of days.
SOME_DAYS, ALL_DAYS = 6, 31


@dataclass(frozen=True)
class Filters:
    """What to look for besides words; empty means everything. `since` and `until` are days, both included."""

    states: tuple[str, ...] = ()
    street: str = ""
    community: str = ""
    station: UUID | None = None
    category: str = ""
    unit: UUID | None = None
    deputy: UUID | None = None
    track: str = ""
    urgency: str = ""
    since: date | None = None
    until: date | None = None

    def marks(self) -> list[str]:
        """As lexemes of `Opinion.marks`: all of them must hold."""
        single: list[tuple[str, Any]] = [
            ("d", self.deputy), ("c", self.community), ("p", self.station), ("u", self.unit), ("t", self.street),
            ("k", self.category), ("g", self.urgency), ("w", self.track),
        ]  # fmt: skip
        found = [_quoted(f"{letter}{value}") for letter, value in single if value]
        if self.states:
            found.append(f"({'|'.join(_quoted(f's{state}') for state in self.states)})")
        return found


@dataclass(frozen=True)
class Place:
    """Where a list goes on: strictly after this row."""

    at: datetime
    row: UUID


def search(user: Account, text: str, filters: Filters | None = None, *, cursor: str = "", size: int = PAGE) -> Page:
    """The matters that hold all the words, newest first, among those that the person may read.

    A text that is a number finds that very matter. A text without a word finds nothing.
    """
    filters = filters or Filters()
    if NUMBER.fullmatch(text.strip()) and not cursor:
        exact = access.visible_to(user).filter(jurisdiction__in=scope.current(), number=text.strip().upper())
        return Page(listed(exact[:1]))
    terms = texts.query_terms(text)
    if not terms:
        return Page([])
    return browse(user, filters, terms=terms, cursor=cursor, size=size)


def browse(user: Account, filters: Filters, *, terms: Iterable[str] = (), cursor: str = "", size: int = PAGE) -> Page:
    """The matters behind the filters, newest first; with terms, those that hold all of them."""
    reach = access.reach(user)
    if reach is None:
        return Page([])
    marks = [*filters.marks(), reach]
    place = _place(cursor)
    rows: list[Opinion] = []
    for _look in range(MOST_LOOKS):
        wanted = size + 1 - len(rows)
        found = find(terms, marks, filters, with_locked=_carries(user), place=place, most=wanted)
        rows += read(user, found)
        if len(found) < wanted or len(rows) > size:
            break
        place = Place(found[-1][2], found[-1][1])
    shown = rows[:size]
    more = cursor_of(shown[-1].raised_at, shown[-1].pk) if len(rows) > size else ""
    return Page(shown, more)


Found = tuple[str, UUID, datetime]


def find(
    terms: Iterable[str], marks: list[str], filters: Filters, *, with_locked: bool, place: Place | None, most: int
) -> list[Found]:
    """Jurisdiction, id and time of the rows, newest first: within the transaction's scope, and no further checked.

    The index is asked for the words, the days and what narrows most; each further lexeme there costs more than looking
    at the row.
    """
    terms = list(terms)
    beginnings = [_quoted(term[:-2]) + ":*" for term in terms if term.endswith(":*")]
    words = "&".join(_quoted(term) for term in terms if not term.endswith(":*"))
    narrow, first_bits = _narrow(marks, beside=bool(words))
    with connection.cursor() as database:
        database.execute(
            "SELECT jurisdiction, id, raised_at"
            " FROM opinions_find(%s::tsquery, %s::tsquery[], %s::tsquery, %s::tsquery, %s, %s, %s, %s, %s, %s, %s)",
            [
                words or None, beginnings, "&".join(narrow) or None, "&".join(marks), first_bits, with_locked,
                filters.since.toordinal() - EPOCH if filters.since else None,
                filters.until.toordinal() - EPOCH + 1 if filters.until else None,
                place.at if place else None, place.row if place else None, most,
            ],
        )  # fmt: skip
        return database.fetchall()


def read(user: Account, found: list[Found]) -> list[Opinion]:
    """The rows themselves, in the order given, as far as the person may read them."""
    if not found:
        return []
    places = {row: place for place, (_jurisdiction, row, _at) in enumerate(found)}
    rows = access.among(user, [each[0] for each in found], list(places))
    return sorted(listed(rows), key=lambda opinion: places[opinion.pk])


def with_relations(rows):  # type: ignore[no-untyped-def]
    """What a row of a list shows, without the long texts."""
    return rows.select_related("station", "category", "deputy", "unit", "handler").defer(
        "terms", "marks", "body", "appeal", "refusal_reason"
    )


def _carries(user: Account) -> bool:
    return Permission.OPINION_ACCUSATION in user.permissions


def _place(cursor: str) -> Place | None:
    if (marked := read_cursor(cursor)) and (at := moment_of(marked[0])):
        return Place(at, marked[1])
    return None


def _narrow(marks: list[str], *, beside: bool) -> tuple[list[str], int | None]:
    """What the index is asked for besides words and days, and how many days its first look takes in, as a power of two.

    Beside words one lexeme that few rows have, or two others: then all days at once. Nothing: the newest two days.
    """
    ranked = sorted((rank, mark) for mark in marks if (rank := _rank(mark)) is not None)
    is_few = bool(ranked) and ranked[0][0] < len(FEW)
    chosen = [mark for _rank, mark in ranked[: 1 if beside and is_few else 2]]
    if beside and (is_few or len(chosen) > 1):
        return chosen, ALL_DAYS
    return chosen, SOME_DAYS if chosen else None


def _rank(mark: str) -> int | None:
    lexeme = mark.lstrip("(").lstrip("'")
    if mark.count("|") >= MOST_NARROW or "&" in mark or lexeme.startswith(MOST_HAVE):
        return None
    if lexeme[0] == "s" and not all(state in OPEN for state in re.findall(r"'s(\w+)'", mark)):
        # Most rows that ever were are closed.
        return None
    if FINE.match(lexeme):
        return len(FEW) - 1
    return (FEW + MANY).index(lexeme[0])


def _quoted(lexeme: str) -> str:
    """A lexeme in a tsquery's text: whatever a person typed stays one word."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
