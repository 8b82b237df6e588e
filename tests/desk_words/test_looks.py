"""What collectors record, in a real browser: on a laptop and a phone, by day and by night."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from agencies.scope import agency_scope
from cases import desk_words
from cases.models import Case
from debtors.models import ContactPoint
from tests import factories
from tests.browser import DATABASES, PHONE, picture, serious_faults
from tests.desk.conftest import NOW

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, databases=DATABASES)]
SignIn = Callable[..., Page]
LOOKS: list[dict[str, Any]] = [{}, {"viewport": PHONE}, {"color_scheme": "dark"}]
names = pytest.mark.parametrize("look", LOOKS, ids=["laptop", "phone", "dark"])


@pytest.fixture
def open_case(
    sign_in: SignIn, collector: factories.Membership, queue_of: Callable[..., list[Case]]
) -> Callable[..., Page]:
    """The desk with a case of which a payment was booked, whose numbers are dead."""

    def opened(**look: Any) -> Page:
        found = queue_of(collector, 1)[0]
        with agency_scope(found.agency_id):
            factories.make_payment(found.account, amount=Decimal(500), received_on=date(2026, 11, 20))
            ContactPoint.objects.filter(debtor_id=found.debtor_id, kind="PHONE").update(validity="WRONG_NUMBER")
        page = sign_in(collector, **look)
        page.goto(f"/cases/{found.id}/")
        return page

    return opened


@names
def test_what_we_see_of_a_payment_stands_below_what_is_typed(
    open_case: Callable[..., Page], look: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    """S004-56."""
    page = open_case(**look)
    page.locator("#act-paid summary").first.click()
    page.get_by_label("Paid on").fill("2026-11-20")
    page.locator("#paidform_amount").fill("500")
    page.locator("#paidform_amount").press("Tab")

    expect(page.locator("#paid-seen")).to_contain_text("No proof is needed")
    page.locator("#paidform_amount").fill("700")
    page.locator("#paidform_amount").press("Tab")
    expect(page.locator("#paid-seen")).to_contain_text("Ask for a proof")
    picture(page, f"claimed-{request.node.callspec.id}")


@names
def test_the_ladder_and_the_way_of_paying_on_the_desk(
    open_case: Callable[..., Page], look: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    """S004-19, S004-20."""
    page = open_case(**look)
    for box in page.locator(".checks input").all()[:2]:
        box.check()
    page.get_by_role("radio", name="2 penalty interest").check()
    page.get_by_role("radio", name="The debtor called").check(force=True)
    page.locator("#new_number").fill("069 555 111")
    picture(page, f"ladder-{request.node.callspec.id}")
    page.locator("#act-promise summary").first.click()
    form = page.locator("#act-promise")
    expect(form.get_by_label("Number of the mandate")).to_be_hidden()
    form.get_by_label("How it will be paid").select_option("DIRECT_DEBIT")
    expect(form.get_by_label("Number of the mandate")).to_be_visible()
    form.get_by_label("Number of the mandate").fill("DD-17")
    picture(page, f"way-{request.node.callspec.id}")
    form.locator("#reason, [name=promise-reason]").first.select_option("FORGOT")
    form.get_by_role("button", name="Record the promise").click()
    expect(page.get_by_role("heading", name="Your queue is empty")).to_be_visible()

    page.go_back()
    expect(page.get_by_text("Last reached: 2 penalty interest")).to_be_visible()
    expect(page.get_by_text("Mandate DD-17")).to_be_visible()
    picture(page, f"after-{request.node.callspec.id}")


@names
def test_the_lists_of_the_desk(
    sign_in: SignIn, member: Callable[..., factories.Membership], look: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    coordinator = member("COORDINATOR")
    with agency_scope(coordinator.agency_id):
        desk_words.add_suspicion("Papers of a dead relative", by=coordinator, now=NOW)
        desk_words.keep_argument("PENALTY", label="", texts={"ro": "Dobânda crește."}, by=coordinator, now=NOW)
    page = sign_in(coordinator, **look)
    page.goto("/desk/words/")

    assert serious_faults(page) == []
    picture(page, f"words-{request.node.callspec.id}")
    page.get_by_role("link", name="penalty interest").click()
    expect(page.get_by_label("Română")).to_have_value("Dobânda crește.")
    assert serious_faults(page) == []
    picture(page, f"argument-{request.node.callspec.id}")
