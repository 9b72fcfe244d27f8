"""Writes the DDL of business tables: composite keys, composite references, row-level security.

A business table is one with a JurisdictionField. Its primary key is (id, jurisdiction), its references to other business
tables carry the jurisdiction, and a policy shows the application only rows of the jurisdictions in `jiazhan.scope`.
Writing this in one place keeps hand-made SQL out of the migrations.
"""

from django.conf import settings
from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.backends.postgresql import schema

POLICY = "jurisdiction_scope"
SCOPED = "jurisdiction = ANY (string_to_array(current_setting('jiazhan.scope', true), ','))"


def is_business(model):
    """Whether the model's table belongs to a jurisdiction. Works on migration states, whose bases are gone."""
    return any(getattr(field, "is_jurisdiction", False) for field in model._meta.local_fields)


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    sql_enable_security = "ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY"
    sql_create_policy = "CREATE POLICY %(policy)s ON %(table)s USING (%(condition)s)"

    def __enter__(self):
        editor = super().__enter__()
        application = settings.DATABASES["default"]["USER"]
        if not self.collect_sql and application != self.connection.settings_dict["USER"]:
            role = self.quote_name(application)
            self.execute(
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}"
            )
            self.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}")
        return editor

    def create_model(self, model):
        super().create_model(model)
        if is_business(model):
            table = self.quote_name(model._meta.db_table)
            self.execute(self.sql_enable_security % {"table": table})
            self.execute(self.sql_create_policy % {"policy": POLICY, "table": table, "condition": SCOPED})

    def table_sql(self, model):
        sql, params = super().table_sql(model)
        if is_business(model):
            key = self._pk_constraint_sql(["id", "jurisdiction"])
            # The statement ends with the bracket of the column list: business tables have no table space of their own.
            sql = f"{sql.removesuffix(')')}, {key})"
        return sql, params

    def _iter_column_sql(self, column_db_type, params, model, field, field_db_params, include_default):
        for part in super()._iter_column_sql(column_db_type, params, model, field, field_db_params, include_default):
            if part == "PRIMARY KEY" and is_business(model):
                continue
            yield part

    def add_field(self, model, field):
        if not getattr(field, "carries_jurisdiction", False):
            return super().add_field(model, field)
        # The backend would write a one-column reference inline; ours needs both columns.
        self.sql_create_column_inline_fk, inline = None, self.sql_create_column_inline_fk
        try:
            return super().add_field(model, field)
        finally:
            self.sql_create_column_inline_fk = inline

    def _create_fk_sql(self, model, field, suffix):
        if not getattr(field, "carries_jurisdiction", False):
            return super()._create_fk_sql(model, field, suffix)
        own, other = model._meta.db_table, field.target_field.model._meta.db_table
        return Statement(
            self.sql_create_fk,
            table=Table(own, self.quote_name),
            name=self._fk_constraint_name(model, field, suffix),
            column=Columns(own, ["jurisdiction", field.column], self.quote_name),
            to_table=Table(other, self.quote_name),
            to_column=Columns(other, ["jurisdiction", field.target_field.column], self.quote_name),
            deferrable="",
        )
