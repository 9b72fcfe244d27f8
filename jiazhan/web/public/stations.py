"""Finding a station, and the page that a scanned code opens: the station's or the deputy's."""

import json
import re
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiazhan.documents import selectors as documents
from jiazhan.documents.models import Attachment
from jiazhan.kernel import scope
from jiazhan.opinions.choices import OutcomeClass
from jiazhan.opinions.models import Publication
from jiazhan.opinions.selectors import solved_lately
from jiazhan.people import selectors as people
from jiazhan.people.models import Deputy, Mandate, ReceptionDay, StationAttachment
from jiazhan.people.services import codes
from jiazhan.places import hours
from jiazhan.places.models import CongressLevel, Region, Station, StationStatus
from jiazhan.web.ui.guards import anyone
from jiazhan.web.ui.sending import sent

from . import map_strip, proposals, published
from .frame import page
from .hours import now_of

AT_ONCE = 40
TYPED_CODE = re.compile(r"[0-9A-Za-z]{4}[ -]?[0-9A-Za-z]{4}")
ON_FRONT = 5
# Caches in between may keep a photo for a day; another one has another address.
SEEN_BY_ALL = "public, max-age=86400"
LEVELS = [
    CongressLevel.NATIONAL,
    CongressLevel.PROVINCE,
    CongressLevel.CITY,
    CongressLevel.COUNTY,
    CongressLevel.TOWNSHIP,
]


@anyone
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What this place is, a station to go to, and how to look up progress."""
    at = timezone.now()
    lately = published.in_view().filter(opinion__outcome=OutcomeClass.RESOLVED)[:3]
    context = {
        "q": "",
        "streets": list(_streets()),
        "open_now": _open_now(at),
        "published": [published.as_row(each) for each in lately],
        "proposals": proposals.latest(3),
    }
    return page(request, "public/front.html", context)


@anyone
@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    """Stations by words, street and whether they are open; the filters stay in the address. The code that stands under a
    poster's picture leads where its picture does."""
    q, street, is_open = request.GET.get("q", "").strip()[:40], request.GET.get("street", ""), "open" in request.GET
    if TYPED_CODE.fullmatch(q) and (typed := codes.resolve(q)) and typed.code.jurisdiction in scope.current():
        return redirect("public:scan", jurisdiction=typed.code.jurisdiction, token=typed.code.token)
    rows = open_stations()
    if street:
        rows = rows.filter(street=street)
    if q:
        rows = rows.filter(_matches(q))
    found = _with_hours(rows[:400], timezone.now())
    if is_open:
        found = [each for each in found if each.now.is_open]
    context = {
        "q": q,
        "street": street,
        "street_name": Region.objects.filter(pk=street).values_list("name", flat=True).first() if street else "",
        "is_open": is_open,
        "stations": found[:AT_ONCE],
        "more": max(0, len(found) - AT_ONCE),
    }
    return page(request, "public/stations.html", context)


@anyone
@require_safe
def station(request: HttpRequest, jurisdiction: str, code: str) -> HttpResponse:
    return station_page(request, station_at(jurisdiction, code))


@anyone
@require_safe
def photo(request: HttpRequest, jurisdiction: str, code: str, photo_id: uuid.UUID) -> HttpResponse:
    """The station's photo of now; one that was taken down or replaced is a 404."""
    download = documents.attachment_download(_photo_of(jurisdiction, code, photo_id))
    return sent(request, download, cache=SEEN_BY_ALL)


@anyone
@require_safe
def small_photo(request: HttpRequest, jurisdiction: str, code: str, photo_id: uuid.UUID) -> HttpResponse:
    download = documents.thumbnail_download(_photo_of(jurisdiction, code, photo_id))
    return sent(request, download, cache=SEEN_BY_ALL)


@anyone
@require_safe
def scan(request: HttpRequest, jurisdiction: str, token: str) -> HttpResponse:
    """What a printed code leads to; one that is not in force says why and leads on."""
    found = codes.resolve(token)
    if found is None or found.code.jurisdiction != jurisdiction:
        return page(request, "public/no_code.html", jurisdiction=jurisdiction, status=404)
    if found.state not in {codes.CodeState.VALID, codes.CodeState.PAUSED}:
        return page(request, "public/revoked.html", {"found": found}, jurisdiction=jurisdiction, status=410)
    if found.code.station:
        return station_page(request, found.code.station, via=found.code.token)
    if found.code.deputy:
        return deputy_page(request, found.code.deputy, jurisdiction, via=found.code.token)
    raise Http404


@anyone
@require_safe
def deputy(request: HttpRequest, jurisdiction: str, deputy_id: uuid.UUID) -> HttpResponse:
    found = Deputy.objects.filter(pk=deputy_id, is_public=True).first()
    if found is None:
        raise Http404
    return deputy_page(request, found, jurisdiction)


