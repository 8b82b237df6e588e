"""The pages of agreements in a browser: nothing keeps people out, and the calculators answer while one types."""

from decimal import Decimal

import pytest
from django.utils import timezone

from agencies.scope import agency_scope
from cases import approvals, money, plans
from cases.models import Approval, Settlement
from tests import factories
from tests.agreements.people import again, fresh, make_case
from tests.browser import DATABASES, PHONE, picture, serious_faults

pytestmark = pytest.mark.django_db(transaction=True, databases=DATABASES)


@pytest.fixture
def house(agency, member):
    """A case in restructuring whose advance of today is booked."""
    now = timezone.now()
    today = factories.agency_day()
    with agency_scope(agency.id):
        mandate = factories.make_mandate(max_discount_percent=Decimal(30))
        case = make_case(mandate=mandate, amount=9400, original_instalment=Decimal(350))
        kind = factories.make_plan_format(
            mandate, name="Up to a year", fee_percent=Decimal(1), interest_percent=Decimal("9.5"), balloon_allowed=True
        )
        plan = plans.request(
            fresh(case), format=kind, advance=Decimal(350), advance_by=today, by=member("COLLECTOR"), as_of=today,
            now=now,
        )  # fmt: skip
        money.take_payment(fresh(case), amount=Decimal(350), received_on=today, by=None, now=now)
    return case, plan


def test_the_officer_prepares_a_schedule_that_follows_the_keys(house, member, sign_in):
    """S001-15, S004-50, S004-51."""
    case, plan = house
    page = sign_in(member("RESTRUCTURING_OFFICER"))
    page.goto(f"/cases/{case.id}/plans/{plan.id}/draft/")
    assert serious_faults(page) == []
    page.fill("[name=months]", "13")
    page.wait_for_selector("#schedule .notice")
    page.fill("[name=months]", "12")
    page.fill("[name=instalment]", "500")
    page.wait_for_selector("#schedule .notice[data-tone=warn]")
    picture(page, "plan-draft")
    page.click("button.btn-primary")
    page.wait_for_selector("text=waits for approval")
    picture(page, "plan-waits")
    assert serious_faults(page) == []


def test_the_signed_plan_and_the_case_show_how_it_stands(house, member, sign_in):
    case, plan = house
    now = timezone.now()
    with agency_scope(case.agency_id):
        plan = again(plan)
        from_today = plans.proposal(plan, as_of=factories.agency_day())
        terms = plans.terms_of(plan, amount=from_today[0], months=12, first_on=from_today[1])
        plan = plans.draft(plan, terms, by=member("RESTRUCTURING_OFFICER"), as_of=factories.agency_day(), now=now)
        waiting = Approval.objects.get(kind="PLAN", state="WAITING")
        approvals.decide(waiting, grant=True, by=member("COORDINATOR"), now=now)
    page = sign_in(member("MANAGER"))
    page.goto(f"/cases/{case.id}/plans/{plan.id}/")
    picture(page, "plan-approved")
    page.get_by_role("button", name="Record the signature").click()
    page.wait_for_selector("text=Being kept")
    picture(page, "plan-active")
    assert serious_faults(page) == []
    page.goto(f"/cases/{case.id}/")
    page.locator("#panel-agreements").scroll_into_view_if_needed()
    picture(page, "case-agreements")
    page.locator("#panel-documents").scroll_into_view_if_needed()
    picture(page, "case-documents")
    assert serious_faults(page) == []
    small = sign_in(member("COLLECTOR"), viewport=PHONE)
    small.goto(f"/cases/{case.id}/plans/{plan.id}/")
    picture(small, "plan-active-phone")
    assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_discount_is_counted_while_one_types(agency, member, sign_in):
    with agency_scope(agency.id):
        case = make_case(amount=9400)
    page = sign_in(member("COLLECTOR"))
    page.goto(f"/cases/{case.id}/settlements/new/")
    page.fill("[name=discount_percent]", "40")
    page.wait_for_selector("#figures .notice")
    picture(page, "settlement-refused")
    page.fill("[name=discount_percent]", "25")
    page.wait_for_selector("#figures .stat")
    picture(page, "settlement-offer")
    assert serious_faults(page) == []
    page.click("button.btn-primary")
    page.wait_for_selector("text=waits for approval")
    with agency_scope(agency.id):
        assert Settlement.objects.get().amount == 7050


def test_the_pages_of_formats_documents_and_requests_keep_nobody_out(house, member, sign_in):
    case, _plan = house
    manager = sign_in(member("MANAGER"))
    for name, address in (
        ("formats", f"/creditors/{case.creditor_id}/mandates/{case.mandate_id}/plan-formats/"),
        ("document-add", f"/cases/{case.id}/documents/new/"),
        ("plan-request", f"/cases/{case.id}/plans/new/"),
    ):
        manager.goto(address)
        picture(manager, name)
        assert serious_faults(manager) == [], name
