"""How a payment is spread: costs first, principal last, to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.allocation import DEFAULT_ORDER, allocate
from ledger.models import Bucket

cents = st.integers(0, 10_000_00).map(lambda n: Decimal(n) / 100)


def test_costs_and_fees_are_covered_before_the_principal():
    owed = {Bucket.PRINCIPAL: Decimal(100), Bucket.COSTS: Decimal(30), Bucket.FEES: Decimal(20)}
    assert allocate(Decimal(60), owed) == {
        Bucket.COSTS: Decimal(30),
        Bucket.FEES: Decimal(20),
        Bucket.PRINCIPAL: Decimal(10),
    }


@given(st.fixed_dictionaries(dict.fromkeys(DEFAULT_ORDER, cents)), st.integers(1, 100))
def test_parts_sum_to_the_payment_and_never_exceed_what_is_owed(owed, percent):
    total = sum(owed.values(), Decimal(0))
    amount = (total * percent / 100).quantize(Decimal("0.01"))
    if amount > 0:
        parts = allocate(amount, owed)
        assert sum(parts.values()) == amount
        assert all(0 < part <= owed[bucket] for bucket, part in parts.items())


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1), Decimal("100.01")])
def test_nothing_and_too_much_are_no_payment(amount):
    with pytest.raises(ValueError):
        allocate(amount, {Bucket.PRINCIPAL: Decimal(100)})