def station_page(request: HttpRequest, station: Station, *, via: str = "") -> HttpResponse:
    at = timezone.now()
    deputies: list[Any] = list(people.deputies_of(station).filter(is_public=True).prefetch_related(_mandates()))
    for each in deputies:
        each.levels = people.mandate_words(each.mandates.all())
    context = {
        "station": station,
        "now_open": now_of(station, at),
        "week": hours.in_words(station.opening_hours),
        "receptions": list(_receptions(at).filter(station=station)[:3]),
        "levels": _by_level(deputies),
        "deputies_count": len(deputies),
        "solved": [
            published.as_row(each)
            for each in solved_lately(station).select_related("opinion__station", "opinion__category")
        ],
        "via": via,
        "photo": documents.station_photos(station).first(),
        **map_strip.context_of(station),
        "place_name": station.name,
        "place_url": request.path,
    }
    return page(request, "public/station.html", context, jurisdiction=station.jurisdiction)


def deputy_page(request: HttpRequest, deputy: Deputy, jurisdiction: str, *, via: str = "") -> HttpResponse:
    """Who the deputy is, at which levels, where and when to be met. 404 where nothing ties the deputy to this county."""
    at = timezone.now()
    mandates = list(deputy.mandates.in_force().select_related("term__congress", "constituency").order_by("starts_on"))
    attached = StationAttachment.objects.filter(deputy=deputy, ends_on=None, station__jurisdiction=jurisdiction)
    homes = [each.station for each in attached.select_related("station__street", "station__community")]
    if not homes and not via:
        raise Http404
    context = {
        "deputy": deputy,
        "levels": people.mandate_words(mandates),
        "mandates": mandates,
        "homes": _with_hours([each for each in homes if each.status != StationStatus.CLOSED], at),
        "receptions": list(_receptions(at).filter(deputy=deputy)[:3]),
        "solved": [published.as_row(each) for each in _solved_by(deputy)[:3]],
        "proposals": proposals.of_deputy(deputy, 3),
        "via": via,
    }
    return page(request, "public/deputy.html", context, jurisdiction=jurisdiction)


def station_at(jurisdiction: str, code: str) -> Station:
    """The station, with its street and community; 404 where there is none or it was closed for good."""
    found = open_stations().filter(jurisdiction=jurisdiction, code=code).first()
    if found is None:
        raise Http404
    return found


def _photo_of(jurisdiction: str, code: str, photo_id: uuid.UUID) -> Attachment:
    found = documents.station_photos(station_at(jurisdiction, code)).filter(pk=photo_id).first()
    if found is None:
        raise Http404
    return found


def open_stations() -> QuerySet[Station]:
    """The stations of the open scope that were not closed for good."""
    rows = Station.objects.filter(jurisdiction__in=scope.current()).exclude(status=StationStatus.CLOSED)
    return rows.select_related("street", "community").order_by("street_id", "kind", "code")


def _open_now(at: datetime) -> list[Station]:
    """The first few stations that are open. Of the others only their hours are read, and the same hours but once."""
    rows = open_stations().filter(status=StationStatus.OPEN)
    written = rows.select_related(None).annotate(written=Cast("opening_hours", TextField()))
    opening = list(written.values_list("pk", "written"))
    are_open = {words for words in {each[1] for each in opening} if hours.is_open(json.loads(words), at)}
    first = [pk for pk, words in opening if words in are_open][:ON_FRONT]
    return _with_hours(rows.filter(pk__in=first), at) if first else []


def _streets() -> QuerySet[Region]:
    here = Q(stations__jurisdiction__in=scope.current()) & ~Q(stations__status=StationStatus.CLOSED)
    rows = Region.objects.filter(here).annotate(stations_count=Count("stations", filter=here))
    return rows.only("code", "name").order_by("code")


def _matches(words: str) -> Q:
    """Stations whose name or address, street or community says it; a community by its pinyin initials too."""
    match = Q(name__icontains=words) | Q(address__icontains=words)
    for area in ("street", "community"):
        match |= Q(**{f"{area}__name__icontains": words}) | Q(**{f"{area}__initials__istartswith": words})
    return match


def _receptions(at: datetime) -> QuerySet[ReceptionDay]:
    rows = ReceptionDay.objects.filter(ends_at__gt=at, starts_at__lt=at + timedelta(days=60))
    return rows.select_related("deputy", "station").order_by("starts_at")


def _mandates() -> Prefetch:
    return Prefetch("mandates", Mandate.objects.in_force().select_related("term__congress"))


def _solved_by(deputy: Deputy) -> QuerySet[Publication]:
    return published.in_view().filter(opinion__deputy=deputy, opinion__outcome=OutcomeClass.RESOLVED)


def _by_level(deputies: list[Deputy]) -> list[tuple[str, list[Deputy]]]:
    """The deputies under the highest level at which they sit."""
    groups: dict[str, list[Deputy]] = {}
    for each in deputies:
        levels = {mandate.term.congress.level for mandate in each.mandates.all()}
        groups.setdefault(next(level for level in LEVELS if level in levels), []).append(each)
    return [(_("%(level)s人大代表") % {"level": level.label}, groups[level]) for level in LEVELS if level in groups]


def _with_hours(stations: Iterable[Station], at: datetime) -> list[Any]:
    """The stations, each with `now`: whether it is open, and until or from when."""
    found: list[Any] = list(stations)
    for each in found:
        each.now = now_of(each, at)
    return found
