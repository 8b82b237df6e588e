"""Asking for an approval at the door, on a phone without a connection too."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from agencies.scope import agency_scope
from cases.models import Settlement
from debtors.models import ContactPoint
from tests import factories
from tests.browser import DATABASES, PHONE, picture, serious_faults
from tests.visiting.conftest import NOW, Trip

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True, databases=DATABASES)]
LOOKS: list[dict[str, Any]] = [{"viewport": PHONE}, {"color_scheme": "dark"}]


@pytest.fixture
def discounts(trip: Trip) -> Trip:
    with agency_scope(trip.case.agency_id):
        trip.case.mandate.max_discount_percent = 10
        trip.case.mandate.save(update_fields=["max_discount_percent"])
        factories.make_plan_format(trip.case.mandate)
        ContactPoint.objects.filter(debtor_id=trip.case.debtor_id, kind="PHONE").update(validity="DISCONNECTED")
    return trip


@pytest.mark.parametrize("look", LOOKS, ids=["phone", "dark"])
def test_a_discount_is_asked_for_at_the_door(
    sign_in: Callable[..., Page],
    collector: factories.Membership,
    discounts: Trip,
    look: dict[str, Any],
    request: pytest.FixtureRequest,
) -> None:
    page = sign_in(collector, timezone_id="Europe/Chisinau", **look)
    page.clock.set_fixed_time(NOW)
    page.goto("/field/stops/")
    expect(page.get_by_text("in 5 days 23 h")).to_be_visible()
    picture(page, f"stops-{request.node.callspec.id}")
    page.goto(f"/field/stops/{discounts.stop.id}/visit/")
    expect(page.locator("form[data-ready]")).to_be_visible()
    expect(page.get_by_text("Ask for an approval")).to_be_hidden()
    page.get_by_text("Met the debtor", exact=True).click()
    page.get_by_text("Call back", exact=True).click()
    page.get_by_label("Why was it not paid?").select_option("FORGOT")
    page.get_by_label("New number from the holder").fill("069 555 113")
    page.get_by_text("Ask for an approval").click()
    page.get_by_label("Ask for", exact=False).select_option("DISCOUNT")
    expect(page.get_by_label("Plan format")).to_be_hidden()
    page.get_by_label("Discount, %").fill("10")
    page.get_by_label("The rest by").fill("2026-12-04")
    page.get_by_text("Ask for an approval").scroll_into_view_if_needed()
    assert serious_faults(page) == []
    picture(page, f"asking-{request.node.callspec.id}")
    page.get_by_role("button", name="Send the visit").click()

    expect(page.get_by_text("Asked for")).to_be_visible()
    picture(page, f"asked-{request.node.callspec.id}")
    with agency_scope(discounts.case.agency_id):
        assert Settlement.objects.get().state == "AWAITING_APPROVAL"
