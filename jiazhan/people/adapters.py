"""How django-allauth behaves here: accounts are made by an office, guessing is slowed, secrets are sealed."""

import base64
import io
import time
from datetime import timedelta
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.httpkit import get_client_ip
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import crypto, devices
from .models import Account
from .services.throttle import Gate, TooManyTries

# A working day; whoever is away longer than the idle time logs in again (web.ui.sessions).
STAFF_SESSION = timedelta(hours=12)
PHONE_SESSION = timedelta(days=14)
FRESH_LOGIN = timedelta(minutes=10)


def client_address(request: HttpRequest) -> str:
    """The address that limits count by: of IPv6 the network of 64 bits, behind proxies what the last trusted one saw
    (settings.ALLAUTH_TRUSTED_PROXY_COUNT)."""
    return truncate_ip(get_client_ip(request) or "0.0.0.0")


def is_safe_path(url: str) -> bool:
    """Whether a `next` stays here: a path of this site, nothing with a host or scheme."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy("用户名或密码不对。请核对后再输；忘了密码请找本单位管理员重置。"),
        "incorrect_password": gettext_lazy("密码不对，请再输一次。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        return is_safe_path(url)

    def get_client_ip(self, request: HttpRequest) -> str:
        return get_client_ip(request) or "0.0.0.0"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Not allauth's limit, which locks the account for everybody: `authenticate` has the gate instead."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """Check a password behind the gate (services.throttle). Raises ValidationError while a wait is running."""
        username, at = credentials.get("username", "").strip().lower(), timezone.now()
        device = devices.known_as(request, f"username {username}")
        gate = Gate("password", account=username, address=client_address(request), device=device)
        try:
            gate.enter(at=at)
        except TooManyTries as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal
        account = super().authenticate(request, **credentials | {"username": username})
        if account is None:
            gate.failed(at=at)
        else:
            gate.passed()
        return account

    def login(self, request: HttpRequest, user: Account) -> None:
        super().login(request, user)
        at = timezone.now()
        is_staff = user.kind == Account.Kind.STAFF or bool(user.current_posts)
        # Of staff a fixed end, however busy the session is.
        request.session.set_expiry(at + STAFF_SESSION if is_staff else int(PHONE_SESSION.total_seconds()))
        request.session["is_staff"] = is_staff
        request.session["seen_at"] = int(at.timestamp())

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        names = [f"username {user.username}"] if user.username else []
        names += [f"phone {user.phone_digest}"] if user.phone_digest else []
        devices.remember(request, response, [*names, f"account {user.pk}"])
        return response

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kw: Any):
        """Logging in and out says itself by the page that follows."""
        if message_template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, message_template, *args, **kw)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within ten minutes of this session's own login."""
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] > FRESH_LOGIN.total_seconds()


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("验证码不对。请看验证器上最新的 6 位数字，再输一次。"),
        "cannot_delete_authenticator": gettext_lazy("您的岗位必须保留一种第二步验证。请先添加另一种，再移除这一种。"),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.encrypt(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(base64.b64decode(encrypted_text))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not authenticator.user.needs_second_factor:
            return True
        factors = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=factors)
        return others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Account, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("通行密钥 %(n)s") % {"n": count + 1}

    def build_totp_svg(self, url: str) -> str:
        picture = io.BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", scale=5, border=4, light="#fff", xmldecl=False)
        return picture.getvalue().decode()

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()
