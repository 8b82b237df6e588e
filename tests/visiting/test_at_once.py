"""Two phones, or one phone twice, at the very same moment: still one visit."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connections

from agencies.scope import agency_scope
from contacts.models import Contact
from field import visiting
from field.models import Visit
from field.visiting import Report
from tests import factories
from tests.browser import DATABASES
from tests.visiting.conftest import NOW, Trip

pytestmark = pytest.mark.django_db(transaction=True, databases=DATABASES)


def send_at_once(trip: Trip, collector: factories.Membership, keys: list[UUID]) -> list[int | str]:
    """Each key sent by a connection of its own; the id of the visit, or the name of the refusal."""
    gate = Barrier(len(keys))

    def send(key: UUID) -> int | str:
        gate.wait(timeout=20)
        try:
            with agency_scope(trip.case.agency_id):
                visit = visiting.record_visit(
                    trip.stop, draft_key=key, started_at=NOW, report=Report(outcome="NOBODY"), by=collector, now=NOW
                )
            return int(visit.id)
        except visiting.StopIsSettled as refused:
            return type(refused).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(send, keys))


def test_the_same_draft_sent_at_once_is_one_visit(trip: Trip, collector: factories.Membership) -> None:
    found = send_at_once(trip, collector, [uuid4()] * 4)

    assert len(set(found)) == 1
    with agency_scope(trip.case.agency_id):
        assert Visit.objects.count() == Contact.objects.count() == 1


def test_two_reports_of_one_address_at_once_are_one_visit(trip: Trip, collector: factories.Membership) -> None:
    found = send_at_once(trip, collector, [uuid4(), uuid4()])

    assert sorted(str(type(one).__name__) for one in found) == ["int", "str"]
    with agency_scope(trip.case.agency_id):
        assert Visit.objects.count() == Contact.objects.count() == 1
