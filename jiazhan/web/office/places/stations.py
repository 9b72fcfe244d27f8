"""Stations of the office: the tree, one station with its deputies and code, its form, its life."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiazhan.audit.selectors import entries_of
from jiazhan.documents import selectors as documents
from jiazhan.people.access import stations_of, streets_of
from jiazhan.people.models import Deputy, StationAttachment
from jiazhan.people.permissions import Permission as P
from jiazhan.people.roles import Role
from jiazhan.people.selectors import posts_in_force
from jiazhan.people.services import deputies
from jiazhan.places import hours, selectors
from jiazhan.places.models import Region, Station
from jiazhan.places.services import stations as services
from jiazhan.places.states import STATION, StationStatus
from jiazhan.web.office.frame import page
from jiazhan.web.office.refusals import sentence_of, status_of
from jiazhan.web.ui.guards import needs

from .forms import StationForm
from .tabs import STATIONS, tabs

VIEWERS = (P.STATION_MANAGE, P.CODE_MANAGE)
AT_ONCE = 200
ACTIONS = {
    "station.opened": gettext_lazy("设立站点"),
    "station.changed": gettext_lazy("修改资料"),
    "station.paused": gettext_lazy("暂停开放"),
    "station.resumed": gettext_lazy("恢复开放"),
    "station.closed": gettext_lazy("撤并站点"),
    "attachment.added": gettext_lazy("添加照片"),
}


def station_for(request: HttpRequest, jurisdiction: str, station_id: Any, *permissions: P) -> Station:
    """The station, where this person may act on it by one of the permissions. Raises Http404."""
    rows = stations_of(request.user, *permissions).select_related("street", "community", "parent")
    station = rows.filter(jurisdiction=jurisdiction, pk=station_id).first()
    if station is None:
        raise Http404
    return station


@needs(*VIEWERS)
@require_safe
def station_list(request: HttpRequest) -> HttpResponse:
    """The stations that this person looks after, as a tree; filters are in the address."""
    words, street, status = (request.GET.get(name, "").strip() for name in ("q", "street", "status"))
    mine = stations_of(request.user, *VIEWERS)
    counties = set(mine.order_by().values_list("jurisdiction", flat=True))
    rows = selectors.stations_in(counties, under=street, words=words, status=status).filter(pk__in=mine)
    found = list(rows[: AT_ONCE + 1])
    context = {
        "tabs": tabs(request, STATIONS, "office:stations"),
        "branches": selectors.station_tree(found[:AT_ONCE]),
        "is_cut": len(found) > AT_ONCE,
        "filters": {"q": words, "street": street, "status": status},
        "streets": list(
            Region.objects.filter(pk__in=mine.values("street_id")).order_by("code").values_list("code", "name")
        ),
        "statuses": StationStatus.choices,
        "may_open": streets_of(request.user, P.STATION_MANAGE).exists(),
        "hours": hours.in_words,
        "total": rows.count(),
    }
    return page(request, "office/places/stations.html", context, current="office:stations")


@needs(*VIEWERS)
@require_safe
def station(request: HttpRequest, jurisdiction: str, station_id: Any) -> HttpResponse:
    return station_page(request, station_for(request, jurisdiction, station_id, *VIEWERS))


def station_page(
    request: HttpRequest, station: Station, *, refusal: str = "", step: str = "", status: int = 200, typed: str = ""
) -> HttpResponse:
    """The page of a station; a refused act shows its sentence and keeps its question open, with what was typed of a photo."""
    may_manage = stations_of(request.user, P.STATION_MANAGE).filter(pk=station.pk).exists()
    attachments = StationAttachment.objects.filter(station=station, ends_on=None).select_related("deputy")
    staff = posts_in_force().filter(station=station).select_related("account")
    context = {
        "tabs": tabs(request, STATIONS, "office:stations"),
        "station": station,
        "hours": hours.in_words(station.opening_hours),
        "attachments": attachments.order_by("deputy__pinyin", "deputy__name"),
        "staff": [(post.account.name, Role(post.role).label) for post in staff],
        "children": station.children.order_by("code"),
        "steps": STATION.steps_from(station.status) if may_manage else {},
        "may_manage": may_manage and station.status != StationStatus.CLOSED,
        "may_code": stations_of(request.user, P.CODE_MANAGE).filter(pk=station.pk).exists(),
        "photo": documents.station_photos(station).first(),
        "loose_deputies": _loose_deputies(station) if may_manage else [],
        "entries": entries_of(station).order_by("-at", "-id")[:20],
        "actions": ACTIONS,
        "refusal": refusal,
        "refused_step": step,
        "typed": typed,
    }
    return page(request, "office/places/station.html", context, current="office:stations", status=status)


def _loose_deputies(station: Station) -> list[tuple[str, str]]:
    """Deputies with a mandate in force who could be attached here: attached in the county, or nowhere."""
    here = StationAttachment.objects.filter(station=station, ends_on=None).values("deputy_id")
    rows = Deputy.objects.exclude(pk__in=here).filter(mandates__status="active").distinct()
    elsewhere = StationAttachment.objects.filter(ends_on=None).exclude(station__jurisdiction=station.jurisdiction)
    rows = rows.exclude(pk__in=elsewhere.values("deputy_id")).order_by("pinyin", "name")
    return [
        (str(pk), f"{name} {employer}".strip()) for pk, name, employer in rows.values_list("pk", "name", "employer")
    ]


@needs(P.STATION_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def open_station(request: HttpRequest) -> HttpResponse:
    """Open a station in a street of one's own."""
    if not streets_of(request.user, P.STATION_MANAGE).exists():
        raise Http404
    form = StationForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            opened = services.open_station(form.details(), by=request.user, at=timezone.now())
        except Exception as error:
            _add_refusal(form, error)
        else:
            messages.success(request, _("%(name)s已设立。接下来可以编入代表、发放站码。") % {"name": opened.name})
            return redirect("office:station", jurisdiction=opened.jurisdiction, station_id=opened.pk)
    context = {"form": form, "tabs": tabs(request, STATIONS, "office:stations"), "station": None}
    return page(
        request,
        "office/places/station_form.html",
        context,
        current="office:stations",
        status=422 if form.errors else 200,
    )


