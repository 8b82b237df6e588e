"""Taking one wall away, to see whether anybody notices, and putting it back."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock
from urllib.parse import quote

import psycopg
from django.db import connection, connections, models

from agencies import owned, scope
from agencies.owned import AgencyManager
from collections_crm import embedded
from collections_crm.embedded import keys, places, ports
from tests.tenancy.walls import WALLS


def _tell_for_session(agency_id: int | None) -> None:
    if agency_id is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.agency_id', %s, false)", [str(agency_id)])


def _everything(manager: AgencyManager) -> models.QuerySet:
    return owned.AgencyQuerySet(manager.model, using=manager._db)


def _patches(name: str) -> list:
    return {
        "silent": [mock.patch.object(scope, "_tell_database", return_value=None)],
        "session": [mock.patch.object(scope, "_tell_database", _tell_for_session)],
        "quiet": [mock.patch.object(AgencyManager, "get_queryset", _everything)],
        "unclaimed": [mock.patch.object(owned, "_claim", lambda row: _fill(row))],
    }.get(name, [])


def _fill(row: owned.AgencyOwned) -> None:
    if row.agency_id is None:
        row.agency_id = scope.current_agency_id()


def _as_owner(statements: tuple[str, ...]) -> None:
    url = embedded.database_url("crm_owner", "test", database=connections["default"].settings_dict["NAME"])
    with psycopg.connect(url) as owner:
        for statement in statements:
            owner.execute(statement)


@contextmanager
def down(name: str) -> Iterator[None]:
    """Take one wall away, and put it back."""
    wall = WALLS[name]
    _as_owner(wall.down)
    try:
        with ExitStack() as stack:
            for patch in _patches(wall.patch):
                stack.enter_context(patch)
            yield
    finally:
        _as_owner(wall.up)


def application_url() -> str:
    """The address under which the application comes when the wall of its role is down; "" when it stands."""
    name = os.environ.get("WALL_DOWN", "")
    if not name or WALLS[name].patch != "superuser":
        return ""
    place = places.place_of("test")
    password = quote(keys.read_keys(place)["POSTGRES_PASSWORD"])
    return f"postgresql://postgres:{password}@{ports.HOST}:{ports.port_of(place, 'postgres')}/"
