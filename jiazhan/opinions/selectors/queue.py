"""The queue of a station or an office: what waits for whom, newest first, or by what falls due."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel import calendar, parameters, scope
from jiazhan.kernel.deadlines import Light
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from .. import parameters as names
from ..models import Extension, Opinion
from ..models.handling import Decision
from ..states import OPEN, State
from .listing import listed
from .lists import PAGE, Page, cursor_of, day_of, moment_of, read_cursor
from .pressing import PRESSING, on_top, on_top_of_all
from .search import Filters, browse

# Counting stops here: the tab then says 999+, and costs the same at a million rows.
MOST = 999
MOST_MADE = 1000
_made: dict[Hashable, tuple[str, Sequence[Any]]] = {}
AWAITING = frozenset({State.REPLIED, State.RATED})
UNDER_WAY = OPEN - AWAITING - {State.REGISTERED}


class Tab(StrEnum):
    WAITING = "waiting"
    UNDER_WAY = "under-way"
    DUE = "due"
    CALL_BACK = "call-back"
    VICE_DIRECTOR = "vice-director"
    DIRECTOR = "director"
    REVIEW = "review"
    FORWARD = "forward"
    ASSIGN = "assign"
    RULE = "rule"
    EXTEND = "extend"
    SETTLE = "settle"
    LATE = "late"
    ALL = "all"


LABELS: dict[Tab, Any] = {
    Tab.WAITING: _("待受理"), Tab.UNDER_WAY: _("办理中"), Tab.DUE: _("将到期"), Tab.CALL_BACK: _("待回访"),
    Tab.VICE_DIRECTOR: _("待副主任意见"), Tab.DIRECTOR: _("待主任办理"), Tab.REVIEW: _("待审核"), Tab.FORWARD: _("待转出"),
    Tab.ASSIGN: _("待交办"), Tab.RULE: _("异议待裁定"), Tab.EXTEND: _("延期待批"), Tab.SETTLE: _("面商督办"),
    Tab.LATE: _("已逾期"), Tab.ALL: _("全部"),
}  # fmt: skip
MAIN = (Tab.WAITING, Tab.UNDER_WAY, Tab.DUE, Tab.CALL_BACK)
# Tabs that only those see whose step it is.
OWN: dict[Tab, frozenset[Permission]] = {
    Tab.VICE_DIRECTOR: frozenset({Permission.OPINION_VICE_DIRECTOR}),
    Tab.DIRECTOR: frozenset({Permission.OPINION_DIRECTOR}),
    Tab.REVIEW: frozenset({Permission.OPINION_REVIEW}),
    Tab.FORWARD: frozenset({Permission.OPINION_FORWARD}),
    Tab.ASSIGN: frozenset({Permission.OPINION_GOV_ASSIGN}),
    Tab.RULE: frozenset({Permission.OPINION_DIRECTOR, Permission.OPINION_GOV_ASSIGN}),
    Tab.EXTEND: frozenset({Permission.OPINION_DIRECTOR, Permission.OPINION_GOV_ASSIGN}),
    Tab.SETTLE: frozenset({Permission.OPINION_ESCALATE}),
}
_STATES: dict[Tab, frozenset[State]] = {
    Tab.WAITING: frozenset({State.REGISTERED}),
    Tab.UNDER_WAY: UNDER_WAY,
    Tab.DUE: OPEN,
    Tab.CALL_BACK: AWAITING,
    Tab.VICE_DIRECTOR: frozenset({State.DEPUTY_OPINED}),
    Tab.DIRECTOR: frozenset({State.VICE_DIRECTOR_OPINED, State.DIRECTOR_OPINED}),
    Tab.REVIEW: frozenset({State.STREET_FORWARDED, State.CONGRESS_REVIEWING}),
    Tab.FORWARD: frozenset({State.REVIEW_APPROVED}),
    Tab.ASSIGN: frozenset({State.OFFICE_FORWARDED, State.GOV_OFFICE_RECEIVED}),
    Tab.RULE: frozenset({State.OBJECTED}),
    Tab.EXTEND: frozenset({State.DEPT_RECEIVED, State.HANDLING}),
    Tab.SETTLE: frozenset({State.ESCALATED}),
    Tab.LATE: OPEN,
    Tab.ALL: frozenset(State),
}


@dataclass(frozen=True)
class Queue:
    page: Page
    counts: dict[Tab, str] = field(default_factory=dict)

    @property
    def rows(self) -> Sequence[Opinion]:
        return self.page.rows


def tabs_for(user: Account) -> tuple[Tab, ...]:
    """The tabs of a person's desk, their own steps first. Who only assigns or rules triages nothing."""
    own = tuple(tab for tab, permissions in OWN.items() if user.permissions & permissions)
    main = MAIN if Permission.OPINION_READ in user.permissions else (Tab.UNDER_WAY, Tab.DUE)
    return (*own, *main, Tab.LATE, Tab.ALL)


