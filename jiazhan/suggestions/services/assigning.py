"""Assigning (交办): who hosts, who assists, or who each reply; one or several hundred in one act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import words
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.notifications import outbox
from jiazhan.people.models import HANDLING_KINDS, Account, Unit
from jiazhan.people.permissions import Permission

from .. import access, due
from ..choices import Consent, Manner, Part
from ..models import Batch, Cosigner, Handling, Proposal
from ..states import WORKFLOW, State
from . import assignment_letters, steps, telling

ASSIGNABLE = frozenset({State.ACCEPTED, State.AT_GOVERNMENT})


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


class NobodyAtGovernment(Exception):
    """No one in the government's office could assign it, so it would lie there."""

    code = "nobody-at-government"

    def __init__(self) -> None:
        super().__init__(_("政府办公室还没有交办员，转过去没有人办理。请直接交办，或先在“人员”里任命交办员。"))


@transaction.atomic
def forward_to_government(proposal: Proposal, *, by: Account, at: datetime) -> Proposal:
    """Hand it to the government's office to assign. Raises NobodyAtGovernment, and what `steps.take` raises."""
    held = steps.take(proposal, "forward_to_government", by=by, at=at, through_government=True)
    dispatchers = telling.holders(Permission.PROPOSAL_GOV_ASSIGN, held)
    if not dispatchers:
        raise NobodyAtGovernment
    text = _("人大转来%(matter)s，请在 %(due)s 前交办。") % {"matter": telling.named(held), "due": held.due_on}
    telling.tell(dispatchers, "proposal-to-government", held, text=text, at=at)
    return held


@transaction.atomic
def forward_all(proposals: Sequence[Proposal], *, by: Account, at: datetime) -> int:
    """Hand many to the government's office in one act; it is told once. Returns how many.

    Raises PlanRefused naming the first that does not wait to be assigned, NobodyAtGovernment, words.WordsMissing for none,
    access.NotYours.
    """
    if not proposals:
        raise words.WordsMissing(_("要转政府办公室的建议"))
    held: list[Proposal] = []
    for each in sorted(proposals, key=lambda row: row.pk):
        try:
            held.append(steps.take(each, "forward_to_government", by=by, at=at, through_government=True))
        except StepRefused as refusal:
            now = steps.lock(each)
            why = _("现在是“%(state)s”，不能转交。可能同事刚刚办过，请刷新后再看。")
            raise PlanRefused(now, why % {"state": now.get_state_display()}) from refusal
    dispatchers = telling.holders(Permission.PROPOSAL_GOV_ASSIGN, held[0])
    if not dispatchers:
        raise NobodyAtGovernment
    text = _("人大转来 %(n)s 件建议，请在 %(due)s 前交办。") % {
        "n": len(held),
        "due": min(each.due_on for each in held if each.due_on),
    }
    telling.tell(dispatchers, "proposals-to-government", held[0], text=text, at=at)
    return len(held)


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
    """Assign all or none, from today; hundreds in one act are a few statements each.

    Raises PlanRefused naming the first that cannot be, also where a colleague was faster; words.WordsMissing for a batch
    without a name or without a proposal; access.NotYours.
    """
    if not plans:
        raise words.WordsMissing(_("要交办的建议"))
    batch = Batch(
        jurisdiction=plans[0].proposal.jurisdiction,
        name=words.required(clean_line(name), _("批次名称"), limit=120),
        assigned_at=at,
        assigned_by=by,
        count=len(plans),
    )
    held = _lock_all(plans)
    seen: set[UUID] = set()
    for plan in plans:
        if plan.proposal.pk in seen:
            raise PlanRefused(plan.proposal, _("在同一批里出现了两次，请去掉一次。"))
        seen.add(plan.proposal.pk)
        now = held.get(plan.proposal.pk)
        if now is None or now.congress_area != plans[0].proposal.congress_area:
            raise PlanRefused(plan.proposal, _("与同一批的其他建议不属于同一个人大，请分开交办。"))
        if why := unfit(plan, now):
            raise PlanRefused(now, why)
        access.require(by, _step(now), now)
    batch.save()
    _carry_out(plans, held, batch, by=by, at=at)
    _tell_units(batch, at=at)
    assignment_letters.issue(batch, by=by, at=at)
    return batch


