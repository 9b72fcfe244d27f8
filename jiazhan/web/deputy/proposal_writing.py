"""Writing a proposal: begin, keep (by itself every few seconds, or by the button), files, the check before, submit."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiazhan.documents.access import NotVisible as FileNotVisible
from jiazhan.documents.files import checking
from jiazhan.documents.files.refusals import FileRefused
from jiazhan.kernel import words
from jiazhan.kernel.text import mask_contacts
from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions import access as opinions
from jiazhan.opinions.choices import Visibility
from jiazhan.opinions.models import Opinion
from jiazhan.people.permissions import Permission
from jiazhan.suggestions import access, rules, screening
from jiazhan.suggestions.choices import UNCONFIRMED, Consent, Kind, Origin, Publicity
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.selectors import deputy as reads
from jiazhan.suggestions.selectors.search import similar
from jiazhan.suggestions.services import writing
from jiazhan.suggestions.states import WRITING, State
from jiazhan.web.ui.guards import needs

from .frame import forget_draft, page, why_not
from .proposal_forms import LONGEST, ORIGINS, NewForm, TextForm
from .proposal_page import files_of
from .proposals import seen_by_me

MOST_MATTERS = 60
REFUSALS = (
    StepRefused, access.NotYours, words.WordsMissing, words.WordsTooLong, writing.NotSitting, writing.CongressElsewhere,
    writing.NotInSession, writing.TextIncomplete, writing.OnlyForwarded, writing.TooFewSigners, writing.FindingsOpen,
    writing.TooManyFiles,
)  # fmt: skip
HINTS = {
    Kind.PROPOSAL: (
        gettext_lazy("走访、核实了什么：时间、地点、数字、涉及多少人。"),
        gettext_lazy("为什么会这样，现有的办法为什么没有解决。"),
        gettext_lazy("请谁、做什么、做到什么程度，一条一条写。"),
    ),
    Kind.MOTION: (
        gettext_lazy("要解决什么问题。"),
        gettext_lazy("依据的事实、法律和政策。"),
        gettext_lazy("建议大会作出什么决定，由谁实施。"),
    ),
}


@needs(Permission.PROPOSAL_WRITE, Permission.DEPUTY_HOME)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Where, what and out of what. `?opinion=…` (several) comes from the page of an opinion."""
    at = timezone.now()
    seats = reads.seats(request.user.deputy, at=at)
    picked = _ids([*request.GET.getlist("opinion"), *request.POST.getlist("opinions")])
    matters = _matters(request, picked)
    if not seats:
        return page(request, "deputy/proposal_new.html", {"seats": [], "why": _no_seat(request)}, place="proposals")
    given = {"term": str(seats[0].term.pk), "kind": Kind.PROPOSAL, "origin": Origin.OWN, "opinions": []}
    if request.method == "POST":
        form = NewForm(request.POST, seats=seats, matters=matters)
        if form.is_valid():
            try:
                return _began(request, form, at=at)
            except REFUSALS as refusal:
                form.add_error(None, str(refusal))
    else:
        if chosen := [str(each.pk) for each in matters if each.pk in picked]:
            given |= {"origin": Origin.OPINIONS, "opinions": chosen}
        form = NewForm(initial=given, seats=seats, matters=matters)
    context = {
        "seats": seats,
        "form": form,
        "origins": ORIGINS,
        "kinds": _kinds(seats),
        "matters": [(str(each.pk), mask_contacts(each.title), _told(each)) for each in matters],
        "in_session": any(each.session for each in seats),
    }
    status = 422 if form.is_bound else 200
    return page(request, "deputy/proposal_new.html", context, place="proposals", status=status)


