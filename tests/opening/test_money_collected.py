"""A creditor's new file does not undo what the agency collected and has not told it yet (ADR 0009)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import money, remittances
from cases.models import Case, Remittance
from ledger import posting, proof
from ledger.models import Payment
from tests import factories
from tests.opening.files import ION, csv_of, opened

pytestmark = pytest.mark.django_db

HIGHER = ION.replace("50,50", "80,50")
"""Thirty of interest more than the first file's 1,050.50."""


@pytest.fixture
def portfolio(in_agency):
    return factories.make_portfolio()


@pytest.fixture
def by(member, in_agency):
    return member("COORDINATOR")


def the_case() -> Case:
    return Case.objects.select_related("account", "mandate", "agency").get()


def pays(by, amount, source="MANUAL") -> Payment:
    return money.take_payment(
        the_case(), amount=Decimal(amount), received_on=factories.TODAY, by=by, now=timezone.now(), source=source
    )


def tells(by, *, days_ago=1):
    """Issue the remittance statement, so many days before today."""
    case = the_case()
    made = remittances.issue(
        case.mandate, currency=case.currency, through=factories.TODAY, by=by, now=timezone.now()
    )  # fmt: skip
    Remittance.objects.filter(id=made.id).update(issued_at=timezone.now() - timedelta(days=days_ago))


def owed() -> Decimal:
    case = the_case()
    assert case.balance == case.account.balance
    assert proof.prove() == []
    return case.balance


def test_money_on_no_statement_yet_comes_off_what_the_creditor_states(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    pays(by, 200)
    opened(portfolio, csv_of(HIGHER), by)
    assert owed() == Decimal("880.50")


def test_money_the_creditor_was_told_of_is_in_its_amounts(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    pays(by, 200)
    tells(by)
    opened(portfolio, csv_of(ION.replace("1000,00", "850,50")), by)
    assert owed() == Decimal("901.00")


def test_a_statement_of_the_files_own_day_came_too_late_for_it(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    pays(by, 200)
    tells(by, days_ago=0)
    opened(portfolio, csv_of(HIGHER), by)
    assert owed() == Decimal("880.50")


def test_money_the_creditor_received_itself_is_in_its_amounts(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    pays(by, 200, source="CREDITOR")
    opened(portfolio, csv_of(ION.replace("1000,00", "850,50")), by)
    assert owed() == Decimal("901.00")


def test_money_taken_back_before_anybody_was_told_is_owed_again(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    money.reverse_payment(the_case(), pays(by, 200), by=by, now=timezone.now(), reason="bounced")
    opened(portfolio, csv_of(HIGHER), by)
    assert owed() == Decimal("1080.50")


def test_money_taken_back_after_the_creditor_was_told_is_owed_beside_what_it_states(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    payment = pays(by, 200)
    tells(by)
    money.reverse_payment(the_case(), payment, by=by, now=timezone.now(), reason="bounced")
    opened(portfolio, csv_of(ION.replace("1000,00", "850,50").replace("50,50;15", "80,50;15")), by)
    assert owed() == Decimal("1131.00")


def test_what_was_paid_of_interest_the_creditor_does_not_state_comes_off_the_principal(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    pays(by, 50)
    paid = Decimal("50.50") - the_case().account.interest
    opened(portfolio, csv_of(ION.replace("50,50", "0,00").replace("1000,00", "1100,00")), by)
    account = the_case().account
    assert paid > 0
    assert (account.principal, account.interest) == (1050, 0)
    assert owed() == 1050


def test_more_collected_than_stated_leaves_nothing_owed(portfolio, by):
    opened(portfolio, csv_of(ION), by)
    pays(by, 500)
    opened(portfolio, csv_of(ION.replace("1000,00", "100,00")), by)
    assert owed() == 0


CENTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(300), places=2)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(CENTS, min_size=1, max_size=3), fee=st.one_of(st.none(), CENTS),
    principal=st.decimals(min_value=Decimal(900), max_value=Decimal(1500), places=2),
    interest=st.decimals(min_value=0, max_value=Decimal(300), places=2),
)  # fmt: skip
def test_the_file_before_the_payments_and_after_them_leave_the_same_debt(
    portfolio, by, amounts, fee, principal, interest
):
    changed = ION.replace("1000,00", f"{principal}".replace(".", ",")).replace(
        ";50,50;", f";{interest};".replace(".", ",")
    )

    def file():
        opened(portfolio, csv_of(changed), by)

    def payments():
        for amount in amounts:
            pays(by, amount)

    debts = []
    for steps in ((file, payments), (payments, file)):
        with transaction.atomic():
            opened(portfolio, csv_of(ION), by)
            if fee is not None:
                posting.post_cost(
                    the_case().account, amount=fee, incurred_on=factories.TODAY, by=by, now=timezone.now(),
                    reference="Court",
                )  # fmt: skip
                money.refresh(the_case(), factories.TODAY)
            for step in steps:
                step()
            debts.append(owed())
            transaction.set_rollback(True)
    assert debts[0] == debts[1] == principal + interest + (fee or 0) - sum(amounts)
