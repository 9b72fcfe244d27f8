"""The public page of a proposal: its words and the reply, released by two people, or kept back by two (handbook §2.3, §11).

What the deputies and the units wish about publicity is shown to both; the decision is the congress's. Words are masked
whatever was typed: telephones, identity numbers and doors never leave the house (§14 rule 10).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import publishing, words
from jiazhan.kernel.outcomes import PublicationState, ReplyState
from jiazhan.kernel.publishing import AlreadyProposed as AlreadyProposed
from jiazhan.kernel.publishing import NotProposed as NotProposed
from jiazhan.kernel.publishing import NotPublic as NotPublic
from jiazhan.kernel.publishing import SamePerson as SamePerson
from jiazhan.kernel.publishing import StillPersonal as StillPersonal
from jiazhan.kernel.text import clean_line, mask
from jiazhan.people.models import Account, Unit
from jiazhan.people.permissions import Permission

from .. import access
from ..choices import REPLYING, Publicity
from ..models import Proposal, Publication, Reply
from ..selectors.released import RELEASABLE, STANDING
from ..states import HOLDING
from . import steps, telling


class NotAnswered(Exception):
    """A proposal is released with its answer."""

    code = "not-answered"

    def __init__(self) -> None:
        super().__init__(_("这件建议还没有答复，答复以后再连同复文一起提出公开。"))


@transaction.atomic
def propose(
    proposal: Proposal,
    *,
    publicity: Publicity,
    by: Account,
    at: datetime,
    title: str = "",
    body: str = "",
    reply: str = "",
    reason: str = "",
) -> Publication:
    """Propose to release it in full or in part, or to keep it back; another person decides.

    Anything but the full text needs a reason. What is kept back keeps no words here. Raises access.NotYours, NotAnswered,
    AlreadyProposed, words.WordsMissing, words.WordsTooLong.
    """
    held = steps.lock(proposal)
    access.require_held(by, Permission.PROPOSAL_PROPOSE_PUBLIC, held)
    if held.state not in RELEASABLE:
        raise NotAnswered
    if held.publications.filter(state__in=STANDING).exists():
        raise AlreadyProposed
    said = {"title": "", "body": "", "reply": ""}
    if publicity != Publicity.NONE:
        said = {
            "title": words.required(mask(clean_line(title)), _("公开标题"), limit=120),
            "body": words.required(mask(body), _("公开内容"), limit=20_000),
            "reply": _reply(held, mask(reply)),
        }
    publication = Publication(
        jurisdiction=held.jurisdiction, proposal=held, publicity=publicity, proposed_by=by, proposed_at=at, **said
    )
    if publicity != Publicity.FULL:
        publication.reason = words.required(clean_line(reason), _("不全文公开的理由"), limit=200)
    publication.save()
    _record("propose_public", held, publication, by=by, at=at)
    others = [each for each in telling.holders(Permission.PROPOSAL_APPROVE_PUBLIC, held) if each.pk != by.pk]
    text = _("请复核是否公开：%(matter)s。") % {"matter": telling.named(held)}
    telling.tell(others, "proposal-public-review", held, text=text, at=at, once=publication.pk.hex)
    return publication


@transaction.atomic
def approve(publication: Publication, *, by: Account, at: datetime) -> Publication:
    """Agree with what was proposed: the page comes into view, or the proposal is kept back for the reason given.

    Raises access.NotYours, NotProposed, SamePerson, NotAnswered, StillPersonal (rule 10, checked again).
    """
    held, publication = _reviewable(publication, by=by)
    if held.state not in RELEASABLE:
        raise NotAnswered
    said = {_("标题"): publication.title, _("内容"): publication.body, _("复文"): publication.reply}
    publishing.require_clean(said, {name: mask(text) for name, text in said.items()})
    publishing.review(publication, PublicationState.PUBLISHED, by=by, at=at)
    if publication.publicity == Publicity.NONE:
        _record("keep_back_public", held, publication, by=by, at=at)
        text = _("%(matter)s经两人审核，不公开。理由：%(reason)s")
    else:
        _record("publish", held, publication, by=by, at=at)
        text = _("%(matter)s及复文已向社会公开。")
    _tell_all(held, "proposal-public", text % _said(held, publication), publication, at=at)
    return publication


@transaction.atomic
def refuse(publication: Publication, *, reason: str, by: Account, at: datetime) -> Publication:
    """Disagree with what was proposed, with a reason to whoever proposed it; it can be proposed otherwise.

    Raises access.NotYours, NotProposed, SamePerson, words.WordsMissing, words.WordsTooLong.
    """
    held, publication = _reviewable(publication, by=by)
    publishing.keep_back(publication, reason=reason, by=by, at=at)
    _record("refuse_public", held, publication, by=by, at=at)
    text = _("%(matter)s的公开方案未通过复核：%(reason)s") % _said(held, publication)
    telling.tell([publication.proposed_by], "proposal-public-refused", held, text=text, at=at, once=publication.pk.hex)
    return publication


@transaction.atomic
def withdraw_from_view(publication: Publication, *, reason: str, by: Account, at: datetime) -> Publication:
    """Take the page down, leaving a marker; or lift the decision to keep it back, so that it can be proposed anew.

    Raises access.NotYours, NotPublic, words.WordsMissing, words.WordsTooLong.
    """
    held, publication = _locked(publication)
    access.require_held(by, Permission.PROPOSAL_APPROVE_PUBLIC, held)
    publishing.take_down(publication, reason=reason, at=at)
    _record("withdraw_public", held, publication, by=by, at=at)
    if publication.publicity != Publicity.NONE:
        text = _("%(matter)s的公开页已撤下：%(reason)s") % _said(held, publication)
        _tell_all(held, "proposal-public-withdrawn", text, publication, at=at)
    return publication


def proposed_words(proposal: Proposal) -> dict[str, str]:
    """What to begin with: the text and the replies as they were signed, masked."""
    parts = (
        (_("情况："), proposal.facts),
        (_("原因："), proposal.cause),
        (_("建议："), proposal.request),
    )
    body = "\n\n".join(f"{head}{text}" for head, text in parts if text) if proposal.facts or proposal.cause else ""
    replies = signed_replies(proposal)
    several = len(replies) > 1
    answer = "\n\n".join(f"{each.handling.unit.name}：{each.body}" if several else each.body for each in replies)
    return {"title": mask(proposal.title), "body": mask(body or proposal.request), "reply": mask(answer)}


def signed_replies(proposal: Proposal) -> list[Reply]:
    """The last signed reply of each unit, in the order of the units."""
    last: dict[object, Reply] = {}
    rows = proposal.replies.filter(state=ReplyState.SIGNED).select_related("handling__unit")
    for each in rows.order_by("handling__part", "handling_id", "round"):
        last[each.handling_id] = each
    return list(last.values())


def _reply(proposal: Proposal, text: str) -> str:
    """One of former years was entered without its reply."""
    take = words.required if proposal.replied_at else words.optional
    return take(text, _("公开复文"), limit=20_000)


def _reviewable(publication: Publication, *, by: Account) -> tuple[Proposal, Publication]:
    held, publication = _locked(publication)
    access.require_held(by, Permission.PROPOSAL_APPROVE_PUBLIC, held)
    publishing.require_reviewable(publication, by=by)
    return held, publication


def _locked(publication: Publication) -> tuple[Proposal, Publication]:
    held = steps.lock(publication.proposal)
    rows = held.publications.select_for_update(of=("self",)).select_related("proposed_by")
    return held, rows.get(pk=publication.pk)


def _record(act: str, proposal: Proposal, publication: Publication, *, by: Account, at: datetime) -> None:
    detail = {"publication": str(publication.pk), "publicity": str(Publicity(publication.publicity).label)}
    audit.record(f"proposal.{act}", proposal, by=by, at=at, detail=detail)


def _said(proposal: Proposal, publication: Publication) -> dict[str, str]:
    return {"matter": telling.named(proposal), "reason": publication.reason}


def _tell_all(proposal: Proposal, kind: str, text: str, publication: Publication, *, at: datetime) -> None:
    """Tell every deputy who signed it, and the units that answered."""
    telling.tell_signers(proposal, kind, text=text, at=at, once=publication.pk.hex)
    parts = proposal.handlings.filter(part__in=REPLYING, state__in=HOLDING).values("unit")
    for unit in Unit.objects.filter(pk__in=parts):
        telling.tell_unit(unit, kind, proposal, text=text, at=at, once=publication.pk.hex)
