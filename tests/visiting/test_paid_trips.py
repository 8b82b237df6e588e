"""A part payment stops the trip until the coordinator looked at it; what was visited before it came in counts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.scope import agency_scope
from audit.models import Event
from cases import money
from cases.models import Case
from field import going
from field.days import day_of
from field.models import Visit, VisitOrder
from field.visiting import Report, record_visit
from ledger.models import Payment
from tests import factories
from tests.visiting.conftest import NOW, Trip

pytestmark = pytest.mark.django_db
Member = Callable[..., factories.Membership]


def pay(trip: Trip, amount: int, *, at: datetime) -> Payment:
    with agency_scope(trip.case.agency_id):
        case = Case.objects.select_related("account", "mandate", "agency").get(id=trip.case.id)
        return money.take_payment(case, amount=Decimal(amount), received_on=at.date(), by=None, now=at)


def visit(trip: Trip, collector: factories.Membership, *, at: datetime, now: datetime) -> Visit:
    with agency_scope(trip.case.agency_id):
        return record_visit(
            trip.stop, draft_key=uuid4(), started_at=at, report=Report(outcome="NOBODY"), by=collector, now=now
        )


def test_a_part_payment_stops_the_trip_until_the_coordinator_lets_it_go_on(
    trip: Trip, collector: factories.Membership, member: Member
) -> None:
    """S002-11: field and legal work on one case, and a payment stops both."""
    driver, coordinator = factories.client_of(collector), factories.client_of(member("COORDINATOR"))
    pay(trip, 100, at=NOW - timedelta(minutes=30))
    said = "a payment of 100.00 MDL was received"

    assert said in coordinator.get(reverse("field-trips")).content.decode()
    for page in ("field-day", "field-cases", "field-stops"):
        assert said in driver.get(reverse(page)).content.decode()
    form = driver.get(reverse("visit-form", args=[trip.stop.id])).content.decode()
    assert said in form
    assert "A visit is allowed now" not in form
    with agency_scope(trip.case.agency_id):
        planned = day_of(collector, as_of=factories.TODAY, now=NOW)
    assert (planned.stops, len(planned.stopped)) == ([], 1)
    with pytest.raises(going.TripHalted, match=r"payment of 100\.00"):
        visit(trip, collector, at=NOW, now=NOW)

    go_on = reverse("field-go-on", args=[trip.case.id])
    assert go_on not in driver.get(reverse("case", args=[trip.case.id])).content.decode()
    assert go_on in coordinator.get(reverse("case", args=[trip.case.id])).content.decode()
    coordinator.post(go_on)
    with agency_scope(trip.case.agency_id):
        assert Event.objects.filter(kind="field.went_on", case_id=trip.case.id).count() == 1
    assert "A visit is allowed now" in driver.get(reverse("visit-form", args=[trip.stop.id])).content.decode()
    assert visit(trip, collector, at=timezone.now(), now=timezone.now()).outcome == "NOBODY"


def test_the_next_payment_stops_it_again(trip: Trip, member: Member) -> None:
    pay(trip, 100, at=NOW - timedelta(hours=2))
    with agency_scope(trip.case.agency_id):
        going.go_on(trip.case, by=member("COORDINATOR"), now=NOW - timedelta(hours=1))
    pay(trip, 20, at=NOW - timedelta(minutes=1))

    with agency_scope(trip.case.agency_id):
        stops = going.halted(VisitOrder.objects.filter(id=trip.order.id).select_related("case"))
    assert "20.00" in stops[trip.order.id].sentence


def test_a_visit_made_before_the_payment_came_in_is_recorded(trip: Trip, collector: factories.Membership) -> None:
    """S004-40: it was sent later because there was no connection."""
    pay(trip, 100, at=NOW + timedelta(hours=1))

    made = visit(trip, collector, at=NOW, now=NOW + timedelta(hours=2))
    assert made.started_at == NOW


def test_payments_before_the_order_and_payments_taken_back_stop_nothing(trip: Trip, member: Member) -> None:
    pay(trip, 100, at=NOW - timedelta(days=2))
    bounced = pay(trip, 30, at=NOW - timedelta(hours=1))
    with agency_scope(trip.case.agency_id):
        case = Case.objects.select_related("account", "mandate", "agency").get(id=trip.case.id)
        money.reverse_payment(case, bounced, by=member("COORDINATOR"), now=NOW, reason="Bounced")
        assert going.halted([VisitOrder.objects.select_related("case").get(id=trip.order.id)]) == {}
        with pytest.raises(going.NothingStopped):
            going.go_on(trip.case, by=member("COORDINATOR"), now=NOW)
