"""How often something may be done: a number at once, then one every so often. Nobody is ever shut out for good.

    pace.spend(SAYING, address, at=now)      # raises TooFast with the wait

The state lies in PostgreSQL beside the counts of `throttle`, shared by all web processes: one statement each time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from jiazhan.people import crypto

from .throttle import FORGET_AFTER, wait_words


@dataclass(frozen=True)
class Pace:
    """`burst` at once, then one more after each `every`. `burst * every` is at most an hour, so that quiet forgets it."""

    name: str
    burst: int
    every: timedelta

    def __post_init__(self) -> None:
        if self.burst * self.every > FORGET_AFTER:
            raise ValueError(f"{self.name}: the state would be forgotten before it is spent")


class TooFast(Exception):
    """Too many in a short time; carries how long to wait."""

    code = "too-fast"

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(_("短时间内提交得太多了。请过%(wait)s再试，您写的内容都在。") % {"wait": wait_words(wait)})


def spend(pace: Pace, *parts: str, at: datetime) -> None:
    """Count one for whoever `parts` name. Raises TooFast, and counts nothing, where the pace does not allow it.

    `until` holds the moment at which all of the burst would be there again.
    """
    key = crypto.digest("\x1f".join(("pace", pace.name, *parts)))
    values: dict[str, Any] = {"key": key, "at": at, "every": pace.every, "burst": pace.burst * pace.every}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO people_throttle AS t (key, failures, last_at, until) VALUES (%(key)s, 0, %(at)s, %(at)s + %(every)s)
            ON CONFLICT (key) DO UPDATE SET last_at = %(at)s, until = greatest(t.until, %(at)s) + %(every)s
            WHERE greatest(t.until, %(at)s) + %(every)s <= %(at)s + %(burst)s
            RETURNING key
            """,
            values,
        )
        if cursor.fetchone():
            return
        cursor.execute("SELECT until FROM people_throttle WHERE key = %s", [key])
        until = cursor.fetchone()[0]
    raise TooFast(until + pace.every - pace.burst * pace.every - at)
