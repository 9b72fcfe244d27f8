"""Assigning (交办): who hosts, who assists, or who each reply; one or several hundred in one act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan.kernel import words
from jiazhan.kernel.text import clean_line
from jiazhan.people.models import HANDLING_KINDS, Account, Unit
from jiazhan.people.permissions import Permission

from .. import access, due
from ..choices import Manner, Part
from ..models import Batch, Handling, Proposal
from ..states import State
from . import steps, telling


@dataclass(frozen=True)
class Plan:
    """How one proposal is to be assigned. With Manner.HOST `replying` is one unit; with SPLIT two or more."""

    proposal: Proposal
    replying: tuple[Unit, ...]
    assisting: tuple[Unit, ...] = ()
    manner: Manner = Manner.HOST
    reason: str = ""


class PlanRefused(Exception):
    """A plan that cannot be carried out, named by its proposal; nothing of the batch is done."""

    code = "plan-refused"

    def __init__(self, proposal: Proposal, why: str) -> None:
        self.proposal, self.why = proposal, why
        super().__init__(_("%(matter)s：%(why)s") % {"matter": telling.named(proposal), "why": why})


@transaction.atomic
def forward_to_government(proposal: Proposal, *, by: Account, at: datetime) -> Proposal:
    """Hand it to the government's office to assign. Raises what `steps.take` raises."""
    held = steps.take(proposal, "forward_to_government", by=by, at=at, through_government=True)
    text = _("人大转来%(matter)s，请在 %(due)s 前交办。") % {"matter": telling.named(held), "due": held.due_on}
    telling.tell(
        telling.holders(Permission.PROPOSAL_GOV_ASSIGN, held), "proposal-to-government", held, text=text, at=at
    )
    return held


@transaction.atomic
def return_from_government(proposal: Proposal, *, reason: str, by: Account, at: datetime) -> Proposal:
    """Give it back as none of the government's. Raises words.WordsMissing, and what `steps.take` raises."""
    reason = words.required(reason, _("退回理由"), limit=2000)
    held = steps.take(proposal, "return_from_government", by=by, at=at, reason=reason)
    held.through_government = False
    held.save(update_fields=["through_government"])
    text = _("政府办退回%(matter)s，请打开查看理由，另行交办。") % {"matter": telling.named(held)}
    telling.tell(telling.holders(Permission.PROPOSAL_ASSIGN, held), "proposal-from-government", held, text=text, at=at)
    return held


@transaction.atomic
def assign(plans: Sequence[Plan], *, name: str, by: Account, at: datetime) -> Batch:
    """Assign all or none, from today. Raises PlanRefused naming the first that cannot be, words.WordsMissing for a batch
    without a name, access.NotYours, StepRefused for one that a colleague has assigned meanwhile."""
    if not plans:
        raise words.WordsMissing(_("要交办的建议"))
    batch = Batch.objects.create(
        jurisdiction=plans[0].proposal.jurisdiction,
        name=words.required(clean_line(name), _("批次名称"), limit=120),
        assigned_at=at,
        assigned_by=by,
        count=len(plans),
    )
    for plan in sorted(plans, key=lambda each: each.proposal.pk):
        _assign(plan, batch, by=by, at=at)
    _tell_units(batch, at=at)
    return batch


def add_part(
    proposal: Proposal,
    unit: Unit,
    part: Part,
    *,
    by: Account,
    at: datetime,
    batch: Batch | None = None,
    reason: str = "",
) -> Handling:
    """Give a unit its part within the act's transaction, its clock starting today. Does not tell."""
    handling = Handling(
        jurisdiction=proposal.jurisdiction,
        proposal=proposal,
        unit=unit,
        part=part,
        batch=batch,
        assigned_at=at,
        assigned_by=by,
        reason=words.optional(clean_line(reason), _("交办理由"), limit=300),
    )
    due.start_part(handling, at=at)
    handling.save()
    return handling


def _assign(plan: Plan, batch: Batch, *, by: Account, at: datetime) -> None:
    held = steps.lock(plan.proposal)
    _require_fit(plan, held)
    step = "assign_by_government" if held.state == State.AT_GOVERNMENT else "assign"
    # The parts come first: the proposal shows the nearest of their deadlines.
    access.require(by, step, held)
    part = Part.HOST if plan.manner == Manner.HOST else Part.SPLIT
    if held.state in {State.ACCEPTED, State.AT_GOVERNMENT}:
        for unit in plan.replying:
            add_part(held, unit, part, by=by, at=at, batch=batch, reason=plan.reason)
        for unit in plan.assisting:
            add_part(held, unit, Part.ASSIST, by=by, at=at, batch=batch)
    names = {"replying": [each.name for each in plan.replying], "assisting": [each.name for each in plan.assisting]}
    held = steps.take(
        held, step, by=by, at=at, detail=names, assigned_at=at, manner=plan.manner, host=plan.replying[0], reason=""
    )
    text = _("您的%(matter)s已交%(units)s办理，%(due)s 前答复。") % {
        "matter": telling.named(held),
        "units": "、".join(names["replying"]),
        "due": held.due_on,
    }
    for each in [held, *held.merged.select_related("lead")]:
        telling.tell_signers(each, "proposal-assigned", text=text, at=at)


def _require_fit(plan: Plan, proposal: Proposal) -> None:
    units = [*plan.replying, *plan.assisting]
    if plan.manner == Manner.HOST and len(plan.replying) != 1:
        raise PlanRefused(proposal, _("主办单位只能是一个，请重新选择。"))
    if plan.manner == Manner.SPLIT and len(plan.replying) < 2:
        raise PlanRefused(proposal, _("分别办理至少要两个单位，请重新选择。"))
    if len({each.pk for each in units}) != len(units):
        raise PlanRefused(proposal, _("同一个单位不能同时主办又协办，请重新选择。"))
    for unit in units:
        if unit.kind not in HANDLING_KINDS or not unit.is_active or unit.jurisdiction != proposal.jurisdiction:
            raise PlanRefused(proposal, _("%(unit)s不能承办，请改选其他单位。") % {"unit": unit.name})


def _tell_units(batch: Batch, *, at: datetime) -> None:
    rows = batch.handlings.select_related("unit", "proposal").order_by("unit_id", "id")
    by_unit: dict[Unit, list[Handling]] = {}
    for each in rows:
        by_unit.setdefault(each.unit, []).append(each)
    for unit, handlings in by_unit.items():
        first = handlings[0]
        text = _("%(batch)s交您单位 %(count)s 件，请在 %(until)s 前签收或提出异议。") % {
            "batch": batch.name,
            "count": len(handlings),
            "until": first.objection_until,
        }
        telling.tell_unit(unit, "proposal-batch", first.proposal, text=text, at=at, once=batch.pk.hex)