def queue(
    user: Account,
    filters: Filters | None = None,
    *,
    tab: Tab = Tab.ALL,
    today: date,
    light: str = "",
    cursor: str = "",
    size: int = PAGE,
    counted: dict[Tab, str] | None = None,
) -> Queue:
    """One page of a tab behind the filters, with the counts of the person's tabs (`counted` where they were read before).

    What is 重大紧急 and unanswered stands on top. `light` ("amber", "red") keeps what falls due soon, or is late, and puts
    the earliest first.
    """
    filters = filters or Filters()
    states = _STATES[tab] & frozenset(map(State, filters.states)) if filters.states else _STATES[tab]
    chosen = replace(filters, states=() if states == frozenset(State) else tuple(sorted(states)))
    dated = _dated(tab, light, today)
    if not states:
        page = Page([])
    elif light or tab in {Tab.DUE, Tab.LATE, Tab.EXTEND}:
        page = _due(user, chosen, dated, cursor=cursor, size=size)
    elif _is_close(user, chosen):
        page = _newest(user, chosen, cursor=cursor, size=size)
    else:
        page = browse(user, chosen, cursor=cursor, size=size)
    if not cursor and not page.next_cursor:
        page = replace(page, rows=on_top_of_all(page.rows))
    elif not cursor and states & PRESSING:
        page = replace(page, rows=on_top(lambda: _near(user, chosen).filter(dated), page.rows, read=listed))
    return Queue(page, counts(user, today=today) if counted is None else counted)


def counts(user: Account, *, today: date) -> dict[Tab, str]:
    """How much waits in each of the person's tabs, as the tab shows it: exact up to 999, then 999+. One statement."""
    tabs = [tab for tab in tabs_for(user) if tab is not Tab.ALL]
    found = _counted(user, tabs, today)
    return {tab: str(count) if count <= MOST else f"{MOST}+" for tab, count in zip(tabs, found, strict=True)}


def _counted(user: Account, tabs: Sequence[Tab], today: date) -> Sequence[int]:
    """How many of a person's matters each tab has, counting to 1,000, in one statement that is made once for all tabs."""
    try:
        mine, values = _mine(user)
    except EmptyResultSet:
        return [0] * len(tabs)
    parts = [
        f"(SELECT count(*) FROM (SELECT FROM mine WHERE {_DATED.get(tab, 'true')}"
        f" AND state = ANY ('{{{','.join(sorted(_STATES[tab]))}}}') LIMIT {MOST + 1}) x)"
        for tab in tabs
    ]
    limits = [_limit(tab, today) for tab in tabs if tab in {Tab.DUE, Tab.LATE}]
    with connection.prepared() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"WITH mine AS NOT MATERIALIZED ({mine}) SELECT {', '.join(parts)}", [*values, *limits])
        found: Sequence[int] = cursor.fetchone()
    return found


