"""What a unit holds of proposals, by tab: what was sent back to it first, then what falls due first; the filters as they
stand in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel.outcomes import Decision, PromiseState, ReplyState
from jiazhan.kernel.text import clean_line
from jiazhan.opinions.selectors.lists import cursor_of, day_of, moment_of, read_cursor
from jiazhan.opinions.selectors.queue import horizon
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission
from jiazhan.suggestions import access
from jiazhan.suggestions.choices import Part
from jiazhan.suggestions.models import AssistOpinion, Extension, Handling, Promise, Reply, Urging
from jiazhan.suggestions.states import WITH_UNITS, PartState

SIZE = 30
OPEN_PROMISES = (PromiseState.OPEN, PromiseState.ASKED)


class Tab(StrEnum):
    TO_RECEIVE = "to-receive"
    UNDER_WAY = "under-way"
    TO_SIGN = "to-sign"
    URGED = "urged"
    ANSWERED = "answered"
    PROMISES = "promises"


LABELS: dict[Tab, Any] = {
    Tab.TO_RECEIVE: _("待签收"), Tab.UNDER_WAY: _("办理中"), Tab.TO_SIGN: _("待签发"), Tab.URGED: _("催办"),
    Tab.ANSWERED: _("已答复"), Tab.PROMISES: _("承诺"),
}  # fmt: skip
EMPTY: dict[Tab, tuple[Any, Any]] = {
    Tab.TO_RECEIVE: (_("没有等待签收的建议"), _("人大或政府办交来的建议会出现在这里，请在期限内签收或提出异议。")),
    Tab.UNDER_WAY: (_("没有正在办理的建议"), _("签收以后的建议会出现在这里：重新办理的在最上面，其余按到期先后。")),
    Tab.TO_SIGN: (_("没有等您签发的文稿"), _("经办人送审的答复和协办意见会出现在这里。")),
    Tab.URGED: (_("没有要回复的催办函"), _("人大发来的催办函会出现在这里，回复后移出。")),
    Tab.ANSWERED: (_("还没有答复过的建议"), _("签发以后，代表的评价和后续情况在这里看。")),
    Tab.PROMISES: (_("没有需要跟踪的承诺"), _("答复里写了承诺和日期的，会在这里跟踪到兑现为止。")),
}
AT_DESK = (PartState.SIGNED, PartState.REORDERED, PartState.OBJECTED)
_STATES: dict[Tab, tuple[PartState, ...]] = {
    Tab.TO_RECEIVE: (PartState.ASSIGNED,),
    Tab.UNDER_WAY: AT_DESK,
    Tab.TO_SIGN: (PartState.SIGNED, PartState.REORDERED),
    Tab.ANSWERED: (PartState.ANSWERED,),
}
LIGHTS = {"late": _("已逾期"), "soon": _("将到期")}


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything unknown in it is left out."""

    tab: Tab = Tab.UNDER_WAY
    q: str = ""
    part: str = ""
    mine: bool = False
    light: str = ""
    after: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], *, default: Tab) -> "Filters":
        wanted = query.get("tab", "")
        return cls(
            tab=Tab(wanted) if wanted in set(Tab) else default,
            q=clean_line(query.get("q", ""))[:60],
            part=query.get("part", "") if query.get("part") in Part.values else "",
            mine=query.get("mine") == "1",
            light=query.get("light", "") if query.get("light") in LIGHTS else "",
            after=query.get("after", "")[:120],
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.part or self.mine or self.light)

    def address(self, **changes: str) -> str:
        """The query of the address with some fields changed; a change of anything but the page starts at its top."""
        own = {
            "tab": self.tab.value, "q": self.q, "part": self.part, "mine": "1" if self.mine else "", "light": self.light,
        } | changes  # fmt: skip
        return f"?{urlencode({name: value for name, value in own.items() if value})}"


@dataclass(frozen=True)
class Listed:
    """A page of parts, of promises or of reminder letters, and the cursor of the next."""

    rows: list[Any]
    next_cursor: str = ""


def tabs_of(account: Account) -> list[Tab]:
    """The tabs of a desk: only who signs has what waits for a signature."""
    return [tab for tab in Tab if tab is not Tab.TO_SIGN or Permission.PROPOSAL_SIGN_REPLY in account.permissions]


def counts(account: Account) -> dict[Tab, int]:
    """How much lies in each tab; what is answered is not counted, because it only grows."""
    rows = _waiting(account).annotate(is_submitted=_submitted())
    found = rows.aggregate(
        to_receive=Count("pk", filter=Q(state=PartState.ASSIGNED)),
        under_way=Count("pk", filter=Q(state__in=AT_DESK)),
        to_sign=Count("pk", filter=Q(is_submitted=True, state__in=_STATES[Tab.TO_SIGN])),
    )
    return {
        Tab.TO_RECEIVE: found["to_receive"],
        Tab.UNDER_WAY: found["under_way"],
        Tab.TO_SIGN: found["to_sign"],
        Tab.URGED: _urgings(account).count(),
        Tab.PROMISES: _promises(account).count(),
    }


def first_tab(account: Account, found: dict[Tab, int]) -> Tab:
    """Where a desk opens: on what waits for this very person."""
    mine = tabs_of(account)
    order = [Tab.TO_SIGN, Tab.URGED, Tab.TO_RECEIVE, Tab.UNDER_WAY]
    return next((tab for tab in order if tab in mine and found.get(tab)), Tab.UNDER_WAY)


