"""Numbers that people read: per jurisdiction and series, without gaps, safe when two ask at once."""

from django.db import connection

from . import ids


def next_number(series: str, *, jurisdiction: str) -> int:
    """The next number of the series, from 1. The counter's row stays locked until the transaction ends, so a
    rolled-back act leaves no gap and two acts never get one number."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO kernel_counter (jurisdiction, id, series, last) VALUES (%s, %s, %s, 1)
            ON CONFLICT (jurisdiction, series) DO UPDATE SET last = kernel_counter.last + 1
            RETURNING last
            """,
            [jurisdiction, ids.new_id(), series],
        )
        return int(cursor.fetchone()[0])
