"""The database wrapper that Django loads for `ENGINE = "jiazhan.kernel.postgresql"`: fewer round trips, prepared statements."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db.backends.postgresql import base, operations

from .schema import DatabaseSchemaEditor


class _PreparedCursor(base.CursorMixin, psycopg.Cursor[Any]):
    """Has PostgreSQL keep each statement's plan, which otherwise costs more than running it."""

    def execute(self, query: Any, params: Any = None) -> Any:  # type: ignore[override]
        return super().execute(query, params, prepare=True)


class _Operations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """What was asked, for logs: a prepared cursor does not know it with its values."""
        return super().last_executed_query(cursor, sql, params) or self.compose_sql(sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = _Operations

    # What the next transaction begins with.
    _opening = ""

    @contextmanager
    def beginning_with(self, statement: str) -> Iterator[None]:
        """Send the statement along with the BEGIN of the transaction opened inside, in one round trip. For none other: where a
        transaction is open already, or none could be opened, it is forgotten."""
        self._opening = statement
        try:
            yield
        finally:
            self._opening = ""

    def prepared(self) -> Any:
        """A cursor for statements that are asked all the time, with values bound by the server."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(_PreparedCursor(self.connection))

    def create_cursor(self, name: str | None = None) -> Any:
        if name is None:
            return super().create_cursor()
        # Django holds a named cursor beyond the transaction where psycopg knows of none: ours are opened by a statement.
        return base.ServerSideCursor(self.connection, name=name, scrollable=False, withhold=self.autocommit)

    def is_usable(self) -> bool:
        """Whether the connection still works. The server is asked only where its socket has something to say, as one has
        that was shut down; Django would ask before every request."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if waiting.poll(0) else True

    def _start_transaction_under_autocommit(self) -> None:
        # Django calls it where a backend begins by a statement; psycopg would send BEGIN by itself, alone.
        opening, self._opening = self._opening, ""
        with self.cursor() as cursor:
            cursor.execute(f"BEGIN; {opening}" if opening else "BEGIN")
