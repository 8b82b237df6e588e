"""The proof looks at what people see: the case's copies of the books, statement lines, and what was closed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from cases import money
from cases.models import Case, Roll
from ledger import posting, proof
from ledger.models import Due, Payment
from tests import factories
from tests.factories import TODAY

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def case(in_agency):
    return factories.make_case(amount=1000, days_past_due=40)


def faults(*, now=NOW):
    return [fault.what for fault in proof.prove(now=now)]


def pay(case, amount):
    return money.take_payment(case, amount=Decimal(amount), received_on=TODAY, by=None, now=NOW)


def test_right_books_have_no_fault(case):
    pay(case, 300)
    assert faults() == []


def test_a_balance_that_people_see_and_nobody_owes_is_found(case):
    Case.objects.filter(id=case.id).update(balance=999)
    assert faults() == ["cases whose balance differs from their account"]


@pytest.mark.parametrize("wrong", [{"overdue": 1001}, {"overdue": 10}, {"oldest_due_on": TODAY}])
def test_a_sum_past_due_that_is_none_of_the_dues_is_found(case, wrong):
    Case.objects.filter(id=case.id).update(**wrong)
    assert faults() == ["cases whose sum past due differs from their dues"]


def test_what_fell_due_since_the_last_night_is_counted_by_the_next(case):
    Due.objects.create(account=case.account, due_on=TODAY, amount=100)
    factories.raise_principal(case.account, Decimal(100))
    money.refresh(case, TODAY)
    tomorrow = NOW + timedelta(days=1)
    assert faults(now=tomorrow) == []
    Roll.objects.create(on=TODAY + timedelta(days=1), rolled_at=tomorrow, moved=0)
    assert faults(now=tomorrow) == ["cases whose sum past due differs from their dues"]
    money.refresh_fallen_due(since=TODAY, as_of=TODAY + timedelta(days=1))
    assert faults(now=tomorrow) == []


def test_a_case_closed_as_paid_that_owes_something_is_found(case):
    payment = pay(case, 1000)
    assert faults() == []
    posting.reverse(payment.entry, by=None, now=NOW, reason="past the case")
    money.refresh(Case.objects.select_related("account").get(id=case.id), TODAY)
    assert faults() == ["cases closed as paid or settled that owe something"]


@pytest.mark.parametrize("change", [{"amount": 1}, {"received_on": TODAY - timedelta(days=9)}, {"source": "CREDITOR"}])
def test_a_payment_stays_as_it_was_booked(case, change):
    payment = pay(case, 300)
    with pytest.raises(IntegrityError, match="stays as it was booked"), transaction.atomic():
        Payment.objects.filter(id=payment.id).update(**change)
    with pytest.raises(IntegrityError, match="stays as it was booked"), transaction.atomic():
        Payment.objects.filter(id=payment.id).delete()


def test_a_payment_goes_to_no_other_case_and_is_reversed_once(case):
    payment, other = pay(case, 300), factories.make_account()
    with pytest.raises(IntegrityError, match="stays as it was booked"), transaction.atomic():
        Payment.objects.filter(id=payment.id).update(account=other)
    money.reverse_payment(case, payment, by=None, now=NOW, reason="Bounced", bounced=True)
    for again in (None, NOW + timedelta(days=1)):
        with pytest.raises(IntegrityError, match="stays as it was booked"), transaction.atomic():
            Payment.objects.filter(id=payment.id).update(reversed_at=again)
