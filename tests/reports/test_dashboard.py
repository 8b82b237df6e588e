"""What the dashboard says, and that each number opens exactly the rows it counts."""

import html
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies.models import Agency, Membership
from agencies.scope import agency_scope
from cases.models import Case, Promise
from contacts.models import Contact
from reports import figures
from tests import factories

TODAY = date(2026, 11, 24)


@pytest.fixture
def manager(agency: Agency) -> Membership:
    return factories.make_member(agency, "MANAGER")


@pytest.fixture
def browser(manager: Membership) -> Client:
    return factories.client_of(manager)


def look(manager: Membership, **more: Any) -> figures.View:
    return figures.View(member=manager, zone="Europe/Chisinau", start=TODAY - timedelta(days=29), end=TODAY, **more)


def pay(case: Case, amount: int, on: date = TODAY) -> None:
    factories.make_payment(case.account, amount=Decimal(amount), received_on=on)


def promise(case: Case, state: str, amount: int = 100) -> Promise:
    return Promise.objects.create(
        case=case, amount=amount, currency=case.currency, made_on=TODAY - timedelta(days=7), due_on=TODAY,
        state=state, made_by=factories.make_user(),
    )  # fmt: skip


def contact(case: Case, channel: str = "CALL", kind: str = "CONVERSATION", **more: Any) -> Contact:
    return Contact.objects.create(
        case=case, debtor=case.debtor, channel=channel, kind=kind, direction="OUT", unpermitted=True,
        at=timezone.make_aware(timezone.datetime(2026, 11, 24, 9, 0)), **more,
    )  # fmt: skip


def test_stages_are_counted_and_summed_by_currency(manager: Membership, in_agency: Agency) -> None:
    lei = factories.make_portfolio()
    euros = factories.make_portfolio(factories.make_mandate(currency="EUR"))
    factories.make_case(portfolio=lei, amount=100)
    factories.make_case(portfolio=lei, amount=50)
    factories.make_case(portfolio=euros, amount=70)
    factories.make_case(portfolio=lei, amount=900, stage="SOFT", days_past_due=70)
    by_stage = {figure.stage: figure for figure in figures.stages(look(manager))}
    assert (by_stage["PRE_SOFT"].cases, by_stage["PRE_SOFT"].balance) == (3, {"MDL": Decimal(150), "EUR": Decimal(70)})
    assert (by_stage["SOFT"].cases, by_stage["LEGAL"].cases) == (1, 0)


def test_the_kept_share_looks_at_judged_promises_alone(manager: Membership, in_agency: Agency) -> None:
    for state in ("KEPT", "KEPT", "BROKEN", "ACTIVE", "CANCELLED"):
        promise(factories.make_case(), state)
    found = figures.promises(look(manager))
    assert figures.kept_share(found) == Decimal("66.7")
    assert found["ACTIVE"].promises == 1


def test_money_is_shown_on_the_day_it_was_received_and_a_reversed_payment_is_not(
    manager: Membership, in_agency: Agency
) -> None:
    case = factories.make_case()
    pay(case, 40)
    pay(case, 60, TODAY - timedelta(days=1))
    factories.make_payment(case.account, amount=Decimal(5), received_on=TODAY, reversed_at=timezone.now())
    days = figures.recovered_by_day(look(manager))
    assert (days[TODAY], days[TODAY - timedelta(days=1)]) == ({"MDL": Decimal(40)}, {"MDL": Decimal(60)})
    assert len(days) == 30


def test_a_narrowed_view_counts_only_its_portfolio(manager: Membership, in_agency: Agency) -> None:
    wanted, other = factories.make_portfolio(), factories.make_portfolio()
    pay(factories.make_case(portfolio=wanted), 10)
    pay(factories.make_case(portfolio=other), 99)
    assert figures.total(figures.recovered_by_day(look(manager, portfolio_id=wanted.id)).values()) == {"MDL": 10}


def test_every_link_of_the_dashboard_opens_the_rows_it_counts(
    browser: Client, manager: Membership, agency: Agency
) -> None:
    with agency_scope(agency.id):
        for state in ("KEPT", "BROKEN", "BROKEN"):
            promise(factories.make_case(), state)
        contact(factories.make_case())
        contact(factories.make_case(), "SMS", "SMS", outcome="DELIVERED")
        pay(factories.make_case(), 40)
    days = {"start": "2026-10-26", "end": "2026-11-24"}
    page = browser.get("/dashboard/", days)
    assert page.status_code == 200
    for figure, link in page.context["promises"]:
        assert browser.get(link).context["page"].paginator.count == figure.promises
    for figure, link in page.context["channels"]:
        assert browser.get(link).context["page"].paginator.count == figure.contacts
    assert {browser.get(link).status_code for _figure, link in page.context["stages"]} == {200}
    assert browser.get(page.context["recovered_link"]).context["page"].paginator.count == 1


def test_a_day_of_the_money_chart_opens_the_payments_of_its_currency_alone(browser: Client, agency: Agency) -> None:
    with agency_scope(agency.id):
        euros = factories.make_portfolio(factories.make_mandate(currency="EUR"))
        pay(factories.make_case(), 40)
        pay(factories.make_case(portfolio=euros), 7)
    for currency, amount in (("MDL", "40.00"), ("EUR", "7.00")):
        day = TODAY.isoformat()
        page = browser.get("/dashboard/", {"start": day, "end": day, "currency": currency}).content.decode()
        (link,) = re.findall(r'href="([^"]*reports/payments/[^"]*currency=[^"]*)"', page)[:1]
        rows = browser.get(html.unescape(link)).context["rows"]
        assert [str(row["cells"][1][1]) for row in rows] == [amount]


def test_the_rows_can_be_downloaded_and_no_cell_runs_as_a_formula(browser: Client, agency: Agency) -> None:
    with agency_scope(agency.id):
        case = factories.make_case()
        factories.make_payment(case.account, amount=Decimal(40), received_on=TODAY, reference="=HYPERLINK(1)")
    text = browser.get("/reports/payments/", {"format": "csv", "end": "2026-11-24"}).content.decode()
    assert "'=HYPERLINK(1)" in text


def test_a_day_before_the_first_is_said_beside_the_field(browser: Client) -> None:
    page = browser.get("/dashboard/", {"start": "2026-11-24", "end": "2026-11-01"})
    assert "The last day lies before the first." in page.content.decode()


def test_the_dashboard_asks_the_same_few_questions_however_many_cases_there_are(
    browser: Client, agency: Agency, django_assert_max_num_queries: Any
) -> None:
    with agency_scope(agency.id):
        for _ in range(12):
            pay(factories.make_case(), 10)
    browser.get("/dashboard/")
    with django_assert_max_num_queries(33):
        browser.get("/dashboard/")


@pytest.mark.parametrize("address", ["/dashboard/", "/reports/payments/", "/reports/promises/", "/reports/contacts/"])
def test_only_those_who_may_see_figures_see_them(address: str, agency: Agency, browser: Client) -> None:
    collector = factories.client_of(factories.make_member(agency, "COLLECTOR"))
    answers = [browser.get(address), collector.get(address), Client().get(address)]
    assert [answer.status_code for answer in answers] == [200, 403, 302]


def test_another_agencys_money_is_never_counted(browser: Client, other_agency: Agency) -> None:
    with agency_scope(other_agency.id):
        pay(factories.make_case(), 1000)
    assert browser.get("/dashboard/").context["recovered"] == {}
