"""Fills a home with a city: ten counties of 100,000 matters each, once; later runs find it there.

One county is the demo's, with everything that hangs on a matter (record, letters, replies, notices); the other nine have
their matters, and for those of the last year assignments, replies, letters and public pages. A fifth of a county's
matters are of the last year and in every state; the rest are older and finished, as in a place that has run for years.
"""

import json
import sys
import time
from pathlib import Path
from random import Random

import psycopg

from benchmarks.web import copies, filling, texts
from jiazhan.config import postgres
from jiazhan.config.demo.names import COUNTY

COUNTIES = [f"9901{n:02}" for n in range(1, 11)]
EACH = 100_000
# Copies of the last year; each template is copied so often, in its state.
LATELY = 10
YEARS = 4
TEXTS = 250_000
SEED = 2026
# As they came in: a hash join would mix them, and the pages of a table that has grown for years are not mixed.
IN_ORDER = "SET enable_hashjoin = off; SET enable_mergejoin = off; SET synchronize_seqscans = off;"


def prepare(home: Path) -> dict[str, object]:
    """The city's facts; made where the home has none yet."""
    mark = home / "seeded.json"
    if mark.exists():
        filling.jiazhan("migrate")
        return json.loads(mark.read_text())
    if (home / "seeding").exists():
        sys.exit(f"{home} was not filled to the end by an earlier run. Please delete it and run again.")
    print(f"filling {home} with {len(COUNTIES)} × {EACH:,} matters, once; some minutes", flush=True)
    start = time.perf_counter()
    filling.jiazhan("migrate")
    filling.jiazhan("demo", "load")
    (home / "seeding").touch()
    with postgres.start(home, options=filling.SETTINGS):
        facts = _fill(postgres.url(home, postgres.SUPERUSER))
    (home / "seeding").unlink()
    facts["seconds"] = round(time.perf_counter() - start)
    mark.write_text(json.dumps(facts, ensure_ascii=False, indent=1))
    return facts


def _fill(url: str) -> dict[str, object]:
    clock = filling.Clock()
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(filling.SESSION)
        _plan(database)
        source = _texts(database)
        clock.lap("plan and texts")
        for county in COUNTIES:
            if county != COUNTY:
                for name, app in (("Region", "places"), ("Station", "places"), ("Unit", "people")):
                    database.execute(copies.reference(name, app, county))
        tables = [copies.opinions_table(), *(model._meta.db_table for model in copies.business())]
        indexes, constraints = filling.drop_indexes(database, tables)
        filling.in_parallel(url, [IN_ORDER + copies.opinions() % {"county": f"'{county}'"} for county in COUNTIES])
        clock.lap("matters")
        filling.in_parallel(url, [copies.dependents(model) for model in copies.business()])
        _seal(database)
        clock.lap("what hangs on them")
        filling.in_parallel(url, indexes)
        for statement in constraints:
            database.execute(statement)
        clock.lap("indexes")
        database.execute("DROP TABLE bench_copy, bench_text")
        database.execute("VACUUM (ANALYZE)")
        clock.lap("statistics")
        count = database.execute("SELECT count(*) FROM opinions_opinion").fetchone()
        size = database.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
        return {
            "matters": count[0] if count else 0,
            "size": size[0] if size else "",
            "texts": source,
            "steps": clock.laps,
        }


def _plan(database: psycopg.Connection) -> None:
    """Which template becomes which row: a table of copies, in the order in which the matters come in."""
    database.execute(
        "CREATE UNLOGGED TABLE bench_copy (template uuid, county text, copy int, salt text, days int, text int, has_more bool)"
    )
    for county in COUNTIES:
        # The demo's own rows are the first copies of their county.
        first = 1 if county == COUNTY else 0
        database.execute(
            f"""
            INSERT INTO bench_copy
            WITH template AS (
                SELECT id, raised_at, row_number() OVER (ORDER BY raised_at, id) AS n, closed_at IS NOT NULL AS is_over
                  FROM opinions_opinion WHERE jurisdiction = '{COUNTY}'
            ), over AS (
                SELECT id, raised_at, row_number() OVER (ORDER BY n) - 1 AS n, count(*) OVER () AS all_over
                  FROM template WHERE is_over
            ), lately AS (
                SELECT id, raised_at, copy, copy % 5 AS days FROM template, generate_series({first}, {LATELY - 1}) AS copy
            ), before AS (
                SELECT over.id, over.raised_at, {LATELY} + (m / all_over)::int AS copy, 365 + (m * 365 * {YEARS} / wanted)::int AS days
                  FROM (SELECT {EACH} - {LATELY} * (SELECT count(*) FROM template) AS wanted) AS w,
                       generate_series(0, w.wanted - 1) AS m, over
                 WHERE over.n = m % all_over
            ), each AS (
                SELECT id, raised_at, copy, days, true AS has_more FROM lately
                UNION ALL SELECT id, raised_at, copy, days, '{county}' = '{COUNTY}' FROM before
            )
            SELECT id, '{county}', copy, '{county}' || '-' || copy, days, (random() * {TEXTS - 1})::int, has_more FROM each
             ORDER BY raised_at - days * interval '1 day'
            """
        )
    database.execute("ANALYZE bench_copy")


def _texts(database: psycopg.Connection) -> str:
    database.execute("CREATE UNLOGGED TABLE bench_text (n int PRIMARY KEY, title text, body text, terms tsvector)")
    random = Random(SEED)
    with database.cursor().copy("COPY bench_text FROM STDIN") as copy:
        for number, row in enumerate(texts.compose(random, TEXTS)):
            copy.write_row((number, *row))
    database.execute("ANALYZE bench_text")
    return texts.sentences(Random(SEED))[2]


def _seal(database: psycopg.Connection) -> None:
    """Chains as long as the record, with digests that are filler: nobody verifies this home's record."""
    database.execute(
        f"""
        INSERT INTO audit_seal (jurisdiction, id, number, entry_id, digest)
        SELECT e.jurisdiction, gen_random_uuid(), h.number + row_number() OVER (ORDER BY e.at, e.id), e.id,
               md5(e.id::text) || md5(e.id::text)
          FROM audit_entry e JOIN audit_head h ON h.jurisdiction = e.jurisdiction
         WHERE e.jurisdiction = '{COUNTY}' AND NOT EXISTS (
               SELECT FROM audit_seal s WHERE s.jurisdiction = e.jurisdiction AND s.entry_id = e.id)
        """
    )
    database.execute(
        f"UPDATE audit_head SET number = (SELECT max(number) FROM audit_seal WHERE jurisdiction = '{COUNTY}') "
        f"WHERE jurisdiction = '{COUNTY}'"
    )
