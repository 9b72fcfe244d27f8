"""The inbox and the notices of a handling unit."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiazhan.kernel import deadlines
from jiazhan.kernel.text import mask_contacts
from jiazhan.notifications import services as notifying
from jiazhan.opinions.choices import Grade, PromiseState, Urgency
from jiazhan.opinions.models import Opinion, Promise
from jiazhan.opinions.selectors.pressing import is_pressing
from jiazhan.opinions.states import WORKFLOW, State
from jiazhan.people.permissions import Permission
from jiazhan.web.ui import notices as told
from jiazhan.web.ui.guards import needs

from . import inbox, proposal_inbox
from .frame import page
from .inbox import Filters, Tab
from .proposals import part_row

SOONEST = 5
_GRADE_TONES = {Grade.SATISFIED: "ok", Grade.BASICALLY_SATISFIED: "info", Grade.DISSATISFIED: "late"}


@needs(Permission.OPINION_HANDLE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the unit holds, by what falls due."""
    today = timezone.localdate()
    found = inbox.counts(request.user)
    filters = Filters.read(request.GET, default=inbox.first_tab(request.user, found))
    listed = inbox.listed(request.user, filters, today=today)
    draw = _promise_row if filters.tab is Tab.PROMISES else _matter_row
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
        "soonest": _soonest(request, today) if filters == Filters(tab=filters.tab) else [],
        "lights": list(inbox.LIGHTS.items()),
        "empty": inbox.EMPTY[filters.tab],
        "next_url": filters.address(after=listed.next_cursor) if listed.next_cursor else None,
        "first_url": filters.address() if filters.after else None,
        "clear_url": f"?tab={filters.tab.value}" if filters.is_narrowed else None,
    }
    return page(request, "department/inbox.html", context, place="inbox")


@needs(Permission.OPINION_HANDLE)
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """What the person was told, newest first."""
    context = {
        "rows": told.listed(request.user, route="department:opinion", proposals="department:proposal"),
        "most": told.MOST,
    }
    return page(request, "department/notices.html", context, place="notices")


@needs(Permission.OPINION_HANDLE)
@require_POST
def read_all_notices(request: HttpRequest) -> HttpResponse:
    notifying.mark_all_read(request.user, at=timezone.now())
    return redirect("department:notices")


def address_of(opinion: Opinion) -> str:
    return reverse("department:opinion", args=[opinion.jurisdiction, opinion.pk])


def _soonest(request: HttpRequest, today: date) -> list[dict[str, Any]]:
    """What falls due first of opinions and proposals together; nothing where the unit has no proposals, because the inbox
    below says it then."""
    parts = proposal_inbox.soonest(request.user, most=SOONEST)
    if not parts:
        return []
    matters = inbox.soonest(request.user, most=SOONEST)
    rows = [(each.due_on, _kind_row(part_row(each, today), _("建议"))) for each in parts]
    rows += [(each.due_on, _kind_row(_matter_row(each, today), _("意见"))) for each in matters]
    return [row for _on, row in sorted(rows, key=lambda each: each[0])[:SOONEST]]


def _kind_row(row: dict[str, Any], kind: str) -> dict[str, Any]:
    return row | {"badges": [(kind, "plain"), *row["badges"]]}


def _matter_row(opinion: Opinion, today: Any) -> dict[str, Any]:
    badges = []
    if opinion.urgency != Urgency.NORMAL:
        badges.append((_("重大紧急，置顶") if is_pressing(opinion) else opinion.get_urgency_display(), "late"))
    if opinion.is_submitted:
        badges.append((str(inbox.LABELS[Tab.TO_SIGN]), "warn"))
    if opinion.grade:
        badges.append((opinion.get_grade_display(), _GRADE_TONES[Grade(opinion.grade)]))
    is_waiting_for_others = opinion.state in {State.REPLIED, State.RATED, State.ESCALATED, State.CLOSED, State.OBJECTED}
    return {
        "title": mask_contacts(opinion.title),
        "url": address_of(opinion),
        "badges": badges,
        "meta": (
            opinion.number,
            opinion.station.name,
            WORKFLOW.for_staff(opinion.state),
            opinion.handler.name if opinion.handler else "",
        ),
        "light": None if is_waiting_for_others else deadlines.light(opinion.due_on, today).value,
        "words": deadlines.words(opinion.due_on, today),
    }


def _promise_row(promise: Promise, today: Any) -> dict[str, Any]:
    said = bool(promise.unit_words)
    return {
        "title": promise.text,
        "url": f"{address_of(promise.opinion)}#promises",
        "badges": [(promise.get_state_display(), "warn")] if promise.state == PromiseState.ASKED and not said else [],
        "meta": (
            mask_contacts(promise.opinion.title)[:40],
            promise.opinion.number,
            _("已说明，等人大核实") if said else "",
        ),
        "light": deadlines.light(promise.due_on, today).value,
        "words": deadlines.words(promise.due_on, today),
    }
