"""A unit's desk: what it holds by tab, what falls due first on top, the filters as they stand in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.text import clean_line
from jiazhan.opinions import access
from jiazhan.opinions.choices import PromiseState
from jiazhan.opinions.models import Opinion, Promise, Reply
from jiazhan.opinions.models.handling import ReplyState
from jiazhan.opinions.selectors.lists import cursor_of, day_of, moment_of, read_cursor
from jiazhan.opinions.selectors.pressing import on_top
from jiazhan.opinions.selectors.queue import horizon
from jiazhan.opinions.selectors.search import with_relations
from jiazhan.opinions.states import State
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

SIZE = 30
FOLLOWED = (PromiseState.OPEN, PromiseState.ASKED)


class Tab(StrEnum):
    TO_RECEIVE = "to-receive"
    UNDER_WAY = "under-way"
    TO_SIGN = "to-sign"
    AGAIN = "again"
    REPLIED = "replied"
    PROMISES = "promises"


LABELS: dict[Tab, Any] = {
    Tab.TO_RECEIVE: _("待签收"), Tab.UNDER_WAY: _("办理中"), Tab.TO_SIGN: _("待签发"), Tab.AGAIN: _("重新办理"),
    Tab.REPLIED: _("已答复"), Tab.PROMISES: _("承诺"),
}  # fmt: skip
EMPTY: dict[Tab, tuple[Any, Any]] = {
    Tab.TO_RECEIVE: (_("没有等待签收的事项"), _("街道或政府办交来的事项会出现在这里，签收后开始计时。")),
    Tab.UNDER_WAY: (_("没有正在办理的事项"), _("签收以后的事项会出现在这里，最先到期的排在最上面。")),
    Tab.TO_SIGN: (_("没有等您签发的答复"), _("经办人送审的答复会出现在这里。")),
    Tab.AGAIN: (_("没有要重新办理的事项"), _("反映人第一次评价不满意的事项会回到这里，有新的期限。")),
    Tab.REPLIED: (_("还没有答复过的事项"), _("签发答复以后，评价和后续情况在这里看。")),
    Tab.PROMISES: (_("没有需要跟踪的承诺"), _("答复里写了承诺和日期的，会在这里跟踪到兑现为止。")),
}
_STATES = {
    Tab.TO_RECEIVE: (State.STREET_ASSIGNED, State.DEPT_ASSIGNED),
    Tab.UNDER_WAY: (State.DEPT_RECEIVED, State.HANDLING, State.OBJECTED),
    Tab.TO_SIGN: (State.HANDLING, State.REOPENED),
    Tab.AGAIN: (State.REOPENED,),
    Tab.REPLIED: (State.REPLIED, State.RATED, State.ESCALATED, State.CLOSED),
}
LIGHTS = {"late": _("已逾期"), "soon": _("将到期")}


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything unknown in it is left out."""

    tab: Tab = Tab.UNDER_WAY
    q: str = ""
    mine: bool = False
    light: str = ""
    after: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], *, default: Tab) -> "Filters":
        wanted = query.get("tab", "")
        return cls(
            tab=Tab(wanted) if wanted in set(Tab) else default,
            q=clean_line(query.get("q", ""))[:60],
            mine=query.get("mine") == "1",
            light=query.get("light", "") if query.get("light") in LIGHTS else "",
            after=query.get("after", "")[:120],
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.mine or self.light)

    def address(self, **changes: str) -> str:
        """The query of the address with some fields changed; a change of anything but the page starts at its top."""
        own = {"tab": self.tab.value, "q": self.q, "mine": "1" if self.mine else "", "light": self.light} | changes
        return f"?{urlencode({name: value for name, value in own.items() if value})}"


@dataclass(frozen=True)
class Listed:
    """A page of matters, or of promises in their tab, and the cursor of the next."""

    rows: list[Any]
    next_cursor: str = ""


def tabs_of(account: Account) -> list[Tab]:
    """The tabs of a desk: only who signs has what waits for a signature."""
    return [tab for tab in Tab if tab is not Tab.TO_SIGN or Permission.OPINION_SIGN_REPLY in account.permissions]


def counts(account: Account) -> dict[Tab, int]:
    """How much lies in each tab; what is replied is not counted, because it only grows."""
    submitted = Q(is_submitted=True)
    by_tab = {
        tab.value: Count("pk", filter=Q(state__in=states))
        for tab, states in _STATES.items()
        if tab not in (Tab.TO_SIGN, Tab.REPLIED)
    }
    rows = _held(account).exclude(state__in=_STATES[Tab.REPLIED]).annotate(is_submitted=_submitted())
    found = rows.aggregate(
        **by_tab, **{Tab.TO_SIGN.value: Count("pk", filter=submitted & Q(state__in=_STATES[Tab.TO_SIGN]))}
    )
    return {Tab(name): count for name, count in found.items()} | {Tab.PROMISES: _promises(account).count()}


