"""Meetings with the heads of state organs (约见, 代表法第31条, handbook §9): asked for, arranged, held, every question followed
until what its answer promised is kept or broken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan import audit
from jiazhan.audit import Acting
from jiazhan.kernel import calendar, parameters, words
from jiazhan.kernel.deadlines import add_months
from jiazhan.kernel.numbering import next_number
from jiazhan.kernel.outcomes import PromiseState
from jiazhan.kernel.text import clean_line
from jiazhan.kernel.workflow import StepRefused
from jiazhan.people.models import HANDLING_KINDS, Account, Deputy, Unit
from jiazhan.people.permissions import Permission
from jiazhan.people.roles import ROLES
from jiazhan.people.selectors import posts_in_force
from jiazhan.places.models import Term

from .. import access
from .. import parameters as names
from ..models import MeetingDeputy, MeetingQuestion, OfficialMeeting
from ..states import MEETING, MeetingState
from . import telling
from .checking import in_chinese
from .cosigning import NotOfCongress
from .promises import OPEN, TooEarly
from .units import WrongUnit
from .writing import NotSitting

QUESTIONS_LIMIT = 30


@dataclass(frozen=True)
class Question:
    """What is asked, under which of the meeting's topics."""

    topic: str
    text: str
    asked_by: Deputy | None = None


@dataclass(frozen=True)
class Answer:
    """What was answered to a question on the day, and what was promised by when."""

    text: str
    promise_text: str = ""
    promise_on: date | None = None


class NoQuestions(Exception):
    """A meeting without a question, or with more than one meeting can carry."""

    code = "no-questions"

    def __init__(self) -> None:
        super().__init__(_("请写明要问的问题，1 到 %(most)s 个。") % {"most": QUESTIONS_LIMIT})


class NotToCome(Exception):
    """A time to meet that is over."""

    code = "not-to-come"

    def __init__(self) -> None:
        super().__init__(_("约见时间应晚于现在，请改后再提交。"))


class TooLate(Exception):
    """Put off further than the rules allow (handbook §9: 延期最长自接通知 1 个月)."""

    code = "postponed-too-far"

    def __init__(self, until: date) -> None:
        self.until = until
        super().__init__(_("约见最迟应在 %(until)s 前进行，请另选时间。") % {"until": until})


class NotHeldYet(Exception):
    """What happened is entered after it happened."""

    code = "not-held-yet"

    def __init__(self) -> None:
        super().__init__(_("还没有到约见的时间，请在约见之后登记。"))


class AnswersMissing(Exception):
    """A held meeting with questions that nobody answered."""

    code = "answers-missing"

    def __init__(self, positions: list[int]) -> None:
        self.positions = positions
        super().__init__(
            _("第 %(numbers)s 个问题还没有登记答复；当场没有答复的，请写明何时答复。")
            % {"numbers": "、".join(map(str, positions))}
        )


class PromiseUnfit(Exception):
    """A promise without its date, a date without a promise, or one that is over."""

    code = "promise-unfit"

    def __init__(self, position: int) -> None:
        self.position = position
        super().__init__(
            _("第 %(number)s 个问题：承诺事项和完成日期要么都填，要么都不填，日期应晚于约见当天。")
            % {"number": position}
        )


