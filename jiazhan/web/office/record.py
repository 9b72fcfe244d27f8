"""The record: who did what to what, by jurisdiction, and whether its chain holds. For whoever reads it, and nobody writes."""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from jiazhan.audit import selectors, verification
from jiazhan.audit.models import Entry
from jiazhan.audit.verification import Verified
from jiazhan.kernel import scope
from jiazhan.opinions.selectors.timeline import words_of
from jiazhan.people.permissions import Permission as P
from jiazhan.places.models import Region
from jiazhan.web.ui.guards import needs

from .filters import parse_day
from .frame import page

SIZE = 100
KINDS = (
    ("opinion.", _("意见办理")), ("contact.", _("查看联系方式")), ("attachment.", _("附件")), ("document.", _("函件")),
    ("account.", _("账号")), ("post.", _("任职")), ("mandate.", _("代表资格")), ("station.", _("站点")), ("notice.", _("通知")),
)  # fmt: skip


@needs(P.RECORD_READ)
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Entries of one county, newest first, behind filters; with `verify`, the county's chain is checked from its start."""
    counties = sorted(scope.current())
    county = request.GET.get("county", "")
    county = county if county in counties else (counties[0] if counties else "")
    names = dict(Region.objects.filter(pk__in=counties).values_list("pk", "name"))
    asked = {name: request.GET.get(name, "").strip() for name in ("action", "actor", "subject", "since", "until")}
    rows = selectors.entries(
        county, action=asked["action"], actor=asked["actor"], subject=asked["subject"],
        since=parse_day(asked["since"]), until=parse_day(asked["until"]),
    )  # fmt: skip
    if place := _place(request.GET.get("after", "")):
        rows = rows.filter(Q(at__lt=place[0]) | Q(at=place[0], pk__lt=place[1]))
    found = list(rows[: SIZE + 1])
    fields = request.GET.copy()
    fields.pop("verify", None)
    next_url = None
    if len(found) > SIZE:
        fields["after"] = f"{found[SIZE - 1].at.timestamp():.6f}~{found[SIZE - 1].pk}"
        next_url = f"?{fields.urlencode()}"
    context = {
        "county": county,
        "counties": [(code, names.get(code, code)) for code in counties],
        "asked": asked,
        "kinds": KINDS,
        "entries": [_shown(each) for each in found[:SIZE]],
        "next_url": next_url,
        "result": verification.verify(county) if county and "verify" in request.GET else None,
        "is_whole": False,
    }
    context["is_whole"] = isinstance(context["result"], Verified)
    return page(request, "office/record.html", context, current="office:record")


def _shown(entry: Entry) -> dict[str, Any]:
    """An entry in words where the act has some, with all that was kept of it."""
    return {
        "entry": entry,
        "what": words_of(entry),
        "detail": [(name, value) for name, value in entry.detail.items() if value not in ("", None)],
    }


def _place(text: str) -> tuple[datetime, uuid.UUID] | None:
    try:
        stamp, row = text.split("~")
        return datetime.fromtimestamp(float(stamp), tz=timezone.get_current_timezone()), uuid.UUID(row)
    except (ValueError, OverflowError, OSError):
        return None
