"""The public page of a matter: proposed masked by one, approved by another, withdrawn on request (§11, §14 rule 10)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.audit import Acting
from jiazhan.kernel import publishing, words
from jiazhan.kernel.publishing import AlreadyProposed as AlreadyProposed
from jiazhan.kernel.publishing import NotProposed as NotProposed
from jiazhan.kernel.publishing import NotPublic as NotPublic
from jiazhan.kernel.publishing import SamePerson as SamePerson
from jiazhan.kernel.publishing import StillPersonal as StillPersonal
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
    publishing.require_clean(texts, {name: masked(held, text) for name, text in texts.items()})
    publishing.review(publication, PublicationState.PUBLISHED, by=by, at=at)
    audit.record("opinion.publish", held, by=by, at=at, detail={"publication": str(publication.pk)})
    return publication


@transaction.atomic
def refuse(publication: Publication, *, reason: str, by: Account, at: datetime) -> Publication:
    """Keep the page from view, with a reason. Raises NotProposed, SamePerson, words.WordsMissing, access.NotYours."""
    held, publication = _reviewable(publication, by=by)
    publishing.keep_back(publication, reason=reason, by=by, at=at)
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
    publishing.take_down(publication, reason=reason, at=at)
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
    publishing.require_reviewable(publication, by=by)
    return held, publication
