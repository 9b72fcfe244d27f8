"""Proof that the record was not altered: recompute every jurisdiction's chain from the entries themselves."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

# The text that is hashed; the sealing function in the migrations builds the same.
CANONICAL = """
    concat_ws(E'\\x1f', e.jurisdiction, e.id::text, e.action, e.subject_label, e.subject_id, e.actor_kind, e.actor_id,
              e.actor_name, (extract(epoch FROM e.at) * 1000000)::bigint::text, e.detail::text)
"""
START = "0" * 64


@dataclass(frozen=True)
class Broken:
    """The first entry that does not fit its chain, and what is wrong with it."""

    jurisdiction: str
    number: int
    entry_id: str
    why: str


@dataclass(frozen=True)
class Verified:
    """A chain that holds: how many entries, and the digest of the last, to be written down elsewhere."""

    jurisdiction: str
    entries: int
    digest: str


def verify(jurisdiction: str) -> Verified | Broken:
    """Check one jurisdiction's chain from its first entry; needs a scope that holds it."""
    digest, number = START, 0
    for number, (seal, entry_id, stored, canonical) in enumerate(_links(jurisdiction), start=1):
        if seal != number:
            return Broken(jurisdiction, number, entry_id, "这一号的记录不见了")
        if canonical is None:
            return Broken(jurisdiction, number, entry_id, "记录被删除")
        digest = hashlib.sha256((digest + canonical).encode()).hexdigest()
        if digest != stored:
            return Broken(jurisdiction, number, entry_id, "记录的内容与封存时不同")
    return _loose_end(jurisdiction, number, digest) or Verified(jurisdiction, number, digest)


def _links(jurisdiction: str) -> Iterator[tuple[int, str, str, str | None]]:
    query = f"""
        SELECT s.number, s.entry_id::text, s.digest, CASE WHEN e.id IS NULL THEN NULL ELSE {CANONICAL} END
          FROM audit_seal s LEFT JOIN audit_entry e ON e.jurisdiction = s.jurisdiction AND e.id = s.entry_id
         WHERE s.jurisdiction = %s ORDER BY s.number
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, [jurisdiction])
        yield from cursor


def _loose_end(jurisdiction: str, number: int, digest: str) -> Broken | None:
    """An entry that was slipped in without a seal, or a chain that was cut at its end."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT e.id::text FROM audit_entry e
             WHERE e.jurisdiction = %s AND NOT EXISTS (
                   SELECT FROM audit_seal s WHERE s.jurisdiction = e.jurisdiction AND s.entry_id = e.id)
             ORDER BY e.at, e.id LIMIT 1
            """,
            [jurisdiction],
        )
        if stray := cursor.fetchone():
            return Broken(jurisdiction, number + 1, stray[0], "记录没有封存，是绕过系统写入的")
        cursor.execute("SELECT number, digest FROM audit_head WHERE jurisdiction = %s", [jurisdiction])
        head = cursor.fetchone() or (0, START)
    if head != (number, digest):
        return Broken(jurisdiction, number + 1, "", "记录链的末端被截断")
    return None
