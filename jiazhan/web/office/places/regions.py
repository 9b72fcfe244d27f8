"""Areas: browsed from the province down, searched by name, pinyin or code; closed ones marked."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiazhan.people.permissions import Permission as P
from jiazhan.places import selectors
from jiazhan.places.models import Region
from jiazhan.web.office.frame import page
from jiazhan.web.ui.guards import needs

from .tabs import STATIONS, tabs

VIEWERS = (P.STATION_MANAGE, P.CODE_MANAGE)
AT_ONCE = 300
FOUND_MOST = 50


@needs(*VIEWERS)
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """An area with what lies in it, or what a search found."""
    code, words = request.GET.get("in", ""), request.GET.get("q", "").strip()
    here = selectors.with_areas_above([code]) if code else []
    if code and not here:
        raise Http404
    children = list(selectors.children_of(code)[: AT_ONCE + 1]) if not words else []
    region = here[0].region if here else None
    context = {
        "tabs": tabs(request, STATIONS, "office:regions"),
        "region": region,
        "trail": _trail(region),
        "words": words,
        "found": selectors.search_regions(words, under=code, limit=FOUND_MOST) if words else [],
        "found_most": FOUND_MOST,
        "children": children[:AT_ONCE],
        "is_cut": len(children) > AT_ONCE,
        "former": list(region.former_names.order_by("-until")) if region else [],
        "mine": sorted(selectors.with_areas_above(selectors.jurisdictions_served()), key=lambda found: found.code),
    }
    return page(request, "office/places/regions.html", context, current="office:stations")


@needs(*VIEWERS)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The same search as JSON, for pickers: `?q=yxq&under=990106&limit=20`."""
    try:
        limit = min(FOUND_MOST, max(1, int(request.GET.get("limit", "20"))))
    except ValueError:
        raise Http404 from None
    found = selectors.search_regions(request.GET.get("q", ""), under=request.GET.get("under", ""), limit=limit)
    areas = [
        {"code": each.code, "name": each.name, "where": each.where, "former": each.former, "is_closed": each.is_closed}
        for each in found
    ]
    return JsonResponse({"areas": areas}, json_dumps_params={"ensure_ascii": False})


def _trail(region: Region | None) -> list[tuple[str, str | None]]:
    """The way from the country down to the area."""
    if region is None:
        return []
    codes = [region.code[:length] for length in (2, 4, 6, 9, 12) if length <= len(region.code)]
    names = Region.objects.in_bulk(codes)
    return [(_("全国"), ""), *((names[code].name, code) for code in codes if code in names)]
