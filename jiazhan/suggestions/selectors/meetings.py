"""Meetings with heads of organs: lists by stage, every question's way to its end, the figures of a year."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiazhan.audit.selectors import record_of
from jiazhan.kernel.outcomes import PromiseState
from jiazhan.people.models import Account

from .. import access
from ..models import MeetingQuestion, OfficialMeeting
from ..states import MeetingState as M

SIZE = 30
OPEN = (PromiseState.OPEN, PromiseState.ASKED)
HELD = (M.HELD, M.CLOSED)


class Tab(StrEnum):
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    HELD = "held"
    CLOSED = "closed"
    OVER = "over"


LABELS: dict[Tab, Any] = {
    Tab.REQUESTED: gettext_lazy("待审核"), Tab.ACCEPTED: gettext_lazy("待安排"), Tab.SCHEDULED: gettext_lazy("已安排"),
    Tab.HELD: gettext_lazy("落实中"), Tab.CLOSED: gettext_lazy("全部落实"), Tab.OVER: gettext_lazy("未安排、已撤回"),
}  # fmt: skip
_STATES = {
    Tab.REQUESTED: (M.REQUESTED,), Tab.ACCEPTED: (M.ACCEPTED,), Tab.SCHEDULED: (M.SCHEDULED,), Tab.HELD: (M.HELD,),
    Tab.CLOSED: (M.CLOSED,), Tab.OVER: (M.DECLINED, M.WITHDRAWN),
}  # fmt: skip


class Follow(StrEnum):
    """Where a question of a held meeting stands."""

    UNIT = "unit"
    DEPUTY = "deputy"
    AHEAD = "ahead"
    KEPT = "kept"
    BROKEN = "broken"
    ANSWERED = "answered"


FOLLOWS: dict[Follow, Any] = {
    Follow.UNIT: gettext_lazy("等单位说明"), Follow.DEPUTY: gettext_lazy("等代表认定"),
    Follow.AHEAD: gettext_lazy("承诺未到期"), Follow.KEPT: gettext_lazy("已兑现"), Follow.BROKEN: gettext_lazy("未兑现"),
    Follow.ANSWERED: gettext_lazy("当场答复"),
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """A year in numbers: meetings held, what they were about, what became of the questions."""

    meetings: int
    topics: int
    questions: int
    promised: int
    kept: int
    broken: int

    @property
    def open(self) -> int:
        return self.promised - self.kept - self.broken


@dataclass(frozen=True)
class Line:
    """One act of a meeting's record, in words."""

    at: Any
    text: str
    actor: str


def counts(rows: QuerySet[OfficialMeeting]) -> dict[Tab, int]:
    found = dict(rows.order_by().values_list("state").annotate(Count("pk", distinct=True)))
    return {tab: sum(found.get(state, 0) for state in states) for tab, states in _STATES.items()}


def listed(rows: QuerySet[OfficialMeeting], tab: Tab, *, page: int = 1) -> tuple[list[OfficialMeeting], bool]:
    """One page of a tab, and whether there is another. What comes next stands first; what is over, the latest first."""
    rows = rows.filter(state__in=_STATES[tab]).select_related("unit", "lead")
    order = {Tab.REQUESTED: "requested_at", Tab.ACCEPTED: "notified_on", Tab.SCHEDULED: "starts_at"}
    start = (page - 1) * SIZE
    found = list(rows.order_by(order.get(tab, "-requested_at"), "-id")[start : start + SIZE + 1])
    return found[:SIZE], len(found) > SIZE


def narrowed(
    rows: QuerySet[OfficialMeeting], *, words: str = "", year: int | None = None, unit: Any = None
) -> QuerySet[OfficialMeeting]:
    """By words of subject, number or official; by the year it was asked for; by the organ."""
    if words:
        said = Q(subject__icontains=words) | Q(number__icontains=words) | Q(official__icontains=words)
        rows = rows.filter(said | Q(lead__name__icontains=words))
    if year:
        rows = rows.filter(requested_at__year=year)
    return rows.filter(unit=unit) if unit else rows


def figures(rows: QuerySet[OfficialMeeting], year: int) -> Figures:
    """Of the meetings held in a year."""
    questions = questions_of(rows).filter(meeting__held_at__year=year)
    promised = Q(promise_on__isnull=False)
    found = questions.aggregate(
        meetings=Count("meeting", distinct=True),
        questions=Count("pk"),
        promised=Count("pk", filter=promised),
        kept=Count("pk", filter=promised & Q(state=PromiseState.KEPT)),
        broken=Count("pk", filter=promised & Q(state=PromiseState.BROKEN)),
    )
    topics = questions.order_by().values("meeting", "topic").distinct().count()
    return Figures(topics=topics, **found)


