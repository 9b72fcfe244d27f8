"""Taking a step on a proposal or on a unit's part: lock, check, move, save, record. Every act goes through here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from jiazhan import audit
from jiazhan.audit import Acting
from jiazhan.kernel.prepared import prepared
from jiazhan.kernel.workflow import StepRefused

from .. import access, due
from ..models import Handling, Proposal
from ..states import HANDLING, WITH_UNITS, WORKFLOW


def lock(proposal: Proposal) -> Proposal:
    """The proposal as it stands now, held until the transaction ends. Its parts change only under this lock."""
    found = _locked(proposal.jurisdiction, proposal.pk)
    if not found:
        raise Proposal.DoesNotExist
    return found[0]


@prepared
def _locked(jurisdiction: str, proposal_id: UUID) -> QuerySet[Proposal]:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("term__congress", "session", "lead", "host")
    return rows.filter(jurisdiction=jurisdiction, pk=proposal_id)


def lock_part(handling: Handling) -> Handling:
    """A unit's part as it stands now, under its proposal's lock; `handling.proposal` is the locked one."""
    proposal = lock(Proposal(jurisdiction=handling.jurisdiction, pk=handling.proposal_id))
    found = _part(handling.jurisdiction, handling.proposal_id, handling.pk)
    if not found:
        raise Handling.DoesNotExist
    found[0].proposal = proposal
    return found[0]


@prepared
def _part(jurisdiction: str, proposal_id: UUID, handling_id: UUID) -> QuerySet[Handling]:
    rows = Handling.objects.select_related("unit", "handler")
    return rows.filter(jurisdiction=jurisdiction, proposal=proposal_id, pk=handling_id)


def take(
    proposal: Proposal, step: str, *, by: Acting, at: datetime, detail: dict[str, Any] | None = None, **fields: Any
) -> Proposal:
    """Take a step within the act's transaction: set `fields`, start the new state's deadline, record it as `proposal.<step>`.

    Raises access.NotYours where the step is somebody else's, StepRefused where the state no longer allows it: the second
    of two people who act at once gets that one.
    """
    held = lock(proposal)
    access.require(by, step, held)
    before, held.state = held.state, WORKFLOW.target(step, held.state)
    for name, value in fields.items():
        setattr(held, name, value)
    due.start_stage(held, at=at)
    held.save()
    audit.record(f"proposal.{step}", held, by=by, at=at, detail={"from": before, "to": held.state, **(detail or {})})
    return held


def take_part(
    handling: Handling, step: str, *, by: Acting, at: datetime, detail: dict[str, Any] | None = None, **fields: Any
) -> Handling:
    """Take a step of a unit's part, recorded at the proposal as `proposal.part_<step>`. Raises as `take`, and StepRefused
    once the proposal is with no unit any more."""
    held = lock_part(handling)
    access.require_part(by, step, held)
    require_with_units(held, step)
    before, held.state = held.state, HANDLING.target(step, held.state)
    for name, value in fields.items():
        setattr(held, name, value)
    held.save()
    said = {"unit": held.unit.name, "part": held.part, "from": before, "to": held.state}
    audit.record(f"proposal.part_{step}", held.proposal, by=by, at=at, detail={**said, **(detail or {})})
    return held


def require_with_units(handling: Handling, act: str) -> None:
    """Raises StepRefused where the proposal has ended meanwhile: what an assisting unit still owed is owed no more."""
    if handling.proposal.state not in WITH_UNITS:
        raise StepRefused(act, handling.proposal.state)


def show_deadline(proposal: Proposal) -> None:
    """Show the nearest reply on the proposal after a part moved, and save it."""
    due.mirror(proposal)
    proposal.save(update_fields=["due_for", "due_rule", "due_on", "is_due_estimated"])
