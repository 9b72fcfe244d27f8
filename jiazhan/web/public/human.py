"""Telling people from robots without asking people anything: proof of work where scripts run, else patience and a trap.

A browser with scripts solves a challenge when the form is sent, half a second on a phone. Without scripts there is none,
so such a form must have been open for a moment, must leave a field that nobody sees empty, and has a lower limit for each
address (say.WITHOUT_WORK).
"""

from datetime import datetime, timedelta

import altcha
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jiazhan.web.ui.guards import anyone

TRAP = "website"
ALGORITHM, COST = "PBKDF2/SHA-256", 1000
VALID_FOR = timedelta(hours=2)
LEAST_SECONDS = 2


class LooksLikeARobot(Exception):
    """What came was not filled in by a person, as far as can be told."""

    code = "looks-like-a-robot"

    def __init__(self) -> None:
        super().__init__(
            _("没有通过防机器人检查，还没有提交，您写的都在。请再点一次「提交」；还是不行，请打联络站的电话。")
        )


@anyone
@require_safe
@never_cache
def challenge(request: HttpRequest) -> JsonResponse:
    """A fresh piece of work, about half a second on a phone."""
    fresh = altcha.create_challenge(ALGORITHM, COST, expires_at=timezone.now() + VALID_FOR, hmac_secret=_secret())
    return JsonResponse(fresh.to_dict())


def check(request: HttpRequest, *, started_at: datetime, at: datetime) -> bool:
    """Whether work was done; False for a form sent without scripts. Raises LooksLikeARobot."""
    if request.POST.get(TRAP):
        raise LooksLikeARobot
    if work := request.POST.get("altcha"):
        if not altcha.verify_solution(work, _secret()).verified:
            raise LooksLikeARobot
        return True
    if at - started_at < timedelta(seconds=LEAST_SECONDS):
        raise LooksLikeARobot
    return False


def _secret() -> str:
    return salted_hmac("jiazhan.web.public.human", "challenge").hexdigest()
