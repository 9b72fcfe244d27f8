"""The supervision page, the supervision of one proposal, and which deputy follows what."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiazhan.documents import access as documents
from jiazhan.documents import selectors as files
from jiazhan.kernel import deadlines
from jiazhan.notifications import selectors as notices
from jiazhan.notifications import services as notifying
from jiazhan.people.permissions import Permission as P
from jiazhan.people.selectors import handling_units
from jiazhan.places.models import Region
from jiazhan.suggestions import access
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.selectors import supervision
from jiazhan.suggestions.selectors.supervision import LABELS, Filters, Tab, Watched
from jiazhan.suggestions.services import key_proposals
from jiazhan.suggestions.states import WITH_UNITS, State
from jiazhan.web.office.frame import page
from jiazhan.web.ui.guards import needs
from jiazhan.web.ui.sending import sent

from .forms import EndForm, KeyForm, UrgeForm, VisitForm
from .reach import areas_of

FOLLOWERS_PAGE = 60
HERE = "office:supervision"


@needs(P.PROPOSAL_READ)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Key proposals and all that are late or soon due, each with what a supervisor asks first."""
    user, today, given = request.user, timezone.localdate(), request.GET
    committees, leads = supervision.committees_and_leads(user)
    hosts = [(str(each.pk), each.name) for area in areas_of(user) for each in handling_units(area[:6])]
    filters = Filters(
        committee=_one_of(given.get("committee", ""), [key for key, _name in committees]),
        lead=_one_of(given.get("lead", ""), leads),
        host=_one_of(given.get("host", ""), [key for key, _name in hosts]),
    )
    counted = supervision.counts(user, filters, today=today)
    first = next((tab for tab in (Tab.KEY, Tab.LATE, Tab.SOON) if counted[tab]), Tab.KEY)
    tab = Tab(given["tab"]) if given.get("tab") in set(Tab) else first
    number = int(given["page"]) if given.get("page", "").isdecimal() and 0 < len(given["page"]) < 5 else 1
    found, is_more = supervision.listed(user, tab, filters, today=today, page=max(number, 1))
    kept = {name: value for name, value in vars(filters).items() if value}
    context = {
        "tabs": [
            {"label": LABELS[each], "url": _query(kept, tab=each.value), "count": counted[each], "current": each is tab}
            for each in Tab
        ],
        "tab": tab.value,
        "rows": [row_of(each, today) for each in found],
        "filters": filters,
        "committees": committees,
        "leads": [(each, each) for each in leads],
        "hosts": hosts,
        "clear_url": f"?tab={tab.value}" if kept else None,
        "next_url": _query(kept, tab=tab.value, page=number + 1) if is_more else None,
        "previous_url": _query(kept, tab=tab.value, page=number - 1) if number > 1 else None,
        "may_meet": bool(user.permissions & {P.MEETING_ARRANGE, P.PROPOSAL_READ}),
    }
    return page(request, "office/supervision/list.html", context, current=HERE)


@needs(P.PROPOSAL_READ)
@require_safe
def one(request: HttpRequest, jurisdiction: str, proposal_id: UUID) -> HttpResponse:
    """What was done to one proposal from above, and what can be done now."""
    proposal = access.get_for(request.user, jurisdiction, proposal_id)
    _unread, about = notices.unread_and_about(request.user, str(proposal.pk))
    notifying.mark_read(request.user, about, at=timezone.now())
    return one_page(request, proposal)


@needs(P.PROPOSAL_READ)
@require_safe
def visit_file(
    request: HttpRequest, jurisdiction: str, proposal_id: UUID, visit_id: UUID, file_id: UUID
) -> HttpResponse:
    proposal = access.get_for(request.user, jurisdiction, proposal_id)
    visit = proposal.visits.filter(pk=visit_id).first()
    if visit is None:
        raise Http404
    return sent(request, files.attachment_download(documents.attachment_of(visit, file_id)))


@needs(P.PROPOSAL_READ)
@require_safe
def letter(request: HttpRequest, jurisdiction: str, proposal_id: UUID, document_id: UUID, kind: str) -> HttpResponse:
    """A reminder letter; other letters are read on the proposal's own page."""
    proposal = access.get_for(request.user, jurisdiction, proposal_id)
    urging = proposal.urgings.filter(document=document_id).select_related("document").first()
    if urging is None:
        raise Http404
    issued = urging.document
    return sent(request, files.pdf_download(issued) if kind == "pdf" else files.docx_download(issued))


