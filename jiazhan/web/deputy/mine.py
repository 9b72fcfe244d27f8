"""我的: profile, mandates, stations, reception days, the code to show, notices."""

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiazhan.documents.letters import codes, pdf
from jiazhan.documents.letters.content import PaperSize, Poster
from jiazhan.kernel import scope
from jiazhan.notifications import selectors as notices
from jiazhan.notifications import services as notifying
from jiazhan.people.models import ReceptionDay, ScanCode, StationAttachment
from jiazhan.people.permissions import Permission
from jiazhan.people.selectors import levels_in_words
from jiazhan.web.ui import notices as told
from jiazhan.web.ui.guards import needs

from .frame import page

SHOWN_DAYS = 6
SIZES = {
    PaperSize.A4: gettext_lazy("A4 海报"), PaperSize.A6: gettext_lazy("A6 小卡"), PaperSize.BADGE: gettext_lazy("胸牌"),
}  # fmt: skip


@needs(Permission.DEPUTY_HOME)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    deputy, at = request.user.deputy, timezone.now()
    attached = StationAttachment.objects.filter(Q(ends_on=None) | Q(ends_on__gt=timezone.localdate()), deputy=deputy)
    stations = [each.station for each in attached.select_related("station").order_by("station__code")]
    context = {
        "deputy": deputy,
        "levels": levels_in_words(deputy),
        "mandates": deputy.mandates.select_related("term__congress", "constituency").order_by("-starts_on"),
        "stations": stations,
        "public_url": reverse("public:deputy", args=[stations[0].jurisdiction, deputy.pk]) if stations and deputy.is_public else "",
        "receptions": ReceptionDay.objects.filter(deputy=deputy, ends_at__gt=at).select_related("station").order_by("starts_at")[:SHOWN_DAYS],
        "unread": notices.unread_count(request.user),
    }  # fmt: skip
    return page(request, "deputy/mine.html", context, place="mine")


@needs(Permission.DEPUTY_HOME)
@require_safe
def code(request: HttpRequest) -> HttpResponse:
    """The deputy's codes in force, large enough to be scanned from the screen."""
    context = {
        "codes": [{"code": each, "address": _address(each)} for each in _codes(request)],
        "sizes": list(SIZES.items()),
    }
    return page(request, "deputy/code.html", context, place="mine")


@needs(Permission.DEPUTY_HOME)
@require_safe
def code_picture(request: HttpRequest, jurisdiction: str) -> HttpResponse:
    picture = codes.png(_address(_code_in(request, jurisdiction))).getvalue()
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "private, no-cache"})


@needs(Permission.DEPUTY_HOME)
@require_safe
def poster(request: HttpRequest, jurisdiction: str, size: str) -> HttpResponse:
    """The code to print: to hang up, to hand out or to wear."""
    if size not in SIZES:
        raise Http404
    found = _code_in(request, jurisdiction)
    rendered = pdf.render(_poster(request, found, PaperSize(size)))
    headers = {"Content-Disposition": f'inline; filename="code-{size}.pdf"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(rendered.pdf, content_type="application/pdf", headers=headers)


@needs(Permission.DEPUTY_HOME)
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """What the person was told, newest first."""
    context = {
        "rows": told.listed(request.user, route="deputy:opinion", proposals="deputy:proposal"),
        "most": told.MOST,
    }
    return page(request, "deputy/notices.html", context, place="mine")


@needs(Permission.DEPUTY_HOME)
@require_POST
def read_all_notices(request: HttpRequest) -> HttpResponse:
    notifying.mark_all_read(request.user, at=timezone.now())
    return redirect("deputy:notices")


def _codes(request: HttpRequest) -> list[ScanCode]:
    rows = ScanCode.objects.filter(deputy=request.user.deputy, revoked_at=None, jurisdiction__in=scope.current())
    return list(rows.order_by("jurisdiction", "issued_at"))


def _code_in(request: HttpRequest, jurisdiction: str) -> ScanCode:
    found = next((each for each in _codes(request) if each.jurisdiction == jurisdiction), None)
    if found is None:
        raise Http404
    return found


def _address(code: ScanCode) -> str:
    return settings.ORIGIN + reverse("public:scan", args=[code.jurisdiction, code.token])


def _poster(request: HttpRequest, code: ScanCode, size: PaperSize) -> Poster:
    deputy = request.user.deputy
    here = StationAttachment.objects.filter(deputy=deputy, ends_on=None, station__jurisdiction=code.jurisdiction)
    attached = here.select_related("station").order_by("starts_on", "id").first()
    return Poster(
        name=deputy.name,
        role=levels_in_words(deputy) or _("人大代表"),
        sentence=_("扫一扫，向我反映"),
        url=_address(code),
        code=f"{code.token[:4]} {code.token[4:]}",
        phone=attached.station.phone if attached else "",
        address=attached.station.name if attached else "",
        size=size,
    )
