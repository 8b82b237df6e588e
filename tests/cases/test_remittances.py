"""Remittance: every payment on exactly one statement, the agency's commission, and what is paid over."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from agencies.models import Membership
from agencies.scope import agency_scope
from cases import money, remittances
from cases.models import Case, Remittance, RemittanceLine
from common import kept_files
from ledger.models import Payment
from portfolios.models import CreditorUser
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = date(2026, 11, 24)
Member = Callable[..., Membership]


@pytest.fixture
def case(in_agency: factories.Agency) -> Case:
    made = factories.make_case(amount=1000)
    made.mandate.commission_percent = Decimal("12.50")
    made.mandate.save()
    return made


@pytest.fixture
def manager(member: Member) -> Membership:
    return member("MANAGER")


def pay(case: Case, amount: str, *, day: int = 20, source: str = "MANUAL") -> Payment:
    return money.take_payment(
        case, amount=Decimal(amount), received_on=date(2026, 11, day), by=None, now=NOW, source=source
    )


def issue(case: Case, by: Membership, *, through: date = TODAY) -> Remittance:
    return remittances.issue(case.mandate, currency=case.currency, through=through, by=by, now=NOW)


def test_the_agency_keeps_its_commission_and_pays_over_the_rest(case: Case, manager: Membership) -> None:
    pay(case, "100.00")
    pay(case, "33.33")

    made = issue(case, manager)

    assert (made.payments, made.collected) == (2, Decimal("133.33"))
    assert made.commission == Decimal("12.50") + Decimal("4.17")
    assert made.to_pay_over == Decimal("116.66")


def test_what_the_creditor_received_itself_earns_commission_only(case: Case, manager: Membership) -> None:
    pay(case, "200.00", source="CREDITOR")

    made = issue(case, manager)

    assert (made.collected, made.direct, made.commission) == (0, Decimal("200.00"), Decimal("25.00"))
    assert made.to_pay_over == Decimal("-25.00")


def test_a_payment_stands_on_one_statement_only(case: Case, manager: Membership) -> None:
    pay(case, "100.00")
    issue(case, manager)

    with pytest.raises(remittances.NothingToRemit):
        issue(case, manager)
    assert Remittance.objects.count() == 1


def test_a_payment_of_a_later_day_waits_for_the_next_statement(case: Case, manager: Membership) -> None:
    pay(case, "100.00", day=10)
    pay(case, "50.00", day=23)

    assert issue(case, manager, through=date(2026, 11, 15)).collected == Decimal("100.00")
    assert issue(case, manager).collected == Decimal("50.00")


def test_a_payment_reversed_before_its_statement_never_appears(case: Case, manager: Membership) -> None:
    bounced = pay(case, "100.00")
    pay(case, "10.00")
    money.reverse_payment(case, bounced, by=None, now=NOW, reason="Bounced")

    assert issue(case, manager).payments == 1


def test_a_payment_reversed_later_is_taken_back_on_the_next_statement(case: Case, manager: Membership) -> None:
    bounced = pay(case, "100.00")
    issue(case, manager)
    case.mandate.commission_percent = Decimal(50)
    case.mandate.save()
    money.reverse_payment(case, bounced, by=None, now=NOW, reason="Bounced")

    back = issue(case, manager)

    assert (back.collected, back.commission) == (Decimal("-100.00"), Decimal("-12.50"))
    with pytest.raises(remittances.NothingToRemit):
        issue(case, manager)


def test_a_reversal_alone_is_seen_waiting(case: Case, manager: Membership) -> None:
    bounced = pay(case, "100.00")
    issue(case, manager)
    browser = factories.client_of(manager)
    assert "Nothing waits" in browser.get(reverse("remittances")).content.decode()
    money.reverse_payment(case, bounced, by=None, now=NOW, reason="Bounced")

    assert remittances.waiting() == [(case.mandate_id, "MDL", 1, Decimal("-100.00"), bounced.received_on)]
    page = browser.get(reverse("remittances")).content.decode()
    assert "Nothing waits" not in page
    assert "Preview" in page


def test_the_day_must_have_come(case: Case, manager: Membership) -> None:
    pay(case, "100.00")

    with pytest.raises(remittances.DayHasNotEnded):
        issue(case, manager, through=date(2026, 12, 1))


def test_numbers_have_no_gap_even_when_nothing_waited(case: Case, manager: Membership) -> None:
    pay(case, "100.00")
    issue(case, manager)
    with pytest.raises(remittances.NothingToRemit):
        issue(case, manager)
    pay(case, "100.00")

    assert issue(case, manager).number == 2


def test_the_preview_is_what_the_statement_becomes(case: Case, manager: Membership) -> None:
    pay(case, "100.00")
    pay(case, "0.04", source="CREDITOR")
    totals, rows = remittances.preview(case.mandate, currency=case.currency, through=TODAY)

    made = issue(case, manager)

    assert remittances.rows_of(made) == rows
    assert (totals.collected, totals.direct, totals.commission, totals.to_pay_over) == (
        made.collected, made.direct, made.commission, made.to_pay_over,
    )  # fmt: skip


def test_the_lines_of_a_statement_never_change(case: Case, manager: Membership) -> None:
    pay(case, "100.00")
    issue(case, manager)

    with pytest.raises(DatabaseError), transaction.atomic():
        RemittanceLine.objects.update(commission=0)


def test_the_statement_is_kept_as_pdf_and_table(case: Case, manager: Membership) -> None:
    pay(case, "100.00")
    made = issue(case, manager)

    text = PdfReader(BytesIO(kept_files.read(made.pdf_path, made.pdf_sha256))).pages[0].extract_text()
    assert "87.50" in text
    assert case.contract_no in text
    sheet = load_workbook(BytesIO(kept_files.read(made.xlsx_path, made.xlsx_sha256))).active
    assert [cell.value for cell in sheet[6]][5] == 100


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 9_999), st.booleans(), st.booleans()), min_size=1, max_size=6))
def test_statements_add_up_to_the_payments_whatever_is_reversed_between(
    in_agency: factories.Agency, manager: Membership, history: list[tuple[int, bool, bool]]
) -> None:
    case = factories.make_case(amount=10_000)
    case.mandate.commission_percent = Decimal("7.35")
    case.mandate.save()
    for cents, issues, reverses in history:
        paid = pay(case, str(Decimal(cents) / 100))
        if issues:
            issue(case, manager)
        if reverses:
            money.reverse_payment(case, paid, by=None, now=NOW, reason="Bounced")
    if remittances.preview(case.mandate, currency=case.currency, through=TODAY)[0].payments:
        issue(case, manager)

    of_case = RemittanceLine.objects.filter(case=case)
    standing = Payment.objects.filter(account=case.account, reversed_at=None)
    assert sum(line.amount for line in of_case) == sum(payment.amount for payment in standing)
    left = [line for line in of_case if line.payment.reversed_at is None]
    assert sum(line.commission for line in of_case) == sum(line.commission for line in left)


def test_a_manager_issues_a_statement_and_marks_it_paid_over(case: Case, manager: Membership) -> None:
    pay(case, "100.00")
    browser = factories.client_of(manager)
    assert "Preview" in browser.get(reverse("remittances")).content.decode()
    chosen = {"mandate": case.mandate_id, "currency": "MDL", "through": "2026-11-23"}
    assert "87.50" in browser.get(reverse("remittance-preview"), chosen).content.decode()

    answer = browser.post(reverse("remittance-issue"), chosen, follow=True)
    assert "Paid over on" in answer.content.decode()
    with agency_scope(case.agency_id):
        made = Remittance.objects.get()
    assert browser.get(reverse("remittance-xlsx", args=[made.id])).status_code == 200
    browser.post(reverse("remittance-paid", args=[made.id]), {"on": "2026-11-24"})
    with agency_scope(case.agency_id):
        assert Remittance.objects.get().paid_over_on == TODAY


def test_a_creditor_reads_its_own_statements_only(case: Case, manager: Membership, member: Member) -> None:
    """S003-04."""
    pay(case, "100.00")
    made = issue(case, manager)
    own, other = member("CREDITOR_USER"), member("CREDITOR_USER")
    CreditorUser.objects.create(membership=own, creditor=case.creditor)
    CreditorUser.objects.create(membership=other, creditor=factories.make_creditor())
    address = reverse("creditor-remittance-pdf", args=[made.id])

    assert str(made) in factories.client_of(own).get(reverse("creditor-remittances")).content.decode()
    assert factories.client_of(own).get(address)["Content-Type"] == "application/pdf"
    assert str(made) not in factories.client_of(other).get(reverse("creditor-remittances")).content.decode()
    assert factories.client_of(other).get(address).status_code == 404
    assert factories.client_of(own).get(reverse("remittances")).status_code == 403
