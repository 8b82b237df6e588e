"""What is past due: the dues of an account, oldest first, less what is no longer owed.

The part of the dues that is covered is their sum less the balance: payments, waivers and the creditor's adjustments
all count, whatever brought the balance down. Money covers the oldest due first. A due is past due from the day after
its due day. The same rule stands here twice, as a function of values and as SQL over a set; a property test compares.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.allocation import ZERO


@dataclass(frozen=True)
class PastDue:
    """Sum past due, and the due day of the oldest open due among them (None: nothing is past due)."""

    amount: Decimal
    oldest_on: date | None


def past_due(dues: Iterable[tuple[date, Decimal]], *, balance: Decimal, as_of: date) -> PastDue:
    """Return what is past due on `as_of`. `dues`: (due day, amount); equal days may repeat."""
    ordered = sorted(dues)
    covered = max(sum((amount for _, amount in ordered), ZERO) - balance, ZERO)
    total, oldest = ZERO, None
    for due_on, amount in ordered:
        left = amount - min(covered, amount)
        covered -= amount - left
        if left > ZERO and due_on < as_of:
            total += left
            oldest = oldest or due_on
    return PastDue(total, oldest)


_PAST_DUE = """
SELECT account_id, coalesce(sum(open) FILTER (WHERE due_on < %(as_of)s), 0) AS overdue,
       min(due_on) FILTER (WHERE open > 0 AND due_on < %(as_of)s) AS oldest_due_on
FROM (
    SELECT d.account_id, d.due_on,
           least(d.amount, greatest(
               sum(d.amount) OVER (PARTITION BY d.account_id ORDER BY d.due_on, d.id)
               - greatest(sum(d.amount) OVER (PARTITION BY d.account_id) - a.balance, 0), 0)) AS open
    FROM ledger_due d JOIN ledger_account a ON a.agency_id = d.agency_id AND a.id = d.account_id
    WHERE d.agency_id = %(agency_id)s [these]
) AS dues
GROUP BY account_id
"""
PAST_DUE_SQL = _PAST_DUE.replace("[these]", "AND d.account_id = ANY(%(account_ids)s)")
"""One row (account_id, overdue, oldest_due_on) per account of the list that has dues."""
PAST_DUE_OF_ALL_SQL = _PAST_DUE.replace("[these]", "")
"""The same for every account of the agency."""
