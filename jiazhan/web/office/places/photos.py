"""The photo of a station: put up, replaced, taken down by whoever looks after the station."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiazhan.documents import selectors
from jiazhan.documents import services as documents
from jiazhan.documents.files import checking
from jiazhan.people.permissions import Permission as P
from jiazhan.people.services import reasons
from jiazhan.web.office.refusals import sentence_of, status_of
from jiazhan.web.ui.guards import needs
from jiazhan.web.ui.sending import sent

from .stations import VIEWERS, station_for, station_page

# As large as a page ever shows it.
LONGEST_SIDE = 960


@needs(P.STATION_MANAGE)
@require_POST
def show(request: HttpRequest, jurisdiction: str, station_id: Any) -> HttpResponse:
    """Put up a photo; a refusal keeps what was typed beside it."""
    station = station_for(request, jurisdiction, station_id, P.STATION_MANAGE)
    description = request.POST.get("description", "")
    file = request.FILES.get("photo")
    if file is None:
        said = _("请先选一张照片。")
        return station_page(request, station, refusal=said, step="photo", status=422, typed=description)
    try:
        checked = checking.check(file, name=file.name or "", longest=LONGEST_SIDE)
        documents.show_station(station, checked, description=description, by=request.user, at=timezone.now())
    except Exception as error:
        said = sentence_of(error)
        return station_page(request, station, refusal=said, step="photo", status=status_of(error), typed=description)
    messages.success(request, _("照片已放上站点页面。"))
    return redirect("office:station", jurisdiction=jurisdiction, station_id=station_id)


@needs(P.STATION_MANAGE)
@require_POST
def remove(request: HttpRequest, jurisdiction: str, station_id: Any) -> HttpResponse:
    """Take the photo down, with a reason."""
    station = station_for(request, jurisdiction, station_id, P.STATION_MANAGE)
    photo = selectors.station_photos(station).first()
    if photo is None:
        raise Http404
    try:
        reason = reasons.required(request.POST.get("reason", ""))
        documents.remove(photo, reason=reason, by=request.user, at=timezone.now())
    except Exception as error:
        said = sentence_of(error)
        return station_page(request, station, refusal=said, step="photo-remove", status=status_of(error))
    messages.success(request, _("照片已撤下。"))
    return redirect("office:station", jurisdiction=jurisdiction, station_id=station_id)


@needs(*VIEWERS)
@require_safe
def small(request: HttpRequest, jurisdiction: str, station_id: Any, photo_id: Any) -> HttpResponse:
    station = station_for(request, jurisdiction, station_id, *VIEWERS)
    photo = selectors.station_photos(station).filter(pk=photo_id).first()
    return sent(request, selectors.thumbnail_download(photo) if photo else None)
