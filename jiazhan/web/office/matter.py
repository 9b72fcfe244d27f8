"""The page of one matter, and the acts on it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jiazhan.notifications import selectors as notices
from jiazhan.notifications import services as notifying
from jiazhan.opinions import access, selectors
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.selectors import presence
from jiazhan.opinions.services import contacting, ending
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission as P
from jiazhan.web.ui.guards import View, needs

from .acts import ACTS, Act, ActForm, Situation
from .frame import DESK, forget_draft, page
from .refusals import sentence_of, status_of
from .story import story


@dataclass(frozen=True)
class Offer:
    """An act as the page draws it; `refusal` and the open form where it was just refused."""

    act: Act
    form: ActForm
    refusal: str = ""


@needs(*DESK)
@require_safe
def opinion(request: HttpRequest, jurisdiction: str, opinion_id: str) -> HttpResponse:
    """The matter: its story, what can be done now, its record. Looking at it reads the notices about it."""
    matter = access.get_for(request.user, jurisdiction, opinion_id)
    at = timezone.now()
    parts = presence.parts_of(matter)
    if parts & _stamps_of(request.user):
        ending.see(matter, by=request.user, at=at)
    unread, about = notices.unread_and_about(request.user, str(matter.pk))
    notifying.mark_read(request.user, about, at=at)
    return matter_page(request, matter, parts=parts, unread=None if about else unread)


def _stamps_of(user: Account) -> frozenset[str]:
    """The stamps that this person's looking may set (`ending.see` decides), as `presence.parts_of` names them."""
    found = {"unseen_by_office"} if P.OPINION_FORWARD in user.permissions else set()
    return frozenset(found | ({"unseen_by_deputy"} if hasattr(user, "deputy") else set()))


def acting(act: Act) -> View:
    """The view that takes an act: shows it again with its words where they do not fit or the service refuses."""

    @needs(*sorted(act.permissions))
    @require_POST
    def take(request: HttpRequest, jurisdiction: str, opinion_id: str) -> HttpResponse:
        matter = access.get_for(request.user, jurisdiction, opinion_id)
        situation = _situation(request, matter)
        form = act.form(request.POST, situation=situation, name=act.name)
        if not form.is_valid():
            return matter_page(request, matter, refused=Offer(act, form), status=422)
        if form.is_behind():
            said = _("这件事刚刚变成了“%(state)s”。请先看清现在的情况，还要办就再点一次；您填写的内容都在。")
            again = _as_it_stands(act, form)
            return matter_page(
                request, matter, refused=Offer(act, again, said % {"state": matter.get_state_display()}), status=409
            )
        try:
            act.run(matter, by=request.user, at=situation.at, **form.given())
        except Exception as error:
            said = sentence_of(error)
            fresh = access.get_for(request.user, jurisdiction, opinion_id)
            return matter_page(request, fresh, refused=Offer(act, form, said), status=status_of(error))
        messages.success(request, str(act.done))
        forget_draft(request, f"{act.name}:{opinion_id}")
        if not access.visible_to(request.user).filter(jurisdiction=jurisdiction, pk=opinion_id).exists():
            return redirect("office:queue")
        return redirect("office:opinion", jurisdiction=jurisdiction, opinion_id=opinion_id)

    return take


@needs(P.CONTACT_REVEAL)
@require_POST
@never_cache
def reveal(request: HttpRequest, jurisdiction: str, opinion_id: str) -> HttpResponse:
    """Show the author's name and number once, with the reason kept in the record."""
    matter = access.get_for(request.user, jurisdiction, opinion_id)
    reason = request.POST.get("reason", "")
    try:
        contact = contacting.reveal_author(matter, reason=reason, by=request.user, at=timezone.now())
    except Exception as error:
        kept = {"reveal_refusal": sentence_of(error), "reveal_reason": reason}
        return matter_page(request, matter, status=422, **kept)
    return matter_page(request, matter, revealed=contact)


def matter_page(
    request: HttpRequest, matter: Opinion, *, refused: Offer | None = None, status: int = 200,
    parts: frozenset[str] | None = None, unread: int | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """The page of a matter as it stands, with the refused act open and its words kept."""
    situation = _situation(request, matter, parts)
    offers = _offers(situation, refused)
    context = story(situation)
    context |= {
        "acts": [each for each in offers if each.act.group == "step"],
        "tidying": [each for each in offers if each.act.group == "tidy"],
        "missing": ending.missing_to_close(matter) if "close" in situation.steps else [],
        "refused": refused,
        "today": situation.today,
        "revealed": None,
        "reveal_refusal": "",
        "reveal_reason": "",
    }
    return page(request, "office/matter.html", context | more, current="office:queue", status=status, unread=unread)


def _situation(request: HttpRequest, matter: Opinion, parts: frozenset[str] | None = None) -> Situation:
    at = timezone.now()
    today = timezone.localdate(at)
    steps = frozenset(button.step for button in selectors.steps_for(request.user, matter, today=today))
    return Situation(
        user=request.user, opinion=matter, at=at, today=today, steps=steps,
        parts=presence.parts_of(matter) if parts is None else parts,
    )  # fmt: skip


def _offers(situation: Situation, refused: Offer | None) -> list[Offer]:
    offers = [
        refused if refused and refused.act is act else Offer(act, act.form(situation=situation, name=act.name))
        for act in ACTS.values()
        if act.is_offered(situation)
    ]
    # What was typed is kept also where the step is no longer open.
    return offers if refused is None or refused in offers else [refused, *offers]


def _as_it_stands(act: Act, form: ActForm) -> ActForm:
    """The same words over the state as it is now."""
    data = form.data.copy()
    data[form.add_prefix("seen")] = form.opinion.state
    return act.form(data, situation=form.situation, name=act.name)
