"""Finding proposals of one congress by words, and those like a text, of this and of former years.

The functions in the database read past row-level security and apply the scope themselves; the rows that they name are read
under the policies. Which states a person may see is for the caller to say: `states` defaults to what was accepted, which
every deputy of the congress and each of its organs may read.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from jiazhan.kernel import text as texts
from jiazhan.kernel.outcomes import ReplyState

from ..models import Proposal, Reply
from ..states import ACCEPTED_EVER

PAGE = 20
NUMBER = re.compile(r"第?\s*([0-9]{1,5})\s*号?(建议|议案)?")
# Pairs with these characters join words; these pairs stand in most titles. Neither tells what a text is about.
EMPTY_CHARACTERS = frozenset("的了是在有和就不都也很这那及与或而但等为于对从以并将把被")
EMPTY_PAIRS = frozenset(
    [
        "关于",
        "加快",
        "推进",
        "进一",
        "一步",
        "加强",
        "完善",
        "建设",
        "工作",
        "建议",
        "议案",
        "提升",
        "促进",
        "推动",
        "优化",
        "强化",
        "问题",
        "解决",
        "开展",
        "做好",
        "健全",
    ]
)
MOST_HEADS, MOST_TERMS = 24, 60
# Of the weight of the title's words, how much another title must hold, or less where the texts say the same too.
LEAST_HEAD, LEAST_BOTH = 0.3, 0.45


@dataclass(frozen=True)
class Filters:
    """What to look for besides words; empty means everything."""

    states: Iterable[str] = ACCEPTED_EVER
    kind: str = ""
    year: int | None = None
    category: str = ""
    host: UUID | None = None


@dataclass(frozen=True)
class Place:
    """Where a list goes on: strictly after this row."""

    year: int
    row: UUID

    def as_text(self) -> str:
        return f"{self.year}-{self.row.hex}"


@dataclass(frozen=True)
class Page:
    rows: list[Proposal]
    # Empty where the list has ended.
    after: str = ""


@dataclass(frozen=True)
class Similar:
    """A proposal like the one that is written, with what came out of it."""

    proposal: Proposal
    share: float
    replies: list[Reply] = field(default_factory=list)


def find(words: str, *, congress_area: str, filters: Filters | None = None, after: str = "", size: int = PAGE) -> Page:
    """The proposals of a congress that hold all the words, newest first; without words those behind the filters.

    "12" or "第12号" finds by number. A text without a word finds nothing.
    """
    filters = filters or Filters()
    words, counted = words.strip(), None
    terms: list[str] = []
    if words:
        if number := NUMBER.fullmatch(words):
            counted = str(int(number[1]))
        elif not (terms := texts.query_terms(words)):
            return Page([])
    place = read_place(after)
    if not words:
        return _behind(congress_area, filters, place, size)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, year FROM suggestions_find(%s::tsquery, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                "&".join(map(_quoted, terms)) or None, congress_area, sorted(filters.states), filters.kind or None,
                filters.year, filters.category or None, filters.host, counted,
                place.year if place else None, place.row if place else None, size + 1,
            ],
        )  # fmt: skip
        found: list[tuple[UUID, int]] = cursor.fetchall()
    shown = found[:size]
    more = Place(shown[-1][1], shown[-1][0]).as_text() if len(found) > size else ""
    return Page(_read(congress_area, [row for row, _year in shown]), more)


def similar(
    text: str,
    *,
    congress_area: str,
    title: str = "",
    exclude: UUID | None = None,
    states: Iterable[str] = ACCEPTED_EVER,
    most: int = 5,
) -> list[Similar]:
    """The proposals likest to a title and a text, likest first, each with its signed replies.

    Without a title the text's first sentence stands for it. Nothing for a text that says too little.
    """
    heads = distinctive(title or text[:60])[:MOST_HEADS]
    if len(heads) < 2:
        return []
    body = distinctive(f"{title}\n{text}")[:MOST_TERMS]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, head_share, body_share FROM suggestions_similar(%s, %s, %s, %s, %s, %s)",
            [heads, body, congress_area, sorted(states), exclude, most * 4],
        )
        found = cursor.fetchall()
    shares: dict[UUID, float] = {}
    for row, head, both in found:
        if head >= LEAST_HEAD and head + both >= LEAST_BOTH:
            shares[row] = round(head + both / 2, 3)
    likest = sorted(shares, key=lambda row: (-shares[row], row))[:most]
    rows = _read(congress_area, likest)
    replies = _replies(rows)
    return [Similar(row, shares[row.pk], replies.get(row.pk, [])) for row in rows]


def distinctive(text: str) -> list[str]:
    """The terms of a text that say what it is about."""
    terms = dict.fromkeys(term for term in texts.bigrams(text) if len(term) > 1)
    return [term for term in terms if term not in EMPTY_PAIRS and not EMPTY_CHARACTERS.intersection(term)]


def read_place(after: str) -> Place | None:
    """The place that `Page.after` names; None for anything else."""
    year, _dash, row = after.partition("-")
    try:
        return Place(int(year), UUID(row)) if year and row else None
    except ValueError:
        return None


def _behind(congress_area: str, filters: Filters, place: Place | None, size: int) -> Page:
    """A page without words: nothing that the policies keep from an index."""
    known: dict[str, Any] = {
        "kind": filters.kind, "year": filters.year, "category": filters.category, "host": filters.host,
    }  # fmt: skip
    rows = Proposal.objects.filter(
        jurisdiction=congress_area[:6],
        congress_area=congress_area,
        state__in=sorted(filters.states),
        **{name: value for name, value in known.items() if value},
    )
    if place:
        rows = rows.filter(Q(year__lt=place.year) | Q(year=place.year, pk__lt=place.row))
    found = list(_with_relations(rows).order_by("-year", "-pk")[: size + 1])
    shown = found[:size]
    return Page(shown, Place(shown[-1].year, shown[-1].pk).as_text() if len(found) > size else "")


def _with_relations(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """What a row of a list shows, without the long texts."""
    return rows.select_related("lead", "host", "session", "category").defer("terms", "headline", "facts", "cause")


def _read(congress_area: str, ids: Sequence[UUID]) -> list[Proposal]:
    places = {row: place for place, row in enumerate(ids)}
    rows = Proposal.objects.filter(jurisdiction=congress_area[:6], pk__in=list(ids))
    return sorted(_with_relations(rows), key=lambda each: places[each.pk])


def _replies(proposals: Iterable[Proposal]) -> dict[UUID, list[Reply]]:
    """The last signed reply of each unit, by proposal; of a merged one those of the one that it went into."""
    told = {each.pk: each.merged_into_id or each.pk for each in proposals}
    rows = Reply.objects.filter(proposal__in=set(told.values()), state=ReplyState.SIGNED).select_related(
        "handling__unit"
    )
    last: dict[tuple[UUID, UUID], Reply] = {}
    for each in rows.order_by("round"):
        last[each.proposal_id, each.handling_id] = each
    return {row: [reply for (proposal, _part), reply in last.items() if proposal == of] for row, of in told.items()}


def _quoted(term: str) -> str:
    """A term in a tsquery's text; one that ends in :* is a beginning."""
    stem, prefix = (term[:-2], ":*") if term.endswith(":*") else (term, "")
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'" + prefix
