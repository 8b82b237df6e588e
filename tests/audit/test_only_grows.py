"""History is written once: neither the application nor the owner of the tables can change it."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils.translation import gettext_lazy as _

from agencies.scope import agency_scope
from audit import record
from audit.models import Event, Seal
from tests import factories

HAPPENED = record.kind("test.happened", _("Something happened."))
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET kind = 'other'", "DELETE FROM audit_event"])
def test_the_application_cannot_change_history(in_agency, statement):
    record.record(HAPPENED)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connections["default"].cursor().execute(statement)


def test_the_orm_cannot_change_history_either(in_agency):
    record.record(HAPPENED)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Event.objects.update(kind="other")


@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.django_db(databases=["default", "platform", "owner"], transaction=True)
def test_not_even_the_owner_of_the_tables_changes_history(table, statement):
    agency = factories.make_agency()
    with agency_scope(agency.id):
        record.record(HAPPENED)
        Seal.objects.create(from_id=0, to_id=1, events=1, digest=b"x", sealed_at=NOON)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.agency_id', %s, true)", [str(agency.id)])
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(using="owner"):
            cursor.execute(statement.format(table))


@pytest.mark.django_db(databases=["default", "platform"], transaction=True)
def test_the_platform_role_cannot_change_history(agency):
    with agency_scope(agency.id):
        record.record(HAPPENED)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(using="platform"):
        connections["platform"].cursor().execute("DELETE FROM audit_event")
