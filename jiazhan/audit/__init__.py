"""The record of acts. `audit.record(…)` appends; nothing edits."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .services import SYSTEM, Acting, Actor, Subject, record

__all__ = ["SYSTEM", "Acting", "Actor", "Subject", "record"]


def __getattr__(name: str) -> Any:
    # Loaded late: Django imports this package before models may be.
    if name in __all__:
        from . import services

        return getattr(services, name)
    raise AttributeError(name)
