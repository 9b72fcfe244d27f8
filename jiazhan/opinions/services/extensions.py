"""More time for a reply: asked for with a reason before the last day, given or refused by who assigned (代表法第51条)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import deadlines, words
from jiazhan.kernel.deadlines import Rule
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access, due
from ..choices import DueFor
from ..models import Extension, Opinion
from ..models.handling import Decision
from ..states import State
from . import steps, telling
from .street import Locked, Visibility
from .units import ruling_permission

EXTENDABLE = frozenset({State.DEPT_RECEIVED, State.HANDLING})


class DuePassed(Exception):
    """Time is up: an extension is asked for before the last day is over."""

    code = "due-passed"

    def __init__(self, due_on: date) -> None:
        super().__init__(_("办理期限已于 %(due)s 届满，不能再申请延期，请尽快答复。") % {"due": due_on})


class AlreadyRequested(Exception):
    """A request is waiting for its decision."""

    code = "already-requested"

    def __init__(self) -> None:
        super().__init__(_("已有一份延期申请在等待审批，请等结果。"))


class AlreadyExtended(Exception):
    """The period in force is already the longest."""

    code = "already-extended"

    def __init__(self) -> None:
        super().__init__(_("办理期限已是最长，不能再延期。"))


class NothingRequested(Exception):
    """There is no request to decide on."""

    code = "nothing-requested"

    def __init__(self) -> None:
        super().__init__(_("没有待审批的延期申请，可能已由他人审批。"))


@transaction.atomic
def request_extension(opinion: Opinion, *, reason: str, by: Account, at: datetime) -> Extension:
    """Ask for the longer period (district 3 → 6 months, street 15 → 30 working days).

    Raises StepRefused outside handling and in the second round, DuePassed, AlreadyRequested, AlreadyExtended,
    words.WordsMissing, access.NotYours.
    """
    held = steps.lock(opinion)
    if not access.holds(by, Permission.OPINION_HANDLE, held):
        raise access.NotYours
    if held.visibility == Visibility.LOCKED:
        raise Locked
    if held.state not in EXTENDABLE or held.round != 1 or held.due_on is None:
        raise StepRefused("request_extension", held.state)
    reason = words.required(reason, _("延期理由"), limit=1000)
    if timezone.localdate(at) > held.due_on:
        raise DuePassed(held.due_on)
    if held.extensions.filter(decision=Decision.PENDING).exists():
        raise AlreadyRequested
    rule = due.extended_rule(held)
    due_after = deadlines.compute(rule).on
    if due_after <= held.due_on:
        raise AlreadyExtended
    extension = Extension.objects.create(
        jurisdiction=held.jurisdiction,
        opinion=held,
        reason=reason,
        requested_at=at,
        requested_by=by,
        due_before=held.due_on,
        due_after=due_after,
        rule_after=rule.as_json(),
    )
    audit.record(
        "opinion.request_extension", held, by=by, at=at,
        detail={"due_before": held.due_on.isoformat(), "due_after": due_after.isoformat()},
    )  # fmt: skip
    text = _("%(matter)s申请延期至 %(until)s，请审批。") % {"matter": telling.named(held), "until": due_after}
    telling.tell(telling.holders(ruling_permission(held), held), "opinion-extension", held, text=text, at=at)
    return extension


@transaction.atomic
def grant_extension(opinion: Opinion, *, by: Account, at: datetime, reason: str = "") -> Opinion:
    """Give the longer period and tell the author why. Raises NothingRequested, StepRefused, access.NotYours."""
    held, extension = _pending(opinion, by=by, act="grant_extension")
    rule = Rule.from_json(extension.rule_after)
    # The calendar may have moved since the request.
    extension.due_after = until = deadlines.compute(rule).on
    due.put(held, DueFor.REPLY, rule)
    held.save(update_fields=["due_for", "due_rule", "due_on", "is_due_estimated"])
    _decide(extension, Decision.GRANTED, words.optional(reason, _("审批说明"), limit=1000), by=by, at=at)
    audit.record(
        "opinion.grant_extension", held, by=by, at=at,
        detail={"due_before": extension.due_before.isoformat(), "due_after": until.isoformat()},
    )  # fmt: skip
    text = _("您反映的%(matter)s办理难度较大，经批准延期至 %(until)s 前答复，理由请凭查询码查看。") % {
        "matter": telling.named(held),
        "until": held.due_on,
    }
    telling.tell_authors(held, "opinion-extension", text=text, at=at)
    inside = _("%(matter)s延期已批准，请在 %(until)s 前答复。") % {"matter": telling.named(held), "until": held.due_on}
    telling.tell(
        [extension.requested_by, *telling.deputy_of(held)], "opinion-extension-decided", held, text=inside, at=at
    )
    return held


@transaction.atomic
def refuse_extension(opinion: Opinion, *, reason: str, by: Account, at: datetime) -> Opinion:
    """Keep the period as it is, with a reason. Raises NothingRequested, words.WordsMissing, access.NotYours."""
    held, extension = _pending(opinion, by=by, act="refuse_extension")
    _decide(extension, Decision.REFUSED, words.required(reason, _("不批准的理由"), limit=1000), by=by, at=at)
    audit.record("opinion.refuse_extension", held, by=by, at=at)
    text = _("%(matter)s延期未获批准，请仍在 %(due)s 前答复。") % {"matter": telling.named(held), "due": held.due_on}
    telling.tell([extension.requested_by], "opinion-extension-decided", held, text=text, at=at)
    return held


def _pending(opinion: Opinion, *, by: Account, act: str) -> tuple[Opinion, Extension]:
    held = steps.lock(opinion)
    if not access.holds(by, ruling_permission(held), held):
        raise access.NotYours
    extension = held.extensions.select_related("requested_by").filter(decision=Decision.PENDING).first()
    if extension is None:
        raise NothingRequested
    if held.state not in EXTENDABLE:
        raise StepRefused(act, held.state)
    return held, extension


def _decide(extension: Extension, decision: Decision, reason: str, *, by: Account, at: datetime) -> None:
    extension.decision, extension.decision_reason = decision, reason
    extension.decided_at, extension.decided_by = at, by
    extension.save()
