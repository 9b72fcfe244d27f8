"""Every business table carries its jurisdiction the way scale.md asks, and the database enforces the scope."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections

from jiazhan.kernel.jurisdiction import JurisdictionForeignKey, JurisdictionModel

# The same everywhere, or local to the instance; a table that is neither here nor a business table fails below.
REFERENCE_APPS = {
    "auth", "contenttypes", "sessions", "account", "mfa", "usersessions", "procrastinate", "places", "people", "migrations",
}  # fmt: skip
REFERENCE_TABLES = {
    "kernel_holiday", "kernel_calendaryear", "kernel_parameter", "opinions_category", "django_migrations",
    "django_content_type", "django_session",
}  # fmt: skip

BUSINESS = [model for model in apps.get_models() if issubclass(model, JurisdictionModel)]
CONSTRAINTS = [(model, each) for model in BUSINESS for each in model._meta.constraints]


@pytest.fixture
def rows(db):
    def ask(query, *params):
        with connections["owner"].cursor() as cursor:
            cursor.execute(query, params)
            return cursor.fetchall()

    return ask


def _name(case):
    return case._meta.label if isinstance(case, type) else getattr(case, "name", None)


def test_there_are_business_tables():
    assert len(BUSINESS) > 15


def test_every_table_is_a_business_table_with_a_policy_or_a_known_reference_table(rows):
    secured = {
        name
        for (name,) in rows(
            """SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
                WHERE c.relrowsecurity AND p.polname = 'jurisdiction_scope'"""
        )
    }
    tables = {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    reference = {name for name in tables if name.split("_")[0] in REFERENCE_APPS} | REFERENCE_TABLES
    business = {model._meta.db_table for model in BUSINESS}
    assert business <= secured
    assert tables - secured <= reference, "a new table needs a jurisdiction, or a reason to be a reference table"


def test_the_application_is_neither_owner_nor_above_the_policies(rows):
    application = settings.DATABASES["default"]["USER"]
    assert rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", application) == [(False, False)]
    assert rows("SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tableowner = %s", application) == []


@pytest.mark.parametrize("model", BUSINESS, ids=_name)
def test_the_jurisdiction_is_the_first_column_and_in_the_key(rows, model):
    table = model._meta.db_table
    first = rows(
        """SELECT column_name, is_nullable FROM information_schema.columns
            WHERE table_name = %s ORDER BY ordinal_position LIMIT 1""",
        table,
    )
    key = rows(
        """SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'p' AND conrelid = %s::regclass""", table
    )
    assert first == [("jurisdiction", "NO")]
    assert key == [("PRIMARY KEY (id, jurisdiction)",)]


@pytest.mark.parametrize("model", BUSINESS, ids=_name)
def test_references_between_business_tables_carry_the_jurisdiction(rows, model):
    definitions = {
        definition
        for (definition,) in rows(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
            model._meta.db_table,
        )
    }
    for field in model._meta.local_fields:
        if field.is_relation and issubclass(field.related_model, JurisdictionModel):
            assert isinstance(field, JurisdictionForeignKey), f"{field} must be a JurisdictionForeignKey"
            target = field.related_model._meta.db_table
            wanted = f"FOREIGN KEY (jurisdiction, {field.column}) REFERENCES {target}(jurisdiction, id)"
            assert wanted in definitions, "composite, and not deferrable"


@pytest.mark.parametrize(("model", "constraint"), CONSTRAINTS, ids=_name)
def test_a_unique_constraint_contains_the_jurisdiction(model, constraint):
    fields = getattr(constraint, "fields", None)
    if fields is not None:
        assert "jurisdiction" in fields


@pytest.mark.parametrize("model", BUSINESS, ids=_name)
def test_a_business_model_has_no_implicit_join_table_and_no_single_unique_column(model):
    assert not model._meta.local_many_to_many
    assert not [field.name for field in model._meta.local_fields if field.unique and field.name != "id"]


def test_reference_tables_never_point_to_business_tables():
    others = [model for model in apps.get_models() if model not in BUSINESS]
    assert not [
        f"{model._meta.label}.{field.name}"
        for model in others
        for field in model._meta.local_fields
        if field.is_relation and issubclass(field.related_model, JurisdictionModel)
    ]
