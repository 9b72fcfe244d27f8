"""Open matters like the one that somebody is about to send, at the same place: to join instead of writing again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from jiazhan.kernel import text as texts
from jiazhan.places.models import Station

from ..models import Opinion
from ..states import OPEN, State
from .search import Filters

# Of the shorter text's terms, how many both hold. Tuned on duplicates in real messages.
LEAST_SHARE = 0.3
LEAST_SHARED = 3
MOST_TERMS = 80
# Pairs with these characters join words and tell nothing of the matter.
EMPTY_CHARACTERS = frozenset(
    "的了是我在有和就不都也很这那他她它们你您吗呢吧啊请给把被让到去来说要会能可以上下个及与或而但等为于对从没"
)


@dataclass(frozen=True)
class Similar:
    """An open matter as a stranger may see it: its title with personal details masked, and how many stand behind it."""

    opinion: Opinion
    title: str
    people: int
    raised_at: datetime
    state: str
    share: float


def similar_open(text: str, *, station: Station, community: str = "", most: int = 3) -> list[Similar]:
    """The open matters of the same community, or else of the same station, that share enough words, likest first.

    Never a locked one. Within the transaction's scope.
    """
    terms = distinctive(text)
    if len(terms) < LEAST_SHARED:
        return []
    filters = Filters(community=community) if community else Filters(station=station.pk)
    states = tuple(sorted(OPEN - {State.RATED, State.REPLIED}))
    marks = "&".join([f"'j{station.jurisdiction}'", *filters.marks(), *Filters(states=states).marks()])
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, shared, terms FROM opinions_similar(%s, %s::tsquery, %s)", [terms, marks, most * 4])
        found = cursor.fetchall()
    shares: dict[UUID, float] = {}
    for row, shared, length in found:
        share = shared / max(1, min(len(terms), length))
        if shared >= LEAST_SHARED and share >= LEAST_SHARE:
            shares[row] = round(share, 2)
    rows = Opinion.objects.filter(jurisdiction=station.jurisdiction, pk__in=list(shares)).defer(
        "terms", "marks", "body"
    )
    likest = sorted(rows, key=lambda row: (-shares[row.pk], row.raised_at))[:most]
    return [_shown(row, shares[row.pk]) for row in likest]


def distinctive(text: str) -> list[str]:
    """The terms of a text that say what it is about, the first eighty."""
    terms = dict.fromkeys(term for term in texts.bigrams(text) if len(term) > 1)
    return [term for term in terms if not EMPTY_CHARACTERS.intersection(term)][:MOST_TERMS]


def _shown(opinion: Opinion, share: float) -> Similar:
    people = opinion.headcount + opinion.supporters_count
    return Similar(opinion, texts.mask(opinion.title), people, opinion.raised_at, opinion.state, share)
