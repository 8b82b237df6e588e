"""Who says it is paid is asked for a proof only where our own data leave a doubt."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies.scope import agency_scope
from cases import claimed_payments
from cases.claimed_payments import Claim, Seen
from cases.models import Case, Disposition, DispositionCode, ReportedPayment
from ledger.models import BankAccount, BankStatement, StatementFile, StatementLine
from tests import factories

pytestmark = pytest.mark.django_db
Codes = Callable[[str], DispositionCode]
PAID_ON = date(2026, 11, 20)
CLAIM = Claim(Decimal(500), PAID_ON)


def look(case: Case, claim: Claim = CLAIM) -> claimed_payments.Evidence:
    with agency_scope(case.agency_id):
        return claimed_payments.look_for(case, claim)


def say_paid(browser: Client, case: Case, code_of: Codes, **more: str) -> Any:
    told = {"paid_on": "2026-11-20", "amount": "500", "direction": "IN"} | more
    return browser.post(f"/cases/{case.id}/result/", {"code": code_of("SAYS_PAID").id} | told)


def on_a_statement(case: Case, text: str, amount: int = 500) -> None:
    """A line of a bank statement that nobody booked yet."""
    with agency_scope(case.agency_id):
        account = BankAccount.objects.create(number="MD24AG000225100013104168", currency="MDL")
        file = StatementFile.objects.create(
            form="MT940", filename="day.sta", path="none", sha256="1" * 64, size=1, uploaded_at=timezone.now()
        )
        statement = BankStatement.objects.create(
            file=file, account=account, opening=0, opened_on=PAID_ON, closing=amount, closed_on=PAID_ON, lines=1
        )
        StatementLine.objects.create(
            statement=statement, account=account, at_line=1, booked_on=PAID_ON, value_on=PAID_ON, amount=amount,
            currency="MDL", digest=b"1", text=text,
        )  # fmt: skip


def test_a_payment_we_booked_needs_no_proof(case: Case) -> None:
    """S004-56."""
    with agency_scope(case.agency_id):
        factories.make_payment(case.account, amount=Decimal(500), received_on=date(2026, 11, 23))

    seen = look(case)

    assert (seen.seen, seen.proof_needed) == (Seen.BOOKED, False)
    assert "No proof is needed" in seen.sentence
    assert "You need not send us anything" in seen.say


def test_two_payments_that_make_up_the_sum_need_no_proof(case: Case) -> None:
    with agency_scope(case.agency_id):
        for amount in (200, 300):
            factories.make_payment(case.account, amount=Decimal(amount), received_on=PAID_ON)

    assert look(case).seen == Seen.BOOKED


def test_a_line_of_the_bank_that_names_the_contract_needs_no_proof(case: Case) -> None:
    on_a_statement(case, f"rata {case.contract_no}")

    assert look(case).seen == Seen.ARRIVED


def test_a_line_of_the_same_sum_that_names_another_contract_proves_nothing(case: Case) -> None:
    on_a_statement(case, "rata C-999999")

    assert look(case).proof_needed


def test_a_payment_the_creditor_reported_needs_no_proof(case: Case, collector: factories.Membership) -> None:
    with agency_scope(case.agency_id):
        ReportedPayment.objects.create(
            creditor=case.creditor, digest=b"1", contract_no=case.contract_no, amount=500, currency="MDL",
            received_on=PAID_ON, state="OPEN", why="over", via="WEB", reported_by=collector.user,
            reported_at=timezone.now(),
        )  # fmt: skip

    assert look(case).seen == Seen.ARRIVED


@pytest.mark.parametrize(
    ("amount", "received_on", "seen"),
    [(400, PAID_ON, Seen.OTHER_SUM), (500, date(2026, 10, 20), Seen.NOTHING)],
)
def test_another_sum_or_another_month_leaves_a_doubt(case: Case, amount: int, received_on: date, seen: Seen) -> None:
    """S004-56."""
    with agency_scope(case.agency_id):
        factories.make_payment(case.account, amount=Decimal(amount), received_on=received_on)

    assert (look(case).seen, look(case).proof_needed) == (seen, True)


def test_a_payment_that_was_taken_back_does_not_count(case: Case) -> None:
    with agency_scope(case.agency_id):
        factories.make_payment(case.account, amount=Decimal(500), received_on=PAID_ON, reversed_at=timezone.now())

    assert look(case).seen == Seen.NOTHING


def test_the_debtor_is_asked_to_write_the_contract_s_number_on_the_proof(case: Case) -> None:
    """S004-57."""
    seen = look(case)

    assert f"write contract number {case.contract_no} on it" in seen.say
    assert f"Ask for a proof with contract {case.contract_no}" in seen.sentence


def test_the_script_says_it_too(browser: Client, case: Case) -> None:
    """S004-57."""
    assert f"write contract number {case.contract_no} on it" in browser.get(f"/cases/{case.id}/").content.decode()


def test_the_desk_says_what_we_see_while_it_is_typed(browser: Client, case: Case) -> None:
    with agency_scope(case.agency_id):
        factories.make_payment(case.account, amount=Decimal(500), received_on=PAID_ON)

    seen = browser.get(f"/cases/{case.id}/paid/?paid_on=2026-11-20&amount=500,00").content.decode()
    unseen = browser.get(f"/cases/{case.id}/paid/?paid_on=2026-11-20&amount=600").content.decode()

    assert "No proof needed" in seen
    assert "Proof needed" in unseen
    assert browser.get(f"/cases/{case.id}/paid/?paid_on=&amount=600").content.decode().strip() == ""


def test_the_result_keeps_whether_a_proof_was_asked_for(browser: Client, case: Case, code_of: Codes) -> None:
    """S004-56."""
    say_paid(browser, case, code_of)

    with agency_scope(case.agency_id):
        assert Disposition.objects.get().details["proof"] == "ASKED"


def test_while_it_is_looked_for_the_case_shows_what_was_said_and_what_we_see(
    browser: Client, case: Case, code_of: Codes
) -> None:
    say_paid(browser, case, code_of, bank="Banca Codru", town="Orhei")

    page = browser.get(f"/cases/{case.id}/").content.decode()
    assert "Banca Codru · Orhei" in page
    assert "We see no such payment" in page
    assert "Keep the proof" in page


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"amount": "five"}, "Write the amount in figures"),
        ({"amount": ""}, "Ask for the day and the amount"),
        ({"paid_on": "2026-12-01"}, "For a later day record a promise"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_in_words_and_kept_in_the_form(
    browser: Client, case: Case, code_of: Codes, told: dict[str, str], sentence: str
) -> None:
    response = say_paid(browser, case, code_of, bank="Banca Codru", **told)

    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert 'value="Banca Codru"' in page
