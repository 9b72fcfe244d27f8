"""Filling a home fast: settings of the database for it, indexes made at the end, laps of the clock."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

SETTINGS = {
    "fsync": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "1h",
}
SESSION = """
    SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '128MB';
    SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 2
"""


def jiazhan(*words: str) -> None:
    if subprocess.run([sys.executable, "-m", "jiazhan.config.cli", *words], env=os.environ).returncode:
        sys.exit("not prepared, see above")


class Clock:
    def __init__(self) -> None:
        self.laps: dict[str, int] = {}
        self._since = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round(now - self._since)
        self._since = now
        print(f"  {name}: {self.laps[name]} s", flush=True)


def drop_indexes(database: psycopg.Connection, tables: list[str]) -> tuple[list[str], list[str]]:
    """Drop what is quicker made at the end; returns the indexes to make again, at once, and then the constraints that use
    them. Primary keys stay."""
    constraints = database.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_indexdef(conindid) FROM pg_constraint "
        "WHERE conrelid = ANY (%s::regclass[]) AND contype = 'u'",
        [tables],
    ).fetchall()
    # A constraint with an index of its own making locks the whole table and would wait for the long one.
    after = [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}" for table, name, _made in constraints
    ]
    for table, name, _made in constraints:
        database.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    indexes = database.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY (%s) AND NOT EXISTS ("
        "SELECT FROM pg_constraint WHERE conname = indexname)",
        [tables],
    ).fetchall()
    for name, _made in indexes:
        database.execute(f"DROP INDEX {name}")
    again = [made for *_table, made in constraints] + [made for _name, made in indexes]
    # The long one first, beside it the other large ones.
    return sorted(again, key=lambda made: ("gin" not in made, f"{tables[0]} " not in made)), after


def in_parallel(url: str, statements: list[str]) -> None:
    def run(statement: str) -> None:
        with psycopg.connect(url, autocommit=True) as database:
            database.execute(SESSION)
            database.execute(statement)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(run, statements))
