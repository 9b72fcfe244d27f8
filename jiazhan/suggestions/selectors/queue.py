"""The queue of a congress's desk or of the government's dispatcher: what waits for whom, by what falls due."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel import scope
from jiazhan.kernel.outcomes import Decision, Ruling
from jiazhan.opinions.selectors.lists import PAGE, cursor_of, day_of, read_cursor
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission as P

from .. import access
from ..choices import Consent
from ..models import Cosigner, Extension, Objection, Proposal
from ..states import FINAL, OPEN, State

# Counting stops here: the tab then says 999+, and costs the same at a million rows.
MOST = 999
# Stands for "no deadline" in a cursor: such rows come last.
NEVER = date.max


class Tab(StrEnum):
    CHECK = "check"
    ASSIGN = "assign"
    RULE = "rule"
    EXTEND = "extend"
    REORDER = "reorder"
    SETTLE = "settle"
    UNDER_WAY = "under-way"
    EVALUATE = "evaluate"
    TRACK = "track"
    CLOSED = "closed"
    LATE = "late"
    ALL = "all"


LABELS: dict[Tab, Any] = {
    Tab.CHECK: _("待审查"), Tab.ASSIGN: _("待交办"), Tab.RULE: _("异议待裁定"), Tab.EXTEND: _("延期待批"),
    Tab.REORDER: _("待重新交办"), Tab.SETTLE: _("待面商"), Tab.UNDER_WAY: _("办理中"), Tab.EVALUATE: _("待评价"),
    Tab.TRACK: _("承诺跟踪"), Tab.CLOSED: _("已办结"), Tab.LATE: _("已逾期"), Tab.ALL: _("全部"),
}  # fmt: skip
# Whose step it is; the other tabs are for whoever reads.
OWN: dict[Tab, frozenset[P]] = {
    Tab.CHECK: frozenset({P.PROPOSAL_CHECK}),
    Tab.ASSIGN: frozenset({P.PROPOSAL_ASSIGN, P.PROPOSAL_GOV_ASSIGN}),
    Tab.RULE: frozenset({P.PROPOSAL_ASSIGN, P.PROPOSAL_GOV_ASSIGN}),
    Tab.EXTEND: frozenset({P.PROPOSAL_ASSIGN, P.PROPOSAL_GOV_ASSIGN}),
    Tab.REORDER: frozenset({P.PROPOSAL_ASSIGN, P.PROPOSAL_GOV_ASSIGN}),
    Tab.SETTLE: frozenset({P.PROPOSAL_SUPERVISE}),
}
HANDLED = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.REHANDLING})
_STATES: dict[Tab, frozenset[State]] = {
    Tab.CHECK: frozenset({State.SUBMITTED, State.CHECKING}),
    Tab.RULE: frozenset({State.ASSIGNED, State.IN_PROGRESS}),
    Tab.EXTEND: frozenset({State.ASSIGNED, State.IN_PROGRESS, State.REHANDLING}),
    Tab.REORDER: frozenset({State.REORDERING}),
    Tab.SETTLE: frozenset({State.ESCALATED}),
    Tab.EVALUATE: frozenset({State.REPLIED}),
    Tab.TRACK: frozenset({State.TRACKING}),
    Tab.CLOSED: FINAL,
    Tab.LATE: OPEN,
    Tab.ALL: frozenset(State),
}
# What the tabs without a deadline are ordered by is when it was filed.
BY_FILING = frozenset({Tab.TRACK, Tab.CLOSED, Tab.ALL})


@dataclass(frozen=True)
class Filters:
    """What an address narrows the list to; `is_between` keeps what was filed between sessions."""

    year: int | None = None
    session: UUID | None = None
    is_between: bool = False
    kind: str = ""
    category: str = ""
    host: UUID | None = None
    lead: str = ""
    state: str = ""
    is_key: bool = False
    is_overdue: bool = False


@dataclass(frozen=True)
class Queue:
    """One page, the cursor of the next, and the counts of the person's tabs."""

    rows: Sequence[Proposal]
    next_cursor: str = ""
    counts: dict[Tab, str] = field(default_factory=dict)


def is_at_government(user: Account) -> bool:
    """Whether the person works for the government's office and not for a congress."""
    return P.PROPOSAL_GOV_ASSIGN in user.permissions and P.PROPOSAL_READ not in user.permissions


def tabs_for(user: Account) -> tuple[Tab, ...]:
    """The tabs of a person's desk, their own steps first."""
    own = tuple(tab for tab, permissions in OWN.items() if user.permissions & permissions)
    return (*own, Tab.UNDER_WAY, Tab.EVALUATE, Tab.TRACK, Tab.CLOSED, Tab.LATE, Tab.ALL)


def states_of(tab: Tab, user: Account) -> frozenset[State]:
    """The states that a tab holds: what waits to be assigned lies with the congress's desk or with the government."""
    if tab is Tab.ASSIGN:
        return frozenset({State.AT_GOVERNMENT if is_at_government(user) else State.ACCEPTED})
    if tab is Tab.UNDER_WAY:
        return HANDLED if is_at_government(user) else HANDLED | {State.AT_GOVERNMENT}
    return _STATES[tab]


