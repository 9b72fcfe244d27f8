"""Loads the county, the same at every load but for the day it is loaded on; a load that was cut off goes on."""

import gc
import multiprocessing
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.queues import SimpleQueue
from random import Random

from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone
from psycopg.errors import DeadlockDetected

from jiazhan.kernel import calendar, scope
from jiazhan.notifications import outbox
from jiazhan.opinions.models import Opinion
from jiazhan.opinions.services import telling
from jiazhan.places.models import Station

from . import accounts, official_meetings, people, places, sessions
from .beginnings import Beginning, beginnings
from .lives import Life
from .names import COUNTY, COUNTY_NAME
from .people import People
from .places import Places
from .proposals import Maker
from .saying import nonce_of

MATTERS = 2000
# More than there are of any way for a proposal to end.
EVERY = 100
SEED = 990106
# Held by whoever makes matters, as long as they do.
AT_WORK = 990106


class LoadFailed(Exception):
    """A process that made matters stopped early."""

    code = "demo-load-failed"


def load(
    *,
    progress: Callable[[int, int], None],
    matters: int = MATTERS,
    proposals_each: int = EVERY,
    now: datetime | None = None,
) -> str:
    """Make the county and its year up to `now`, with at most so many proposals of each way to end. Returns what was done
    in a sentence. Raises LoadFailed."""
    now = now or timezone.now()
    calendar.load_published_years()
    with transaction.atomic():
        if not Station.objects.filter(jurisdiction=COUNTY).exists():
            random = Random(SEED)
            made = places.make(random)
            people.make(random, made, today=timezone.localdate(now))
            sessions.make(made, today=timezone.localdate(now))
            accounts.give_second_steps()
    here = places.read()
    everybody = people.read(here)
    _wait_for_those_at_work()
    with scope.within([COUNTY]):
        done = set(Opinion.objects.filter(nonce__startswith=nonce_of("")).values_list("nonce", flat=True))
    left = [each for each in beginnings(Random(SEED + 1), matters, now) if nonce_of(f"{each.number:06}") not in done]
    loader = _Loader(here, everybody, now, proposals_each)
    with scope.within([COUNTY]):
        proposing = loader.proposing()
    if not left and not proposing:
        return f"{COUNTY_NAME}的演示数据已经在了，没有重复装入。"
    total = matters + len(proposing)
    for made in _in_parallel(left, loader, proposing):
        progress(matters - len(left) + made, total)
    accounts.write(here, everybody)
    return f"已装入{COUNTY_NAME}：40 个站点、350 席代表资格、{matters} 件意见、89 件建议和议案、17 次约见。"


class _Loader:
    """Makes the matters of one process."""

    def __init__(self, here: Places, everybody: People, now: datetime, proposals_each: int) -> None:
        self.here, self.everybody, self.now, self.proposals_each = here, everybody, now, proposals_each

    def life(self, beginning: Beginning) -> Life:
        return Life(Random(SEED + beginning.number), self.here, self.everybody, beginning=beginning, now=self.now)

    def proposing(self) -> list[Callable[[], None]]:
        """The acts on proposals and meetings that are not done yet, in order."""
        maker = Maker(self.here, self.everybody, self.now, each=self.proposals_each)
        return [*maker.left(), *official_meetings.left(maker)]

    def make(self, share: list[Beginning], said: "SimpleQueue[int]") -> None:
        self._work([partial(self._one, beginning) for beginning in share], said)

    def propose(self, said: "SimpleQueue[int]") -> None:
        with scope.within([COUNTY]):
            acts = self.proposing()
        self._work(acts, said)

    def _one(self, beginning: Beginning) -> None:
        self.life(beginning).live()

    def _work(self, acts: list[Callable[[], object]], said: "SimpleQueue[int]") -> None:
        # Short-lived and growing: collecting garbage costs a tenth of the time and frees nothing.
        gc.disable()
        parent = os.getppid()
        try:
            with connection.cursor() as cursor:
                # A demo that a power cut shortens is loaded on; waiting for the disk at every act helps nobody.
                cursor.execute("SET synchronous_commit = off")
                cursor.execute("SELECT pg_advisory_lock_shared(%s)", [AT_WORK])
            # A life is kept whole or not at all, so there is no point within it to go back to.
            connection.features.uses_savepoints = False
            with telling.posts_read_once(), outbox.quietly(read_before=self.now - timedelta(days=3)):
                for act in acts:
                    if os.getppid() != parent:
                        return  # Nobody waits for it any more.
                    self._live(act)
                    said.put(1)
        finally:
            said.put(0)

    def _live(self, act: Callable[[], object]) -> None:
        """One life in one transaction; two that wait for each other's numbers are told apart by beginning again."""
        for _attempt in range(5):
            try:
                with scope.within([COUNTY]):
                    act()
            except OperationalError as failure:
                if not isinstance(failure.__cause__, DeadlockDetected):
                    raise
            else:
                return
        raise LoadFailed("演示数据没有装完：数据库一直在忙。请稍后再运行一次，会接着装。")


def _wait_for_those_at_work() -> None:
    """The processes of a load that was killed finish the matter in hand; only then is it known what is left to do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [AT_WORK])


def _in_parallel(left: list[Beginning], loader: _Loader, proposing: list[Callable[[], None]]) -> Iterator[int]:
    """Share the lives out to the machine's cores, the proposals beside them; yields how many are done so far."""
    connections.close_all()
    # No letter was set in this process yet: what sets them does not live on in a fork.
    context = multiprocessing.get_context("fork")
    said: SimpleQueue[int] = context.SimpleQueue()
    shares = _shares(left, loader, min(4, os.cpu_count() or 1))
    workers = [context.Process(target=loader.make, args=(share, said), daemon=True) for share in shares]
    if proposing:
        workers.append(context.Process(target=loader.propose, args=(said,), daemon=True))
    for worker in workers:
        worker.start()
    made, running = 0, len(workers)
    while running:
        fresh = said.get()
        running -= fresh == 0
        made += fresh
        yield made
    for worker in workers:
        worker.join()
    if made < len(left) + len(proposing):
        raise LoadFailed(f"演示数据只装入了 {made} 件。请查看上面的出错信息，再运行一次会接着装。")


def _shares(left: list[Beginning], loader: _Loader, count: int) -> list[list[Beginning]]:
    """All lives of a street in one share and in order: its stations number them alike however many processes there are,
    and two processes seldom wait for each other."""
    by_street: dict[str, list[Beginning]] = defaultdict(list)
    for beginning in left:
        by_street[loader.life(beginning).street].append(beginning)
    shares: list[list[Beginning]] = [[] for _ in range(count)]
    for group in sorted(by_street.values(), key=lambda group: (-len(group), group[0].number)):
        min(shares, key=len).extend(group)
    return [sorted(share, key=lambda beginning: beginning.number) for share in shares if share]
