"""The promises' calendar of the congress, and the page of one promise."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiazhan.people.permissions import Permission as P
from jiazhan.people.selectors import handling_units
from jiazhan.suggestions.models import Promise
from jiazhan.suggestions.selectors import promises as reading
from jiazhan.suggestions.selectors.promises import Tab
from jiazhan.suggestions.services import promises
from jiazhan.web.office.frame import page
from jiazhan.web.office.refusals import sentence_of, status_of
from jiazhan.web.ui import promises as shown
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from .forms import words_field
from .reach import areas_of, done

HERE = "office:supervision"


class KeptForm(Form):
    note = words_field(gettext_lazy("说明"), 2000, required=False)


class BrokenForm(Form):
    reason = words_field(gettext_lazy("未兑现的情况"), 2000)


class WordsForm(Form):
    text = words_field(gettext_lazy("补充意见"), 2000)


FORMS: dict[str, type[forms.Form]] = {"kept": KeptForm, "broken": BrokenForm, "words": WordsForm}


@needs(P.PROPOSAL_READ)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """All promises to the deputies of this congress, by month, years back and ahead."""
    units = [(each.pk, each.name) for area in areas_of(request.user) for each in handling_units(area[:6])]
    rows = reading.of_congress(request.user)
    context = shown.calendar(
        request, rows, route="office:promise", first=Tab.UNIT, today=timezone.localdate(), units=units
    )
    return page(request, "office/supervision/promises.html", context, current=HERE)


@needs(P.PROPOSAL_READ)
@require_safe
def one(request: HttpRequest, jurisdiction: str, promise_id: UUID) -> HttpResponse:
    return _page(request, _found(request, jurisdiction, promise_id))


@needs(P.PROPOSAL_SUPERVISE)
@require_POST
def keep(request: HttpRequest, jurisdiction: str, promise_id: UUID) -> HttpResponse:
    return _attempt(request, jurisdiction, promise_id, "kept", promises.keep, _("已认定兑现，承办单位会收到通知。"))


@needs(P.PROPOSAL_SUPERVISE)
@require_POST
def break_(request: HttpRequest, jurisdiction: str, promise_id: UUID) -> HttpResponse:
    return _attempt(
        request, jurisdiction, promise_id, "broken", promises.break_, _("已认定未兑现，承办单位会收到通知。")
    )


@needs(P.PROPOSAL_SUPERVISE)
@require_POST
def add_words(request: HttpRequest, jurisdiction: str, promise_id: UUID) -> HttpResponse:
    return _attempt(
        request, jurisdiction, promise_id, "words", promises.add_words, _("补充意见已记下，承办单位会看到。")
    )


def _attempt(
    request: HttpRequest, jurisdiction: str, promise_id: UUID, name: str, act: Callable[..., Any], said: str
) -> HttpResponse:
    promise = _found(request, jurisdiction, promise_id)
    form = FORMS[name](request.POST, prefix=name)
    if not form.is_valid():
        return _page(request, promise, refused={name: form}, status=422)
    try:
        act(promise, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Exception as error:
        words, now = sentence_of(error), _found(request, jurisdiction, promise_id)
        return _page(request, now, refused={name: form}, refusal=words, status=status_of(error))
    return done(request, said, "office:promise", jurisdiction=jurisdiction, promise_id=promise_id)


def _found(request: HttpRequest, jurisdiction: str, promise_id: UUID) -> Promise:
    return reading.one_of(reading.of_congress(request.user), jurisdiction, promise_id)


def _page(
    request: HttpRequest,
    promise: Promise,
    *,
    refused: dict[str, Any] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    today, offered = timezone.localdate(), {}
    context = shown.one(promise, today=today)
    if context["is_open"] and promises.may_settle(request.user, promise):
        offered["kept"] = KeptForm(prefix="kept")
        if context["is_due"]:
            offered["broken"] = BrokenForm(prefix="broken")
    elif not context["is_open"] and promises.may_add_words(request.user, promise):
        offered["words"] = WordsForm(prefix="words")
    proposal = promise.proposal
    context |= {
        "forms": offered | (refused or {}),
        "refused": list(refused or {}),
        "refusal": refusal,
        "waiting_for": [each.name for each in promises.left_in_office(promise)] if context["is_open"] else [],
        "proposal_url": reverse(
            "office:proposal", kwargs={"jurisdiction": proposal.jurisdiction, "proposal_id": proposal.pk}
        ),
    }
    return page(request, "office/supervision/promise.html", context, current=HERE, status=status)
