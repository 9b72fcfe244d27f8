"""Codes and posters: issue, revoke, issue anew, and print them one by one or a street's all at once."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiazhan.documents.letters import pdf
from jiazhan.documents.letters.content import PaperSize, Poster
from jiazhan.people.access import stations_of
from jiazhan.people.models import Deputy, ScanCode, StationAttachment
from jiazhan.people.permissions import Permission as P
from jiazhan.people.selectors import levels_in_words
from jiazhan.people.services import codes as services
from jiazhan.places import hours
from jiazhan.places.models import Region, Station, StationStatus
from jiazhan.web.office.frame import page
from jiazhan.web.office.refusals import sentence_of
from jiazhan.web.ui.guards import needs

from .stations import station_for
from .tabs import STATIONS, tabs

SIZES = (
    (PaperSize.A4, gettext_lazy("A4 海报")),
    (PaperSize.A6, gettext_lazy("A6 台卡")),
    (PaperSize.BADGE, gettext_lazy("胸牌")),
)
AT_ONCE = 100


def my_stations(request: HttpRequest) -> QuerySet[Station]:
    return (
        stations_of(request.user, P.CODE_MANAGE)
        .exclude(status=StationStatus.CLOSED)
        .select_related("street", "community")
    )


def my_deputies(request: HttpRequest) -> QuerySet[Deputy]:
    """Deputies attached to the stations whose codes this person looks after."""
    attached = StationAttachment.objects.filter(station__in=my_stations(request), ends_on=None)
    return Deputy.objects.filter(pk__in=attached.values("deputy_id")).order_by("pinyin", "name")


@needs(P.CODE_MANAGE)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every station or deputy with its code; a street's posters in one file."""
    street, whose = request.GET.get("street", ""), request.GET.get("of", "stations")
    stations = my_stations(request).order_by("jurisdiction", "code")
    streets = Region.objects.filter(pk__in=stations.order_by().values("street_id")).order_by("code")
    if street:
        stations = stations.filter(street_id=street)
    deputies = my_deputies(request)
    if street:
        deputies = deputies.filter(attachments__station__in=stations, attachments__ends_on=None).distinct()
    context = {
        "tabs": tabs(request, STATIONS, "office:codes"),
        "of": "deputies" if whose == "deputies" else "stations",
        "street": street,
        "streets": list(streets.values_list("code", "name")),
        "stations": _with_codes(list(stations[:AT_ONCE]), "station_id"),
        "deputies": _with_codes(list(deputies[:AT_ONCE]), "deputy_id"),
        "totals": {"stations": stations.count(), "deputies": deputies.count()},
        "at_once": AT_ONCE,
        "sizes": SIZES,
        "home": stations.values_list("jurisdiction", flat=True).first(),
    }
    return page(request, "office/places/codes.html", context, current="office:stations")


@needs(P.CODE_MANAGE)
@require_safe
def station_code(request: HttpRequest, jurisdiction: str, station_id: Any) -> HttpResponse:
    """One station's codes, the one in force and those before it."""
    return _code_page(request, station_for(request, jurisdiction, station_id, P.CODE_MANAGE), jurisdiction)


@needs(P.CODE_MANAGE)
@require_safe
def deputy_code(request: HttpRequest, jurisdiction: str, deputy_id: Any) -> HttpResponse:
    """One deputy's codes."""
    return _code_page(request, _deputy_for(request, deputy_id), jurisdiction)


@needs(P.CODE_MANAGE)
@require_POST
def act_on_station(request: HttpRequest, jurisdiction: str, station_id: Any, act: str) -> HttpResponse:
    return _act(request, station_for(request, jurisdiction, station_id, P.CODE_MANAGE), jurisdiction, act)


@needs(P.CODE_MANAGE)
@require_POST
def act_on_deputy(request: HttpRequest, jurisdiction: str, deputy_id: Any, act: str) -> HttpResponse:
    return _act(request, _deputy_for(request, deputy_id), jurisdiction, act)


@needs(P.CODE_MANAGE)
@require_safe
def poster(request: HttpRequest, jurisdiction: str, token: str, size: str) -> HttpResponse:
    """The poster of a code in force, as PDF."""
    code = (
        ScanCode.objects.filter(pk=token, jurisdiction=jurisdiction, revoked_at=None)
        .select_related("station", "deputy")
        .first()
    )
    if code is None or size not in list(PaperSize) or not _is_mine(request, code):
        raise Http404
    return _pdf([_poster(code, PaperSize(size))], f"{code.station or code.deputy}-{size}")


@needs(P.CODE_MANAGE)
@require_POST
def posters(request: HttpRequest) -> HttpResponse:
    """The posters of a street's stations or deputies in one PDF; codes that are missing are issued."""
    street, size = request.POST.get("street", ""), request.POST.get("size", "")
    if size not in list(PaperSize):
        raise Http404
    stations = my_stations(request).order_by("jurisdiction", "code")
    if street:
        stations = stations.filter(street_id=street)
    if request.POST.get("of") == "deputies":
        attached = StationAttachment.objects.filter(station__in=stations, ends_on=None)
        subjects: list[Any] = list(
            Deputy.objects.filter(pk__in=attached.values("deputy_id")).order_by("pinyin", "name")[:AT_ONCE]
        )
    else:
        subjects = list(stations[:AT_ONCE])
    at = timezone.now()
    try:
        with transaction.atomic():
            issued = [services.issue(subject, by=request.user, at=at) for subject in subjects]
    except Exception as error:
        messages.error(request, sentence_of(error))
        return redirect("office:codes")
    if not issued:
        messages.error(request, _("这里还没有站点或代表，没有可以打印的码。"))
        return redirect("office:codes")
    name = Region.objects.filter(pk=street).values_list("name", flat=True).first() or _("全部")
    return _pdf([_poster(code, PaperSize(size)) for code in issued], f"{name}-{size}")


