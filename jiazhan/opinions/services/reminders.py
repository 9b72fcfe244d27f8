"""Reminders before a deadline, on its day, and up the ladder once it is over (handbook §11). Each is told once.

All run in an open scope, by the system, and may run again on the same day without telling anything twice.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.kernel import calendar, deadlines, parameters, reminding, scope
from jiazhan.kernel.deadlines import Rule
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import Account
from jiazhan.people.permissions import Permission
from jiazhan.people.roles import Role

from .. import access
from .. import parameters as names
from ..choices import DueFor, PromiseState
from ..models import Opinion, Promise
from ..states import OPEN, State
from . import ending, promises, telling
from .units import ruling_permission

AUTHOR_DAYS = 3


@transaction.atomic
def remind(*, at: datetime) -> None:
    """Tell whoever must act how long is left, and those above them how late it is."""
    today = timezone.localdate(at)
    furthest = max(max(parameters.get(names.REMIND, code), default=0) for code in ["", *scope.current()])
    rows = Opinion.objects.filter(
        jurisdiction__in=scope.current(), state__in=OPEN, due_on__lte=today + timedelta(days=furthest)
    )
    with telling.posts_read_once():
        for opinion in rows.select_related("station", "deputy__account", "unit", "handler").iterator(500):
            if opinion.due_on is None or opinion.due_rule is None:
                continue
            if opinion.due_on >= today:
                started_on = Rule.from_json(opinion.due_rule).start
                _remind_in_time(opinion, opinion.due_on, today, started_on=started_on, at=at)
            else:
                _climb(opinion, opinion.due_on, today, at=at)


@transaction.atomic
def close_unrated(*, at: datetime) -> int:
    """Close what nobody rated in time; where a delivery is missing, tell the station instead. Returns how many closed."""
    today, closed = timezone.localdate(at), 0
    rows = Opinion.objects.filter(jurisdiction__in=scope.current(), state=State.REPLIED, due_on__lt=today)
    for opinion in rows.select_related("station").order_by("due_on", "id"):
        try:
            ending.close_unrated(opinion, at=at)
            closed += 1
        except ending.NotDelivered as refusal:
            text = _("%(matter)s评价期已满，但%(why)s") % {"matter": telling.named(opinion), "why": refusal}
            people = telling.holders(Permission.OPINION_CLOSE, opinion)
            telling.tell(people, "opinion-not-delivered", opinion, text=text, at=at, once=f"{opinion.round}")
        except (StepRefused, ending.WindowOpen):
            # Rated while this was running.
            continue
    return closed


@transaction.atomic
def ask_for_promises(*, at: datetime) -> None:
    """Ask the units whose promise is due, and tell the standing committee's office of those without a finding."""
    today = timezone.localdate(at)
    rows = Promise.objects.filter(jurisdiction__in=scope.current(), due_on__lte=today)
    for promise in rows.filter(state=PromiseState.OPEN).order_by("due_on", "id"):
        promises.ask(promise, at=at)
    for promise in (
        rows.filter(state=PromiseState.ASKED).select_related("opinion", "opinion__station").order_by("due_on", "id")
    ):
        late = _workdays_late(promise.due_on, today)
        if _ladder_days(promise.opinion)[-1] <= late <= _ladder_days(promise.opinion)[-1] + reminding.CATCH_UP.days:
            text = _("%(matter)s的承诺“%(promise)s”已超期，尚无结论，请督促核实。") % {
                "matter": telling.named(promise.opinion),
                "promise": promise.text[:60],
            }
            people = [
                *telling.holders(Permission.OPINION_FORWARD, promise.opinion),
                *telling.holders(Permission.OPINION_CLOSE, promise.opinion),
            ]
            telling.tell(people, "promise-overdue", promise.opinion, text=text, at=at, once=promise.pk.hex[-12:])


