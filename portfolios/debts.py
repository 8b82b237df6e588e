"""The money of one row: parts of the debt and what of it falls due when. Pure."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from math import ceil

from portfolios.fields import AMOUNTS
from portfolios.reasons import Reason, reason

ZERO = Decimal(0)
TOLERANCE = Decimal("0.05")
"""Rounding of five parts to the cent may add up to this much."""
MOST_DUES = 360

Dues = list[tuple[date, Decimal]]


def parts_of(
    amounts: Mapping[str, Decimal], *, rest: str, total_column: str
) -> tuple[dict[str, Decimal], Decimal, list[Reason]]:
    """Return (parts by our field name without zeros, their sum, reasons).

    A total without parts is principal. What a total says beyond its parts goes to the bucket `rest`; without one the
    two must agree to five cents, and the difference goes to the largest part.
    """
    parts = {name: amounts[name] for name in AMOUNTS if amounts.get(name)}
    stated = amounts.get("total")
    summed = sum(parts.values(), ZERO)
    if stated is None or (not parts and stated == ZERO):
        return parts, summed, []
    if not parts:
        return {"principal": stated}, stated, []
    gap = stated - summed
    if gap == ZERO:
        return parts, stated, []
    if rest and gap > ZERO:
        parts[rest] = parts.get(rest, ZERO) + gap
        return parts, stated, []
    if abs(gap) > TOLERANCE:
        return parts, summed, [reason("parts_do_not_add_up", total_column, summed)]
    largest = max(parts, key=lambda name: parts[name])
    parts[largest] += gap
    return parts, stated, []


def dues_of(
    total: Decimal,
    *,
    due_on: date | None,
    overdue: Decimal | None,
    instalment: Decimal | None,
    maturity_on: date | None,
    accelerated_on: date | None,
    as_of: date,
) -> Dues:
    """What falls due when; the sum is the whole debt, or nothing when no day is known.

    Without a part past due, all of it is due on `due_on`. The rest of a debt that is past due in part falls due on the
    day of acceleration, else by further monthly instalments, else with the last instalment.
    """
    if due_on is None:
        return _later(total, first=maturity_on, instalment=None, maturity_on=maturity_on)
    if overdue is None or overdue >= total:
        return [(due_on, total)] if total > ZERO else []
    dues: Dues = [(due_on, overdue)] if overdue > ZERO else []
    rest = total - overdue
    if accelerated_on is not None:
        return [*dues, (max(accelerated_on, due_on), rest)]
    months = max(ceil(overdue / instalment) if instalment else 1, 1)
    first = months_after(due_on, months)
    while first < as_of and months < 2400:
        months += 1
        first = months_after(due_on, months)
    return dues + _later(rest, first=first, instalment=instalment, maturity_on=maturity_on)


def _later(rest: Decimal, *, first: date | None, instalment: Decimal | None, maturity_on: date | None) -> Dues:
    if rest <= ZERO or first is None:
        return []
    if not instalment or (maturity_on is not None and maturity_on <= first):
        return [(maturity_on if maturity_on and maturity_on > first else first, rest)]
    dues: Dues = []
    months = 0
    while rest > ZERO:
        day = months_after(first, months)
        last = len(dues) + 1 >= MOST_DUES or (maturity_on is not None and months_after(first, months + 1) > maturity_on)
        amount = rest if last else min(instalment, rest)
        dues.append((day, amount))
        rest -= amount
        months += 1
    return dues


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last day of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