def _mine(user: Account) -> tuple[str, Sequence[Any]]:
    """The statement for what a person may read, as columns that the tabs' counts look at: made by the ORM once for each
    combination of posts and scope."""
    key = access.key_of(user)
    if (made := _made.get(key)) is None:
        if len(_made) >= MOST_MADE:
            _made.clear()
        rows = access.visible_to(user).order_by()
        if len(codes := scope.current()) == 1:
            rows = rows.filter(jurisdiction=next(iter(codes)))
        made = _made[key] = rows.values("jurisdiction", "id", "state", "due_on").query.sql_with_params()
    return made


# As `_dated` has it, over the rows of `mine`.
_DATED = {
    Tab.DUE: "due_on <= %s",
    Tab.LATE: "due_on < %s",
    Tab.EXTEND: "EXISTS (SELECT FROM opinions_extension e WHERE e.jurisdiction = mine.jurisdiction AND e.opinion_id = mine.id"
    f" AND e.decision = '{Decision.PENDING}')",
}


def _limit(tab: Tab, today: date) -> date:
    return horizon(today) if tab is Tab.DUE else today


def _dated(tab: Tab, light: str, today: date) -> Q:
    """The deadlines of a tab under a light, and for requests of more time that one is pending."""
    found = Q()
    if tab is Tab.EXTEND:
        pending = Extension.objects.filter(
            jurisdiction=OuterRef("jurisdiction"), opinion=OuterRef("pk"), decision=Decision.PENDING
        )
        found &= Q(Exists(pending))
    if tab is Tab.DUE:
        found &= Q(due_on__lte=horizon(today))
    if tab is Tab.LATE or light == Light.RED:
        found &= Q(due_on__lt=today)
    if light == Light.AMBER:
        found &= Q(due_on__gte=today, due_on__lte=horizon(today))
    return found


def horizon(today: date) -> date:
    """The last day that counts as falling due soon: so many working days from now."""
    area = min(scope.current(), default="")
    return calendar.current().add_workdays(today, parameters.get(names.AMBER, area))


def _is_close(user: Account, filters: Filters) -> bool:
    """Whether the list lies within one street, station, unit or deputy: few enough rows for their own index, which costs a
    tenth of asking the search index for days."""
    held = filters.street or filters.community or filters.station or filters.unit or filters.deputy
    reach = access.reach(user) or ""
    return bool(held) or "'j" not in reach


def _newest(user: Account, filters: Filters, *, cursor: str, size: int) -> Page:
    rows = _near(user, filters)
    if (marked := read_cursor(cursor)) and (at := moment_of(marked[0])):
        rows = rows.filter(Q(raised_at__lt=at) | Q(raised_at=at, pk__lt=marked[1]))
    found = listed(rows.order_by("-raised_at", "-pk")[: size + 1])
    return Page(found[:size], cursor_of(found[size - 1].raised_at, found[size - 1].pk) if len(found) > size else "")


def _near(user: Account, filters: Filters) -> QuerySet[Opinion]:
    return _matching(access.visible_to(user), filters).filter(jurisdiction__in=sorted(scope.current()))


def _due(user: Account, filters: Filters, dated: Q, *, cursor: str, size: int) -> Page:
    rows = _matching(access.visible_to(user), filters).filter(dated, due_on__isnull=False)
    if (marked := read_cursor(cursor)) and (day := day_of(marked[0])):
        rows = rows.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=marked[1]))
    # By county, so that each takes the first of its own index instead of sorting them all.
    parts = [rows.filter(jurisdiction=code).order_by("due_on", "pk")[: size + 1] for code in sorted(scope.current())]
    if not parts:
        return Page([])
    first, others = parts[0].values_list("due_on", "pk"), [part.values_list("due_on", "pk") for part in parts[1:]]
    keys: list[tuple[Any, Any]] = list(
        first.union(*others, all=True).order_by("due_on", "id")[: size + 1] if others else first
    )
    named = access.among(user, scope.current(), [key[1] for key in keys])
    found = {row.pk: row for row in listed(named)}
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
        rows = rows.filter(raised_at__gte=_midnight(filters.since))
    if filters.until:
        rows = rows.filter(raised_at__lt=_midnight(filters.until + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    """When a day begins here. A time is compared and not its date, so that the index is read only from there on."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
