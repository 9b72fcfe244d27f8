"""Parameters that differ from place to place: declared in code with the handbook's default, overridden by area."""

from dataclasses import dataclass
from typing import Any

from .models import Parameter


@dataclass(frozen=True)
class Declared:
    """A parameter that the code reads: its default, its words for the settings page, its unit and its source."""

    name: str
    default: Any
    label: Any
    unit: Any
    source: str


_declared: dict[str, Declared] = {}


def declare(name: str, default: Any, *, label: Any, unit: Any = "", source: str = "") -> str:
    """Make a parameter known; returns its name. Raises ValueError when declared twice with different defaults."""
    fresh = Declared(name, default, label, unit, source)
    if name in _declared and _declared[name].default != default:
        raise ValueError(f"{name} is declared twice")
    _declared[name] = fresh
    return name


def declared() -> list[Declared]:
    return sorted(_declared.values(), key=lambda each: each.name)


def get(name: str, area: str) -> Any:
    """The value in force for an area: its own, else that of the nearest area above it, else the default.

    Raises KeyError for a parameter that nobody declared.
    """
    default = _declared[name].default
    prefixes = [area[:length] for length in (0, 2, 4, 6, 9)]
    local = Parameter.objects.filter(name=name, area__in=prefixes).values_list("area", "value")
    return max(local, key=lambda row: len(row[0]), default=("", default))[1]