@transaction.atomic
def request(
    lead: Deputy,
    *,
    term: Term,
    unit: Unit,
    official: str,
    subject: str,
    background: str,
    questions: Sequence[Question],
    by: Account,
    at: datetime,
    deputies: Iterable[Deputy] = (),
) -> OfficialMeeting:
    """Ask for a meeting. The same once more, while it waits for review, gives the one that was asked for: a second click.

    Raises NotSitting, NotOfCongress naming who can't take part, NoQuestions, WrongUnit, WordsMissing, access.NotYours.
    """
    if by.pk != lead.account_id:
        raise access.NotYours
    taking_part = list(dict.fromkeys([lead, *deputies]))
    sitting = set(
        Deputy.objects.filter(mandates__in=lead.mandates.model.objects.in_force().filter(term=term)).values_list(
            "pk", flat=True
        )
    )
    if lead.pk not in sitting:
        raise NotSitting
    if outside := [each.name for each in taking_part if each.pk not in sitting]:
        raise NotOfCongress(outside)
    area = term.congress.region_id or ""
    if unit.kind not in HANDLING_KINDS or not unit.is_active or unit.jurisdiction != area[:6]:
        raise WrongUnit
    if not 0 < len(questions) <= QUESTIONS_LIMIT:
        raise NoQuestions
    subject = words.required(clean_line(subject), _("约见事由"), limit=120)
    if standing := _asked_before(lead, unit, subject, questions):
        return standing
    meeting = OfficialMeeting.objects.create(
        jurisdiction=area[:6],
        congress_area=area,
        term=term,
        subject=subject,
        background=words.optional(background, _("有关情况")),
        unit=unit,
        official=words.required(clean_line(official), _("被约见负责人"), limit=60),
        lead=lead,
        requested_at=at,
    )
    MeetingDeputy.objects.bulk_create(
        MeetingDeputy(jurisdiction=meeting.jurisdiction, meeting=meeting, deputy=each) for each in taking_part
    )
    _keep_questions(meeting, questions)
    _record(meeting, "request", by=by, at=at, detail={"unit": unit.name, "questions": len(questions)})
    text = _("%(lead)s代表申请约见%(unit)s%(official)s：%(subject)s，请审核。") % {
        "lead": lead.name, "unit": unit.name, "official": meeting.official, "subject": meeting.subject[:30],
    }  # fmt: skip
    telling.tell(arrangers(meeting), "meeting-requested", meeting, text=text, at=at)
    return meeting


@transaction.atomic
def accept(meeting: OfficialMeeting, *, by: Account, at: datetime) -> OfficialMeeting:
    """Agree, number it, and let the unit know: from this day it has a month at most. Raises StepRefused, NotYours."""
    held = _take(meeting, "accept", by=by, at=at, number=_number(meeting), notified_on=timezone.localdate(at))
    text = _("代表约见%(unit)s%(official)s的申请已同意：%(subject)s。") % _named(held)
    telling.tell_unit(held.unit, "meeting-accepted", held, text=text, at=at)
    telling.tell_deputies(deputies_of(held), "meeting-accepted", held, text=text, at=at)
    return held


@transaction.atomic
def decline(meeting: OfficialMeeting, *, reason: str, by: Account, at: datetime) -> OfficialMeeting:
    """Don't arrange it, with a reason that the deputies are told of. Raises words.WordsMissing, StepRefused, NotYours."""
    was_accepted = meeting.state == MeetingState.ACCEPTED
    held = _take(meeting, "decline", by=by, at=at, reason=words.required(reason, _("不予安排的理由"), limit=2000))
    text = _("约见%(unit)s%(official)s的申请未予安排，请打开查看理由。") % _named(held)
    telling.tell_deputies(deputies_of(held), "meeting-declined", held, text=text, at=at)
    if was_accepted:
        telling.tell_unit(held.unit, "meeting-declined", held, text=text, at=at)
    return held


@transaction.atomic
def withdraw(meeting: OfficialMeeting, *, by: Account, at: datetime) -> OfficialMeeting:
    """Take the request back before it is arranged. Raises StepRefused, access.NotYours."""
    was_accepted = meeting.state == MeetingState.ACCEPTED
    held = _take(meeting, "withdraw", by=by, at=at)
    text = _("约见%(unit)s%(official)s的申请已由申请代表撤回。") % _named(held)
    others = [each for each in deputies_of(held) if each.pk != held.lead_id]
    telling.tell_deputies(others, "meeting-withdrawn", held, text=text, at=at)
    telling.tell(arrangers(held), "meeting-withdrawn", held, text=text, at=at)
    if was_accepted:
        telling.tell_unit(held.unit, "meeting-withdrawn", held, text=text, at=at)
    return held


