"""Approvals in a real browser: the key that ends a typed reason never says yes."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.models import Membership
from agencies.scope import agency_scope
from cases import promises, settlements
from cases.models import Promise, Settlement
from tests import factories
from tests.browser import DATABASES, PHONE, picture, serious_faults

pytestmark = pytest.mark.django_db(transaction=True, databases=DATABASES)
SignIn = Callable[..., Page]
Member = Callable[..., Membership]


@pytest.mark.parametrize("look", [{}, {"viewport": PHONE}, {"color_scheme": "dark"}])
def test_a_reason_ended_with_enter_refuses(
    agency: factories.Agency, member: Member, sign_in: SignIn, look: dict[str, object]
) -> None:
    now = timezone.now()
    with agency_scope(agency.id):
        case = factories.make_case(
            amount=1000, portfolio=factories.make_portfolio(factories.make_mandate(max_discount_percent=30))
        )  # fmt: skip
        offer = settlements.offer(
            case, discount_percent=Decimal(20), pay_by=now.date() + timedelta(days=10), by=member("COLLECTOR"),
            as_of=now.date(), now=now,
        )  # fmt: skip
    page = sign_in(member("COORDINATOR"), **look)
    page.goto("/approvals/")
    assert serious_faults(page) == []
    picture(page, f"approvals-{len(look)}-{look.get('color_scheme', '')}")
    page.get_by_placeholder("Reason, when refusing").fill("Too much")
    page.get_by_placeholder("Reason, when refusing").press("Enter")

    expect(page.get_by_text("Refused.")).to_be_visible()
    with agency_scope(agency.id):
        assert Settlement.objects.get(id=offer.id).state == "REFUSED"


def test_enter_decides_no_promise_and_the_button_does(
    agency: factories.Agency, member: Member, sign_in: SignIn
) -> None:
    now = timezone.now()
    with agency_scope(agency.id):
        promise = promises.make_promise(
            factories.make_case(amount=1000), amount=Decimal(1000), due_on=now.date() + timedelta(days=20),
            by=member("COLLECTOR"), as_of=now.date(), now=now,
        )  # fmt: skip
    page = sign_in(member("COORDINATOR"))
    page.goto("/approvals/")
    tick = page.locator("[name=promise]")
    tick.check()
    page.get_by_label("Reason, when refusing").fill("Too far")
    page.get_by_label("Reason, when refusing").press("Enter")
    expect(page.get_by_text("Nothing was decided yet")).to_be_visible()
    expect(page.get_by_label("Reason, when refusing")).to_have_value("Too far")
    expect(page.locator("[name=promise]")).to_be_checked()
    with agency_scope(agency.id):
        assert Promise.objects.get(id=promise.id).state == "AWAITING_APPROVAL"

    page.get_by_role("button", name="Refuse the ticked ones").click()
    expect(page.get_by_text("1 promise was refused.")).to_be_visible()
    with agency_scope(agency.id):
        promise = Promise.objects.get(id=promise.id)
        assert (promise.state, promise.decision_note) == ("REFUSED", "Too far")
