"""Scratch databases in the embedded test cluster: migrated once as the owner, then copied for each bench."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from collections_crm import embedded
from collections_crm.embedded import Kind, place_of, postgres, roles

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "bench_template_"


def superuser(database: str) -> psycopg.Connection[Any]:
    """A connection as the superuser, who is past row security: for taking limits."""
    return postgres.connect(place_of(Kind.TEST), database)


def template() -> str:
    """The name of a database with the tables of today; made when the migrations changed."""
    embedded.ensure("test")
    name = TEMPLATE + _fingerprint()
    with superuser("postgres") as connection:
        known = [
            row[0]
            for row in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'bench_template_%'")
        ]
        if name in known:
            return name
        for old in known:
            _drop(connection, old)
        building = f"bench_building_{os.getpid()}"
        _drop(connection, building)
        roles.create_database(connection, name=building)
        with superuser(building) as inside:
            roles.grant_tables(inside)
        _run("migrate", "--database", "owner", "-v", "0", database=building)
        connection.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(building), Identifier(name)))
    return name


@contextmanager
def database(name: str) -> Iterator[str]:
    """A fresh copy of the template, dropped afterwards."""
    source, target = template(), f"bench_{name}_{os.getpid()}"
    with superuser("postgres") as connection:
        _drop(connection, target)
        copy = SQL("CREATE DATABASE {} TEMPLATE {} OWNER crm_owner").format(Identifier(target), Identifier(source))
        connection.execute(copy)
        for role in roles.ROLE_NAMES:
            connection.execute(
                SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(Identifier(target), Identifier(role))
            )
            for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
                change = SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}")
                connection.execute(
                    change.format(Identifier(role), Identifier(target), Identifier(setting), Literal("0"))
                )
    try:
        yield target
    finally:
        with superuser("postgres") as connection:
            _drop(connection, target)


def _drop(connection: psycopg.Connection[Any], name: str) -> None:
    connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def _fingerprint() -> str:
    digest = sha256()
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _run(*arguments: str, database: str) -> None:
    environment = {**os.environ, "BENCH_DATABASE": database, "DJANGO_SETTINGS_MODULE": "bench.settings"}
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)
