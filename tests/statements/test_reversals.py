"""A payment reversed on its case: the bank line and the report it came from follow; no money is lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from cases import money, payment_matching, payment_reports, reversals, statement_booking
from cases.models import Case, ReportedPayment
from ledger import proof
from ledger.models import Payment
from tests import factories
from tests.statements.conftest import NOW, lines
from tests.statements.samples import DAY, Row, mt940

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_agency")]


@pytest.fixture
def case():
    return factories.make_case(amount=300, contract_no="MD-2024/00123")


@pytest.fixture
def reverse_(case, coordinator):
    def reversed_(payment, cause):
        fresh = Case.objects.select_related("account", "mandate", "agency").get(account_id=payment.account_id)
        reversals.reverse(fresh, payment, cause=cause, reason="said so", by=coordinator, now=NOW)

    return reversed_


def booked(take_in, *rows, **options):
    take_in(mt940([Row(200, text="MD-2024/00123", reference="E1"), *rows], **options))
    return lines()


def test_a_payment_on_the_wrong_case_is_on_the_desk_again(take_in, case, reverse_, coordinator):
    (line,) = booked(take_in)
    reverse_(line.payment, "WRONG_CASE")
    line.refresh_from_db()
    assert (line.state, line.payment) == ("OPEN", None)
    right = factories.make_case(amount=900)
    statement_booking.book(line, right, by=coordinator, now=NOW)
    assert [(one.amount, one.reversed_at is None) for one in Payment.objects.order_by("id")] == [
        (200, False), (200, True)
    ]  # fmt: skip
    assert list(proof.prove()) == []


def test_a_payment_linked_with_its_line_and_on_the_wrong_case_gives_the_line_free(take_in, case, reverse_, coordinator):
    payment = money.take_payment(case, amount=Decimal(200), received_on=DAY, by=None, now=NOW)
    (line,) = booked(take_in)
    statement_booking.link(line, payment, by=coordinator, now=NOW)
    reverse_(payment, "WRONG_CASE")
    line.refresh_from_db()
    payment.refresh_from_db()
    assert (line.state, payment.reversed_at) == ("OPEN", NOW)


def test_a_bounce_seen_on_the_case_first_still_settles_its_outgoing_line(take_in, case, reverse_, coordinator):
    came, back = booked(take_in, Row(-200, text="Returnare", reference="E1", reversal=True))
    reverse_(came.payment, "BOUNCED")
    came.refresh_from_db()
    assert came.state == "BOOKED"
    assert proof.prove() == []
    (offered,) = payment_matching.returns(back)
    assert "Taken back on its case already" in [str(reason) for reason in offered.reasons]
    statement_booking.take_back(back, offered.payment, by=coordinator, now=NOW)
    back.refresh_from_db()
    case.refresh_from_db()
    assert (back.state, case.balance) == ("BOOKED", 300)
    assert list(proof.prove()) == []


def test_a_payment_is_taken_back_by_one_line(take_in, case, coordinator):
    came, back, again = booked(take_in, Row(-200, reference="E1"), Row(-200, text="iar", reference="E1"))
    statement_booking.take_back(back, came.payment, by=coordinator, now=NOW)
    assert payment_matching.returns(again) == []
    with pytest.raises(statement_booking.LineDoesNotFit):
        statement_booking.take_back(again, came.payment, by=coordinator, now=NOW)


def test_a_bounce_of_a_payment_without_a_line_is_set_aside_with_its_reason(take_in, case, coordinator):
    take_in(mt940([Row(-200, text="Returnare")]))
    statement_booking.ignore(lines()[0], reason="TAKEN_BACK", by=coordinator, now=NOW)
    assert lines()[0].state == "IGNORED"


def test_a_line_that_still_stands_for_a_payment_of_the_wrong_case_is_found_by_the_proof(take_in, case, coordinator):
    (line,) = booked(take_in)
    money.reverse_payment(case, line.payment, by=coordinator, now=NOW, reason="Namesake", bounced=False)
    assert [fault.what for fault in proof.prove()] == ["statement lines booked as a payment that was taken back"]


@pytest.fixture
def divided(take_in, coordinator):
    """A line of 200, 120 of it on one case and 80 on another, and the bank's return of the whole."""
    cases = [factories.make_case(amount=300), factories.make_case(amount=300)]
    take_in(mt940([Row(200, text="doua rate", reference="E7"), Row(-200, reference="E7", reversal=True)]))
    came, back = lines()
    statement_booking.book(came, cases[0], amount=Decimal(120), by=coordinator, now=NOW)
    return came, back, cases


