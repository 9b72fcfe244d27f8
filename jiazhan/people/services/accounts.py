"""Accounts, and what their owners and administrators may do to them."""

import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel.text import clean_line
from jiazhan.people import crypto, phones
from jiazhan.people.access import may_manage
from jiazhan.people.models import Account, AccountKind
from jiazhan.people.permissions import Permission

from . import sessions
from .reasons import required
from .recording import area_of, record_about

# Without characters that look alike when read aloud or copied by hand.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class UsernameTaken(Exception):
    """Another account has this user name."""

    code = "username-taken"

    def __init__(self, username: str) -> None:
        super().__init__(_("用户名「%(name)s」已经有人用了。请换一个，例如加上单位简称。") % {"name": username})


class PhoneTaken(Exception):
    """Another account has this phone."""

    code = "phone-taken"

    def __init__(self) -> None:
        super().__init__(_("这个手机号已经登记在另一个账号上。请先核对是不是同一个人。"))


class NotReachable(Exception):
    """Staff without a user name, or a deputy or resident without a phone, could never log in."""

    code = "not-reachable"

    def __init__(self) -> None:
        super().__init__(_("工作人员要有用户名，代表和群众要有手机号，否则无法登录。请补上再保存。"))


class OwnAccount(Exception):
    """Nobody does this to their own account: it takes two people."""

    code = "own-account"

    def __init__(self) -> None:
        super().__init__(_("不能对自己的账号做这件事。请另一位管理员来办。"))


class NotYoursToManage(Exception):
    """The account has posts outside the administrator's area, or is one of the 三员."""

    code = "not-yours-to-manage"

    def __init__(self) -> None:
        super().__init__(_("这个账号不归您管理。请找管辖它的管理员；三员的账号只由三员互相办理。"))


def new_password() -> str:
    """A password of sixteen letters and digits in groups of four, to be handed over once."""
    return "-".join("".join(secrets.choice(_LETTERS) for _n in range(4)) for _group in range(4))


@transaction.atomic
def create_account(
    kind: AccountKind | str,
    *,
    name: str,
    username: str = "",
    phone: str = "",
    password: str = "",
    area: str = "",
    by: audit.Acting,
    at: datetime,
) -> Account:
    """Make an account. A password given here counts as handed out: its owner changes it at the first login.

    Raises NotReachable, UsernameTaken, PhoneTaken, phones.NotAPhone, and ValidationError for a weak password. `area`
    says whose record takes the entry.
    """
    username, digits = clean_line(username).lower(), phones.normalise(phone) if phone else ""
    if not (username if kind == AccountKind.STAFF else digits):
        raise NotReachable
    account = Account(
        kind=kind, name=clean_line(name), username=username or None, created_at=at, is_password_temporary=bool(password)
    )
    _set_phone(account, digits)
    _set_password(account, password)
    if username and Account.objects.filter(username=username).exists():
        raise UsernameTaken(username)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        # Somebody was quicker; which of the two it was decides what to say.
        raise (PhoneTaken() if _has_phone(digits) else UsernameTaken(username)) from None
    record_about(account, "account.created", area=area, by=by, at=at, detail={"kind": str(kind), "name": account.name})
    return account


@transaction.atomic
def resident_of(phone: str, *, at: datetime) -> Account:
    """The account of a phone whose code was right; a resident's is made where there is none, once for two at once."""
    digits = phones.normalise(phone)
    account = Account(kind=AccountKind.RESIDENT, name=crypto.mask_phone(digits), created_at=at)
    _set_phone(account, digits, is_checked=True)
    account.set_unusable_password()
    Account.objects.bulk_create([account], ignore_conflicts=True)
    return Account.objects.get(phone_digest=crypto.digest(digits))


@transaction.atomic
def reset_password(account: Account, *, reason: str, by: audit.Acting, at: datetime) -> str:
    """A new password to hand over; the old one and all sessions end. Raises OwnAccount, NotYoursToManage, reasons.ReasonMissing."""
    account = _locked(account, by=by, permission=Permission.PEOPLE_MANAGE)
    reason = required(reason)
    password = new_password()
    account.set_password(password)
    account.is_password_temporary = True
    account.save(update_fields=["password", "is_password_temporary"])
    sessions.end_all(account)
    record_about(account, "account.password-reset", area=area_of(account), by=by, at=at, detail={"reason": reason})
    return password


@transaction.atomic
def change_password(account: Account, *, password: str, at: datetime) -> None:
    """The owner's own new password. Raises ValidationError for a weak one. Ends the account's other sessions by itself,
    because Django binds each to the password."""
    _set_password(account, password)
    account.is_password_temporary = False
    account.save(update_fields=["password", "is_password_temporary"])


@transaction.atomic
def deactivate(account: Account, *, reason: str, by: audit.Acting, at: datetime) -> Account:
    """Close an account: no login, no notices; its record stays. Raises OwnAccount, NotYoursToManage, reasons.ReasonMissing."""
    account = _locked(account, by=by, permission=Permission.PEOPLE_MANAGE)
    account.is_active = False
    account.save(update_fields=["is_active"])
    sessions.end_all(account)
    record_about(
        account, "account.deactivated", area=area_of(account), by=by, at=at, detail={"reason": required(reason)}
    )
    return account


@transaction.atomic
def reactivate(account: Account, *, reason: str, by: audit.Acting, at: datetime) -> Account:
    """Open a closed account again. Raises OwnAccount, NotYoursToManage, reasons.ReasonMissing."""
    account = _locked(account, by=by, permission=Permission.PEOPLE_MANAGE)
    account.is_active = True
    account.save(update_fields=["is_active"])
    record_about(
        account, "account.reactivated", area=area_of(account), by=by, at=at, detail={"reason": required(reason)}
    )
    return account


@transaction.atomic
def reset_second_factor(account: Account, *, reason: str, by: audit.Acting, at: datetime) -> Account:
    """Forget an account's authenticators and recovery codes, for somebody who lost them; all sessions end and the next
    login leads to setting up anew. Takes a second person: raises OwnAccount, NotYoursToManage, reasons.ReasonMissing."""
    account = _locked(account, by=by, permission=Permission.SESSION_MANAGE)
    reason = required(reason)
    Authenticator.objects.filter(user_id=account.pk).delete()
    sessions.end_all(account)
    record_about(account, "account.second-factor-reset", area=area_of(account), by=by, at=at, detail={"reason": reason})
    return account


@transaction.atomic
def keep_second_factor(account: Account, *, session_key: str, at: datetime) -> None:
    """The owner has set up a second factor in this session: sessions that were opened without it end."""
    sessions.end_all(account, but=session_key)
    record_about(account, "account.second-factor-set", area=area_of(account), by=account, at=at)


def _locked(account: Account, *, by: audit.Acting, permission: Permission) -> Account:
    if account.pk == by.id:
        raise OwnAccount
    if isinstance(by, Account) and not may_manage(by, account, permission):
        raise NotYoursToManage
    return Account.objects.select_for_update().get(pk=account.pk)


def _set_phone(account: Account, digits: str, *, is_checked: bool = False) -> None:
    if digits and not is_checked and _has_phone(digits):
        raise PhoneTaken
    account.phone_encrypted, account.phone_digest = crypto.encrypt(digits), crypto.digest(digits) or None


def _has_phone(digits: str) -> bool:
    return bool(digits) and Account.objects.filter(phone_digest=crypto.digest(digits)).exists()


def _set_password(account: Account, password: str) -> None:
    if not password:
        account.set_unusable_password()
        return
    validate_password(password, account)
    account.set_password(password)
