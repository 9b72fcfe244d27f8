"""Reads that are asked all the time: made by the ORM once in a process, planned by PostgreSQL once in a connection.

Making a statement with the ORM costs several times its execution, and so does planning it. For pages that many people open;
what differs from person to person in more than its values (`access.visible_to`) is made anew each time.
"""

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models.query import ValuesListIterable, get_related_populators

P = ParamSpec("P")
Row = TypeVar("Row")

# A value of each type that can stand for an argument while the statement is made: no row has it.
_STAND_INS: dict[Any, Callable[[int], Any]] = {
    str: lambda n: f"\x01{n}\x01",
    UUID: lambda n: UUID(int=2**127 + n),
    date: lambda n: date(1, 1, 1 + n),
    datetime: lambda n: datetime(1, 1, 1 + n, tzinfo=UTC),
}


class Prepared(Generic[P, Row]):
    """Called with the arguments of its builder, gives the rows of the builder's queryset as a list."""

    def __init__(self, build: Callable[P, models.QuerySet[Any, Row]]) -> None:
        update_wrapper(self, build)
        self._build = build
        self._made: _Made | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[Row]:
        if kwargs:
            raise TypeError("a prepared read takes its values by place")
        if self._made is None:
            self._made = _Made(self._build)
        return self._made.rows(args)


def prepared(build: Callable[P, models.QuerySet[Any, Row]]) -> Prepared[P, Row]:
    """For a function of values that gives a queryset: the same statement whatever the values. Parameters are annotated with
    str, UUID, date or datetime.

    Raises TypeError at the first call where a value does not go into the statement as it is, as in a LIKE or a slice.
    """
    return Prepared(build)


class _Made:
    """A statement, where its values come from, and how its rows become objects."""

    def __init__(self, build: Callable[..., models.QuerySet[Any, Any]]) -> None:
        kinds = [each.annotation for each in inspect.signature(build, eval_str=True).parameters.values()]
        stand_ins = [_STAND_INS[kind](place) for place, kind in enumerate(kinds)]
        queryset = build(*stand_ins)
        self._compiler = queryset.query.get_compiler(using=connection.alias)
        self._sql, given = self._compiler.as_sql()
        self._values = [_source(value, stand_ins) for value in given]
        if {place for place, _value in self._values if place is not None} != set(range(len(kinds))):
            raise TypeError(f"{build.__qualname__}: a value does not go into the statement as it is")
        self._is_tuples = queryset._iterable_class is ValuesListIterable  # type: ignore[attr-defined]
        self._converters = self._compiler.get_converters([each[0] for each in self._compiler.select])
        if not self._is_tuples:
            self._prepare_objects()

    def _prepare_objects(self) -> None:
        # As django.db.models.query.ModelIterable does for each queryset.
        klass, select = self._compiler.klass_info, self._compiler.select
        fields = klass["select_fields"]
        self._model, self._slice = klass["model"], slice(fields[0], fields[-1] + 1)
        self._names = [each[0].target.attname for each in select[self._slice]]
        self._related = get_related_populators(klass, select, connection.alias)  # type: ignore[call-arg]
        self._annotations = self._compiler.annotation_col_map or {}

    def rows(self, args: tuple[Any, ...]) -> list[Any]:
        values = [value if place is None else args[place] for place, value in self._values]
        with connection.prepared() as cursor:  # type: ignore[attr-defined]
            cursor.execute(self._sql, values)
            found = cursor.fetchall()
        if self._converters:
            found = list(map(tuple, self._compiler.apply_converters(found, self._converters)))
        return found if self._is_tuples else [self._object(row) for row in found]

    def _object(self, row: tuple[Any, ...]) -> Any:
        made = self._model.from_db(connection.alias, self._names, row[self._slice])
        for populator in self._related:
            populator.populate(row, made)
        for name, place in self._annotations.items():
            setattr(made, name, row[place])
        return made


def _source(value: Any, stand_ins: list[Any]) -> tuple[int | None, Any]:
    """The place of the argument that a value of the statement stands for, or the value where it is always the same."""
    for place, stand_in in enumerate(stand_ins):
        if type(value) is type(stand_in) and value == stand_in:
            return place, None
    if isinstance(value, str) and "\x01" in value:
        raise TypeError("a value does not go into the statement as it is")
    return None, value
