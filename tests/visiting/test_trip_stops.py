"""The addresses of a trip: learned later, wrong, impossible to visit; and when the trip counts as made."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from agencies.scope import agency_scope
from audit.models import Event
from debtors import contact_points
from field import orders, trip_stops
from field.models import VisitOrder, VisitStop
from field.visiting import Report, record_visit
from tests import factories
from tests.visiting.conftest import NOW, Trip

pytestmark = pytest.mark.django_db
Member = Callable[..., factories.Membership]
TripOf = Callable[..., Trip]


@pytest.fixture
def scope(in_agency: factories.Agency) -> factories.Agency:
    return in_agency


def step() -> dict[str, int]:
    return orders.keep_in_step(as_of=NOW.date(), now=NOW)


def visit(stop: VisitStop, outcome: str, *, by: Any) -> None:
    record_visit(stop, draft_key=uuid4(), started_at=NOW, report=Report(outcome=outcome), by=by, now=NOW)


def places(trip: Trip) -> list[tuple[int, str]]:
    return list(VisitStop.objects.filter(order=trip.order).order_by("id").values_list("address_id", "state"))


def state(trip: Trip) -> str:
    return str(VisitOrder.objects.get(id=trip.order.id).state)


def test_a_trip_to_every_address_takes_what_is_learned_later(
    scope: Any, collector: factories.Membership, trip_of: TripOf
) -> None:
    """S003-10: it is made when every address was visited."""
    trip = trip_of(collector, all_addresses=True)
    learned = factories.make_address(trip.case.debtor, town="Cahul")

    assert step() == {"stops_added": 1}
    assert step() == {}
    assert (learned.id, "PENDING") in places(trip)
    visit(trip.stop, "NOBODY", by=collector)
    assert state(trip) == "OPEN"
    assert Event.objects.filter(kind="field.stop_added", case_id=trip.case.id).count() == 1


def test_an_address_learned_at_the_door_is_visited_before_the_trip_counts_as_made(
    scope: Any, collector: factories.Membership, trip_of: TripOf
) -> None:
    """S003-10."""
    trip = trip_of(collector, all_addresses=True)
    learned = factories.make_address(trip.case.debtor, town="Cahul")

    visit(trip.stop, "MOVED", by=collector)

    assert state(trip) == "OPEN"
    assert places(trip)[-1] == (learned.id, "PENDING")


def test_a_trip_without_an_address_gets_one_as_soon_as_it_is_known(scope: Any, member: Member) -> None:
    debtor = factories.make_debtor(address=False)
    case = factories.make_case(stage="FIELD", debtor=debtor)
    assert step() == {"opened_stage": 1}
    assert not VisitStop.objects.exists()

    factories.make_address(debtor)
    factories.make_address(debtor)

    assert step() == {"stops_added": 1}
    assert VisitStop.objects.get().order.case_id == case.id


@pytest.mark.parametrize("outcome", ["MOVED", "WRONG_ADDRESS"])
def test_after_a_wrong_address_the_trip_goes_on_to_the_next(
    scope: Any, collector: factories.Membership, trip: Trip, outcome: str
) -> None:
    other = factories.make_address(trip.case.debtor, town="Soroca")

    visit(trip.stop, outcome, by=collector)

    assert state(trip) == "OPEN"
    assert places(trip) == [(trip.stop.address_id, "VISITED"), (other.id, "PENDING")]
    assert step() == {}


def test_a_wrong_address_without_another_one_ends_the_trip(
    scope: Any, collector: factories.Membership, trip: Trip
) -> None:
    visit(trip.stop, "MOVED", by=collector)

    assert state(trip) == "DONE"


def test_an_address_that_became_wrong_meanwhile_is_left_out_and_the_next_one_taken(
    scope: Any, collector: factories.Membership, trip: Trip
) -> None:
    other = factories.make_address(trip.case.debtor, town="Soroca")
    contact_points.invalidate(trip.stop.address, validity="INVALID", by=collector, now=NOW, case_id=trip.case.id)

    assert step() == {"stops_left_out": 1, "stops_added": 1}
    assert places(trip) == [(trip.stop.address_id, "SKIPPED"), (other.id, "PENDING")]
    assert VisitStop.objects.get(id=trip.stop.id).reason == "The address is known to be wrong."


def test_a_trip_to_every_address_is_made_when_the_last_one_turns_out_wrong(
    scope: Any, collector: factories.Membership, trip_of: TripOf
) -> None:
    trip = trip_of(collector, addresses=2, all_addresses=True)
    visit(trip.stop, "NOBODY", by=collector)
    contact_points.invalidate(trip.stops[1].address, validity="INVALID", by=collector, now=NOW, case_id=trip.case.id)

    assert step() == {"stops_left_out": 1, "finished": 1}
    assert state(trip) == "DONE"


def test_an_address_is_left_out_on_the_phone_for_a_reason(
    trip: Trip, collector: factories.Membership, agency: factories.Agency
) -> None:
    driver = factories.client_of(collector)
    address = reverse("visit-left-out", args=[trip.stop.id])
    assert address in driver.get(reverse("visit-form", args=[trip.stop.id])).content.decode()

    said = driver.post(address, {"reason": ""}, follow=True).content.decode()
    assert "Say in a few words why this address cannot be visited" in said
    driver.post(address, {"reason": "The house was pulled down"})

    with agency_scope(agency.id):
        assert VisitStop.objects.get(id=trip.stop.id).state == "SKIPPED"
        assert Event.objects.filter(kind="field.stop_left_out", case_id=trip.case.id).count() == 1
    page = driver.get(reverse("case", args=[trip.case.id])).content.decode()
    assert "The house was pulled down" in page
    assert "There is no address left to visit" in page


def test_leaving_out_every_address_does_not_make_the_trip(
    scope: Any, trip: Trip, collector: factories.Membership, member: Member
) -> None:
    """S003-10: the time goes on running until somebody was visited or the coordinator cancels."""
    trip_stops.leave_out(trip.stop, reason="Dogs in the yard", by=collector, now=NOW)

    assert state(trip) == "OPEN"
    late = trip.order.due_at + timedelta(minutes=1)
    assert orders.keep_in_step(as_of=late.date(), now=late) == {"breached": 1}
    with pytest.raises(trip_stops.StopIsSettled):
        trip_stops.leave_out(trip.stop, reason="Again", by=collector, now=NOW)


def test_the_list_of_trips_shows_that_no_address_is_left(
    trip: Trip, collector: factories.Membership, member: Member
) -> None:
    with agency_scope(trip.case.agency_id):
        trip_stops.leave_out(trip.stop, reason="Dogs in the yard", by=collector, now=NOW)

    assert "No address left" in factories.client_of(member("COORDINATOR")).get(reverse("field-trips")).content.decode()


def test_the_last_address_left_out_ends_a_trip_of_which_others_were_visited(
    scope: Any, collector: factories.Membership, trip_of: TripOf
) -> None:
    trip = trip_of(collector, addresses=2, all_addresses=True)
    visit(trip.stop, "NOBODY", by=collector)
    trip_stops.leave_out(trip.stops[1], reason="A military area", by=collector, now=NOW)

    assert state(trip) == "DONE"


def test_the_stop_of_another_collector_cannot_be_left_out(trip: Trip, member: Member) -> None:
    stranger = factories.client_of(member("FIELD_COLLECTOR"))

    assert stranger.post(reverse("visit-left-out", args=[trip.stop.id]), {"reason": "x"}).status_code == 404
