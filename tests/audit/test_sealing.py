"""A seal holds for ever; what is altered, removed or smuggled in afterwards is found."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.utils.translation import gettext_lazy as _

from agencies.scope import agency_scope
from audit import record, sealing, tasks
from audit.models import Event, Seal
from collections_crm.embedded import places, postgres
from tests import factories
from tests.waiting import until

HAPPENED = record.kind("test.happened", _("Something happened."))
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture
def agency():
    return factories.make_agency()


REAL_HORIZON = sealing._horizon


def horizon_of_this_database():
    """The real one also waits for transactions of other databases on the server, which a test cannot know."""
    place = places.place_of("test")
    with postgres.connect(place, connections["default"].settings_dict["NAME"]) as superuser:
        (oldest,) = superuser.execute(
            "SELECT coalesce(min(backend_xid::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)"
            " FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL"
        ).fetchone()
    return oldest


@pytest.fixture(autouse=True)
def alone_on_the_server(monkeypatch):
    monkeypatch.setattr(sealing, "_horizon", horizon_of_this_database)


def test_the_real_horizon_is_never_further(agency):
    assert REAL_HORIZON() <= horizon_of_this_database()


def happen(agency, times=3):
    for _n in range(times):
        with agency_scope(agency.id):
            record.record(HAPPENED, amount="10.00")


def seal(agency):
    with agency_scope(agency.id):
        return sealing.seal(now=NOON)


def seal_soon(agency):
    """What another thread committed may take a moment to be past."""
    return until(lambda: seal(agency))


def verify(agency):
    with agency_scope(agency.id):
        return sealing.verify()


def tamper(agency, *statements):
    """Change history as somebody would who owns the tables and switches the trigger off."""
    owner = connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute("SELECT set_config('app.agency_id', %s, true)", [str(agency.id)])
        for table in ("audit_event", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_only_grows")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("audit_event", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_only_grows")


def test_whole_history_verifies(agency):
    happen(agency)
    first = seal_soon(agency)
    happen(agency, 2)
    second = seal_soon(agency)
    assert [s.events for s in first + second] == [3, 2]
    assert verify(agency) == []


def test_nothing_new_makes_no_seal(agency):
    happen(agency)
    seal_soon(agency)
    assert seal(agency) == []


def test_an_altered_event_is_found(agency):
    happen(agency)
    seal_soon(agency)
    tamper(
        agency, """UPDATE audit_event SET data = '{"amount": "9.00"}' WHERE id = (SELECT min(id) FROM audit_event)"""
    )
    assert [finding.flaw for finding in verify(agency)] == [sealing.Flaw.ALTERED]


def test_a_missing_event_is_found(agency):
    happen(agency)
    seal_soon(agency)
    tamper(agency, "DELETE FROM audit_event WHERE id = (SELECT max(id) FROM audit_event)")
    assert [finding.flaw for finding in verify(agency)] == [sealing.Flaw.MISSING]


def test_a_smuggled_event_is_found(agency):
    happen(agency)
    seal_soon(agency)
    tamper(
        agency,
        "INSERT INTO audit_event (agency_id, kind, at, data, request_id, xact)"
        " SELECT agency_id, kind, at, data, request_id, xact FROM audit_event LIMIT 1",
    )
    assert [finding.flaw for finding in verify(agency)] == [sealing.Flaw.ADDED]


def test_a_removed_seal_breaks_the_chain(agency):
    happen(agency)
    seal_soon(agency)
    happen(agency)
    seal_soon(agency)
    tamper(agency, "DELETE FROM audit_seal WHERE id = (SELECT min(id) FROM audit_seal)")
    assert [finding.flaw for finding in verify(agency)] == [sealing.Flaw.CHAIN_BROKEN]


def test_an_event_of_a_transaction_still_under_way_waits_for_the_next_seal(agency):
    """It holds a lower id than what is committed around it, and must not be passed over."""
    owner = connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute("SELECT set_config('app.agency_id', %s, true)", [str(agency.id)])
        cursor.execute(
            "INSERT INTO audit_event (agency_id, kind, at, data, request_id)"
            " VALUES (%s, 'test.happened', now(), '{}', '')",
            [agency.id],
        )
        happen(agency)
        assert seal(agency) == []
    assert [s.events for s in seal_soon(agency)] == [4]
    assert verify(agency) == []


def test_a_restored_database_goes_on_sealing(agency):
    """In another cluster transaction numbers begin anew: here the old ones are moved far ahead."""
    tamper(agency, f"ALTER SEQUENCE audit_event_id_seq RESTART WITH {10**6}")
    happen(agency, 2)
    tamper(agency, "UPDATE audit_event SET xact = xact + 1000000000")
    with agency_scope(agency.id):
        old = Event.objects.order_by("id").first()
        sealing._seal(None, 0, old.xact + 1, 0, now=NOON)
    happen(agency, 3)
    made = seal_soon(agency)
    closing, new = made if len(made) == 2 else (*made, *seal_soon(agency))
    happen(agency, 1)
    (later,) = seal_soon(agency)
    assert (closing.events, new.events, later.events) == (1, 3, 1)
    assert verify(agency) == []


def test_agencies_have_chains_of_their_own(agency):
    other = factories.make_agency()
    happen(agency)
    happen(other, 1)
    sealed = []
    until(lambda: sealed.append(tasks.seal_all()) or sum(sealed) == 2)
    with agency_scope(other.id):
        assert Seal.objects.get().events == 1


def test_the_command_names_the_agency_whose_history_was_altered(agency, capsys):
    happen(agency)
    seal_soon(agency)
    call_command("verify_history")
    assert f"{agency.slug}: whole, 1 seals" in capsys.readouterr().out
    tamper(agency, "UPDATE audit_event SET kind = 'test.other'")
    with pytest.raises(CommandError, match="1 seals do not hold"):
        call_command("verify_history", agency=agency.slug)
    assert "ALTERED" in capsys.readouterr().out
