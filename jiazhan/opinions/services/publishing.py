"""The public page of a matter: proposed masked by one, approved by another, withdrawn on request (§11, §14 rule 10)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.audit import Acting
from jiazhan.kernel import words
from jiazhan.kernel.text import clean_line, mask
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people import crypto
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..choices import PublicationState, Visibility
from ..models import Opinion, Publication
from ..states import State
from . import steps
from .street import Locked

NEVER_PUBLIC = frozenset({State.MERGED, State.WITHDRAWN, State.DIVERTED, State.NOT_ACCEPTED})


class AlreadyProposed(Exception):
    """A page of this matter is proposed or public."""

    code = "already-proposed"

    def __init__(self) -> None:
        super().__init__(_("这件事已有公开页在复核或已公开，请先处理那一份。"))


class SamePerson(Exception):
    """The second pair of eyes is another person's."""

    code = "same-person"

    def __init__(self) -> None:
        super().__init__(_("公开须由另一人复核，请换一位有复核权限的同事。"))


class StillPersonal(Exception):
    """The words still name a person, a number or a door."""

    code = "still-personal"

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__(
            _("%(fields)s里还有电话、证件号、门牌或姓名，请退回修改后重新提出。") % {"fields": "、".join(fields)}
        )


class NotProposed(Exception):
    """The page is not waiting for its second reader."""

    code = "not-proposed"

    def __init__(self) -> None:
        super().__init__(_("这份公开页不在待复核状态，可能已由他人处理。"))


class NotPublic(Exception):
    """There is no public page to take down."""

    code = "not-public"

    def __init__(self) -> None:
        super().__init__(_("这件事没有公开页，或已经撤下。"))


@transaction.atomic
def propose(opinion: Opinion, *, title: str, body: str, by: Account, at: datetime, reply: str = "") -> Publication:
    """Propose a page; contact data, door numbers and the author's name are masked whatever was typed.

    Raises access.NotYours, Locked for an accusation, StepRefused for what never becomes public, AlreadyProposed,
    words.WordsMissing.
    """
    held = steps.lock(opinion)
    if not access.holds(by, Permission.OPINION_PROPOSE_PUBLIC, held):
        raise access.NotYours
    _require_open(held, "propose")
    if held.publications.filter(state__in=[PublicationState.PROPOSED, PublicationState.PUBLISHED]).exists():
        raise AlreadyProposed
    publication = Publication.objects.create(
        jurisdiction=held.jurisdiction,
        opinion=held,
        station_id=held.station_id,
        title=words.required(masked(held, clean_line(title)), _("公开标题"), limit=120),
        body=words.required(masked(held, body), _("公开内容")),
        reply=words.optional(masked(held, reply), _("公开答复")),
        proposed_by=by,
        proposed_at=at,
    )
    audit.record("opinion.propose_public", held, by=by, at=at, detail={"publication": str(publication.pk)})
    return publication


@transaction.atomic
def approve(publication: Publication, *, by: Account, at: datetime) -> Publication:
    """Put the page into view. Raises NotProposed, SamePerson, StillPersonal (rule 10, checked again), Locked, NotYours."""
    held, publication = _reviewable(publication, by=by)
    _require_open(held, "approve")
    texts = {_("标题"): publication.title, _("内容"): publication.body, _("答复"): publication.reply}
    if personal := [name for name, text in texts.items() if masked(held, text) != text]:
        raise StillPersonal(personal)
    _review(publication, PublicationState.PUBLISHED, by=by, at=at)
    audit.record("opinion.publish", held, by=by, at=at, detail={"publication": str(publication.pk)})
    return publication


@transaction.atomic
def refuse(publication: Publication, *, reason: str, by: Account, at: datetime) -> Publication:
    """Keep the page from view, with a reason. Raises NotProposed, SamePerson, words.WordsMissing, access.NotYours."""
    held, publication = _reviewable(publication, by=by)
    publication.reason = words.required(clean_line(reason), _("不公开的原因"), limit=200)
    _review(publication, PublicationState.REFUSED, by=by, at=at)
    audit.record("opinion.refuse_public", held, by=by, at=at, detail={"publication": str(publication.pk)})
    return publication


@transaction.atomic
def withdraw_from_view(publication: Publication, *, reason: str, by: Acting, at: datetime) -> Publication:
    """Take the page down at the author's or the office's word; a marker stays where it was.

    Raises NotPublic, words.WordsMissing, access.NotYours.
    """
    held, publication = _locked(publication)
    is_office = isinstance(by, Account) and access.holds(by, Permission.OPINION_APPROVE_PUBLIC, held)
    if not is_office and not access.is_author(by, held):
        raise access.NotYours
    if publication.state != PublicationState.PUBLISHED:
        raise NotPublic
    publication.reason = words.required(clean_line(reason), _("撤下的原因"), limit=200)
    publication.state, publication.withdrawn_at = PublicationState.WITHDRAWN, at
    publication.save(update_fields=["state", "withdrawn_at", "reason"])
    audit.record("opinion.withdraw_public", held, by=by, at=at, detail={"publication": str(publication.pk)})
    return publication


def masked(opinion: Opinion, text: str) -> str:
    """The text without numbers, addresses and the author's name."""
    name = crypto.decrypt(opinion.author_name_sealed)
    if len(name) > 1:
        text = text.replace(name, _("[姓名]"))
    return mask(text)


def _require_open(opinion: Opinion, act: str) -> None:
    if opinion.visibility == Visibility.LOCKED:
        raise Locked
    if opinion.state in NEVER_PUBLIC:
        raise StepRefused(act, opinion.state)


def _locked(publication: Publication) -> tuple[Opinion, Publication]:
    held = steps.lock(publication.opinion)
    rows = Publication.objects.select_for_update()
    return held, rows.get(jurisdiction=publication.jurisdiction, pk=publication.pk)


def _reviewable(publication: Publication, *, by: Account) -> tuple[Opinion, Publication]:
    held, publication = _locked(publication)
    if not access.holds(by, Permission.OPINION_APPROVE_PUBLIC, held):
        raise access.NotYours
    if publication.state != PublicationState.PROPOSED:
        raise NotProposed
    if publication.proposed_by_id == by.pk:
        raise SamePerson
    return held, publication


def _review(publication: Publication, state: PublicationState, *, by: Account, at: datetime) -> None:
    publication.state, publication.reviewed_by, publication.reviewed_at = state, by, at
    publication.save(update_fields=["state", "reviewed_by", "reviewed_at", "reason"])
