"""The demo county, on a small scale: the same services, processes and order as in a whole load."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from jiazhan.audit import verification
from jiazhan.audit.models import Entry
from jiazhan.config import demo, postgres
from jiazhan.documents.models import Document
from jiazhan.kernel import calendar, scope
from jiazhan.notifications.models import Notice
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.states import State
from jiazhan.people.models import Account, Mandate, Post
from jiazhan.people.roles import Role
from jiazhan.places.models import Station
from tests import database

COUNTY = "990106"
MATTERS = 26
NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
# A process of its own, as the command has: one that has set letters cannot be forked.
LOAD = """
import sys, django
from datetime import datetime
django.setup()
from jiazhan.config import demo
def tell(done, total): print(done, total, flush=True)
print(demo.load(progress=tell, matters=int(sys.argv[1]), proposals_each=0, now=datetime.fromisoformat(sys.argv[2])))
"""


@pytest.fixture
def empty_county(transactional_db):
    """A database of its own, which another process can reach."""


def begin_to_load():
    name = connections["default"].settings_dict["NAME"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "jiazhan.config.settings",
        "DATABASE_URL": postgres.url(settings.HOME, postgres.APP, name),
        "DATABASE_OWNER_URL": postgres.url(settings.HOME, postgres.OWNER, name),
        "JIAZHAN_HOME": str(settings.HOME),
    }
    command = [sys.executable, "-c", LOAD, str(MATTERS), NOW.isoformat()]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def load():
    """The numbers that were told on the way, and the sentence at the end."""
    with begin_to_load() as running:
        *told, sentence = running.stdout.read().splitlines()
    assert running.returncode == 0
    return [tuple(map(int, line.split())) for line in told], sentence


def load_until_killed():
    with begin_to_load() as running:
        for line in running.stdout:
            if line.startswith("9 "):
                running.send_signal(signal.SIGKILL)
                break
    assert running.returncode == -signal.SIGKILL


def begin_anew():
    """An empty database again, as after the test."""
    name = connections["default"].settings_dict["NAME"]
    connections.close_all()
    database.create(Path(settings.HOME), name)
    calendar.forget()


def counts():
    with scope.within([COUNTY]):
        return [rows.objects.count() for rows in (Opinion, Entry, Notice, Document, Account, Post, Station)]


def what_became_of_all():
    """Each matter by its place in the year, with all that the seed decides."""
    fields = (
        "number",
        "state",
        "title",
        "body",
        "street",
        "community",
        "channel",
        "round",
        "grade",
        "outcome",
        "raised_at",
    )
    more = ("due_on", "due_for", "closed_at", "deputy__name", "unit__code", "handler__name", "supporters_count")
    with scope.within([COUNTY]):
        matters = {row[0]: row[1:] for row in Opinion.objects.values_list("nonce", *fields, *more)}
        acts = Entry.objects.filter(subject_label="opinions.opinion").order_by("at", "action", "actor_name")
        told = Notice.objects.order_by("created_at", "kind", "recipient__name")
        return (
            matters,
            list(acts.values_list("at", "action", "actor_name")),
            list(told.values_list("kind", "recipient__name")),
        )


def test_a_small_load_has_a_matter_in_every_state_and_somebody_in_every_role_and_a_second_one_adds_nothing(
    empty_county,
):
    told, sentence = load()
    assert told[-1] == (MATTERS, MATTERS)
    assert sentence.startswith("已装入云溪区")
    with scope.within([COUNTY]):
        assert set(Opinion.objects.values_list("state", flat=True)) == set(State)
        verified = verification.verify(COUNTY)
        assert (type(verified), verified.jurisdiction) == (verification.Verified, COUNTY)
        assert verified.entries == Entry.objects.count()
    assert set(Post.objects.values_list("role", flat=True)) == set(Role) - {Role.DEPUTY}
    assert Mandate.objects.in_force().filter(deputy__account__is_active=True).exists()
    before = counts()
    again = demo.load(progress=lambda done, total: told.append(done), matters=MATTERS, proposals_each=0, now=NOW)
    assert (again, told[-1]) == ("云溪区的演示数据已经在了，没有重复装入。", (MATTERS, MATTERS))
    assert counts() == before


def test_a_load_that_was_killed_goes_on_to_what_an_undisturbed_one_gives(empty_county):
    load_until_killed()
    told, _sentence = load()
    assert told[0][0] >= 9
    resumed = what_became_of_all()
    begin_anew()
    told, _sentence = load()
    assert told[0] == (1, MATTERS)
    assert what_became_of_all() == resumed
