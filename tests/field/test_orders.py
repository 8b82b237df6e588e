"""Visits are ordered by stage, by event and by mandate, once each, with a countdown, and stop when the debt is paid."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from agencies.models import Membership
from audit import record
from audit.models import Event
from cases import money
from cases.models import Case
from contacts.models import Contact
from field import orders
from field.models import VisitOrder, VisitStop
from portfolios.models import CaseFile
from tests import factories
from tests.factories import TODAY

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def scope(in_agency: factories.Agency) -> factories.Agency:
    return in_agency


def step(now: datetime = NOW) -> dict[str, int]:
    return orders.keep_in_step(as_of=now.date(), now=now)


def test_a_case_in_field_gets_one_order_however_often_we_look(scope: factories.Agency) -> None:
    """S004-04."""
    case = factories.make_case(stage="FIELD", days_past_due=100)

    assert step() == {"opened_stage": 1}
    assert step() == {}
    order = VisitOrder.objects.get(case=case)
    assert order.due_at == NOW + timedelta(days=orders.VISIT_DAYS)
    assert VisitStop.objects.filter(order=order).count() == 1
    assert Event.objects.filter(case_id=case.id, kind="field.order_opened").count() == 1


def test_two_broken_promises_order_a_visit(scope: factories.Agency) -> None:
    """S004-04 b, S004-46."""
    factories.make_case(stage="SOFT", broken_in_a_row=1)
    twice = factories.make_case(stage="SOFT", broken_in_a_row=2)

    assert step() == {"opened_promises": 1}
    assert VisitOrder.objects.get().case_id == twice.id


def test_the_mandate_asks_for_a_visit_within_48_hours_at_every_address(scope: factories.Agency) -> None:
    """S003-10."""
    case = factories.make_case(stage="WATCH", days_past_due=5, opened_on=TODAY)
    factories.make_address(case.debtor, town="Bălți")
    case.mandate.visit_within_hours, case.mandate.visit_all_addresses = 48, True
    case.mandate.save()

    assert step() == {"opened_mandate": 1}
    order = VisitOrder.objects.get()
    assert order.due_at == datetime(2026, 11, 25, 22, tzinfo=UTC), "48 hours from the start of the day in Chișinău"
    assert VisitStop.objects.filter(order=order).count() == 2


def test_the_48_hours_run_from_the_takeover_and_not_from_the_moment_we_look(
    scope: factories.Agency, member: Callable[..., Membership]
) -> None:
    """S003-10: the file's confirmation, whatever a later file changed; without a file the opening of the case."""
    case = factories.make_case(stage="WATCH", days_past_due=5, opened_on=TODAY)
    other = factories.make_case(portfolio=case.portfolio, stage="WATCH", days_past_due=5, opened_on=TODAY)
    case.mandate.visit_within_hours = 48
    case.mandate.save()
    confirmed, opened = NOW - timedelta(hours=9), NOW - timedelta(hours=8)
    first, second = (
        CaseFile.objects.create(
            creditor=case.creditor, portfolio=case.portfolio, filename="debts.csv", sha256=sha * 64, size=1,
            path="none", uploaded_by=member("MANAGER").user, confirmed_at=at,
        )
        for sha, at in (("1", confirmed), ("2", NOW))
    )  # fmt: skip
    said = {"amount": "1000", "currency": "MDL"}
    record.record("case.opened", case_id=case.id, at=opened, case_file_id=first.id, **said)
    record.record("case.changed_by_file", case_id=case.id, at=NOW, case_file_id=second.id, changes={})
    record.record("case.opened", case_id=other.id, at=opened, case_file_id=0, **said)

    assert step() == {"opened_mandate": 2}
    due = dict(VisitOrder.objects.values_list("case_id", "due_at"))
    assert due == {case.id: confirmed + timedelta(hours=48), other.id: opened + timedelta(hours=48)}


def test_a_visit_ordered_when_its_time_has_run_out_is_late_at_once(scope: factories.Agency) -> None:
    case = factories.make_case(stage="WATCH", days_past_due=5, opened_on=TODAY - timedelta(days=2))
    case.mandate.visit_within_hours = 24
    case.mandate.save()

    assert step() == {"opened_mandate": 1, "breached": 1}