@transaction.atomic
def schedule(
    meeting: OfficialMeeting, *, starts_at: datetime, place: str, host: str, by: Account, at: datetime
) -> OfficialMeeting:
    """Fix time, place and who presides, and tell everyone. Raises NotToCome, TooLate, words.WordsMissing, StepRefused."""
    _require_time(meeting, starts_at, at=at)
    held = _take(
        meeting, "schedule", by=by, at=at, starts_at=starts_at,
        place=words.required(clean_line(place), _("地点"), limit=120),
        host=words.required(clean_line(host), _("主持人"), limit=60),
    )  # fmt: skip
    _tell_time(held, _("约见%(unit)s%(official)s定于 %(when)s 在%(place)s进行，请准备。"), "meeting-scheduled", at=at)
    return held


@transaction.atomic
def postpone(
    meeting: OfficialMeeting, *, starts_at: datetime, place: str, reason: str, by: Account, at: datetime
) -> OfficialMeeting:
    """Another time, at most a month from when the unit was told. Raises NotToCome, TooLate, words.WordsMissing, StepRefused."""
    _require_time(meeting, starts_at, at=at)
    held = _take(
        meeting, "postpone", by=by, at=at, starts_at=starts_at,
        place=words.required(clean_line(place), _("地点"), limit=120),
        reason=words.required(reason, _("改期理由"), limit=2000),
    )  # fmt: skip
    _tell_time(
        held, _("约见%(unit)s%(official)s改到 %(when)s 在%(place)s进行，理由请打开查看。"), "meeting-postponed", at=at
    )
    return held


@transaction.atomic
def hold(
    meeting: OfficialMeeting,
    *,
    held_at: datetime,
    attended_by: str,
    present: Iterable[UUID],
    summary: str,
    answers: Mapping[UUID, Answer],
    by: Account,
    at: datetime,
) -> OfficialMeeting:
    """Enter who came and what was answered. `present` are deputies' ids, `answers` by question's id; what promises nothing
    is settled by its answer, the rest is followed.

    Raises NotHeldYet, AnswersMissing, PromiseUnfit naming the question, words.WordsMissing, StepRefused, access.NotYours.
    """
    if held_at > at or (meeting.starts_at and at < meeting.starts_at):
        raise NotHeldYet
    held = _take(
        meeting, "hold", by=by, at=at, held_at=held_at,
        attended_by=words.required(clean_line(attended_by), _("到场负责人"), limit=120),
        summary=words.optional(summary, _("约见情况")),
    )  # fmt: skip
    came = set(present)
    for each in held.deputies.all():
        each.is_present = each.deputy_id in came
        each.save(update_fields=["is_present"])
    _keep_answers(held, answers, by=by, at=at)
    text = _("约见%(unit)s%(official)s的答复和承诺已登记，请打开查看。") % _named(held)
    telling.tell_deputies(deputies_of(held), "meeting-held", held, text=text, at=at)
    telling.tell_unit(held.unit, "meeting-held", held, text=text, at=at)
    return _close_when_settled(held, at=at)


@transaction.atomic
def ask(question: MeetingQuestion, *, at: datetime) -> MeetingQuestion:
    """On the day of its promise: ask the unit what was done. Does nothing when it was asked before. Run by the system."""
    held = _lock_question(question)
    if held.state != PromiseState.OPEN:
        return held
    held.state = PromiseState.ASKED
    held.save(update_fields=["state"])
    text = _("约见时承诺的“%(promise)s”已到期，请说明落实情况。") % {"promise": held.promise_text[:40]}
    telling.tell_unit(held.meeting.unit, "meeting-promise-due", held.meeting, text=text, at=at, once=held.pk.hex)
    _record(held.meeting, "promise_asked", by=audit.SYSTEM, at=at, detail={"question": held.position})
    return held


@transaction.atomic
def explain(question: MeetingQuestion, *, text: str, by: Account, at: datetime) -> MeetingQuestion:
    """The unit says what was done of its promise. Raises access.NotYours, words.WordsMissing, StepRefused."""
    held = _lock_question(question)
    if not any(post.unit_id == held.meeting.unit_id for post in by.posts_with(Permission.PROPOSAL_HANDLE)):
        raise access.NotYours
    _require_open(held, "explain_question")
    held.unit_words, held.state = words.required(text, _("落实情况"), limit=2000), PromiseState.ASKED
    held.save(update_fields=["unit_words", "state"])
    _record(held.meeting, "promise_explained", by=by, at=at, detail={"question": held.position})
    told = _("%(unit)s说明了约见承诺的落实情况，请确认是否兑现。") % {"unit": held.meeting.unit.name}
    telling.tell_deputies(deputies_of(held.meeting), "meeting-promise-explained", held.meeting, text=told, at=at)
    return held


