"""Pages of a list that keep their place: the next one starts after the last row shown, however many came in since."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from ..models import Opinion

PAGE = 50


@dataclass(frozen=True)
class Page:
    """Rows and the cursor of the next page; an empty cursor where this is the last."""

    rows: Sequence[Opinion]
    next_cursor: str = ""

    def __len__(self) -> int:
        return len(self.rows)


def cursor_of(when: datetime | date, row: UUID) -> str:
    """An opaque mark of a place in a list, fit for an address."""
    stamp = when.timestamp() if isinstance(when, datetime) else when.toordinal()
    return base64.urlsafe_b64encode(f"{stamp:.6f}:{row.hex}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[float, UUID] | None:
    """The place that a cursor marks; None for none, or for one that somebody has tampered with: the list starts anew."""
    try:
        stamp, row = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(":")
        return float(stamp), UUID(row)
    except ValueError:
        return None


def moment_of(stamp: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(stamp, tz=timezone.get_current_timezone())
    except (OverflowError, OSError, ValueError):
        return None


def day_of(stamp: float) -> date | None:
    try:
        return date.fromordinal(int(stamp))
    except (OverflowError, ValueError):
        return None
