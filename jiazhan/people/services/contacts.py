"""Contact data in plain: only with a reason, and with an entry in the record (§14 rule 18)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel.jurisdiction import JurisdictionModel
from jiazhan.kernel.text import mask
from jiazhan.people import crypto
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .reasons import required


class MayNotReveal(Exception):
    """The account holds no role that may see contact data."""

    code = "may-not-reveal"

    def __init__(self) -> None:
        super().__init__(_("您的岗位不能查看完整的联系方式。需要联系本人时，请联络站转告。"))


@transaction.atomic
def reveal(subject: JurisdictionModel | audit.Subject, sealed: bytes, *, reason: str, by: Account, at: datetime) -> str:
    """The text behind `sealed` (of crypto.encrypt), which belongs to `subject`; who may see the subject is the caller's
    check. The reason goes into the record with personal details masked; the data itself never does.

    Raises MayNotReveal, reasons.ReasonMissing.
    """
    if Permission.CONTACT_REVEAL not in by.permissions:
        raise MayNotReveal
    audit.record("contact.revealed", subject, by=by, at=at, detail={"reason": mask(required(reason))})
    return crypto.decrypt(sealed)
