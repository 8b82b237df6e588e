"""The pages of a trip that a payment stopped, in a real browser, wide and on a phone: they fit, the button works."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from agencies.scope import agency_scope
from cases import money
from cases.models import Case
from field import objects
from tests import factories
from tests.browser import DATABASES, LAPTOP, PHONE, picture, serious_faults
from tests.visiting.conftest import NOW, Trip

pytestmark = pytest.mark.django_db(databases=DATABASES, transaction=True)
SignIn = Callable[..., Page]


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(LAPTOP, "light"), (PHONE, "dark")], ids=["laptop-light", "phone-dark"]
)
def test_a_payment_is_seen_on_every_page_and_cleared_by_one_click(
    trip: Trip, collector: factories.Membership, member: Callable[..., Any], sign_in: SignIn,
    viewport: dict[str, int], scheme: str,
) -> None:  # fmt: skip
    """S002-11."""
    with agency_scope(trip.case.agency_id):
        car = objects.register(trip.case, description="Dacia Logan, grey", by=collector, now=NOW - timedelta(hours=3))
        objects.take_step(car, "FOUND", by=collector, now=NOW - timedelta(hours=3))
        case = Case.objects.select_related("account", "mandate", "agency").get(id=trip.case.id)
        money.take_payment(
            case, amount=Decimal(100), received_on=factories.TODAY, by=None, now=NOW - timedelta(hours=1)
        )
    page = sign_in(member("COORDINATOR"), viewport=viewport, color_scheme=scheme)
    addresses = {
        "trips": reverse("field-trips"), "day": reverse("field-day") + f"?collector={collector.id}",
        "cards": reverse("field-cases"), "stops": reverse("field-stops"),
        "form": reverse("visit-form", args=[trip.stop.id]), "objects": reverse("case-objects", args=[trip.case.id]),
        "report": reverse("field-report"), "case": reverse("case", args=[trip.case.id]),
    }  # fmt: skip
    faults: dict[str, Any] = {}
    for name, address in addresses.items():
        page.goto(address)
        if name != "report":
            expect(page.get_by_text("a payment of 100.00 MDL was received").first).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = serious_faults(page) + ([f"{wide} px too wide"] if wide > 0 else [])
        picture(page, f"stopped_{name}_{viewport['width']}_{scheme}")
        if found:
            faults[address] = found
    assert faults == {}

    page.locator("summary", has_text="Cancel the visit").click()
    page.locator("#cancel-reason").scroll_into_view_if_needed()
    picture(page, f"stopped_cancel_{viewport['width']}_{scheme}")
    page.get_by_role("button", name="I looked at the payment: go on").first.click()
    expect(page.get_by_text("Visits and steps with the object go on.")).to_be_visible()
    expect(page.get_by_text("Stopped: a payment of 100.00 MDL")).to_have_count(0)