@needs(Permission.DEPUTY_HOME)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    """The editor. A POST keeps the text; asked for JSON it answers what was kept, for the script that saves by itself."""
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    is_script = request.headers.get("Accept", "").startswith("application/json")
    if not _is_mine_to_write(request, proposal):
        if is_script:
            return JsonResponse({"refusal": _("这件建议现在不能修改，请刷新页面。")}, status=409)
        return redirect("deputy:proposal", proposal.jurisdiction, proposal.pk)
    if request.method != "POST":
        return _editor(request, proposal)
    form = TextForm(request.POST, proposal=proposal)
    if not form.is_valid():
        return _refused(request, proposal, form, str(next(iter(form.errors.values()))[0]), is_script, status=422)
    try:
        kept = _kept(request, proposal, form, is_script=is_script)
    except writing.DraftChanged as changed:
        if is_script:
            return JsonResponse({"refusal": str(changed), "conflict": True}, status=409)
        return _editor(request, changed.theirs, form=form, theirs=changed.theirs, refusal=str(changed), status=409)
    except REFUSALS as refusal:
        return _refused(request, proposal, form, str(refusal), is_script, status=409)
    if is_script:
        on = timezone.localtime(kept.saved_at)
        return JsonResponse({"version": kept.version, "saved": f"{on:%H:%M}", "waiting": _waiting_count(kept)})
    forget_draft(request, f"proposal-{kept.pk}")
    if "then_check" in request.POST:
        return redirect("deputy:proposal-check", kept.jurisdiction, kept.pk)
    messages.success(request, _("已保存。"))
    return redirect("deputy:proposal-edit", kept.jurisdiction, kept.pk)


