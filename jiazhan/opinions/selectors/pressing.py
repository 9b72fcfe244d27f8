"""Matters marked 重大紧急 stand on top of every desk's list until they are answered (信访工作条例第25条)."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.db.models import QuerySet

from jiazhan.kernel import scope
from jiazhan.kernel.keeping import for_seconds

from ..choices import Urgency
from ..models import Opinion
from ..states import OPEN, State

PRESSING = OPEN - {State.REPLIED, State.RATED}
# More than a screen of them would hide the list; the others stand where they fall.
MOST = 20
Row = TypeVar("Row", bound=Opinion)


def is_pressing(opinion: Opinion) -> bool:
    return opinion.urgency == Urgency.CRITICAL and opinion.state in PRESSING


def on_top(
    rows: Callable[[], QuerySet[Row]], shown: Sequence[Row], *, read: Callable[[QuerySet[Row]], Iterable[Row]] = list
) -> Sequence[Row]:
    """The first page of a list with the pressing ones among its `rows` put before the others, the newest first.

    Where none is anywhere in the scope, which is nearly always so, nothing is spent on them.
    """
    if not _are_any(scope.current()):
        return shown
    pressing = rows().filter(urgency=Urgency.CRITICAL, state__in=sorted(PRESSING)).order_by("-raised_at", "-pk")[:MOST]
    return _before(list(read(pressing)), shown)


def on_top_of_all(shown: Sequence[Row]) -> Sequence[Row]:
    """As `on_top`, for a list that is shown as a whole: nothing more has to be read."""
    found = sorted(filter(is_pressing, shown), key=lambda row: (row.raised_at, row.pk), reverse=True)
    return _before(found[:MOST], shown)


def _before(first: Sequence[Row], shown: Sequence[Row]) -> Sequence[Row]:
    known = {row.pk for row in first}
    return [*first, *(row for row in shown if row.pk not in known)]


@for_seconds(5)
def _are_any(codes: frozenset[str]) -> bool:
    """Whether the counties have one, as of some seconds ago; whose it is, is read anew with each list."""
    rows = Opinion.objects.filter(jurisdiction__in=sorted(codes), state__in=sorted(PRESSING))
    return rows.filter(urgency=Urgency.CRITICAL).exists()
