"""The year's meetings with heads of organs: fourteen that took place, with every question followed, and three on the way."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from jiazhan.kernel import calendar
from jiazhan.kernel.outcomes import PromiseState
from jiazhan.suggestions.models import OfficialMeeting
from jiazhan.suggestions.services import meetings
from jiazhan.suggestions.services.meetings import Answer, Question

from .proposal_topics import MEETINGS
from .proposals import SEED, Maker
from .saying import Later

# What is asked for beyond those that took place: the unit's place in MEETINGS, and where the request lies.
ON_THE_WAY = [(1, "requested"), (4, "scheduled"), (9, "declined")]


class Round:
    """One meeting from its request to wherever it has got by now."""

    def __init__(self, maker: Maker, number: int) -> None:
        self.maker, self.random, self.number = maker, Random(SEED + 500 + number), number
        index, self.rests = (number, "") if number < len(MEETINGS) else ON_THE_WAY[number - len(MEETINGS)]
        self.code, subject, self.topics = MEETINGS[index]
        self.subject = f"{subject}（追问）" if self.rests else subject
        days = 12 if self.rests else 300 - 19 * number
        self.at = maker.now - timedelta(days=days)

    @property
    def is_made(self) -> bool:
        return OfficialMeeting.objects.filter(subject=self.subject).exists()

    def live(self) -> None:
        if not self.is_made:
            with suppress(Later):
                self._ask()
                self._meet()
                self._follow()

    def _ask(self) -> None:
        self.at = self._later(0)
        lead, *others = self.random.sample(self.maker.sitting, 4)
        questions = [
            Question(topic, text, asked_by=self.random.choice([lead, *others]))
            for topic, texts in self.topics
            for text in texts
        ]
        self.meeting = meetings.request(
            lead, term=self.maker.term, unit=self.maker.places.units[self.code], official="主要负责人", subject=self.subject,
            background="代表在走访和接待中听到的意见比较集中，想当面了解。", questions=questions, deputies=others,
            by=lead.account, at=self.at,
        )  # fmt: skip
        if self.rests == "requested":
            raise Later

    def _meet(self) -> None:
        desk = self.maker.people.reviewer
        if self.rests == "declined":
            meetings.decline(
                self.meeting, reason="同一事项上月已经约见，落实情况正在跟踪，请先看答复。", by=desk, at=self._later(1)
            )
            raise Later
        self.meeting = meetings.accept(self.meeting, by=desk, at=self._later(1))
        self.at = self._later(1)
        starts_at = _nine(calendar.current().add_workdays(timezone.localdate(self.at), 8))
        self.meeting = meetings.schedule(
            self.meeting, starts_at=starts_at, place="区人大常委会第二会议室", host="代表工委主任", by=desk, at=self.at
        )
        self.at = starts_at
        if self.number == 3:
            self._postpone(starts_at)
        self._hold()

    def _postpone(self, starts_at: datetime) -> None:
        later = _nine(calendar.current().add_workdays(timezone.localdate(starts_at), 3))
        self.meeting = meetings.postpone(
            self.meeting, starts_at=later, place="区人大常委会第一会议室", reason="负责人参加防汛调度，改期进行。",
            by=self.maker.people.reviewer, at=starts_at - timedelta(days=1),
        )  # fmt: skip
        self.at = later

    def _hold(self) -> None:
        held_at = self.at
        self.at += timedelta(hours=3)
        if self.at > self.maker.now:
            raise Later
        answers = {}
        for number, question in enumerate(self.meeting.questions.order_by("position")):
            # Two of three answers promise something.
            promise = (f"{question.topic}事项按期完成", self._day()) if number % 3 != 2 else ("", None)
            answers[question.pk] = Answer("已经列入今年工作，牵头科室和联系电话当场告知各位代表。", *promise)
        present = [each.deputy_id for each in self.meeting.deputies.all()]
        self.meeting = meetings.hold(
            self.meeting, held_at=held_at, attended_by="主要负责人和分管负责人", present=present,
            summary="负责人逐条回答，代表补充了走访中看到的情况。", answers=answers, by=self.maker.people.reviewer, at=self.at,
        )  # fmt: skip

    def _follow(self) -> None:
        handler = self.maker.people.handlers[self.code]
        for question in self.meeting.questions.filter(state=PromiseState.OPEN).order_by("position"):
            due = _nine(question.promise_on + timedelta(days=1))
            if due > self.maker.now:
                continue
            meetings.ask(question, at=due)
            if self.random.random() < 0.15:
                meetings.break_(
                    question, reason="到现场看，还没有完成。", by=self.meeting.lead.account, at=due + timedelta(hours=5)
                )
                continue
            meetings.explain(question, text="已经完成，验收材料送代表工委。", by=handler, at=due + timedelta(hours=1))
            if self.random.random() < 0.9:
                meetings.keep(question, by=self.meeting.lead.account, at=due + timedelta(hours=4))

    def _later(self, days: int) -> datetime:
        day = (
            calendar.current().add_workdays(timezone.localdate(self.at), days) if days else timezone.localdate(self.at)
        )
        self.at = max(_nine(calendar.current().next_workday(day)), self.at + timedelta(minutes=5))
        if self.at > self.maker.now:
            raise Later
        return self.at

    def _day(self) -> date:
        return timezone.localdate(self.at) + timedelta(days=self.random.choice([30, 60, 90, 200]))


def left(maker: Maker) -> list[Callable[[], None]]:
    """The meetings that are not made yet, in order."""
    if maker.session is None or not maker.each:
        return []
    rounds = [Round(maker, number) for number in range(len(MEETINGS) + len(ON_THE_WAY))]
    return [each.live for each in rounds if not each.is_made]


def _nine(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))
