"""Open deadlines follow the calendar: each that a loaded or changed year moves is moved, with an entry (handbook §11)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from jiazhan import audit
from jiazhan.audit import Acting
from jiazhan.kernel import calendar, deadlines, parameters, scope
from jiazhan.kernel.deadlines import Due, Rule
from jiazhan.kernel.outcomes import Ruling

from .. import due
from .. import parameters as names
from ..choices import DueFor
from ..models import Handling, Objection, Proposal
from ..states import HANDLING, WITH_UNITS
from . import steps

PIECE = 1000
FIELDS = ("due_for", "due_rule", "due_on", "is_due_estimated")
# A window that closed by the old calendar may be open by the new one.
LATELY = timedelta(days=14)


@transaction.atomic
def recompute(*, by: Acting, at: datetime) -> int:
    """Compute every open deadline of the open scope again from its stored rule: of parts, of stages, of windows for
    objections and of rulings; returns how many moved.

    A deadline that comes out the same is left alone, so that running it twice changes nothing.
    """
    calendar.forget()
    moved = sum(_move_part(each, by=by, at=at) for each in _outdated(_parts()))
    moved += sum(_move_stage(each, by=by, at=at) for each in _outdated(_stages()))
    return moved + _move_windows(by=by, at=at) + _move_rulings(by=by, at=at)


def _parts() -> Any:
    rows = Handling.objects.filter(jurisdiction__in=scope.current(), due_on__isnull=False)
    return rows.filter(proposal__state__in=WITH_UNITS)


def _stages() -> Any:
    # What mirrors its parts moves with them.
    rows = Proposal.objects.filter(jurisdiction__in=scope.current(), due_on__isnull=False)
    return rows.exclude(due_for=DueFor.REPLY)


def _outdated(rows: Any) -> list[Any]:
    fields = ("pk", "due_rule", "due_on", "is_due_estimated")
    found = [
        pk
        for pk, rule, due_on, is_estimated in rows.values_list(*fields).iterator(PIECE)
        if deadlines.compute(Rule.from_json(rule)) != Due(due_on, is_estimated)
    ]
    return list(rows.filter(pk__in=found).order_by("pk")) if found else []


def _move_part(handling: Handling, *, by: Acting, at: datetime) -> bool:
    held = steps.lock_part(handling)
    if held.due_rule is None or held.due_on is None:
        # Another act ended the waiting meanwhile.
        return False
    before = held.due_on
    deadlines.put(held, held.due_for, Rule.from_json(held.due_rule))
    held.save(update_fields=FIELDS)
    if held.proposal.state in due.REPLY_RUNS:
        steps.show_deadline(held.proposal)
    _record(held.proposal, held.due_for, before, held.due_on, by=by, at=at, unit=held.unit.name)
    return True


def _move_stage(proposal: Proposal, *, by: Acting, at: datetime) -> bool:
    held = steps.lock(proposal)
    if held.due_rule is None or held.due_on is None or held.due_for == DueFor.REPLY:
        return False
    before = held.due_on
    deadlines.put(held, held.due_for, Rule.from_json(held.due_rule))
    held.save(update_fields=FIELDS)
    _record(held, held.due_for, before, held.due_on, by=by, at=at)
    return True


def _move_windows(*, by: Acting, at: datetime) -> int:
    """The windows for objections that are still open: a day that became a holiday must not cost a unit its objection."""
    rows = Handling.objects.filter(
        jurisdiction__in=scope.current(),
        objection_until__gte=timezone.localdate(at) - LATELY,
        state__in=HANDLING.steps["object"].sources,
        proposal__state__in=WITH_UNITS,
    )
    moved = 0
    for handling in rows.select_related("proposal", "unit").select_for_update(of=("self",)).order_by("pk"):
        until = _after(handling.assigned_at, names.OBJECTION, handling.proposal)
        if until == handling.objection_until:
            continue
        before, handling.objection_until = handling.objection_until, until
        handling.save(update_fields=["objection_until"])
        _record(handling.proposal, "object", before, until, by=by, at=at, unit=handling.unit.name)
        moved += 1
    return moved


def _move_rulings(*, by: Acting, at: datetime) -> int:
    rows = Objection.objects.filter(jurisdiction__in=scope.current(), ruling=Ruling.PENDING)
    moved = 0
    for objection in rows.select_related("proposal", "handling__unit").select_for_update(of=("self",)).order_by("pk"):
        rule_by = _after(objection.raised_at, names.RULE, objection.proposal)
        if rule_by == objection.rule_by:
            continue
        before, objection.rule_by = objection.rule_by, rule_by
        objection.save(update_fields=["rule_by"])
        unit = objection.handling.unit.name
        _record(objection.proposal, "rule", before, rule_by, by=by, at=at, unit=unit)
        moved += 1
    return moved


def _after(start: datetime, name: str, proposal: Proposal) -> date:
    days = int(parameters.get(name, proposal.congress_area))
    return calendar.current().add_workdays(timezone.localdate(start), days)


def _record(
    proposal: Proposal, due_for: str, before: date, after: date, *, by: Acting, at: datetime, unit: str = ""
) -> None:
    detail = {"unit": unit, "for": due_for, "from": before.isoformat(), "to": after.isoformat()}
    audit.record("proposal.move_deadline", proposal, by=by, at=at, detail=detail)
