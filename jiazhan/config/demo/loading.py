"""Loads the county, the same at every load but for the day it is loaded on; a load that was cut off goes on."""

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from multiprocessing.queues import SimpleQueue
from random import Random

from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone
from psycopg.errors import DeadlockDetected

from jiazhan.kernel import calendar, scope
from jiazhan.notifications import outbox
from jiazhan.opinions.models import Opinion
from jiazhan.places.models import Station

from . import accounts, people, places
from .lives import Life, nonce_of
from .names import COUNTY, COUNTY_NAME

MATTERS = 2000
SEED = 990106


class LoadFailed(Exception):
    """A process that made matters stopped early."""

    code = "demo-load-failed"


def load(*, progress: Callable[[int, int], None]) -> str:
    """Make the county and its year. Returns what was done in a sentence. Raises LoadFailed."""
    now = timezone.now()
    calendar.load_published_years()
    with transaction.atomic():
        if not Station.objects.filter(jurisdiction=COUNTY).exists():
            random = Random(SEED)
            people.make(random, places.make(random), today=timezone.localdate(now))
            accounts.give_second_steps()
    here = places.read()
    with scope.within([COUNTY]):
        done = set(Opinion.objects.filter(nonce__startswith=nonce_of("")).values_list("nonce", flat=True))
    lives = [(number, at) for number, at in _beginnings(now) if nonce_of(f"{number:06}") not in done]
    if not lives:
        return f"{COUNTY_NAME}的演示数据已经在了，没有重复装入。"
    for made in _in_parallel(lives, now):
        progress(len(done) + made, MATTERS)
    accounts.write(here, people.read(here))
    return f"已装入{COUNTY_NAME}:40 个站点、350 席代表资格、{MATTERS} 件意见。"


def _beginnings(now: datetime) -> list[tuple[int, datetime]]:
    """When each matter begins: some moment of the past year, more of them lately."""
    random = Random(SEED + 1)
    moments = []
    for _ in range(MATTERS):
        day = timezone.localtime(now - timedelta(days=365 * (1 - random.random() ** 0.8)))
        moments.append(
            min(day.replace(hour=random.randint(8, 20), minute=random.randint(0, 59)), now - timedelta(minutes=5))
        )
    return list(enumerate(sorted(moments)))


def _in_parallel(lives: list[tuple[int, datetime]], now: datetime) -> Iterator[int]:
    """Share the lives out to the machine's cores; yields how many are done so far."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    said: SimpleQueue[int] = context.SimpleQueue()
    count = min(4, os.cpu_count() or 1)
    workers = [context.Process(target=_live, args=(lives[n::count], now, said), daemon=True) for n in range(count)]
    for worker in workers:
        worker.start()
    made, left = 0, count
    while left:
        fresh = said.get()
        left -= fresh == 0
        made += fresh
        yield made
    for worker in workers:
        worker.join()
    if made < len(lives):
        raise LoadFailed(f"演示数据只装入了 {made} 件。请查看上面的出错信息，再运行一次会接着装。")


def _live(lives: list[tuple[int, datetime]], now: datetime, said: "SimpleQueue[int]") -> None:
    # Short-lived and growing: collecting garbage costs a tenth of the time and frees nothing.
    gc.disable()
    parent = os.getppid()
    try:
        here = places.read()
        everybody = people.read(here)
        with connection.cursor() as cursor:
            # A demo that a power cut shortens is loaded on; waiting for the disk at every act helps nobody.
            cursor.execute("SET synchronous_commit = off")
        for number, at in lives:
            if os.getppid() != parent:
                return  # Nobody waits for it any more.
            _live_one(number, at, here, everybody, now)
            said.put(1)
    finally:
        said.put(0)


def _live_one(number: int, at: datetime, here: places.Places, everybody: people.People, now: datetime) -> None:
    """One life in one transaction; two that wait for each other's numbers are told apart by beginning again."""
    for _attempt in range(5):
        try:
            with scope.within([COUNTY]), outbox.quietly(read_before=now - timedelta(days=3)):
                Life(Random(SEED + number), here, everybody, number=number, starts_at=at, now=now).live()
        except OperationalError as failure:
            if not isinstance(failure.__cause__, DeadlockDetected):
                raise
        else:
            return
    raise LoadFailed("演示数据没有装完：数据库一直在忙。请稍后再运行一次，会接着装。")