def unfit(plan: Plan, proposal: Proposal) -> str:
    """Why the plan cannot be carried out on the proposal as it stands, in one sentence; empty where it can."""
    if proposal.state not in ASSIGNABLE:
        return _("现在是“%(state)s”，不能交办。可能同事刚刚办过，请刷新后再看。") % {
            "state": proposal.get_state_display()
        }
    units = [*plan.replying, *plan.assisting]
    if not plan.replying:
        return _("还没有选主办单位。")
    if plan.manner == Manner.HOST and len(plan.replying) != 1:
        return _("主办单位只能是一个，请重新选择。")
    if plan.manner == Manner.SPLIT and len(plan.replying) < 2:
        return _("分别办理至少要两个单位，请重新选择。")
    if len({each.pk for each in units}) != len(units):
        return _("同一个单位不能既主办又协办，请重新选择。")
    for unit in units:
        if unit.kind not in HANDLING_KINDS or not unit.is_active or unit.jurisdiction != proposal.jurisdiction:
            return _("%(unit)s不能承办，请改选其他单位。") % {"unit": unit.name}
    return ""


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
    handling = _part(proposal, unit, part, by=by, at=at, batch=batch, reason=reason)
    handling.save()
    return handling


def _part(
    proposal: Proposal,
    unit: Unit,
    part: Part,
    *,
    by: Account,
    at: datetime,
    batch: Batch | None = None,
    reason: str = "",
) -> Handling:
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
    return handling


def _lock_all(plans: Sequence[Plan]) -> dict[UUID, Proposal]:
    """The proposals as they stand, held until the end, in one order for everybody."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("term__congress", "session", "lead__account")
    wanted = rows.filter(
        jurisdiction=plans[0].proposal.jurisdiction, pk__in=[plan.proposal.pk for plan in plans]
    ).order_by("pk")
    return {each.pk: each for each in wanted}


def _step(proposal: Proposal) -> str:
    return "assign_by_government" if proposal.state == State.AT_GOVERNMENT else "assign"


def _carry_out(plans: Sequence[Plan], held: dict[UUID, Proposal], batch: Batch, *, by: Account, at: datetime) -> None:
    parts: list[Handling] = []
    for plan in plans:
        proposal = held[plan.proposal.pk]
        before, step = proposal.state, _step(proposal)
        which = Part.HOST if plan.manner == Manner.HOST else Part.SPLIT
        replying = [
            _part(proposal, unit, which, by=by, at=at, batch=batch, reason=plan.reason) for unit in plan.replying
        ]
        parts += replying
        parts += [_part(proposal, unit, Part.ASSIST, by=by, at=at, batch=batch) for unit in plan.assisting]
        proposal.state = WORKFLOW.target(step, proposal.state)
        proposal.assigned_at, proposal.manner, proposal.host, proposal.reason = at, plan.manner, plan.replying[0], ""
        due.show(proposal, min(replying, key=lambda each: each.due_on or date.max))
        detail = {
            "from": before,
            "to": proposal.state,
            "replying": [unit.name for unit in plan.replying],
            "assisting": [unit.name for unit in plan.assisting],
        }
        audit.record(f"proposal.{step}", proposal, by=by, at=at, detail=detail)
    Handling.objects.bulk_create(parts)
    Proposal.objects.bulk_update(held.values(), _MOVED, batch_size=200)
    _tell_signers(plans, held, at=at)


_MOVED = [
    "state", "assigned_at", "manner", "host", "reason", "due_for", "due_rule", "due_on", "is_due_estimated",
]  # fmt: skip


def _tell_signers(plans: Sequence[Plan], held: dict[UUID, Proposal], *, at: datetime) -> None:
    """Tell everybody who signed, also what was merged into these, in one go."""
    here = {"jurisdiction": plans[0].proposal.jurisdiction}
    merged = Proposal.objects.filter(**here, merged_into__in=list(held)).select_related("lead__account")
    matters = [(each, each) for each in held.values()]
    matters += [(each, held[each.merged_into_id]) for each in merged if each.merged_into_id in held]
    signed: dict[UUID, list[Account]] = {}
    rows = Cosigner.objects.filter(
        **here, proposal__in=[each.pk for each, _joint in matters], consent=Consent.CONFIRMED
    ).select_related("deputy__account")
    for row in rows:
        signed.setdefault(row.proposal_id, []).extend(telling.accounts_of([row.deputy]))
    units = {plan.proposal.pk: "、".join(unit.name for unit in plan.replying) for plan in plans}
    notices: list[Any] = []
    for each, joint in matters:
        text = _("您的%(matter)s已交%(units)s办理，%(due)s 前答复。") % {
            "matter": telling.named(each),
            "units": units[joint.pk],
            "due": joint.due_on,
        }
        people = [*telling.accounts_of([each.lead]), *signed.get(each.pk, ())]
        notices += telling.notices(people, "proposal-assigned", each, text=text, at=at)
    outbox.queue(notices)


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
