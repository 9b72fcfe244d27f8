"""Joining an open matter that somebody near by raised, instead of writing it again.

Without a login no phone is asked for: an unproved number that is refused as known would tell strangers who joined what.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from jiazhan.opinions.services import joining
from jiazhan.opinions.services.authors import ANONYMOUS, Author
from jiazhan.people.services import pace
from jiazhan.places.models import Station
from jiazhan.web.ui.guards import anyone

from . import grants, human, similar
from .draft import Draft, seal
from .forms import LONGEST_NOTE, JoinForm
from .frame import page
from .say import carries_draft, spend
from .sending import resident_of


@anyone
@require_POST
@carries_draft
def join(request: HttpRequest, station: Station, draft: Draft) -> HttpResponse:
    """Shows the matter and what the person wrote as their addition to it."""
    return join_page(request, station, draft)


@anyone
@require_POST
@carries_draft
def send(request: HttpRequest, station: Station, draft: Draft) -> HttpResponse:
    at = timezone.now()
    form = JoinForm(request.POST)
    if not form.is_valid():
        return join_page(request, station, draft, form=form, status=422)
    try:
        spend(request, draft, at=at)
    except human.LooksLikeARobot as refusal:
        return join_page(request, station, draft, form=form, notice=str(refusal), status=422)
    except pace.TooFast as refusal:
        return join_page(request, station, draft, form=form, notice=str(refusal), status=429)
    try:
        grant = _join(request, station, draft, form.cleaned_data["note"], at=at)
    except (joining.NotOpen, joining.NoteTooLong, joining.AlreadyJoined) as refusal:
        return join_page(request, station, draft, form=form, notice=str(refusal), status=409)
    return redirect("public:sent", jurisdiction=grant.jurisdiction, opinion_id=grant.opinion_id)


def join_page(request, station, draft, *, form=None, notice="", status=200) -> HttpResponse:
    _opinion, near = similar.opened(request.POST.get("matter", ""), station)
    resident = resident_of(request)
    form = form or JoinForm()
    context = {
        "station": station,
        "draft": draft,
        "sealed": seal(draft),
        "matter": near,
        "form": form,
        "note": form.data.get("note", draft.body[:LONGEST_NOTE]),
        "known_phone": resident.phone_masked if resident else "",
        "trap": human.TRAP,
        "notice": notice,
        "place_name": station.name,
    }
    return page(request, "public/join.html", context, jurisdiction=station.jurisdiction, status=status)


def _join(request: HttpRequest, station: Station, draft: Draft, note: str, *, at: datetime) -> grants.Grant:
    opinion, _near = similar.opened(request.POST.get("matter", ""), station)
    resident = resident_of(request)
    author = Author(account=resident) if resident else ANONYMOUS
    joined = joining.join(opinion, author=author, note=note, nonce=f"join-{draft.seed}-{opinion.pk.hex}"[:64], at=at)
    held = joined.supporter.opinion
    return grants.give(
        request, jurisdiction=held.jurisdiction, opinion_id=held.pk, code=joined.follow_code, supporter_id=joined.supporter.pk
    )  # fmt: skip
