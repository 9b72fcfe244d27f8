"""Ids of business rows: UUIDv7, made in Python, so that they sort by time and need no sequence."""

from datetime import datetime
from uuid import UUID

import uuid_utils
from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A new UUIDv7 (RFC 9562). Ids made later in one process sort later."""
    return uuid7()


def id_at(moment: datetime) -> UUID:
    """A UUIDv7 of a moment in the past: what is taken in from former years stands in lists where it belongs."""
    return UUID(bytes=uuid_utils.uuid7(nanoseconds=int(moment.timestamp() * 1000) * 1_000_000).bytes)
