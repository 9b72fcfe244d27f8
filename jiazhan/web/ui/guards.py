"""Whom a view admits, and the scope it works in. Every route says one of the two; a rules-test reads it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from jiazhan.kernel import scope
from jiazhan.people.access import jurisdictions_of
from jiazhan.people.permissions import Permission
from jiazhan.places.selectors import congresses_above_counties, jurisdictions_served

View = Callable[..., HttpResponse]


def needs(*permissions: Permission) -> Callable[[View], View]:
    """Admit who is logged in and holds any of the permissions, with a second factor set up where the role needs one and
    no password that somebody else knows: those are led there first and come back.

    The view runs in one transaction that sees the jurisdictions of the person's posts. A stranger's jurisdiction in the
    address is a 404; a missing permission is a 403.
    """
    if not permissions:
        raise TypeError("needs() takes at least one permission")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            if first := _to_do_first(request):
                return first
            if not request.user.permissions.intersection(permissions):
                raise PermissionDenied
            mine = jurisdictions_of(request.user)
            if kwargs.get("jurisdiction", next(iter(mine), "")) not in mine:
                raise Http404
            with scope.within(mine):
                return _rendered(view(request, *args, **kwargs))

        guarded.admits = frozenset(permissions)  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """Admit who is logged in, whatever they hold: the pages about one's own account. The scope is the person's own."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        with scope.within(jurisdictions_of(request.user)):
            return _rendered(view(request, *args, **kwargs))

    guarded.admits = "signed-in"  # type: ignore[attr-defined]
    return guarded


def anyone(view: View) -> View:
    """Admit everybody. The scope is the jurisdiction in the address, else all that are served here: the counties, and the
    cities and provinces whose congress handles its proposals here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        served = {*jurisdictions_served(), *congresses_above_counties()}
        wanted = kwargs.get("jurisdiction")
        if wanted is not None and wanted not in served:
            raise Http404
        with scope.within([wanted] if wanted else sorted(served)):
            return _rendered(view(request, *args, **kwargs))

    guarded.admits = "anyone"  # type: ignore[attr-defined]
    return guarded


def _rendered(response: HttpResponse) -> HttpResponse:
    """Render what is lazy while the scope is still open."""
    if hasattr(response, "render") and callable(response.render):
        return response.render()
    return response


def _to_do_first(request: HttpRequest) -> HttpResponse | None:
    """Where to go before anything else, with the way back; None where nothing is open."""
    account = request.user
    if account.is_password_temporary:
        step = "account_change_password"
    elif account.needs_second_factor and not _has_second_factor(request):
        step = "mfa_index"
    else:
        return None
    back = request.get_full_path() if request.method == "GET" else "/home/"
    return redirect(f"{reverse(step)}?{urlencode({'next': back})}")


def _has_second_factor(request: HttpRequest) -> bool:
    """Whether this login was made with a second factor, or the account has set one up: from then on every login needs
    it, and sessions from before were ended (accounts.keep_second_factor)."""
    if any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user)):
        return True
    factors = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user_id=request.user.pk, type__in=factors).exists()
