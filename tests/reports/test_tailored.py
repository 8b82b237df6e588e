"""Reports of a creditor's own shape: shaped with a preview, made once for each month, found by that creditor alone."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from agencies.models import Agency, Membership
from agencies.scope import agency_scope
from audit.models import Event
from cases.models import Case, Promise
from portfolios.models import Creditor
from reports import catalogue, tailored, tasks
from reports.models import CreditorReport, ReportDefinition
from tests import factories
from tests.reports.test_productivity import called

pytestmark = pytest.mark.django_db
TODAY, OCTOBER = factories.TODAY, date(2026, 10, 1)
NOW = timezone.now()
Member = Callable[..., Membership]


@pytest.fixture
def coordinator(in_agency: Agency, member: Member) -> Membership:
    return member("COORDINATOR")


@pytest.fixture
def bank(coordinator: Membership) -> Creditor:
    return factories.make_creditor(name="First Bank")


def shape(bank: Creditor, by: Membership, **more: Any) -> ReportDefinition:
    values: dict[str, Any] = {
        "creditor": bank, "name": "Monthly", "columns": ["contract", "stage", "balance", "paid", "payments"],
        "language": "en", "form": "csv",
    }  # fmt: skip
    return tailored.save(ReportDefinition(**(values | more)), by=by, now=NOW)


def portfolio_of(bank: Creditor, **more: Any) -> Any:
    return factories.make_portfolio(factories.make_mandate(bank), **more)


def case_in(portfolio: Any, **more: Any) -> Case:
    return factories.make_case(portfolio=portfolio, **({"opened_on": date(2026, 9, 1)} | more))


def table(definition: ReportDefinition, month: date = OCTOBER) -> list[tuple[Any, ...]]:
    agency = definition.agency
    return tailored.preview(definition, month=month, today=TODAY, agency=agency).rows


def make(definition: ReportDefinition, month: date = OCTOBER) -> CreditorReport:
    return tailored.make(definition, month=month, by=None, today=TODAY, now=NOW)


def test_each_creditor_gets_the_columns_it_asked_for(bank: Creditor, coordinator: Membership) -> None:
    """S003-02: the shape of a report is the creditor's."""
    case = case_in(portfolio_of(bank), contract_no="A-1", amount=900)
    for day, amount in ((date(2026, 10, 1), 40), (date(2026, 10, 31), 60), (date(2026, 11, 1), 500)):
        factories.make_payment(case.account, amount=Decimal(amount), received_on=day)
    factories.make_payment(
        case.account, amount=Decimal(7), received_on=date(2026, 10, 5), reversed_at=NOW, reference="bounced"
    )
    case_in(portfolio_of(factories.make_creditor(name="Other Bank")))

    short = shape(bank, coordinator)
    long = shape(bank, coordinator, name="Work", columns=["contract", "debtor", "dpd", "last_paid_on"])

    assert table(short) == [("A-1", "Pre-soft", "MDL", 900, 100, 2)]
    assert table(long) == [("A-1", case.debtor.name, 40, date(2026, 10, 31))]


def test_the_work_of_the_period_is_counted(bank: Creditor, coordinator: Membership, member: Member) -> None:
    one = member("COLLECTOR")
    case = case_in(portfolio_of(bank))
    called(case, one, date(2026, 10, 2), kind="CONVERSATION")
    called(case, one, date(2026, 10, 3))
    called(case, one, date(2026, 11, 3))
    for due_on, state in ((date(2026, 10, 9), "KEPT"), (date(2026, 10, 8), "BROKEN"), (date(2026, 11, 9), "KEPT")):
        Promise.objects.create(
            case=case, amount=5, currency="MDL", made_on=due_on, due_on=due_on, state=state, made_by=one.user
        )
    columns = ["contacts", "conversations", "promises", "promises_kept", "visits"]
    assert table(shape(bank, coordinator, columns=columns)) == [(2, 1, 2, 1, 0)]


