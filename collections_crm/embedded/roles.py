"""The database roles and what each may do. Used for the embedded servers, in the container set-up and by operators.

Everything here may be run again at any time. It needs a superuser, because `crm_backup` reads past row-level security.
Passwords are optional: without one a role keeps the password it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, LiteralString

from psycopg import Connection
from psycopg.sql import SQL, Identifier, Literal

DATABASE_NAME: Final = "crm"
OWNER: Final = "crm_owner"


@dataclass(frozen=True)
class Role:
    """One role: what it is allowed, and the settings of each of its connections."""

    name: str
    attributes: LiteralString
    settings: Mapping[str, str] = field(default_factory=dict)


ROLES: Final = (
    Role("crm_owner", "LOGIN INHERIT NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION"),
    Role(
        "crm_app",
        "LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION",
        {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"},
    ),
    Role(
        "crm_platform",
        "LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION",
        {"statement_timeout": "5min", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"},
    ),
    Role(
        "crm_backup",
        "LOGIN INHERIT NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION",
        {"default_transaction_read_only": "on"},
    ),
)
ROLE_NAMES: Final = tuple(role.name for role in ROLES)
WRITERS: Final = ("crm_app", "crm_platform")


def create_roles(
    connection: Connection[Any], *, for_tests: bool = False, passwords: Mapping[str, str] | None = None
) -> None:
    """Create or correct the four roles. `connection` is a superuser's.

    With `for_tests`, `crm_owner` may create databases and may `SET ROLE` to the other writers, which is how a test
    migrates as the owner and then acts as the application.
    """
    passwords = passwords or {}
    for role in ROLES:
        name = Identifier(role.name)
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role.name]).fetchone()
        if known is None:
            connection.execute(SQL("CREATE ROLE {}").format(name))
        connection.execute(SQL("ALTER ROLE {} WITH {}").format(name, SQL(role.attributes)))
        if role.name in passwords:
            connection.execute(SQL("ALTER ROLE {} PASSWORD {}").format(name, Literal(passwords[role.name])))
        for setting, value in role.settings.items():
            connection.execute(SQL("ALTER ROLE {} SET {} = {}").format(name, Identifier(setting), Literal(value)))
    connection.execute("GRANT pg_read_all_data TO crm_backup")
    if for_tests:
        connection.execute("ALTER ROLE crm_owner CREATEDB")
        connection.execute("GRANT crm_app, crm_platform TO crm_owner WITH SET TRUE, INHERIT FALSE")
    else:
        connection.execute("ALTER ROLE crm_owner NOCREATEDB")
        connection.execute("REVOKE crm_app, crm_platform FROM crm_owner")


def grant_tables(connection: Connection[Any]) -> None:
    """In the database of `connection`: what `crm_owner` creates from now on, the writers may read and change.

    Only future tables: what a migration later takes away from a writer (changing history, say) stays taken away.
    """
    for writer in WRITERS:
        name = Identifier(writer)
        connection.execute(SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))
        for rights in (
            SQL("SELECT, INSERT, UPDATE, DELETE ON TABLES"),
            SQL("USAGE, SELECT ON SEQUENCES"),
        ):
            connection.execute(
                SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} TO {}").format(
                    Identifier(OWNER), rights, name
                )
            )


def create_database(connection: Connection[Any], *, name: str = DATABASE_NAME) -> None:
    """Create the database of the product, owned by `crm_owner`, closed to everyone but the four roles.

    `connection` is a superuser's, outside a transaction. Text is UTF-8 and sorts by code point on every machine (the
    builtin C.UTF-8 locale), so an index made on one host is right on another; lists for people sort in the program.
    """
    database = Identifier(name)
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if known is None:
        connection.execute(
            SQL(
                "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'"
                " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
            ).format(database, Identifier(OWNER))
        )
    connection.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    for role in ROLE_NAMES:
        connection.execute(SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, Identifier(role)))
    for role in WRITERS:
        connection.execute(SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, Identifier(role)))
