"""Multiplies the demo's matters: each copy is a row like its template, elsewhere, at another time, with other words.

Everything is SQL made from the models, so a new column or table comes along by itself. Runs as the database's superuser
with foreign keys and triggers off: every reference is made the same way on both of its ends, `opinion` included.
"""

from typing import Any

from django.apps import apps
from django.db import models

from jiazhan.config.demo.names import COUNTY

BUSINESS = ("documents", "notifications", "audit", "opinions")
# What a matter of a county without a desk of its own has besides itself, for those of the last year.
LIGHT = {"opinions.Assignment", "opinions.Reply", "opinions.TransferLetter", "opinions.Publication"}
PLACES = {"street", "community", "area", "code", "url"}
# Read by people, and told apart by their last digits; the other unique texts are keys.
NUMBERS = {"number", "office_number"}


def business() -> list[type[models.Model]]:
    """The tables that hang on a matter; the chain is made afterwards."""
    found = [model for label in BUSINESS for model in apps.get_app_config(label).get_models()]
    return [model for model in found if _path(model) and _label(model) != "opinions.Opinion"]


def opinions_table() -> str:
    return str(apps.get_model("opinions", "Opinion")._meta.db_table)


def opinions() -> str:
    model = apps.get_model("opinions", "Opinion")
    instead = {
        "title": "t.title",
        "body": "t.body",
        "terms": "t.terms",
        "marks": None,
        "number": _number(model, "number"),
    }
    names, values = _columns(model, instead)
    return (
        f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM bench_copy c "
        f"JOIN {model._meta.db_table} o ON o.jurisdiction = '{COUNTY}' AND o.id = c.template "
        "JOIN bench_text t ON t.n = c.text WHERE c.county = %(county)s"
    )


def dependents(model: type[models.Model]) -> str:
    """Copy one table's rows along with their matters."""
    names, values = _columns(model, {})
    which = "" if _label(model) in LIGHT else f"AND c.county = '{COUNTY}'"
    return (
        f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} FROM bench_copy c "
        f"JOIN {model._meta.db_table} o ON o.jurisdiction = '{COUNTY}' AND {_path(model)} = c.template "
        f"WHERE c.has_more {which}"
    )


def reference(name: str, app: str, county: str) -> str:
    """A county's own rows of a reference table, after the demo county's."""
    model = apps.get_model(app, name)
    names, values = [], []
    for field in model._meta.concrete_fields:
        column = f'o."{field.column}"'
        names.append(f'"{field.column}"')
        if isinstance(field, models.UUIDField) or (field.is_relation and field.related_model in _own()):
            values.append(f"md5({column}::text || '{county}')::uuid")
        elif isinstance(field, models.CharField) or field.is_relation:
            values.append(f"replace({column}, '{COUNTY}', '{county}')")
        else:
            values.append(column)
    where = "o.code LIKE" if name == "Region" else "o.jurisdiction LIKE"
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) SELECT {', '.join(values)} "
        f"FROM {model._meta.db_table} o WHERE {where} '{COUNTY}%'"
    )


def _own() -> set[Any]:
    """Reference tables of which each county has its own rows."""
    return {apps.get_model("places", "Station"), apps.get_model("people", "Unit")}


def _columns(model: type[models.Model], instead: dict[str, str | None]) -> tuple[str, str]:
    unique = _unique(model)
    names, values = [], []
    for field in model._meta.concrete_fields:
        made = instead[field.name] if field.name in instead else _value(field, unique, model)
        if made is not None:
            names.append(f'"{field.column}"')
            values.append(made)
    return ", ".join(names), ", ".join(values)


def _value(field: Any, unique: set[str], model: type[models.Model]) -> str:
    column = f'o."{field.column}"'
    salted = f"md5({column}::text || c.salt)"
    if field.name == "jurisdiction":
        return "c.county"
    if field.primary_key or getattr(field, "carries_jurisdiction", False):
        return f"{salted}::uuid"
    if field.is_relation and field.related_model in _own():
        return f"CASE c.county WHEN '{COUNTY}' THEN {column} ELSE md5({column}::text || c.county)::uuid END"
    if field.name == "subject_id":
        return f"{salted}::uuid::text"
    if isinstance(field, models.DateTimeField):
        return f"{column} - c.days * interval '1 day'"
    if isinstance(field, models.DateField):
        return f"{column} - c.days"
    if field.name in NUMBERS and field.name in unique:
        return _number(model, field.name)
    if field.name in unique and isinstance(field, models.CharField):
        return f"CASE {column} WHEN '' THEN '' ELSE left({salted}, {field.max_length}) END"
    if field.name in PLACES and isinstance(field, models.CharField):
        return f"replace({column}, '{COUNTY}', c.county)"
    return column


def _number(model: type[models.Model], name: str) -> str:
    column = f'o."{name}"'
    return f"CASE {column} WHEN '' THEN '' ELSE {column} || lpad(c.copy::text, 3, '0') END"


def _unique(model: type[models.Model]) -> set[str]:
    constraints = [each for each in model._meta.constraints if isinstance(each, models.UniqueConstraint)]
    return {name for each in constraints for name in each.fields} - {"jurisdiction", "source", "recipient", "kind"}


def _path(model: type[models.Model]) -> str:
    """How a row says which matter it belongs to; empty for a table that hangs on none."""
    names = {field.name for field in model._meta.concrete_fields}
    if _label(model) == "opinions.Opinion":
        return "o.id"
    if "opinion" in names:
        return "o.opinion_id"
    # A label of another kind of subject gives an id that is no template's.
    return "o.subject_id::uuid" if {"subject_id", "jurisdiction"} <= names else ""


def _label(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}.{model.__name__}"
