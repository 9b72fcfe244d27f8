"""Reads about places, for pages and other apps."""

import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from jiazhan.kernel import text
from jiazhan.kernel.keeping import for_a_minute

from .models import CongressLevel, FormerName, Region, RegionLevel, Session, Station, StationStatus, Term

FRESH_SECONDS = 30
_served: tuple[float, tuple[str, ...]] | None = None
_congresses: tuple[float, frozenset[str]] | None = None


def jurisdictions_served() -> tuple[str, ...]:
    """The counties that this instance serves: those with a station. At most 30 seconds old in this process."""
    global _served
    if _served is None or time.monotonic() - _served[0] > FRESH_SECONDS:
        codes = Station.objects.order_by("jurisdiction").values_list("jurisdiction", flat=True).distinct()
        _served = (time.monotonic(), tuple(codes))
    return _served[1]


def congresses_above_counties() -> frozenset[str]:
    """The cities and provinces whose congress handles its proposals here: those with a session. At most 30 seconds old."""
    global _congresses
    if _congresses is None or time.monotonic() - _congresses[0] > FRESH_SECONDS:
        levels = [CongressLevel.CITY, CongressLevel.PROVINCE]
        terms = Term.objects.filter(sessions__isnull=False, congress__level__in=levels)
        _congresses = (time.monotonic(), frozenset(terms.values_list("congress__region", flat=True).distinct()))
    return _congresses[1]


def forget_jurisdictions() -> None:
    """Look again at the next question; called when a first station opens, or a first session is entered."""
    global _served, _congresses
    _served = _congresses = None


@dataclass(frozen=True)
class FoundRegion:
    """An area with what tells it from its namesakes: the names above it, and the old name by which it was found."""

    region: Region
    above: tuple[str, ...]
    former: str = ""

    @property
    def code(self) -> str:
        return self.region.code

    @property
    def name(self) -> str:
        return self.region.name

    @property
    def is_closed(self) -> bool:
        return self.region.ends_on is not None

    @property
    def where(self) -> str:
        """The areas above, widest first: "东华省 临江市 云溪区"."""
        return " ".join(self.above)


# The upper areas of a name come first, so the few that begin with the words are taken in that order and not cut off by
# the thousands that hold them somewhere. The plan starts from an index for every kind of text (measured at 665,276 rows).
_BY_NAME = """
WITH begins AS MATERIALIZED (
    SELECT code, name, level, ends_on FROM places_region
     WHERE name LIKE %(begins)s AND code LIKE %(under)s AND level = ANY (%(levels)s)
     ORDER BY ends_on IS NOT NULL, level, code LIMIT %(limit)s
), holds AS MATERIALIZED (
    SELECT code, name, level, ends_on FROM places_region
     WHERE terms @@ %(terms)s::tsquery AND name LIKE %(holds)s AND code LIKE %(under)s AND level = ANY (%(levels)s) LIMIT 1000
)
SELECT code FROM (SELECT * FROM begins UNION SELECT * FROM holds) found
 ORDER BY ends_on IS NOT NULL, name = %(exact)s DESC, name LIKE %(begins)s DESC, level, code LIMIT %(limit)s
"""
_BY_PINYIN = """
SELECT code FROM places_region
 WHERE (initials LIKE %(begins)s OR pinyin LIKE %(begins)s) AND code LIKE %(under)s AND level = ANY (%(levels)s)
 ORDER BY ends_on IS NOT NULL, initials = %(exact)s OR pinyin = %(exact)s DESC, level, code LIMIT %(limit)s
"""
_BY_CODE = """
SELECT code FROM places_region
 WHERE code LIKE %(begins)s AND code LIKE %(under)s AND level = ANY (%(levels)s)
 ORDER BY level, code LIMIT %(limit)s
"""


def search_regions(
    words: str, *, under: str = "", limit: int = 20, levels: Sequence[RegionLevel] = tuple(RegionLevel)
) -> list[FoundRegion]:
    """The areas that a person means by a name or a part of one, a former name, pinyin ("yunxi"), its initials ("yxq") or a
    code, at or below the area `under`. Closed ones come last and say so; upper areas come before lower ones."""
    wanted = "".join(unicodedata.normalize("NFKC", words).lower().split())
    safe = wanted.replace("%", "").replace("_", "").replace("\\", "")
    if not safe:
        return []
    # Names keep the case of their Latin letters; they are few, and pinyin finds them.
    query = _BY_CODE if safe.isdecimal() else _BY_PINYIN if safe.isascii() else _BY_NAME
    terms = " & ".join(_quoted(term) for term in text.query_terms(safe))
    if query is _BY_NAME and not terms:
        return []
    values = {
        "begins": f"{safe}%", "holds": f"%{safe}%", "exact": safe, "under": f"{under}%", "terms": terms, "limit": limit,
        "levels": [int(level) for level in levels],
    }  # fmt: skip
    codes = _codes(query, values)
    former: dict[str, str] = {}
    if query is _BY_NAME and len(codes) < limit:
        renamed = FormerName.objects.filter(name__startswith=safe, region__code__startswith=under).exclude(
            region_id__in=codes
        )
        former = dict(renamed.order_by("region_id", "until").values_list("region_id", "name")[: limit - len(codes)])
    return with_areas_above([*codes, *former], former=former)


