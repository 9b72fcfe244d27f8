"""What becomes of a deputy's mandate: suspended, reinstated, terminated, expired with its term (代表法第61、62条)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.people.models import Mandate
from jiazhan.people.states import MANDATE
from jiazhan.places.models import Term

from .reasons import required
from .recording import record_about


class TermStillRunning(Exception):
    """A term cannot be expired before it began."""

    code = "term-still-running"

    def __init__(self) -> None:
        super().__init__(_("届满日早于这一届开始的日期。请核对换届日期。"))


class EndsBeforeStart(Exception):
    """A mandate cannot end before, or on, the day it began."""

    code = "mandate-ends-before-start"

    def __init__(self) -> None:
        super().__init__(_("终止日期要晚于当选日期。请核对日期。"))


def suspend_mandate(mandate: Mandate, *, reason: str, by: audit.Acting, at: datetime) -> Mandate:
    """暂停执行职务 (代表法第61条): from now on nothing new can be begun with it; reading stays.

    Raises StepRefused unless it is active, reasons.ReasonMissing.
    """
    return _step(mandate, "suspend", "mandate.suspended", by=by, at=at, reason=required(reason))


def reinstate(mandate: Mandate, *, reason: str, by: audit.Acting, at: datetime) -> Mandate:
    """恢复执行职务. Raises StepRefused unless it is suspended, reasons.ReasonMissing."""
    return _step(mandate, "reinstate", "mandate.reinstated", by=by, at=at, reason=required(reason))


def terminate_mandate(mandate: Mandate, *, on: date, reason: str, by: audit.Acting, at: datetime) -> Mandate:
    """资格终止 (代表法第62条), for good; its records stay readable.

    Raises StepRefused, EndsBeforeStart, reasons.ReasonMissing.
    """
    if on <= mandate.starts_on:
        raise EndsBeforeStart
    return _step(mandate, "terminate", "mandate.terminated", by=by, at=at, reason=required(reason), ends_on=on)


@transaction.atomic
def expire_term(term: Term, *, on: date, by: audit.Acting, at: datetime) -> int:
    """换届: every mandate of a term that still runs ends with its day; returns how many. Raises TermStillRunning."""
    if on <= term.starts_on:
        raise TermStillRunning
    running = [state for state in MANDATE.states if MANDATE.allows("expire", state)]
    mandates = list(term.mandates.filter(status__in=running, starts_on__lt=on).order_by("id"))
    for mandate in mandates:
        _step(mandate, "expire", "mandate.expired", by=by, at=at, ends_on=on)
    return len(mandates)


@transaction.atomic
def _step(
    mandate: Mandate, step: str, action: str, *, by: audit.Acting, at: datetime, reason: str = "", **fields: Any
) -> Mandate:
    mandate = (
        Mandate.objects.select_for_update(of=("self",)).select_related("term__congress", "deputy").get(pk=mandate.pk)
    )
    before = mandate.status
    mandate.status = MANDATE.target(step, before)
    mandate.reason = reason
    for name, value in fields.items():
        setattr(mandate, name, value)
    mandate.save(update_fields=["status", "reason", *fields])
    detail = {"deputy": mandate.deputy.name, "term": str(mandate.term), "from": before}
    if reason:
        detail["reason"] = reason
    record_about(mandate, action, area=mandate.term.congress.region_id or "", by=by, at=at, detail=detail)
    return mandate
