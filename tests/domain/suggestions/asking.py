"""A meeting with the head of an organ brought to any stage by the services themselves. Needs the county's scope."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from jiazhan.suggestions.models import OfficialMeeting
from jiazhan.suggestions.services import meetings
from jiazhan.suggestions.services.meetings import Answer, Question
from tests.domain.suggestions import walking
from tests.factories import County

TWO = (Question("防汛", "北门泵站何时修好？"), Question("用电", "备用电源由谁管？"))


def asked(county: County, *deputies: Any, at: datetime, questions: Any = TWO) -> OfficialMeeting:
    walking.past_session(county)
    return meetings.request(
        county.deputy, term=county.term, unit=county.department, official="局长", subject="汛期排水设施运行", background="",
        questions=questions, deputies=deputies, by=county.deputy.account, at=at,
    )  # fmt: skip


def accepted(county: County, *deputies: Any, at: datetime, **given: Any) -> OfficialMeeting:
    return meetings.accept(asked(county, *deputies, at=at, **given), by=county.affairs, at=at)


def scheduled(county: County, *deputies: Any, at: datetime, **given: Any) -> OfficialMeeting:
    """It begins an hour after it was arranged."""
    meeting = accepted(county, *deputies, at=at, **given)
    return meetings.schedule(
        meeting,
        starts_at=at + timedelta(hours=1),
        place="区人大常委会会议室",
        host="代表工委主任",
        by=county.affairs,
        at=at,
    )


def held(
    county: County, *deputies: Any, at: datetime, due: timedelta = timedelta(days=30), **given: Any
) -> OfficialMeeting:
    """The first question's answer promises, the others are answered on the spot."""
    meeting = scheduled(county, *deputies, at=at, **given)
    then = at + timedelta(hours=2)
    on = timezone.localdate(then) + due
    answers = {
        each.pk: Answer("下周修好。", "北门泵站修复", on) if each.position == 1 else Answer("由排水科管。")
        for each in meeting.questions.all()
    }
    return meetings.hold(
        meeting, held_at=then, attended_by="局长李明", present=[county.deputy.pk], summary="逐一作了答复。", answers=answers,
        by=county.affairs, at=then,
    )  # fmt: skip
