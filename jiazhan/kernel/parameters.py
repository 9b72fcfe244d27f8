"""Parameters that differ from place to place: declared in code with the handbook's default, overridden by area."""

import time
from dataclasses import dataclass
from typing import Any

from .models import Parameter

FRESH_SECONDS = 60


@dataclass(frozen=True)
class Declared:
    """A parameter that the code reads: its default, its words for the settings page, its unit and its source."""

    name: str
    default: Any
    label: Any
    unit: Any
    source: str
    # What a written value must look like, where it is a text.
    pattern: str = ""


_declared: dict[str, Declared] = {}
_local: tuple[float, dict[tuple[str, str], Any]] | None = None


def declare(name: str, default: Any, *, label: Any, unit: Any = "", source: str = "", pattern: str = "") -> str:
    """Make a parameter known; returns its name. Declared again it stays as it was; with another default: ValueError."""
    known = _declared.setdefault(name, Declared(name, default, label, unit, source, pattern))
    if known.default != default:
        raise ValueError(f"{name} is declared twice")
    return name


def declared() -> list[Declared]:
    return sorted(_declared.values(), key=lambda each: each.name)


def get(name: str, area: str) -> Any:
    """The value in force for an area: its own, else that of the nearest area above it, else the default.

    A change made in another process is seen within 60 seconds. Raises KeyError for a parameter that nobody declared.
    """
    default = _declared[name].default
    local = _read()
    for length in (9, 6, 4, 2, 0):
        if len(area) >= length and (name, area[:length]) in local:
            return local[name, area[:length]]
    return default


def forget() -> None:
    """Read the table again at the next question; called by whoever changes it."""
    global _local
    _local = None


def _read() -> dict[tuple[str, str], Any]:
    global _local
    if _local is None or time.monotonic() - _local[0] > FRESH_SECONDS:
        rows = Parameter.objects.values_list("name", "area", "value")
        _local = (time.monotonic(), {(name, area): value for name, area, value in rows})
    return _local[1]
