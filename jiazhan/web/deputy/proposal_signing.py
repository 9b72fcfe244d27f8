"""Signing together: whom to ask, who has answered, and the invited deputy's own yes or no."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from jiazhan.kernel import words
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Deputy
from jiazhan.people.permissions import Permission
from jiazhan.suggestions import access, rules
from jiazhan.suggestions.choices import UNCONFIRMED, Consent
from jiazhan.suggestions.models import Proposal
from jiazhan.suggestions.selectors import deputy as reads
from jiazhan.suggestions.services import cosigning, writing
from jiazhan.suggestions.states import WRITING
from jiazhan.web.ui.guards import needs

from . import proposal_page
from .frame import page
from .proposals import seen_by_me

SHOWN = 60
REFUSALS = (
    StepRefused, access.NotYours, words.WordsMissing, words.WordsTooLong, writing.NotSitting, cosigning.NotOfCongress,
    cosigning.NotInvited, cosigning.TextMovedOn,
)  # fmt: skip


@needs(Permission.PROPOSAL_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def cosigners(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    """Who was asked and what they said; below, the sitting deputies who can be asked."""
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    if not access.is_lead(request.user, proposal):
        raise Http404
    if proposal.state not in WRITING:
        return redirect("deputy:proposal", proposal.jurisdiction, proposal.pk)
    if request.method == "POST":
        return _invite(request, proposal)
    return _cosigners(request, proposal)


@needs(Permission.PROPOSAL_WRITE)
@require_POST
def remind(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    try:
        count = cosigning.remind(proposal, by=request.user, at=timezone.now())
        said = ngettext(
            "已提醒 %(count)s 位代表，每天最多提醒一次。", "已提醒 %(count)s 位代表，每天最多提醒一次。", count
        )
        messages.success(request, said % {"count": count})
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("deputy:proposal-cosigners", proposal.jurisdiction, proposal.pk)


@needs(Permission.PROPOSAL_WRITE)
@require_POST
def remove(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, deputy_id: uuid.UUID) -> HttpResponse:
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    deputy = get_object_or_404(Deputy, pk=deputy_id)
    try:
        cosigning.remove(proposal, deputy=deputy, by=request.user, at=timezone.now())
        messages.success(request, _("已取消邀请%(name)s代表。") % {"name": deputy.name})
    except cosigning.NotInvited:
        # A second click: the deputy is off the list already.
        messages.info(request, _("%(name)s代表已不在名单上。") % {"name": deputy.name})
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("deputy:proposal-cosigners", proposal.jurisdiction, proposal.pk)


@needs(Permission.PROPOSAL_WRITE)
@require_POST
def confirm(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    """Sign the text as the page showed it."""
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    version = request.POST.get("version", "")
    if not version.isdecimal():
        raise Http404
    note = request.POST.get("note", "")
    try:
        cosigning.confirm(proposal, version=int(version[:9]), by=request.user, at=timezone.now(), note=note)
    except REFUSALS as refusal:
        return _again(request, jurisdiction, proposal_id, str(refusal))
    messages.success(request, _("已确认联名。内容再有修改，会请您重新确认。"))
    return redirect("deputy:proposal", proposal.jurisdiction, proposal.pk)


@needs(Permission.DEPUTY_HOME)
@require_POST
def decline(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID) -> HttpResponse:
    """Say no, or take the signature back."""
    proposal = seen_by_me(request, jurisdiction, proposal_id)
    try:
        cosigning.decline(proposal, by=request.user, at=timezone.now(), note=request.POST.get("note", ""))
    except REFUSALS as refusal:
        return _again(request, jurisdiction, proposal_id, str(refusal))
    messages.success(request, _("已告知领衔代表，您不参加联名。"))
    return redirect(f"{reverse('deputy:proposals')}?tab=sign")


def _again(request: HttpRequest, jurisdiction: str, proposal_id: uuid.UUID, refusal: str) -> HttpResponse:
    now = seen_by_me(request, jurisdiction, proposal_id)
    return proposal_page.shown(request, now, refusal=refusal, status=409)


def _invite(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    picked = []
    for each in request.POST.getlist("deputies")[:300]:
        try:
            picked.append(uuid.UUID(each))
        except ValueError:
            continue
    deputies = list(Deputy.objects.filter(pk__in=picked).select_related("account"))
    if not deputies:
        return _cosigners(request, proposal, refusal=_("还没有选代表。请先勾选，再点邀请。"), status=422)
    try:
        cosigning.invite(proposal, deputies=deputies, by=request.user, at=timezone.now())
    except REFUSALS as refusal:
        now = seen_by_me(request, proposal.jurisdiction, proposal.pk)
        return _cosigners(request, now, refusal=str(refusal), status=409)
    messages.success(request, _("已邀请 %(count)s 位代表，对方看过全文后自己确认。") % {"count": len(deputies)})
    return redirect("deputy:proposal-cosigners", proposal.jurisdiction, proposal.pk)


def _cosigners(request: HttpRequest, proposal: Proposal, *, refusal: str = "", status: int = 200) -> HttpResponse:
    q, chosen = request.GET.get("q", "").strip()[:40], request.GET.get("delegation", "")
    groups = reads.delegations(proposal.term)
    delegation = next((str(each.pk) for each in groups if str(each.pk) == chosen), "")
    found = reads.candidates(proposal, words=q, delegation=delegation)
    context: dict[str, Any] = {
        "proposal": proposal,
        "at": {"jurisdiction": proposal.jurisdiction, "proposal_id": proposal.pk},
        "asked": list(proposal.cosigners.select_related("deputy").order_by("invited_at", "pk")),
        "waiting": proposal.cosigners.filter(consent__in=UNCONFIRMED).count(),
        "confirmed": proposal.cosigners.filter(consent=Consent.CONFIRMED).count() + 1,
        "needed": rules.signers_needed(proposal),
        "candidates": [(each.deputy.pk, each.deputy.name, _about(each), "") for each in found[:SHOWN]],
        "more": max(0, len(found) - SHOWN),
        "delegations": [(str(each.pk), each.name) for each in groups],
        "q": q,
        "delegation": delegation,
        "here": f"?{urlencode({'q': q, 'delegation': delegation})}",
        "refusal": refusal,
    }
    return page(request, "deputy/proposal_cosigners.html", context, place="proposals", status=status)


def _about(each: reads.Candidate) -> str:
    return " · ".join(filter(None, [each.delegation.name if each.delegation else "", each.deputy.employer]))