def test_grouped_it_has_a_row_for_each_group_and_never_adds_currencies(bank: Creditor, coordinator: Membership) -> None:
    lei = portfolio_of(bank, name="Loans")
    euros = factories.make_portfolio(factories.make_mandate(bank, currency="EUR"), name="Cards")
    for portfolio, amount in ((lei, 100), (lei, 50), (euros, 70)):
        case_in(portfolio, amount=amount)
    by_portfolio = shape(bank, coordinator, group_by="portfolio", columns=["contract", "balance"])
    by_stage = shape(bank, coordinator, name="Stages", group_by="stage", columns=["balance"])
    assert table(by_portfolio) == [("Cards", 1, "EUR", 70), ("Loans", 2, "MDL", 150)]
    assert table(by_stage) == [("Pre-soft", 1, "EUR", 70), ("Pre-soft", 2, "MDL", 150)]


@pytest.mark.parametrize(("which", "found"), [
    ({}, ["closed", "open", "paid"]), ({"which": "OPEN"}, ["open", "paid"]), ({"which": "PAID"}, ["paid"]),
    ({"which": "CLOSED"}, ["closed"]), ({"stage": "SOFT"}, ["paid"]),
])  # fmt: skip
def test_only_the_wanted_cases_are_in_it(
    bank: Creditor, coordinator: Membership, which: dict[str, str], found: list[str]
) -> None:
    portfolio = portfolio_of(bank)
    case_in(portfolio, contract_no="open")
    paid = case_in(portfolio, contract_no="paid", stage="SOFT")
    factories.make_payment(paid.account, amount=Decimal(5), received_on=date(2026, 10, 5))
    case_in(
        portfolio, contract_no="closed", stage="CLOSED", closed_on=date(2026, 10, 6), close_reason="RECALLED"
    )  # fmt: skip
    case_in(portfolio, contract_no="later", opened_on=date(2026, 11, 2))
    assert [row[0] for row in table(shape(bank, coordinator, columns=["contract"], **which))] == found


def test_every_column_of_the_catalogue_can_be_filled(bank: Creditor, coordinator: Membership) -> None:
    case_in(portfolio_of(bank))
    whole = shape(bank, coordinator, columns=list(catalogue.CATALOGUE))
    assert len(table(whole)[0]) == len(catalogue.CATALOGUE) + 1


