"""What the database itself says about its tables, read from PostgreSQL's catalog."""

from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models

from agencies.owned import AgencyOwned


def rows(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def owned_models() -> list[type[AgencyOwned]]:
    """Every model whose rows belong to one agency, recognised by its field, not by its base."""
    return [model for model in apps.get_models() if "agency" in {field.name for field in model._meta.fields}]


def owned_tables() -> list[str]:
    """Every table of the database with a column agency_id."""
    return [
        name
        for (name,) in rows(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND a.attname = 'agency_id' AND NOT a.attisdropped ORDER BY 1"
        )
    ]


def all_tables() -> list[str]:
    return [name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]


@dataclass(frozen=True)
class Index:
    table: str
    name: str
    unique: bool
    primary: bool
    columns: tuple[str, ...]


def indexes() -> list[Index]:
    found = rows(
        "SELECT t.relname, i.relname, x.indisunique, x.indisprimary,"
        " array(SELECT coalesce(a.attname, '(expression)') FROM unnest(x.indkey::smallint[]) WITH ORDINALITY k(n, o)"
        "  LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.n AND k.n > 0 ORDER BY k.o)"
        " FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid"
        " WHERE t.relnamespace = 'public'::regnamespace ORDER BY 1, 2"
    )
    return [Index(table, name, unique, primary, tuple(columns)) for table, name, unique, primary, columns in found]


@dataclass(frozen=True)
class ForeignKey:
    table: str
    name: str
    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]


def foreign_keys() -> list[ForeignKey]:
    columns = (
        "array(SELECT a.attname FROM unnest(k.{0}) WITH ORDINALITY n(num, o)"
        " JOIN pg_attribute a ON a.attrelid = k.{1} AND a.attnum = n.num ORDER BY n.o)"
    )
    found = rows(
        "SELECT t.relname, k.conname, " + columns.format("conkey", "conrelid") + ", f.relname, "
        + columns.format("confkey", "confrelid")
        + " FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid"
        " WHERE k.contype = 'f' AND t.relnamespace = 'public'::regnamespace AND k.conparentid = 0 ORDER BY 1, 2"
    )  # fmt: skip
    return [ForeignKey(table, name, tuple(own), to, tuple(other)) for table, name, own, to, other in found]


@dataclass(frozen=True)
class Policy:
    name: str
    roles: frozenset[str]
    command: str
    using: str
    check: str | None


def policies(table: str) -> dict[str, Policy]:
    found = rows(
        "SELECT policyname, roles::text[], cmd, qual, with_check FROM pg_policies"
        " WHERE schemaname = 'public' AND tablename = %s AND permissive = 'PERMISSIVE'",
        table,
    )
    return {name: Policy(name, frozenset(roles), cmd, using, check) for name, roles, cmd, using, check in found}


def pointers(model: type[AgencyOwned]) -> list[models.ForeignKey]:
    """Fields of `model` that point to a table whose rows belong to an agency."""
    owned = set(owned_models())
    return [
        field for field in model._meta.fields
        if isinstance(field, models.ForeignKey) and field.related_model in owned
    ]  # fmt: skip
