"""The payments booked on cases, for the agency's people and the creditor: from where, and taken back or not."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Membership
from agencies.scope import agency_scope
from cases import reversals
from cases.models import Case
from ledger.models import Payment
from tests import factories
from tests.api.machine import machine_of
from tests.factories import TODAY

pytestmark = pytest.mark.django_db
Member = Callable[..., Membership]
PAYMENTS = "/api/v1/payments"


@pytest.fixture
def collector(member: Member) -> Membership:
    return member("COLLECTOR")


@pytest.fixture
def case(agency: Agency, collector: Membership) -> Case:
    """With 100 that stand and 50 that bounced."""
    with agency_scope(agency.id):
        made: Case = factories.make_case(collector=collector, amount=1000)
        factories.make_payment(made.account, amount=Decimal(100), received_on=TODAY - timedelta(3))
        bounced = factories.make_payment(made.account, amount=Decimal(50), source=Payment.Source.STATEMENT)
        made = Case.objects.select_related("creditor", "account", "mandate", "agency").get(id=made.id)
        reversals.reverse(
            made, bounced, cause="BOUNCED", reason="No cover", by=collector, now=timezone.now()
        )  # fmt: skip
    return made


def rows(client: Any, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(PAYMENTS, query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_a_case_that_does_not_exist_has_no_payments(case: Case, collector: Membership) -> None:
    assert rows(machine_of(collector, "payments:read"), case=0) == []


def test_both_sides_read_what_was_booked_and_what_was_taken_back(
    case: Case, collector: Membership, member: Member
) -> None:
    bank = member("CREDITOR_USER", creditor=case.creditor)
    for machine in (machine_of(collector, "payments:read"), machine_of(bank, "payments:read")):
        stands, back = rows(machine)
        assert (stands["case"], stands["contract_no"], stands["amount"]) == (case.id, case.contract_no, "100.00")
        assert (stands["source"], stands["received_on"]) == ("MANUAL", (TODAY - timedelta(3)).isoformat())
        assert (stands["reversed_at"], stands["reason"], stands["reported"]) == (None, "", None)
        assert (back["source"], back["reason"]) == ("STATEMENT", "No cover")
        assert back["reversed_at"] >= back["booked_at"]


def test_the_list_is_narrowed(case: Case, collector: Membership) -> None:
    machine = machine_of(collector)
    assert [one["amount"] for one in rows(machine, source="STATEMENT")] == ["50.00"]
    assert [one["amount"] for one in rows(machine, reversed="false")] == ["100.00"]
    assert [one["amount"] for one in rows(machine, reversed="true")] == ["50.00"]
    assert len(rows(machine, case=case.id)) == 2
    assert rows(machine, case=case.id + 10**6) == []
    assert rows(machine, since=(timezone.now() + timedelta(hours=1)).isoformat()) == []
    assert len(rows(machine, since=(timezone.now() - timedelta(hours=1)).isoformat())) == 2


@pytest.mark.parametrize(
    "query", ["case=x", "case=9" + "9" * 30, "source=CASH", "reversed=maybe", "since=now", "state=OPEN"]
)
def test_a_parameter_that_is_not_right_is_told(query: str, collector: Membership) -> None:
    assert machine_of(collector).get(f"{PAYMENTS}?{query}").status_code == 400


def test_others_see_none_of_them(case: Case, member: Member, other_agency: Agency) -> None:
    with agency_scope(case.agency_id):
        another = factories.make_creditor()
    assert rows(machine_of(member("CREDITOR_USER", creditor=another))) == []
    assert rows(machine_of(member("COLLECTOR"))) == []
    assert rows(machine_of(factories.make_member(other_agency, "MANAGER"))) == []
    assert machine_of(member("LAW_FIRM_USER")).get(PAYMENTS).json()["permission"] == "creditor.cases"


def test_only_creditors_report_payments(case: Case, collector: Membership) -> None:
    answer = machine_of(collector).post(PAYMENTS, {"payments": []}, content_type="application/json")
    assert (answer.status_code, answer.json()["permission"]) == (403, "creditor.cases")


def test_the_creditors_page_of_a_case_shows_them(case: Case, member: Member) -> None:
    page = factories.client_of(member("CREDITOR_USER", creditor=case.creditor)).get(
        reverse("creditor-case", args=[case.id])
    )
    found = page.content.decode()
    for told in ("Entered by hand", "Bank statement", "No cover"):
        assert told in found