@pytest.mark.parametrize(("form", "begins"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF")])
def test_it_is_made_as_the_file_that_was_asked_for(
    bank: Creditor, coordinator: Membership, form: str, begins: bytes
) -> None:
    """S003-02: CSV, XLSX or PDF, in the creditor's language, on the creditor's own page."""
    case_in(portfolio_of(bank), contract_no="A-1")
    made = make(shape(bank, coordinator, form=form))
    creditor = factories.client_of(factories.make_member(bank.agency, "CREDITOR_USER", creditor=bank))

    page = creditor.get(reverse("creditor-reports"))
    answer = creditor.get(reverse("creditor-report-file", args=[made.id]))

    assert list(page.context["page"]) == [made]
    assert answer.content.startswith(begins)
    assert made.rows == 1


def test_the_words_are_of_the_language_of_the_report(bank: Creditor, coordinator: Membership) -> None:
    case_in(portfolio_of(bank), contract_no="A-1")
    made = make(shape(bank, coordinator, form="xlsx", language="ro", columns=["contract", "balance"]))
    browser = factories.client_of(coordinator)
    content = browser.get(reverse("tailored-report-file", args=[made.id])).content
    sheet = load_workbook(io.BytesIO(content)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [["A-1", "MDL", 1000]]
    assert sheet["C1"].value == "Sold"


def test_a_month_is_made_once_and_stays_as_it_was(bank: Creditor, coordinator: Membership) -> None:
    """S003-02: one report for each shape and month."""
    definition = shape(bank, coordinator)
    first = make(definition)
    case_in(portfolio_of(bank))
    assert make(definition) == first
    assert Event.objects.filter(kind=tailored.MADE).count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditorReport.objects.update(rows=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditorReport.objects.create(
            definition=definition, creditor=bank, name="x", month=OCTOBER, form="csv", rows=0, path="x",
            sha256="x", size=0, made_at=NOW,
        )  # fmt: skip
    with pytest.raises(tailored.MonthNotOver):
        make(definition, date(2026, 11, 1))


def test_from_its_day_on_the_month_before_is_due_until_it_is_made(bank: Creditor, coordinator: Membership) -> None:
    early = shape(bank, coordinator, day_of_month=5)
    shape(bank, coordinator, name="Late", day_of_month=28)
    shape(bank, coordinator, name="By hand")
    shape(bank, coordinator, name="Old", day_of_month=5, is_active=False)
    assert tailored.due(date(2026, 11, 4)) == []
    assert tailored.due(TODAY) == [(early.id, OCTOBER)]
    make(early)
    assert tailored.due(TODAY) == []


def test_two_creditors_never_see_each_others_reports(bank: Creditor, coordinator: Membership) -> None:
    made = make(shape(bank, coordinator))
    other = factories.make_creditor(name="Other Bank")
    stranger = factories.client_of(factories.make_member(bank.agency, "CREDITOR_USER", creditor=other))
    assert list(stranger.get(reverse("creditor-reports")).context["page"]) == []
    assert stranger.get(reverse("creditor-report-file", args=[made.id])).status_code == 404
    assert stranger.get(reverse("tailored-reports")).status_code == 403


def form_of(bank: Creditor, **more: Any) -> dict[str, Any]:
    return {
        "creditor": bank.id, "name": "Monthly", "which": "ALL", "columns": ["contract", "balance"], "language": "en",
        "form": "xlsx", "day_of_month": "3", "is_active": "on", "month": "2026-10", **more,
    }  # fmt: skip


def test_a_coordinator_shapes_it_on_a_page_with_a_preview(bank: Creditor, coordinator: Membership) -> None:
    """S003-02: shaped, previewed, saved and made by a coordinator."""
    case_in(portfolio_of(bank), contract_no="A-1")
    browser = factories.client_of(coordinator)

    seen = browser.post(reverse("tailored-report-new"), form_of(bank) | {"preview": "1"})
    assert (seen.context["preview"]["total"], ReportDefinition.objects.count()) == (1, 0)

    assert browser.post(reverse("tailored-report-new"), form_of(bank) | {"save": "1"}).status_code == 302
    definition = ReportDefinition.objects.get()
    run = browser.post(reverse("tailored-report-run", args=[definition.id]), {"month": "2026-10"}, follow=True)
    assert [one.month for one in run.context["made"]] == [OCTOBER]
    assert browser.get(reverse("tailored-reports")).context["page"].paginator.count == 1


@pytest.mark.parametrize("wrong", [{"columns": []}, {"day_of_month": "30"}, {"name": "Taken"}])
def test_a_slip_keeps_what_was_typed(bank: Creditor, coordinator: Membership, wrong: dict[str, Any]) -> None:
    shape(bank, coordinator, name="Taken")
    answer = factories.client_of(coordinator).post(
        reverse("tailored-report-new"), form_of(bank) | wrong | {"save": "1"}
    )
    assert answer.status_code in (409, 422)
    assert 'value="2026-10"' in answer.content.decode()


def test_a_portfolio_of_another_creditor_is_refused(bank: Creditor, coordinator: Membership) -> None:
    portfolio = portfolio_of(factories.make_creditor(name="Other Bank"))
    browser = factories.client_of(coordinator)
    answer = browser.post(reverse("tailored-report-new"), form_of(bank, portfolio=portfolio.id) | {"save": "1"})
    assert "another creditor" in answer.content.decode()


def make_and_be_killed(definition: ReportDefinition) -> None:
    with transaction.atomic():
        make(definition)
        raise RuntimeError("killed")


def test_a_run_that_was_lost_is_done_by_the_next_and_never_twice(agency: Agency) -> None:
    """S003-02: whoever is killed on the way leaves nothing behind; the clock's next turn makes the report."""
    by = factories.make_member(agency, "COORDINATOR")
    with agency_scope(agency.id):
        definition = shape(factories.make_creditor(name="First Bank"), by, day_of_month=1)
        with pytest.raises(RuntimeError):
            make_and_be_killed(definition)
        assert not CreditorReport.objects.exists()
    for _turn in range(2):
        tasks.make_report(agency.id, definition.id, "2026-10-01")
    with agency_scope(agency.id):
        assert CreditorReport.objects.count() == 1
