"""The jurisdictions that this transaction may see: the one place where `jiazhan.scope` is set.

Row-level security reads it on every business table and fails closed: outside `within` nothing is visible or writable.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from .jurisdiction import is_code

_current: ContextVar[frozenset[str] | None] = ContextVar("jiazhan.scope", default=None)


class ScopeWidened(Exception):
    """An inner scope asked for more than the outer one holds."""

    code = "scope-widened"


def current() -> frozenset[str]:
    """The jurisdictions of the scope that is open; empty outside one."""
    return _current.get() or frozenset()


@contextmanager
def within(jurisdictions: Iterable[str]) -> Iterator[None]:
    """Open a transaction that sees the rows of these jurisdictions and no others.

    Raises ValueError for a text that is no area code, ScopeWidened where an outer scope holds less. Setting it is part of
    the transaction, so a pooled connection carries nothing to the next one, and an error takes it back with the rest.
    """
    wanted = frozenset(jurisdictions)
    if not all(is_code(code) for code in wanted):
        raise ValueError(f"not area codes: {sorted(wanted)}")
    outer = _current.get()
    if outer is not None and not wanted <= outer:
        raise ScopeWidened(sorted(wanted - outer))
    is_inner = connection.in_atomic_block
    with connection.beginning_with(_statement(wanted)), transaction.atomic():  # type: ignore[attr-defined]
        if is_inner:
            _set(wanted)
        token = _current.set(wanted)
        try:
            yield
        finally:
            _current.reset(token)
        if is_inner and outer != wanted and not connection.needs_rollback:
            # The transaction goes on without this scope; rolled back, the savepoint restores it by itself.
            _set(outer or frozenset())


def _set(jurisdictions: frozenset[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_statement(jurisdictions))


def _statement(jurisdictions: frozenset[str]) -> str:
    # A literal, because SET takes no parameters; every code was checked to be digits.
    return f"SET LOCAL jiazhan.scope = '{','.join(sorted(jurisdictions))}'"
