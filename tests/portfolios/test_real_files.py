"""Files nobody here wrote, mapped as a creditor would map them; small look-alikes of the same shape run everywhere.

What the mappings decide: IBM's receivables name no person, so the customer's number names a company, a disputed or
settled invoice stays with the creditor, and as open items the settlement is not yet known. Berka's loans name nobody
either: the account's number is the debtor's reference, status B (finished, not paid) is read as 91 days past due, D
(running, in debt) as 31, A and C are left out. OpenIntro has neither numbers nor names: the row's number stands in.
openNPL's loans bring their counterparties along.
"""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from portfolios.models import CaseFile, CaseFileRow
from tests import factories
from tests.opening.files import checked, verdicts

pytestmark = pytest.mark.django_db

MAPPINGS = Path(__file__).parent / "mappings"
DATA = Path(settings.BASE_DIR).parent / "shared" / "data"

IBM = "ibm_ar/WA_Fn-UseC_-Accounts-Receivable.csv"
NPL = "eba_npl_opennpl/npl_portfolio__fixtures__synthetic_data_1.json"
REAL: dict[str, tuple[str, str, dict[str, int], str]] = {
    "ibm_ar_as_open_items": (IBM, "USD", {"new": 1905, "ineligible": 561, "error": 0, "duplicate": 0}, "110957.06"),
    "ibm_ar_as_history": (IBM, "USD", {"new": 0, "ineligible": 2466, "error": 0, "duplicate": 0}, "0"),
    "openintro_loans": (
        "openintro_loans/loans_full_schema.csv", "USD", {"new": 9545, "ineligible": 455, "error": 0, "duplicate": 0},
        "144589166.10",
    ),
    "berka_loan": (
        "berka_relational/loan.csv", "CZK", {"new": 76, "ineligible": 606, "error": 0, "duplicate": 0}, "15580152.00",
    ),
    "opennpl_loans": (NPL, "NOK", {"new": 200, "ineligible": 0, "error": 0, "duplicate": 0}, "7218.00"),
}  # fmt: skip
LETTERS = [chr(65 + n) for n in range(26)]
ANY_CURRENCY = [a + b + c for a in LETTERS for b in LETTERS for c in LETTERS]


def mapping_of(name: str) -> dict[str, Any]:
    return json.loads((MAPPINGS / f"{name}.json").read_text(encoding="utf-8"))


def checked_as(name: str, content: bytes, currency: str, member: Any, filename: str) -> CaseFile:
    others = ANY_CURRENCY if name.startswith("opennpl") else []
    portfolio = factories.make_portfolio(factories.make_mandate(currency=currency, other_currencies=others))
    return checked(portfolio, content, member("COORDINATOR"), spec=mapping_of(name), filename=filename)


def real_sources() -> list[str]:
    return [name for name, (path, *_rest) in REAL.items() if (DATA / path).exists()]


def row(name: str, **cells: str) -> dict[str, str]:
    """A row with every column of the mapping, "NA" where nothing else is said."""
    return {column["column"]: "NA" for column in mapping_of(name)["columns"]} | cells


def as_csv(rows: list[dict[str, str]], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def npl_fixture() -> bytes:
    records = [
        {"model": "npl_portfolio.counterparty", "pk": 7, "fields": {
            "counterparty_identifier": "CP7", "name_of_counterparty": "Lucerna a.s.", "borrower_type": 1}},
        {"model": "npl_portfolio.loan", "pk": 9, "fields": {
            "instrument_identifier": "LN-9", "counterparty_identifier": 7, "principal_balance": 700.5,
            "accrued_interest_balance_on_book": 20, "days_in_pastdue": 120, "loan_currency": "EUR"}},
    ]  # fmt: skip
    return json.dumps(records).encode()


def as_npl_spec() -> dict[str, Any]:
    names = ["pk", "instrument_identifier", "counterparty_identifier", "principal_balance",
             "accrued_interest_balance_on_book", "days_in_pastdue", "loan_currency",
             "counterparty_identifier>counterparty_identifier", "counterparty_identifier>name_of_counterparty",
             "counterparty_identifier>borrower_type"]  # fmt: skip
    spec = mapping_of("opennpl_loans")
    return spec | {"columns": [column for column in spec["columns"] if column["column"] in names]}


@pytest.mark.parametrize("name", real_sources())
def test_a_real_file_is_taken_over(name, in_agency, member):
    """S003-03."""
    path, currency, counts, total = REAL[name]
    case_file = checked_as(name, (DATA / path).read_bytes(), currency, member, Path(path).name)
    assert case_file.counts | counts == case_file.counts
    assert case_file.sums.get(currency, {"total": "0"})["total"] == total


def test_receivables_of_companies_in_the_american_order_of_days(in_agency, member):
    rows = [
        row("ibm_ar_as_open_items", customerID="1-A", invoiceNumber="11", InvoiceDate="1/2/2013", DueDate="2/13/2013",
            InvoiceAmount="55.94", Disputed="No"),
        row("ibm_ar_as_open_items", customerID="1-A", invoiceNumber="12", InvoiceDate="1/2/2013", DueDate="2/1/2013",
            InvoiceAmount="5.00", Disputed="Yes"),
    ]  # fmt: skip
    case_file = checked_as("ibm_ar_as_open_items", as_csv(rows), "USD", member, "receivables.csv")
    assert verdicts(case_file) == ["NEW", "INELIGIBLE"]
    assert case_file.sums["USD"]["total"] == "55.94"


def test_loans_without_numbers_or_names_get_them_from_the_row(in_agency, member):
    rows = [
        row("openintro_loans", loan_status="Late (31-120 days)", balance="27015.86", installment="652.53"),
        row("openintro_loans", loan_status="Fully Paid", balance="0", installment="10"),
        row("openintro_loans", loan_status="Current", balance="10", installment="10"),
    ]
    case_file = checked_as("openintro_loans", as_csv(rows), "USD", member, "loans.csv")
    first = CaseFileRow.objects.order_by("line").first()
    assert verdicts(case_file) == ["NEW", "INELIGIBLE", "NEW"]
    assert (first.contract_no, first.values["persons"][0]["name"]) == ("OI-2", "Borrower 2")
    assert first.values["dues"][0][0] == "2018-03-30"


def test_loans_with_days_in_six_digits_and_status_letters(in_agency, member):
    same = {"account_id": "17", "date": "930705", "amount": "96396", "payments": "8033.00"}
    rows = [row("berka_loan", loan_id=str(n), status=status, **same) for n, status in enumerate("ABCD")]
    case_file = checked_as("berka_loan", as_csv(rows, ";"), "CZK", member, "loan.csv")
    taken = CaseFileRow.objects.filter(verdict="NEW").order_by("line")
    assert verdicts(case_file) == ["INELIGIBLE", "NEW", "INELIGIBLE", "NEW"]
    assert taken[0].values["facts"]["contract_signed_on"] == "1993-07-05"
    assert [r.values["dues"][0][0] for r in taken] == ["1998-10-01", "1998-11-30"]


def test_loans_of_a_django_fixture_bring_their_counterparty_along(in_agency, member):
    portfolio = factories.make_portfolio(factories.make_mandate(currency="EUR"))
    case_file = checked(portfolio, npl_fixture(), member("COORDINATOR"), spec=as_npl_spec(), filename="npl.json")
    values = CaseFileRow.objects.get().values
    assert verdicts(case_file) == ["NEW"]
    assert (values["persons"][0]["name"], values["persons"][0]["kind"]) == ("Lucerna a.s.", "COMPANY")
    assert values["amounts"] == {"PRINCIPAL": "700.50", "INTEREST": "20.00"}
