"""The tenancy walls as database constraints, so that `makemigrations` writes them and `migrate` builds them.

`walls(table, field="other_table", …)` gives what every agency-owned table has: forced row-level security, the unique
pair (agency_id, id), and a composite foreign key for each pointer to another agency-owned table.
"""

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_CURRENT = "(SELECT NULLIF(current_setting('app.agency_id', true), '')::bigint)"


class AgencyRowSecurity(models.BaseConstraint):
    """Forced row-level security: rows of the agency in scope, and no others.

    `readable_before_scope` is for the few tables that tell which agency a person belongs to: they can be read while
    no agency is in scope, and only the agency's own rows once one is.
    """

    def __init__(self, *, name: str, readable_before_scope: bool = False) -> None:
        super().__init__(name=name)
        self.readable_before_scope = readable_before_scope

    def _statements(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
        table = schema_editor.quote_name(model._meta.db_table)
        column = schema_editor.quote_name("agency_id")
        own = f"{column} = {_CURRENT}"
        seen = f"({own} OR {_CURRENT} IS NULL)" if self.readable_before_scope else own
        policies = [f"CREATE POLICY {self.name} ON {table} TO crm_app, crm_owner USING ({own}) WITH CHECK ({own})"]
        if self.readable_before_scope:
            policies.append(
                f"CREATE POLICY {self.name}_early ON {table} FOR SELECT TO crm_app, crm_owner USING ({seen})"
            )
        return [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            *policies,
            f"CREATE POLICY {self.name}_platform ON {table} TO crm_platform USING (true) WITH CHECK (true)",
        ]

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Nothing goes inside CREATE TABLE; the policies follow it."""
        schema_editor.deferred_sql.extend(self._statements(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        return "; ".join(self._statements(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        table = schema_editor.quote_name(model._meta.db_table)
        names = [self.name, f"{self.name}_early", f"{self.name}_platform"]
        drops = [f"DROP POLICY IF EXISTS {name} ON {table}" for name in names]
        return "; ".join(
            [
                *drops,
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            ]
        )

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database alone decides."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        if self.readable_before_scope:
            kwargs["readable_before_scope"] = True
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AgencyRowSecurity) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]


class CompositeForeignKey(models.BaseConstraint):
    """FOREIGN KEY (agency_id, <field>) REFERENCES to (agency_id, id): a pointer cannot leave its agency."""

    def __init__(self, *, name: str, field: str, to: str) -> None:
        super().__init__(name=name)
        self.field = field
        self.to = to

    def _clause(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        quote = schema_editor.quote_name
        columns = f"{quote('agency_id')}, {quote(f'{self.field}_id')}"
        return f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({columns}) REFERENCES {quote(self.to)} (agency_id, id)"

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Nothing goes inside CREATE TABLE: the key it points to may be made later in the same migration."""
        self.create_sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """The key is made when the migration ends; what is run at once is a comment, as Django wants a statement."""
        table = schema_editor.quote_name(model._meta.db_table)
        schema_editor.deferred_sql.append(f"ALTER TABLE {table} ADD {self._clause(model, schema_editor)}")
        return f"-- {self.name} follows"

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database alone decides."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field, "to": self.to}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CompositeForeignKey) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]


def walls(table: str, *, readable_before_scope: bool = False, **pointers: str) -> list[models.BaseConstraint]:
    """Constraints every agency-owned table has. `pointers`: foreign key field name -> table it points to."""
    return [
        models.UniqueConstraint(fields=["agency", "id"], name=f"{table}_agency_id_key"),
        AgencyRowSecurity(name=f"{table}_rls", readable_before_scope=readable_before_scope),
        *(CompositeForeignKey(name=f"{table}_{field}_wall", field=field, to=to) for field, to in pointers.items()),
    ]
