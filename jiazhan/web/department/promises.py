"""What the unit promised, by month; the page of one promise: explained when due, answered again once it is kept."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from jiazhan.kernel import words
from jiazhan.kernel.outcomes import PromiseState
from jiazhan.kernel.refusals import NotYours
from jiazhan.people.permissions import Permission
from jiazhan.suggestions import access
from jiazhan.suggestions.models import Promise
from jiazhan.suggestions.selectors import promises as reading
from jiazhan.suggestions.selectors.promises import Tab
from jiazhan.suggestions.services import promises
from jiazhan.web.ui import promises as drawing
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from .frame import page

REFUSALS = (
    NotYours, words.WordsMissing, words.WordsTooLong, promises.AlreadySettled, promises.NotKept, promises.AnsweredAgain,
)  # fmt: skip


class ExplainForm(Form):
    text = forms.CharField(label=_("落实情况"), widget=forms.Textarea, max_length=2000)


class AgainForm(Form):
    text = forms.CharField(
        label=_("再次答复的内容"),
        widget=forms.Textarea,
        max_length=5000,
        help_text=_("写明办成了什么、效果怎样，每位代表都会收到通知。"),
    )


ACTS: drawing.Acts = {
    "explain": (ExplainForm, promises.explain, _("落实情况已记下，代表会收到通知并认定是否兑现。")),
    "again": (AgainForm, promises.answer_again, _("已再次答复，每位代表都会收到通知。")),
}


@needs(Permission.PROPOSAL_HANDLE)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    rows = reading.of_units(request.user)
    context = drawing.calendar(
        request, rows, route="department:promise-page", first=Tab.UNIT, today=timezone.localdate()
    )
    return page(request, "department/promises.html", context, place="proposals")


@needs(Permission.PROPOSAL_HANDLE)
@require_safe
def one(request: HttpRequest, jurisdiction: str, promise_id: UUID) -> HttpResponse:
    return _page(request, _ours(request, jurisdiction, promise_id))


@needs(Permission.PROPOSAL_HANDLE)
@require_POST
def act(request: HttpRequest, jurisdiction: str, promise_id: UUID, step: str) -> HttpResponse:
    """Say what was done, or answer again."""
    promise = _ours(request, jurisdiction, promise_id)
    if again := drawing.acted(request, promise, step, ACTS, refusals=REFUSALS):
        return _page(request, _ours(request, jurisdiction, promise_id), **again)
    return redirect("department:promise-page", jurisdiction=jurisdiction, promise_id=promise_id)


@needs(Permission.PROPOSAL_HANDLE)
@require_safe
def visit_file(
    request: HttpRequest, jurisdiction: str, proposal_id: UUID, visit_id: UUID, file_id: UUID
) -> HttpResponse:
    """A file of a visit of supervision, for the units that have a part."""
    proposal = access.get_for(request.user, jurisdiction, proposal_id)
    return drawing.visit_file(request, proposal, visit_id, file_id)


def _ours(request: HttpRequest, jurisdiction: str, promise_id: UUID) -> Promise:
    return reading.one_of(reading.of_units(request.user), jurisdiction, promise_id)


def _page(
    request: HttpRequest,
    promise: Promise,
    *,
    refused: dict[str, Any] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = drawing.one(promise, today=timezone.localdate())
    offered: dict[str, Any] = {}
    if context["is_open"]:
        offered["explain"] = ExplainForm(prefix="explain")
    elif promise.state == PromiseState.KEPT and not context["is_answered"]:
        offered["again"] = AgainForm(prefix="again")
    proposal = promise.proposal
    # A unit that has no part any more keeps its promise, but reads the proposal no longer.
    is_held = access.visible_to(request.user).filter(jurisdiction=proposal.jurisdiction, pk=proposal.pk).exists()
    context |= {
        "forms": offered | (refused or {}),
        "refused": list(refused or {}),
        "refusal": refusal,
        "proposal_url": reverse("department:proposal", args=[proposal.jurisdiction, proposal.pk]) if is_held else "",
    }
    return page(request, "department/promise.html", context, place="proposals", status=status)
