"""A person's own matters, and a unit's."""

from datetime import UTC

from django.db.models import Exists, F, OuterRef, Q

from jiazhan.people.models import Account

from .. import access
from ..models import Opinion, Supporter
from ..states import State
from .lists import PAGE, Page, cursor_of, day_of, moment_of, read_cursor
from .search import with_relations

AT_UNIT = (
    State.STREET_ASSIGNED,
    State.DEPT_ASSIGNED,
    State.DEPT_RECEIVED,
    State.HANDLING,
    State.REOPENED,
    State.OBJECTED,
)


def my_matters(resident: Account, *, cursor: str = "", size: int = 20) -> Page:
    """What the resident raised or joined, newest first."""
    joined = Supporter.objects.filter(jurisdiction=OuterRef("jurisdiction"), opinion=OuterRef("pk"), author=resident)
    rows = access.visible_to(resident).filter(Q(author=resident) | Q(Exists(joined)))
    if (marked := read_cursor(cursor)) and (at := moment_of(marked[0])):
        rows = rows.filter(Q(raised_at__lt=at) | Q(raised_at=at, pk__lt=marked[1]))
    found = list(with_relations(rows).order_by("-raised_at", "-pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], cursor_of(last.raised_at.astimezone(UTC), last.pk) if last else "")


def inbox(user: Account, *, states: tuple[str, ...] = AT_UNIT, cursor: str = "", size: int = PAGE) -> Page:
    """What a unit's people hold, what falls due first on top."""
    units = {post.unit_id for post in user.current_posts if post.role in access.IN_UNIT}
    rows = access.visible_to(user).filter(unit__in=units, state__in=states, due_on__isnull=False)
    if (marked := read_cursor(cursor)) and (day := day_of(marked[0])):
        rows = rows.filter(Q(due_on__gt=day) | Q(due_on=day, pk__gt=marked[1]))
    found: list[Opinion] = list(with_relations(rows).order_by(F("due_on"), "pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], cursor_of(last.due_on, last.pk) if last and last.due_on else "")