def listed(account: Account, filters: Filters, *, today: date) -> Listed:
    """One page of the tab behind the filters."""
    if filters.tab is Tab.PROMISES:
        rows = _searched(_promises(account), filters, account, "reply__handling__", "proposal__")
        rows = rows.select_related("proposal")
        return _by_day(_lit(rows, filters.light, "due_on", today), "due_on", filters.after)
    if filters.tab is Tab.URGED:
        rows = _searched(_urgings(account), filters, account, "", "proposal__").select_related("proposal")
        return _by_day(_lit(rows, filters.light, "answer_by", today), "answer_by", filters.after)
    held = access.parts_of(account) if filters.tab is Tab.ANSWERED else _waiting(account)
    rows = _searched(held, filters, account, "", "proposal__").filter(state__in=_STATES[filters.tab])
    rows = _lit(_drawn(rows), filters.light, "due_on", today)
    if filters.tab is Tab.TO_SIGN:
        rows = rows.filter(is_submitted=True)
    if filters.tab is Tab.ANSWERED:
        return _newest_answer_first(rows, filters.after)
    return _sent_back_first(rows, filters.after)


def soonest(account: Account, *, most: int) -> list[Handling]:
    """What falls due first of all that waits on the desk."""
    rows = _drawn(_waiting(account)).filter(due_on__isnull=False)
    return list(rows.order_by("due_on", "pk")[:most])


def _waiting(account: Account) -> QuerySet[Handling]:
    """What waits on the desk; what an assisting unit owed is owed no more once the proposal is closed."""
    at_desk = [PartState.ASSIGNED, *AT_DESK]
    return access.parts_of(account).filter(state__in=at_desk, proposal__state__in=WITH_UNITS)


def _drawn(rows: QuerySet[Handling]) -> QuerySet[Handling]:
    asked = Extension.objects.filter(
        jurisdiction=OuterRef("jurisdiction"), handling=OuterRef("pk"), decision=Decision.PENDING
    )
    related = rows.select_related("proposal__lead", "handler", "unit")
    return related.annotate(is_submitted=_submitted(), is_asking=Exists(asked))


def _submitted() -> Q:
    own = {
        "jurisdiction": OuterRef("jurisdiction"),
        "handling": OuterRef("pk"),
        "round": OuterRef("round"),
        "state": ReplyState.SUBMITTED,
    }
    return Q(Exists(Reply.objects.filter(**own))) | Q(Exists(AssistOpinion.objects.filter(**own)))


def _units(account: Account) -> set[Any]:
    return {post.unit_id for post in account.posts_with(Permission.PROPOSAL_HANDLE)}


def _promises(account: Account) -> QuerySet[Promise]:
    # No promise is open where the proposal is closed; saying so spares looking for the reply to all that was ever handled.
    parts = {"reply__handling__unit__in": _units(account), "reply__handling__proposal__state__in": WITH_UNITS}
    return Promise.objects.filter(**parts, state__in=OPEN_PROMISES)


def _urgings(account: Account) -> QuerySet[Urging]:
    return Urging.objects.filter(unit__in=_units(account), answered_at=None)


def _searched(rows: QuerySet[Any], filters: Filters, account: Account, part: str, proposal: str) -> QuerySet[Any]:
    """Narrowed by words, part and handler; `part` and `proposal` are the ways to them from these rows."""
    if filters.q:
        words = Q(**{f"{proposal}title__icontains": filters.q}) | Q(**{f"{proposal}number__icontains": filters.q})
        rows = rows.filter(words | Q(**{f"{proposal}lead__name": filters.q}))
    if rows.model is Urging:
        return rows
    if filters.part:
        rows = rows.filter(**{f"{part}part": filters.part})
    return rows.filter(**{f"{part}handler": account}) if filters.mine else rows


def _lit(rows: QuerySet[Any], light: str, field: str, today: date) -> QuerySet[Any]:
    if light == "late":
        return rows.filter(**{f"{field}__lt": today})
    if light == "soon":
        return rows.filter(**{f"{field}__gte": today, f"{field}__lte": horizon(today)})
    return rows


def _sent_back_first(rows: QuerySet[Handling], after: str) -> Listed:
    """What deputies were not satisfied with stands above all else; the first sign of a cursor says which of the two it is."""
    first = Case(When(state=PartState.REORDERED, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = rows.filter(due_on__isnull=False).annotate(rank=first)
    if after[:1] in {"0", "1"} and (marked := read_cursor(after[1:])) and (day := day_of(marked[0])):
        later = Q(due_on__gt=day) | Q(due_on=day, pk__gt=marked[1])
        rows = rows.filter(Q(rank__gt=int(after[0])) | Q(rank=int(after[0])) & later)
    found = list(rows.order_by("rank", "due_on", "pk")[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    mark = f"{last.rank}{cursor_of(last.due_on, last.pk)}" if last and last.due_on else ""  # type: ignore[attr-defined]
    return Listed(found[:SIZE], mark)


def _by_day(rows: QuerySet[Any], field: str, after: str) -> Listed:
    if (marked := read_cursor(after)) and (day := day_of(marked[0])):
        rows = rows.filter(Q(**{f"{field}__gt": day}) | Q(**{field: day}, pk__gt=marked[1]))
    found = list(rows.order_by(field, "pk")[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    return Listed(found[:SIZE], cursor_of(getattr(last, field), last.pk) if last else "")


def _newest_answer_first(rows: QuerySet[Handling], after: str) -> Listed:
    if (marked := read_cursor(after)) and (at := moment_of(marked[0])):
        rows = rows.filter(Q(answered_at__lt=at) | Q(answered_at=at, pk__lt=marked[1]))
    found = list(rows.filter(answered_at__isnull=False).order_by("-answered_at", "-pk")[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    answered: datetime | None = last.answered_at if last else None
    return Listed(found[:SIZE], cursor_of(answered, last.pk) if last and answered else "")
