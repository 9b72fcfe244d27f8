"""Meetings with heads of organs as every portal shows them: the list, the figures of a year, the follow-up, one meeting."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiazhan.kernel import deadlines
from jiazhan.suggestions.models import MeetingQuestion, OfficialMeeting
from jiazhan.suggestions.selectors import meetings
from jiazhan.suggestions.selectors.meetings import FOLLOWS, LABELS, Follow, Tab
from jiazhan.suggestions.services.meeting_preparing import notices_of
from jiazhan.suggestions.services.meetings import latest_day
from jiazhan.suggestions.states import MeetingState

_TONES = {
    MeetingState.REQUESTED: "warn", MeetingState.ACCEPTED: "warn", MeetingState.SCHEDULED: "info",
    MeetingState.HELD: "info", MeetingState.CLOSED: "ok", MeetingState.DECLINED: "plain", MeetingState.WITHDRAWN: "plain",
}  # fmt: skip
FOLLOW_TONES = {
    Follow.UNIT: "warn", Follow.DEPUTY: "info", Follow.AHEAD: "plain", Follow.KEPT: "ok", Follow.BROKEN: "late",
    Follow.ANSWERED: "plain",
}  # fmt: skip


def listing(
    request: HttpRequest,
    rows: QuerySet[OfficialMeeting],
    *,
    route: str,
    today: date,
    tabs: Iterable[Tab] = tuple(Tab),
    units: Iterable[Any] = (),
) -> dict[str, Any]:
    """The tabs, one page of the list, and the figures of the year; `route` shows one meeting."""
    given, tabs, units = request.GET, list(tabs), list(units)
    words, year = given.get("q", "").strip()[:60], _year(given.get("year", ""))
    unit = given.get("unit", "")
    unit = unit if unit in {str(key) for key, _name in units} else ""
    kept = {"q": words, "year": year or "", "unit": unit}
    narrowed = meetings.narrowed(rows, words=words, year=year, unit=UUID(unit) if unit else None)
    counted = meetings.counts(narrowed)
    first = next((tab for tab in tabs if counted[tab]), tabs[0])
    tab = Tab(given["tab"]) if given.get("tab") in {each.value for each in tabs} else first
    page = page_of(request)
    found, is_more = meetings.listed(narrowed, tab, page=page)
    shown_year = year or today.year
    return {
        "tabs": [
            {"label": LABELS[each], "url": query(kept, tab=each.value), "count": counted[each], "current": each is tab}
            for each in tabs
        ],
        "tab": tab.value,
        "rows": [row_of(each, route) for each in found],
        "words": words,
        "year": year,
        "years": [(each, _("%(y)s 年") % {"y": each}) for each in range(today.year, today.year - 6, -1)],
        "unit": unit,
        "units": units,
        "figures": meetings.figures(rows, shown_year),
        "figures_year": shown_year,
        "clear_url": f"?tab={tab.value}" if words or year or unit else None,
        "next_url": query(kept, tab=tab.value, page=page + 1) if is_more else None,
        "previous_url": query(kept, tab=tab.value, page=page - 1) if page > 1 else None,
    }


def row_of(meeting: OfficialMeeting, route: str) -> dict[str, Any]:
    when = ""
    if meeting.held_at:
        when = _("%(on)s 约见") % {"on": timezone.localdate(meeting.held_at)}
    elif meeting.starts_at:
        when = timezone.localtime(meeting.starts_at).strftime("%Y-%m-%d %H:%M")
    return {
        "title": meeting.subject,
        "url": reverse(route, kwargs={"jurisdiction": meeting.jurisdiction, "meeting_id": meeting.pk}),
        "badges": [(meeting.get_state_display(), _TONES[MeetingState(meeting.state)])],
        "meta": [
            meeting.number, f"{meeting.unit.name} {meeting.official}", _("%(name)s代表申请") % {"name": meeting.lead.name}, when,
        ],
    }  # fmt: skip


def following(request: HttpRequest, rows: QuerySet[OfficialMeeting], *, route: str, today: date) -> dict[str, Any]:
    """All questions of the held meetings, by who must speak next."""
    questions = meetings.questions_of(rows)
    counted = meetings.follow_counts(questions, today=today)
    first = next((each for each in Follow if counted[each]), Follow.UNIT)
    chosen = Follow(request.GET["tab"]) if request.GET.get("tab") in set(Follow) else first
    page = page_of(request)
    found, is_more = meetings.in_follow(questions, chosen, today=today, page=page)
    return {
        "tabs": [
            {"label": FOLLOWS[each], "url": f"?tab={each.value}", "count": counted[each], "current": each is chosen}
            for each in Follow
        ],
        "rows": [_question_row(each, route, today) for each in found],
        "open": sum(counted[each] for each in (Follow.UNIT, Follow.DEPUTY, Follow.AHEAD)),
        "all": sum(counted.values()),
        "next_url": query({}, tab=chosen.value, page=page + 1) if is_more else None,
        "previous_url": query({}, tab=chosen.value, page=page - 1) if page > 1 else None,
    }


def one(meeting: OfficialMeeting, *, today: date) -> dict[str, Any]:
    """The meeting, its questions by topic, who takes part, its notices and its record."""
    questions = list(meeting.questions.select_related("asked_by", "settled_by").order_by("position"))
    for each in questions:
        each.meeting = meeting
    topics: dict[str, list[dict[str, Any]]] = {}
    for each in questions:
        topics.setdefault(each.topic, []).append(shown(each, today))
    until = latest_day(meeting)
    return {
        "meeting": meeting,
        "tone": _TONES[MeetingState(meeting.state)],
        "topics": list(topics.items()),
        "questions": questions,
        "deputies": list(meeting.deputies.select_related("deputy").order_by("id")),
        "until": until if meeting.state in {MeetingState.ACCEPTED, MeetingState.SCHEDULED} else None,
        "is_held": meeting.held_at is not None,
        "letters": notices_of(meeting),
        "history": [
            {"title": each.text, "at": each.at, "by": each.actor} for each in reversed(meetings.record(meeting))
        ],
    }


def shown(question: MeetingQuestion, today: date) -> dict[str, Any]:
    """A question with where it stands."""
    follow = meetings.follow_of(question, today=today)
    is_open = follow in {Follow.UNIT, Follow.DEPUTY, Follow.AHEAD}
    return {
        "question": question,
        "follow": FOLLOWS[follow],
        "tone": FOLLOW_TONES[follow],
        "is_open": is_open and question.promise_on is not None,
        "is_due": question.promise_on is not None and question.promise_on <= today,
        "light": deadlines.light(question.promise_on, today).value if is_open and question.promise_on else None,
        "left": deadlines.words(question.promise_on, today) if question.promise_on else "",
    }


def question_of(meeting: OfficialMeeting, question_id: UUID) -> MeetingQuestion:
    """A question of a meeting that the person was given. A 404 for any other."""
    found = meeting.questions.filter(pk=question_id).first()
    if found is None:
        raise Http404
    found.meeting = meeting
    return found


def page_of(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return max(int(text), 1) if text.isdecimal() and text.isascii() and len(text) < 5 else 1


def query(kept: dict[str, Any], **more: Any) -> str:
    return f"?{urlencode({name: value for name, value in {**kept, **more}.items() if value})}"


def _question_row(question: MeetingQuestion, route: str, today: date) -> dict[str, Any]:
    said, meeting = shown(question, today), question.meeting
    where = {"jurisdiction": question.jurisdiction, "meeting_id": question.meeting_id}
    return {
        "title": question.promise_text or question.text[:80],
        "url": f"{reverse(route, kwargs=where)}#q{question.position}",
        "badges": [(said["follow"], said["tone"])],
        "meta": [
            meeting.number, meeting.unit.name, _("第 %(n)s 个问题") % {"n": question.position}, question.text[:40],
            _("%(on)s 到期") % {"on": question.promise_on} if question.promise_on else "",
        ],
        "light": said["light"],
        "words": said["left"],
    }  # fmt: skip


def _year(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) == 4 else None
