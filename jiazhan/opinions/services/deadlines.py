"""Open deadlines follow the calendar: each that a loaded or changed year moves is moved, with an entry (handbook §11)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from jiazhan import audit
from jiazhan.audit import Acting
from jiazhan.kernel import calendar, deadlines, parameters, scope
from jiazhan.kernel.deadlines import Due, Rule

from .. import due
from .. import parameters as names
from ..models import Assignment, Opinion
from ..states import WORKFLOW
from . import steps

PIECE = 1000


@transaction.atomic
def recompute(*, by: Acting, at: datetime) -> int:
    """Compute every open deadline of the open scope again from its stored rule; returns how many moved.

    A deadline that comes out the same is left alone, so that running it twice changes nothing.
    """
    calendar.forget()
    waiting = Opinion.objects.filter(jurisdiction__in=scope.current(), due_on__isnull=False)
    fields = ("jurisdiction", "pk", "due_rule", "due_on", "is_due_estimated")
    moved = 0
    for jurisdiction, pk, rule, due_on, is_estimated in waiting.values_list(*fields).iterator(PIECE):
        if deadlines.compute(Rule.from_json(rule)) != Due(due_on, is_estimated):
            moved += _move(Opinion(jurisdiction=jurisdiction, pk=pk), by=by, at=at)
    return moved + _move_windows(by=by, at=at)


def _move(opinion: Opinion, *, by: Acting, at: datetime) -> bool:
    held = steps.lock(opinion)
    if held.due_rule is None or held.due_on is None:
        # Another act ended the waiting meanwhile.
        return False
    before = held.due_on
    due.put(held, due.DueFor(held.due_for), Rule.from_json(held.due_rule))
    held.save(update_fields=["due_for", "due_rule", "due_on", "is_due_estimated"])
    detail = {
        "for": held.due_for,
        "from": before.isoformat(),
        "to": held.due_on.isoformat(),
        "is_estimated": held.is_due_estimated,
    }
    audit.record("opinion.move_deadline", held, by=by, at=at, detail=detail)
    return True


def _move_windows(*, by: Acting, at: datetime) -> int:
    """The windows for objections that are still open: a day that became a holiday must not cost a unit its objection."""
    # A window that closed by the old calendar may be open by the new one.
    lately = timezone.localdate(at) - timedelta(days=14)
    rows = Assignment.objects.filter(
        jurisdiction__in=scope.current(),
        ended_at=None,
        objection_until__gte=lately,
        opinion__state__in=WORKFLOW.steps["object"].sources,
    )
    moved = 0
    for assignment in rows.select_related("opinion").select_for_update(of=("self",)):
        window = parameters.get(names.OBJECTION, assignment.opinion.street)
        until = calendar.current().add_workdays(timezone.localdate(assignment.assigned_at), window)
        if until == assignment.objection_until:
            continue
        detail = {"for": "object", "from": assignment.objection_until.isoformat(), "to": until.isoformat()}
        assignment.objection_until = until
        assignment.save(update_fields=["objection_until"])
        audit.record("opinion.move_deadline", assignment.opinion, by=by, at=at, detail=detail)
        moved += 1
    return moved
