"""Creditors, mandates, portfolios and stage limits are kept by managers."""

import pytest
from django.urls import reverse

from agencies.scope import agency_scope
from audit.models import Event
from portfolios.models import Creditor, Mandate, Portfolio, Strategy
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(member):
    return factories.client_of(member("MANAGER"))


MANDATE = {
    "name": "M1", "starts_on": "2026-01-01", "jurisdiction": "MD", "currency": "mdl", "other_currencies": "eur; usd",
    "debt_kind": "MORTGAGE", "ownership": "PURCHASED", "min_days_past_due": "90", "commission_percent": "12.5",
    "allowed_channels": ["CALL", "SMS"], "approvals": ["BOOT"], "max_discount_percent": "0", "max_plan_months": "12",
    "promise_days": "7", "promise_days_approved": "30",
}  # fmt: skip


def test_a_manager_makes_a_creditor_a_mandate_and_a_portfolio(browser, agency):
    """S001-03, S003-01."""
    browser.post(reverse("creditor-new"), {"name": "Banca Nord", "country": "md"})
    with agency_scope(agency.id):
        creditor = Creditor.objects.get(name="Banca Nord")
    answer = browser.post(reverse("mandate-new", args=[creditor.id]), MANDATE)
    assert answer.status_code == 302
    with agency_scope(agency.id):
        mandate = Mandate.objects.get(creditor=creditor)
    browser.post(
        reverse("portfolio-new", args=[creditor.id]),
        {"name": "Spring", "mandate": mandate.id, "received_on": "2026-03-01"},
    )
    page = browser.get(reverse("creditor", args=[creditor.id])).content.decode()
    assert "Spring" in page
    assert mandate.other_currencies == ["EUR", "USD"]
    with agency_scope(agency.id):
        assert Portfolio.objects.get(name="Spring").mandate_id == mandate.id
        assert Event.objects.filter(kind__startswith="terms.").count() == 3


@pytest.mark.parametrize("days", [{"promise_days": "8"}, {"promise_days_approved": "31"}])
def test_no_mandate_lets_promises_reach_further_than_seven_days_and_thirty_with_approval(browser, agency, days):
    """S004-43, S004-44."""
    with agency_scope(agency.id):
        creditor = factories.make_creditor()
    answer = browser.post(reverse("mandate-new", args=[creditor.id]), MANDATE | days)
    assert answer.status_code == 422
    with agency_scope(agency.id):
        assert not Mandate.objects.exists()


def test_a_name_twice_is_told_beside_the_field(browser, agency):
    with agency_scope(agency.id):
        factories.make_creditor(name="Banca Nord")
    answer = browser.post(reverse("creditor-new"), {"name": "Banca Nord", "country": "MD"})
    assert answer.status_code == 422


def test_limits_that_do_not_rise_are_refused(browser, agency):
    data = {"level": "agency", "pre_soft_from": 31, "soft_from": 20, "field_from": 91, "broken_promises_to_field": 2}
    answer = browser.post(reverse("strategies"), data | {"effective_on": "2026-11-24"})
    assert answer.status_code == 422
    with agency_scope(agency.id):
        assert not Strategy.objects.exists()


def test_limits_of_a_portfolio_are_set_and_shown_in_force(browser, agency):
    with agency_scope(agency.id):
        portfolio = factories.make_portfolio()
    data = {"level": f"portfolio-{portfolio.id}", "pre_soft_from": 11, "soft_from": 22, "field_from": 33}
    browser.post(reverse("strategies"), data | {"broken_promises_to_field": 2, "effective_on": "2026-01-01"})
    page = browser.get(reverse("strategies")).content.decode()
    assert '<td class="num">22</td>' in page


@pytest.mark.parametrize("name", ["creditors", "strategies", "creditor-new"])
def test_a_collector_may_not(member, name):
    assert factories.client_of(member("COLLECTOR")).get(reverse(name)).status_code == 403


def test_another_agencys_creditor_does_not_exist(browser, other_agency):
    with agency_scope(other_agency.id):
        creditor = factories.make_creditor()
    assert browser.get(reverse("creditor", args=[creditor.id])).status_code == 404
