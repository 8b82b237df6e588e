"""Where an address is, is learned by going there; the map of the next trip shows it."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from agencies.scope import agency_scope
from debtors.models import ContactPoint
from field import photos, visiting
from field.models import Visit, VisitOrder, VisitStop
from field.visiting import Report
from tests import factories
from tests.visiting import pictures
from tests.visiting.conftest import NOW, Trip

pytestmark = pytest.mark.django_db
HERE = {"latitude": Decimal("47.02500"), "longitude": Decimal("28.85833")}


@pytest.fixture(autouse=True)
def scope(agency: factories.Agency) -> Iterator[None]:
    with agency_scope(agency.id):
        yield


def visited(trip: Trip, by: factories.Membership, **found: Any) -> Visit:
    report = Report(**({"outcome": "NOBODY"} | found))
    return visiting.record_visit(trip.stop, draft_key=uuid4(), started_at=NOW, report=report, by=by, now=NOW)


def place_of(trip: Trip) -> tuple[str, str] | None:
    point = ContactPoint.objects.get(id=trip.stop.address_id)
    return None if point.latitude is None else (str(point.latitude), str(point.longitude))


def test_the_position_of_the_phone_puts_the_address_on_the_map(trip: Trip, collector: factories.Membership) -> None:
    """S002-06, S004-28."""
    visited(trip, collector, **HERE, accuracy_m=9)
    assert place_of(trip) == ("47.02500", "28.85833")

    order = VisitOrder.objects.create(
        case=trip.case,
        trigger="PERSON",
        opened_at=NOW,
        due_at=NOW + timedelta(days=20),
        collector=collector,
    )
    VisitStop.objects.create(order=order, address=trip.stop.address)
    with time_machine.travel(NOW + timedelta(days=15)):  # the gate lets nobody be visited again so soon
        page = factories.client_of(collector).get(reverse("field-day")).content.decode()
    assert 'class="field-map"' in page


def test_a_photo_of_the_residence_that_comes_later_does_it_too(trip: Trip, collector: factories.Membership) -> None:
    visit = visited(trip, collector)
    car = photos.read(pictures.jpeg(colour="#222222"), kind="OBJECT", time_zone="Europe/Chisinau")
    photos.add(visit, car, by=collector, now=NOW)
    assert place_of(trip) is None, "the object may stand elsewhere"

    house = photos.read(pictures.jpeg(), kind="RESIDENCE", time_zone="Europe/Chisinau")
    photos.add(visit, house, by=collector, now=NOW)
    assert place_of(trip) == ("47.02500", "28.85833")


def test_a_known_position_stays(trip: Trip, collector: factories.Membership) -> None:
    ContactPoint.objects.filter(id=trip.stop.address_id).update(latitude="46.10000", longitude="28.20000")
    visited(trip, collector, **HERE)
    assert place_of(trip) == ("46.10000", "28.20000")


@pytest.mark.parametrize("found", [{"outcome": "WRONG_ADDRESS", "accuracy_m": 9}, {"accuracy_m": 2000}])
def test_no_such_address_and_a_rough_position_teach_nothing(
    found: dict[str, Any], trip: Trip, collector: factories.Membership
) -> None:
    visited(trip, collector, **HERE, **found)
    assert place_of(trip) is None
