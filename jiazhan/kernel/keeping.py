"""Reference data kept in the process for at most a minute: every page reads it, and offices change it seldom.

Never for what decides who may see or do something: that is read with every request.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

FRESH_SECONDS = 60
MOST_KEPT = 1000
Read = TypeVar("Read", bound=Callable[..., Any])
_all: list[dict[Any, tuple[float, Any]]] = []


def for_a_minute(read: Read) -> Read:
    """Keep what `read` gives, by its arguments. The value is shared by all who ask: nobody changes it."""
    return for_seconds(None)(read)


def for_seconds(seconds: float | None) -> Callable[[Read], Read]:
    """As `for_a_minute`, for so many seconds; None for the minute."""

    def decorate(read: Read) -> Read:
        kept: dict[Any, tuple[float, Any]] = {}
        _all.append(kept)

        @wraps(read)
        def keeping(*arguments: Any) -> Any:
            found, most = kept.get(arguments), FRESH_SECONDS if seconds is None else seconds
            if found is None or time.monotonic() - found[0] > most:
                if len(kept) >= MOST_KEPT:
                    kept.clear()
                found = kept[arguments] = (time.monotonic(), read(*arguments))
            return found[1]

        return keeping  # type: ignore[return-value]

    return decorate


def forget_all() -> None:
    """Read everything anew at the next question."""
    for kept in _all:
        kept.clear()
