"""Reads about places, for pages and other apps."""

import time

from .models import Station

FRESH_SECONDS = 30
_served: tuple[float, tuple[str, ...]] | None = None


def jurisdictions_served() -> tuple[str, ...]:
    """The counties that this instance serves: those with a station. At most 30 seconds old in this process."""
    global _served
    if _served is None or time.monotonic() - _served[0] > FRESH_SECONDS:
        codes = Station.objects.order_by("jurisdiction").values_list("jurisdiction", flat=True).distinct()
        _served = (time.monotonic(), tuple(codes))
    return _served[1]


def forget_jurisdictions() -> None:
    """Look again at the next question; called when a first station opens somewhere."""
    global _served
    _served = None