def test_an_old_case_is_not_visited_because_the_mandate_changed(scope: factories.Agency) -> None:
    case = factories.make_case(stage="WATCH", days_past_due=5, opened_on=TODAY - timedelta(days=30))
    case.mandate.visit_within_hours = 48
    case.mandate.save()

    assert step() == {}


def test_who_cannot_be_reached_by_phone_is_visited(scope: factories.Agency, member: object) -> None:
    """S000-13, S001-08, S004-04 a."""
    case = factories.make_case(stage="SOFT", days_past_due=70)
    for n in range(orders.UNREACHED_CALLS):
        assert step() == {}
        Contact.objects.create(
            case=case, debtor=case.debtor, channel="CALL", kind="CALL_ATTEMPT", direction="OUT", unpermitted=True,
            at=NOW - timedelta(days=1, hours=n),
        )  # fmt: skip

    assert step() == {"opened_unreached": 1}


def test_a_held_or_paid_case_is_not_visited(scope: factories.Agency) -> None:
    factories.make_case(stage="FIELD", on_hold=True)
    factories.make_case(stage="FIELD", balance=Decimal(0), overdue=Decimal(0))

    assert step() == {}


def test_a_mandate_without_visits_orders_none(scope: factories.Agency) -> None:
    case = factories.make_case(stage="FIELD")
    case.mandate.allowed_channels = ["CALL"]
    case.mandate.save()

    assert step() == {}


def test_a_payment_cancels_the_trip(scope: factories.Agency) -> None:
    """S002-11."""
    case = factories.make_case(stage="FIELD", amount=100)
    step()
    money.take_payment(Case.objects.get(id=case.id), amount=Decimal(100), received_on=TODAY, by=None, now=NOW)

    assert step() == {"cancelled": 1}
    assert VisitOrder.objects.get().state == "CANCELLED"


def test_a_late_trip_raises_one_alarm(scope: factories.Agency) -> None:
    factories.make_case(stage="FIELD")
    step()
    late = NOW + timedelta(days=orders.VISIT_DAYS, minutes=1)

    assert step(late) == {"breached": 1}
    assert step(late) == {}
    assert VisitOrder.objects.get().breached_at == late


def test_the_field_collector_of_the_case_gets_the_trip(scope: factories.Agency, member) -> None:
    collector = member("FIELD_COLLECTOR")
    factories.make_case(stage="FIELD", collector=collector)
    factories.make_case(stage="FIELD", collector=member("COLLECTOR"))
    step()

    assert sorted(VisitOrder.objects.values_list("collector_id", flat=True), key=str) == [collector.id, None]


def test_trips_are_given_to_people_who_make_visits(scope: factories.Agency, member) -> None:
    """S002-09, S004-27."""
    factories.make_case(stage="FIELD")
    step()
    ids = list(VisitOrder.objects.values_list("id", flat=True))

    with pytest.raises(orders.NotAFieldCollector):
        orders.assign(ids, member("CREDITOR_USER"), by=member("COORDINATOR"), now=NOW)
    assert orders.assign(ids, member("FIELD_COLLECTOR"), by=member("COORDINATOR"), now=NOW) == 1


def test_the_day_of_takeover_is_prepared_in_three_parts(scope: factories.Agency, member) -> None:
    """S003-09."""
    factories.make_case(stage="FIELD")
    step()
    order = VisitOrder.objects.get()
    for part in orders.PARTS:
        assert not order.is_prepared
        order = orders.prepare(order, part=part, by=member("COORDINATOR"), now=NOW)

    assert order.is_prepared


def test_a_second_order_by_hand_is_refused(scope: factories.Agency, member) -> None:
    case = factories.make_case(stage="SOFT")
    coordinator = member("COORDINATOR")
    orders.order_visit(case, due_at=NOW + timedelta(days=1), by=coordinator, now=NOW)

    with pytest.raises(orders.VisitAlreadyOrdered):
        orders.order_visit(case, due_at=NOW + timedelta(days=1), by=coordinator, now=NOW)
    assert connection.in_atomic_block
