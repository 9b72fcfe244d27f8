"""Rows of many tables, written with COPY as they are made."""

from datetime import datetime
from enum import Enum
from typing import Any

import psycopg
from django.db import models
from psycopg.types.json import Jsonb

from jiazhan.config.demo.names import COUNTY
from jiazhan.kernel.ids import id_at

TOGETHER = 2000


class Table:
    """Collects the rows of one model; what a row does not say is its field's default."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.concrete_fields
        self.name = model._meta.db_table
        columns = ", ".join(f'"{field.column}"' for field in fields)
        self.copy = f"COPY {self.name} ({columns}) FROM STDIN"
        self._positions = {field.attname: number for number, field in enumerate(fields)}
        self._usual = [None if field.primary_key else self._stored(field.get_default()) for field in fields]
        self._usual[self._positions["jurisdiction"]] = COUNTY
        self.rows: list[list[Any]] = []

    def add(self, made: datetime, /, **given: Any) -> Any:
        """A row made at a moment, which its id tells. Returns the id."""
        row = list(self._usual)
        for name, value in given.items():
            row[self._positions[name]] = self._stored(value)
        where = self._positions["id"]
        row[where] = row[where] or id_at(made)
        self.rows.append(row)
        return row[where]

    @staticmethod
    def _stored(value: Any) -> Any:
        if isinstance(value, Enum):
            return value.value
        return Jsonb(value) if isinstance(value, dict | list) else value


class Tables:
    """The tables by their models, emptied into the database whenever enough has gathered."""

    def __init__(self, database: psycopg.Connection) -> None:
        self.database = database
        self._tables: dict[type[models.Model], Table] = {}

    def __getitem__(self, model: type[models.Model]) -> Table:
        if model not in self._tables:
            self._tables[model] = Table(model)
        return self._tables[model]

    def flush(self, least: int = TOGETHER) -> None:
        for table in self._tables.values():
            if len(table.rows) >= least:
                with self.database.cursor().copy(table.copy) as copy:
                    for row in table.rows:
                        copy.write_row(row)
                table.rows.clear()
