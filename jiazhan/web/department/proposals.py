"""The list of proposals on a unit's desk."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiazhan.kernel import deadlines
from jiazhan.kernel.outcomes import Grade, PromiseState
from jiazhan.people.permissions import Permission
from jiazhan.suggestions.choices import Part
from jiazhan.suggestions.models import Handling, Promise, Proposal, Urging
from jiazhan.suggestions.states import PartState, State
from jiazhan.web.ui.guards import needs

from . import proposal_inbox as inbox
from .frame import page
from .proposal_inbox import Filters, Tab

_GRADE_TONES = {Grade.SATISFIED: "ok", Grade.BASICALLY_SATISFIED: "info", Grade.DISSATISFIED: "late"}
_PART_TONES = {Part.HOST: "info", Part.SPLIT: "info", Part.ASSIST: "plain"}


@needs(Permission.PROPOSAL_HANDLE)
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """What the unit hosts, assists or replies to with others."""
    today = timezone.localdate()
    found = inbox.counts(request.user)
    filters = Filters.read(request.GET, default=inbox.first_tab(request.user, found))
    listed = inbox.listed(request.user, filters, today=today)
    draw = {Tab.PROMISES: _promise_row, Tab.URGED: _urging_row}.get(filters.tab, part_row)
    context = {
        "filters": filters,
        "tabs": [
            {
                "label": inbox.LABELS[tab],
                "url": filters.address(tab=tab.value),
                "count": found.get(tab),
                "current": tab is filters.tab,
            }
            for tab in inbox.tabs_of(request.user)
        ],
        "rows": [draw(row, today) for row in listed.rows],
        "lights": list(inbox.LIGHTS.items()),
        "parts": Part.choices,
        "empty": inbox.EMPTY[filters.tab],
        "next_url": filters.address(after=listed.next_cursor) if listed.next_cursor else None,
        "first_url": filters.address() if filters.after else None,
        "clear_url": f"?tab={filters.tab.value}" if filters.is_narrowed else None,
    }
    return page(request, "department/proposals.html", context, place="proposals")


def address_of(proposal: Proposal) -> str:
    return reverse("department:proposal", args=[proposal.jurisdiction, proposal.pk])


def part_row(handling: Handling, today: date) -> dict[str, Any]:
    proposal = handling.proposal
    is_waiting_for_others = handling.state == PartState.ANSWERED
    return {
        "title": proposal.title,
        "url": address_of(proposal),
        "badges": _badges(handling),
        "meta": (
            proposal.number,
            _("%(name)s代表") % {"name": proposal.lead.name},
            proposal.get_state_display() if is_waiting_for_others else handling.get_state_display(),
            handling.handler.name if handling.handler else "",
        ),
        "light": None if is_waiting_for_others else deadlines.light(handling.due_on, today).value,
        "words": deadlines.words(handling.due_on, today),
    }


def _badges(handling: Handling) -> list[tuple[str, str]]:
    proposal = handling.proposal
    badges = [(handling.get_part_display(), _PART_TONES[Part(handling.part)])]
    if proposal.is_key:
        badges.append((_("重点督办"), "late"))
    if handling.state == PartState.REORDERED:
        badges.append((_("代表不满意，重新办理"), "late"))
    if handling.state == PartState.OBJECTED:
        badges.append((_("异议待裁定"), "warn"))
    if getattr(handling, "is_submitted", False) and handling.state != PartState.ANSWERED:
        badges.append((str(inbox.LABELS[Tab.TO_SIGN]), "warn"))
    if getattr(handling, "is_asking", False):
        badges.append((_("延期待批"), "warn"))
    if proposal.returns_count:
        badges.append((_("退单 %(n)s 次") % {"n": proposal.returns_count}, "plain"))
    if handling.state == PartState.ANSWERED and proposal.grade and handling.part != Part.ASSIST:
        badges.append((proposal.get_grade_display(), _GRADE_TONES[Grade(proposal.grade)]))
    elif handling.state == PartState.ANSWERED and proposal.state == State.CLOSED and handling.part != Part.ASSIST:
        badges.append((_("未评价"), "plain"))
    return badges


def _promise_row(promise: Promise, today: date) -> dict[str, Any]:
    said = bool(promise.unit_words)
    return {
        "title": promise.text,
        "url": f"{address_of(promise.proposal)}#promises",
        "badges": [(promise.get_state_display(), "warn")] if promise.state == PromiseState.ASKED and not said else [],
        "meta": (promise.proposal.title[:40], promise.proposal.number, _("已说明，等代表确认") if said else ""),
        "light": deadlines.light(promise.due_on, today).value,
        "words": deadlines.words(promise.due_on, today),
    }


def _urging_row(urging: Urging, today: date) -> dict[str, Any]:
    return {
        "title": urging.proposal.title,
        "url": f"{address_of(urging.proposal)}#urgings",
        "badges": [],
        "meta": (urging.proposal.number, urging.text[:40]),
        "light": deadlines.light(urging.answer_by, today).value,
        "words": deadlines.words(urging.answer_by, today),
    }
