"""A trip is cancelled by whoever allocates trips, for a reason; one whose time had run out stays counted as late."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from agencies.models import Membership
from agencies.scope import agency_scope
from cases import money
from cases.models import Case
from field import orders, sla
from field.models import VisitOrder
from tests import factories

pytestmark = pytest.mark.django_db
Member = Callable[..., Membership]
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATE = NOW + timedelta(days=orders.VISIT_DAYS, hours=1)


@pytest.fixture
def order(in_agency: factories.Agency) -> VisitOrder:
    factories.make_case(stage="FIELD", amount=100)
    orders.keep_in_step(as_of=NOW.date(), now=NOW)
    return VisitOrder.objects.select_related("case").get()


def line_of(now: datetime) -> sla.Line:
    (line,) = sla.by("case__creditor_id", "case__creditor__name", since=NOW - timedelta(days=1), now=now)
    return line


def test_a_field_collector_cannot_make_a_trip_disappear(order: VisitOrder, member: Member) -> None:
    """S003-10: the 48 hours are not escaped by a click."""
    collector = member("FIELD_COLLECTOR")
    orders.assign([order.id], collector, by=member("COORDINATOR"), now=NOW)
    driver = factories.client_of(collector)
    assert "Why is it cancelled?" not in driver.get(reverse("case", args=[order.case_id])).content.decode()

    answer = driver.post(reverse("field-order-change", args=[order.id]), {"do": "cancel", "reason": "No time"})

    assert answer.status_code == 403
    with agency_scope(order.agency_id):
        assert VisitOrder.objects.get().state == "OPEN"


def test_the_coordinator_says_why_and_the_list_shows_it(order: VisitOrder, member: Member) -> None:
    browser = factories.client_of(member("COORDINATOR"))
    address = reverse("field-order-change", args=[order.id])
    assert "Why is it cancelled?" in browser.get(reverse("case", args=[order.case_id])).content.decode()

    said = browser.post(address, {"do": "cancel", "reason": " "}, follow=True).content.decode()
    assert "Say in a few words why the visit is cancelled" in said
    browser.post(address, {"do": "cancel", "reason": "The debtor comes to the office"})

    listed = browser.get(reverse("field-trips"), {"state": "cancelled"})
    assert listed.context["counts"]["cancelled"] == 1
    assert "The debtor comes to the office" in listed.content.decode()
    with agency_scope(order.agency_id):
        assert VisitOrder.objects.get().cancel_reason == "The debtor comes to the office"


def test_a_trip_cancelled_after_its_time_is_counted_against_the_share_in_time(
    order: VisitOrder, member: Member
) -> None:
    """S002-07."""
    orders.cancel(order, reason="Not needed", by=member("COORDINATOR"), now=LATE)

    line = line_of(LATE)
    assert (line.dropped, line.share) == (1, 0)
    report = factories.client_of(member("MANAGER")).get(reverse("field-trips"), {"state": "dropped"})
    assert len(report.context["rows"]) == 1


def test_a_trip_cancelled_in_time_is_counted_nowhere(order: VisitOrder, member: Member) -> None:
    orders.cancel(order, reason="Not needed", by=member("COORDINATOR"), now=NOW)

    assert sla.by("case__creditor_id", "case__creditor__name", since=NOW - timedelta(days=1), now=LATE) == []
    with pytest.raises(orders.OrderIsClosed):
        orders.cancel(order, reason="Again", by=member("COORDINATOR"), now=NOW)


def test_a_late_trip_stays_late_when_the_debt_is_paid_afterwards(order: VisitOrder) -> None:
    case = Case.objects.select_related("account", "mandate", "agency").get(id=order.case_id)
    money.take_payment(case, amount=Decimal(100), received_on=LATE.date(), by=None, now=LATE)

    assert orders.keep_in_step(as_of=LATE.date(), now=LATE) == {"cancelled": 1}
    assert line_of(LATE).dropped == 1
