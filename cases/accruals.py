"""Interest and penalty of the mandate, counted every night on every open case (S001-07, S004-26).

Interest runs on the principal at the mandate's yearly rate over 365 days; the penalty on the past-due part of the
principal at its daily rate, within the mandate's cap. Both begin the day after the takeover. The balances are those of
the moment of counting; a payment booked later with an earlier day gives back what was counted too much.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy

from agencies.actors import Actor
from agencies.scope import current_agency_id
from audit import record
from cases.models import Case
from ledger import accrual
from ledger.models import Bucket, Line, Payment
from portfolios.models import Mandate

COUNTED = record.kind(
    "case.interest_counted",
    gettext_lazy("Interest and penalty were counted on %(accounts)s cases through %(through)s."),
)
CORRECTED = record.kind(
    "case.interest_corrected", gettext_lazy("Interest and penalty were corrected by %(amount)s %(currency)s.")
)

YEAR = Decimal(365)
HUNDRED = Decimal(100)

_ROWS = """
INSERT INTO accrual_row (account_id, interest, penalty, cap, through)
SELECT c.account_id, a.principal * m.interest_percent / 36500 * days.n,
       greatest(least(c.overdue, a.principal), 0) * m.penalty_percent_daily / 100 * days.n,
       a.principal * m.penalty_cap_percent / 100, %(as_of)s
FROM cases_case c
JOIN portfolios_mandate m ON m.agency_id = c.agency_id AND m.id = c.mandate_id
JOIN ledger_account a ON a.agency_id = c.agency_id AND a.id = c.account_id,
LATERAL (SELECT %(as_of)s::date - coalesce(a.accrued_through, c.opened_on) AS n) AS days
WHERE c.agency_id = %(agency_id)s AND c.stage <> 'CLOSED' AND NOT c.on_plan AND a.principal > 0 AND days.n > 0
  AND (m.interest_percent > 0 OR m.penalty_percent_daily > 0)
  AND (NOT %(some)s OR c.mandate_id = ANY(%(mandates)s))
"""

_COPY_BALANCES = """
UPDATE cases_case c SET balance = a.balance FROM ledger_account a
WHERE c.agency_id = %(agency_id)s AND a.agency_id = c.agency_id AND a.id = c.account_id
  AND c.stage <> 'CLOSED' AND a.accrued_through = %(as_of)s AND c.balance <> a.balance
"""


@dataclass(frozen=True)
class Counted:
    """How many accounts were counted, and the sums posted over all currencies."""

    accounts: int
    interest: Decimal
    penalty: Decimal


def count_interest(*, as_of: date, now: datetime, by: Actor = None, mandates: list[int] | None = None) -> Counted:
    """Count interest and penalty through `as_of` for the agency in scope. One transaction; twice adds nothing."""
    keys: dict[str, Any] = {
        "agency_id": current_agency_id(), "as_of": as_of, "some": mandates is not None, "mandates": mandates or [],
    }  # fmt: skip
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(accrual.TABLE)
            cursor.execute(_ROWS, keys)
        counted = Counted(*accrual.post_set(by=by, now=now))
        if counted.accounts:
            with connection.cursor() as cursor:
                cursor.execute(_COPY_BALANCES, keys)
            record.record(COUNTED, at=now, accounts=counted.accounts, through=as_of.isoformat())
    return counted


def correct_for(case: Case, payment: Payment, *, by: Actor, now: datetime, undo: bool = False) -> Decimal:
    """Give back what was counted on the principal between the day a payment came and the day it was booked.

    `undo`: the payment was reversed, so that is counted after all. Returns the change of the balance.
    """
    account, mandate = case.account, case.mandate
    if account.accrued_through is None or payment.received_on >= account.accrued_through:
        return Decimal(0)
    days = (account.accrued_through - max(payment.received_on, case.opened_on)).days
    lines = Line.objects.filter(entry_id=payment.entry_id, bucket=Bucket.PRINCIPAL)
    principal = -sum(lines.values_list("amount", flat=True), Decimal(0))
    if days <= 0 or principal <= 0:
        return Decimal(0)
    sign = 1 if undo else -1
    before = account.balance
    entry = accrual.correct(
        account, by=by, now=now, interest=sign * principal * mandate.interest_percent / HUNDRED / YEAR * days,
        penalty=sign * principal * mandate.penalty_percent_daily / HUNDRED * days,
    )  # fmt: skip
    if entry is not None:
        record.record(
            CORRECTED, case_id=case.id, subject_id=entry.id, at=now, amount=str(account.balance - before),
            currency=account.currency,
        )  # fmt: skip
    return Decimal(account.balance - before)


@dataclass(frozen=True)
class Rates:
    """What the debtor is told: both rates a day and a year, and what one more day costs (S004-26)."""

    interest_daily: Decimal
    interest_yearly: Decimal
    penalty_daily: Decimal
    penalty_yearly: Decimal
    one_day: Decimal


def rates_of(case: Case) -> Rates | None:
    """The rates of the case's mandate; None when nothing is counted."""
    mandate: Mandate = case.mandate
    if not (mandate.interest_percent or mandate.penalty_percent_daily):
        return None
    principal = case.account.principal
    overdue = max(min(case.overdue, principal), Decimal(0))
    daily = mandate.interest_percent / YEAR
    cost = (principal * daily + overdue * mandate.penalty_percent_daily) / HUNDRED
    return Rates(
        interest_daily=daily.quantize(Decimal("0.0001")), interest_yearly=mandate.interest_percent,
        penalty_daily=mandate.penalty_percent_daily, penalty_yearly=mandate.penalty_percent_daily * YEAR,
        one_day=cost.quantize(Decimal("0.01")),
    )  # fmt: skip


def day_before(as_of: date) -> date:
    """The night of `as_of` counts the day that has ended."""
    return as_of - timedelta(days=1)
