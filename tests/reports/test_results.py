"""What came of the work, on the dashboard: every number agrees with the rows that it opens."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership
from cases import money, remittances
from cases.models import Case
from field.models import VisitOrder
from reports import results
from reports.figures import View
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
Member = Callable[..., Membership]


@pytest.fixture
def noon() -> Iterator[None]:
    """One day everywhere: at night it is tomorrow already for the agency."""
    with time_machine.travel(datetime(2026, 11, 24, 10, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def manager(in_agency: factories.Agency, member: Member) -> Membership:
    return member("MANAGER")


@pytest.fixture
def view(manager: Membership) -> View:
    today = timezone.localdate()
    return View(manager, "Europe/Chisinau", today - timedelta(days=29), today)


@pytest.fixture
def case(manager: Membership) -> Case:
    made = factories.make_case(amount=1000)
    made.mandate.commission_percent = Decimal(10)
    made.mandate.save()
    return made


def pay(case: Case, amount: int, source: str) -> None:
    now = timezone.now()
    money.take_payment(case, amount=Decimal(amount), received_on=timezone.localdate(), by=None, now=now, source=source)


def test_money_is_told_by_who_reported_it(case: Case, view: View, manager: Membership) -> None:
    pay(case, 100, "CREDITOR")
    pay(case, 30, "STATEMENT")
    pay(case, 20, "STATEMENT")

    found = {share.code: (share.count, share.sums) for share in results.recovered_by_source(view)}

    assert found == {"CREDITOR": (1, {"MDL": Decimal(100)}), "STATEMENT": (2, {"MDL": Decimal(50)})}
    browser = factories.client_of(manager)
    assert reverse("report-payments") in browser.get(reverse("dashboard")).content.decode()
    rows = browser.get(reverse("report-payments"), {"source": "STATEMENT"})
    assert rows.context["page"].paginator.count == 2


def test_trips_are_in_time_late_or_open(case: Case, view: View, manager: Membership) -> None:
    now = timezone.now()
    for state, due, closed, breached in (
        ("DONE", now, now - timedelta(hours=1), None), ("DONE", now - timedelta(hours=2), now, None),
        ("CANCELLED", now, now, None), ("OPEN", now + timedelta(days=1), None, None),
        ("CANCELLED", now - timedelta(hours=2), now, now),
    ):  # fmt: skip
        VisitOrder.objects.create(
            case=case, trigger="STAGE", state=state, opened_at=now, due_at=due, closed_at=closed, breached_at=breached
        )

    assert results.trips_by_kind(view) == {"in_time": 1, "late": 2, "open": 1}
    for kind, count in (("in_time", 1), ("late", 2), ("open", 1)):
        rows = factories.client_of(manager).get(reverse("report-trips"), {"kind": kind})
        assert rows.context["page"].paginator.count == count


def test_commission_is_that_of_the_statements_issued(case: Case, view: View, manager: Membership) -> None:
    pay(case, 200, "MANUAL")
    remittances.issue(case.mandate, currency="MDL", through=timezone.localdate(), by=manager, now=timezone.now())

    assert results.commission_sums(view) == {"MDL": Decimal("20.00")}
    rows = factories.client_of(manager).get(reverse("report-commission"))
    assert rows.context["page"].paginator.count == 1


@pytest.mark.parametrize("name", ["report-plans", "report-settlements", "report-court"])
def test_empty_lists_say_what_to_do(manager: Membership, name: str) -> None:
    answer = factories.client_of(manager).get(reverse(name))

    assert answer.status_code == 200
    assert "Nothing in this period" in answer.content.decode()
