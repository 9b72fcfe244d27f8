"""A worker that is killed in the middle of a message: the message is sent by the next one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from jiazhan.notifications import outbox
from jiazhan.notifications.models import Notice, SendState
from jiazhan.people import crypto
from tests import factories
from tests.factories import County

ROOT = Path(__file__).resolve().parents[3]
WORK = """
import django; django.setup()
from procrastinate.contrib.django import app
with app.replace_connector(app.connector.get_worker_connector()):
    app.run_worker(wait=False, concurrency=1)
"""
AFTER_A_DEATH = """
import django; django.setup()
from contextlib import suppress
from procrastinate.exceptions import AlreadyEnqueued
from jiazhan.notifications.tasks import retry_stalled
# The worker queues it by itself once a minute.
with suppress(AlreadyEnqueued):
    retry_stalled.defer(timestamp=0)
"""


@pytest.fixture
def home(tmp_path):
    """A home whose message file is a pipe that nobody reads: whoever sends hangs in the middle of it."""
    (tmp_path / "sms").mkdir()
    os.mkfifo(tmp_path / "sms" / f"{timezone.localtime():%Y-%m-%d}.txt")
    return tmp_path


def python(script, home):
    """A process of its own on this test's database."""
    urls = {}
    for alias, variable in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        database = connections[alias].settings_dict
        urls[variable] = f"postgresql://{database['USER']}@/{database['NAME']}?host={quote(database['HOST'])}"
    environment = os.environ | urls | {
        "DJANGO_SETTINGS_MODULE": "jiazhan.config.settings", "JIAZHAN_HOME": str(home), "JIAZHAN_SMS": "file",
        "JIAZHAN_SECRET_KEY": settings.SECRET_KEY, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", script], env=environment, cwd=ROOT, stderr=subprocess.PIPE)


def finish(process):
    _output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors.decode()


def job_state():
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE task_name = 'notifications.send'")
        return [row[0] for row in cursor.fetchall()]


def wait_until(holds):
    for _try in range(300):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it never came about")


@pytest.mark.django_db(transaction=True)
def test_a_message_outlives_the_worker_that_was_killed_while_sending_it(home):
    county = County()
    with county.within():
        opinion = factories.opinion(county)
        outbox.notify_phone(crypto.encrypt("13800138000"), "x", opinion, text="有答复了。", at=factories.NOW, key="k")

    killed = python(WORK, home)
    wait_until(lambda: job_state() == ["doing"])
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert job_state() == ["doing"]

    pipe = next((home / "sms").iterdir())
    pipe.unlink()
    with connection.cursor() as cursor:
        # Half a minute without a heartbeat, without waiting for it.
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    finish(python(AFTER_A_DEATH, home))
    finish(python(WORK, home))
    assert job_state() == ["succeeded"]
    assert pipe.read_text().count("有答复了。") == 1
    with county.within():
        assert Notice.objects.get(key="k").state == SendState.SENT
