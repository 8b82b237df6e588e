"""Accounts opened and adjusted for a set of cases at once: the set-based half of the posting door.

The set stands in a temporary table `intake_row` made by the caller, with the columns account_id, entry_id, currency,
amounts (bucket -> decimal text), dues ([[day, amount], …]) and is_new; for known accounts `intake_collected` beside it
says what was paid of each part and is not in those amounts. All lines of an entry are written by one statement, as the
balance check demands.
"""

from datetime import date, datetime
from typing import Any

from django.db import connection

from agencies.scope import current_agency_id

_ACCOUNTS = """
INSERT INTO ledger_account (
    id, agency_id, currency, opened_on, principal, interest, penalty, fees, costs, balance, paid)
SELECT account_id, %(agency_id)s, currency, %(on)s, principal, interest, penalty, fees, costs,
    principal + interest + penalty + fees + costs, 0
FROM intake_row WHERE is_new ORDER BY account_id
"""

_ENTRIES = """
INSERT INTO ledger_entry (id, agency_id, account_id, kind, value_on, posted_at, reference, posted_by_id)
SELECT entry_id, %(agency_id)s, account_id, 'OPENING', %(on)s, %(now)s, %(reference)s, %(by_id)s
FROM intake_row WHERE is_new ORDER BY entry_id
"""

_LINES = """
INSERT INTO ledger_line (agency_id, entry_id, account_id, bucket, amount)
SELECT %(agency_id)s, row.entry_id, row.account_id, side.bucket, side.amount
FROM intake_row AS row, LATERAL (VALUES
    ('PRINCIPAL', row.principal), ('INTEREST', row.interest), ('PENALTY', row.penalty), ('FEES', row.fees),
    ('COSTS', row.costs), ('OPENING', -(row.principal + row.interest + row.penalty + row.fees + row.costs))
) AS side(bucket, amount)
WHERE row.is_new AND side.amount <> 0
"""

_DUES = """
INSERT INTO ledger_due (agency_id, account_id, due_on, amount)
SELECT %(agency_id)s, row.account_id, (due.item ->> 0)::date, (due.item ->> 1)::numeric
FROM intake_row AS row, jsonb_array_elements(row.dues) AS due(item)
WHERE row.is_new = %(is_new)s
"""

_LOCK = """
SELECT 1 FROM ledger_account WHERE agency_id = %(agency_id)s
  AND id IN (SELECT account_id FROM intake_row WHERE NOT is_new) ORDER BY id FOR UPDATE
"""

_OWN = """
CREATE TEMP TABLE intake_own ON COMMIT DROP AS
SELECT a.id AS account_id, least(a.interest, own.interest) AS interest, least(a.fees, own.fees) AS fees,
    least(a.costs, own.costs) AS costs, own.interest - least(a.interest, own.interest) AS paid_interest,
    own.fees - least(a.fees, own.fees) AS paid_fees, own.costs - least(a.costs, own.costs) AS paid_costs, own.since
FROM intake_row AS row JOIN ledger_account AS a ON a.agency_id = %(agency_id)s AND a.id = row.account_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(l.amount) FILTER (WHERE l.bucket = 'INTEREST'), 0) AS interest,
        coalesce(sum(l.amount) FILTER (WHERE l.bucket = 'FEES'), 0) AS fees,
        coalesce(sum(l.amount) FILTER (WHERE l.bucket = 'COSTS'), 0) AS costs,
        min(e.value_on) AS since
    FROM ledger_entry AS e JOIN ledger_line AS l ON l.agency_id = e.agency_id AND l.entry_id = e.id
    LEFT JOIN ledger_entry AS r ON r.agency_id = e.agency_id AND r.id = e.reverses_id
    WHERE e.agency_id = %(agency_id)s AND e.account_id = a.id AND 'COST' IN (e.kind, r.kind)
) AS own
WHERE NOT row.is_new AND row.principal + row.interest + row.penalty + row.fees + row.costs > 0
  AND own.since IS NOT NULL
"""
"""What the agency charged itself and nobody paid yet, and what was paid of it. A payment is counted on the creditor's
part first.
"""

_STATED = """
CREATE TEMP TABLE intake_stated ON COMMIT DROP AS
SELECT row.account_id,
    cut.costs - least(cut.costs, rest.amount) AS costs,
    cut.fees - least(cut.fees, greatest(rest.amount - cut.costs, 0)) AS fees,
    cut.penalty - least(cut.penalty, greatest(rest.amount - cut.costs - cut.fees, 0)) AS penalty,
    cut.interest - least(cut.interest, greatest(rest.amount - cut.costs - cut.fees - cut.penalty, 0)) AS interest,
    cut.principal - least(cut.principal,
        greatest(rest.amount - cut.costs - cut.fees - cut.penalty - cut.interest, 0)) AS principal
FROM intake_row AS row
LEFT JOIN intake_collected AS got ON got.account_id = row.account_id
LEFT JOIN intake_own AS own ON own.account_id = row.account_id
CROSS JOIN LATERAL (SELECT coalesce(got.principal, 0) AS principal, coalesce(got.penalty, 0) AS penalty,
    coalesce(greatest(got.interest - coalesce(own.paid_interest, 0), least(got.interest, 0)), 0) AS interest,
    coalesce(greatest(got.fees - coalesce(own.paid_fees, 0), least(got.fees, 0)), 0) AS fees,
    coalesce(greatest(got.costs - coalesce(own.paid_costs, 0), least(got.costs, 0)), 0) AS costs
) AS paid
CROSS JOIN LATERAL (SELECT greatest(row.principal - paid.principal, 0) AS principal,
    greatest(row.interest - paid.interest, 0) AS interest, greatest(row.penalty - paid.penalty, 0) AS penalty,
    greatest(row.fees - paid.fees, 0) AS fees, greatest(row.costs - paid.costs, 0) AS costs
) AS cut
CROSS JOIN LATERAL (SELECT greatest(paid.principal - row.principal, 0) + greatest(paid.interest - row.interest, 0)
    + greatest(paid.penalty - row.penalty, 0) + greatest(paid.fees - row.fees, 0)
    + greatest(paid.costs - row.costs, 0) AS amount
) AS rest
WHERE NOT row.is_new AND row.amounts_changed
"""
"""What the creditor states less what it does not know to be paid. What was paid of a part that it states lower
than that comes off the other parts. Of a payment, the share that went to the agency's own charges takes nothing off.
"""

