"""The walls between agencies, and how each is taken away to see whether anybody notices."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from unittest import mock
from urllib.parse import quote

import psycopg
from django.db import connection, connections, models

from agencies import owned, scope
from agencies.owned import AgencyManager
from collections_crm import embedded
from collections_crm.embedded import keys, places, ports

OWN = "agency_id = (SELECT NULLIF(current_setting('app.agency_id', true), '')::bigint)"


@dataclass(frozen=True)
class Wall:
    """`down` and `up` are statements of the tables' owner; code walls are taken down by `patch` instead."""

    what: str
    down: tuple[str, ...] = ()
    up: tuple[str, ...] = ()
    patch: str = ""
    roles: tuple[str, ...] = field(default=())


WALLS = {
    "policy": Wall(
        "row security of cases shows every row",
        ("ALTER POLICY cases_case_rls ON cases_case USING (true) WITH CHECK (true)",),
        (f"ALTER POLICY cases_case_rls ON cases_case USING ({OWN}) WITH CHECK ({OWN})",),
    ),
    "row security": Wall(
        "row security of cases is switched off",
        ("ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY",),
        ("ALTER TABLE cases_case ENABLE ROW LEVEL SECURITY",),
    ),
    "force": Wall(
        "the owner of cases goes past row security",
        ("ALTER TABLE cases_case NO FORCE ROW LEVEL SECURITY",),
        ("ALTER TABLE cases_case FORCE ROW LEVEL SECURITY",),
    ),
    "composite key": Wall(
        "a case points to its debtor by the id alone",
        (
            "ALTER TABLE cases_case DROP CONSTRAINT cases_case_debtor_wall",
            "ALTER TABLE cases_case ADD CONSTRAINT cases_case_debtor_wall"
            " FOREIGN KEY (debtor_id) REFERENCES debtors_debtor (id)",
        ),
        (
            "ALTER TABLE cases_case DROP CONSTRAINT cases_case_debtor_wall",
            "ALTER TABLE cases_case ADD CONSTRAINT cases_case_debtor_wall"
            " FOREIGN KEY (agency_id, debtor_id) REFERENCES debtors_debtor (agency_id, id)",
        ),
    ),
    "no setting": Wall("the scope does not tell the database the agency", patch="silent"),
    "session setting": Wall("the scope sets the agency for the session, not for the transaction", patch="session"),
    "manager": Wall("the manager neither filters nor raises", patch="quiet"),
    "write check": Wall("rows of another agency may be saved by the model", patch="unclaimed"),
    "role": Wall("the application comes as a superuser", patch="superuser"),
}


def _tell_for_session(agency_id: int | None) -> None:
    if agency_id is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.agency_id', %s, false)", [str(agency_id)])


def _everything(manager: AgencyManager) -> models.QuerySet:
    return owned.AgencyQuerySet(manager.model, using=manager._db)


def _patches(name: str) -> list:
    return {
        "silent": [mock.patch.object(scope, "_tell_database", lambda agency_id: None)],
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
