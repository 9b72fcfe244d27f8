"""Following a matter: by its code, then as long as this browser remembers. The code never stands in an address.

A printed code leads to /follow/#CODE: what comes after # stays in the browser, where a script puts it into the box.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jiazhan.kernel.text import mask
from jiazhan.opinions import access, screening
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.states import State
from jiazhan.people.adapters import client_address
from jiazhan.people.services import pace
from jiazhan.web.ui.guards import anyone
from jiazhan.web.ui.words import day

from . import followers, grants
from .forms import FollowForm
from .frame import page

GUESSING = pace.Pace("enter a follow code", burst=30, every=timedelta(minutes=1))


@anyone
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a code; a right one opens its matter for this browser."""
    if request.method != "POST":
        return page(request, "public/follow.html", {"form": FollowForm()})
    form = FollowForm(request.POST)
    if form.is_valid():
        try:
            pace.spend(GUESSING, client_address(request), at=timezone.now())
            found = access.by_follow_code(form.cleaned_data["code"])
        except (access.NotVisible, pace.TooFast) as refusal:
            form.add_error("code", str(refusal))
        else:
            opinion = found if isinstance(found, Opinion) else found.opinion
            supporter_id = None if isinstance(found, Opinion) else found.pk
            code = access.normal_code(form.cleaned_data["code"])
            grants.give(
                request, jurisdiction=opinion.jurisdiction, opinion_id=opinion.pk, code=code, supporter_id=supporter_id
            )
            return redirect("public:followed", jurisdiction=opinion.jurisdiction, opinion_id=opinion.pk)
    return page(request, "public/follow.html", {"form": form}, status=422)


@anyone
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget on this device what it follows: for a borrowed phone."""
    grants.forget(request)
    return redirect("public:follow")


@anyone
@never_cache
@require_safe
def sent(request: HttpRequest, jurisdiction: str, opinion_id: uuid.UUID) -> HttpResponse:
    """The code in large digits, what happens next and by when; only in the browser that sent."""
    grant = grants.found(request, jurisdiction, opinion_id)
    if grant is None or not grant.sealed_code:
        return redirect("public:follow")
    follower = followers.of(request, jurisdiction, opinion_id)
    opinion = follower.opinion
    context = {
        "opinion": opinion,
        "title": opinion.title if follower.is_author else mask(opinion.title),
        "code": grant.code,
        "is_joined": not follower.is_author,
        "warnings": screening.words_for_author(opinion.flags) if follower.is_author else [],
        "next_steps": _next_steps(follower.main),
        "follow_address": settings.ORIGIN + reverse("public:follow"),
        "station": opinion.station,
        "place_name": opinion.station.name,
    }
    return page(request, "public/sent.html", context, jurisdiction=jurisdiction)


def _next_steps(opinion: Opinion) -> list[dict[str, object]]:
    """What is to come, in the order in which it comes; days only where they are known."""
    station = opinion.station.name
    steps = [{"title": _("%(station)s收到") % {"station": station}, "at": opinion.raised_at, "state": "done"}]
    if opinion.state == State.REGISTERED:
        by = _("%(day)s前决定是否受理") % {"day": day(opinion.due_on)} if opinion.due_on else _("决定是否受理")
        steps.append({"title": by, "body": _("不受理会写明理由，告诉您该找谁。"), "state": "current"})
    steps += [
        {"title": _("代表提出意见，交给负责的单位"), "body": "", "state": "ahead"},
        {
            "title": _("单位办理并答复您"),
            "body": _("街道办的一般 15 个工作日内，区里办的 3 个月内。"),
            "state": "ahead",
        },
        {"title": _("您来评价"), "body": _("不满意可以要求重新办理一次。"), "state": "ahead"},
    ]
    return steps
