"""What a reply promised, followed until it is kept or broken, years later too (handbook §2.4).

The first of its deputies to say so settles it; another who sees it otherwise adds words, which everybody reads beside the
finding. Once it is kept, the unit answers again in a few words.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.kernel import words
from jiazhan.kernel.outcomes import PromiseState
from jiazhan.people.models import Account, Deputy, Mandate
from jiazhan.people.permissions import Permission

from .. import access
from ..models import Promise, PromiseSaid, PromiseWord
from ..states import State
from . import evaluating, steps, telling
from .checking import deputies_of

OPEN = frozenset({PromiseState.OPEN, PromiseState.ASKED})
SETTLED = frozenset({PromiseState.KEPT, PromiseState.BROKEN})


class TooEarly(Exception):
    """A promise is called broken only after its day."""

    code = "too-early"

    def __init__(self, due_on: date) -> None:
        self.due_on = due_on
        super().__init__(_("承诺的完成日期是 %(due)s，到期之前不能记为未兑现。") % {"due": due_on})


class AlreadySettled(Exception):
    """Somebody found it kept or broken before."""

    code = "promise-settled"

    def __init__(self, promise: Promise) -> None:
        known = {"state": promise.get_state_display(), "who": promise.settled_by.name if promise.settled_by else ""}
        super().__init__(_("这项承诺已由%(who)s认定为“%(state)s”。您看法不同的，可以补充意见。") % known)


class NotSettled(Exception):
    """Words to a finding that nobody has made yet."""

    code = "promise-not-settled"

    def __init__(self) -> None:
        super().__init__(_("这项承诺还没有认定，请直接认定是否兑现。"))


class NotKept(Exception):
    """The unit answers again once a promise is kept."""

    code = "promise-not-kept"

    def __init__(self) -> None:
        super().__init__(_("代表认定兑现以后，才能再次答复。现在请说明落实情况。"))


class AnsweredAgain(Exception):
    """The unit answered again before."""

    code = "answered-again"

    def __init__(self) -> None:
        super().__init__(_("这项承诺已经再次答复过，请刷新页面查看。"))


class AskDeputiesFirst(Exception):
    """The congress's desk settles only what no deputy is left to settle."""

    code = "ask-deputies-first"

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            _("这项承诺由%(names)s代表认定，代表都不在任以后，才由人大代为认定。") % {"names": "、".join(names)}
        )


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
    """The unit says what was done; the deputies are asked whether it was kept. What it said before stays readable.

    Raises access.NotYours, WordsMissing, AlreadySettled.
    """
    held = _lock(promise)
    if not may_explain(by, held):
        raise access.NotYours
    _require_open(held)
    held.unit_words = words.required(text, _("落实情况"), limit=2000)
    held.explained_at, held.explained_by, held.state = at, by, PromiseState.ASKED
    held.save()
    _say(held, PromiseSaid.EXPLAINED, held.unit_words, by=by, at=at)
    audit.record("proposal.promise_explained", held.proposal, by=by, at=at)
    told = _("%(unit)s说明了%(matter)s承诺的落实情况，请确认是否兑现。") % {
        "unit": held.reply.handling.unit.name if held.reply else "",
        "matter": telling.named(held.proposal),
    }
    telling.tell_deputies(_deputies(held), "proposal-promise-explained", held.proposal, text=told, at=at)
    return held


@transaction.atomic
def keep(promise: Promise, *, by: Account, at: datetime, note: str = "") -> Promise:
    """A deputy of the proposal, or the congress's desk where none is left in office, finds it kept.

    Raises access.NotYours, AskDeputiesFirst, AlreadySettled, words.WordsTooLong.
    """
    return _settle(promise, PromiseState.KEPT, words.optional(note, _("说明"), limit=2000), by=by, at=at)


@transaction.atomic
def break_(promise: Promise, *, reason: str, by: Account, at: datetime) -> Promise:
    """As `keep`, but it was not kept. Raises TooEarly before its day, words.WordsMissing too."""
    if timezone.localdate(at) < promise.due_on:
        raise TooEarly(promise.due_on)
    return _settle(promise, PromiseState.BROKEN, words.required(reason, _("未兑现的情况"), limit=2000), by=by, at=at)


@transaction.atomic
def add_words(promise: Promise, *, text: str, by: Account, at: datetime) -> PromiseWord:
    """Words of a deputy, or of the congress's desk, on what was found; unit and desk are told, the finding stays.

    Raises access.NotYours, NotSettled, words.WordsMissing.
    """
    held = _lock(promise)
    if not may_add_words(by, held):
        raise access.NotYours
    if held.state not in SETTLED:
        raise NotSettled
    said = _say(held, PromiseSaid.ADDED, words.required(text, _("补充意见"), limit=2000), by=by, at=at)
    audit.record("proposal.promise_words_added", held.proposal, by=by, at=at)
    told = _("%(who)s对%(matter)s承诺的认定补充了意见，请打开查看。") % {
        "who": by.name,
        "matter": telling.named(held.proposal),
    }
    if held.reply:
        telling.tell_unit(held.reply.handling.unit, "proposal-promise-words", held.proposal, text=told, at=at)
    desk = [each for each in telling.holders(Permission.PROPOSAL_SUPERVISE, held.proposal) if each.pk != by.pk]
    telling.tell(desk, "proposal-promise-words", held.proposal, text=told, at=at)
    return said


