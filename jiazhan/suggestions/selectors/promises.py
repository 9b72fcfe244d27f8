"""The calendar of what replies promised: months ahead and years back, by who must speak next."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiazhan.kernel.outcomes import PromiseState
from jiazhan.kernel.refusals import NotVisible
from jiazhan.kernel.text import clean_line
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from ..choices import Consent
from ..models import Cosigner, Promise, ReplyCopy

SIZE = 30
OPEN = (PromiseState.OPEN, PromiseState.ASKED)


class Tab(StrEnum):
    UNIT = "unit"
    DEPUTY = "deputy"
    AHEAD = "ahead"
    KEPT = "kept"
    BROKEN = "broken"
    ALL = "all"


LABELS: dict[Tab, Any] = {
    Tab.UNIT: gettext_lazy("等单位说明"), Tab.DEPUTY: gettext_lazy("等代表认定"), Tab.AHEAD: gettext_lazy("还没有到期"),
    Tab.KEPT: gettext_lazy("已兑现"), Tab.BROKEN: gettext_lazy("未兑现"), Tab.ALL: gettext_lazy("全部"),
}  # fmt: skip


@dataclass(frozen=True)
class Month:
    """A month of the calendar with what falls due in it."""

    year: int
    month: int
    count: int
    open: int

    @property
    def key(self) -> str:
        return f"{self.year}-{self.month:02d}"


def of_congress(user: Account) -> QuerySet[Promise]:
    """The promises to the deputies of the congresses that the person works for."""
    areas = [post.area for post in user.posts_with(Permission.PROPOSAL_READ)]
    return _with_relations(Promise.objects.filter(proposal__congress_area__in=areas))


def of_units(user: Account) -> QuerySet[Promise]:
    """What the person's own units promised; a unit that holds a proposal no more still keeps what it promised."""
    units = [post.unit_id for post in user.posts_with(Permission.PROPOSAL_HANDLE)]
    return _with_relations(Promise.objects.filter(reply__handling__unit__in=units))


def of_deputy(user: Account) -> QuerySet[Promise]:
    """What was promised to the deputy: in replies they got a copy of, and on what they signed."""
    if not hasattr(user, "deputy"):
        return Promise.objects.none()
    copies = ReplyCopy.objects.filter(
        jurisdiction=OuterRef("jurisdiction"), reply=OuterRef("reply"), deputy=user.deputy
    )
    signed = Cosigner.objects.filter(
        jurisdiction=OuterRef("jurisdiction"),
        proposal=OuterRef("proposal"),
        deputy=user.deputy,
        consent=Consent.CONFIRMED,
    )
    return _with_relations(
        Promise.objects.filter(Q(Exists(copies)) | Q(Exists(signed)) | Q(proposal__lead=user.deputy))
    )


def one_of(rows: QuerySet[Promise], jurisdiction: str, promise_id: UUID | str) -> Promise:
    """One of the promises that a person may read. Raises NotVisible (a 404)."""
    try:
        found = rows.select_related("reply__handling__unit", "settled_by", "explained_by", "proposal__term__congress")
        return found.get(jurisdiction=jurisdiction, pk=promise_id)
    except (Promise.DoesNotExist, ValidationError) as error:
        raise NotVisible(_("没有找到这项承诺。")) from error


def narrowed(rows: QuerySet[Promise], *, words: str = "", month: str = "", unit: str = "") -> QuerySet[Promise]:
    """By words of the promise or of its proposal, by the month it falls due (2027-03), by the unit that promised."""
    if words := clean_line(words)[:60]:
        rows = rows.filter(
            Q(text__icontains=words) | Q(proposal__title__icontains=words) | Q(proposal__number__icontains=words)
        )
    if found := read_month(month):
        rows = rows.filter(due_on__year=found[0], due_on__month=found[1])
    return rows.filter(reply__handling__unit=UUID(unit)) if unit else rows


def in_tab(rows: QuerySet[Promise], tab: Tab, *, today: date) -> QuerySet[Promise]:
    """What stands in a tab, in its order: the oldest debt first, the latest finding first."""
    rows = rows.filter(condition(tab, today=today))
    if tab in {Tab.KEPT, Tab.BROKEN}:
        return rows.order_by("-settled_at", "-id")
    return rows.order_by("due_on", "id")


def counts(rows: QuerySet[Promise], *, today: date) -> dict[Tab, int]:
    found: dict[str, int] = rows.aggregate(
        **{tab.value: Count("pk", filter=condition(tab, today=today)) for tab in Tab}
    )
    return {Tab(name): count for name, count in found.items()}


def months(rows: QuerySet[Promise], year: int) -> list[Month]:
    """The twelve months of a year."""
    counted = rows.order_by().filter(due_on__year=year).annotate(month=ExtractMonth("due_on")).values("month")
    found: dict[int, Any] = {
        each["month"]: each
        for each in counted.annotate(count=Count("pk"), open=Count("pk", filter=Q(state__in=OPEN))).order_by("month")
    }
    nothing = {"count": 0, "open": 0}
    figures = {number: found.get(number, nothing) for number in range(1, 13)}
    return [Month(year, number, each["count"], each["open"]) for number, each in figures.items()]


def condition(tab: Tab, *, today: date) -> Q:
    due = Q(state=PromiseState.ASKED) | Q(state=PromiseState.OPEN, due_on__lte=today)
    match tab:
        case Tab.UNIT:
            return due & Q(explained_at=None)
        case Tab.DEPUTY:
            return Q(state__in=OPEN, explained_at__isnull=False)
        case Tab.AHEAD:
            return Q(state=PromiseState.OPEN, due_on__gt=today, explained_at=None)
        case Tab.ALL:
            return Q(pk__isnull=False)
    return Q(state=tab.value)


def words_of(promise: Promise, *, today: date) -> str:
    """Where it stands, in words: who must speak next, or what was found."""
    if promise.state not in OPEN:
        return str(promise.get_state_display())
    if promise.explained_at is not None:
        return str(LABELS[Tab.DEPUTY])
    is_due = promise.state == PromiseState.ASKED or promise.due_on <= today
    return str(LABELS[Tab.UNIT] if is_due else LABELS[Tab.AHEAD])


def read_month(text: str) -> tuple[int, int] | None:
    """Year and month of `2027-03`; None for anything else."""
    year, _dash, month = text.partition("-")
    if len(year) == 4 and len(month) == 2 and (year + month).isdecimal() and (year + month).isascii():
        return (int(year), int(month)) if int(year) and 1 <= int(month) <= 12 else None
    return None


def _with_relations(rows: QuerySet[Promise]) -> QuerySet[Promise]:
    return rows.select_related("proposal__lead", "reply__handling__unit")
