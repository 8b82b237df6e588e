"""Payments a creditor reports: booked once, kept with the reason when they cannot be, whatever the file looks like."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from agencies.models import Membership
from agencies.scope import agency_scope
from agencies.tokens import issue_token
from cases import payment_files, payment_reports
from cases.models import Case, ReportedPayment
from cases.payment_reports import Line
from portfolios.models import CreditorUser
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAY = date(2026, 11, 20)
Member = Callable[..., Membership]


@pytest.fixture
def case(in_agency: factories.Agency) -> Case:
    return factories.make_case(amount=1000, contract_no="AB-1")


@pytest.fixture
def bank(case: Case, member: Member) -> Membership:
    user = member("CREDITOR_USER")
    CreditorUser.objects.create(membership=user, creditor=case.creditor)
    return user


def report(case: Case, by: Membership, *lines: Line) -> list[ReportedPayment]:
    return payment_reports.report(case.creditor, lines, via="API", by=by, now=NOW)


def line(amount: str = "100.00", **other: object) -> Line:
    return Line(**({"contract_no": "AB-1", "amount": Decimal(amount), "currency": "MDL", "received_on": DAY} | other))


def balance(case: Case) -> Decimal:
    with agency_scope(case.agency_id):
        return Decimal(Case.objects.get(id=case.id).balance)


def test_a_reported_payment_lowers_the_debt(case: Case, bank: Membership) -> None:
    (row,) = report(case, bank, line())

    assert (row.state, row.payment.source) == ("BOOKED", "CREDITOR")
    assert balance(case) == Decimal("900.00")


def test_the_same_report_twice_books_nothing_twice(case: Case, bank: Membership) -> None:
    first = report(case, bank, line(), line(), line("50.00"))
    again = report(case, bank, line(), line(), line("50.00"))

    assert [row.id for row in first] == [row.id for row in again]
    assert balance(case) == Decimal("750.00")


def test_the_creditors_own_number_is_booked_once_whatever_else_changes(case: Case, bank: Membership) -> None:
    report(case, bank, line(own_id="T-1"))
    report(case, bank, line(own_id="T-1", reference="Corrected"))

    assert balance(case) == Decimal("900.00")


def test_another_payment_under_a_number_that_was_used_is_kept_for_a_person(case: Case, bank: Membership) -> None:
    (first,) = report(case, bank, line(own_id="T-1"))
    (other,) = report(case, bank, line("110.00", own_id="T-1"))
    (again,) = report(case, bank, line("110.00", own_id="T-1"))

    assert (other.state, other.why, other.amount) == ("OPEN", "number_used", Decimal("110.00"))
    assert other.id == again.id != first.id
    assert balance(case) == Decimal("900.00")


def test_a_number_whose_payment_was_booked_in_parts_is_known_when_it_comes_again(
    case: Case, bank: Membership, member: Member
) -> None:
    (row,) = report(case, bank, line("1200.50", own_id="T-9"))
    payment_reports.book(row, by=member("COORDINATOR"), now=NOW)
    report(case, bank, line("1200.50", own_id="T-9"))

    assert ReportedPayment.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"contract_no": "XX"}, "unknown_contract"),
        ({"currency": "EUR"}, "other_currency"),
        ({"amount": "1000.01"}, "payment_exceeds_balance"),
        ({"received_on": date(2026, 12, 24)}, "paid_in_the_future"),
    ],
)
def test_what_cannot_be_booked_is_kept_with_its_reason(
    case: Case, bank: Membership, change: dict[str, object], why: str
) -> None:
    (row,) = report(case, bank, line(**change))

    assert (row.state, row.why) == ("OPEN", why)
    assert str(payment_reports.WHY[why])
    assert balance(case) == Decimal("1000.00")


def test_an_open_line_is_booked_once_its_case_exists(case: Case, bank: Membership, member: Member) -> None:
    (row,) = report(case, bank, line(contract_no="AB-2"))
    factories.make_case(portfolio=case.portfolio, contract_no="AB-2", amount=500)
    coordinator = member("COORDINATOR")

    payment_reports.book(row, by=coordinator, now=NOW)

    assert ReportedPayment.objects.get(id=row.id).state == "BOOKED"
    with pytest.raises(payment_reports.AlreadySettled):
        payment_reports.dismiss(row, by=coordinator, now=NOW)


def test_another_creditors_contract_is_unknown(case: Case, bank: Membership) -> None:
    factories.make_case(contract_no="ZZ-9")

    (row,) = report(case, bank, line(contract_no="ZZ-9"))
    assert row.why == "unknown_contract"


def read(tmp_path: Path, text: str, **more: str) -> payment_files.Table:
    path = tmp_path / "payments.csv"
    path.write_text(text, encoding="utf-8")
    return payment_files.read(path, currency="MDL", **more)


def test_a_table_is_read_in_its_own_language_and_marks(tmp_path: Path) -> None:
    table = read(
        tmp_path, "Nr. contract;Suma;Data plății;Referință\nAB-1;1.234,50;20.11.2026;OP 7\nAB-2;10;21.11.2026;\n"
    )

    assert [(number, one.amount, one.received_on) for number, one in table.lines] == [
        (2, Decimal("1234.50"), DAY), (3, Decimal("10.00"), date(2026, 11, 21)),
    ]  # fmt: skip
    assert not table.asks


def test_an_open_order_of_days_is_asked_and_never_guessed(tmp_path: Path) -> None:
    text = "contract,amount,date\nAB-1,10.00,01/02/2026\n"
    asked = read(tmp_path, text)

    assert asked.asks
    assert set(asked.orders) == {"DMY", "MDY"}
    assert read(tmp_path, text, order="MDY").lines[0][1].received_on == date(2026, 1, 2)


def test_lines_that_cannot_be_read_are_named_by_row_and_column(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        "contract,amount,date\nAB-1,ten,2026-11-20\n,5,2026-11-20\nAB-1,-5,2026-11-20\nAB-1,5,soon\nAB-1,5,2026-11-20\n",
    )

    assert [(one.row, one.column) for one in table.wrong] == [
        (2, "amount"),
        (3, "contract"),
        (4, "amount"),
        (5, "date"),
    ]
    assert len(table.lines) == 1


def test_a_missing_or_doubled_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(payment_files.ColumnMissing, match="day"):
        read(tmp_path, "contract,amount\nAB-1,5\n")
    with pytest.raises(payment_files.ColumnMissing, match="same"):
        read(tmp_path, "contract,amount,suma,date\nAB-1,5,5,2026-11-20\n")


def workbook(*rows: tuple[object, ...]) -> SimpleUploadedFile:
    book, out = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return SimpleUploadedFile("payments.xlsx", out.getvalue())


def test_a_creditor_uploads_looks_and_reports(case: Case, bank: Membership) -> None:
    browser, address = factories.client_of(bank), reverse("creditor-report")
    file = workbook(
        ("Contract", "Amount", "Date"), ("AB-1", 120.5, date(2026, 11, 20)), ("AB-1", None, date(2026, 11, 20))
    )

    page = browser.post(address, {"file": file})
    text = page.content.decode()
    assert "Row 3, column Amount" in text
    assert balance(case) == Decimal("1000.00")

    kept = {"sha256": page.context["sha256"], "name": "payments.xlsx", "order": "", "mark": "", "do": "report"}
    answer = browser.post(address, kept, follow=True).content.decode()
    assert "AB-1" in answer
    assert balance(case) == Decimal("879.50")
    browser.post(address, kept)
    assert balance(case) == Decimal("879.50")


def test_a_file_that_is_no_table_is_told(bank: Membership) -> None:
    browser = factories.client_of(bank)

    answer = browser.post(reverse("creditor-report"), {"file": SimpleUploadedFile("x.csv", b"%PDF-1.7 nothing")})
    assert answer.status_code == 422


def test_payments_are_reported_over_the_api(case: Case, bank: Membership) -> None:
    _token, secret = issue_token(bank, name="bank", by=bank.user)
    browser = Client(headers={"authorization": f"Bearer {secret}"})
    body = {
        "payments": [
            {"contract_no": "AB-1", "amount": "10.00", "currency": "MDL", "received_on": "2026-11-20", "id": "T-7"},
            {"contract_no": "NO", "amount": "10.00", "currency": "MDL", "received_on": "2026-11-20"},
        ]
    }
    headers = {"idempotency-key": "k1"}
    answer = browser.post("/api/v1/payments", body, content_type="application/json", headers=headers)

    assert answer.status_code == 200
    assert [one["state"] for one in answer.json()["results"]] == ["BOOKED", "OPEN"]
    again = browser.post("/api/v1/payments", body, content_type="application/json", headers=headers)
    assert again.json() == answer.json()
    assert balance(case) == Decimal("990.00")
    listed = browser.get("/api/v1/reported-payments?state=OPEN").json()["results"]
    assert [one["why"] for one in listed] == ["unknown_contract"]
    wrong = browser.post("/api/v1/payments", {"payments": [{"amount": "x"}]}, content_type="application/json")
    assert wrong.status_code in (400, 422)


def test_the_agency_sees_what_was_not_booked(case: Case, bank: Membership, member: Member) -> None:
    report(case, bank, line(contract_no="NO"))
    row = ReportedPayment.objects.get()
    browser = factories.client_of(member("COORDINATOR"))
    assert "No case has this contract number." in browser.get(reverse("reported-payments")).content.decode()

    browser.post(reverse("reported-payment-settle", args=[row.id]), {"do": "dismiss"})
    with agency_scope(case.agency_id):
        assert ReportedPayment.objects.get().state == "DISMISSED"
    assert factories.client_of(member("COLLECTOR")).get(reverse("reported-payments")).status_code == 403


def test_a_payment_above_the_debt_is_booked_up_to_it_and_the_rest_stays(
    case: Case, bank: Membership, member: Member
) -> None:
    report(case, bank, line("1200.50", own_id="T-9"))
    row = ReportedPayment.objects.get()
    assert (row.state, row.why) == ("OPEN", "payment_exceeds_balance")
    browser = factories.client_of(member("COORDINATOR"))
    assert "Book 1,000.00 MDL" in browser.get(reverse("reported-payments")).content.decode()

    page = browser.post(reverse("reported-payment-settle", args=[row.id]), {"do": "book"}, follow=True)

    assert "1,000.00 MDL is booked. The rest, 200.50 MDL, stays open" in page.content.decode()
    with agency_scope(case.agency_id):
        booked, rest = ReportedPayment.objects.order_by("id")
        assert (booked.state, booked.amount, booked.payment.source) == ("BOOKED", 1000, "CREDITOR")
        assert (rest.state, rest.amount, rest.contract_no) == ("OPEN", Decimal("200.50"), "AB-1")
        assert Case.objects.get(id=case.id).stage == "CLOSED"


def test_the_report_sent_again_after_a_part_was_booked_adds_nothing(
    case: Case, bank: Membership, member: Member
) -> None:
    (row,) = report(case, bank, line("1200.50"))
    payment_reports.book(row, by=member("COORDINATOR"), now=NOW)
    report(case, bank, line("1200.50"))

    assert sum(one.amount for one in ReportedPayment.objects.all()) == Decimal("1200.50")
    assert ReportedPayment.objects.count() == 2
