"""Slowing down who guesses, without ever locking out who owns the account.

Failures are counted for (account, address), for the address, and for the account on devices that it never used before.
Each has some free failures, then waits that double up to a limit; an hour of quiet forgets them. A device that has
logged in to the account before is counted by itself alone: whatever strangers try elsewhere, or even behind the same
address, the owner on the own device meets none of it, and an owner on a new device elsewhere only a short wait after
hundreds of failures. There is no state in which an account is locked.

The counts lie in PostgreSQL, shared by all web processes. A success writes nothing where nothing had failed.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from jiazhan.people import crypto
from jiazhan.people.models import Throttle

FORGET_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Rule:
    """`free` failures cost nothing; the next costs `first`, each further one twice as much, at most `longest`."""

    name: str
    free: int
    first: timedelta
    longest: timedelta


PAIR = Rule("pair", free=5, first=timedelta(seconds=15), longest=timedelta(minutes=15))
# A whole office may stand behind one address.
ADDRESS = Rule("address", free=60, first=timedelta(seconds=10), longest=timedelta(minutes=10))
# Guessing one account from very many addresses; the wait stays short because a stranger can cause it.
STRANGERS = Rule("strangers", free=200, first=timedelta(seconds=5), longest=timedelta(minutes=1))


class TooManyTries(Exception):
    """Too many failures just before; carries how long to wait."""

    code = "too-many-tries"

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(_("输错的次数太多了。请过%(wait)s再试；账号没有被锁定。") % {"wait": wait_words(wait)})


def wait_words(wait: timedelta) -> str:
    """「 40 秒」, 「 3 分钟」 or 「 5 小时」, rounded up."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    if seconds < 60:
        return _(" %(n)s 秒") % {"n": seconds}
    if seconds <= 3600:
        return _(" %(n)s 分钟") % {"n": math.ceil(seconds / 60)}
    return _(" %(n)s 小时") % {"n": math.ceil(seconds / 3600)}


class Gate:
    """One attempt to prove something about an account: `enter`, then `passed` or `failed`.

    `purpose` keeps password and second factor apart; `device` names a device that the account has used before, else "".
    """

    def __init__(self, purpose: str, *, account: str, address: str, device: str = "") -> None:
        account = account.strip().lower()
        self.own = _key(PAIR, purpose, account, device or address)
        self.shared = (
            {} if device else {_key(ADDRESS, purpose, address): ADDRESS, _key(STRANGERS, purpose, account): STRANGERS}
        )

    def enter(self, *, at: datetime) -> None:
        """Raises TooManyTries. Counts the attempt as failed until `passed` says otherwise, so that tries made at the
        same moment wait for each other instead of slipping through together."""
        remaining = _remaining(self.shared, at=at)
        if remaining > timedelta(0):
            raise TooManyTries(remaining)
        if not _count(self.own, PAIR, at=at):
            raise TooManyTries(_remaining([self.own], at=at) or PAIR.first)

    def failed(self, *, at: datetime) -> None:
        for key, rule in self.shared.items():
            _count(key, rule, at=at)

    def passed(self) -> None:
        """Forgets this device's own failures. What the address and strangers did stays counted, or an attacker could
        clear it by logging in to an account of their own now and then."""
        Throttle.objects.filter(key=self.own).delete()


def forget_old(*, at: datetime) -> int:
    """Delete the counts that are forgotten anyway; returns how many."""
    deleted, _by_model = Throttle.objects.filter(last_at__lt=at - FORGET_AFTER).delete()
    return deleted


def _key(rule: Rule, *parts: str) -> str:
    return crypto.digest("\x1f".join(("throttle", rule.name, *parts)))


def _remaining(keys: Iterable[str], *, at: datetime) -> timedelta:
    ends = Throttle.objects.filter(key__in=list(keys), until__gt=at).values_list("until", flat=True)
    return max((end - at for end in ends if end), default=timedelta(0))


def _count(key: str, rule: Rule, *, at: datetime) -> bool:
    """Count one failure and set the wait that follows. False, and nothing counted, while a wait is running."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO people_throttle AS t (key, failures, last_at, until) VALUES (%(key)s, 1, %(at)s, NULL)
            ON CONFLICT (key) DO UPDATE SET
                failures = CASE WHEN t.last_at < %(forget)s THEN 1 ELSE t.failures + 1 END,
                last_at = %(at)s,
                until = CASE WHEN t.last_at < %(forget)s OR t.failures + 1 <= %(free)s THEN NULL
                    ELSE %(at)s + least(%(longest)s, %(first)s * power(2, least(t.failures - %(free)s, 20))) * interval '1 second' END
            WHERE t.until IS NULL OR t.until <= %(at)s
            RETURNING failures
            """,
            {
                "key": key, "at": at, "forget": at - FORGET_AFTER,
                "free": rule.free, "first": rule.first.total_seconds(), "longest": rule.longest.total_seconds(),
            },
        )  # fmt: skip
        return cursor.fetchone() is not None