@needs(P.STATION_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change_station(request: HttpRequest, jurisdiction: str, station_id: Any) -> HttpResponse:
    """Change what is said of a station."""
    station = station_for(request, jurisdiction, station_id, P.STATION_MANAGE)
    form = StationForm(request.POST or None, user=request.user, station=station)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_station(station, form.details(), by=request.user, at=timezone.now())
        except Exception as error:
            _add_refusal(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("office:station", jurisdiction=jurisdiction, station_id=station_id)
    context = {"form": form, "tabs": tabs(request, STATIONS, "office:stations"), "station": station}
    return page(
        request,
        "office/places/station_form.html",
        context,
        current="office:stations",
        status=422 if form.errors else 200,
    )


@needs(P.STATION_MANAGE)
@require_POST
def step_station(request: HttpRequest, jurisdiction: str, station_id: Any, step: str) -> HttpResponse:
    """Pause, resume or close."""
    station = station_for(request, jurisdiction, station_id, P.STATION_MANAGE)
    if step not in STATION.steps:
        raise Http404
    by_whom = {"by": request.user, "at": timezone.now()}
    try:
        if step == "resume":
            services.resume(station, **by_whom)
        else:
            act = services.pause if step == "pause" else services.close
            act(station, reason=request.POST.get("reason", ""), **by_whom)
    except Exception as error:
        said = sentence_of(error)
        fresh = station_for(request, jurisdiction, station_id, P.STATION_MANAGE)
        return station_page(request, fresh, refusal=said, step=step, status=status_of(error))
    messages.success(request, _("已办理：%(label)s。") % {"label": STATION.steps[step].label})
    return redirect("office:station", jurisdiction=jurisdiction, station_id=station_id)


@needs(P.STATION_MANAGE)
@require_POST
def attach_deputy(request: HttpRequest, jurisdiction: str, station_id: Any) -> HttpResponse:
    """Place a deputy at the station."""
    station = station_for(request, jurisdiction, station_id, P.STATION_MANAGE)
    chosen = request.POST.get("deputy", "")
    if chosen not in dict(_loose_deputies(station)):
        return station_page(request, station, refusal=_("请从名单里选择一位代表。"), step="attach", status=422)
    at = timezone.now()
    try:
        deputy = Deputy.objects.get(pk=chosen)
        deputies.attach(deputy, station, starts_on=timezone.localdate(at), by=request.user, at=at)
    except Exception as error:
        return station_page(request, station, refusal=sentence_of(error), step="attach", status=status_of(error))
    messages.success(request, _("%(name)s代表已编入本站。") % {"name": deputy.name})
    return redirect("office:station", jurisdiction=jurisdiction, station_id=station_id)


@needs(P.STATION_MANAGE)
@require_POST
def detach_deputy(request: HttpRequest, jurisdiction: str, station_id: Any, attachment_id: Any) -> HttpResponse:
    """Take a deputy out of the station."""
    station = station_for(request, jurisdiction, station_id, P.STATION_MANAGE)
    attachment = StationAttachment.objects.filter(station=station, pk=attachment_id).select_related("deputy").first()
    if attachment is None:
        raise Http404
    at = timezone.now()
    try:
        deputies.detach(attachment, on=timezone.localdate(at), by=request.user, at=at)
    except Exception as error:
        return station_page(request, station, refusal=sentence_of(error), status=status_of(error))
    messages.success(request, _("%(name)s代表已调出本站。") % {"name": attachment.deputy.name})
    return redirect("office:station", jurisdiction=jurisdiction, station_id=station_id)


def _add_refusal(form: StationForm, error: Exception) -> None:
    """The sentence beside the field that it is about."""
    said, field = sentence_of(error), getattr(error, "field", "")
    form.add_error(field if field in form.fields else None, said)
