"""The schedule of a payment plan, as a pure function: terms in, instalments with their days out.

Equal instalments at the end of each month; interest on what is left of the sum; the fee stands with the first
instalment; the last one takes what rounding left. When the officer sets the instalment, the last one is what remains:
a remainder below the smallest instalment joins the one before it. It is more than the others, by more than rounding,
only where the format allows it (S004-51).
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from common.refusals import Refused

CENT = Decimal("0.01")
ZERO = Decimal(0)
YEAR_MONTHS = Decimal(1200)


class ScheduleRefused(Refused):
    """The terms allow no such schedule; the sentence says which of them."""


@dataclass(frozen=True)
class Terms:
    """What a schedule is made of. `instalment` None: equal ones. `minimum`: S004-50; `max_months`: S004-49."""

    amount: Decimal
    months: int
    first_on: date
    max_months: int
    minimum: Decimal = CENT
    instalment: Decimal | None = None
    interest_percent: Decimal = ZERO
    fee_percent: Decimal = ZERO
    balloon_allowed: bool = False


@dataclass(frozen=True)
class Row:
    """One instalment: `amount` is the part of the debt in it and its interest and fee together."""

    number: int
    due_on: date
    amount: Decimal
    interest: Decimal
    fee: Decimal


@dataclass(frozen=True)
class Schedule:
    rows: tuple[Row, ...]
    interest: Decimal
    fee: Decimal
    balloon: Decimal
    """The last instalment where it is larger than the others; 0: it is not."""

    @property
    def total(self) -> Decimal:
        return sum((row.amount for row in self.rows), ZERO)


def schedule(terms: Terms) -> Schedule:
    """The instalments.

    Raises:
        ScheduleRefused: too many months, an instalment below the smallest one or below the interest, or a larger last
            one where the format does not allow it.
    """
    _check(terms)
    rate = terms.interest_percent / YEAR_MONTHS
    fee = (terms.amount * terms.fee_percent / 100).quantize(CENT, ROUND_HALF_UP)
    each = terms.instalment or _equal(terms.amount, rate, terms.months)
    rows = _rows(terms, each, rate, fee)
    smallest = min(row.amount - row.fee for row in rows)
    if smallest < terms.minimum:
        raise ScheduleRefused(
            _("An instalment would be %(amount)s; the smallest allowed is %(minimum)s. Take fewer months.")
            % {"amount": smallest, "minimum": terms.minimum},
            field="months",
        )
    last = rows[-1].amount
    balloon = last if terms.instalment and last > each + CENT * terms.months else ZERO
    if balloon and not terms.balloon_allowed:
        raise ScheduleRefused(
            _("%(amount)s would remain for the last instalment, and the plan format allows no larger last instalment.")
            % {"amount": last},
            field="instalment",
        )
    return Schedule(rows, sum((row.interest for row in rows), ZERO), fee, balloon)


def _check(terms: Terms) -> None:
    if terms.amount <= ZERO or terms.amount != terms.amount.quantize(CENT):
        raise ScheduleRefused(_("Give an amount above zero with at most two decimals."), field="amount")
    if not 1 <= terms.months <= terms.max_months:
        raise ScheduleRefused(
            _("The plan may have at most %(months)s monthly instalments.") % {"months": terms.max_months},
            field="months",
        )  # fmt: skip
    if terms.instalment is not None and terms.instalment < terms.minimum:
        raise ScheduleRefused(
            _("The instalment may not be lower than %(minimum)s.") % {"minimum": terms.minimum}, field="instalment"
        )


def _equal(amount: Decimal, rate: Decimal, months: int) -> Decimal:
    """The instalment that pays `amount` off in equal parts, rounded down: the last one takes the rest."""
    if rate == ZERO:
        return (amount / months).quantize(CENT, ROUND_DOWN)
    return (amount * rate / (1 - (1 + rate) ** -months)).quantize(CENT, ROUND_DOWN)


def _rows(terms: Terms, each: Decimal, rate: Decimal, fee: Decimal) -> tuple[Row, ...]:
    rows: list[Row] = []
    left = terms.amount
    for number in range(1, terms.months + 1):
        interest = (left * rate).quantize(CENT, ROUND_HALF_UP)
        owed = left + interest
        if each <= interest and number < terms.months:
            raise ScheduleRefused(_("The instalment does not cover the interest of a month."), field="instalment")
        alone = number == terms.months or owed <= each
        amount = owed if alone or (terms.instalment and owed - each < terms.minimum) else each
        own_fee = fee if number == 1 else ZERO
        rows.append(Row(number, due_day(terms.first_on, number - 1), amount + own_fee, interest, own_fee))
        left = owed - amount
        if left == ZERO:
            break
    return tuple(rows)


def due_day(first_on: date, months: int) -> date:
    """The same day `months` later; the last of the month where there is no such day. Counted from the first day, so
    that the 31st comes back after February."""
    month0 = first_on.month - 1 + months
    year, month = first_on.year + month0 // 12, month0 % 12 + 1
    return date(year, month, min(first_on.day, calendar.monthrange(year, month)[1]))


def most_months(amount: Decimal, *, minimum: Decimal, max_months: int) -> int:
    """So many equal instalments of at least `minimum` the amount allows, without interest; at least one."""
    return max(min(max_months, int(amount / minimum)), 1)


def as_pairs(rows: Sequence[Row]) -> list[tuple[date, Decimal]]:
    return [(row.due_on, row.amount) for row in rows]
