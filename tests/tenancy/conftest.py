"""Two agencies with real rows, and the four ways in which the application may be connected."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection, connections

from collections_crm import embedded
from tests.tenancy import pgbouncer, taking_down
from tests.tenancy.world import House, build

MODES = ("plain", "pool", "pgbouncer", "pgbouncer and pool")
POOL = {"min_size": 1, "max_size": 3, "timeout": 30}


@pytest.fixture(scope="session", autouse=True)
def wall_down(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """When `walls_down.py` asks for it, one wall is missing for the whole run."""
    name = os.environ.get("WALL_DOWN", "")
    if not name:
        yield
        return
    with django_db_blocker.unblock(), taking_down.down(name):
        yield


@dataclass(frozen=True)
class Two:
    """The houses of two agencies that must not meet."""

    a: House
    b: House


@pytest.fixture(scope="module")
def two(django_db_setup: None, django_db_blocker: Any, wall_down: None) -> Iterator[Two]:
    """Committed once for all probes of a module; probes leave nothing behind."""
    with django_db_blocker.unblock():
        try:
            yield Two(build("Nistru Collect", "MD"), build("Bega Recuperare", "RO"))
        finally:
            connection.close()
            call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True, reset_sequences=False)


def application() -> pgbouncer.Server:
    """The test database, as the application reaches it: under its own role, with its own password."""
    parts = urlsplit(taking_down.application_url() or embedded.database_url("crm_app", "test"))
    return pgbouncer.Server(
        parts.hostname or "", parts.port or 5432, connections["default"].settings_dict["NAME"],
        unquote(parts.username or ""), unquote(parts.password or ""),
    )  # fmt: skip


@contextmanager
def connected(mode: str) -> Iterator[None]:
    """Let every connection to the database, in every thread, go through `mode`."""
    server, settings = application(), connections["default"].settings_dict
    before = dict(settings)
    with ExitStack() as stack:
        port = server.port
        if "pgbouncer" in mode:
            port = stack.enter_context(pgbouncer.running(server))
        connection.close()
        settings.update(
            HOST=server.host, PORT=str(port), USER=server.user, PASSWORD=server.password,
            OPTIONS={"pool": dict(POOL)} if "pool" in mode else {},
        )  # fmt: skip
        try:
            yield
        finally:
            connection.close()
            if "pool" in mode:
                connection.close_pool()
            settings.update(before)


@pytest.fixture(scope="module", params=MODES)
def mode(request: pytest.FixtureRequest, two: Two, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), connected(request.param):
        yield request.param
