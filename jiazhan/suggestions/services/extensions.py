"""More time for a reply: three months become six, with a reason and a word to the deputies (代表法第51条, §14 rule 2)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import deadlines, words
from jiazhan.kernel.deadlines import Rule
from jiazhan.kernel.outcomes import Decision
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access, due
from ..choices import REPLYING
from ..models import Extension, Handling
from ..states import PartState
from . import steps, telling
from .checking import deputies_of


class NothingToExtend(Exception):
    """The part owes no reply in its first round, or has the longest time already."""

    code = "nothing-to-extend"

    def __init__(self) -> None:
        super().__init__(_("这件建议已经是最长的办理期限，不能再延期。"))


class AlreadyAsked(Exception):
    """A request waits for its decision."""

    code = "extension-already-asked"

    def __init__(self) -> None:
        super().__init__(_("已经提出延期申请，请等待批准。"))


class DuePassed(Exception):
    """More time is asked for while there is time."""

    code = "due-passed"

    def __init__(self, due_on: date) -> None:
        self.due_on = due_on
        super().__init__(_("办理期限已于 %(due)s 届满，不能再申请延期，请尽快答复并向代表说明。") % {"due": due_on})


@transaction.atomic
def request_extension(handling: Handling, *, reason: str, by: Account, at: datetime) -> Extension:
    """Ask for the longest period. Only a head asks, in the first round and in time.

    Raises NothingToExtend, AlreadyAsked, DuePassed, words.WordsMissing, StepRefused, access.NotYours.
    """
    held = steps.lock_part(handling)
    access.require_part(by, "answer", held)
    if held.state != PartState.SIGNED or held.part not in REPLYING:
        raise StepRefused("request_extension", held.state)
    reason = words.required(reason, _("延期理由"), limit=2000)
    if held.extensions.filter(decision=Decision.PENDING).exists():
        raise AlreadyAsked
    if held.due_on is None:
        raise NothingToExtend
    if timezone.localdate(at) > held.due_on:
        raise DuePassed(held.due_on)
    rule = due.extended_rule(held)
    after = deadlines.compute(rule).on
    if after <= held.due_on:
        raise NothingToExtend
    extension = Extension.objects.create(
        jurisdiction=held.jurisdiction,
        handling=held,
        reason=reason,
        requested_at=at,
        requested_by=by,
        due_before=held.due_on,
        due_after=after,
        rule_after=rule.as_json(),
    )
    _record(held, "extension_requested", held.due_on, after, by=by, at=at)
    text = _("%(unit)s申请把%(matter)s延期到 %(due)s，请审批。") % {
        "unit": held.unit.name,
        "matter": telling.named(held.proposal),
        "due": after,
    }
    telling.tell(telling.assigners(held.proposal), "proposal-extension", held.proposal, text=text, at=at)
    return extension


@transaction.atomic
def grant_extension(extension: Extension, *, by: Account, at: datetime, reason: str = "") -> Extension:
    """Give the time, and tell every deputy why. Raises StepRefused where it was decided before, access.NotYours."""
    held, asked = _pending(extension, by=by)
    if held.state not in {PartState.SIGNED, PartState.OBJECTED}:
        raise StepRefused("grant_extension", held.state)
    deadlines.put(held, due.DueFor.REPLY, Rule.from_json(asked.rule_after))
    held.save(update_fields=["due_for", "due_rule", "due_on", "is_due_estimated"])
    steps.show_deadline(held.proposal)
    if held.due_on is not None:
        # By the calendar of today, which may have changed since it was asked for.
        asked.due_after = held.due_on
    asked = _decide(asked, Decision.GRANTED, words.optional(reason, _("审批说明"), limit=1000), by=by, at=at)
    _record(held, "extension_granted", asked.due_before, asked.due_after, by=by, at=at)
    text = _("%(unit)s办理%(matter)s需要更多时间，经批准延期到 %(due)s 答复，理由请打开查看。") % {
        "unit": held.unit.name,
        "matter": telling.named(held.proposal),
        "due": held.due_on,
    }
    deputies = [deputy for _each, deputy in deputies_of(held.proposal)]
    telling.tell_deputies(deputies, "proposal-extended", held.proposal, text=text, at=at)
    telling.tell_unit(held.unit, "proposal-extended", held.proposal, text=text, at=at)
    return asked


@transaction.atomic
def refuse_extension(extension: Extension, *, reason: str, by: Account, at: datetime) -> Extension:
    """Keep the time as it is, with a reason. Raises words.WordsMissing, StepRefused, access.NotYours."""
    held, asked = _pending(extension, by=by)
    asked = _decide(asked, Decision.REFUSED, words.required(reason, _("不批准的理由"), limit=1000), by=by, at=at)
    _record(held, "extension_refused", asked.due_before, asked.due_after, by=by, at=at)
    text = _("%(matter)s的延期申请未获批准，请在 %(due)s 前答复。") % {
        "matter": telling.named(held.proposal),
        "due": held.due_on,
    }
    telling.tell_unit(held.unit, "proposal-extension-refused", held.proposal, text=text, at=at)
    return asked


def _pending(extension: Extension, *, by: Account) -> tuple[Handling, Extension]:
    held = steps.lock_part(extension.handling)
    asked = Extension.objects.get(jurisdiction=extension.jurisdiction, pk=extension.pk)
    permission = Permission.PROPOSAL_GOV_ASSIGN if held.proposal.through_government else Permission.PROPOSAL_ASSIGN
    access.require_held(by, permission, held.proposal)
    if asked.decision != Decision.PENDING:
        raise StepRefused("decide_extension", asked.decision)
    return held, asked


def _decide(asked: Extension, decision: Decision, reason: str, *, by: Account, at: datetime) -> Extension:
    asked.decision, asked.decision_reason = decision, reason
    asked.decided_at, asked.decided_by = at, by
    asked.save()
    return asked


def _record(held: Handling, act: str, before: date, after: date, *, by: Account, at: datetime) -> None:
    detail = {"unit": held.unit.name, "from": before.isoformat(), "to": after.isoformat()}
    audit.record(f"proposal.{act}", held.proposal, by=by, at=at, detail=detail)
