"""The demo's proposals and meetings: one of each way to end is enough to see every state."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.utils import timezone

from jiazhan.config.demo import official_meetings, people, places, sessions
from jiazhan.config.demo.names import COUNTY
from jiazhan.config.demo.proposals import BATCH, Maker
from jiazhan.kernel import calendar, scope
from jiazhan.kernel.outcomes import PromiseState
from jiazhan.notifications import outbox
from jiazhan.suggestions.models import Batch, MeetingQuestion, OfficialMeeting, Promise, Proposal
from jiazhan.suggestions.states import MeetingState, State

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def maker():
    calendar.load_published_years()
    random, today = Random(990106), timezone.localdate(NOW)
    here = places.make(random)
    people.make(random, here, today=today)
    sessions.make(here, today=today)
    here = places.read()
    return Maker(here, people.read(here), NOW, each=1)


def work(acts):
    with outbox.quietly(read_before=NOW - timedelta(days=3)):
        for act in acts:
            with scope.within([COUNTY]):
                act()


def test_one_of_each_way_to_end_lies_in_every_state_and_a_second_load_adds_nothing(maker):
    with scope.within([COUNTY]):
        acts = maker.left()
    # Cut off in the middle, it goes on.
    work(acts[:20])
    with scope.within([COUNTY]):
        acts = maker.left()
    work(acts)
    with scope.within([COUNTY]):
        assert maker.left() == []
        assert set(Proposal.objects.values_list("state", flat=True)) == set(State)
        assert Batch.objects.filter(name__endswith=BATCH).count() == 1
        assert set(Promise.objects.values_list("state", flat=True)) >= {
            PromiseState.KEPT,
            PromiseState.BROKEN,
            PromiseState.OPEN,
        }
        assert Proposal.objects.filter(is_on_time=False).exists()
        assert Proposal.objects.filter(returns_count__gt=0).exists()


def test_fourteen_meetings_took_place_and_their_forty_six_questions_are_followed(maker):
    with scope.within([COUNTY]):
        acts = official_meetings.left(maker)
    work(acts)
    with scope.within([COUNTY]):
        held = OfficialMeeting.objects.filter(state__in=[MeetingState.HELD, MeetingState.CLOSED])
        questions = MeetingQuestion.objects.filter(meeting__in=held)
        assert (held.count(), questions.count()) == (14, 46)
        assert questions.values("meeting", "topic").distinct().count() == 28
        assert OfficialMeeting.objects.count() == 17
        assert official_meetings.left(maker) == []