_ADJUSTMENTS = """
CREATE TEMP TABLE intake_adjustment ON COMMIT DROP AS
SELECT row.account_id, nextval(pg_get_serial_sequence('ledger_entry', 'id')) AS entry_id,
    stated.principal - a.principal AS principal,
    stated.interest + coalesce(own.interest, 0) - a.interest AS interest,
    stated.penalty - a.penalty AS penalty, stated.fees + coalesce(own.fees, 0) - a.fees AS fees,
    stated.costs + coalesce(own.costs, 0) - a.costs AS costs
FROM intake_row AS row JOIN ledger_account AS a ON a.agency_id = %(agency_id)s AND a.id = row.account_id
JOIN intake_stated AS stated ON stated.account_id = row.account_id
LEFT JOIN intake_own AS own ON own.account_id = row.account_id
WHERE NOT row.is_new AND row.amounts_changed AND row.currency = a.currency
"""

_UNCHANGED = """
DELETE FROM intake_adjustment WHERE (principal, interest, penalty, fees, costs) = (0, 0, 0, 0, 0)
"""

_OWN_DUES = """
INSERT INTO ledger_due (agency_id, account_id, due_on, amount)
SELECT %(agency_id)s, account_id, since, interest + fees + costs
FROM intake_own WHERE interest + fees + costs > 0
"""

_ADJUSTED_ENTRIES = """
INSERT INTO ledger_entry (id, agency_id, account_id, kind, value_on, posted_at, reference, posted_by_id)
SELECT entry_id, %(agency_id)s, account_id, 'ADJUSTMENT', %(on)s, %(now)s, %(reference)s, %(by_id)s
FROM intake_adjustment
"""

_ADJUSTED_LINES = """
INSERT INTO ledger_line (agency_id, entry_id, account_id, bucket, amount)
SELECT %(agency_id)s, d.entry_id, d.account_id, side.bucket, side.amount
FROM intake_adjustment AS d, LATERAL (VALUES
    ('PRINCIPAL', d.principal), ('INTEREST', d.interest), ('PENALTY', d.penalty), ('FEES', d.fees), ('COSTS', d.costs),
    ('ADJUSTED', -(d.principal + d.interest + d.penalty + d.fees + d.costs))
) AS side(bucket, amount)
WHERE side.amount <> 0
"""

_ADJUSTED_ACCOUNTS = """
UPDATE ledger_account AS a
SET principal = a.principal + d.principal, interest = a.interest + d.interest, penalty = a.penalty + d.penalty,
    fees = a.fees + d.fees, costs = a.costs + d.costs,
    balance = a.balance + d.principal + d.interest + d.penalty + d.fees + d.costs
FROM intake_adjustment AS d WHERE a.agency_id = %(agency_id)s AND a.id = d.account_id
"""

_OLD_DUES = """
DELETE FROM ledger_due WHERE agency_id = %(agency_id)s
  AND account_id IN (SELECT account_id FROM intake_row WHERE NOT is_new)
"""


def open_accounts(*, on: date, now: datetime, by_id: int | None, reference: str) -> None:
    """Open an account for every new row of `intake_row`: what is owed per bucket, and what falls due when."""
    keys = _keys(on, now, by_id, reference) | {"is_new": True}
    with connection.cursor() as cursor:
        for statement in (_ACCOUNTS, _ENTRIES, _LINES, _DUES):
            cursor.execute(statement, keys)


def adjust_accounts(*, on: date, now: datetime, by_id: int | None, reference: str) -> int:
    """Bring the accounts of known rows to what the creditor says now. Returns how many were adjusted.

    Where a stated amount changed, each bucket is adjusted by one entry to the stated sum, less what was collected and
    the creditor could not know of. What the agency charged itself (costs of recovery, a plan's interest and fee) and
    is still open comes on top, unless the row says that nothing is owed any more. The dues are those of the new file,
    and one for the agency's own part.
    """
    keys = _keys(on, now, by_id, reference) | {"is_new": False}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.intake_adjustment, pg_temp.intake_own, pg_temp.intake_stated")
        for statement in (_LOCK, _OWN, _STATED, _ADJUSTMENTS, _UNCHANGED, _ADJUSTED_ENTRIES):
            cursor.execute(statement, keys)
        adjusted = int(cursor.rowcount)
        for statement in (_ADJUSTED_LINES, _ADJUSTED_ACCOUNTS, _OLD_DUES, _DUES, _OWN_DUES):
            cursor.execute(statement, keys)
        cursor.execute("DROP TABLE pg_temp.intake_adjustment, pg_temp.intake_own, pg_temp.intake_stated")
    return adjusted


def _keys(on: date, now: datetime, by_id: int | None, reference: str) -> dict[str, Any]:
    return {"agency_id": current_agency_id(), "on": on, "now": now, "by_id": by_id, "reference": reference[:140]}
