"""Interest and penalty, added daily to a set of accounts: the accruing part of the posting door.

Whoever knows the mandates fills a temporary table `accrual_row` (account_id, interest, penalty: exact amounts of the
days to add, through: the last of them). Whole cents are posted, the rest is carried, so that a year of days sums to
the year's interest; the penalty on an account stays within its cap. Accounts are locked in the order of their ids.
"""

from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db import connection, transaction

from agencies.actors import Actor, user_of
from agencies.scope import current_agency_id
from ledger.allocation import ZERO
from ledger.models import Account, Bucket, Entry, EntryKind, Line

CENT = Decimal("0.01")

TABLE = """
CREATE TEMP TABLE accrual_row (
    account_id bigint PRIMARY KEY, interest numeric NOT NULL, penalty numeric NOT NULL, cap numeric NOT NULL,
    through date NOT NULL
) ON COMMIT DROP
"""
"""`cap`: the most that may stand in the penalty bucket after the accrual."""

_LOCK = """
SELECT 1 FROM ledger_account WHERE agency_id = %(agency_id)s AND id IN (SELECT account_id FROM accrual_row)
ORDER BY id FOR NO KEY UPDATE
"""

_DUE = """
CREATE TEMP TABLE accrual_due ON COMMIT DROP AS
SELECT account_id, through, nextval(pg_get_serial_sequence('ledger_entry', 'id')) AS entry_id,
       interest, interest_sum - interest AS interest_rest, penalty, penalty_sum - penalty AS penalty_rest
FROM (SELECT *, greatest(trunc(round(interest_sum, 6), 2), 0) AS interest,
             greatest(trunc(round(penalty_sum, 6), 2), 0) AS penalty
FROM (
    SELECT r.account_id, r.through, a.interest_rest + r.interest AS interest_sum,
           least(a.penalty_rest + r.penalty, greatest(r.cap - a.penalty, 0)) AS penalty_sum
    FROM accrual_row r JOIN ledger_account a ON a.agency_id = %(agency_id)s AND a.id = r.account_id
    WHERE a.accrued_through IS NULL OR a.accrued_through < r.through) AS sums) AS cents
"""

_ENTRIES = """
INSERT INTO ledger_entry (id, agency_id, account_id, kind, value_on, posted_at, reference, posted_by_id)
SELECT entry_id, %(agency_id)s, account_id, 'ACCRUAL', through, %(now)s, '', %(by_id)s
FROM accrual_due WHERE interest + penalty > 0
"""

_LINES = """
INSERT INTO ledger_line (agency_id, entry_id, account_id, bucket, amount)
SELECT %(agency_id)s, d.entry_id, d.account_id, side.bucket, side.amount
FROM accrual_due d, LATERAL (VALUES
    ('INTEREST', d.interest), ('PENALTY', d.penalty), ('ACCRUED', -(d.interest + d.penalty))) AS side(bucket, amount)
WHERE d.interest + d.penalty > 0 AND side.amount <> 0
"""

_ACCOUNTS = """
UPDATE ledger_account AS a SET interest = a.interest + d.interest, penalty = a.penalty + d.penalty,
    balance = a.balance + d.interest + d.penalty, interest_rest = d.interest_rest, penalty_rest = d.penalty_rest,
    accrued_through = d.through
FROM accrual_due d WHERE a.agency_id = %(agency_id)s AND a.id = d.account_id
"""

_SUMS = "SELECT count(*), coalesce(sum(interest), 0), coalesce(sum(penalty), 0) FROM accrual_due"


def post_set(*, by: Actor, now: datetime) -> tuple[int, Decimal, Decimal]:
    """Post what stands in `accrual_row`, inside the caller's transaction.

    Accounts already counted through the given day are left as they are, so a second run adds nothing. Returns how many
    accounts were counted, and the interest and penalty posted on them in all.
    """
    user = user_of(by)
    keys: dict[str, Any] = {"agency_id": current_agency_id(), "now": now, "by_id": user.id if user else None}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, keys)
        cursor.execute(_DUE, keys)
        for statement in (_ENTRIES, _LINES, _ACCOUNTS):
            cursor.execute(statement, keys)
        cursor.execute(_SUMS)
        count, interest, penalty = cursor.fetchone()
        cursor.execute("DROP TABLE accrual_row, accrual_due")
    return count, interest, penalty


def correct(account: Account, *, interest: Decimal, penalty: Decimal, by: Actor, now: datetime) -> Entry | None:
    """Give back (negative) or add what a payment with an earlier day changes in what was already counted.

    The sums are exact; whole cents are posted and the rest is carried. A part never falls below nothing: what was
    already paid of it is set against the days to come. Returns the entry, None when less than a cent changes.
    """
    with transaction.atomic():
        fresh = Account.objects.select_for_update(no_key=True).get(id=account.id)
        lines: dict[Bucket, Decimal] = {}
        for bucket, change in ((Bucket.INTEREST, interest), (Bucket.PENALTY, penalty)):
            name = bucket.lower()
            total = getattr(fresh, f"{name}_rest") + change
            whole = max(total.quantize(CENT, rounding=ROUND_DOWN), -getattr(fresh, name))
            setattr(fresh, f"{name}_rest", total - whole)
            if whole != ZERO:
                lines[bucket] = whole
                setattr(fresh, name, getattr(fresh, name) + whole)
        shift = sum(lines.values(), ZERO)
        fresh.balance += shift
        fresh.save(update_fields=["interest", "penalty", "interest_rest", "penalty_rest", "balance"])
        for field in ("interest", "penalty", "interest_rest", "penalty_rest", "balance"):
            setattr(account, field, getattr(fresh, field))
        if not lines:
            return None
        entry: Entry = Entry.objects.create(
            account=account, kind=EntryKind.ACCRUAL, value_on=now.date(), posted_at=now, posted_by=user_of(by)
        )
        sides = lines | ({Bucket.ACCRUED: -shift} if shift != ZERO else {})
        Line.objects.bulk_create(
            [Line(entry=entry, account=account, bucket=bucket, amount=amount) for bucket, amount in sides.items()]
        )
        return entry


def pass_over(account: Account, *, through: date) -> None:
    """Count nothing for the days up to `through`: a plan that was kept promised so. Days counted before stay."""
    with transaction.atomic():
        locked = Account.objects.select_for_update(no_key=True).get(id=account.id)
        if locked.accrued_through is None or locked.accrued_through < through:
            locked.accrued_through = account.accrued_through = through
            locked.save(update_fields=["accrued_through"])