def queue(
    user: Account,
    filters: Filters | None = None,
    *,
    tab: Tab = Tab.ALL,
    today: date,
    words: str = "",
    cursor: str = "",
    size: int = PAGE,
    counted: dict[Tab, str] | None = None,
) -> Queue:
    """One page of a tab behind the filters and the words looked for, with the counts of the person's tabs."""
    rows = matching(_mine(user), filters or Filters(), today=today)
    rows = rows.filter(_of_tab(tab, user, today), state__in=states_of(tab, user))
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(number__icontains=words) | Q(lead__name=words))
    rows = _by_filing(rows, cursor) if tab in BY_FILING else _by_deadline(rows, cursor)
    found = list(_read(rows)[: size + 1])
    following = ""
    if len(found) > size:
        last = found[size - 1]
        following = cursor_of(NEVER if tab in BY_FILING else last.due_on or NEVER, last.pk)
    return Queue(found[:size], following, counts(user, today=today) if counted is None else counted)


def counts(user: Account, *, today: date) -> dict[Tab, str]:
    """How much waits in each of the person's tabs, as the tab shows it: exact up to 999, then 999+. One statement."""
    tabs = [tab for tab in tabs_for(user) if tab is not Tab.ALL]
    try:
        rows = _mine(user).order_by().values("jurisdiction", "id", "state", "due_on", "through_government")
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return dict.fromkeys(tabs, "0")
    parts: list[str] = []
    given: list[Any] = []
    for tab in tabs:
        parts.append(
            f"(SELECT count(*) FROM (SELECT FROM mine WHERE state = ANY (%s) AND {_SQL.get(tab, 'true')} LIMIT %s) x)"
        )
        given.append(sorted(states_of(tab, user)))
        given += [today] if tab is Tab.LATE else [is_at_government(user)] if tab in _RULED else []
        given.append(MOST + 1)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH mine AS NOT MATERIALIZED ({sql}) SELECT {', '.join(parts)}", [*values, *given])
        found = cursor.fetchone()
    return {tab: str(n) if n <= MOST else f"{MOST}+" for tab, n in zip(tabs, found, strict=True)}


def matching(rows: QuerySet[Proposal], filters: Filters, *, today: date) -> QuerySet[Proposal]:
    """The rows that the filters leave."""
    plain = {"year": filters.year, "kind": filters.kind, "host": filters.host, "state": filters.state}
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if filters.is_between:
        rows = rows.filter(is_in_session=False)
    if filters.session:
        rows = rows.filter(session=filters.session, is_in_session=True)
    if filters.category:
        rows = rows.filter(category__gte=filters.category, category__lt=filters.category + ":")
    if filters.lead:
        rows = rows.filter(lead__name=filters.lead)
    if filters.is_key:
        rows = rows.filter(is_key=True)
    if filters.is_overdue:
        rows = rows.filter(due_on__lt=today, state__in=OPEN)
    return rows


# Who assigned rules on objections, grants more time and orders anew.
_RULED = frozenset({Tab.RULE, Tab.EXTEND, Tab.REORDER})
# As `_of_tab` has it, over the rows of `mine`.
_SQL = {
    Tab.LATE: "due_on < %s",
    Tab.RULE: "through_government = %s AND EXISTS (SELECT FROM suggestions_objection o WHERE o.jurisdiction = mine.jurisdiction"
    f" AND o.proposal_id = mine.id AND o.ruling = '{Ruling.PENDING}')",
    Tab.EXTEND: "through_government = %s AND EXISTS (SELECT FROM suggestions_extension e JOIN suggestions_handling h"
    " ON h.jurisdiction = e.jurisdiction AND h.id = e.handling_id WHERE h.jurisdiction = mine.jurisdiction"
    f" AND h.proposal_id = mine.id AND e.decision = '{Decision.PENDING}')",
    Tab.REORDER: "through_government = %s",
}  # fmt: skip


def _of_tab(tab: Tab, user: Account, today: date) -> Q:
    found = Q(through_government=is_at_government(user)) if tab in _RULED else Q()
    here = {"jurisdiction": OuterRef("jurisdiction")}
    if tab is Tab.RULE:
        found &= Q(Exists(Objection.objects.filter(**here, proposal=OuterRef("pk"), ruling=Ruling.PENDING)))
    if tab is Tab.EXTEND:
        asked = Extension.objects.filter(**here, handling__proposal=OuterRef("pk"), decision=Decision.PENDING)
        found &= Q(Exists(asked))
    if tab is Tab.LATE:
        found &= Q(due_on__lt=today)
    return found


def _mine(user: Account) -> QuerySet[Proposal]:
    return access.visible_to(user).filter(jurisdiction__in=sorted(scope.current()))


def _by_deadline(rows: QuerySet[Proposal], cursor: str) -> QuerySet[Proposal]:
    if (marked := read_cursor(cursor)) and (day := day_of(marked[0])):
        after = Q(due_on=None, pk__gt=marked[1])
        if day != NEVER:
            after = Q(due_on__gt=day) | Q(due_on=day, pk__gt=marked[1]) | Q(due_on=None)
        rows = rows.filter(after)
    return rows.order_by(F("due_on").asc(nulls_last=True), "pk")


def _by_filing(rows: QuerySet[Proposal], cursor: str) -> QuerySet[Proposal]:
    if marked := read_cursor(cursor):
        rows = rows.filter(pk__lt=marked[1])
    return rows.order_by("-pk")


def _read(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    confirmed = Cosigner.objects.filter(
        jurisdiction=OuterRef("jurisdiction"), proposal=OuterRef("pk"), consent=Consent.CONFIRMED
    )
    signed = Subquery(confirmed.order_by().values("proposal").annotate(n=Count("pk")).values("n"))
    shown = rows.select_related("lead", "category", "host", "session", "checker").annotate(cosigned=signed)
    return shown.defer("facts", "cause", "request", "terms")
