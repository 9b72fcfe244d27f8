"""What every public page shares: whose place it is, who runs it, where to complain."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiazhan.kernel.keeping import for_a_minute
from jiazhan.people.models import Unit, UnitKind
from jiazhan.places.models import Region
from jiazhan.places.selectors import jurisdictions_served


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    jurisdiction: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a public page. Without a jurisdiction it speaks for the only one that is served, or for all of them."""
    served = jurisdictions_served()
    area = jurisdiction or (served[0] if len(served) == 1 else None)
    shared = {"place_name": _("家站"), "place_url": "/", "jurisdiction": area, "operator": operator_of(area)}
    if area and (county := _county(area)):
        shared["place_name"] = _("%(county)s人大代表家站") % {"county": county}
    return render(request, template, shared | (context or {}), status=status)


@for_a_minute
def _county(code: str) -> str:
    return Region.objects.filter(pk=code).values_list("name", flat=True).first() or ""


@for_a_minute
def operator_of(jurisdiction: str | None) -> dict[str, str]:
    """Who answers for the place: the standing committee's office; words without a telephone where none is entered."""
    unit = None
    if jurisdiction:
        offices = Unit.objects.filter(
            kind=UnitKind.STANDING_COMMITTEE_OFFICE, jurisdiction=jurisdiction, is_active=True
        )
        unit = offices.order_by("code").first()
    if unit is None:
        return {"name": _("本级人大常委会办事机构"), "phone": "", "address": ""}
    return {"name": unit.name, "phone": unit.phone, "address": ""}
