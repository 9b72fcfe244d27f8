"""Promises: where a reply ought to hold one, and which are due or overdue in somebody's view."""

from datetime import date

from django.db.models import Q, QuerySet

from jiazhan.people.models import Account

from .. import access
from ..choices import OutcomeClass, PromiseState
from ..models import Opinion, Promise, Reply
from ..models.handling import ReplyState

# B and C of the letter classes go into following (handbook §2.4).
_OWING = frozenset({OutcomeClass.IN_PROGRESS, OutcomeClass.PLANNED, OutcomeClass.DEFERRED})


def promise_expected(reply: Reply) -> bool:
    """Whether the outcome leaves something open that the reply gives no date for: it may be signed so, and the page says it."""
    return reply.outcome in _OWING and reply.promise_on is None


def replies_without_promise(user: Account) -> QuerySet[Reply]:
    """The signed replies in the person's view that leave something open without a date, oldest first."""
    rows = Reply.objects.filter(opinion__in=access.visible_to(user), state=ReplyState.SIGNED)
    return rows.filter(outcome__in=_OWING, promise_on=None).select_related("opinion", "unit").order_by("signed_at")


def promises_in_view(user: Account) -> QuerySet[Promise]:
    """The promises of the matters that the person may read, the soonest first."""
    rows = Promise.objects.filter(opinion__in=access.visible_to(user))
    return rows.select_related("opinion", "opinion__unit", "reply").order_by("due_on", "id")


def overdue_promises(user: Account, *, today: date) -> QuerySet[Promise]:
    """Promises whose day is over without a finding, and those found broken, whatever became of their case."""
    late = Q(state__in=[PromiseState.OPEN, PromiseState.ASKED], due_on__lt=today)
    return promises_in_view(user).filter(late | Q(state=PromiseState.BROKEN))


def promises_of(opinion: Opinion) -> QuerySet[Promise]:
    return opinion.promises.order_by("due_on", "id")
