"""A deputy follows a proposal through to its end, their own or a colleague's (五个一：跟踪一件建议)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import words
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..models import Follow, Proposal
from ..states import ACCEPTED_EVER
from . import steps


class NotToFollow(Exception):
    """Only what was accepted is handled by somebody, so only that can be followed."""

    code = "not-to-follow"

    def __init__(self) -> None:
        super().__init__(_("立案以后的建议才能跟踪。"))


class NotFollowed(Exception):
    """The deputy does not follow this proposal."""

    code = "not-followed"

    def __init__(self) -> None:
        super().__init__(_("您没有跟踪这件建议。请先点“跟踪这件建议”。"))


@transaction.atomic
def follow(proposal: Proposal, *, by: Account, at: datetime) -> Follow:
    """Follow it; a second click changes nothing. Raises NotToFollow, access.NotYours for who is no deputy in office."""
    held = _readable(proposal, by=by)
    if held.state not in ACCEPTED_EVER:
        raise NotToFollow
    found, is_new = Follow.objects.get_or_create(
        jurisdiction=held.jurisdiction, proposal=held, deputy=by.deputy, defaults={"since": at}
    )
    if is_new:
        audit.record("proposal.followed", held, by=by, at=at)
    return found


@transaction.atomic
def unfollow(proposal: Proposal, *, by: Account, at: datetime) -> None:
    """Follow it no more; what was noted goes too. Raises NotFollowed, access.NotYours."""
    held = _readable(proposal, by=by)
    if not held.follows.filter(deputy=by.deputy).delete()[0]:
        raise NotFollowed
    audit.record("proposal.unfollowed", held, by=by, at=at)


@transaction.atomic
def note(proposal: Proposal, *, text: str, by: Account, at: datetime) -> Follow:
    """Say what the deputy found while following it. Raises NotFollowed, words.WordsMissing, access.NotYours."""
    held = _readable(proposal, by=by)
    found = held.follows.filter(deputy=by.deputy).first()
    if found is None:
        raise NotFollowed
    found.note, found.noted_at = words.required(text, _("跟踪情况"), limit=2000), at
    found.save(update_fields=["note", "noted_at"])
    audit.record("proposal.follow_noted", held, by=by, at=at)
    return found


def _readable(proposal: Proposal, *, by: Account) -> Proposal:
    if not hasattr(by, "deputy") or Permission.PROPOSAL_WRITE not in by.permissions:
        raise access.NotYours
    held = steps.lock(proposal)
    if not access.visible_to(by).filter(pk=held.pk).exists():
        raise access.NotYours
    return held
