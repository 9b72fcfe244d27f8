"""Acts that are recorded while pages are read, so that what was counted before holds no longer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from jiazhan.audit.models import Head
from jiazhan.config import postgres
from jiazhan.config.demo.names import COUNTY

EVERY_SECONDS = 0.02


@contextmanager
def going_on(home: Path) -> Iterator[None]:
    """Move the end of the county's record on, faster than pages are answered; nobody verifies this home's record."""
    over = threading.Event()

    def act() -> None:
        with psycopg.connect(postgres.url(home, postgres.SUPERUSER), autocommit=True) as database:
            while not over.wait(EVERY_SECONDS):
                database.execute(
                    f"UPDATE {Head._meta.db_table} SET number = number + 1 WHERE jurisdiction = %s", [COUNTY]
                )

    thread = threading.Thread(target=act)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
