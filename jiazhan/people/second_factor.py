"""The forms of the second step: tries behind the gate, and no code twice."""

import struct
import time
from typing import Any

from allauth.core import context
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal import auth
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import crypto, devices
from .adapters import MFAAdapter, client_address
from .models import Account
from .phones import digits_of
from .services.throttle import Gate, TooManyTries

# Longer than a code of the authenticator app is accepted (its half minute and one on either side).
_SPENT_FOR = 120


def is_right(account: Account, code: str) -> Authenticator | None:
    """The authenticator app or list of recovery codes that a code belongs to; each counts once, in all processes."""
    code = digits_of(code)
    order = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(user_id=account.pk, type__in=order)
        for row in sorted(rows, key=lambda row: order.index(row.type)):
            if row.wrap().validate_code(code) and _spend(row, code):
                return Authenticator.objects.get(pk=row.pk)
    return None


def _spend(row: Authenticator, code: str) -> bool:
    """Remember a code of the app as used; False where it was. Recovery codes keep their own list."""
    if row.type != Authenticator.Type.TOTP:
        return True
    now, mark = int(time.time()), crypto.digest(f"totp {row.pk} {code}")[:16]
    spent = {each: at for each, at in row.data.get("spent", {}).items() if now - at < _SPENT_FOR}
    if mark in spent:
        return False
    row.data["spent"] = spent | {mark: now}
    row.save(update_fields=["data"])
    return True


class _Gated:
    """Checks `code` behind the gate. An attacker here knows the password already, so waits begin early."""

    user: Account
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        at, request = timezone.now(), context.request
        device = devices.known_as(request, f"account {self.user.pk}")
        gate = Gate("second factor", account=str(self.user.pk), address=client_address(request), device=device)
        try:
            gate.enter(at=at)
        except TooManyTries as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from refusal
        if not self.check_code(self.cleaned_data["code"]):
            gate.failed(at=at)
            raise MFAAdapter().validation_error("incorrect_code")
        gate.passed()
        return self.cleaned_data["code"]

    def check_code(self, code: str) -> bool:
        authenticator = is_right(self.user, code)
        if authenticator is None:
            return False
        authenticator.user = self.user
        self.authenticator = authenticator
        return True


class AuthenticateForm(_Gated, base.AuthenticateForm):
    pass


class ReauthenticateForm(_Gated, base.ReauthenticateForm):
    pass


class ActivateForm(_Gated, totp.ActivateTOTPForm):
    def check_code(self, code: str) -> bool:
        return auth.validate_totp_code(self.secret, digits_of(code))


# What an answer that no device gave can raise, besides the library's own refusal; the server has not failed.
_REFUSED = (
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    AttributeError,
    struct.error,
    InvalidSignature,
    ValidationError,
)


class _Readable:
    """Refuses a passkey's answer that was made up or cut short."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except _REFUSED as error:
            raise ValidationError(_("没有认出这个通行密钥，请再试一次。"), code="passkey-refused") from error


class LoginByPasskeyForm(_Readable, webauthn.LoginWebAuthnForm):
    pass


class AuthenticateByPasskeyForm(_Readable, webauthn.AuthenticateWebAuthnForm):
    pass


class ReauthenticateByPasskeyForm(_Readable, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except _REFUSED as error:
            raise ValidationError(_("没有认出这个通行密钥，请再试一次。"), code="passkey-refused") from error
