"""What a reply promised, followed until it is kept or broken, years later too (handbook §2.4)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import words
from jiazhan.kernel.outcomes import PromiseState
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..models import Promise
from ..states import State
from . import evaluating, steps, telling
from .checking import deputies_of

OPEN = frozenset({PromiseState.OPEN, PromiseState.ASKED})


class TooEarly(Exception):
    """A promise is called broken only after its day."""

    code = "too-early"

    def __init__(self, due_on: date) -> None:
        self.due_on = due_on
        super().__init__(_("承诺的完成日期是 %(due)s，到期之前不能记为未兑现。") % {"due": due_on})


@transaction.atomic
def ask(promise: Promise, *, at: datetime) -> Promise:
    """On its day: ask the unit what was done. Does nothing for one that was asked before. Run by the system."""
    held = _lock(promise)
    if held.state != PromiseState.OPEN:
        return held
    held.state, held.asked_at = PromiseState.ASKED, at
    held.save(update_fields=["state", "asked_at"])
    audit.record(
        "proposal.promise_asked", held.proposal, by=audit.SYSTEM, at=at, detail={"due": held.due_on.isoformat()}
    )
    text = _("%(matter)s的承诺已到期，请说明落实情况。") % {"matter": telling.named(held.proposal)}
    if held.reply:
        telling.tell_unit(
            held.reply.handling.unit, "proposal-promise-due", held.proposal, text=text, at=at, once=held.pk.hex
        )
    return held


@transaction.atomic
def explain(promise: Promise, *, text: str, by: Account, at: datetime) -> Promise:
    """The unit says what was done; the deputies are asked whether it was kept. Raises access.NotYours, WordsMissing."""
    held = _lock(promise)
    if held.reply is None or not access.may_part(by, "sign", held.reply.handling):
        raise access.NotYours
    _require_open(held, "explain_promise")
    held.unit_words = words.required(text, _("落实情况"), limit=2000)
    held.explained_at, held.explained_by, held.state = at, by, PromiseState.ASKED
    held.save()
    audit.record("proposal.promise_explained", held.proposal, by=by, at=at)
    told = _("%(unit)s说明了%(matter)s承诺的落实情况，请确认是否兑现。") % {
        "unit": held.reply.handling.unit.name,
        "matter": telling.named(held.proposal),
    }
    deputies = [deputy for _signed, deputy in deputies_of(held.proposal)]
    telling.tell_deputies(deputies, "proposal-promise-explained", held.proposal, text=told, at=at)
    return held


@transaction.atomic
def keep(promise: Promise, *, by: Account, at: datetime, note: str = "") -> Promise:
    """A deputy of the proposal, or the congress's desk where none is left in office, finds it kept. Raises NotYours."""
    return _settle(promise, PromiseState.KEPT, words.optional(note, _("说明"), limit=2000), by=by, at=at)


@transaction.atomic
def break_(promise: Promise, *, reason: str, by: Account, at: datetime) -> Promise:
    """As `keep`, but it was not kept. Raises TooEarly before its day, words.WordsMissing, access.NotYours."""
    if timezone.localdate(at) < promise.due_on:
        raise TooEarly(promise.due_on)
    return _settle(promise, PromiseState.BROKEN, words.required(reason, _("未兑现的情况"), limit=2000), by=by, at=at)


def may_settle(user: Account, promise: Promise) -> bool:
    """Whether it is this person's to say that a promise was kept or broken."""
    if hasattr(user, "deputy") and user.deputy.pk in {each.pk for _signed, each in deputies_of(promise.proposal)}:
        return True
    return access.holds(user, Permission.PROPOSAL_SUPERVISE, promise.proposal)


def _settle(promise: Promise, state: PromiseState, said: str, *, by: Account, at: datetime) -> Promise:
    held = _lock(promise)
    if not may_settle(by, held):
        raise access.NotYours
    _require_open(held, "settle_promise")
    held.state, held.deputy_words = state, said
    held.settled_at, held.settled_by = at, by
    held.save()
    audit.record(
        f"proposal.promise_{state.value}", held.proposal, by=by, at=at, detail={"due": held.due_on.isoformat()}
    )
    text = _("%(matter)s的承诺经代表确认：%(state)s。") % {
        "matter": telling.named(held.proposal),
        "state": held.get_state_display(),
    }
    if held.reply:
        telling.tell_unit(held.reply.handling.unit, f"proposal-promise-{state.value}", held.proposal, text=text, at=at)
    telling.tell(
        telling.holders(Permission.PROPOSAL_SUPERVISE, held.proposal),
        "proposal-promise",
        held.proposal,
        text=text,
        at=at,
    )
    if held.proposal.state == State.TRACKING:
        evaluating.close_when_settled(held.proposal, at=at)
    return held


def _lock(promise: Promise) -> Promise:
    proposal = steps.lock(promise.proposal)
    held = proposal.promises.select_related("reply__handling__unit").get(pk=promise.pk)
    held.proposal = proposal
    if held.reply:
        held.reply.handling.proposal = proposal
    return held


def _require_open(promise: Promise, act: str) -> None:
    if promise.state not in OPEN:
        raise StepRefused(act, promise.state)
