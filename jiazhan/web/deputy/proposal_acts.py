"""What a deputy does with a proposal once it was handed in: take it back, evaluate, confirm talks and promises, follow."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiazhan.documents import access as files
from jiazhan.documents import selectors as documents
from jiazhan.kernel import words
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.permissions import Permission
from jiazhan.suggestions import access
from jiazhan.suggestions.models import Proposal, ReplyCopy
from jiazhan.suggestions.services import evaluating, following, promises, units, writing
from jiazhan.web.ui.guards import needs
from jiazhan.web.ui.sending import sent

from . import proposal_page
from .frame import forget_draft
from .proposal_forms import EvaluationForm, NoteForm, WordsForm
from .proposals import seen_by_me

REFUSALS = (
    StepRefused, access.NotYours, words.WordsMissing, words.WordsTooLong, evaluating.EvaluationClosed,
    evaluating.AlreadyEvaluated, units.ContactAnswered, promises.TooEarly, promises.AlreadySettled, promises.NotSettled,
    promises.AskDeputiesFirst, following.NotToFollow, following.NotFollowed, writing.NotSitting,
)  # fmt: skip


@needs(Permission.PROPOSAL_WRITE)
@require_POST
def withdraw(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    done = _("已撤回，联名代表会收到通知。")
    return _attempt(request, proposal, lambda by, at: writing.withdraw(proposal, by=by, at=at), done=done)


@needs(Permission.DEPUTY_HOME)
@require_POST
def evaluate(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, reply_id: uuid.UUID) -> HttpResponse:
    """Each deputy for themselves, within the window."""
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    reply = proposal_page.reply_of(proposal, reply_id)
    if reply is None:
        raise Http404
    name, form = f"evaluate-{reply.pk}", EvaluationForm(request.POST, prefix=f"e{reply.pk.hex}")
    if not form.is_valid():
        return proposal_page.shown(request, proposal, forms={name: form}, status=422)
    return _attempt(
        request,
        proposal,
        lambda by, at: evaluating.evaluate(proposal, reply=reply, by=by, at=at, **form.given()),
        done=_("已记下您的评价。"),
        forms={name: form},
        draft=name,
    )


@needs(Permission.DEPUTY_HOME)
@require_POST
def contact(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, contact_id: uuid.UUID) -> HttpResponse:
    """It was so, or it was not."""
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    found = proposal.contacts.filter(pk=contact_id, deputy=request.user.deputy).select_related("proposal").first()
    if found is None:
        raise Http404
    form = WordsForm(request.POST, prefix=f"c{found.pk.hex}")
    form.is_valid()
    is_so, note = request.POST.get("is_so") == "yes", form.cleaned_data.get("words", "")
    return _attempt(
        request,
        proposal,
        lambda by, at: units.answer_contact(found, is_confirmed=is_so, note=note, by=by, at=at),
        done=_("已确认这次沟通。") if is_so else _("已记下您的说明，承办单位和交办单位会收到通知。"),
        forms={f"contact-{found.pk}": form},
    )


@needs(Permission.DEPUTY_HOME)
@require_POST
def promise(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, promise_id: uuid.UUID) -> HttpResponse:
    """Kept, or broken with what is missing; once that is found, more words on it."""
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    found = proposal.promises.filter(pk=promise_id).select_related("proposal").first()
    if found is None:
        raise Http404
    form = WordsForm(request.POST, prefix=f"p{found.pk.hex}")
    form.is_valid()
    said = form.cleaned_data.get("words", "")
    if "is_kept" not in request.POST:
        act, done = (lambda by, at: promises.add_words(found, text=said, by=by, at=at)), _("已补充意见。")
    elif request.POST["is_kept"] == "yes":
        act, done = (lambda by, at: promises.keep(found, note=said, by=by, at=at)), _("已确认承诺兑现。")
    else:
        act, done = (lambda by, at: promises.break_(found, reason=said, by=by, at=at)), _("已记为未兑现。")
    return _attempt(request, proposal, act, done=done, forms={f"promise-{found.pk}": form})


@needs(Permission.PROPOSAL_WRITE)
@require_POST
def follow(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    done = _("已开始跟踪，办理有进展会出现在这里。")
    return _attempt(request, proposal, lambda by, at: following.follow(proposal, by=by, at=at), done=done)


@needs(Permission.PROPOSAL_WRITE)
@require_POST
def unfollow(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    return _attempt(
        request, proposal, lambda by, at: following.unfollow(proposal, by=by, at=at), done=_("已不再跟踪。")
    )


@needs(Permission.PROPOSAL_WRITE)
@require_POST
def note(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    """What the deputy found while following it."""
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return proposal_page.shown(request, proposal, forms={"note": form}, status=422)
    text = form.cleaned_data["text"]
    return _attempt(
        request,
        proposal,
        lambda by, at: following.note(proposal, text=text, by=by, at=at),
        done=_("已记下跟踪情况。"),
        forms={"note": form},
        draft=f"proposal-note-{proposal.pk}",
    )


@needs(Permission.DEPUTY_HOME)
@require_safe
def attachment(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    return sent(request, documents.attachment_download(files.attachment_of(proposal, file_id)))


@needs(Permission.DEPUTY_HOME)
@require_safe
def letter(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, copy_id: uuid.UUID) -> HttpResponse:
    """The deputy's own copy of a reply."""
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    copy = ReplyCopy.objects.select_related("document").filter(
        jurisdiction=jurisdiction, pk=copy_id, deputy=request.user.deputy, reply__proposal=proposal
    ).first()  # fmt: skip
    if copy is None or copy.document is None:
        raise Http404
    return sent(request, documents.pdf_download(copy.document))


def _attempt(
    request: HttpRequest,
    proposal: Proposal,
    act: Callable[[Any, Any], Any],
    *,
    done: str,
    forms: dict[str, Any] | None = None,
    draft: str = "",
) -> HttpResponse:
    """Do the act, and let the device forget what it kept under `draft`. A refusal shows the page again with what was typed and the sentence why."""
    try:
        act(request.user, timezone.now())
    except REFUSALS as refusal:
        now = seen_by_me(request, proposal.jurisdiction, proposal.pk)
        return proposal_page.shown(request, now, forms=forms, refusal=str(refusal), status=409)
    if draft:
        forget_draft(request, draft)
    messages.success(request, done)
    return redirect("deputy:proposal", proposal.jurisdiction, proposal.pk)
