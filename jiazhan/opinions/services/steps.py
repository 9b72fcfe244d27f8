"""Taking a step: lock, check, move, save, record. Every act on a case goes through here."""

from datetime import datetime
from typing import Any

from jiazhan import audit
from jiazhan.audit import Acting

from .. import access, due
from ..models import Opinion
from ..states import WORKFLOW


def lock(opinion: Opinion) -> Opinion:
    """The case as it stands now, held until the transaction ends."""
    return Opinion.objects.select_for_update().get(jurisdiction=opinion.jurisdiction, pk=opinion.pk)


def take(
    opinion: Opinion, step: str, *, by: Acting, at: datetime, detail: dict[str, Any] | None = None, **fields: Any
) -> Opinion:
    """Take a step of the workflow within the act's transaction: set `fields`, start the new state's deadline, record it as `opinion.<step>`.

    Raises access.NotYours where the step is somebody else's, StepRefused where the state no longer allows it: the second
    of two people who act at once gets that one.
    """
    held = lock(opinion)
    access.require(by, step, held)
    before, held.state = held.state, WORKFLOW.target(step, held.state)
    for name, value in fields.items():
        setattr(held, name, value)
    due.start_stage(held, at=at)
    held.save()
    audit.record(f"opinion.{step}", held, by=by, at=at, detail={"from": before, "to": held.state, **(detail or {})})
    return held
