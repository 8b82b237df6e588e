"""A payment lowers the debt, covers the oldest dues, cures or closes; a reversal brings it back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import money, transitions
from cases.models import Case
from ledger.models import Account, Due
from ledger.proof import prove
from tests import factories
from tests.factories import TODAY

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def case(in_agency):
    """Two instalments of 500: one 70 days past due, one due in 20 days."""
    case = factories.make_case(amount=1000, days_past_due=70, stage="SOFT")
    Due.objects.filter(account_id=case.account_id).update(amount=500)
    Due.objects.create(account=case.account, due_on=TODAY + timedelta(days=20), amount=500)
    money.refresh(case, TODAY)
    return case


def pay(case, amount):
    return money.take_payment(case, amount=Decimal(amount), received_on=TODAY, by=None, now=NOW)


def figures(case):
    return Case.objects.values_list("balance", "overdue", "stage").get(id=case.id)


def test_what_is_past_due_is_known(case):
    assert (case.overdue, case.dpd(TODAY)) == (Decimal(500), 70)


def test_a_part_payment_lowers_what_is_past_due(case):
    pay(case, 200)
    assert figures(case) == (Decimal(800), Decimal(300), "SOFT")


def test_the_whole_arrears_cure_the_case(case):
    """S000-05, S000-19, S002-02."""
    pay(case, 500)
    assert figures(case) == (Decimal(500), Decimal(0), "WATCH")
    assert Case.objects.get(id=case.id).oldest_due_on is None


def test_the_last_cent_closes_the_case(case):
    pay(case, 1000)
    case = Case.objects.get(id=case.id)
    assert (case.stage, case.close_reason) == ("CLOSED", "PAID")


def test_a_closed_case_takes_no_money(case):
    pay(case, 1000)
    with pytest.raises(money.CaseTakesNoMoney):
        pay(case, 1)


def test_a_bounced_payment_reopens_the_case_in_its_stage(case):
    payment = pay(case, 1000)
    money.reverse_payment(case, payment, by=None, now=NOW, reason="Bounced")
    assert figures(case) == (Decimal(1000), Decimal(500), "SOFT")
    assert prove() == []


def test_a_due_that_falls_due_makes_the_case_late_again(case):
    pay(case, 500)
    later = TODAY + timedelta(days=21)
    assert money.refresh_fallen_due(since=TODAY, as_of=later) == 1
    assert figures(case) == (Decimal(500), Decimal(500), "WATCH")
    assert money.refresh_fallen_due(since=TODAY, as_of=later) == 0


def test_a_set_takes_over_another_oldest_due_day_though_no_sum_changed(case):
    Due.objects.filter(account_id=case.account_id).delete()
    Due.objects.create(account=case.account, due_on=TODAY - timedelta(days=3), amount=case.balance)
    assert money.refresh_many([case.account_id], as_of=TODAY) == 1
    case.refresh_from_db()
    assert case.oldest_due_on == TODAY - timedelta(days=3)


def test_the_cured_case_enters_pre_soft_again_in_time(case):
    pay(case, 500)
    money.refresh_fallen_due(since=TODAY, as_of=TODAY + timedelta(days=51))
    assert transitions.apply_all(as_of=TODAY + timedelta(days=51)) == {"enter_pre_soft": 1}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dues=st.lists(st.tuples(st.integers(-60, 200), st.integers(1, 500)), min_size=1, max_size=5),
    percent=st.integers(0, 110),
    ahead=st.integers(0, 90),
)
def test_one_case_and_a_set_are_refreshed_alike(in_agency, dues, percent, ahead):
    total = sum(amount for _days, amount in dues)
    balance = Decimal(total * percent // 100)
    pair = [factories.make_case(amount=1) for _twin in range(2)]
    for case in pair:
        Due.objects.filter(account_id=case.account_id).delete()
        Due.objects.bulk_create(
            [Due(account=case.account, due_on=TODAY - timedelta(days=days), amount=amount) for days, amount in dues]
        )
        Account.objects.filter(id=case.account_id).update(principal=balance, balance=balance)
        case.account.refresh_from_db()
    one, twin = pair
    as_of = TODAY + timedelta(days=ahead)
    money.refresh(one, as_of)
    money.refresh_many([twin.account_id], as_of=as_of)
    columns = ("balance", "overdue", "oldest_due_on")
    assert Case.objects.values_list(*columns).get(id=one.id) == Case.objects.values_list(*columns).get(id=twin.id)