@transaction.atomic
def keep(question: MeetingQuestion, *, by: Account, at: datetime, note: str = "") -> MeetingQuestion:
    """A deputy who took part, or who arranges, finds the promise kept. Raises access.NotYours, StepRefused."""
    return _settle(question, PromiseState.KEPT, words.optional(note, _("说明"), limit=2000), by=by, at=at)


@transaction.atomic
def break_(question: MeetingQuestion, *, reason: str, by: Account, at: datetime) -> MeetingQuestion:
    """As `keep`, but it was not. Raises promises.TooEarly before its day, words.WordsMissing."""
    if question.promise_on and timezone.localdate(at) < question.promise_on:
        raise TooEarly(question.promise_on)
    return _settle(question, PromiseState.BROKEN, words.required(reason, _("未兑现的情况"), limit=2000), by=by, at=at)


def arrangers(meeting: OfficialMeeting) -> list[Account]:
    """The people in post who arrange this congress's meetings."""
    roles = [role for role, rule in ROLES.items() if Permission.MEETING_ARRANGE in rule.permissions]
    posts = posts_in_force().filter(area=meeting.congress_area, role__in=roles).select_related("account")
    return list(dict.fromkeys(post.account for post in posts.order_by("starts_on", "id")))


def deputies_of(meeting: OfficialMeeting) -> list[Deputy]:
    """Who takes part, the lead among them."""
    return [each.deputy for each in meeting.deputies.select_related("deputy__account").order_by("id")]


def may_settle(user: Account, question: MeetingQuestion) -> bool:
    """Whether it is this person's to say that a promise was kept or broken."""
    if hasattr(user, "deputy") and question.meeting.deputies.filter(deputy=user.deputy).exists():
        return True
    return any(post.area == question.meeting.congress_area for post in user.posts_with(Permission.MEETING_ARRANGE))


def latest_day(meeting: OfficialMeeting) -> date | None:
    """The last day on which it may take place: a month from when the unit was told; None before."""
    if meeting.notified_on is None:
        return None
    months = int(parameters.get(names.MEETING_POSTPONE, meeting.congress_area))
    return calendar.current().next_workday(add_months(meeting.notified_on, months))


def _take(meeting: OfficialMeeting, step: str, *, by: Acting, at: datetime, **fields: Any) -> OfficialMeeting:
    rows = OfficialMeeting.objects.select_for_update(of=("self",)).select_related("unit", "lead", "term__congress")
    held = rows.get(jurisdiction=meeting.jurisdiction, pk=meeting.pk)
    if not access.may_meeting(by, step, held):
        raise access.NotYours
    before, held.state = held.state, MEETING.target(step, held.state)
    for name, value in fields.items():
        setattr(held, name, value)
    held.save()
    _record(held, step, by=by, at=at, detail={"from": before, "to": held.state})
    return held


def _record(meeting: OfficialMeeting, act: str, *, by: Acting, at: datetime, detail: dict[str, Any]) -> None:
    audit.record(f"meeting.{act}", meeting, by=by, at=at, detail=detail)


def _number(meeting: OfficialMeeting) -> str:
    term = f"{in_chinese(meeting.term.number)}届"
    count = next_number(f"meeting:{meeting.congress_area}:{term}", jurisdiction=meeting.jurisdiction)
    return _("%(term)s约见第%(count)s号") % {"term": term, "count": count}


def _named(meeting: OfficialMeeting) -> dict[str, str]:
    return {"unit": meeting.unit.name, "official": meeting.official, "subject": meeting.subject[:30]}


def _asked_before(lead: Deputy, unit: Unit, subject: str, questions: Sequence[Question]) -> OfficialMeeting | None:
    # Two clicks at once stand in line at the deputy's own row.
    Deputy.objects.select_for_update().get(pk=lead.pk)
    wanted = [(clean_line(each.topic), each.text.strip()) for each in questions]
    rows = OfficialMeeting.objects.filter(lead=lead, unit=unit, subject=subject, state=MeetingState.REQUESTED)
    for each in rows.select_related("unit", "lead", "term__congress"):
        if list(each.questions.order_by("position").values_list("topic", "text")) == wanted:
            return each
    return None


