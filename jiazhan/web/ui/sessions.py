"""Keeps a login alive while it is used: notes it seldom, and ends one of staff that was left alone."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

NOTED_EVERY = 10 * 60
# 等保 2.0: a desk that was left alone is not an open door. Residents and deputies on their own phone stay logged in.
STAFF_IDLE = 2 * 3600


class SessionMiddleware:
    """Writes at most one row for a session in ten minutes; nothing for visitors who are not logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and SESSION_KEY in request.session:
            self._keep(request, now=int(time.time()))
        return self.get_response(request)

    def _keep(self, request: HttpRequest, *, now: int) -> None:
        seen_at = request.session.get("seen_at", now - NOTED_EVERY)
        if now - seen_at < NOTED_EVERY:
            return
        if now - seen_at > STAFF_IDLE and request.session.get("is_staff"):
            logout(request)
            return
        request.session["seen_at"] = now
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
