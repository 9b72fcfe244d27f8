"""Former years from a spreadsheet: a template, a preview of every row, then all of it or nothing."""

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiazhan.kernel import spreadsheets
from jiazhan.people.permissions import Permission as P
from jiazhan.people.services import imports
from jiazhan.suggestions.services import importing
from jiazhan.web.office import putting_by
from jiazhan.web.office.frame import page
from jiazhan.web.office.refusals import sentence_of
from jiazhan.web.ui.guards import needs

from .planned import planned
from .reach import areas_of

SEAL = "office.proposals.import"


@needs(P.PROPOSAL_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a file, see what each row would become; nothing is taken yet."""
    area = _area(request)
    if request.method != "POST":
        return _choose_page(request, area)
    upload = request.FILES.get("table")
    if upload is None:
        return _choose_page(request, area, refusal=_("请先选择文件。"))
    content = upload.read(spreadsheets.LIMIT + 1)
    try:
        plan = imports.preview(_kind(area), content, jurisdiction=area[:6], by=request.user, at=timezone.now())
        sealed = ""
        if plan.is_clean and not plan.changes_nothing:
            sealed = putting_by.keep(request, content, upload.name, seal=SEAL)
    except Exception as error:
        return _choose_page(request, area, refusal=sentence_of(error))
    return _plan_page(request, plan, name=upload.name, sealed=sealed)


@needs(P.PROPOSAL_IMPORT)
@require_POST
@never_cache
def commit(request: HttpRequest) -> HttpResponse:
    """Take the file that was previewed, as a whole."""
    area = _area(request)
    try:
        content, name = putting_by.kept(request, seal=SEAL)
        plan = imports.commit(_kind(area), content, jurisdiction=area[:6], by=request.user, at=timezone.now())
    except imports.NothingTaken as refusal:
        return _plan_page(request, refusal.plan, name=name, refusal=str(refusal))
    except Exception as error:
        return _choose_page(request, area, refusal=sentence_of(error))
    return _plan_page(request, plan, name=name, is_done=True)


@needs(P.PROPOSAL_IMPORT)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The .xlsx to fill in."""
    content = imports.template(_kind(_area(request)))
    answer = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('历年建议模板'))}.xlsx"
    return answer


def _area(request: HttpRequest) -> str:
    areas = areas_of(request.user, P.PROPOSAL_IMPORT)
    if not areas:
        raise Http404
    return areas[0]


def _kind(area: str) -> imports.Kind:
    return importing.table_of(area)


def _choose_page(request: HttpRequest, area: str, *, refusal: str = "") -> HttpResponse:
    context = {"kind": _kind(area), "refusal": refusal}
    return page(
        request, "office/proposals/import.html", context, current="office:proposals", status=422 if refusal else 200
    )


def _plan_page(request: HttpRequest, plan: imports.Plan, **more: Any) -> HttpResponse:
    context = planned(plan, **more) | {
        "label": _("历年建议"),
        "here": "office:proposal-import",
        "taking": "office:proposal-import-commit",
    }
    status = 422 if more.get("refusal") or not plan.is_clean else 200
    return page(request, "office/proposals/plan.html", context, current="office:proposals", status=status)
