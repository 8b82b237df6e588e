"""The schedule of a payment plan: every rule of the seed holds for any terms (S004-49…51, S001-07)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.plan_schedule import ScheduleRefused, Terms, due_day, most_months, schedule

FIRST = date(2026, 12, 31)
MONEY = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)
PERCENT = st.integers(0, 3000).map(lambda n: Decimal(n) / 100)


def terms(**changes):
    return Terms(**({"amount": Decimal(1000), "months": 4, "first_on": FIRST, "max_months": 12} | changes))


@given(
    amount=MONEY, months=st.integers(1, 12), minimum=MONEY, interest=PERCENT, fee=PERCENT,
    each=st.none() | MONEY, balloon=st.booleans(), first=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
)  # fmt: skip
def test_whatever_the_terms_the_instalments_repay_the_sum_and_keep_the_limits(
    amount, months, minimum, interest, fee, each, balloon, first
):
    """S004-49, S004-50, S004-51: at most twelve, none below the original, a larger last one only where allowed."""
    asked = Terms(
        amount=amount, months=months, first_on=first, max_months=12, minimum=minimum, instalment=each,
        interest_percent=interest, fee_percent=fee, balloon_allowed=balloon,
    )  # fmt: skip
    try:
        made = schedule(asked)
    except ScheduleRefused:
        return
    assert made.total == amount + made.interest + made.fee
    assert len(made.rows) <= months
    assert all(row.amount - row.fee >= minimum for row in made.rows)
    assert all(row.amount == row.amount.quantize(Decimal("0.01")) for row in made.rows)
    assert [row.due_on for row in made.rows] == [due_day(first, n) for n in range(len(made.rows))]
    assert balloon or not made.balloon
    if interest == 0:
        assert made.interest == 0


@given(amount=MONEY, months=st.integers(1, 12))
def test_without_interest_equal_instalments_differ_only_in_the_last_by_rounding(amount, months):
    try:
        made = schedule(terms(amount=amount, months=months))
    except ScheduleRefused:
        assert amount / months < Decimal("0.01")
        return
    first, last = made.rows[0].amount, made.rows[-1].amount
    assert {row.amount for row in made.rows[:-1]} <= {first}
    assert Decimal(0) <= last - first < months * Decimal("0.01")


def test_the_end_of_a_month_stays_the_end_of_a_month():
    days = [row.due_on for row in schedule(terms(months=4)).rows]
    assert days == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]


def test_interest_is_on_what_is_left_and_the_fee_stands_with_the_first_instalment():
    """S001-07: 12 % a year on 1000 over 4 months is 25,13; 2 % fee is 20."""
    made = schedule(terms(interest_percent=Decimal(12), fee_percent=Decimal(2)))
    assert (made.interest, made.fee) == (Decimal("25.13"), Decimal("20.00"))
    assert [row.amount for row in made.rows] == [Decimal(x) for x in ("276.28", "256.28", "256.28", "256.29")]


def test_more_than_twelve_months_are_refused():
    """S004-49."""
    with pytest.raises(ScheduleRefused, match="at most 12"):
        schedule(terms(months=13))


def test_an_instalment_below_the_original_one_is_refused():
    """S004-50."""
    with pytest.raises(ScheduleRefused, match="smallest allowed is 300"):
        schedule(terms(minimum=Decimal(300)))
    with pytest.raises(ScheduleRefused, match="may not be lower than 300"):
        schedule(terms(minimum=Decimal(300), instalment=Decimal(299)))


def test_a_larger_last_instalment_needs_a_format_that_allows_it():
    """S004-51."""
    asked = {"instalment": Decimal(100), "minimum": Decimal(100), "months": 4}
    with pytest.raises(ScheduleRefused, match=r"700\.00 would remain"):
        schedule(terms(**asked))
    made = schedule(terms(**asked, balloon_allowed=True))
    assert (made.balloon, [row.amount for row in made.rows]) == (Decimal(700), [100, 100, 100, 700])


def test_a_small_remainder_joins_the_instalment_before_it():
    asked = terms(amount=Decimal(330), instalment=Decimal(100), minimum=Decimal(100), months=12, balloon_allowed=True)
    made = schedule(asked)
    assert ([row.amount for row in made.rows], made.balloon) == ([100, 100, 130], 130)


def test_so_many_months_fit_the_smallest_instalment():
    assert most_months(Decimal(1000), minimum=Decimal(100), max_months=12) == 10
    assert most_months(Decimal(50), minimum=Decimal(100), max_months=12) == 1
