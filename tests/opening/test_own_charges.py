"""The creditor's new amounts leave alone what the agency charged itself and the debtor still owes."""

from decimal import Decimal

import pytest
from django.utils import timezone

from cases import money
from cases.models import Case
from ledger import posting, proof
from ledger.models import Due
from tests import factories
from tests.opening.files import ION, csv_of, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def portfolio(in_agency):
    return factories.make_portfolio()


@pytest.fixture
def by(member, in_agency):
    return member("COORDINATOR")


def charged(by, amount=30) -> Case:
    case = Case.objects.select_related("account").get()
    posting.post_cost(
        case.account, amount=Decimal(amount), incurred_on=factories.TODAY, by=by, now=timezone.now(), reference="Court"
    )
    return case


def test_a_court_fee_stays_when_the_creditor_lowers_the_principal(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    case = charged(by)
    opened(portfolio, csv_of(ION.replace("1000,00", "900,00")), by)
    case.account.refresh_from_db()
    assert (case.account.principal, case.account.costs) == (Decimal(900), Decimal(30))
    assert case.account.balance == Decimal("980.50")
    assert proof.prove() == []
    assert sorted(Due.objects.filter(account=case.account).values_list("amount", flat=True)) == [30, Decimal("950.50")]


def test_what_was_paid_of_it_is_gone(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    case = charged(by)
    money.take_payment(
        case, amount=Decimal("1050.50"), received_on=factories.TODAY, by=by, now=timezone.now(), reference="x",
        source="CREDITOR",
    )  # fmt: skip
    open_before = Case.objects.select_related("account").get().account
    opened(portfolio, csv_of(ION.replace("1000,00", "10,00")), by)
    case.account.refresh_from_db()
    assert case.account.balance == Decimal("60.50") + open_before.costs
    assert proof.prove() == []


def test_a_new_phone_alone_keeps_the_fee_and_its_due_day(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    case = charged(by)
    opened(portfolio, csv_of(ION.replace("069123456", "069999999")), by)
    case.account.refresh_from_db()
    assert case.account.costs == Decimal(30)
    assert Due.objects.get(account=case.account, amount=30).due_on == factories.TODAY
