"""What was promised to the deputy, by month, and the page of one promise with its history."""

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
    NotYours, words.WordsMissing, words.WordsTooLong, promises.TooEarly, promises.AlreadySettled, promises.NotSettled,
)  # fmt: skip


class KeptForm(Form):
    note = forms.CharField(label=_("说明"), widget=forms.Textarea, max_length=2000, required=False)


class BrokenForm(Form):
    reason = forms.CharField(label=_("没有兑现的情况"), widget=forms.Textarea, max_length=2000)


class MoreForm(Form):
    text = forms.CharField(label=_("补充意见"), widget=forms.Textarea, max_length=2000)


ACTS: drawing.Acts = {
    "kept": (KeptForm, promises.keep, _("已认定兑现，承办单位会收到通知。")),
    "broken": (BrokenForm, promises.break_, _("已认定未兑现，承办单位会收到通知。")),
    "words": (MoreForm, promises.add_words, _("补充意见已记下，承办单位会看到。")),
}


@needs(Permission.DEPUTY_HOME)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    rows = reading.of_deputy(request.user)
    context = drawing.calendar(request, rows, route="deputy:promise", first=Tab.DEPUTY, today=timezone.localdate())
    return page(request, "deputy/promises.html", context, place="proposals")


@needs(Permission.DEPUTY_HOME)
@require_safe
def one(request: HttpRequest, jurisdiction: str, promise_id: UUID) -> HttpResponse:
    return _page(request, _mine(request, jurisdiction, promise_id))


@needs(Permission.DEPUTY_HOME)
@require_POST
def act(request: HttpRequest, jurisdiction: str, promise_id: UUID, step: str) -> HttpResponse:
    """Kept, broken, or words on what was found."""
    promise = _mine(request, jurisdiction, promise_id)
    if again := drawing.acted(request, promise, step, ACTS, refusals=REFUSALS):
        return _page(request, _mine(request, jurisdiction, promise_id), **again)
    return redirect("deputy:promise", jurisdiction=jurisdiction, promise_id=promise_id)


@needs(Permission.DEPUTY_HOME)
@require_safe
def visit_file(
    request: HttpRequest, jurisdiction: str, proposal_id: UUID, visit_id: UUID, file_id: UUID
) -> HttpResponse:
    """A file of a visit of supervision, for who stands behind the proposal or may read it."""
    proposal = access.get_for(request.user, jurisdiction, proposal_id)
    return drawing.visit_file(request, proposal, visit_id, file_id)


def _mine(request: HttpRequest, jurisdiction: str, promise_id: UUID) -> Promise:
    return reading.one_of(reading.of_deputy(request.user), jurisdiction, promise_id)


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
    if context["is_open"] and promises.may_settle(request.user, promise):
        offered["kept"] = KeptForm(prefix="kept")
        if context["is_due"]:
            offered["broken"] = BrokenForm(prefix="broken")
    elif not context["is_open"] and promises.may_add_words(request.user, promise):
        offered["words"] = MoreForm(prefix="words")
    proposal = promise.proposal
    context |= {
        "forms": offered | (refused or {}),
        "refused": list(refused or {}),
        "refusal": refusal,
        "proposal_url": reverse("deputy:proposal", args=[proposal.jurisdiction, proposal.pk]),
    }
    return page(request, "deputy/promise.html", context, place="proposals", status=status)
