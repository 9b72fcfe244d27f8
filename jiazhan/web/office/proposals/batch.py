"""Assigning many at once (交办会): the worksheet on a page or as a spreadsheet, what each unit would get, then one act."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiazhan.documents import selectors as documents
from jiazhan.kernel import parameters, spreadsheets
from jiazhan.people.models import Account, Unit
from jiazhan.people.permissions import Permission as P
from jiazhan.people.selectors import handling_units
from jiazhan.places.models import Session
from jiazhan.suggestions import access
from jiazhan.suggestions import parameters as names
from jiazhan.suggestions.choices import Manner, Part
from jiazhan.suggestions.models import AssignmentLetter, Batch, Handling, Proposal
from jiazhan.suggestions.selectors.queue import is_at_government
from jiazhan.suggestions.selectors.suggesting import knowledge_of
from jiazhan.suggestions.services import assigning, worksheets
from jiazhan.suggestions.services.assigning import Plan
from jiazhan.suggestions.services.worksheets import Line, Worksheet
from jiazhan.suggestions.states import PartState, State
from jiazhan.web.office.frame import page
from jiazhan.web.office.refusals import sentence_of, status_of
from jiazhan.web.ui.guards import needs
from jiazhan.web.ui.sending import sent

from .filters import BETWEEN, session_choices
from .reach import areas_of

SALT = "office.proposals.batch"
KEPT_SECONDS = 24 * 3600
SHOWN_BATCHES = 20
ASSIGNERS = (P.PROPOSAL_ASSIGN, P.PROPOSAL_GOV_ASSIGN)


class PreviewGone(Exception):
    """The preview was left too long, or is somebody else's."""

    code = "preview-gone"

    def __init__(self) -> None:
        super().__init__(_("预览放得太久了，请重新核对交办表。还没有交办任何一件。"))


@needs(*ASSIGNERS)
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """What waits to be assigned, by session, and the batches so far."""
    area = _area(request.user)
    waiting = _waiting(request.user, area)
    counted = waiting.order_by().values("session", "is_in_session").annotate(n=Count("pk"))
    labels = dict(session_choices(area))
    groups: dict[str, int] = {}
    for row in counted:
        key = str(row["session"]) if row["is_in_session"] else BETWEEN
        groups[key] = groups.get(key, 0) + row["n"]
    rows = Batch.objects.filter(jurisdiction=area[:6]).filter(_seen(request.user)).select_related("assigned_by")
    found = Paginator(rows.order_by("-assigned_at"), SHOWN_BATCHES).get_page(request.GET.get("page"))
    context = {
        "groups": [
            {"key": key, "label": labels.get(key, _("闭会期间")), "count": count}
            for key, count in sorted(groups.items(), key=lambda each: (each[0] == BETWEEN, each[0]))
        ],
        "batches": found,
        "may_forward": not is_at_government(request.user),
        "through": not is_at_government(request.user) and parameters.get(names.THROUGH_GOVERNMENT, area),
    }
    return page(request, "office/proposals/batches.html", context, current="office:proposals")


@needs(P.PROPOSAL_ASSIGN)
@require_POST
def forward(request: HttpRequest) -> HttpResponse:
    """Hand all that waits, of one session or of the time between, to the government's office."""
    area = _area(request.user)
    waiting = list(_of(_waiting(request.user, area), request.POST.get("session", ""))[: worksheets.MOST])
    try:
        count = assigning.forward_all(waiting, by=request.user, at=timezone.now())
    except Exception as error:
        said = _("%(why)s一件也没有转。") % {"why": sentence_of(error)}
        messages.error(request, said)
    else:
        messages.success(request, _("已转政府办公室 %(n)s 件，对方会收到通知。") % {"n": count})
    return redirect("office:proposal-batches")


@needs(*ASSIGNERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def worksheet(request: HttpRequest) -> HttpResponse:
    """The worksheet with the suggested units; sent, it shows what each unit would get. Nothing is assigned yet."""
    area, which = _area(request.user), request.GET.get("session", "")
    lines = _lines(request.user, area, which)
    if request.method != "POST":
        return _worksheet_page(request, area, which, Worksheet(tuple(lines), ()))
    units = list(handling_units(area[:6]))
    upload = request.FILES.get("table")
    try:
        if upload is not None:
            sheet = worksheets.from_xlsx(upload.read(spreadsheets.LIMIT + 1), lines, units)
        else:
            sheet = worksheets.filled(lines, _typed(request, lines), units)
    except Exception as error:
        return _worksheet_page(
            request, area, which, Worksheet(tuple(lines), ()), refusal=sentence_of(error), status=422
        )
    name = request.POST.get("name", "").strip()
    if sheet.problems or not sheet.plans or not name:
        said = _("请填写批次名称。") if not name else ""
        if not sheet.plans and not sheet.problems:
            said = _("还没有一件填了主办单位。请至少填一件。")
        return _worksheet_page(request, area, which, sheet, refusal=said, name=name, status=422)
    return _preview_page(request, which, list(sheet.plans), name)


@needs(*ASSIGNERS)
@require_safe
def worksheet_xlsx(request: HttpRequest) -> HttpResponse:
    """The same worksheet as a spreadsheet, with the suggested units filled in."""
    area = _area(request.user)
    lines = _lines(request.user, area, request.GET.get("session", ""))
    content = worksheets.as_xlsx(lines, handling_units(area[:6]))
    answer = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_('交办表'))}.xlsx"
    return answer


