"""The congress's sessions and delegations: entered, changed, deputies seated by hand or from a spreadsheet."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jiazhan.kernel import spreadsheets
from jiazhan.people.models import Delegation, Mandate
from jiazhan.people.permissions import Permission as P
from jiazhan.people.services import delegations, imports
from jiazhan.places.models import Session, Term
from jiazhan.places.services import sessions as services
from jiazhan.web.office import putting_by
from jiazhan.web.office.frame import page
from jiazhan.web.office.refusals import sentence_of
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from .planned import planned
from .reach import areas_of, terms_of

SEAL = "office.proposals.delegations"
DAY = {"type": "date"}


class SessionForm(Form):
    number = forms.IntegerField(label=gettext_lazy("第几次会议"), min_value=1, max_value=99)
    starts_on = forms.DateField(label=gettext_lazy("开幕"), widget=forms.DateInput(attrs=DAY))
    ends_on = forms.DateField(label=gettext_lazy("闭幕"), widget=forms.DateInput(attrs=DAY))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)


class DelegationForm(Form):
    number = forms.IntegerField(label=gettext_lazy("序号"), min_value=1, max_value=999)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60, help_text=gettext_lazy("例如：望江代表团。"))


@needs(P.CONGRESS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions of each term, and a form for the next one of the newest."""
    terms = _terms(request)
    form = SessionForm(request.POST or None)
    if request.method == "POST" and terms and form.is_valid():
        term = next((each for each in terms if str(each.pk) == request.POST.get("term")), terms[0])
        try:
            with transaction.atomic():
                made = services.convene(term, **form.cleaned_data, by=request.user, at=timezone.now())
        except Exception as error:
            form.add_error(None, sentence_of(error))
        else:
            messages.success(request, _("%(session)s已登记。") % {"session": made})
            return redirect("office:sessions")
    if not form.is_bound and terms:
        last = terms[0].sessions.order_by("-number").first()
        form.initial["number"] = last.number + 1 if last else 1
    context = {
        "form": form,
        "terms": [
            {
                "term": term,
                "sessions": list(term.sessions.order_by("-number")),
                "delegations": term.delegations.count(),
                "unseated": Mandate.objects.in_force().filter(term=term, delegation=None).count(),
            }
            for term in terms
        ],
        "choices": [(str(term.pk), str(term)) for term in terms],
        "term": request.POST.get("term", ""),
        "today": timezone.localdate(),
        "congress_url_area": _area(request)[:6] if P.PEOPLE_IMPORT in request.user.permissions else "",
    }
    return page(
        request,
        "office/proposals/sessions.html",
        context,
        current="office:proposals",
        status=422 if form.errors else 200,
    )


