"""Parameters of a county: what the code declares, what holds here and why, and setting it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jiazhan.kernel import parameters
from jiazhan.kernel.models import Parameter
from jiazhan.people.access import jurisdictions_of
from jiazhan.people.permissions import Permission as P
from jiazhan.places.models import Region
from jiazhan.places.services import settings as services
from jiazhan.web.office.frame import page
from jiazhan.web.office.refusals import sentence_of
from jiazhan.web.ui.guards import needs

from .tabs import SETTINGS, tabs


@dataclass(frozen=True)
class Line:
    """A parameter as the page says it."""

    declared: parameters.Declared
    value: Any
    own: Parameter | None
    above: Parameter | None

    @property
    def said(self) -> str:
        return in_words(self.value)

    @property
    def default(self) -> str:
        return in_words(self.declared.default)

    @property
    def source_of_default(self) -> str:
        """The source as an office understands it; the code cites the handbook's own marks."""
        cited = self.declared.source
        if cited in ("", "设计"):
            return _("通行做法")
        return _("业务规则手册 %(mark)s") % {"mark": cited.removeprefix("handbook").strip()}

    @property
    def source(self) -> str:
        holds = self.own or self.above
        return holds.source if holds else self.source_of_default

    @property
    def typed(self) -> str:
        return ", ".join(map(str, self.value)) if isinstance(self.value, list) else str(self.value)


def in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("开") if value else _("关")
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


@needs(P.PARAMETER_MANAGE)
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """The parameters of one's own county; the first of several."""
    mine = sorted(_counties(request))
    if not mine:
        raise Http404
    return redirect("office:county-parameters", jurisdiction=mine[0])


@needs(P.PARAMETER_MANAGE)
@require_safe
def county(request: HttpRequest, jurisdiction: str) -> HttpResponse:
    """All parameters of a county."""
    _check(request, jurisdiction)
    context = {
        "tabs": tabs(request, SETTINGS, "office:parameters"),
        "jurisdiction": jurisdiction,
        "place": Region.objects.filter(pk=jurisdiction).values_list("name", flat=True).first() or jurisdiction,
        "counties": Region.objects.filter(pk__in=_counties(request)).order_by("code"),
        "lines": _lines(jurisdiction),
    }
    return page(request, "office/places/parameters.html", context, current="office:parameters")


@needs(P.PARAMETER_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def parameter(request: HttpRequest, jurisdiction: str, parameter_name: str) -> HttpResponse:
    """One parameter: set the county's own value, or give it up."""
    _check(request, jurisdiction)
    line = next((each for each in _lines(jurisdiction) if each.declared.name == parameter_name), None)
    if line is None:
        raise Http404
    typed = {"value": line.typed, "source": line.own.source if line.own else ""}
    refusal = ""
    if request.method == "POST":
        typed = {key: request.POST.get(key, "") for key in typed}
        by_whom = {"area": jurisdiction, "by": request.user, "at": timezone.now()}
        try:
            if "reset" in request.POST:
                value = services.reset_parameter(parameter_name, **by_whom)
            else:
                value = services.set_parameter(parameter_name, typed["value"], source=typed["source"], **by_whom)
        except Exception as error:
            refusal = sentence_of(error)
        else:
            said = {"label": line.declared.label, "value": in_words(value), "unit": line.declared.unit}
            messages.success(request, _("%(label)s现在是 %(value)s %(unit)s，只影响以后开始的期限。") % said)
            return redirect("office:county-parameters", jurisdiction=jurisdiction)
    context = {
        "tabs": tabs(request, SETTINGS, "office:parameters"),
        "jurisdiction": jurisdiction,
        "line": line,
        "typed": typed,
        "refusal": refusal,
        "is_switch": isinstance(line.declared.default, bool),
        "is_list": isinstance(line.declared.default, list),
    }
    return page(
        request, "office/places/parameter.html", context, current="office:parameters", status=422 if refusal else 200
    )


def _counties(request: HttpRequest) -> set[str]:
    """The counties whose parameters this person may set: those that a post with the permission reaches as a whole."""
    areas = [post.area for post in request.user.posts_with(P.PARAMETER_MANAGE)]
    return {code for code in jurisdictions_of(request.user) if any(code.startswith(area) for area in areas)}


def _check(request: HttpRequest, jurisdiction: str) -> None:
    if jurisdiction not in _counties(request):
        raise Http404


def _lines(jurisdiction: str) -> list[Line]:
    """Every declared parameter, with the county's own value and the nearest above it; one statement."""
    prefixes = [jurisdiction[:length] for length in (0, 2, 4, 6)]
    set_here: dict[str, dict[str, Parameter]] = {}
    for row in Parameter.objects.filter(area__in=prefixes).order_by("area"):
        set_here.setdefault(row.name, {})[row.area] = row
    lines = []
    for declared in parameters.declared():
        rows = set_here.get(declared.name, {})
        own = rows.get(jurisdiction)
        above = next((rows[area] for area in reversed(prefixes[:-1]) if area in rows), None)
        holds = own or above
        lines.append(Line(declared, holds.value if holds else declared.default, own, above))
    return lines
