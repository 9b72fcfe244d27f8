"""Spreadsheets of offices: a template, a preview of every row, then all of it or nothing."""

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiazhan.kernel import spreadsheets
from jiazhan.people.access import jurisdictions_of
from jiazhan.people.permissions import Permission as P
from jiazhan.people.services import imports, imports_people, imports_places
from jiazhan.people.services.imports import Effect
from jiazhan.places.models import Region
from jiazhan.web.office import putting_by
from jiazhan.web.office.frame import page
from jiazhan.web.office.refusals import sentence_of
from jiazhan.web.ui.guards import needs

# In the order in which an empty instance is filled.
KINDS = {
    kind.name: kind
    for kind in (imports_places.UNITS, imports_places.STATIONS, imports_people.DEPUTIES, imports_people.ACCOUNTS)
}
HINTS = {
    "units": gettext_lazy("承办部门、街道办事处、人大和政府办公室。"), "stations": gettext_lazy("代表之家、联络站、联络点，含地址和开放时间。"),
    "deputies": gettext_lazy("代表、任职的大会和届次、选区、编入的站点。"), "accounts": gettext_lazy("联络员、街道人大工委、经办人等的登录账号和角色。"),
}  # fmt: skip
SEAL = "office.tables"
SHOWN = 500
EFFECTS = {
    Effect.NEW: (gettext_lazy("新增"), "ok"), Effect.CHANGED: (gettext_lazy("更新"), "info"), Effect.SAME: (gettext_lazy("没有变化"), "plain"),
    Effect.REFUSED: (gettext_lazy("要改正"), "late"),
}  # fmt: skip


@needs(P.PEOPLE_IMPORT)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What can be imported, in the order that an empty county needs."""
    counties = Region.objects.filter(pk__in=jurisdictions_of(request.user)).order_by("code")
    context = {"kinds": [(kind, HINTS[kind.name]) for kind in KINDS.values()], "counties": list(counties)}
    return page(request, "office/places/tables.html", context, current="office:tables")


@needs(P.PEOPLE_IMPORT)
@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """The .xlsx to fill in."""
    wanted = _kind(kind)
    response = HttpResponse(
        imports.template(wanted), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(wanted)}.xlsx"
    return response


@needs(P.PEOPLE_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def table(request: HttpRequest, jurisdiction: str, kind: str) -> HttpResponse:
    """Choose a file, see what it would do."""
    wanted = _kind(kind)
    if request.method != "POST":
        return _form(request, jurisdiction, wanted)
    upload = request.FILES.get("table")
    if upload is None:
        return _form(request, jurisdiction, wanted, refusal=_("请先选择文件。"))
    content = upload.read(spreadsheets.LIMIT + 1)
    try:
        plan = imports.preview(wanted, content, jurisdiction=jurisdiction, by=request.user, at=timezone.now())
        sealed = (
            putting_by.keep(request, content, upload.name, seal=SEAL)
            if plan.is_clean and not plan.changes_nothing
            else ""
        )
    except Exception as error:
        return _form(request, jurisdiction, wanted, refusal=sentence_of(error))
    return _plan_page(request, jurisdiction, wanted, plan, name=upload.name, sealed=sealed)


@needs(P.PEOPLE_IMPORT)
@require_POST
@never_cache
def commit(request: HttpRequest, jurisdiction: str, kind: str) -> HttpResponse:
    """Take the file that was previewed, as a whole."""
    wanted = _kind(kind)
    try:
        content, name = putting_by.kept(request, seal=SEAL)
        plan = imports.commit(wanted, content, jurisdiction=jurisdiction, by=request.user, at=timezone.now())
    except imports.NothingTaken as refusal:
        return _plan_page(request, jurisdiction, wanted, refusal.plan, name=name, refusal=str(refusal))
    except Exception as error:
        return _form(request, jurisdiction, wanted, refusal=sentence_of(error))
    return _plan_page(request, jurisdiction, wanted, plan, name=name, is_done=True)


def _kind(name: str) -> imports.Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _quoted(kind: imports.Kind) -> str:
    return quote(f"{kind.label}模板")


def _form(request: HttpRequest, jurisdiction: str, kind: imports.Kind, *, refusal: str = "") -> HttpResponse:
    context = {
        "kind": kind, "hint": HINTS[kind.name], "jurisdiction": jurisdiction,
        "refusal": refusal,
    }  # fmt: skip
    return page(request, "office/places/table.html", context, current="office:tables", status=422 if refusal else 200)


def _plan_page(
    request: HttpRequest, jurisdiction: str, kind: imports.Kind, plan: imports.Plan, *, name: str, sealed: str = "", refusal: str = "",
    is_done: bool = False,
) -> HttpResponse:  # fmt: skip
    # Rows to mend come first; of the others the first few hundred are enough to look at.
    rows = sorted(plan.rows, key=lambda row: (row.effect is not Effect.REFUSED, not row.warnings, row.line))
    context: dict[str, Any] = {
        "kind": kind,
        "jurisdiction": jurisdiction,
        "plan": plan,
        "rows": rows[:SHOWN],
        "is_cut": len(rows) > SHOWN,
        "counts": [
            (label, tone, plan.counts[effect]) for effect, (label, tone) in EFFECTS.items() if plan.counts[effect]
        ],
        "effects": EFFECTS,
        "warned": sum(bool(row.warnings) for row in plan.rows),
        "name": name,
        "sealed": sealed,
        "refusal": refusal,
        "is_done": is_done,
    }
    status = 422 if refusal or not plan.is_clean else 200
    return page(request, "office/places/table_plan.html", context, current="office:tables", status=status)
