"""One-time codes sent to a phone: to log in, and to verify a phone on a form without an account.

    ticket = phone_codes.request(typed, address=client_address(request), at=now)    # sends the message
    phone = phone_codes.check(ticket, typed_code, at=now)    # the eleven digits
    token = phone_codes.prove(ticket, typed_code, at=now)    # the same as a token for a form
    phone = phone_codes.verified_phone(token, at=now)    # later, when the form is sent

The ticket goes back in a hidden field (or the session) of who asked: without it nobody can try, use up or replay a
code, so a stranger who knows the number cannot spoil the owner's. The answers are the same whether or not the phone
has an account. `check` counts wrong tries: catch its refusals inside the request's transaction, never undo that.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

from django.core import signing
from django.db import connection, transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from jiazhan.people import crypto, phones, sms
from jiazhan.people.models import PhoneCode

from .throttle import wait_words

LIFETIME = timedelta(minutes=10)
TOKEN_LIFETIME = timedelta(hours=2)
KEPT = timedelta(days=2)
TRIES = 5
BETWEEN = timedelta(minutes=1)
PER_PHONE_A_DAY = 10
# A family, an office or a whole street may stand behind one address.
PER_ADDRESS_AN_HOUR = 60
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
_SALT = "jiazhan phone verified"


class TooSoon(Exception):
    """A code was sent a moment ago, or too many were; carries how long to wait."""

    code = "phone-code-too-soon"

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        words = _("短信发得太勤了。请过%(wait)s再取验证码；刚才的验证码 10 分钟内有效。")
        super().__init__(words % {"wait": wait_words(wait)})


class WrongCode(Exception):
    """Not the code that was sent; carries how many tries are left."""

    code = "phone-code-wrong"

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(_("验证码不对，还可以试 %(left)s 次。") % {"left": left})


class CodeSpent(Exception):
    """The code was used, ran out, or was tried too often; a new one is needed."""

    code = "phone-code-spent"

    def __init__(self) -> None:
        super().__init__(_("这个验证码已经失效（用过、超过 10 分钟或输错太多次）。请重新获取验证码。"))


class NotVerified(Exception):
    """The token is not ours, was altered, or is older than two hours."""

    code = "phone-not-verified"

    def __init__(self) -> None:
        super().__init__(_("手机号的验证已经过期。请重新获取验证码；您填写的内容都还在。"))


def request(phone: str, *, address: str, at: datetime, is_known_device: bool = False) -> str:
    """Send a fresh code to a phone as typed and return the ticket that `check` wants.

    Raises phones.NotAPhone, TooSoon (a minute between two, ten a day for a phone, sixty an hour for an address) and
    sms.NotSent (nothing is kept then). What a known device asks for is counted apart: strangers cannot use it up.
    """
    digits = phones.normalise(phone)
    ticket, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06}"
    with transaction.atomic():
        row = PhoneCode(
            ticket=crypto.digest(ticket),
            phone_encrypted=crypto.encrypt(digits),
            phone_digest=crypto.digest(digits),
            address_digest=crypto.digest(f"address {address}"),
            code_digest=_code_digest(ticket, code),
            is_known_device=is_known_device,
            sent_at=at,
            expires_at=at + LIFETIME,
        )
        _keep_pace(row)
        row.save(force_insert=True)
        text = _("【家站】验证码 %(code)s，10 分钟内有效。工作人员不会向您要验证码，请不要告诉别人。")
        sms.send(digits, text % {"code": code})
    return ticket


def check(ticket: str, code: str, *, at: datetime) -> str:
    """The eleven digits of the phone whose code this is; the code is used up by it.

    Raises WrongCode, and CodeSpent after five wrong tries, ten minutes, or use. Two tries at once wait for each other.
    """
    typed = phones.digits_of(code)
    with transaction.atomic():
        row = PhoneCode.objects.select_for_update().filter(ticket=crypto.digest(ticket)).first()
        if row is None or row.used_at is not None or row.expires_at <= at or row.tries >= TRIES:
            raise CodeSpent
        row.tries += 1
        is_right = constant_time_compare(row.code_digest, _code_digest(ticket, typed))
        if is_right:
            row.used_at = at
        row.save(update_fields=["tries", "used_at"])
    # After the block, so that the refusal does not undo the count.
    if not is_right:
        if row.tries >= TRIES:
            raise CodeSpent
        raise WrongCode(TRIES - row.tries)
    return crypto.decrypt(row.phone_encrypted)


def prove(ticket: str, code: str, *, at: datetime) -> str:
    """Like `check`, but returns a sealed token that a form can carry for two hours. Raises as `check` does."""
    sealed = urlsafe_b64encode(crypto.encrypt(check(ticket, code, at=at))).decode()
    return signing.dumps({"phone": sealed, "at": at.timestamp()}, salt=_SALT)


def verified_phone(token: str, *, at: datetime) -> str:
    """The phone that a token of `prove` stands for. Raises NotVerified."""
    try:
        proof = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise NotVerified from None
    if not 0 <= at.timestamp() - proof["at"] <= TOKEN_LIFETIME.total_seconds():
        raise NotVerified
    return crypto.decrypt(urlsafe_b64decode(proof["phone"]))


def forget_old(*, at: datetime) -> int:
    """Delete codes that no limit counts any more; returns how many."""
    deleted, _by_model = PhoneCode.objects.filter(sent_at__lt=at - KEPT).delete()
    return deleted


def _keep_pace(row: PhoneCode) -> None:
    """Raises TooSoon. Requests for one phone wait for each other, so that two at once count as two."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [row.phone_digest])
    at = row.sent_at
    of_phone = PhoneCode.objects.filter(phone_digest=row.phone_digest, is_known_device=row.is_known_device)
    sent = list(of_phone.filter(sent_at__gt=at - DAY).order_by("sent_at").values_list("sent_at", flat=True))
    if sent and at - sent[-1] < BETWEEN:
        raise TooSoon(BETWEEN - (at - sent[-1]))
    if len(sent) >= PER_PHONE_A_DAY:
        raise TooSoon(sent[-PER_PHONE_A_DAY] + DAY - at)
    of_address = PhoneCode.objects.filter(address_digest=row.address_digest, sent_at__gt=at - HOUR)
    if not row.is_known_device and of_address.count() >= PER_ADDRESS_AN_HOUR:
        raise TooSoon(timedelta(minutes=10))


def _code_digest(ticket: str, code: str) -> str:
    return crypto.digest(f"code {ticket} {code}")