def responsible(opinion: Opinion) -> list[list[Account]]:
    """Who must act now, then who is told when it is late: the ladder of handbook §11, the nearest first."""
    office = telling.holders(Permission.OPINION_FORWARD, opinion)
    station, street = telling.in_roles(access.AT_STATION, opinion), telling.in_roles(access.ON_STREET, opinion)
    vice, director = _role(Role.STREET_VICE_DIRECTOR, opinion), _role(Role.STREET_DIRECTOR, opinion)
    affairs, chair = _role(Role.DEPUTY_AFFAIRS, opinion), _role(Role.CHAIRPERSONS_MEETING, opinion)
    assigner = telling.holders(ruling_permission(opinion), opinion) if opinion.track else []
    heads = telling.staff_of(opinion.unit, Permission.OPINION_SIGN_REPLY) if opinion.unit else []
    handlers = telling.staff_of(opinion.unit, Permission.OPINION_HANDLE) if opinion.unit else []
    match opinion.due_for:
        case DueFor.ACCEPT:
            return [station, vice, director, office]
        case DueFor.OPINE:
            return [telling.deputy_of(opinion), station, street, office]
        case DueFor.STREET if opinion.state == State.DEPUTY_OPINED:
            return [vice, director, affairs, office]
        case DueFor.STREET:
            return [director, affairs, office]
        case DueFor.REVIEW if opinion.state == State.REVIEW_APPROVED:
            return [office, affairs, chair]
        case DueFor.REVIEW:
            return [telling.holders(Permission.OPINION_REVIEW, opinion), office, chair]
        case DueFor.ASSIGN:
            return [telling.holders(Permission.OPINION_GOV_ASSIGN, opinion), office, chair]
        case DueFor.SIGN:
            return [handlers, heads, assigner, office]
        case DueFor.RULE:
            return [assigner, office, chair]
        case DueFor.REPLY:
            return [[opinion.handler] if opinion.handler else handlers, heads, assigner, office]
        case DueFor.CLOSE:
            return [station, vice, director, office]
        case DueFor.SETTLE:
            return [[*affairs, *office], chair]
    return []


def _remind_in_time(opinion: Opinion, due_on: date, today: date, *, started_on: date, at: datetime) -> None:
    wanted = parameters.get(names.REMIND, opinion.street)
    days = reminding.notice_of(due_on, today, started_on=started_on, days=wanted)
    if days is None:
        return
    once = f"{due_on:%y%m%d}-{days}"
    if opinion.due_for == DueFor.RATE:
        if days == AUTHOR_DAYS:
            text = _("您反映的%(matter)s已有答复，评价还有 %(days)s 天，请凭查询码评价。") % {
                "matter": telling.named(opinion),
                "days": (due_on - today).days,
            }
            telling.tell_authors(opinion, "rate-soon", text=text, at=at, once=once)
        return
    people = responsible(opinion)[0]
    telling.tell(people, "deadline-soon", opinion, text=_text(opinion, today), at=at, once=once)


def _climb(opinion: Opinion, due_on: date, today: date, *, at: datetime) -> None:
    rungs = responsible(opinion)
    for number, people in reminding.reached(due_on, today, ladder=_ladder_days(opinion), rungs=rungs):
        once = f"{due_on:%y%m%d}-{number}"
        telling.tell(people, "deadline-late", opinion, text=_text(opinion, today), at=at, once=once)


def _workdays_late(due_on: date, today: date) -> int:
    return calendar.current().workdays_between(due_on, today)


def _ladder_days(opinion: Opinion) -> list[int]:
    return parameters.get(names.ESCALATE, opinion.street)


def _text(opinion: Opinion, today: date) -> str:
    return _("%(matter)s的%(what)s%(left)s(%(due)s 到期)，请及时办理。") % {
        "matter": telling.named(opinion),
        "what": opinion.get_due_for_display(),
        "left": deadlines.words(opinion.due_on, today),
        "due": opinion.due_on,
    }


def _role(role: Role, opinion: Opinion) -> list[Account]:
    return telling.in_roles([role], opinion)