def with_areas_above(codes: Sequence[str], *, former: dict[str, str] | None = None) -> list[FoundRegion]:
    """Areas by their codes, in the order given, each with the names of those above it; two statements whatever the number."""
    above = {code[:length] for code in codes for length in (2, 4, 6, 9) if length < len(code)}
    regions = Region.objects.in_bulk([*codes, *above])
    return [
        FoundRegion(
            regions[code],
            tuple(regions[each].name for each in _above(code) if each in regions),
            (former or {}).get(code, ""),
        )
        for code in codes
        if code in regions
    ]


def children_of(code: str) -> QuerySet[Region]:
    """The areas one level below an area ("" for the provinces), the open ones first."""
    rows = Region.objects.filter(parent_id=code or None)
    return rows.order_by("ends_on", "code") if code else rows.order_by("code")


def streets_of(county: str) -> QuerySet[Region]:
    """The open streets and townships of a county, by code."""
    return Region.objects.filter(parent_id=county, ends_on=None).order_by("code")


def communities_of(street: str) -> QuerySet[Region]:
    """The open villages and communities of a street, by pinyin."""
    return Region.objects.filter(parent_id=street, ends_on=None).order_by("pinyin", "code")


def stations_in(
    jurisdictions: Iterable[str], *, under: str = "", words: str = "", status: str = ""
) -> QuerySet[Station]:
    """The stations of some counties, narrowed by an area (a code of 9 or 12 digits), by words and by status."""
    rows = Station.objects.filter(jurisdiction__in=list(jurisdictions)).select_related("street", "community")
    if under:
        rows = rows.filter(Q(street__code__startswith=under) | Q(community__code__startswith=under))
    if words:
        rows = rows.filter(Q(name__contains=words) | Q(code__istartswith=words) | Q(address__contains=words))
    if status:
        rows = rows.filter(status=status)
    return rows.order_by("jurisdiction", "code")


@dataclass(frozen=True)
class StationBranch:
    """A station in the tree; `depth` counts from 0 at a home."""

    station: Station
    depth: int


def station_tree(stations: Iterable[Station]) -> list[StationBranch]:
    """The stations as the tree shows them: each home, below it its stations, below these their points.

    One whose parent is not among them stands at the top.
    """
    stations = list(stations)
    there = {station.pk for station in stations}
    below: dict[Any, list[Station]] = {}
    for station in stations:
        below.setdefault(station.parent_id if station.parent_id in there else None, []).append(station)

    def branches(parent: Any, depth: int) -> Iterable[StationBranch]:
        for station in below.get(parent, ()):
            yield StationBranch(station, depth)
            yield from branches(station.pk, depth + 1)

    return list(branches(None, 0))


def open_stations(jurisdiction: str) -> QuerySet[Station]:
    """The stations of a county that can be spoken to: not closed for good."""
    return Station.objects.filter(jurisdiction=jurisdiction).exclude(status=StationStatus.CLOSED).order_by("code")


@dataclass(frozen=True)
class Point:
    """Where an open station lies, in degrees."""

    station_id: Any
    code: str
    name: str
    street: str
    latitude: float
    longitude: float


@for_a_minute
def points_of(jurisdiction: str) -> tuple[Point, ...]:
    """The open stations of a county whose place is known."""
    rows = open_stations(jurisdiction).filter(latitude__isnull=False)
    fields = rows.values_list("pk", "code", "name", "street_id", "latitude", "longitude")
    return tuple(
        Point(pk, code, name, street, float(north), float(east))
        for pk, code, name, street, north, east in fields
        if north is not None and east is not None
    )


def _above(code: str) -> list[str]:
    return [code[:length] for length in (2, 4, 6, 9) if length < len(code)]


def _codes(query: str, values: dict[str, Any]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]


def _quoted(term: str) -> str:
    """A term as a tsquery takes it: quoted, with the mark of a prefix outside the quotes."""
    return f"'{term[:-2]}':*" if term.endswith(":*") else f"'{term}'"


def session_running(term: Term, on: date) -> Session | None:
    """The session of a term that meets on a day."""
    return term.sessions.filter(starts_on__lte=on, ends_on__gte=on).first()


def session_before(term: Term, on: date) -> Session | None:
    """The session after which a day lies, or in which: the last one that had begun."""
    return term.sessions.filter(starts_on__lte=on).order_by("-number").first()
