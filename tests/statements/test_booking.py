"""A line of a statement is settled once: booked, taking a payment back, or set aside; and it can be opened again."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event
from cases import statement_booking
from ledger import proof
from ledger.models import Payment, StatementLine
from ledger.posting import PaymentExceedsBalance
from tests import factories
from tests.statements.conftest import NOW, lines
from tests.statements.samples import Row, mt940

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_agency")]


@pytest.fixture
def case():
    return factories.make_case(amount=300, contract_no="MD-2024/00123")


@pytest.fixture
def line(take_in):
    take_in(mt940([Row(200, text="datorie")]))
    return lines()[0]


def test_a_line_booked_by_a_person_is_a_payment_of_the_day_it_came_in(line, case, coordinator):
    payment = statement_booking.book(line, case, by=coordinator, now=NOW)
    line.refresh_from_db()
    assert (line.state, line.how, line.payment_id, line.decided_by) == (
        "BOOKED",
        "PERSON",
        payment.id,
        coordinator.user,
    )
    assert (payment.amount, payment.received_on, payment.source) == (200, line.booked_on, "STATEMENT")
    assert case.balance == 100
    event = Event.objects.get(kind="case.statement_line_booked")
    assert event.case_id == case.id
    assert "datorie" not in str(event.data)


def test_a_line_is_booked_once(line, case, coordinator):
    statement_booking.book(line, case, by=coordinator, now=NOW)
    with pytest.raises(statement_booking.LineIsSettled):
        statement_booking.book(line, case, by=coordinator, now=NOW)
    assert Payment.objects.count() == 1


def test_more_than_is_owed_is_refused_and_nothing_is_left_behind(line, coordinator):
    small = factories.make_case(amount=150)
    with pytest.raises(PaymentExceedsBalance):
        statement_booking.book(line, small, by=coordinator, now=NOW)
    line.refresh_from_db()
    assert line.state == "OPEN"
    assert not Payment.objects.exists()


def test_a_part_may_be_booked_and_the_rest_waits(line, coordinator):
    small = factories.make_case(amount=150)
    statement_booking.book(line, small, amount=Decimal(150), by=coordinator, now=NOW)
    whole, part, rest = lines()
    assert (whole.state, part.state, rest.state) == ("SPLIT", "BOOKED", "OPEN")
    assert (part.amount, rest.amount) == (150, 50)
    assert rest.part_of_id == whole.id
    small.refresh_from_db()
    assert small.stage == "CLOSED"


@pytest.mark.parametrize("part", [Decimal(201), Decimal("0.001"), Decimal(-1)])
def test_a_part_is_money_and_less_than_the_line(line, case, coordinator, part):
    with pytest.raises(statement_booking.Refused):
        statement_booking.book(line, case, amount=part, by=coordinator, now=NOW)
    assert len(lines()) == 1


def test_another_currency_is_refused(line, coordinator):
    foreign = factories.make_case(portfolio=factories.make_portfolio(factories.make_mandate(currency="EUR")))
    with pytest.raises(statement_booking.LineIsInAnotherCurrency):
        statement_booking.book(line, foreign, by=coordinator, now=NOW)


def test_undoing_a_match_reverses_the_payment_and_opens_the_line(line, case, coordinator):
    payment = statement_booking.book(line, case, by=coordinator, now=NOW)
    statement_booking.reopen(line, by=coordinator, now=NOW)
    line.refresh_from_db()
    payment.refresh_from_db()
    case.refresh_from_db()
    assert (line.state, line.payment, line.how) == ("OPEN", None, "")
    assert payment.reversed_at == NOW
    assert case.balance == 300
    other = factories.make_case(amount=300)
    statement_booking.book(line, other, by=coordinator, now=NOW)
    assert other.balance == 100


def test_a_case_closed_by_a_wrong_match_is_reopened_by_the_undo(line, coordinator):
    paid = factories.make_case(amount=200)
    statement_booking.book(line, paid, by=coordinator, now=NOW)
    statement_booking.reopen(line, by=coordinator, now=NOW)
    paid.refresh_from_db()
    assert paid.stage != "CLOSED"
    assert paid.balance == 200


def test_a_payment_reversed_on_its_case_is_not_reversed_twice(line, case, coordinator):
    payment = statement_booking.book(line, case, by=coordinator, now=NOW)
    statement_booking.money.reverse_payment(case, payment, by=coordinator, now=NOW, reason="bounced")
    statement_booking.reopen(line, by=coordinator, now=NOW)
    line.refresh_from_db()
    assert line.state == "OPEN"


def test_a_bounced_payment_is_taken_back_by_the_outgoing_line(take_in, case, coordinator):
    take_in(mt940([Row(200, text="MD-2024/00123", reference="E1"), Row(-200, reference="E1", reversal=True)]))
    paid, back = lines()
    statement_booking.take_back(back, paid.payment, by=coordinator, now=NOW)
    back.refresh_from_db()
    paid.payment.refresh_from_db()
    case.refresh_from_db()
    assert (back.state, back.payment_id) == ("BOOKED", paid.payment_id)
    assert paid.payment.reversed_at == NOW
    assert case.balance == 300
    with pytest.raises(statement_booking.ReturnStays):
        statement_booking.reopen(back, by=coordinator, now=NOW)


def test_a_return_of_another_sum_takes_nothing_back(take_in, case, coordinator):
    take_in(mt940([Row(200, text="MD-2024/00123"), Row(-150, reversal=True)]))
    paid, back = lines()
    with pytest.raises(statement_booking.LineDoesNotFit):
        statement_booking.take_back(back, paid.payment, by=coordinator, now=NOW)


def test_a_fee_is_set_aside_with_its_reason_and_can_be_opened_again(take_in, coordinator):
    take_in(mt940([Row(-2, text="Comision")]))
    (fee,) = lines()
    statement_booking.ignore(fee, reason="FEE", by=coordinator, now=NOW)
    fee.refresh_from_db()
    assert (fee.state, fee.reason) == ("IGNORED", "FEE")
    statement_booking.reopen(fee, by=coordinator, now=NOW)
    fee.refresh_from_db()
    assert (fee.state, fee.reason) == ("OPEN", "")


@pytest.mark.parametrize("reason", ["", "BECAUSE"])
def test_setting_aside_needs_a_reason_from_the_list(line, coordinator, reason):
    with pytest.raises(statement_booking.ReasonNotChosen):
        statement_booking.ignore(line, reason=reason, by=coordinator, now=NOW)


def test_an_open_line_cannot_be_undone(line, coordinator):
    with pytest.raises(statement_booking.LineIsOpen):
        statement_booking.reopen(line, by=coordinator, now=NOW)


def test_the_books_balance_after_all_this(take_in, case, coordinator):
    take_in(mt940([Row(100, text="MD-2024/00123"), Row(50, text="MD-2024/00123")]))
    statement_booking.reopen(lines()[0], by=coordinator, now=NOW)
    assert list(proof.prove()) == []


@pytest.mark.parametrize(
    "lie",
    [{"state": "BOOKED"}, {"state": "IGNORED"}, {"amount": 0}, {"reason": "FEE"}],
    ids=["booked without a payment", "set aside without a reason", "moves nothing", "a reason though open"],
)
def test_the_database_keeps_lines_truthful(line, lie):
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementLine.objects.filter(id=line.id).update(**lie)


def test_the_database_keeps_a_movement_once(line):
    line.pk, line._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)