def _keep_questions(meeting: OfficialMeeting, questions: Sequence[Question]) -> None:
    MeetingQuestion.objects.bulk_create(
        MeetingQuestion(
            jurisdiction=meeting.jurisdiction,
            meeting=meeting,
            position=position,
            topic=words.required(clean_line(each.topic), _("方面"), limit=80),
            text=words.required(each.text, _("问题"), limit=1000),
            asked_by=each.asked_by,
        )
        for position, each in enumerate(questions, start=1)
    )


def _require_time(meeting: OfficialMeeting, starts_at: datetime, *, at: datetime) -> None:
    if starts_at <= at:
        raise NotToCome
    until = latest_day(meeting)
    if until and timezone.localdate(starts_at) > until:
        raise TooLate(until)


def _tell_time(meeting: OfficialMeeting, sentence: str, kind: str, *, at: datetime) -> None:
    when = timezone.localtime(meeting.starts_at).strftime("%Y-%m-%d %H:%M")
    text = sentence % {**_named(meeting), "when": when, "place": meeting.place}
    telling.tell_unit(meeting.unit, kind, meeting, text=text, at=at)
    telling.tell_deputies(deputies_of(meeting), kind, meeting, text=text, at=at)


def _keep_answers(meeting: OfficialMeeting, answers: Mapping[UUID, Answer], *, by: Account, at: datetime) -> None:
    questions = list(meeting.questions.order_by("position"))
    if missing := [each.position for each in questions if not answers.get(each.pk, Answer("")).text.strip()]:
        raise AnswersMissing(missing)
    for each in questions:
        answer = answers[each.pk]
        each.answer = words.required(answer.text, _("答复"), limit=5000)
        each.promise_text = words.optional(clean_line(answer.promise_text), _("承诺事项"), limit=300)
        each.promise_on = answer.promise_on
        is_past = answer.promise_on is not None and answer.promise_on <= timezone.localdate(meeting.held_at)
        if bool(each.promise_text) != bool(each.promise_on) or is_past:
            raise PromiseUnfit(each.position)
        each.answered_at = at
        if not each.promise_on:
            each.state, each.settled_at, each.settled_by = PromiseState.KEPT, at, by
        each.save()


def _lock_question(question: MeetingQuestion) -> MeetingQuestion:
    rows = OfficialMeeting.objects.select_for_update(of=("self",)).select_related("unit", "lead")
    meeting = rows.get(jurisdiction=question.jurisdiction, pk=question.meeting_id)
    held: MeetingQuestion = meeting.questions.get(pk=question.pk)
    held.meeting = meeting
    return held


def _require_open(question: MeetingQuestion, act: str) -> None:
    if question.meeting.state != MeetingState.HELD or question.state not in OPEN or not question.promise_on:
        raise StepRefused(act, question.state)


def _settle(question: MeetingQuestion, state: PromiseState, said: str, *, by: Account, at: datetime) -> MeetingQuestion:
    held = _lock_question(question)
    if not may_settle(by, held):
        raise access.NotYours
    _require_open(held, "settle_question")
    held.state, held.deputy_words, held.settled_at, held.settled_by = state, said, at, by
    held.save()
    _record(held.meeting, f"promise_{state.value}", by=by, at=at, detail={"question": held.position})
    text = _("约见时承诺的“%(promise)s”经代表确认：%(state)s。") % {
        "promise": held.promise_text[:40], "state": held.get_state_display(),
    }  # fmt: skip
    telling.tell_unit(held.meeting.unit, f"meeting-promise-{state.value}", held.meeting, text=text, at=at)
    held.meeting = _close_when_settled(held.meeting, at=at)
    return held


def _close_when_settled(meeting: OfficialMeeting, *, at: datetime) -> OfficialMeeting:
    if meeting.questions.filter(state__in=OPEN).exists():
        return meeting
    return _take(meeting, "close", by=audit.SYSTEM, at=at, closed_at=at)
