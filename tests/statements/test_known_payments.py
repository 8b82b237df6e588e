"""Money that was entered or reported before its line comes is booked once: a person says that it is the same."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from cases import money, payment_reports, statement_booking
from cases.models import ReportedPayment
from ledger import proof
from ledger.models import Payment
from portfolios.models import CreditorUser
from tests import factories
from tests.statements.conftest import NOW, lines
from tests.statements.samples import DAY, Row, mt940

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_agency")]


@pytest.fixture
def case():
    return factories.make_case(amount=500, contract_no="MD-2024/00123")


def known(case, amount=200, *, source="MANUAL", on=DAY - timedelta(days=2)):
    return money.take_payment(case, amount=Decimal(amount), received_on=on, by=None, now=NOW, source=source)


def arrives(take_in, amount=200, **row):
    take_in(mt940([Row(amount, text="contract MD-2024/00123", **row)]))
    return lines()[0]


@pytest.mark.parametrize("source", ["MANUAL", "CREDITOR"])
def test_a_line_of_a_known_payments_sum_waits_for_a_person(take_in, case, source):
    known(case, source=source)
    assert arrives(take_in).state == "OPEN"
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("amount", "on"), [(199, DAY), (200, DAY - timedelta(days=11))], ids=["another sum", "long before"]
)
def test_another_payment_holds_no_line_up(take_in, case, amount, on):
    known(case, amount, on=on)
    assert arrives(take_in).state == "BOOKED"


def test_a_payment_that_has_its_line_or_was_taken_back_holds_no_other_up(take_in, case, coordinator):
    back = known(case)
    money.reverse_payment(case, back, by=coordinator, now=NOW, reason="wrong")
    assert arrives(take_in).state == "BOOKED"
    take_in(mt940([Row(200, text="contract MD-2024/00123, noiembrie")], number="2/1", opening=1200))
    assert [one.state for one in lines()] == ["BOOKED", "BOOKED"]


def test_the_line_becomes_the_payment_entered_by_hand(take_in, case, coordinator):
    payment = known(case)
    line = arrives(take_in)
    statement_booking.link(line, payment, by=coordinator, now=NOW)
    line.refresh_from_db()
    case.refresh_from_db()
    assert (line.state, line.payment_id, case.balance) == ("BOOKED", payment.id, 300)
    assert proof.prove() == []


def test_undoing_it_opens_the_line_and_leaves_the_payment(take_in, case, coordinator):
    payment = known(case)
    line = arrives(take_in)
    statement_booking.link(line, payment, by=coordinator, now=NOW)
    statement_booking.reopen(line, by=coordinator, now=NOW)
    line.refresh_from_db()
    payment.refresh_from_db()
    assert (line.state, payment.reversed_at) == ("OPEN", None)


def test_a_payment_that_paid_everything_still_gets_its_line(take_in, case, coordinator):
    payment = known(case, 500)
    case.refresh_from_db()
    assert case.stage == "CLOSED"
    line = arrives(take_in, 500)
    statement_booking.link(line, payment, by=coordinator, now=NOW)
    line.refresh_from_db()
    assert line.state == "BOOKED"


def test_reported_money_that_is_on_our_account_is_ours_to_pay_over(take_in, case, coordinator):
    payment = known(case, 500, source="CREDITOR")
    report = ReportedPayment.objects.create(
        creditor=case.creditor, digest=b"1", contract_no=case.contract_no, amount=500, currency="MDL", received_on=DAY,
        state="BOOKED", case=case, payment=payment, via="API", reported_by=coordinator.user, reported_at=NOW,
    )  # fmt: skip
    line = arrives(take_in, 500)
    made = statement_booking.link(line, payment, by=coordinator, now=NOW)
    payment.refresh_from_db()
    report.refresh_from_db()
    case.refresh_from_db()
    assert payment.reversed_at is not None
    assert (made.source, made.received_on, report.payment_id) == ("STATEMENT", DAY - timedelta(days=2), made.id)
    assert (case.stage, case.balance) == ("CLOSED", 0)


def test_a_payment_is_one_line_only(take_in, case, coordinator):
    payment = known(case)
    arrives(take_in)
    statement_booking.link(lines()[0], payment, by=coordinator, now=NOW)
    take_in(mt940([Row(200, text="contract MD-2024/00123 iar")], number="2/1", opening=1200))
    statement_booking.reopen(lines()[1], by=coordinator, now=NOW)
    with pytest.raises(statement_booking.LineDoesNotFit):
        statement_booking.link(lines()[1], payment, by=coordinator, now=NOW)


def test_the_desk_offers_that_payment_first_and_books_nothing(take_in, case, coordinator):
    payment = known(case)
    line = arrives(take_in)
    browser = factories.client_of(coordinator)
    page = browser.get(reverse("statement-desk")).content.decode()
    assert "Booked already?" in page
    assert "Book as another payment" in page
    browser.post(reverse("statement-line-link", args=[line.id]), {"payment": payment.id})
    assert [(one.state, one.payment_id) for one in lines()] == [("BOOKED", payment.id)]
    assert Payment.objects.count() == 1


def typed(on=DAY, amount="200", **more):
    return {"payment-amount": amount, "payment-received_on": str(on), "payment-source": "MANUAL"} | more


def test_money_that_came_from_the_bank_is_asked_about_before_it_is_booked_by_hand_too(take_in, case, coordinator):
    arrives(take_in)
    browser = factories.client_of(coordinator)
    asked = browser.post(
        reverse("desk-payment", args=[case.id]), typed(DAY - timedelta(days=3), **{"payment-once": "1"})
    )
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "This looks like the payment of" in page
    assert 'type="checkbox" name="payment-again"' in page
    assert 'name="payment-amount" value="200"' in page
    assert Payment.objects.count() == 1
    browser.post(
        reverse("desk-payment", args=[case.id]),
        typed(DAY - timedelta(days=3), **{"payment-once": "1", "payment-again": "on"}),
    )  # fmt: skip
    assert Payment.objects.count() == 2
    assert proof.prove() == []


@pytest.mark.parametrize(
    ("on", "amount"), [(DAY, "199"), (DAY - timedelta(days=11), "200")], ids=["another sum", "long before"]
)
def test_other_money_is_booked_by_hand_without_a_question(take_in, case, coordinator, on, amount):
    arrives(take_in)
    factories.client_of(coordinator).post(reverse("desk-payment", args=[case.id]), typed(on, amount))
    assert Payment.objects.count() == 2


def test_two_equal_payments_by_hand_and_one_taken_back_raise_no_question(take_in, case, coordinator):
    browser = factories.client_of(coordinator)
    for _each in range(2):
        browser.post(reverse("desk-payment", args=[case.id]), typed(amount="50"))
    line = arrives(take_in)
    statement_booking.reopen(line, by=coordinator, now=NOW)
    browser.post(reverse("desk-payment", args=[case.id]), typed())
    assert Payment.objects.filter(reversed_at=None).count() == 3


def reports(case, creditors, amount=200):
    said = payment_reports.Line(case.contract_no, Decimal(amount), "MDL", DAY)
    return payment_reports.report(case.creditor, [said], via="API", by=creditors, now=NOW)[0]


@pytest.fixture
def creditors(member, case):
    user = member("CREDITOR_USER")
    CreditorUser.objects.create(membership=user, creditor=case.creditor)
    return user


def test_a_report_of_money_that_came_from_the_bank_waits_for_a_person(take_in, case, creditors, coordinator):
    arrives(take_in)
    row = reports(case, creditors)
    assert (row.state, row.why, row.case_id) == ("OPEN", "looks_booked", case.id)
    assert reports(case, creditors).id == row.id
    assert Payment.objects.count() == 1
    page = factories.client_of(coordinator).get(reverse("reported-payments")).content.decode()
    assert "A payment of this sum near this day is booked already" in page
    payment_reports.book(row, by=coordinator, now=NOW)
    assert Payment.objects.count() == 2


@pytest.mark.parametrize("source", ["MANUAL", "CREDITOR"])
def test_a_report_of_money_entered_by_hand_waits_too(case, creditors, source):
    known(case, source=source)
    assert reports(case, creditors).why == "looks_booked"


def test_two_equal_payments_that_the_creditor_reports_are_two_even_when_one_is_on_our_account(
    take_in, case, creditors, coordinator
):
    first = reports(case, creditors)
    statement_booking.link(arrives(take_in), first.payment, by=coordinator, now=NOW)
    said = payment_reports.Line(case.contract_no, Decimal(200), "MDL", DAY, own_id="T-2")
    second = payment_reports.report(case.creditor, [said], via="API", by=creditors, now=NOW)[0]
    assert second.state == "BOOKED"
    assert Payment.objects.filter(reversed_at=None).count() == 2