def questions_of(rows: QuerySet[OfficialMeeting]) -> QuerySet[MeetingQuestion]:
    """Every question of the held meetings."""
    ids = rows.filter(state__in=HELD).values("pk")
    return MeetingQuestion.objects.filter(meeting__in=ids).select_related("meeting__unit", "meeting__lead")


def in_follow(
    questions: QuerySet[MeetingQuestion], follow: Follow, *, today: date, page: int = 1
) -> tuple[list[MeetingQuestion], bool]:
    """One page of the follow-up list, the oldest debt first."""
    start = (page - 1) * SIZE
    rows = questions.filter(condition(follow, today=today)).order_by("promise_on", "meeting__held_at", "position", "id")
    found = list(rows[start : start + SIZE + 1])
    return found[:SIZE], len(found) > SIZE


def follow_counts(questions: QuerySet[MeetingQuestion], *, today: date) -> dict[Follow, int]:
    found: dict[str, int] = questions.order_by().aggregate(
        **{each.value: Count("pk", filter=condition(each, today=today)) for each in Follow}
    )
    return {Follow(name): count for name, count in found.items()}


def condition(follow: Follow, *, today: date) -> Q:
    promised = Q(promise_on__isnull=False)
    due = Q(state=PromiseState.ASKED) | Q(state=PromiseState.OPEN, promise_on__lte=today)
    match follow:
        case Follow.UNIT:
            return promised & due & Q(unit_words="")
        case Follow.DEPUTY:
            return promised & Q(state__in=OPEN) & ~Q(unit_words="")
        case Follow.AHEAD:
            return promised & Q(state=PromiseState.OPEN, promise_on__gt=today, unit_words="")
        case Follow.ANSWERED:
            return Q(promise_on=None)
    return promised & Q(state=follow.value)


def follow_of(question: MeetingQuestion, *, today: date) -> Follow:
    """Where one question stands."""
    if question.promise_on is None:
        return Follow.ANSWERED
    if question.state not in OPEN:
        return Follow(question.state)
    if question.unit_words:
        return Follow.DEPUTY
    return Follow.UNIT if question.state == PromiseState.ASKED or question.promise_on <= today else Follow.AHEAD


def of_congress(user: Account) -> QuerySet[OfficialMeeting]:
    """The meetings of the congresses that the person works for."""
    areas = [post.area for post in user.current_posts]
    return access.meetings_for(user).filter(congress_area__in=areas)


def of_units(user: Account) -> QuerySet[OfficialMeeting]:
    units = [post.unit_id for post in user.current_posts if post.role in access.IN_UNIT]
    return access.meetings_for(user).filter(unit__in=units)


def of_deputy(user: Account) -> QuerySet[OfficialMeeting]:
    if not hasattr(user, "deputy"):
        return OfficialMeeting.objects.none()
    return OfficialMeeting.objects.filter(Q(lead=user.deputy) | Q(deputies__deputy=user.deputy)).distinct()


def record(meeting: OfficialMeeting) -> list[Line]:
    """What happened, oldest first."""
    said = {
        "meeting.request": _("申请约见。"), "meeting.accept": _("同意约见。"), "meeting.decline": _("不予安排。"),
        "meeting.withdraw": _("撤回申请。"), "meeting.schedule": _("安排时间和地点。"), "meeting.postpone": _("改期。"),
        "meeting.prepared": _("单位准备答复。"), "meeting.notice_issued": _("发出约见通知书 %(number)s。"),
        "meeting.hold": _("登记约见情况。"), "meeting.promise_asked": _("第 %(question)s 个问题的承诺到期，请单位说明。"),
        "meeting.promise_explained": _("单位说明第 %(question)s 个问题的落实情况。"),
        "meeting.promise_kept": _("第 %(question)s 个问题的承诺已兑现。"),
        "meeting.promise_broken": _("第 %(question)s 个问题的承诺未兑现。"), "meeting.close": _("每个问题都有了结果，办结。"),
        "meeting.shown": _("向社会公开。"), "meeting.hidden": _("不再公开。"),
    }  # fmt: skip
    return [
        Line(entry.at, said[entry.action] % {"number": "", "question": "", **entry.detail}, entry.actor_name)
        for entry in record_of(meeting)
        if entry.action in said
    ]
