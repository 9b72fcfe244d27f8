"""What supervisors do to one proposal: choose it, end that, register a visit, send a reminder letter."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiazhan.people.permissions import Permission as P
from jiazhan.suggestions import access
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.services import key_proposals, supervising
from jiazhan.web.office.refusals import sentence_of, status_of
from jiazhan.web.ui.forms import Form
from jiazhan.web.ui.guards import needs

from .forms import EndForm, KeyForm, UrgeForm, VisitForm
from .pages import one_page
from .reach import checked_files, done


@needs(P.PROPOSAL_DECIDE_KEY)
@require_POST
def choose(request: HttpRequest, jurisdiction: str, proposal_id: UUID) -> HttpResponse:
    proposal = access.get_for(request.user, jurisdiction, proposal_id)
    form = KeyForm(request.POST, proposal=proposal, today=timezone.localdate())
    said = _("已登记为重点督办，代表、承办单位、领办人和督办委员会会收到通知。")
    return _attempt(request, proposal, "key", form, key_proposals.choose, form.given, said)


@needs(P.PROPOSAL_DECIDE_KEY)
@require_POST
def end(request: HttpRequest, jurisdiction: str, proposal_id: UUID) -> HttpResponse:
    proposal = access.get_for(request.user, jurisdiction, proposal_id)
    form = EndForm(request.POST)
    said = _("已解除重点督办，各方会收到通知。")
    return _attempt(request, proposal, "end", form, key_proposals.end, lambda: form.cleaned_data, said)


@needs(P.PROPOSAL_SUPERVISE)
@require_POST
def visit(request: HttpRequest, jurisdiction: str, proposal_id: UUID) -> HttpResponse:
    proposal = access.get_for(request.user, jurisdiction, proposal_id)
    form = VisitForm(request.POST, today=timezone.localdate())
    files, refused = checked_files(request, "visit-files")
    if form.is_valid() and refused:
        # Refused as a whole: a visit without one of its photographs would be told to everybody.
        words = " ".join(refused) + _("走访没有登记，您填写的内容还在，文件请重新选择。")
        return one_page(request, proposal, refused={"visit": form}, refusal=words, status=422)
    said = _("走访已登记，代表和承办单位会收到通知。")
    return _attempt(
        request, proposal, "visit", form, key_proposals.visit, lambda: {**form.cleaned_data, "files": files}, said
    )


@needs(P.PROPOSAL_SUPERVISE)
@require_POST
def urge(request: HttpRequest, jurisdiction: str, proposal_id: UUID) -> HttpResponse:
    proposal = access.get_for(request.user, jurisdiction, proposal_id)
    form = UrgeForm(request.POST, proposal=proposal, today=timezone.localdate())
    said = _("催办函已发出，承办单位会收到通知。")
    return _attempt(request, proposal, "urge", form, supervising.urge, form.given, said)


def _attempt(
    request: HttpRequest,
    proposal: Proposal,
    name: str,
    form: Form,
    act: Callable[..., Any],
    given: Callable[[], dict[str, Any]],
    said: str,
) -> HttpResponse:
    """Do the act; where a word does not fit or the service refuses, show the page again with what was typed."""
    if not form.is_valid():
        return one_page(request, proposal, refused={name: form}, status=422)
    try:
        act(proposal, by=request.user, at=timezone.now(), **given())
    except Exception as error:
        words = sentence_of(error)
        now = access.get_for(request.user, proposal.jurisdiction, proposal.pk)
        return one_page(request, now, refused={name: form}, refusal=words, status=status_of(error))
    where = {"jurisdiction": proposal.jurisdiction, "proposal_id": proposal.pk}
    return done(request, said, "office:supervise", draft=f"{name}:{proposal.pk}", **where)
