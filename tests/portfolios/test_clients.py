"""Which clients of a bank may be taken over with all they owe, and which stay (S004-05, S004-06, S004-07)."""

from decimal import Decimal

import pytest

from cases.models import Case
from portfolios import checking
from portfolios.models import CaseFileRow
from tests import factories
from tests.opening.files import checked, csv_of, opened

pytestmark = pytest.mark.django_db

HEADER = "Contract;Client;CNP;Nume;Garantat;Sold;Zile;Stare"
MEANINGS = (
    "contract_no", "debtor_reference", "national_id", "debtor_name", "secured", "total", "days_past_due", "status",
)  # fmt: skip
SPEC = {"columns": [{"column": c, "to": m} for c, m in zip(HEADER.split(";"), MEANINGS, strict=True)]}
CNP = ("1800101221144", "2850505123459")


@pytest.fixture
def portfolio(in_agency):
    """The bank's mandate: secured loans of private persons, more than 90 days past due."""
    mandate = factories.make_mandate(
        factories.make_creditor(country="RO"), currency="RON", requires_secured=True, min_days_past_due=91,
        persons_only=True,
    )  # fmt: skip
    return factories.make_portfolio(mandate)


@pytest.fixture
def by(member, in_agency):
    return member("COORDINATOR")


def row(contract: str, client: str = "", *, secured: bool, days: int, status: str = "", cnp: str = "") -> str:
    return f"{contract};{client};{cnp};Ion Popa;{'da' if secured else 'nu'};1000;{days};{status}"


def told(portfolio, by, *lines: str) -> dict[str, tuple[str, list[str]]]:
    """Contract number -> (verdict, reasons) of a checked file."""
    case_file = checked(portfolio, csv_of(*lines, header=HEADER), by, spec=SPEC)
    rows = CaseFileRow.objects.filter(case_file=case_file)
    return {row.contract_no: (row.verdict, [said["code"] for said in row.reasons]) for row in rows}


TAKEN, ALONG = ("NEW", []), ("NEW", ["goes_along"])


def test_s004_05_the_summary_splits_the_exposure_into_secured_and_unsecured(portfolio, by):
    """S004-05."""
    lines = [row("K1", "7", secured=True, days=100), row("K2", "7", secured=False, days=5)]
    case_file = checked(portfolio, csv_of(*lines, header=HEADER), by, spec=SPEC)
    assert case_file.counts["new"] == 2
    assert case_file.sums["RON"] == {
        "total": "2000.00", "secured": "1000.00", "unsecured": "1000.00", "cases": 2, "secured_cases": 1,
    }  # fmt: skip


def test_s004_06a_days_are_counted_at_the_secured_product(portfolio, by):
    """S004-06."""
    found = told(
        portfolio, by, row("S-over", "7", secured=True, days=91), row("U-young", "7", secured=False, days=2),
        row("S-young", "8", secured=True, days=30), row("U-over", "8", secured=False, days=400),
    )  # fmt: skip
    assert found == {
        "S-over": TAKEN, "U-young": ALONG, "S-young": ("INELIGIBLE", ["too_few_days"]),
        "U-over": ("INELIGIBLE", ["unsecured"]),
    }  # fmt: skip


def test_s004_06a_each_secured_product_keeps_the_limit_by_itself(portfolio, by):
    found = told(portfolio, by, row("S1", "7", secured=True, days=120), row("S2", "7", secured=True, days=90))
    assert found == {"S1": TAKEN, "S2": ("INELIGIBLE", ["too_few_days"])}


def test_s004_07a_a_client_with_unsecured_credits_alone_stays_with_the_bank(portfolio, by):
    """S004-07."""
    found = told(portfolio, by, row("U1", "7", secured=False, days=400), row("U2", "7", secured=False, days=2))
    assert found == {"U1": ("INELIGIBLE", ["unsecured"]), "U2": ("INELIGIBLE", ["unsecured", "too_few_days"])}


def test_s004_07b_a_client_whose_secured_credit_is_not_late_enough_stays(portfolio, by):
    """S004-07."""
    found = told(portfolio, by, row("S1", "7", secured=True, days=90), row("U1", "7", secured=False, days=95))
    assert {verdict for verdict, _codes in found.values()} == {"INELIGIBLE"}