def _with_codes(subjects: list[Any], key: str) -> list[tuple[Any, ScanCode | None]]:
    rows = ScanCode.objects.filter(**{f"{key}__in": [subject.pk for subject in subjects]}, revoked_at=None).order_by(
        "-issued_at"
    )
    live = {getattr(code, key): code for code in rows}
    return [(subject, live.get(subject.pk)) for subject in subjects]


def _code_page(
    request: HttpRequest,
    subject: Station | Deputy,
    jurisdiction: str,
    *,
    refusal: str = "",
    act: str = "",
    status: int = 200,
) -> HttpResponse:
    is_station = isinstance(subject, Station)
    own = {"station": subject} if is_station else {"deputy": subject}
    found = list(
        ScanCode.objects.filter(**own, jurisdiction=jurisdiction).select_related("replaced_by").order_by("-issued_at")
    )
    live = next((code for code in found if code.revoked_at is None), None)
    context = {
        "tabs": tabs(request, STATIONS, "office:codes"),
        "subject": subject,
        "is_station": is_station,
        "jurisdiction": jurisdiction,
        "live": live,
        "address": _address(live) if live else "",
        "old": [code for code in found if code.revoked_at],
        "sizes": SIZES,
        "refusal": refusal,
        "refused_act": act,
        "can_issue": not is_station or subject.status != StationStatus.CLOSED,
    }
    return page(request, "office/places/code.html", context, current="office:stations", status=status)


def _act(request: HttpRequest, subject: Station | Deputy, jurisdiction: str, act: str) -> HttpResponse:
    reason, by_whom = request.POST.get("reason", ""), {"by": request.user, "at": timezone.now()}
    own = {"station": subject} if isinstance(subject, Station) else {"deputy": subject}
    code = ScanCode.objects.filter(**own, jurisdiction=jurisdiction, pk=request.POST.get("token", "")).first()
    try:
        if act == "issue":
            services.issue(subject, jurisdiction=jurisdiction, **by_whom)
            said = _("码已发放，可以下载海报了。")
        elif code is None:
            raise Http404
        elif act == "reissue":
            services.reissue(code, reason=reason, **by_whom)
            said = _("新码已启用。请把旧海报换下来；有人扫旧码，会看到说明并转到新码。")
        else:
            services.revoke(code, reason=reason, **by_whom)
            said = _("这张码已停用。")
    except Exception as error:
        return _code_page(request, subject, jurisdiction, refusal=sentence_of(error), act=act, status=422)
    messages.success(request, said)
    name, key = (
        ("office:station-code", "station_id") if isinstance(subject, Station) else ("office:deputy-code", "deputy_id")
    )
    return redirect(name, jurisdiction=jurisdiction, **{key: subject.pk})


def _deputy_for(request: HttpRequest, deputy_id: Any) -> Deputy:
    deputy = my_deputies(request).filter(pk=deputy_id).first()
    if deputy is None:
        raise Http404
    return deputy


def _is_mine(request: HttpRequest, code: ScanCode) -> bool:
    if code.station_id:
        return my_stations(request).filter(pk=code.station_id).exists()
    return my_deputies(request).filter(pk=code.deputy_id).exists()


def _address(code: ScanCode) -> str:
    return settings.ORIGIN + reverse("public:scan", kwargs={"jurisdiction": code.jurisdiction, "token": code.token})


def _poster(code: ScanCode, size: PaperSize) -> Poster:
    spelled = f"{code.token[:4]} {code.token[4:]}"
    if code.station:
        station = code.station
        return Poster(
            name=station.name, role=str(station.get_kind_display()), sentence=_("有话要说，扫一扫告诉人大代表"), url=_address(code),
            code=spelled, phone=station.phone, hours=hours.in_words(station.opening_hours), address=f"{station.address} {station.floor}".strip(),
            size=size,
        )  # fmt: skip
    deputy = code.deputy
    assert deputy is not None
    here = StationAttachment.objects.filter(deputy=deputy, ends_on=None, station__jurisdiction=code.jurisdiction)
    attachment = here.select_related("station").order_by("starts_on", "id").first()
    station_phone, place = (attachment.station.phone, attachment.station.name) if attachment else ("", "")
    return Poster(
        name=deputy.name, role=levels_in_words(deputy) or _("人大代表"), sentence=_("扫一扫，向我反映"), url=_address(code), code=spelled,
        phone=station_phone, address=place, size=size,
    )  # fmt: skip


def _pdf(contents: list[Poster], name: str) -> HttpResponse:
    response = HttpResponse(pdf.render(*contents).pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{slugify(name, allow_unicode=True)}.pdf"
    return response
