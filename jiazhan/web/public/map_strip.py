"""A strip of map drawn from what is known here: a station among the stations around it. No map service is asked."""

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiazhan.places.models import Station
from jiazhan.places.selectors import Point, points_of

WIDTH, HEIGHT = 360, 160
MARGIN, FOOT = 24, 34
MOST_NEIGHBOURS = 5
ENOUGH = 2
# Beside those of its own street, stations within so many kilometres.
NEAR_KM = 5.0
# Closer than this on the drawing, two spots would hide each other.
APART = 28
LEAST_SPAN_KM = 0.4
KM_OF_A_DEGREE = 111.2
SCALES_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
LONGEST_SCALE = 110


@dataclass(frozen=True)
class Spot:
    """A station on the drawing, or several that lie too near to each other to be told apart there."""

    x: int
    y: int
    number: int


@dataclass(frozen=True)
class Neighbour:
    number: int
    name: str
    url: str
    way: str


@dataclass(frozen=True)
class Strip:
    """The drawing, and the same in words: where each neighbour lies from here."""

    width: int
    height: int
    here: Spot
    spots: list[Spot]
    neighbours: list[Neighbour]
    scale: int
    scale_words: str


def strip_of(station: Station) -> Strip | None:
    """The strip of a station; None where its own place or that of every neighbour is unknown."""
    if station.latitude is None or station.longitude is None:
        return None
    around = _around(station, float(station.latitude), float(station.longitude))
    if not around:
        return None
    return _drawn(around, station.jurisdiction)


def geo_link(station: Station) -> str:
    """The place as a `geo:` address (RFC 5870), which a phone opens in its own map; empty where it is unknown."""
    if station.latitude is None or station.longitude is None:
        return ""
    return f"geo:{station.latitude},{station.longitude}"


def way_words(east: float, north: float) -> str:
    """A distance and its direction: "往东北约 1.2 公里"."""
    winds = (_("东"), _("东北"), _("北"), _("西北"), _("西"), _("西南"), _("南"), _("东南"))
    wind = winds[round(degrees(atan2(north, east)) / 45) % 8]
    km = hypot(east, north)
    if km < 0.05:
        return _("就在旁边")
    if km < 0.95:
        return _("往%(wind)s约 %(metres)s 米") % {"wind": wind, "metres": round(km * 20) * 50}
    return _("往%(wind)s约 %(km).1f 公里") % {"wind": wind, "km": km}


def _around(station: Station, latitude: float, longitude: float) -> list[tuple[float, float, Point]]:
    """The neighbours with their distance to the east and to the north in km: those of the street; where they are less than
    two, also the nearest of other streets."""
    found = []
    for point in points_of(station.jurisdiction):
        if point.station_id != station.pk:
            east = (point.longitude - longitude) * KM_OF_A_DEGREE * cos(radians(latitude))
            north = (point.latitude - latitude) * KM_OF_A_DEGREE
            if point.street == station.street_id or hypot(east, north) <= NEAR_KM:
                found.append((east, north, point))
    found.sort(key=lambda each: hypot(each[0], each[1]))
    of_street = [each for each in found if each[2].street == station.street_id]
    return (of_street if len(of_street) >= ENOUGH else found)[:MOST_NEIGHBOURS]


def _drawn(around: list[tuple[float, float, Point]], jurisdiction: str) -> Strip:
    easts, norths = [0.0, *(each[0] for each in around)], [0.0, *(each[1] for each in around)]
    span_x, span_y = max(easts) - min(easts), max(norths) - min(norths)
    per_km = min(
        (WIDTH - 2 * MARGIN) / max(span_x, LEAST_SPAN_KM), (HEIGHT - MARGIN - FOOT) / max(span_y, LEAST_SPAN_KM)
    )
    left = (WIDTH - span_x * per_km) / 2 - min(easts) * per_km
    bottom = MARGIN + (HEIGHT - MARGIN - FOOT + span_y * per_km) / 2 + min(norths) * per_km

    def spot(east: float, north: float, number: int) -> Spot:
        return Spot(round(left + east * per_km), round(bottom - north * per_km), number)

    here, spots, neighbours = spot(0, 0, 0), list[Spot](), list[Neighbour]()
    for east, north, point in around:
        new = spot(east, north, len(spots) + 1)
        same = next((each for each in spots if hypot(each.x - new.x, each.y - new.y) < APART), None)
        if same is None and hypot(here.x - new.x, here.y - new.y) >= APART:
            spots.append(new)
            same = new
        address = reverse("public:station", kwargs={"jurisdiction": jurisdiction, "code": point.code})
        neighbours.append(Neighbour(same.number if same else 0, point.name, address, way_words(east, north)))
    km = max((each for each in SCALES_KM if each * per_km <= LONGEST_SCALE), default=SCALES_KM[0])
    words = _("%(n)s 公里") % {"n": km} if km >= 1 else _("%(n)s 米") % {"n": round(km * 1000)}
    return Strip(WIDTH, HEIGHT, here, spots, neighbours, round(km * per_km), words)


def context_of(station: Station) -> dict[str, Any]:
    """What the page of a station needs of it."""
    return {"strip": strip_of(station), "geo": geo_link(station)}