def test_a_divided_payment_that_bounces_whole_is_taken_back_in_all_its_parts(divided, coordinator):
    _came, back, cases = divided
    statement_booking.book(lines(state="OPEN", amount=80)[0], cases[1], by=coordinator, now=NOW)
    (offered,) = payment_matching.returns(back)
    assert offered.parts == 2
    statement_booking.take_back(back, offered.payment, by=coordinator, now=NOW)
    assert [Case.objects.get(id=case.id).balance for case in cases] == [300, 300]
    parts = lines(part_of=back)
    assert [(one.amount, one.state) for one in parts] == [(-120, "BOOKED"), (-80, "BOOKED")]
    assert list(proof.prove()) == []


def test_a_part_that_was_set_aside_is_so_in_the_return_too(divided, coordinator):
    _came, back, _cases = divided
    statement_booking.ignore(lines(state="OPEN", amount=80)[0], reason="SENT_BACK", by=coordinator, now=NOW)
    (offered,) = payment_matching.returns(back)
    statement_booking.take_back(back, offered.payment, by=coordinator, now=NOW)
    assert [(one.amount, one.state) for one in lines(part_of=back)] == [(-120, "BOOKED"), (-80, "IGNORED")]


def test_a_divided_payment_with_an_open_part_waits(divided, coordinator):
    _came, back, _cases = divided
    assert payment_matching.returns(back) == []
    with pytest.raises(statement_booking.LineDoesNotFit):
        statement_booking.take_back(back, Payment.objects.get(), by=coordinator, now=NOW)
    assert Payment.objects.get().reversed_at is None


@pytest.fixture
def reported(case, member):
    line = payment_reports.Line("MD-2024/00123", Decimal(100), "MDL", date(2026, 11, 20), own_id="T-1")
    return payment_reports.report(case.creditor, [line], via="API", by=member("CREDITOR_USER"), now=NOW)[0]


def test_a_report_booked_on_the_wrong_case_can_be_booked_again(reported, reverse_, coordinator):
    reverse_(reported.payment, "WRONG_CASE")
    reported.refresh_from_db()
    assert (reported.state, reported.why, reported.payment) == ("OPEN", "taken_back", None)
    assert payment_reports.book(reported, by=coordinator, now=NOW).state == "BOOKED"


def test_a_reported_payment_that_bounced_says_so_to_the_creditor(reported, reverse_):
    reverse_(reported.payment, "BOUNCED")
    row = ReportedPayment.objects.get()
    assert (row.state, row.why) == ("DISMISSED", "bounced")
    assert str(payment_reports.WHY[row.why]).startswith("It was booked and taken back")


def test_the_case_page_asks_what_happened(take_in, case, coordinator):
    (line,) = booked(take_in)
    browser = factories.client_of(coordinator)
    page = browser.get(reverse("case", args=[case.id])).content.decode()
    assert "It belongs to another case" in page
    address = reverse("payment-reverse", args=[case.id, line.payment.entry_id])
    assert browser.post(address, {"reason": "x"}).status_code == 422
    browser.post(address, {"reason": "Namesake", "cause": "WRONG_CASE"})
    assert lines()[0].state == "OPEN"


def test_money_in_another_currency_gets_the_payment_entered_for_it(take_in, coordinator):
    portfolio = factories.make_portfolio(factories.make_mandate(currency="EUR"))
    case = factories.make_case(amount=300, contract_no="EU-2024/00123", portfolio=portfolio)
    take_in(mt940([Row(400, text="EU-2024/00123")]))
    line = lines()[0]
    with pytest.raises(statement_booking.LineIsInAnotherCurrency, match="then choose it for this line"):
        statement_booking.book(line, case, by=coordinator, now=NOW)
    payment = money.take_payment(case, amount=Decimal(20), received_on=DAY, by=None, now=NOW)
    (offered,) = payment_matching.suggestions(line)
    assert offered.known == payment
    statement_booking.link(line, payment, by=coordinator, now=NOW)
    case.refresh_from_db()
    assert (lines()[0].state, case.balance) == ("BOOKED", 280)