@needs(P.CONGRESS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Change one session."""
    found = get_object_or_404(Session.objects.select_related("term__congress"), pk=session_id, term__in=_terms(request))
    initial = {"number": found.number, "starts_on": found.starts_on, "ends_on": found.ends_on, "place": found.place}
    form = SessionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.reschedule(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except Exception as error:
            form.add_error(None, sentence_of(error))
        else:
            messages.success(request, _("会议已更改。"))
            return redirect("office:sessions")
    context = {"form": form, "session": found}
    return page(
        request,
        "office/proposals/session.html",
        context,
        current="office:proposals",
        status=422 if form.errors else 200,
    )


@needs(P.CONGRESS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_list(request: HttpRequest, term_id: UUID) -> HttpResponse:
    """The delegations of a term with who sits in which; one form seats them all."""
    term = _term(request, term_id)
    if request.method != "POST":
        return _delegations_page(request, term)
    known = {str(each.pk): each for each in term.delegations.all()}
    moved = 0
    at = timezone.now()
    with transaction.atomic():
        for mandate in term.mandates.select_related("deputy"):
            wanted = request.POST.get(f"m-{mandate.pk.hex}")
            if wanted is None or (wanted and wanted not in known):
                continue
            if (str(mandate.delegation_id) if mandate.delegation_id else "") != wanted:
                delegations.seat(mandate, delegation=known.get(wanted), by=request.user, at=at)
                moved += 1
    messages.success(request, _("已保存，改了 %(n)s 名代表的代表团。") % {"n": moved})
    return redirect("office:delegations", term_id=term.pk)


@needs(P.CONGRESS_MANAGE)
@require_POST
def form_delegation(request: HttpRequest, term_id: UUID) -> HttpResponse:
    """Enter a delegation."""
    term = _term(request, term_id)
    form = DelegationForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                made = delegations.form(term, **form.cleaned_data, by=request.user, at=timezone.now())
        except Exception as error:
            form.add_error(None, sentence_of(error))
        else:
            messages.success(request, _("%(name)s已登记。") % {"name": made.name})
            return redirect("office:delegations", term_id=term.pk)
    return _delegations_page(request, term, form=form, status=422)


@needs(P.CONGRESS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def delegation(request: HttpRequest, term_id: UUID, delegation_id: UUID) -> HttpResponse:
    """Rename one, or take out one that is empty."""
    term = _term(request, term_id)
    found = get_object_or_404(Delegation.objects.select_related("term__congress"), pk=delegation_id, term=term)
    is_end = "dissolve" in request.POST
    form = DelegationForm(
        None if is_end else request.POST or None, initial={"number": found.number, "name": found.name}
    )
    refusal = ""
    if request.method == "POST" and (is_end or form.is_valid()):
        try:
            if is_end:
                delegations.dissolve(found, by=request.user, at=timezone.now())
            else:
                delegations.rename(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except Exception as error:
            refusal = sentence_of(error)
        else:
            messages.success(request, _("代表团已删去。") if is_end else _("代表团已更改。"))
            return redirect("office:delegations", term_id=term.pk)
    context = {
        "form": form, "term": term, "delegation": found, "refusal": refusal,
        "members": list(found.mandates.select_related("deputy", "constituency").order_by("deputy__pinyin", "deputy__name")),
    }  # fmt: skip
    status = 422 if refusal or form.errors else 200
    return page(request, "office/proposals/delegation.html", context, current="office:proposals", status=status)


@needs(P.CONGRESS_MANAGE)
@require_POST
@never_cache
def delegation_table(request: HttpRequest, term_id: UUID) -> HttpResponse:
    """A spreadsheet of who sits where: previewed first, then taken as a whole."""
    term = _term(request, term_id)
    kind, at = delegations.table_of(term), timezone.now()
    area = term.congress.region_id or ""
    try:
        if "file" in request.POST:
            content, name = putting_by.kept(request, seal=SEAL)
            plan = imports.commit(kind, content, jurisdiction=area[:6], by=request.user, at=at)
            return _plan_page(request, term, plan, name=name, is_done=True)
        upload = request.FILES.get("table")
        if upload is None:
            return _delegations_page(request, term, refusal=_("请先选择文件。"), status=422)
        content, name = upload.read(spreadsheets.LIMIT + 1), upload.name
        plan = imports.preview(kind, content, jurisdiction=area[:6], by=request.user, at=at)
        is_fit = plan.is_clean and not plan.changes_nothing
        sealed = putting_by.keep(request, content, name, seal=SEAL) if is_fit else ""
    except imports.NothingTaken as refusal:
        return _plan_page(request, term, refusal.plan, name=name, refusal=str(refusal))
    except Exception as error:
        return _delegations_page(request, term, refusal=sentence_of(error), status=422)
    return _plan_page(request, term, plan, name=name, sealed=sealed)


def _area(request: HttpRequest) -> str:
    areas = areas_of(request.user, P.CONGRESS_MANAGE)
    if not areas:
        raise Http404
    return areas[0]


def _terms(request: HttpRequest) -> list[Term]:
    return terms_of(_area(request))


def _term(request: HttpRequest, term_id: UUID) -> Term:
    found = next((each for each in _terms(request) if each.pk == term_id), None)
    if found is None:
        raise Http404
    return found


def _delegations_page(
    request: HttpRequest, term: Term, *, form: DelegationForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    rows = list(term.delegations.annotate(size=Count("mandates")).order_by("number"))
    members = term.mandates.select_related("deputy", "constituency").order_by(
        "delegation__number", "deputy__pinyin", "deputy__name"
    )
    blank = DelegationForm(initial={"number": rows[-1].number + 1 if rows else 1})
    context = {
        "term": term,
        "delegations": rows,
        "choices": [(str(each.pk), each.name) for each in rows],
        "members": list(members),
        "form": form or blank,
        "refusal": refusal,
        "columns": delegations.table_of(term).columns,
    }
    return page(request, "office/proposals/delegations.html", context, current="office:proposals", status=status)


def _plan_page(request: HttpRequest, term: Term, plan: imports.Plan, **more: Any) -> HttpResponse:
    context = planned(plan, **more) | {
        "label": _("代表团名单"), "here": "office:delegations", "taking": "office:delegation-table", "place": {"term_id": term.pk},
    }  # fmt: skip
    status = 422 if more.get("refusal") or not plan.is_clean else 200
    return page(request, "office/proposals/plan.html", context, current="office:proposals", status=status)
