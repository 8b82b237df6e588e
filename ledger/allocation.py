"""How a payment is spread over the parts of a debt. A pure function: what is owed and an amount in, parts out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ledger.models import Bucket

DEFAULT_ORDER: tuple[Bucket, ...] = (Bucket.COSTS, Bucket.FEES, Bucket.PENALTY, Bucket.INTEREST, Bucket.PRINCIPAL)
"""Costs first, principal last, as most civil codes have it when the parties agreed nothing else."""

ZERO = Decimal(0)


def allocate(
    amount: Decimal, owed: Mapping[Bucket, Decimal], *, order: Sequence[Bucket] = DEFAULT_ORDER
) -> dict[Bucket, Decimal]:
    """Return how much of `amount` goes to each bucket, in `order`; buckets that get nothing are left out.

    The parts sum to `amount`.

    Raises:
        ValueError: `amount` is not positive, or more than is owed in the ordered buckets.
    """
    if amount <= ZERO:
        raise ValueError(f"{amount} is not a payment")
    parts: dict[Bucket, Decimal] = {}
    rest = amount
    for bucket in order:
        part = min(rest, max(owed.get(bucket, ZERO), ZERO))
        if part > ZERO:
            parts[bucket] = part
            rest -= part
    if rest > ZERO:
        raise ValueError(f"{rest} of {amount} is more than is owed")
    return parts