def test_s004_07c_a_client_whose_secured_credit_may_not_be_taken_stays(portfolio, by):
    """S004-07."""
    found = told(
        portfolio, by, row("S1", "7", secured=True, days=95, status="restructurare"),
        row("U1", "7", secured=False, days=95),
    )  # fmt: skip
    assert found == {"S1": ("INELIGIBLE", ["status_RESTRUCTURING"]), "U1": ("INELIGIBLE", ["unsecured"])}


@pytest.mark.parametrize(("word", "kind"), [("frauda", "FRAUD"), ("litigiu", "LEGAL")])
def test_s004_07d_fraud_or_a_legal_procedure_on_any_product_keeps_the_whole_client(portfolio, by, word, kind):
    """S004-07."""
    found = told(
        portfolio, by, row("S1", "7", secured=True, days=95), row("U1", "7", secured=False, days=95),
        row("U2", "7", secured=False, days=95, status=word), row("S9", "9", secured=True, days=95),
    )  # fmt: skip
    assert found == {
        "S1": ("INELIGIBLE", [f"client_{kind}"]), "U1": ("INELIGIBLE", ["unsecured", f"client_{kind}"]),
        "U2": ("INELIGIBLE", [f"status_{kind}", "unsecured"]), "S9": TAKEN,
    }  # fmt: skip


def test_a_client_is_known_by_the_national_id_as_well(portfolio, by):
    found = told(
        portfolio, by, row("S1", secured=True, days=95, cnp=CNP[0]), row("U1", secured=False, days=3, cnp=CNP[0]),
        row("U2", secured=False, days=95, cnp=CNP[1]),
    )  # fmt: skip
    assert found == {"S1": TAKEN, "U1": ALONG, "U2": ("INELIGIBLE", ["unsecured"])}


def test_rows_without_any_number_of_the_client_are_strangers(portfolio, by):
    found = told(portfolio, by, row("S1", secured=True, days=95), row("U1", secured=False, days=95))
    assert found["U1"] == ("INELIGIBLE", ["unsecured"])


def test_a_row_that_lacks_something_else_does_not_go_along(portfolio, by):
    found = told(
        portfolio, by, row("S1", "7", secured=True, days=95), row("U1", "7", secured=False, days=95, status="angajat")
    )
    assert found["U1"] == ("INELIGIBLE", ["status_STAFF", "unsecured"])


def test_a_second_row_of_a_secured_contract_takes_nobody_along(portfolio, by):
    found = told(
        portfolio, by, row("K1", "9", secured=False, days=95), row("K1", "7", secured=True, days=95),
        row("U1", "7", secured=False, days=95),
    )  # fmt: skip
    assert found["U1"] == ("INELIGIBLE", ["unsecured"])


def test_the_decision_reaches_over_the_chunks_of_a_file(portfolio, by, monkeypatch):
    monkeypatch.setattr(checking.check, "__kwdefaults__", {"chunk": 1})
    found = told(portfolio, by, row("U1", "7", secured=False, days=3), row("S1", "7", secured=True, days=95))
    assert found == {"U1": ALONG, "S1": TAKEN}


def test_what_went_along_is_compared_with_its_case_when_the_next_file_comes(portfolio, by):
    lines = [row("S1", "7", secured=True, days=95), row("U1", "7", secured=False, days=3)]
    opened(portfolio, csv_of(*lines, header=HEADER), by, spec=SPEC)
    assert Case.objects.count() == 2
    paid = lines[0].replace("1000", "0")
    later = opened(portfolio, csv_of(paid, lines[1].replace("1000", "800"), header=HEADER), by)
    assert later.counts["changed"] == 2
    assert dict(Case.objects.values_list("contract_no", "balance")) == {"S1": Decimal(0), "U1": Decimal(800)}
    assert dict(Case.objects.values_list("contract_no", "stage"))["S1"] == "CLOSED"


def test_a_mandate_for_all_debts_takes_each_row_by_itself(in_agency, by):
    mandate = factories.make_mandate(factories.make_creditor(country="RO"), currency="RON")
    found = told(
        factories.make_portfolio(mandate), by, row("U1", "7", secured=False, days=3),
        row("U2", "7", secured=False, days=3, status="frauda"),
    )  # fmt: skip
    assert found == {"U1": TAKEN, "U2": ("INELIGIBLE", ["status_FRAUD"])}
