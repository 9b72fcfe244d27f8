"""Taking a step: lock, check, move, save, record. Every act on a case goes through here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from jiazhan import audit
from jiazhan.audit import Acting
from jiazhan.kernel.prepared import prepared

from .. import access, due
from ..models import Opinion
from ..states import WORKFLOW

# What a case refers to in the reference tables: known to the caller already, it is not read again after the lock.
_KNOWN: tuple[Any, ...] = tuple(
    Opinion._meta.get_field(name) for name in ("station", "category", "deputy", "unit", "handler")
)
_MOVED = ("state", "due_for", "due_on", "due_rule", "is_due_estimated")


def lock(opinion: Opinion) -> Opinion:
    """The case as it stands now, held until the transaction ends."""
    found = _locked(opinion.jurisdiction, opinion.pk)
    if not found:
        raise Opinion.DoesNotExist
    held: Opinion = found[0]
    for field in _KNOWN:
        if field.is_cached(opinion) and getattr(held, field.attname) == getattr(opinion, field.attname):
            field.set_cached_value(held, field.get_cached_value(opinion))
    return held


@prepared
def _locked(jurisdiction: str, opinion_id: UUID) -> QuerySet[Opinion]:
    return Opinion.objects.select_for_update().filter(jurisdiction=jurisdiction, pk=opinion_id)


def take(
    opinion: Opinion, step: str, *, by: Acting, at: datetime, detail: dict[str, Any] | None = None, **fields: Any
) -> Opinion:
    """Take a step of the workflow within the act's transaction: set `fields`, start the new state's deadline, record it as `opinion.<step>`.

    Raises access.NotYours where the step is somebody else's, StepRefused where the state no longer allows it: the second
    of two people who act at once gets that one.
    """
    return take_held(lock(opinion), step, by=by, at=at, detail=detail, **fields)


def take_held(
    held: Opinion, step: str, *, by: Acting, at: datetime, detail: dict[str, Any] | None = None, **fields: Any
) -> Opinion:
    """As `take`, for a case that `lock` has given in this very transaction. Only `fields` and what the step itself
    changes are saved."""
    access.require(by, step, held)
    before, held.state = held.state, WORKFLOW.target(step, held.state)
    for name, value in fields.items():
        setattr(held, name, value)
    due.start_stage(held, at=at)
    held.save(update_fields={*_MOVED, *fields})
    audit.record(f"opinion.{step}", held, by=by, at=at, detail={"from": before, "to": held.state, **(detail or {})})
    return held
