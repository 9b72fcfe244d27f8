"""From a finished draft to a matter: the one call of `raise_opinion` that the public pages make."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from jiazhan.documents.files import staging
from jiazhan.documents.files.refusals import FileRefused
from jiazhan.opinions.choices import Channel, PlaceKind
from jiazhan.opinions.services import intake
from jiazhan.opinions.services.authors import ANONYMOUS, VISITOR, Author, FormExpired
from jiazhan.people.models import Account, Deputy
from jiazhan.people.phones import NotAPhone
from jiazhan.people.services import accounts
from jiazhan.places.models import Station

from . import grants
from .draft import Draft


class Refused(Exception):
    """The service said no; `step` is the page where the person can mend it."""

    code = "sending-refused"

    def __init__(self, step: str, words: str) -> None:
        self.step = step
        super().__init__(words)


def raise_from(
    request: HttpRequest, station: Station, draft: Draft, *, at: datetime, is_phone_verified: bool
) -> grants.Grant:
    """Send the draft and let this browser follow it. Raises Refused."""
    resident = resident_of(request)
    account = resident
    if account is None and is_phone_verified:
        # Whoever logs in with this phone later finds the matter among their own.
        account = _resident(accounts.resident_of(draft.contact["phone"], at=at))
    author = author_of(draft, account=account, is_phone_verified=is_phone_verified or resident is not None)
    is_named_account = resident is not None and not author.is_anonymous
    try:
        raised = intake.raise_opinion(
            station=station,
            words=words_of(draft),
            place=place_of(draft),
            author=author,
            channel=Channel.QR if draft.via else Channel.WEB,
            nonce=draft.nonce,
            by=resident if is_named_account else VISITOR,
            at=at,
            files=[staging.checked(each) for each in draft.files],
            deputy=wished_deputy(draft),
        )
    except (intake.TextEmpty, intake.TextTooLong, intake.NotAMatter, intake.TooManyFiles, FileRefused) as refusal:
        raise Refused("words", str(refusal)) from refusal
    except intake.PlaceUnknown as refusal:
        raise Refused("place", str(refusal)) from refusal
    except (NotAPhone, intake.StationNotOpen, FormExpired) as refusal:
        raise Refused("contact", str(refusal)) from refusal
    opinion = raised.opinion
    return grants.give(request, jurisdiction=opinion.jurisdiction, opinion_id=opinion.pk, code=raised.follow_code)


def words_of(draft: Draft) -> intake.Words:
    return intake.Words(body=draft.body or _("（留了一段录音，请听附件。）"), title=draft.title)


def wished_deputy(draft: Draft) -> Deputy | None:
    """The deputy whose page or code led here, while they may still take something up."""
    if not draft.deputy:
        return None
    deputy = Deputy.objects.filter(pk=draft.deputy, is_public=True).first()
    return deputy if deputy and deputy.mandates.in_force().exists() else None


def author_of(draft: Draft, *, account: Account | None, is_phone_verified: bool) -> Author:
    contact = draft.contact
    if contact.get("who") != "named":
        return ANONYMOUS
    return Author(
        account=account,
        name=contact.get("name", ""),
        phone=contact.get("phone", ""),
        is_phone_verified=is_phone_verified,
        is_hidden_from_units=not contact.get("share"),
    )


def place_of(draft: Draft) -> intake.Place:
    kind = PlaceKind.COMMUNITY if draft.community else PlaceKind.STATION
    return intake.Place(community=draft.community, kind=kind, note=draft.place_note)


def resident_of(request: HttpRequest) -> Account | None:
    """The resident who is logged in on this browser; staff and deputies speak here as anybody does."""
    return _resident(request.user) if request.user.is_authenticated else None


def _resident(account: Account) -> Account | None:
    return account if account.kind == Account.Kind.RESIDENT else None
