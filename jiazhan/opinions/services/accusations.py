"""Accusations: locked away from the accused and those above them, and from ordinary transfer (§14 rule 6)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import words
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account, Unit
from jiazhan.people.permissions import Permission

from .. import access
from ..choices import Visibility
from ..models import Opinion
from ..states import OPEN
from . import steps, telling
from .street import Locked

__all__ = ["AlreadyLocked", "Locked", "NotLocked", "WrongUnit", "lock_as_accusation", "unlock"]


class AlreadyLocked(Exception):
    code = "already-locked"

    def __init__(self) -> None:
        super().__init__(_("这件事已经锁定。"))


class NotLocked(Exception):
    code = "not-locked"

    def __init__(self) -> None:
        super().__init__(_("这件事没有锁定，不用解除。"))


class WrongUnit(Exception):
    """The accused unit is not one of this county."""

    code = "accused-unit-elsewhere"

    def __init__(self) -> None:
        super().__init__(_("被反映的单位不在本区县名单里。请重新选择，或留空。"))


@transaction.atomic
def lock_as_accusation(opinion: Opinion, *, accused_unit: Unit | None = None, by: Account, at: datetime) -> Opinion:
    """Lock the matter: from now on it is read only by those who carry accusations to the right organ, and by none of
    the accused. Whoever triages may lock, though they may not read it afterwards; those who carry them may too.

    Raises AlreadyLocked, StepRefused for a matter that has ended, WrongUnit, access.NotYours.
    """
    held = steps.lock(opinion)
    if held.visibility == Visibility.LOCKED:
        raise AlreadyLocked
    if not any(access.holds(by, each, held) for each in (Permission.OPINION_TRIAGE, Permission.OPINION_ACCUSATION)):
        raise access.NotYours
    if held.state not in OPEN:
        raise StepRefused("lock_as_accusation", held.state)
    if accused_unit is not None and accused_unit.jurisdiction[:6] != held.jurisdiction[:6]:
        raise WrongUnit
    held.visibility, held.accused_unit = Visibility.LOCKED, accused_unit
    held.save(update_fields=["visibility", "accused_unit"])
    audit.record("opinion.lock_as_accusation", held, by=by, at=at)
    text = _("收到一件检举控告（%(number)s），请按规定转交有权处理的机关。") % {"number": held.number}
    telling.tell(telling.holders(Permission.OPINION_ACCUSATION, held), "opinion-locked", held, text=text, at=at)
    return held


@transaction.atomic
def unlock(opinion: Opinion, *, reason: str, by: Account, at: datetime) -> Opinion:
    """Give the matter back to ordinary handling, with the reason why it is no accusation.

    Raises words.WordsMissing, NotLocked, access.NotYours for all but those who carry accusations.
    """
    reason = words.required(reason, _("解除锁定的理由"), limit=1000)
    held = steps.lock(opinion)
    if held.visibility != Visibility.LOCKED:
        raise NotLocked
    if not access.holds(by, Permission.OPINION_ACCUSATION, held):
        raise access.NotYours
    held.visibility, held.accused_unit = Visibility.NORMAL, None
    held.save(update_fields=["visibility", "accused_unit"])
    audit.record("opinion.unlock", held, by=by, at=at, detail={"reason": reason})
    return held
