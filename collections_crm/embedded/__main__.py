"""Embedded servers from a shell: start, stop, status, reset, urls; and roles for any PostgreSQL."""

from __future__ import annotations

import argparse
import os
import sys

import psycopg

from collections_crm import embedded
from collections_crm.embedded import places, roles


def main() -> int:
    """Do what the command line asks; the exit code is 0 when it is done."""
    parser = argparse.ArgumentParser(prog="python -m collections_crm.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, help_text in (
        ("start", "start what does not run yet"),
        ("stop", "stop both servers"),
        ("status", "say what runs; exit code 3 when not both do"),
        ("reset", "stop both and remove their data"),
        ("urls", "print the addresses as environment variables"),
    ):
        command = commands.add_parser(name, help=help_text)
        command.add_argument("--kind", choices=[*embedded.Kind], default=embedded.current_kind())
    commands.add_parser(
        "roles",
        help="create or correct roles and database on the server of SUPERUSER_DATABASE_URL; passwords come from "
        "CRM_OWNER_PASSWORD, CRM_APP_PASSWORD, CRM_PLATFORM_PASSWORD and CRM_BACKUP_PASSWORD",
    )
    asked = parser.parse_args()
    try:
        return _roles() if asked.command == "roles" else _servers(asked.command, embedded.Kind(asked.kind))
    except places.EmbeddedFailed as failed:
        print(failed, file=sys.stderr)
        return 1


def _servers(command: str, kind: embedded.Kind) -> int:
    if command == "start":
        servers = embedded.ensure(kind)
        for note in servers.notes:
            print(note)
        print(f"PostgreSQL answers on port {servers.postgres_port}, Valkey on port {servers.valkey_port} ({kind}).")
        return 0
    if command == "stop":
        print("Stopped." if embedded.stop(kind) else "Nothing ran.")
        return 0
    if command == "reset":
        embedded.reset(kind)
        print("Stopped, and the data is removed.")
        return 0
    if command == "urls":
        print(f"DATABASE_URL={embedded.database_url('crm_app', kind)}")
        print(f"DATABASE_OWNER_URL={embedded.database_url('crm_owner', kind)}")
        print(f"DATABASE_PLATFORM_URL={embedded.database_url('crm_platform', kind)}")
        print(f"REDIS_URL={embedded.redis_url(kind)}")
        return 0
    state = embedded.status(kind)
    print(f"PostgreSQL: {_process(state.postgres_pid)}. Valkey: {_process(state.valkey_pid)}.")
    return 0 if state.running else 3


def _process(pid: int | None) -> str:
    return "does not run" if pid is None else f"runs as process {pid}"


def _roles() -> int:
    passwords = {
        role: value for role in roles.ROLE_NAMES if (value := os.environ.get(f"{role.upper()}_PASSWORD", "").strip())
    }
    url = os.environ.get("SUPERUSER_DATABASE_URL", "")
    if not url:
        print("Give the address of the server, as a superuser, in SUPERUSER_DATABASE_URL.", file=sys.stderr)
        return 1
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.transaction():
            roles.create_roles(connection, passwords=passwords)
        roles.create_database(connection)
    with psycopg.connect(url, dbname=roles.DATABASE_NAME, autocommit=True) as connection:
        roles.grant_tables(connection)
    print(f"Roles {', '.join(roles.ROLE_NAMES)} and database {roles.DATABASE_NAME} are in order.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
