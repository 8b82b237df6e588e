"""The pages of visits and experts in a browser: nothing keeps people out, on a desk and on a phone."""

import pytest
from django.utils import timezone

from agencies.scope import agency_scope
from cases import experts
from tests import factories
from tests.browser import DATABASES, PHONE, picture, serious_faults
from tests.experts.people import rule
from tests.factories import TODAY

pytestmark = pytest.mark.django_db(transaction=True, databases=DATABASES)


def test_the_rules_are_read_and_set(agency, member, sign_in):
    """S002-08, S002-10."""
    with agency_scope(agency.id):
        case = factories.make_case(stage="FIELD")
        rule(expert_calls=5, expert_visits=1, expert_after_visits=3, expert_accelerated=True)
    page = sign_in(member("MANAGER"))
    page.goto("/strategies/visits/")
    picture(page, "escalation")
    assert serious_faults(page) == []
    small = sign_in(member("MANAGER"), viewport=PHONE, color_scheme="dark")
    small.goto("/strategies/visits/")
    picture(small, "escalation-phone")
    assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(f"/cases/{case.id}/")
    page.get_by_text("Order a visit").click()
    page.get_by_label("Kind of visit").scroll_into_view_if_needed()
    picture(page, "order-visit")
    assert serious_faults(page) == []


def test_a_case_for_experts_shows_its_reason_and_the_adviser(agency, member, sign_in):
    """S002-04, S002-05."""
    with agency_scope(agency.id):
        coordinator = member("MANAGER")
        case = factories.make_case(for_experts="VISITS", for_experts_on=TODAY, stage="SOFT")
        factories.make_case(stage="SOFT")
        experts.name_adviser(
            case, name="Av. Elena Rusu", phone="+37322000111", email="", by=coordinator, now=timezone.now()
        )
        team = factories.make_team("Experts", kind="EXPERT")
    skilled, plain = member("COLLECTOR", team=team), member("COLLECTOR")
    page = sign_in(coordinator)
    page.goto(f"/cases/{case.id}/")
    page.locator("#panel-experts").scroll_into_view_if_needed()
    picture(page, "experts-panel")
    assert serious_faults(page) == []
    page.goto("/cases/?experts=any")
    picture(page, "experts-list")
    page.goto(f"/allocation/?kind=COLLECTOR&spread=COUNT&collector={plain.id}&collector={skilled.id}&preview=1")
    page.get_by_text("is for experts").wait_for()
    picture(page, "experts-preview")
    assert serious_faults(page) == []
    small = sign_in(coordinator, viewport=PHONE, color_scheme="dark")
    small.goto(f"/cases/{case.id}/")
    small.locator("#panel-experts").scroll_into_view_if_needed()
    picture(small, "experts-panel-phone")
    assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_sale_is_recorded_and_shown(agency, member, sign_in):
    """S001-02."""
    with agency_scope(agency.id):
        portfolio = factories.make_portfolio()
        cases = [factories.make_case(portfolio=portfolio, stage="SOFT") for _ in range(3)]
    page = sign_in(member("COORDINATOR"))
    page.goto("/sales/")
    picture(page, "sales-empty")
    page.goto("/cases/")
    for case in cases[:2]:
        page.get_by_label(f"Choose {case.contract_no}").check()
    picture(page, "sold-tick")
    assert serious_faults(page) == []
    page.get_by_role("button", name="Sold").click()
    page.get_by_text("Record that debts were sold").wait_for()
    page.get_by_label("Bought by").fill("Invest Capital")
    page.get_by_label("Price").fill("1200")
    page.get_by_label("Notice of assignment").set_input_files(
        {"name": "notice.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 notice"}
    )
    picture(page, "sale-new")
    assert serious_faults(page) == []
    page.get_by_role("button", name="Record and ask the creditor").click()
    page.get_by_text("Sold to Invest Capital").wait_for()
    picture(page, "sale")
    assert serious_faults(page) == []
    small = sign_in(member("COORDINATOR"), viewport=PHONE, color_scheme="dark")
    small.goto(page.url)
    picture(small, "sale-phone")
    assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")
