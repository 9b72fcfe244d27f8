"""The queue of a station or an office: what waits for whom, newest first, or by what falls due."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel import calendar, parameters, scope
from jiazhan.people.models import Account

from .. import access
from .. import parameters as names
from ..models import Opinion
from ..states import OPEN, State
from .lists import PAGE, Page, cursor_of, day_of, read_cursor
from .search import Filters, browse, with_relations

# Counting stops here: the tab then says 999+, and costs the same at a million rows.
MOST = 999
AWAITING = frozenset({State.REPLIED, State.RATED})
UNDER_WAY = OPEN - AWAITING - {State.REGISTERED}


class Tab(StrEnum):
    WAITING = "waiting"
    UNDER_WAY = "under-way"
    DUE = "due"
    CALL_BACK = "call-back"
    ALL = "all"


LABELS: dict[Tab, Any] = {
    Tab.WAITING: _("待受理"), Tab.UNDER_WAY: _("办理中"), Tab.DUE: _("将到期"), Tab.CALL_BACK: _("待回访"), Tab.ALL: _("全部"),
}  # fmt: skip
_STATES: dict[Tab, frozenset[State]] = {
    Tab.WAITING: frozenset({State.REGISTERED}),
    Tab.UNDER_WAY: UNDER_WAY,
    Tab.DUE: OPEN,
    Tab.CALL_BACK: AWAITING,
    Tab.ALL: frozenset(State),
}


@dataclass(frozen=True)
class Queue:
    page: Page
    counts: dict[Tab, str] = field(default_factory=dict)

    @property
    def rows(self) -> Sequence[Opinion]:
        return self.page.rows


def queue(
    user: Account,
    filters: Filters | None = None,
    *,
    tab: Tab = Tab.ALL,
    today: date,
    cursor: str = "",
    size: int = PAGE,
) -> Queue:
    """One page of a tab behind the filters, with the counts of all tabs."""
    filters = filters or Filters()
    states = _STATES[tab] & frozenset(map(State, filters.states)) if filters.states else _STATES[tab]
    if not states:
        page = Page([])
    elif tab is Tab.DUE:
        page = _due(user, replace(filters, states=tuple(sorted(states))), today=today, cursor=cursor, size=size)
    else:
        chosen = () if states == frozenset(State) else tuple(sorted(states))
        page = browse(user, replace(filters, states=chosen), cursor=cursor, size=size)
    return Queue(page, counts(user, today=today))


def counts(user: Account, *, today: date) -> dict[Tab, str]:
    """How much waits in each tab, as the tab shows it: exact up to 999, then 999+."""
    mine = access.visible_to(user)
    if len(codes := scope.current()) == 1:
        mine = mine.filter(jurisdiction=next(iter(codes)))
    found = {}
    for tab in (Tab.WAITING, Tab.UNDER_WAY, Tab.DUE, Tab.CALL_BACK):
        rows = mine.filter(state__in=sorted(_STATES[tab]))
        if tab is Tab.DUE:
            rows = rows.filter(due_on__lte=horizon(today))
        count = rows.order_by()[: MOST + 1].count()
        found[tab] = str(count) if count <= MOST else f"{MOST}+"
    return found


def horizon(today: date) -> date:
    """The last day that counts as falling due soon: so many working days from now."""
    area = min(scope.current(), default="")
    return calendar.current().add_workdays(today, parameters.get(names.AMBER, area))


def _due(user: Account, filters: Filters, *, today: date, cursor: str, size: int) -> Page:
    rows = _matching(access.visible_to(user), filters).filter(due_on__lte=horizon(today))
    if (marked := read_cursor(cursor)) and (day := day_of(marked[0])):
        rows = rows.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=marked[1]))
    # By county, so that each takes the first of its own index instead of sorting them all.
    parts = [rows.filter(jurisdiction=code).order_by("due_on", "pk")[: size + 1] for code in sorted(scope.current())]
    first, others = parts[0].values_list("due_on", "pk"), [part.values_list("due_on", "pk") for part in parts[1:]]
    keys = list((first.union(*others, all=True) if others else first).order_by("due_on", "id")[: size + 1])
    found = {row.pk: row for row in with_relations(access.visible_to(user)).filter(pk__in=[key[1] for key in keys])}
    shown = [found[key[1]] for key in keys[:size] if key[1] in found]
    return Page(shown, cursor_of(*keys[size - 1]) if len(keys) > size else "")


def _matching(rows: QuerySet[Opinion], filters: Filters) -> QuerySet[Opinion]:
    plain = {"street": filters.street, "community": filters.community, "station": filters.station, "unit": filters.unit,
             "deputy": filters.deputy, "track": filters.track, "urgency": filters.urgency}  # fmt: skip
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if filters.states:
        rows = rows.filter(state__in=filters.states)
    if filters.category:
        rows = rows.filter(category__gte=filters.category, category__lt=filters.category + ":")
    if filters.since:
        rows = rows.filter(raised_at__date__gte=filters.since)
    if filters.until:
        rows = rows.filter(raised_at__date__lte=filters.until)
    return rows
