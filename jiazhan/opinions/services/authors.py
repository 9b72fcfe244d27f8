"""Those who speak: named, hidden from units, or anonymous; and how they stand in the record."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.audit import Acting
from jiazhan.kernel import text as texts
from jiazhan.people import crypto, phones
from jiazhan.people.models import Account

NONCE_LENGTH = 16


class FormExpired(Exception):
    """The form came without its one-time mark."""

    code = "form-expired"

    def __init__(self) -> None:
        super().__init__(_("页面放得太久了。请刷新后再提交，您写的内容还在。"))


@dataclass(frozen=True)
class Author:
    """Who speaks. An anonymous author keeps only the follow-up code: whatever else is given is dropped."""

    account: Account | None = None
    name: str = ""
    phone: str = ""
    is_phone_verified: bool = False
    is_anonymous: bool = False
    is_hidden_from_units: bool = True
    gender: str = ""
    age_band: str = ""
    headcount: int = 1

    def as_fields(self) -> dict[str, object]:
        """The author's columns of an opinion. Raises NotAPhone."""
        common: dict[str, object] = {
            "gender": self.gender,
            "age_band": self.age_band,
            "headcount": max(1, self.headcount),
        }
        if self.is_anonymous:
            return common | {"is_anonymous": True}
        phone = self.known_phone()
        return common | {
            "author": self.account,
            "author_name_sealed": crypto.encrypt(texts.clean_line(self.name)),
            "author_phone_sealed": crypto.encrypt(phone),
            "author_phone_digest": crypto.digest(phone),
            "is_phone_verified": bool(phone) and self.is_phone_verified,
            "is_hidden_from_units": self.is_hidden_from_units,
        }

    def known_phone(self) -> str:
        """Eleven digits, or nothing; an account's own number where none was given. Raises NotAPhone."""
        if self.is_anonymous:
            return ""
        if self.phone.strip():
            return phones.normalise(self.phone)
        return crypto.decrypt(self.account.phone_encrypted) if self.account else ""


ANONYMOUS = Author(is_anonymous=True)
# Behind an act of somebody without an account. The record keeps no names of residents.
VISITOR = audit.Actor(kind="author", name="反映人")


def acting(by: Acting) -> Acting:
    """Who stands in the record: a resident by id alone, because the record is for ever and names must be deletable."""
    if isinstance(by, Account) and by.kind == Account.Kind.RESIDENT:
        return audit.Actor(kind="resident", name=VISITOR.name, id=str(by.pk))
    return by


def require_nonce(nonce: str) -> None:
    """Raises FormExpired for a form without a mark long enough to be its own."""
    if len(nonce) < NONCE_LENGTH:
        raise FormExpired
