"""Reading the rows of a list: what a row shows and no more, with the names of reference tables from memory."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from jiazhan.kernel.keeping import for_a_minute
from jiazhan.people.models import Unit
from jiazhan.places.models import Station

from ..models import Category, Opinion

SHOWN = (
    "jurisdiction", "id", "number", "title", "street", "community", "station_id", "category_id", "unit_id", "deputy__name",
    "handler__name", "state", "track", "visibility", "urgency", "round", "supporters_count", "due_for", "due_on",
    "is_due_estimated", "raised_at",
)  # fmt: skip


def listed(rows: QuerySet[Opinion]) -> list[Opinion]:
    """The rows with station, category and unit: two joins instead of five, which PostgreSQL plans anew for every page.

    Rows that a list shows are for showing: station, category and unit are shared with other lists.
    """
    found = list(rows.select_related("deputy", "handler").only(*SHOWN))
    codes = {each.jurisdiction for each in found}
    _attach(found, "station", codes, _stations, Station)
    _attach(found, "unit", codes, _units, Unit)
    categories = _categories()
    for each in found:
        if each.category_id in categories:
            each.category = categories[each.category_id]
    return found


def _attach(
    found: Iterable[Opinion], name: str, codes: Iterable[str], kept: Callable[[str], dict[UUID, Any]], model: Any
) -> None:
    known: dict[UUID, Any] = {}
    for code in codes:
        known |= kept(code)
    # Opened within the minute, or of another county.
    if others := {row for each in found if (row := getattr(each, f"{name}_id"))} - known.keys():
        known |= model.objects.in_bulk(others)
    for each in found:
        setattr(each, name, known.get(getattr(each, f"{name}_id")))


@for_a_minute
def _stations(jurisdiction: str) -> dict[UUID, Station]:
    return Station.objects.filter(jurisdiction=jurisdiction).in_bulk()


@for_a_minute
def _units(jurisdiction: str) -> dict[UUID, Unit]:
    return Unit.objects.filter(jurisdiction=jurisdiction).in_bulk()


@for_a_minute
def _categories() -> dict[str, Category]:
    return Category.objects.in_bulk()
