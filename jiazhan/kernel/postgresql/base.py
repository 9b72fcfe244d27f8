"""The database wrapper that Django loads for `ENGINE = "jiazhan.kernel.postgresql"`."""

from django.db.backends.postgresql import base

from .schema import DatabaseSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
