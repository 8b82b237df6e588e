"""Interest and penalty: counted once a day by the mandate's rates, exact over a year, and given back when due."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Membership
from cases import accruals, money, transitions
from cases.models import Case
from ledger import allocation_orders, proof
from ledger.models import DEBT_BUCKETS, Entry
from portfolios.terms_forms import PARTS_OF_DEBT
from tests import factories

pytestmark = pytest.mark.django_db

OPENED = date(2026, 1, 1)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def case(in_agency: factories.Agency) -> Case:
    """10,000.00 of principal, 6 % a year, nothing past due."""
    made = factories.make_case(amount=10_000, days_past_due=-38, opened_on=OPENED)
    money.refresh(made, OPENED)
    made.mandate.interest_percent = Decimal(6)
    made.mandate.save()
    return made


def count(day: date) -> accruals.Counted:
    return accruals.count_interest(as_of=day, now=NOW)


def fresh(case: Case) -> Case:
    found: Case = Case.objects.select_related("account", "mandate").get(id=case.id)
    return found


def test_a_year_of_nights_is_a_year_of_interest(case: Case) -> None:
    for day in range(1, 366):
        count(OPENED + timedelta(days=day))

    assert fresh(case).account.interest == Decimal("600.00")
    assert fresh(case).balance == Decimal("10600.00")
    assert proof.prove() == []


def test_a_missed_night_is_made_up_for(case: Case) -> None:
    count(OPENED + timedelta(days=73))

    assert fresh(case).account.interest == Decimal("120.00")


def test_the_same_night_twice_adds_nothing(case: Case) -> None:
    count(date(2026, 2, 1))
    entries = Entry.objects.count()

    assert count(date(2026, 2, 1)).accounts == 0
    assert Entry.objects.count() == entries


def test_the_penalty_runs_on_what_is_past_due_and_stops_at_its_cap(case: Case) -> None:
    case.mandate.interest_percent, case.mandate.penalty_percent_daily = Decimal(0), Decimal("0.1")
    case.mandate.penalty_cap_percent = Decimal(2)
    case.mandate.save()
    assert count(date(2026, 1, 11)).penalty == 0

    Case.objects.filter(id=case.id).update(overdue=Decimal(4000))
    assert count(date(2026, 1, 21)).penalty == Decimal("40.00")
    assert count(date(2026, 12, 21)).penalty == Decimal("160.00")
    assert fresh(case).account.penalty == Decimal("200.00")


def test_a_closed_case_costs_no_more_interest(case: Case, member: Callable[..., Membership]) -> None:
    transitions.close(case, reason="WRITTEN_OFF", by=member("MANAGER"), as_of=OPENED)

    assert count(date(2026, 2, 1)).accounts == 0


def test_a_payment_of_an_earlier_day_gives_back_the_interest_of_the_days_between(case: Case) -> None:
    count(date(2026, 1, 11))
    assert fresh(case).account.interest == Decimal("16.43")

    paid = money.take_payment(
        fresh(case), amount=Decimal("3666.43"), received_on=date(2026, 1, 1), by=None, now=NOW
    )  # fmt: skip

    after = fresh(case).account
    assert after.principal == Decimal("6350.00")
    assert after.interest + after.interest_rest < 0
    assert after.interest == 0

    money.reverse_payment(fresh(case), paid, by=None, now=NOW, reason="Bounced")
    again = fresh(case).account
    assert (again.principal, again.interest) == (Decimal("10000.00"), Decimal("16.43"))
    assert proof.prove() == []


def test_what_was_given_back_too_late_counts_against_the_days_to_come(case: Case) -> None:
    count(date(2026, 1, 11))
    money.take_payment(fresh(case), amount=Decimal("3666.43"), received_on=OPENED, by=None, now=NOW)
    owed_back = -fresh(case).account.interest_rest

    count(date(2026, 1, 21))

    ten_days = Decimal("6350.00") * 6 / 36500 * 10
    account = fresh(case).account
    assert account.interest + account.interest_rest == pytest.approx(ten_days - owed_back, abs=Decimal("0.00001"))


def test_the_debtor_is_told_both_rates_a_day_and_a_year(case: Case) -> None:
    """S004-26."""
    case.mandate.penalty_percent_daily = Decimal("0.05")
    case.overdue = Decimal(1000)
    told = accruals.rates_of(case)

    assert told is not None
    assert (told.penalty_daily, told.penalty_yearly) == (Decimal("0.05"), Decimal("18.25"))
    assert told.one_day == Decimal("2.14")


def test_a_mandates_own_order_comes_before_the_countrys(case: Case) -> None:
    agreed = ["PRINCIPAL", "INTEREST", "PENALTY", "FEES", "COSTS"]
    case.mandate.allocation_order = agreed
    case.mandate.save()
    count(date(2026, 1, 11))

    money.take_payment(fresh(case), amount=Decimal(100), received_on=date(2026, 2, 1), by=None, now=NOW)

    assert fresh(case).account.principal == Decimal("9900.00")


def test_lithuania_covers_interest_before_penalties() -> None:
    order = allocation_orders.order_for("LT")

    assert order.index("INTEREST") < order.index("PENALTY")
    assert allocation_orders.order_for("US-WA") == allocation_orders.orders()["default"].order


@given(st.lists(st.sampled_from([str(bucket) for bucket in DEBT_BUCKETS]), max_size=6))
def test_an_order_that_is_not_whole_is_refused(names: list[str]) -> None:
    if sorted(names) == sorted(str(bucket) for bucket in DEBT_BUCKETS):
        return
    with pytest.raises(allocation_orders.OrderIsNotWhole):
        allocation_orders.checked(names)


def test_the_mandates_form_knows_the_parts_of_a_debt() -> None:
    assert sorted(PARTS_OF_DEBT) == sorted(str(bucket) for bucket in DEBT_BUCKETS)
