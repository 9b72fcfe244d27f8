"""What a reply promised, followed until kept or broken, whatever became of the case (handbook §2.4)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.audit import SYSTEM, Acting
from jiazhan.kernel import words
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission

from .. import access
from ..choices import PromiseState
from ..models import Promise
from . import telling

FOLLOWED = frozenset({PromiseState.OPEN, PromiseState.ASKED})


class PromiseSettled(Exception):
    """The promise was found kept or broken before."""

    code = "promise-settled"

    def __init__(self) -> None:
        super().__init__(_("这项承诺已有结论，不能再改。"))


class NotExplained(Exception):
    """The unit has neither been asked nor said anything yet."""

    code = "not-explained"

    def __init__(self) -> None:
        super().__init__(_("这项承诺还没有到期，承办单位也没有说明，现在不能下结论。"))


class NotDue(Exception):
    """The day of the promise is still to come."""

    code = "not-due"

    def __init__(self, due_on: date) -> None:
        super().__init__(_("承诺期到 %(due)s 为止，现在不能认定未兑现。") % {"due": due_on})


@transaction.atomic
def ask(promise: Promise, *, at: datetime, by: Acting = SYSTEM) -> Promise:
    """The day has come: ask the unit what became of it. Raises PromiseSettled, NotDue; a second asking changes nothing."""
    promise = _lock(promise)
    if promise.state not in FOLLOWED:
        raise PromiseSettled
    if timezone.localdate(at) < promise.due_on:
        raise NotDue(promise.due_on)
    if promise.state == PromiseState.ASKED:
        return promise
    promise.state = PromiseState.ASKED
    promise.save(update_fields=["state"])
    _record("opinion.ask_promise", promise, by=by, at=at)
    opinion = promise.opinion
    text = _("%(matter)s的承诺“%(promise)s”已到期，请说明完成情况。") % {
        "matter": telling.named(opinion),
        "promise": promise.text[:60],
    }
    people = telling.staff_of(opinion.unit, Permission.OPINION_HANDLE) if opinion.unit else []
    telling.tell(people, "promise-due", opinion, text=text, at=at, once=promise.pk.hex[-12:])
    return promise


@transaction.atomic
def explain_promise(promise: Promise, *, text: str, by: Account, at: datetime) -> Promise:
    """The unit says what became of its promise; it may do so before the day. Raises PromiseSettled, NotYours, WordsMissing."""
    promise = _lock(promise)
    if not access.holds(by, Permission.OPINION_HANDLE, promise.opinion):
        raise access.NotYours
    if promise.state not in FOLLOWED:
        raise PromiseSettled
    promise.unit_words = words.required(text, _("完成情况"), limit=2000)
    promise.save(update_fields=["unit_words"])
    _record("opinion.explain_promise", promise, by=by, at=at)
    told = _("承办单位已说明%(matter)s的承诺完成情况，请核实后认定。") % {"matter": telling.named(promise.opinion)}
    people = telling.holders(Permission.OPINION_CLOSE, promise.opinion)
    telling.tell(people, "promise-explained", promise.opinion, text=told, at=at)
    return promise


@transaction.atomic
def keep_promise(promise: Promise, *, by: Account, at: datetime) -> Promise:
    """Find the promise kept, once the unit was asked or has spoken. Raises PromiseSettled, NotExplained, NotYours."""
    promise = _settleable(promise, by=by)
    _settle(promise, PromiseState.KEPT, by=by, at=at)
    text = _("您反映的%(matter)s，承办单位承诺的事项已完成。") % {"matter": telling.named(promise.opinion)}
    telling.tell_authors(promise.opinion, "promise-kept", text=text, at=at)
    return promise


@transaction.atomic
def break_promise(promise: Promise, *, reason: str, by: Account, at: datetime) -> Promise:
    """Find the promise broken; author, deputy, unit and the standing committee's office are told.

    Raises PromiseSettled, NotExplained, NotDue before its day is over, words.WordsMissing, access.NotYours.
    """
    promise = _settleable(promise, by=by)
    reason = words.required(reason, _("认定未兑现的理由"), limit=1000)
    if timezone.localdate(at) <= promise.due_on:
        raise NotDue(promise.due_on)
    _settle(promise, PromiseState.BROKEN, by=by, at=at, reason=reason)
    opinion = promise.opinion
    told = _("您反映的%(matter)s，承办单位承诺的事项到期没有完成，人大将继续跟踪。") % {
        "matter": telling.named(opinion)
    }
    telling.tell_authors(opinion, "promise-broken", text=told, at=at)
    inside = _("%(matter)s的承诺到期未兑现：%(promise)s") % {
        "matter": telling.named(opinion),
        "promise": promise.text[:100],
    }
    unit = telling.staff_of(opinion.unit, Permission.OPINION_HANDLE) if opinion.unit else []
    people = [*unit, *telling.deputy_of(opinion), *telling.holders(Permission.OPINION_FORWARD, opinion)]
    telling.tell(people, "promise-broken", opinion, text=inside, at=at)
    return promise


def _lock(promise: Promise) -> Promise:
    rows = Promise.objects.select_for_update(of=("self",)).select_related("opinion")
    return rows.get(jurisdiction=promise.jurisdiction, pk=promise.pk)


def _settleable(promise: Promise, *, by: Account) -> Promise:
    promise = _lock(promise)
    if not access.holds(by, Permission.OPINION_CLOSE, promise.opinion):
        raise access.NotYours
    if promise.state not in FOLLOWED:
        raise PromiseSettled
    if promise.state == PromiseState.OPEN and not promise.unit_words:
        raise NotExplained
    return promise


def _settle(promise: Promise, state: PromiseState, *, by: Account, at: datetime, reason: str = "") -> None:
    promise.state, promise.settled_at, promise.settled_by = state, at, by
    promise.save(update_fields=["state", "settled_at", "settled_by"])
    action = "opinion.keep_promise" if state == PromiseState.KEPT else "opinion.break_promise"
    _record(action, promise, by=by, at=at, reason=reason)


def _record(action: str, promise: Promise, *, by: Acting, at: datetime, reason: str = "") -> None:
    detail = {"promise": str(promise.pk), "due_on": promise.due_on.isoformat()}
    audit.record(action, promise.opinion, by=by, at=at, detail=detail | ({"reason": reason} if reason else {}))