@needs(P.PROPOSAL_READ)
@require_safe
def followers(request: HttpRequest) -> HttpResponse:
    """Each sitting deputy's "at least one proposal followed" (五个一)."""
    areas = areas_of(request.user)
    given = request.GET
    area = _one_of(given.get("area", ""), areas) or (areas[0] if areas else "")
    everyone = supervision.followers(area) if area else []
    idle = [each for each in everyone if not each.follows]
    is_idle = given.get("only") == "none"
    shown = idle if is_idle else everyone
    words = given.get("q", "").strip()[:40]
    shown = [each for each in shown if words in each.deputy.name] if words else shown
    number = int(given["page"]) if given.get("page", "").isdecimal() and 0 < len(given["page"]) < 4 else 1
    start = (max(number, 1) - 1) * FOLLOWERS_PAGE
    kept = {
        name: value
        for name, value in (("area", given.get("area", "")), ("q", words), ("only", given.get("only", "")))
        if value
    }
    context = {
        "everyone": len(everyone),
        "idle": len(idle),
        "shown": shown[start : start + FOLLOWERS_PAGE],
        "only_idle": is_idle,
        "words": words,
        "area": area,
        "areas": list(Region.objects.filter(pk__in=areas).values_list("pk", "name")) if len(areas) > 1 else [],
        "tabs": [
            {"label": _("全部代表"), "url": _query({"area": kept.get("area", "")}), "count": len(everyone), "current": not is_idle},
            {"label": _("还没有跟踪的"), "url": _query({"area": kept.get("area", "")}, only="none"), "count": len(idle), "current": is_idle},
        ],
        "next_url": _query(kept, page=number + 1) if len(shown) > start + FOLLOWERS_PAGE else None,
        "previous_url": _query(kept, page=number - 1) if number > 1 else None,
    }  # fmt: skip
    return page(request, "office/supervision/followers.html", context, current=HERE)


def one_page(
    request: HttpRequest,
    proposal: Proposal,
    *,
    refused: dict[str, Any] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of one proposal's supervision; `refused` holds the form that was just refused, by its name."""
    user, today = request.user, timezone.localdate()
    story = supervision.supervised(proposal)
    may_decide = access.holds(user, P.PROPOSAL_DECIDE_KEY, proposal)
    may_supervise = access.holds(user, P.PROPOSAL_SUPERVISE, proposal)
    is_open = proposal.state in key_proposals.FOLLOWABLE
    offered: dict[str, Any] = {}
    if may_decide and is_open and story.decision is None:
        offered["key"] = KeyForm(proposal=proposal, today=today)
    if may_decide and story.decision is not None:
        offered["end"] = EndForm()
    if may_supervise and is_open:
        offered["visit"] = VisitForm(today=today)
    if may_supervise and proposal.state in WITH_UNITS:
        offered["urge"] = UrgeForm(proposal=proposal, today=today)
    # What was typed is kept also where the act is no longer open.
    forms = offered | (refused or {})
    context = {
        "proposal": proposal,
        "watched": row_of(supervision.watched([proposal], today=today)[0], today),
        "story": story,
        "forms": forms,
        "refused": list(refused or {}),
        "refusal": refusal,
        "follows": list(proposal.follows.select_related("deputy").order_by("since", "id")),
        "settlements": list(proposal.settlements.select_related("recorded_by").order_by("held_on")),
        "may_settle": may_supervise and proposal.state == State.ESCALATED,
        "today": today,
    }
    return page(request, "office/supervision/one.html", context, current=HERE, status=status)


def row_of(watched: Watched, today: date) -> dict[str, Any]:
    """A proposal with its facts in words."""
    proposal, contact = watched.proposal, watched.contact
    where = {"jurisdiction": proposal.jurisdiction, "proposal_id": proposal.pk}
    facts: list[tuple[str, str]] = []
    if contact is not None:
        known = {"on": timezone.localdate(contact.held_at), "phase": contact.get_phase_display()}
        facts.append((_("最近沟通 %(on)s（%(phase)s）") % known, "plain"))
    elif proposal.state in WITH_UNITS:
        facts.append((_("还没有与代表沟通"), "warn"))
    if proposal.returns_count:
        facts.append((_("退单 %(n)s 次") % {"n": proposal.returns_count}, "warn"))
    if watched.assists_owed:
        late = _("，%(n)s 份已逾期") % {"n": watched.assists_late} if watched.assists_late else ""
        facts.append((_("欠协办意见 %(n)s 份") % {"n": watched.assists_owed} + late, "late" if late else "plain"))
    if watched.visits:
        facts.append((_("走访 %(n)s 次") % {"n": watched.visits}, "plain"))
    if watched.letters:
        waiting = _("，%(n)s 份未回复") % {"n": watched.letters_open} if watched.letters_open else ""
        facts.append((_("催办函 %(n)s 份") % {"n": watched.letters} + waiting, "warn" if waiting else "plain"))
    return {
        "id": proposal.pk,
        "title": proposal.title,
        "url": reverse("office:supervise", kwargs=where),
        "case_url": reverse("office:proposal", kwargs=where),
        "meta": [
            proposal.number, proposal.host.name if proposal.host else _("还没有交办"),
            _("%(name)s代表") % {"name": proposal.lead.name}, proposal.get_state_display(),
        ],
        "key": watched.key,
        "key_words": _("%(lead)s领办 · %(committee)s") % {"lead": watched.key.lead_member, "committee": watched.key.committee.name} if watched.key else "",
        "facts": facts,
        "light": deadlines.light(proposal.due_on, today).value if proposal.due_on else None,
        "words": f"{proposal.get_due_for_display()}{deadlines.words(proposal.due_on, today)}" if proposal.due_on else "",
    }  # fmt: skip


def _one_of(text: str, values: Any) -> str:
    return text if text in values else ""


def _query(kept: dict[str, Any], **more: Any) -> str:
    return f"?{urlencode({name: value for name, value in {**kept, **more}.items() if value})}"
