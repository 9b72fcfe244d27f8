"""Devices that have logged in before, remembered by the device itself in a signed cookie: so the owner of an account is
told apart from strangers who guess at it. Holds no names, and lets nobody in by itself."""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from . import crypto

COOKIE = "jiazhan_device"
LIFETIME = 180 * 24 * 3600
# A shared computer at a desk: the accounts used last.
KEPT = 12
_SALT = "jiazhan device"


def known_as(request: HttpRequest, name: str) -> str:
    """The id of this device if it has logged in under a name before, else an empty string."""
    device, marks = _read(request)
    return device if _mark(device, name) in marks else ""


def remember(request: HttpRequest, response: HttpResponse, names: list[str]) -> None:
    """Note on the device that it has logged in under these names."""
    device, marks = _read(request)
    device = device or secrets.token_urlsafe(12)
    fresh = [_mark(device, name) for name in names]
    marks = (fresh + [mark for mark in marks if mark not in fresh])[:KEPT]
    value = signing.dumps([device, *marks], salt=_SALT)
    response.set_cookie(
        COOKIE, value, max_age=LIFETIME, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, *marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIFETIME)
    except (signing.BadSignature, ValueError):
        return "", []
    return device, marks


def _mark(device: str, name: str) -> str:
    return crypto.digest(f"device {device} {name}")[:16]