@needs(*ASSIGNERS)
@require_POST
@never_cache
def commit(request: HttpRequest) -> HttpResponse:
    """Assign all that was previewed, or none; or go back to the worksheet with what was filled in."""
    area = _area(request.user)
    which = request.GET.get("session", "")
    plans: list[Plan] = []
    name = ""
    try:
        kept = _kept(request)
        name = kept["name"]
        plans = _plans(request.user, area, kept["plans"])
        if "back" in request.POST:
            return _worksheet_page(request, area, which, _again(request.user, area, which, plans), name=name)
        batch = assigning.assign(plans, name=name, by=request.user, at=timezone.now())
    except Exception as error:
        said = _("%(why)s这一批一件也没有交办，改好后再交一次。") % {"why": sentence_of(error)}
        sheet = _again(request.user, area, which, plans)
        return _worksheet_page(request, area, which, sheet, refusal=said, name=name, status=status_of(error))
    messages.success(request, _("已交办 %(n)s 件。承办单位和代表会收到通知，今天起计算答复期限。") % {"n": batch.count})
    return redirect("office:proposal-batch", jurisdiction=batch.jurisdiction, batch_id=batch.pk)


@needs(*ASSIGNERS, P.PROPOSAL_READ)
@require_safe
def batch(request: HttpRequest, jurisdiction: str, batch_id: UUID) -> HttpResponse:
    """One batch: what each unit got, who has received it, and the letters."""
    found = _batch(request, jurisdiction, batch_id)
    rows = found.handlings.select_related("unit", "proposal__lead").order_by("unit__code", "part", "proposal__number")
    by_unit: dict[Unit, list[Handling]] = {}
    for each in rows:
        by_unit.setdefault(each.unit, []).append(each)
    letters = {each.unit_id: each for each in found.letters.select_related("document")}
    context = {
        "batch": found,
        "groups": [
            {
                "unit": unit,
                "parts": parts,
                "hosts": sum(each.part != Part.ASSIST for each in parts),
                "assists": sum(each.part == Part.ASSIST for each in parts),
                "waiting": sum(each.state == PartState.ASSIGNED for each in parts),
                "letter": letters.get(unit.pk),
            }
            for unit, parts in by_unit.items()
        ],
    }
    return page(request, "office/proposals/batch.html", context, current="office:proposals")


@needs(*ASSIGNERS, P.PROPOSAL_READ)
@require_safe
def letter(request: HttpRequest, jurisdiction: str, batch_id: UUID, letter_id: UUID, kind: str) -> HttpResponse:
    """A unit's letter of the batch."""
    found = _batch(request, jurisdiction, batch_id)
    given = AssignmentLetter.objects.filter(batch=found, jurisdiction=jurisdiction, pk=letter_id).first()
    if given is None:
        raise Http404
    issued = given.document
    return sent(request, documents.pdf_download(issued) if kind == "pdf" else documents.docx_download(issued))


def _area(user: Account) -> str:
    """The congress whose proposals the person assigns. Who works for none finds nothing."""
    areas = areas_of(user, *ASSIGNERS)
    if not areas:
        raise Http404
    return areas[0]


def _waiting(user: Account, area: str) -> Any:
    state = State.AT_GOVERNMENT if is_at_government(user) else State.ACCEPTED
    return access.visible_to(user).filter(jurisdiction=area[:6], state=state)


def _lines(user: Account, area: str, which: str) -> list[Line]:
    """What waits to be assigned, filled with suggestions; `which` is a session, the time between, or all."""
    rows = _of(_waiting(user, area), which)
    found = list(rows.select_related("lead", "category").order_by("accepted_at", "pk")[: worksheets.MOST])
    known = knowledge_of(congress_area=area, jurisdiction=area[:6], year=timezone.localdate().year)
    return worksheets.prefilled(found, known)


def _of(rows: Any, which: str) -> Any:
    if which == BETWEEN:
        return rows.filter(is_in_session=False)
    return rows.filter(is_in_session=True, session=_session(which)) if which else rows


def _session(which: str) -> Session:
    try:
        return Session.objects.get(pk=UUID(which))
    except (ValueError, Session.DoesNotExist) as error:
        raise Http404 from error


