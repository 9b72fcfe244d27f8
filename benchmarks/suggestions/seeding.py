"""Fills a home with five years of a county's proposals, once; later runs find them there.

Ten thousand a year by 250 deputies to 45 units: the last year's in every state, the older ones ended, with all that hangs
on them. Everything is written with COPY; indexes are made at the end.
"""

import json
import sys
import time
from pathlib import Path
from random import Random

import psycopg
from django.db import connections
from django.utils import timezone

from benchmarks.suggestions import county, plans
from benchmarks.suggestions.lives import Lives
from benchmarks.suggestions.rows import Tables
from benchmarks.suggestions.words import Writer
from benchmarks.web import filling
from jiazhan.audit.models import Entry, Head, Seal
from jiazhan.config import postgres
from jiazhan.config.demo.names import COUNTY
from jiazhan.documents.models import Document
from jiazhan.kernel.ids import new_id
from jiazhan.notifications.models import Notice
from jiazhan.suggestions import models as stored

SEED = 2026
MODELS = [stored.Proposal, Entry, Seal, Document, Notice] + [
    getattr(stored, name) for name in stored.__all__ if hasattr(getattr(stored, name), "_meta") and name != "Proposal"
]


def prepare(home: Path) -> dict[str, object]:
    """The county's facts; made where the home has none yet."""
    mark = home / "seeded.json"
    if mark.exists():
        filling.jiazhan("migrate")
        return dict(json.loads(mark.read_text()))
    if (home / "seeding").exists():
        sys.exit(f"{home} was not filled to the end by an earlier run. Please delete it and run again.")
    print(f"filling {home} with {plans.COUNT:,} proposals, once; two or three minutes", flush=True)
    start = time.perf_counter()
    filling.jiazhan("migrate")
    (home / "seeding").touch()
    with postgres.start(home, options=filling.SETTINGS):
        county.make(county.today())
        facts = _fill(postgres.url(home, postgres.SUPERUSER))
        connections.close_all()
    (home / "seeding").unlink()
    facts["seconds"] = round(time.perf_counter() - start)
    mark.write_text(json.dumps(facts, ensure_ascii=False, indent=1))
    return facts


def _fill(url: str) -> dict[str, object]:
    clock, random = filling.Clock(), Random(SEED)
    people, writer = county.read(), Writer(random)
    todo = plans.plans(random, people.sessions, county.today())
    tables = [model._meta.db_table for model in MODELS]
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(filling.SESSION)
        indexes, constraints = filling.drop_indexes(database, tables)
        clock.lap("people, plans and sentences")
        made = Tables(database)
        lives = Lives(people, made, writer, random, timezone.now())
        for plan in todo:
            lives.live(plan)
            made.flush()
        made.flush(least=1)
        database.execute(f"DELETE FROM {Head._meta.db_table} WHERE jurisdiction = %s", [COUNTY])
        columns = f"INSERT INTO {Head._meta.db_table} (jurisdiction, id, number, digest) VALUES (%s, %s, %s, %s)"
        database.execute(columns, [COUNTY, new_id(), lives.sealed, "0" * 64])
        clock.lap("rows")
        filling.in_parallel(url, indexes)
        for statement in constraints:
            database.execute(statement)
        clock.lap("indexes")
        database.execute("VACUUM (ANALYZE)")
        clock.lap("statistics")
        count = database.execute("SELECT count(*) FROM suggestions_proposal").fetchone()
        size = database.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
        return {
            "proposals": count[0] if count else 0,
            "size": size[0] if size else "",
            "texts": writer.source,
            "steps": clock.laps,
        }