@needs(Permission.DEPUTY_HOME)
@require_safe
def alike(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    """The proposals like the one that is written, as a part of the page."""
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    return render(request, "deputy/_proposal_similar.html", {"similar": _similar(proposal)})


@needs(Permission.DEPUTY_HOME)
@require_safe
def check(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    """What blocks, what to look at once more, who is left out: before submitting."""
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    if not _is_mine_to_write(request, proposal):
        return redirect("deputy:proposal", proposal.jurisdiction, proposal.pk)
    return _checked(request, proposal)


@needs(Permission.PROPOSAL_WRITE)
@require_POST
def submit(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    version = request.POST.get("version", "")
    if not version.isdecimal():
        return _checked(request, proposal, refusal=_("页面没有传完整，没有提交。请再点一次。"), status=422)
    try:
        writing.submit(
            proposal, version=int(version[:9]), by=request.user, at=timezone.now(), seen=request.POST.getlist("seen")
        )
    except writing.DraftChanged as changed:
        said = _("检查之后内容又有修改，没有提交。请看过现在的内容，再提交。")
        return _checked(request, changed.theirs, refusal=said, status=409)
    except REFUSALS as refusal:
        now = seen_by_me(request, jurisdiction, proposal_id)
        if now.state not in WRITING:
            messages.info(request, str(refusal))
            return redirect("deputy:proposal", now.jurisdiction, now.pk)
        return _checked(request, now, refusal=str(refusal), status=409)
    messages.success(request, _("已提交，由人大代表工作机构审查。交办前可以撤回。"))
    return redirect("deputy:proposal", proposal.jurisdiction, proposal.pk)


@needs(Permission.PROPOSAL_WRITE)
@require_POST
def add_files(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    """Keep the files that can be kept, and say of each other one why not."""
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    added = 0
    for sent in request.FILES.getlist("files"):
        try:
            checked = checking.check(sent, name=sent.name or "")
            writing.attach_file(proposal, checked=checked, by=request.user, at=timezone.now())
            added += 1
        except (FileRefused, *REFUSALS) as refusal:
            messages.error(request, str(refusal))
    if added:
        messages.success(request, _("已添加 %(count)s 个附件。") % {"count": added})
    elif not request.FILES.getlist("files"):
        messages.error(request, _("还没有选文件。请先选文件，再点添加。"))
    return redirect(_editor_at(proposal, "files"))


@needs(Permission.PROPOSAL_WRITE)
@require_POST
def remove_file(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    try:
        writing.remove_file(proposal, attachment_id=file_id, by=request.user, at=timezone.now())
        messages.success(request, _("已撤下附件。"))
    except FileNotVisible:
        # A second click: it is gone already.
        messages.info(request, _("这个附件已经撤下。"))
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect(_editor_at(proposal, "files"))


def _began(request: HttpRequest, form: NewForm, *, at: datetime) -> HttpResponse:
    given = form.cleaned_data
    origin = Origin(given["origin"])
    chosen = [form.matters[each] for each in given["opinions"]] if origin == Origin.OPINIONS else []
    made = writing.begin(
        request.user.deputy,
        term=form.seats[given["term"]].term,
        by=request.user,
        at=at,
        kind=Kind(given["kind"]),
        origin=origin,
        research=given["research"] if origin == Origin.RESEARCH else "",
        opinions=chosen,
    )
    return redirect("deputy:proposal-edit", made.jurisdiction, made.pk)


def _kept(request: HttpRequest, proposal: Proposal, form: TextForm, *, is_script: bool) -> Proposal:
    given = form.cleaned_data
    publicity, reason = given["publicity"], given["publicity_reason"]
    if is_script and publicity != Publicity.FULL and not reason.strip():
        # The reason is still being written; the text is kept all the same.
        publicity, reason = proposal.publicity, proposal.publicity_reason
    at = timezone.now()
    text = {name: given[name] for name in ("title", *writing.PARTS)}
    kept = writing.save(
        proposal, version=given["version"], by=request.user, at=at, publicity=publicity, publicity_reason=reason, **text
    )
    if proposal.origin == Origin.RESEARCH and given["research"] != proposal.research:
        kept = writing.name_research(proposal, research=given["research"], by=request.user, at=at)
    return kept


def _refused(
    request: HttpRequest, proposal: Proposal, form: TextForm, said: str, is_script: bool, *, status: int
) -> HttpResponse:
    if is_script:
        return JsonResponse({"refusal": said}, status=status)
    return _editor(request, proposal, form=form, refusal=said, status=status)


def _editor(
    request: HttpRequest,
    proposal: Proposal,
    *,
    form: TextForm | None = None,
    theirs: Proposal | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The editor; `theirs` is what the draft says now where it was saved elsewhere meanwhile."""
    cosigners = list(proposal.cosigners.select_related("deputy").order_by("invited_at", "pk"))
    context = {
        "proposal": proposal,
        "at": {"jurisdiction": proposal.jurisdiction, "proposal_id": proposal.pk},
        "form": form or TextForm(proposal=proposal),
        "version": proposal.version,
        "hints": dict(zip(writing.PARTS, HINTS[Kind(proposal.kind)], strict=True)),
        "longest": LONGEST,
        "title_most": writing.TITLE,
        "needs_all": proposal.kind == Kind.MOTION or proposal.origin in {Origin.OPINIONS, Origin.RESEARCH},
        "theirs": [
            (label, getattr(theirs, name))
            for name, label in zip(("title", *writing.PARTS), (_("标题"), *writing.part_names(theirs)), strict=True)
        ]
        if theirs
        else [],
        "refusal": refusal,
        "files": files_of(proposal),
        "sources": _sources(request, proposal),
        "cosigners": cosigners,
        "confirmed": sum(each.consent == Consent.CONFIRMED for each in cosigners),
        "signers_needed": rules.signers_needed(proposal),
        "similar": _similar(proposal),
        "may_withdraw": access.may(request.user, "withdraw", proposal),
    }
    return page(request, "deputy/proposal_edit.html", context, place="proposals", status=status)


def _checked(request: HttpRequest, proposal: Proposal, *, refusal: str = "", status: int = 200) -> HttpResponse:
    at = timezone.now()
    blocks = writing.blocks(proposal, at=at)
    waiting = proposal.cosigners.filter(consent__in=UNCONFIRMED).select_related("deputy").order_by("invited_at")
    context = {
        "proposal": proposal,
        "at": {"jurisdiction": proposal.jurisdiction, "proposal_id": proposal.pk},
        "part_names": writing.part_names(proposal),
        "blocks": [str(each) for each in blocks],
        "findings": screening.check(proposal),
        "seen": request.POST.getlist("seen"),
        "left_out": list(waiting),
        "signers": access.signers(proposal),
        "files": files_of(proposal),
        "refusal": refusal,
    }
    return page(request, "deputy/proposal_check.html", context, place="proposals", status=status)


def _is_mine_to_write(request: HttpRequest, proposal: Proposal) -> bool:
    mine = access.is_lead(request.user, proposal) and access.sits(request.user.deputy, proposal)
    return mine and proposal.state in WRITING and Permission.PROPOSAL_WRITE in request.user.permissions


def _similar(proposal: Proposal) -> list[Any]:
    text = "\n".join([proposal.facts, proposal.cause])
    return similar(text, title=proposal.title, congress_area=proposal.congress_area, exclude=proposal.pk, most=4)


def _ids(given: list[str]) -> set[uuid.UUID]:
    """The ids among what a form or an address says."""
    found = set()
    for each in given[:MOST_MATTERS]:
        try:
            found.add(uuid.UUID(each))
        except ValueError:
            continue
    return found


def _matters(request: HttpRequest, picked: set[uuid.UUID]) -> list[Opinion]:
    """The opinions that the deputy was asked about, those that were picked and the newest; none under protection."""
    rows = opinions.visible_to(request.user).filter(deputy=request.user.deputy).exclude(visibility=Visibility.LOCKED)
    rows = rows.select_related("station").order_by("-raised_at", "-pk")
    chosen = list(rows.filter(pk__in=picked)) if picked else []
    return [*chosen, *rows.exclude(pk__in=picked)[:MOST_MATTERS]]


def _told(matter: Opinion) -> str:
    people = matter.headcount + matter.supporters_count
    on = timezone.localtime(matter.raised_at)
    said = [matter.number, _("%(count)s 人反映") % {"count": people}, f"{on.year}-{on:%m-%d}", matter.station.name]
    return " · ".join(said)


def _kinds(seats: list[reads.Seat]) -> list[tuple[str, Any, Any]]:
    """A motion only while a congress meets; how many must sign stands beside it."""
    kinds: list[tuple[str, Any, Any]] = [(Kind.PROPOSAL, Kind.PROPOSAL.label, _("建议、批评和意见，随时可以提出。"))]
    sessions = [each for each in seats if each.session]
    if sessions:
        said = "；".join(
            _("%(congress)s须 %(count)s 名以上代表联名（含领衔）")
            % {"congress": each.term.congress.name, "count": each.signers_needed}
            for each in sessions
        )
        kinds.append((Kind.MOTION, Kind.MOTION.label, _("只在大会期间提出。%(said)s。") % {"said": said}))
    return kinds


def _no_seat(request: HttpRequest) -> str:
    """Why a deputy can propose nowhere here."""
    if request.user.deputy.mandates.in_force().exists():
        return str(writing.CongressElsewhere())
    return why_not(request.user.deputy).replace(_("不能办理"), _("不能提出"))


def _sources(request: HttpRequest, proposal: Proposal) -> list[dict[str, Any]]:
    """The opinions that it grew from, each with its words where the deputy may read them."""
    rows = list(proposal.sources.order_by("number"))
    readable = opinions.visible_to(request.user).filter(pk__in=[each.opinion_id for each in rows])
    readable = readable.filter(deputy=request.user.deputy)
    known = {each.pk: each for each in readable.only("jurisdiction", "id", "body", "appeal")}
    found = []
    for each in rows:
        matter = known.get(each.opinion_id)
        url = reverse("deputy:opinion", args=[matter.jurisdiction, matter.pk]) if matter else ""
        found.append({"source": each, "url": url, "body": mask_contacts(matter.body) if matter else ""})
    return found


def _waiting_count(proposal: Proposal) -> int:
    return proposal.cosigners.filter(consent=Consent.CHANGED).count() if proposal.state != State.DRAFT else 0


def _editor_at(proposal: Proposal, where: str) -> str:
    return f"{reverse('deputy:proposal-edit', args=[proposal.jurisdiction, proposal.pk])}#{where}"
