"""What a deputy does with a matter: take it up, give an opinion and sign, answer on the spot, ask a colleague."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiazhan.kernel import words
from jiazhan.kernel.workflow import StepRefused
from jiazhan.opinions import access
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import accusations, deputies, triage
from jiazhan.people.permissions import Permission
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from .forms import AnswerForm, HandForm, OpinionForm
from .frame import forget_draft
from .matters import asked_of_me, matter_page, went_well

REFUSALS = (
    StepRefused, access.NotYours, accusations.Locked, words.WordsMissing, words.WordsTooLong,
    deputies.MandateNotActive, deputies.SameDeputy, triage.NotAttached,
)  # fmt: skip


@needs(Permission.OPINION_OPINE)
@require_POST
def take_up(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    opinion = asked_of_me(request, jurisdiction, opinion_id)
    return _attempt(
        request,
        opinion,
        "take_up",
        Form(request.POST),
        deputies.take_up,
        done=_("已接下，反映人会知道。请在期限内提出意见。"),
    )


@needs(Permission.OPINION_OPINE)
@require_POST
def opine(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    opinion = asked_of_me(request, jurisdiction, opinion_id)
    done = _("意见已签名送出，街道会接着办。反映人会收到通知。")
    return _attempt(request, opinion, "opine", OpinionForm(request.POST), deputies.opine, done=done)


@needs(Permission.OPINION_OPINE)
@require_POST
def answer(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    opinion = asked_of_me(request, jurisdiction, opinion_id)
    done = _("答复已送达反映人，等反映人评价。")
    return _attempt(request, opinion, "answer", AnswerForm(request.POST), deputies.answer_on_spot, done=done)


@needs(Permission.OPINION_OPINE)
@require_POST
def hand(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    opinion = asked_of_me(request, jurisdiction, opinion_id)
    form = HandForm(request.POST, opinion=opinion, me=request.user.deputy, at=timezone.now())
    done = _("已转请另一位代表，对方会收到通知。")
    return _attempt(request, opinion, "hand", form, deputies.hand_to_deputy, done=done, goes_away=True)


def _attempt(
    request: HttpRequest,
    opinion: Opinion,
    name: str,
    form: Form,
    act: Callable[..., Any],
    *,
    done: str,
    goes_away: bool = False,
) -> HttpResponse:
    """Do the act with what the form holds. A form that is not whole, or a refusal, shows the page again with what was
    typed. `goes_away`: afterwards the matter is somebody else's."""
    if not form.is_valid():
        return matter_page(request, opinion, forms={name: form}, status=422)
    try:
        act(opinion, by=request.user, at=timezone.now(), **form.cleaned_data)
    except REFUSALS as refusal:
        now = asked_of_me(request, opinion.jurisdiction, opinion.pk)
        return matter_page(request, now, forms={name: form}, refusal=str(refusal), status=409)
    forget_draft(request, f"{name}-{opinion.pk}")
    return went_well(request, done, opinion=None if goes_away else opinion)
