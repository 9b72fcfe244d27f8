"""The page of one proposal on a unit's desk, and how an act on it is tried."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiazhan.kernel import words
from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications import selectors as notices
from jiazhan.notifications import services as notifying
from jiazhan.people.permissions import Permission
from jiazhan.suggestions import access
from jiazhan.suggestions.choices import Part
from jiazhan.suggestions.models import Handling
from jiazhan.suggestions.services import extensions, supervising, units
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from . import proposal_case
from .editor import unshown
from .frame import forget_draft, page

REFUSALS = (
    StepRefused, access.NotYours, words.WordsMissing, words.WordsTooLong, units.WindowPassed, units.SameUnit,
    units.WrongUnit, units.NotInUnit, units.NotOwed, units.ContactToCome, units.WrongPhase, extensions.NothingToExtend,
    extensions.AlreadyAsked, extensions.DuePassed, supervising.UrgingAnswered,
)  # fmt: skip


@needs(Permission.PROPOSAL_HANDLE)
@require_safe
def proposal(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    handling = on_my_desk(request, jurisdiction, proposal_id)
    told = notices.inbox(request.user).filter(subject_id=str(proposal_id), read_at=None)
    if ids := [str(each) for each in told.values_list("pk", flat=True)]:
        notifying.mark_read(request.user, ids, at=timezone.now())
    return proposal_page(request, handling)


def on_my_desk(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> Handling:
    """The part that the person's unit holds in the proposal. A 404 otherwise, whatever else the person may read."""
    found = access.get_for(request.user, jurisdiction, proposal_id)
    parts = access.parts_of(request.user).filter(proposal=found).select_related("unit", "handler", "batch")
    # Who sits in two of its units answers first.
    held = sorted(parts, key=lambda each: (each.part == Part.ASSIST, each.pk))
    if not held:
        raise access.NotVisible(_("没有找到这件建议。"))
    held[0].proposal = found
    return held[0]


def attempt(
    request: HttpRequest, handling: Handling, name: str, form: Form, act: Callable[..., Any], *, done: str, at: str = ""
) -> HttpResponse:
    """Do the act with what the form holds and go back to the proposal. A form that is not whole, or a refusal, shows the
    page again with what was typed."""
    if not form.is_valid():
        return proposal_page(request, handling, forms={name: form}, status=422)
    try:
        act(handling, by=request.user, at=timezone.now(), **form.cleaned_data)
    except REFUSALS as refusal:
        now = on_my_desk(request, handling.jurisdiction, handling.proposal_id)
        return proposal_page(request, now, forms={name: form}, refusal=refusal, status=409)
    forget_draft(request, f"{name}-{handling.pk}")
    messages.success(request, done)
    return back_to(handling, at=at)


def back_to(handling: Handling, *, at: str = "") -> HttpResponse:
    where = redirect("department:proposal", handling.jurisdiction, handling.proposal_id)
    if at:
        where["Location"] += f"#{at}"
    return where


def proposal_page(
    request: HttpRequest,
    handling: Handling,
    *,
    forms: dict[str, Any] | None = None,
    refusal: Exception | None = None,
    status: int = 200,
    **editing: Any,
) -> HttpResponse:
    """The page; `forms` are those that were refused, by name, and `editing` what the editor has to show of a refusal."""
    refused = forms or {}
    kept = [
        text for form in refused.values() if refusal for text in form.cleaned_data.values() if isinstance(text, str)
    ]
    context = proposal_case.read(request, handling, refused, editing) | {
        "refused": refused,
        "refusal": str(refusal) if refusal else "",
        # The act may be over, and its form gone from the page: what was typed stays to be copied.
        "kept": [text for text in kept if len(text) > 10],
    }
    context |= unshown(context["editor"], editing)
    return page(request, "department/proposal.html", context, place="proposals", status=status)
