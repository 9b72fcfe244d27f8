"""The page of one proposal, and the acts on it."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiazhan.kernel import parameters
from jiazhan.kernel.outcomes import Decision, Ruling
from jiazhan.notifications import selectors as notices
from jiazhan.notifications import services as notifying
from jiazhan.people.permissions import Permission as P
from jiazhan.suggestions import access
from jiazhan.suggestions import parameters as names
from jiazhan.suggestions.models import Extension, Proposal
from jiazhan.suggestions.selectors import search
from jiazhan.suggestions.states import BEFORE_ASSIGNING, HOLDING, WORKFLOW
from jiazhan.web.office.frame import forget_draft, page
from jiazhan.web.office.refusals import sentence_of, status_of
from jiazhan.web.ui.guards import View, needs

from .acts import ACTS, Act, ActForm, Situation
from .reach import DESK
from .story import story

MOST_SIMILAR = 6


@dataclass(frozen=True)
class Offer:
    """An act as the page draws it; `refusal` and the open form where it was just refused."""

    act: Act
    form: ActForm
    refusal: str = ""


@needs(*DESK)
@require_safe
def proposal(request: HttpRequest, jurisdiction: str, proposal_id: str) -> HttpResponse:
    """The proposal: its text, its units, what can be done now, its record. Looking at it reads the notices about it."""
    held = access.get_for(request.user, jurisdiction, proposal_id)
    unread, about = notices.unread_and_about(request.user, str(held.pk))
    notifying.mark_read(request.user, about, at=timezone.now())
    return case_page(request, held, unread=None if about else unread)


def acting(act: Act) -> View:
    """The view that takes an act: shows it again with its words where they do not fit or the service refuses."""

    @needs(*sorted(act.permissions))
    @require_POST
    def take(request: HttpRequest, jurisdiction: str, proposal_id: str) -> HttpResponse:
        held = access.get_for(request.user, jurisdiction, proposal_id)
        situation = situation_of(request, held)
        form = act.form(request.POST, situation=situation, name=act.name)
        if not form.is_valid():
            return case_page(request, held, refused=Offer(act, form), status=422)
        if form.is_behind():
            said = _("这件建议刚刚变成了“%(state)s”。请先看清现在的情况，还要办就再点一次；您填写的内容都在。")
            said %= {"state": held.get_state_display()}
            return case_page(request, held, refused=Offer(act, _as_it_stands(act, form), said), status=409)
        try:
            act.run(held, by=request.user, at=situation.at, **form.given())
        except Exception as error:
            said = sentence_of(error)
            fresh = access.get_for(request.user, jurisdiction, proposal_id)
            return case_page(request, fresh, refused=Offer(act, form, said), status=status_of(error))
        messages.success(request, str(act.done))
        forget_draft(request, f"{act.name}:{proposal_id}")
        if not access.visible_to(request.user).filter(jurisdiction=jurisdiction, pk=proposal_id).exists():
            return redirect("office:proposals")
        return redirect("office:proposal", jurisdiction=jurisdiction, proposal_id=proposal_id)

    return take


def case_page(
    request: HttpRequest, held: Proposal, *, refused: Offer | None = None, status: int = 200, unread: int | None = None
) -> HttpResponse:
    """The page of a proposal as it stands, with the refused act open and its words kept."""
    situation = situation_of(request, held)
    offers = _offers(situation, refused)
    context = story(situation)
    context |= {
        "acts": [each for each in offers if each.act.group == "step"],
        "tidying": [each for each in offers if each.act.group == "tidy"],
        "may_merge": "merge" in situation.steps,
        "may_supervise": bool(held.assigned_at) and P.PROPOSAL_READ in request.user.permissions,
        "refused": refused,
        "today": situation.today,
    }
    return page(
        request, "office/proposals/case.html", context, current="office:proposals", status=status, unread=unread
    )


def situation_of(request: HttpRequest, held: Proposal) -> Situation:
    """Who looks, and what is theirs to do now."""
    at, user = timezone.now(), request.user
    steps = frozenset(
        name
        for name, rule in WORKFLOW.steps_from(held.state).items()
        if rule.permission is not None and access.may(user, name, held)
    )
    parts = list(
        held.handlings.filter(state__in=HOLDING)
        .select_related("unit", "handler", "signed_by")
        .order_by("assigned_at", "id")
    )
    for each in parts:
        each.proposal = held
    asked = Extension.objects.filter(
        jurisdiction=held.jurisdiction, handling__in=[each.pk for each in parts], decision=Decision.PENDING
    ).select_related("handling__unit", "requested_by")
    objections = held.objections.filter(ruling=Ruling.PENDING).select_related("proposed_unit", "handling__unit")
    situation = Situation(
        user=user, proposal=held, at=at, today=timezone.localdate(at), steps=steps, parts=tuple(parts),
        objections=tuple(objections), extensions=tuple(asked),
    )  # fmt: skip
    return replace(situation, similar=_similar(held)) if held.state in BEFORE_ASSIGNING else situation


def _similar(held: Proposal) -> tuple[search.Similar, ...]:
    """Those like it, of this and of former years, also those not accepted yet: it may be merged with one of them."""
    text = f"{held.facts}{held.cause}{held.request}"
    found = search.similar(
        text, title=held.title, congress_area=held.congress_area, exclude=held.pk, states=access.SUBMITTED_EVER,
        most=MOST_SIMILAR,
    )  # fmt: skip
    return tuple(found)


def _offers(situation: Situation, refused: Offer | None) -> list[Offer]:
    offers = [
        refused if refused and refused.act is act else Offer(act, act.form(situation=situation, name=act.name))
        for act in ACTS.values()
        if act.is_offered(situation)
    ]
    if parameters.get(names.THROUGH_GOVERNMENT, situation.proposal.congress_area):
        # Where a congress works so, handing it to the government is the way on; assigning it directly stays possible.
        offers.sort(key=lambda each: each.act.name != "forward_to_government")
    # What was typed is kept also where the step is no longer open.
    return offers if refused is None or refused in offers else [refused, *offers]


def _as_it_stands(act: Act, form: ActForm) -> ActForm:
    """The same words over the state as it is now."""
    data = form.data.copy()
    data[form.add_prefix("seen")] = form.proposal.state
    return act.form(data, situation=form.situation, name=act.name)
