"""What was released to the public, and what waits for it. Words that were not released are read by none of these."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiazhan.kernel import scope
from jiazhan.kernel.outcomes import PublicationState
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..choices import Publicity
from ..models import Proposal, Publication
from ..states import State

STANDING = (PublicationState.PROPOSED, PublicationState.PUBLISHED)
# What was answered once; a merged one is answered, and released, with what it went into.
RELEASABLE = frozenset(
    {State.REPLIED, State.REORDERING, State.REHANDLING, State.ESCALATED, State.TRACKING, State.CLOSED}
)
SHOWN = [Publicity.FULL, Publicity.REDACTED]


@dataclass(frozen=True)
class Filters:
    """What to look for; empty means everything. `words` are looked for in what was released alone."""

    words: str = ""
    year: int | None = None
    session: UUID | None = None
    is_between: bool = False
    category: str = ""
    host: UUID | None = None
    outcome: str = ""


def in_view() -> QuerySet[Publication]:
    """The pages in view within the open scope, the newest first; of the proposals nothing but what stands beside them."""
    rows = Publication.objects.filter(
        jurisdiction__in=scope.current(), state=PublicationState.PUBLISHED, publicity__in=SHOWN
    )
    rows = rows.select_related("proposal__lead", "proposal__host", "proposal__category", "proposal__session")
    unread = [f"proposal__{name}" for name in ("terms", "headline", "title", "facts", "cause", "request", "reason")]
    return rows.defer(*unread).order_by("-reviewed_at", "-id")


def matching(rows: QuerySet[Publication], given: Filters) -> QuerySet[Publication]:
    """The rows behind the filters; every word, parted by blanks, must stand in the title, the text or the reply shown."""
    for word in given.words.split():
        rows = rows.filter(Q(title__contains=word) | Q(body__contains=word) | Q(reply__contains=word))
    by_field = {
        "proposal__year": given.year,
        "proposal__session": given.session,
        "proposal__host": given.host,
        "proposal__outcome": given.outcome,
        "proposal__category__code__startswith": given.category,
    }
    rows = rows.filter(**{name: value for name, value in by_field.items() if value})
    if given.session:
        rows = rows.filter(proposal__is_in_session=True)
    return rows.filter(proposal__is_in_session=False) if given.is_between else rows


def page_of(jurisdiction: str, proposal_id: UUID) -> Publication | None:
    """The page of a proposal that is in view, else the last that was taken down; None where neither was ever."""
    rows = Publication.objects.filter(
        jurisdiction=jurisdiction,
        proposal=proposal_id,
        publicity__in=SHOWN,
        state__in=[PublicationState.PUBLISHED, PublicationState.WITHDRAWN],
    ).select_related("proposal__lead", "proposal__host", "proposal__category", "proposal__session__term")
    return rows.order_by("state", "-withdrawn_at").first()


def of_deputy(deputy: UUID) -> QuerySet[Publication]:
    """The pages in view of what a deputy filed as the lead."""
    return in_view().filter(proposal__lead=deputy)


def to_review(user: Account) -> QuerySet[Publication]:
    """What waits for the second person at the congresses of the person's posts, the oldest first."""
    rows = Publication.objects.filter(state=PublicationState.PROPOSED, proposal__congress_area__in=_areas(user))
    return rows.select_related("proposal__lead", "proposal__host", "proposed_by").order_by("proposed_at", "id")


def decided(user: Account, states: Iterable[PublicationState]) -> QuerySet[Publication]:
    """What two people decided, the newest first."""
    rows = Publication.objects.filter(state__in=list(states), proposal__congress_area__in=_areas(user))
    rows = rows.select_related("proposal__lead", "proposal__host", "proposed_by", "reviewed_by")
    return rows.order_by("-reviewed_at", "-id")


def to_propose(user: Account) -> QuerySet[Proposal]:
    """What was answered and nobody has proposed to release, or to keep back, the latest answer first."""
    standing = Publication.objects.filter(
        proposal=OuterRef("pk"), jurisdiction=OuterRef("jurisdiction"), state__in=STANDING
    )
    rows = access.visible_to(user).filter(
        congress_area__in=_areas(user), state__in=RELEASABLE, replied_at__isnull=False
    )
    rows = rows.filter(~Exists(standing)).select_related("lead", "host")
    return rows.order_by("-replied_at", "-id")


def _areas(user: Account) -> set[str]:
    wanted = (Permission.PROPOSAL_PROPOSE_PUBLIC, Permission.PROPOSAL_APPROVE_PUBLIC)
    return {post.area for permission in wanted for post in user.posts_with(permission)}
