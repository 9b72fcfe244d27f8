"""The worker's morning: each jurisdiction by itself, each piece of work by itself, twice the same as once."""

from datetime import date

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from jiazhan.kernel import scope
from jiazhan.opinions import tasks
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.states import State
from tests.domain.opinions import walking
from tests.factories import County, opinion

pytestmark = pytest.mark.django_db(transaction=True)
PIECES = [
    "opinions.ask_for_promises",
    "opinions.close_unrated",
    "opinions.keep_deadlines",
    "opinions.remind",
    "opinions.forget_imports",
]


@pytest.fixture
def counties():
    return County(), County(code="990107", name="月湖区")


def test_every_jurisdiction_gets_its_own_pieces_of_work(counties):
    tasks.begin_day(timestamp=0)
    jobs = ProcrastinateJob.objects.values_list("task_name", "args", "lock")
    assert sorted((name, args["jurisdiction"]) for name, args, _lock in jobs) == sorted(
        (name, county.code) for name in PIECES for county in counties
    )
    # One after the other within a jurisdiction, side by side across them.
    assert len({lock for _name, _args, lock in jobs}) == len(counties)


def test_a_piece_of_work_touches_its_own_jurisdiction_only(counties):
    here, there = counties
    stale = {"due_on": "2020-01-01", "due_rule": {"unit": "workdays", "count": 2, "start": "2019-12-31"}}
    for county in counties:
        with county.within():
            Opinion.objects.filter(pk=opinion(county).pk).update(**stale)
    tasks.keep_deadlines(jurisdiction=here.code)
    with scope.within([here.code, there.code]):
        due = dict(Opinion.objects.values_list("jurisdiction", "due_on"))
    assert due == {here.code: date(2020, 1, 2), there.code: date(2020, 1, 1)}


def test_what_nobody_rated_closes_overnight(counties):
    here, _there = counties
    with here.within():
        matter = walking.handling_street(here)
        walking.replied(matter, here)
        Opinion.objects.filter(pk=matter.pk).update(due_on="2020-01-02")
    for _ in range(2):
        tasks.close_unrated(jurisdiction=here.code)
        tasks.ask_for_promises(jurisdiction=here.code)
    with here.within():
        closed = Opinion.objects.get(pk=matter.pk)
        assert (closed.state, closed.grade) == (State.CLOSED, "")