def _typed(request: HttpRequest, lines: list[Line]) -> dict[UUID, tuple[str, str]]:
    given = request.POST
    return {
        line.proposal.pk: (given.get(f"h-{line.proposal.pk.hex}", ""), given.get(f"a-{line.proposal.pk.hex}", ""))
        for line in lines
    }


def _worksheet_page(
    request: HttpRequest,
    area: str,
    which: str,
    sheet: Worksheet,
    *,
    refusal: str = "",
    name: str = "",
    status: int = 200,
) -> HttpResponse:
    # What is to be mended stands on top.
    lines = sorted(sheet.lines, key=lambda line: not line.problem)
    label = _("闭会期间") if which == BETWEEN else dict(session_choices(area)).get(which, _("全部待交办"))
    today = timezone.localdate()
    context = {
        "lines": lines,
        "strays": sheet.strays,
        "problems": sheet.problems,
        "which": which,
        "label": label,
        "units": list(handling_units(area[:6])),
        "name": name
        or _("%(label)s建议交办（%(day)s）") % {"label": label, "day": f"{today.year}年{today.month}月{today.day}日"},
        "refusal": refusal,
        "most": worksheets.MOST,
    }
    return page(request, "office/proposals/worksheet.html", context, current="office:proposals", status=status)


def _preview_page(request: HttpRequest, which: str, plans: list[Plan], name: str) -> HttpResponse:
    by_unit: dict[Unit, list[tuple[str, Proposal]]] = {}
    for plan in plans:
        part = Part.HOST if plan.manner == Manner.HOST else Part.SPLIT
        for unit in plan.replying:
            by_unit.setdefault(unit, []).append((part, plan.proposal))
        for unit in plan.assisting:
            by_unit.setdefault(unit, []).append((Part.ASSIST, plan.proposal))
    kept = {"by": str(request.user.pk), "name": name, "plans": [_packed(plan) for plan in plans]}
    context = {
        "name": name,
        "which": which,
        "count": len(plans),
        "groups": [
            {
                "unit": unit,
                "rows": [(Part(part).label, proposal) for part, proposal in rows],
                "hosts": sum(part != Part.ASSIST for part, _proposal in rows),
                "assists": sum(part == Part.ASSIST for part, _proposal in rows),
            }
            for unit, rows in sorted(by_unit.items(), key=lambda each: each[0].code)
        ],
        "sealed": signing.dumps(kept, salt=SALT, compress=True),
    }
    return page(request, "office/proposals/batch_preview.html", context, current="office:proposals")


def _packed(plan: Plan) -> list[Any]:
    hosts, assists = [[unit.pk.hex for unit in units] for units in (plan.replying, plan.assisting)]
    return [plan.proposal.pk.hex, hosts, assists, plan.reason]


def _kept(request: HttpRequest) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = signing.loads(request.POST.get("plan", ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature as gone:
        raise PreviewGone from gone
    if kept["by"] != str(request.user.pk):
        raise PreviewGone
    return kept


def _plans(user: Account, area: str, packed: list[Any]) -> list[Plan]:
    """The plans as they were previewed, over the proposals as they stand. One that is no longer there stays in, so that the
    service names it."""
    units = {unit.pk.hex: unit for unit in Unit.objects.filter(jurisdiction=area[:6])}
    ids = [UUID(each[0]) for each in packed]
    rows = {row.pk: row for row in access.visible_to(user).filter(jurisdiction=area[:6], pk__in=ids)}
    if len(rows) != len(set(ids)):
        raise PreviewGone
    return [
        Plan(
            rows[UUID(pk)],
            tuple(units[each] for each in hosts),
            tuple(units[each] for each in assists),
            Manner.HOST if len(hosts) == 1 else Manner.SPLIT,
            reason,
        )
        for pk, hosts, assists, reason in packed
    ]


def _again(user: Account, area: str, which: str, plans: list[Plan]) -> Worksheet:
    """The worksheet of what still waits, with what was planned for it."""
    planned = {
        plan.proposal.pk: tuple("、".join(unit.name for unit in units) for units in (plan.replying, plan.assisting))
        for plan in plans
    }
    lines = _lines(user, area, which)
    for line in lines:
        if line.proposal.pk in planned:
            line.host, line.assist = planned[line.proposal.pk]
    return Worksheet(tuple(lines), ())


def _seen(user: Account) -> Q:
    """Batches of which the person may read a proposal."""
    here = Handling.objects.filter(jurisdiction=OuterRef("jurisdiction"), batch=OuterRef("pk"))
    return Q(Exists(here.filter(proposal__in=access.visible_to(user).values("pk"))))


def _batch(request: HttpRequest, jurisdiction: str, batch_id: UUID) -> Batch:
    rows = Batch.objects.filter(jurisdiction=jurisdiction, pk=batch_id).filter(_seen(request.user))
    found = rows.select_related("assigned_by").first()
    if found is None:
        raise Http404
    return found
