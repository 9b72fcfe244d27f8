"""What the standing committee watches: late, escalated, promised, unrated; and satisfaction with resolution beside it.

Unrated matters count as unrated, never as satisfied (§14 rule 5).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiazhan.kernel import scope
from jiazhan.people.models import Account

from .. import access
from ..choices import Grade, OutcomeClass, PromiseState
from ..models import Opinion, Promise, Rating
from ..states import OPEN, State
from .listing import listed
from .lists import PAGE, Page, cursor_of, moment_of, read_cursor
from .queue import horizon

FOLLOWED = (PromiseState.OPEN, PromiseState.ASKED)
CONTENT = (Grade.SATISFIED, Grade.BASICALLY_SATISFIED)


class Kind(StrEnum):
    """A figure on the page of watching; each opens its cases."""

    LATE = "late"
    DUE = "due"
    ESCALATED = "escalated"
    REOPENED = "reopened"
    REPLIED = "replied"
    UNRATED = "unrated"
    CONTENT = "content"
    DISSATISFIED = "dissatisfied"
    RESOLVED = "resolved"
    SAID_RESOLVED = "said-resolved"
    SAID_UNRESOLVED = "said-unresolved"


LABELS = {
    Kind.LATE: _("已逾期"), Kind.DUE: _("将到期"), Kind.ESCALATED: _("面商督办中"), Kind.REOPENED: _("正在重新办理"),
    Kind.REPLIED: _("今年已答复"), Kind.UNRATED: _("未评价"), Kind.CONTENT: _("满意和基本满意"), Kind.DISSATISFIED: _("不满意"),
    Kind.RESOLVED: _("承办单位答复已经解决"), Kind.SAID_RESOLVED: _("反映人说已解决"), Kind.SAID_UNRESOLVED: _("反映人说没解决"),
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """How many of each kind, and the promises: due in the next days, overdue, found broken this year."""

    of: dict[Kind, int]
    promises_due: int
    promises_overdue: int
    promises_broken: int

    @property
    def rated(self) -> int:
        return self.of[Kind.CONTENT] + self.of[Kind.DISSATISFIED]

    @property
    def said(self) -> int:
        """How many authors said whether it is solved."""
        return self.of[Kind.SAID_RESOLVED] + self.of[Kind.SAID_UNRESOLVED]


def figures(user: Account, *, today: date) -> Figures:
    """The figures of everything that the person may read; two statements."""
    counts = _rows(user).aggregate(**{_name(kind): Count("pk", filter=_matching(kind, today)) for kind in Kind})
    promised = promises(user).aggregate(
        due=Count("pk", filter=Q(state__in=FOLLOWED, due_on__gte=today, due_on__lte=horizon(today))),
        overdue=Count("pk", filter=Q(state__in=FOLLOWED, due_on__lt=today)),
        broken=Count("pk", filter=Q(state=PromiseState.BROKEN, settled_at__gte=_new_year(today))),
    )
    return Figures(
        {kind: counts[_name(kind)] for kind in Kind}, promised["due"], promised["overdue"], promised["broken"]
    )


def cases(user: Account, kind: Kind, *, today: date, cursor: str = "", size: int = PAGE) -> Page:
    """The matters behind a figure, the latest raised first."""
    rows = _rows(user).filter(_matching(kind, today))
    if (marked := read_cursor(cursor)) and (at := moment_of(marked[0])):
        rows = rows.filter(Q(raised_at__lt=at) | Q(raised_at=at, pk__lt=marked[1]))
    found = listed(rows.order_by("-raised_at", "-pk")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], cursor_of(last.raised_at, last.pk) if last else "")


def promises(user: Account) -> QuerySet[Promise]:
    """The promises of the matters that the person may read, the soonest first."""
    readable = access.visible_to(user).filter(jurisdiction=OuterRef("jurisdiction"), pk=OuterRef("opinion"))
    rows = Promise.objects.filter(Exists(readable), jurisdiction__in=scope.current())
    return rows.select_related("opinion", "opinion__unit").order_by("due_on", "id")


def _rows(user: Account) -> QuerySet[Opinion]:
    return access.visible_to(user).filter(jurisdiction__in=scope.current())


def _matching(kind: Kind, today: date) -> Q:
    answered = Q(replied_at__gte=_new_year(today))
    said = Rating.objects.filter(jurisdiction=OuterRef("jurisdiction"), opinion=OuterRef("pk"), supporter=None)
    match kind:
        case Kind.LATE:
            return Q(state__in=sorted(OPEN), due_on__lt=today)
        case Kind.DUE:
            return Q(state__in=sorted(OPEN), due_on__gte=today, due_on__lte=horizon(today))
        case Kind.ESCALATED:
            return Q(state=State.ESCALATED)
        case Kind.REOPENED:
            return Q(state=State.REOPENED)
        case Kind.REPLIED:
            return answered
        case Kind.UNRATED:
            return answered & Q(grade="")
        case Kind.CONTENT:
            return answered & Q(grade__in=CONTENT)
        case Kind.DISSATISFIED:
            return answered & Q(grade=Grade.DISSATISFIED)
        case Kind.RESOLVED:
            return answered & Q(outcome=OutcomeClass.RESOLVED)
        case Kind.SAID_RESOLVED | Kind.SAID_UNRESOLVED:
            last = said.filter(reply__round=OuterRef("round"), is_resolved=kind is Kind.SAID_RESOLVED)
            return answered & Q(Exists(last))


def _name(kind: Kind) -> str:
    return kind.value.replace("-", "_")


def _new_year(today: date) -> datetime:
    return timezone.make_aware(datetime(today.year, 1, 1))
