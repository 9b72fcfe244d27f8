"""What a deputy has to do, and whom a station can ask."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.kernel import deadlines
from jiazhan.people.models import Account, Deputy, ReceptionDay
from jiazhan.people.selectors import deputies_of
from jiazhan.places.models import Station

from .. import access
from ..choices import DueFor
from ..models import Opinion
from ..states import State
from .pressing import is_pressing, on_top

MOST_TODAY = 3


@dataclass(frozen=True)
class Choice:
    """A deputy whom a matter can be given to, with the reason to pick this one."""

    deputy: Deputy
    open_matters: int
    receives_at: datetime | None
    why: str


@dataclass(frozen=True)
class Today:
    """One of the three things for today: what, when, and where it is done."""

    text: str
    hint: str
    opinion: Opinion | None = None
    reception: ReceptionDay | None = None


def deputies_for(station: Station, *, at: datetime) -> list[Choice]:
    """The station's deputies in office, best choice first: who receives next, else who has least to do."""
    deputies = list(deputies_of(station))
    waiting = dict(
        Opinion.objects.filter(
            jurisdiction=station.jurisdiction, deputy__in=[deputy.pk for deputy in deputies], state=State.ACCEPTED
        )
        .values_list("deputy")
        .annotate(Count("pk"))
        .order_by()
    )
    days = ReceptionDay.objects.filter(station=station, ends_at__gt=at).order_by("-starts_at")
    # Later ones first, so that the next one stays.
    receives = {day.deputy_id: day.starts_at for day in days}
    choices = [
        Choice(
            deputy,
            waiting.get(deputy.pk, 0),
            receives.get(deputy.pk),
            _why(waiting.get(deputy.pk, 0), receives.get(deputy.pk)),
        )
        for deputy in deputies
    ]
    return sorted(choices, key=lambda each: (each.receives_at is None, each.receives_at or at, each.open_matters))


def _why(waiting: int, receives_at: datetime | None) -> str:
    load = _("手上有 %(count)s 件待提意见") % {"count": waiting} if waiting else _("手上没有待提意见的事")
    if receives_at is None:
        return load
    on = timezone.localtime(receives_at)
    return _("%(month)s月%(day)s日在站接待，%(load)s") % {"month": on.month, "day": on.day, "load": load}


def deputy_today(account: Account, *, at: datetime) -> list[Today]:
    """The three things that a deputy should do today, what is most pressing first."""
    today = timezone.localdate(at)
    # A deputy who also heads a station sees more than what they were asked about.
    mine = access.visible_to(account).filter(deputy__account=account)
    # What came by the deputy's own code waits for them before the station has taken it up.
    waiting = (
        mine.filter(state__in=[State.REGISTERED, State.ACCEPTED])
        .select_related("station")
        .order_by("due_on", "raised_at", "pk")
    )
    pressed = on_top(lambda: waiting, list(waiting[:MOST_TODAY]))
    things = [
        Today((_("有人直接找您：%(title)s") if opinion.state == State.REGISTERED else _("提出意见：%(title)s")) % {"title": opinion.title},
              _hint(opinion, today), opinion)
        for opinion in pressed[:MOST_TODAY]
    ]  # fmt: skip
    things += _receptions(account, at)
    if len(things) < MOST_TODAY:
        unhappy = mine.filter(Q(state=State.REOPENED) | Q(state=State.ESCALATED)).order_by("due_on", "pk")
        things += [
            Today(_("反映人不满意，正在重新办理：%(title)s") % {"title": opinion.title}, _hint(opinion, today), opinion)
            for opinion in unhappy[:MOST_TODAY]
        ]
    if len(things) < MOST_TODAY:
        answered = mine.filter(state=State.REPLIED).order_by("-replied_at", "-pk")
        things += [
            Today(_("看看答复：%(title)s") % {"title": opinion.title}, _("已答复反映人，等待评价"), opinion)
            for opinion in answered[:MOST_TODAY]
        ]
    return things[:MOST_TODAY]


def is_overdue_for_deputy(opinion: Opinion, today: date) -> bool:
    """Whether the deputy's time to say something is over."""
    return opinion.due_for == DueFor.OPINE and opinion.due_on is not None and today > opinion.due_on


def _receptions(account: Account, at: datetime) -> list[Today]:
    end_of_day = timezone.make_aware(datetime.combine(timezone.localdate(at), time.max))
    days = ReceptionDay.objects.filter(deputy__account=account, ends_at__gt=at, starts_at__lte=end_of_day)
    return [
        Today(
            _("到%(station)s接待群众") % {"station": day.station.name},
            _("今天 %(start)s 至 %(end)s")
            % {
                "start": f"{timezone.localtime(day.starts_at):%H:%M}",
                "end": f"{timezone.localtime(day.ends_at):%H:%M}",
            },
            reception=day,
        )
        for day in days.select_related("station").order_by("starts_at")
    ]


def _hint(opinion: Opinion, today: date) -> str:
    said = f"{opinion.station.name}，{deadlines.words(opinion.due_on, today)}"
    return _("重大紧急，请先办。%(said)s") % {"said": said} if is_pressing(opinion) else said
