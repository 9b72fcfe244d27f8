"""Who raised a matter: masked for everybody, in plain only with a reason and an entry in the record (§14 rules 9 and 18)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan.people import crypto
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission
from jiazhan.people.services import contacts

from .. import access
from ..models import Opinion


class NoContact(Exception):
    """The author gave neither a name nor a number."""

    code = "no-contact"

    def __init__(self) -> None:
        super().__init__(_("反映人没有留下联系方式，请在这里留言或登记答复，反映人凭查询码能看到。"))


@dataclass(frozen=True)
class Contact:
    """How the author can be named and reached; empty where not given."""

    name: str
    phone: str
    is_verified: bool = False


def masked_author(opinion: Opinion) -> Contact:
    """The author without what tells who they are: the family name, the ends of the number; 匿名 for an anonymous one."""
    if opinion.is_anonymous:
        return Contact(_("匿名"), "")
    name, phone = crypto.decrypt(opinion.author_name_sealed), crypto.decrypt(opinion.author_phone_sealed)
    return Contact(
        crypto.mask_name(name) if name else _("未留姓名"),
        crypto.mask_phone(phone) if phone else "",
        opinion.is_phone_verified,
    )


@transaction.atomic
def reveal_author(opinion: Opinion, *, reason: str, by: Account, at: datetime) -> Contact:
    """The author's name and number in plain. Raises MayNotReveal where the person's posts do not take in the matter,
    ReasonMissing, NoContact for an anonymous author and one who left nothing."""
    if not access.holds(by, Permission.CONTACT_REVEAL, opinion):
        raise contacts.MayNotReveal
    if opinion.is_anonymous or not (opinion.author_name_sealed or opinion.author_phone_sealed):
        raise NoContact
    phone = contacts.reveal(opinion, bytes(opinion.author_phone_sealed), reason=reason, by=by, at=at)
    name = crypto.decrypt(bytes(opinion.author_name_sealed))
    if not (name or phone):
        raise NoContact
    return Contact(name, phone, opinion.is_phone_verified)