@transaction.atomic
def answer_again(promise: Promise, *, text: str, by: Account, at: datetime) -> PromiseWord:
    """The unit's answer again once its promise is kept (再次答复), told to every deputy.

    Raises access.NotYours, NotKept, AnsweredAgain, words.WordsMissing.
    """
    held = _lock(promise)
    if not may_explain(by, held):
        raise access.NotYours
    if held.state != PromiseState.KEPT:
        raise NotKept
    if held.words.filter(kind=PromiseSaid.ANSWERED).exists():
        raise AnsweredAgain
    said = _say(held, PromiseSaid.ANSWERED, words.required(text, _("再次答复的内容"), limit=5000), by=by, at=at)
    audit.record("proposal.promise_answered", held.proposal, by=by, at=at)
    told = _("%(unit)s就%(matter)s兑现的承诺再次答复，请打开查看。") % {
        "unit": held.reply.handling.unit.name if held.reply else "",
        "matter": telling.named(held.proposal),
    }
    telling.tell_deputies(_deputies(held), "proposal-promise-answered", held.proposal, text=told, at=at)
    return said


def may_explain(user: Account, promise: Promise) -> bool:
    """Whether the promise is this person's unit's own to explain."""
    if promise.reply is None:
        return False
    unit = promise.reply.handling.unit_id
    return any(post.unit_id == unit for post in user.posts_with(Permission.PROPOSAL_HANDLE))


def may_settle(user: Account, promise: Promise) -> bool:
    """Whether it is this person's to say that a promise was kept or broken."""
    if _is_of(user, promise):
        return True
    return access.holds(user, Permission.PROPOSAL_SUPERVISE, promise.proposal) and not left_in_office(promise)


def may_add_words(user: Account, promise: Promise) -> bool:
    """Whether the person may add words to what was found: its deputies, and the congress's desk."""
    return _is_of(user, promise) or access.holds(user, Permission.PROPOSAL_SUPERVISE, promise.proposal)


def left_in_office(promise: Promise) -> list[Deputy]:
    """The proposal's deputies who still sit in the congress, of whatever term, and can log in."""
    deputies = [each for each in _deputies(promise) if each.account is not None and each.account.is_active]
    area = promise.proposal.congress_area
    sitting = set(
        Deputy.objects.filter(pk__in=[each.pk for each in deputies])
        .filter(mandates__in=Mandate.objects.in_force().filter(term__congress__region=area))
        .values_list("pk", flat=True)
    )
    return [each for each in deputies if each.pk in sitting]


def _settle(promise: Promise, state: PromiseState, said: str, *, by: Account, at: datetime) -> Promise:
    held = _lock(promise)
    if not may_settle(by, held):
        if access.holds(by, Permission.PROPOSAL_SUPERVISE, held.proposal):
            raise AskDeputiesFirst(each.name for each in left_in_office(held))
        raise access.NotYours
    _require_open(held)
    held.state, held.deputy_words = state, said
    held.settled_at, held.settled_by = at, by
    held.save()
    audit.record(
        f"proposal.promise_{state.value}", held.proposal, by=by, at=at, detail={"due": held.due_on.isoformat()}
    )
    text = _("%(matter)s的承诺经%(who)s确认：%(state)s。") % {
        "matter": telling.named(held.proposal),
        "who": _("代表") if _is_of(by, held) else _("人大"),
        "state": held.get_state_display(),
    }
    if held.reply:
        told = text + _("请将兑现情况再次答复代表。") if state == PromiseState.KEPT else text
        telling.tell_unit(held.reply.handling.unit, f"proposal-promise-{state.value}", held.proposal, text=told, at=at)
    heard = telling.holders(Permission.PROPOSAL_SUPERVISE, held.proposal) + telling.accounts_of(_deputies(held))
    telling.tell(
        [each for each in heard if each.pk != by.pk],
        "proposal-promise",
        held.proposal,
        text=text,
        at=at,
        once=f"{held.pk.hex}-settled",
    )
    if held.proposal.state == State.TRACKING:
        evaluating.close_when_settled(held.proposal, at=at)
    return held


def _deputies(promise: Promise) -> list[Deputy]:
    return [deputy for _signed, deputy in deputies_of(promise.proposal)]


def _is_of(user: Account, promise: Promise) -> bool:
    return hasattr(user, "deputy") and user.deputy.pk in {each.pk for each in _deputies(promise)}


def _say(promise: Promise, kind: PromiseSaid, text: str, *, by: Account, at: datetime) -> PromiseWord:
    return PromiseWord.objects.create(
        jurisdiction=promise.jurisdiction, promise=promise, kind=kind, text=text, said_by=by, said_at=at
    )


def _lock(promise: Promise) -> Promise:
    proposal = steps.lock(promise.proposal)
    held = proposal.promises.select_related("reply__handling__unit", "settled_by").get(pk=promise.pk)
    held.proposal = proposal
    if held.reply:
        held.reply.handling.proposal = proposal
    return held


def _require_open(promise: Promise) -> None:
    if promise.state not in OPEN:
        raise AlreadySettled(promise)