def first_tab(account: Account, found: dict[Tab, int]) -> Tab:
    """Where a desk opens: on what waits for this very person."""
    order = [Tab.TO_SIGN, Tab.TO_RECEIVE, Tab.AGAIN, Tab.UNDER_WAY]
    mine = tabs_of(account)
    return next((tab for tab in order if tab in mine and found.get(tab)), Tab.UNDER_WAY)


def listed(account: Account, filters: Filters, *, today: date) -> Listed:
    """One page of the tab behind the filters."""
    if filters.tab is Tab.PROMISES:
        return _listed_promises(account, filters, today=today)
    rows = with_relations(_held(account)).filter(state__in=_STATES[filters.tab]).annotate(is_submitted=_submitted())
    if filters.tab is Tab.TO_SIGN:
        rows = rows.filter(is_submitted=True)
    if filters.q:
        rows = rows.filter(Q(title__icontains=filters.q) | Q(number__iexact=filters.q))
    if filters.mine:
        rows = rows.filter(handler=account)
    rows = _lit(rows, filters.light, "due_on", today)
    if filters.tab is Tab.REPLIED:
        return _newest_reply_first(rows, filters.after)
    page = _by_due(rows, filters.after)
    return page if filters.after else replace(page, rows=list(on_top(lambda: rows, page.rows)))


def soonest(account: Account, *, most: int) -> list[Opinion]:
    """What falls due first of all that waits on the desk."""
    waiting = [*_STATES[Tab.TO_RECEIVE], *_STATES[Tab.UNDER_WAY], *_STATES[Tab.AGAIN]]
    rows = with_relations(_held(account)).filter(state__in=waiting, due_on__isnull=False)
    return list(rows.annotate(is_submitted=_submitted()).order_by("due_on", "pk")[:most])


def held_by(account: Account, opinion: Opinion) -> bool:
    """Whether the matter lies on this person's desk, and not before their eyes for another post's sake."""
    return access.holds(account, Permission.OPINION_HANDLE, opinion)


def _units(account: Account) -> set[Any]:
    return {post.unit_id for post in account.posts_with(Permission.OPINION_HANDLE)}


def _held(account: Account) -> QuerySet[Opinion]:
    return access.visible_to(account).filter(unit__in=_units(account))


def _submitted() -> Exists:
    replies = Reply.objects.filter(
        jurisdiction=OuterRef("jurisdiction"),
        opinion=OuterRef("pk"),
        round=OuterRef("round"),
        state=ReplyState.SUBMITTED,
    )
    return Exists(replies)


def _promises(account: Account) -> QuerySet[Promise]:
    matters = _held(account).values("pk")
    return Promise.objects.filter(opinion__in=matters, state__in=FOLLOWED)


def _listed_promises(account: Account, filters: Filters, *, today: date) -> Listed:
    rows = _promises(account).select_related("opinion__station", "opinion__handler")
    if filters.q:
        rows = rows.filter(Q(text__icontains=filters.q) | Q(opinion__title__icontains=filters.q))
    if filters.mine:
        rows = rows.filter(opinion__handler=account)
    return _by_due(_lit(rows, filters.light, "due_on", today), filters.after)


def _lit(rows: QuerySet[Any], light: str, field: str, today: date) -> QuerySet[Any]:
    if light == "late":
        return rows.filter(**{f"{field}__lt": today})
    if light == "soon":
        return rows.filter(**{f"{field}__gte": today, f"{field}__lte": horizon(today)})
    return rows


def _by_due(rows: QuerySet[Any], after: str) -> Listed:
    if (marked := read_cursor(after)) and (day := day_of(marked[0])):
        rows = rows.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=marked[1]))
    found = list(rows.filter(due_on__isnull=False).order_by("due_on", "pk")[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    return Listed(found[:SIZE], cursor_of(last.due_on, last.pk) if last else "")


def _newest_reply_first(rows: QuerySet[Opinion], after: str) -> Listed:
    if (marked := read_cursor(after)) and (at := moment_of(marked[0])):
        rows = rows.filter(Q(replied_at__lt=at) | Q(replied_at=at, pk__lt=marked[1]))
    found = list(rows.filter(replied_at__isnull=False).order_by("-replied_at", "-pk")[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    replied: datetime | None = last.replied_at if last else None
    return Listed(found[:SIZE], cursor_of(replied, last.pk) if last and replied else "")
