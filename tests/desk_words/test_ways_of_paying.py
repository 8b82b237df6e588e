"""How it will be paid is agreed with the promise or the plan, shown on the case, and remembered of the debtor."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from agencies.scope import agency_scope
from audit.models import Event
from cases.models import AgreedWay, Case
from debtors.models import Debtor
from tests import factories

pytestmark = pytest.mark.django_db
PROMISE = {
    "promise-amount": "1000", "promise-due_on": "2026-11-30", "promise-reason": "FORGOT", "direction": "IN"
}  # fmt: skip


def promise(browser: Client, case: Case, **way: str) -> Any:
    return browser.post(f"/cases/{case.id}/promise/", PROMISE | {f"way-{name}": text for name, text in way.items()})


def way_of(case: Case) -> AgreedWay:
    with agency_scope(case.agency_id):
        return AgreedWay.objects.select_related("promise").get(case=case)


def page_of(browser: Client, case: Case) -> str:
    return str(browser.get(f"/cases/{case.id}/").content.decode())


def test_a_promise_keeps_how_it_will_be_paid(browser: Client, case: Case) -> None:
    """S004-20."""
    promise(browser, case, way="CARD")

    made = way_of(case)
    assert (made.way, made.promise.amount) == ("CARD", 1000)
    page = page_of(browser, case)
    assert "<b>By card</b>" in page
    assert "Agreed with the promise" in page
    assert "Way of paying agreed: By card." in page


def test_the_way_is_remembered_and_proposed_the_next_time(browser: Client, case: Case) -> None:
    """S004-20."""
    promise(browser, case, way="ONLINE")

    with agency_scope(case.agency_id):
        assert Debtor.objects.get(id=case.debtor_id).pays_by == "ONLINE"
        other = factories.make_case(debtor=case.debtor, collector=case.collector)
    page = page_of(browser, other)
    assert "Paid last time: Internet or phone banking." in page
    assert '<option value="ONLINE" selected>' in page


def test_a_direct_debit_keeps_its_mandate(browser: Client, case: Case) -> None:
    """S004-20."""
    mandate = {"reference": "DD-17", "signed_on": "2026-11-20", "bank": "Banca Codru", "amount": "250.00"}
    promise(browser, case, way="DIRECT_DEBIT", **mandate)

    made = way_of(case)
    assert (made.reference, made.signed_on, made.bank, made.amount) == (
        "DD-17", date(2026, 11, 20), "Banca Codru", Decimal(250),
    )  # fmt: skip
    page = page_of(browser, case)
    assert "Mandate DD-17" in page
    assert "Mandate not signed yet" not in page


def test_a_mandate_nobody_signed_yet_stands_out_until_it_is_signed(browser: Client, case: Case) -> None:
    promise(browser, case, way="DIRECT_DEBIT")
    assert "Mandate not signed yet" in page_of(browser, case)

    sent = {"way-way": "DIRECT_DEBIT", "way-reference": "DD-18", "way-signed_on": "2026-11-24"}
    browser.post(f"/cases/{case.id}/way/", sent)

    assert "Mandate not signed yet" not in page_of(browser, case)
    with agency_scope(case.agency_id):
        newest = AgreedWay.objects.order_by("-id").first()
        assert newest is not None
        assert newest.promise_id is not None


def test_a_standing_order_has_a_fixed_sum_and_day(browser: Client, case: Case) -> None:
    """S004-20."""
    promise(browser, case, way="STANDING_ORDER", amount="100", day_of_month="5")

    made = way_of(case)
    assert (made.amount, made.day_of_month, made.lacks_papers) == (100, 5, False)
    assert "100.00 MDL on day 5 of the month" in page_of(browser, case)


def test_facts_of_a_mandate_belong_to_a_direct_debit_alone(browser: Client, case: Case) -> None:
    promise(browser, case, way="BRANCH", reference="DD-19", bank="Banca Codru")

    assert (way_of(case).reference, way_of(case).bank) == ("", "")


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ({"way": "DIRECT_DEBIT", "signed_on": "2026-12-24"}, "added when it is signed"),
        ({"way": "STANDING_ORDER", "day_of_month": "45"}, "less than or equal to 31"),
    ],
)
def test_an_impossible_mandate_leaves_nothing(browser: Client, case: Case, way: dict[str, str], told: str) -> None:
    response = promise(browser, case, **way)

    assert response.status_code == 422
    assert told in response.content.decode()
    with agency_scope(case.agency_id):
        assert not AgreedWay.objects.exists()
        assert not Event.objects.filter(kind="case.promise_made").exists()


def test_a_promise_without_a_way_is_a_promise(browser: Client, case: Case) -> None:
    assert promise(browser, case).status_code == 302

    with agency_scope(case.agency_id):
        assert not AgreedWay.objects.exists()
    assert "Not agreed yet: ask how it will be paid." in page_of(browser, case)


def test_a_plan_keeps_how_it_will_be_paid(browser: Client, case: Case, agency: factories.Agency) -> None:
    """S004-20."""
    with agency_scope(agency.id):
        format_ = factories.make_plan_format(case.mandate)
    sent = {
        "format": format_.id, "advance": "100", "advance_by": "2026-11-28", "way-way": "STANDING_ORDER",
        "way-amount": "100", "way-day_of_month": "10",
    }  # fmt: skip
    browser.post(f"/cases/{case.id}/plans/new/", sent)

    assert way_of(case).plan_id
    assert "Agreed with the payment plan" in page_of(browser, case)


def test_the_way_of_another_agency_s_case_is_not_set(
    browser: Client, case: Case, other_agency: factories.Agency
) -> None:
    with agency_scope(other_agency.id):
        theirs = factories.make_case()

    assert browser.post(f"/cases/{theirs.id}/way/", {"way-way": "CARD"}).status_code == 404
