"""In which order a payment covers the parts of a debt: the mandate's agreed one, else the country's, else the default.

The countries' orders are data with their source: `ledger/data/allocation_orders.yaml`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from ledger.models import DEBT_BUCKETS, Bucket

_FILE = Path(__file__).resolve().parent / "data" / "allocation_orders.yaml"


class OrderIsNotWhole(ValueError):
    """An order names each part of a debt exactly once."""


@dataclass(frozen=True)
class AllocationOrder:
    """`source`: the rule it is taken from; "" when nobody prescribes it."""

    order: tuple[Bucket, ...]
    source: str


def checked(names: Sequence[str]) -> tuple[Bucket, ...]:
    """The named parts as an order.

    Raises:
        OrderIsNotWhole
    """
    if sorted(names) != sorted(str(bucket) for bucket in DEBT_BUCKETS):
        raise OrderIsNotWhole(", ".join(names))
    return tuple(Bucket(name) for name in names)


@cache
def orders() -> dict[str, AllocationOrder]:
    """Jurisdiction -> its order; "default" for those that are not named."""
    raw = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {code: AllocationOrder(checked(one["order"]), one["source"]) for code, one in raw.items()}


def order_for(jurisdiction: str, agreed: Sequence[str] = ()) -> tuple[Bucket, ...]:
    """`agreed`: the mandate's own order, empty when it has none. A part of a country ("US-WA") takes the country's."""
    if agreed:
        return checked(agreed)
    found = orders()
    return (found.get(jurisdiction) or found.get(jurisdiction.partition("-")[0]) or found["default"]).order
