"""What people see of the books agrees with the books: the case's copies, what is past due, statement lines, closings.

Added to `ledger.proof`, whose command runs it. The night counts anew what fell due since the last one, and interest is
no due, so the sum past due is compared where neither plays a part, and is nowhere more than the dues have.
"""

from ledger import proof
from ledger.dues import PAST_DUE_OF_ALL_SQL

CHECKS = {
    "cases whose balance differs from their account": """
        SELECT c.id FROM cases_case c JOIN ledger_account a ON a.agency_id = c.agency_id AND a.id = c.account_id
        WHERE c.agency_id = %(agency_id)s AND (c.balance <> a.balance OR c.currency <> a.currency)""",
    "cases whose sum past due differs from their dues": f"""
        WITH night AS (SELECT max("on") AS last FROM cases_roll WHERE agency_id = %(agency_id)s),
        fell AS (
            SELECT DISTINCT d.account_id FROM night CROSS JOIN ledger_due d
            JOIN ledger_account a ON a.agency_id = d.agency_id AND a.id = d.account_id
            WHERE d.agency_id = %(agency_id)s AND d.due_on < %(today)s
              AND d.due_on >= coalesce(night.last, a.opened_on)),
        accrued AS (
            SELECT DISTINCT account_id FROM ledger_entry WHERE agency_id = %(agency_id)s AND kind = 'ACCRUAL')
        SELECT c.id FROM cases_case c
        LEFT JOIN ({PAST_DUE_OF_ALL_SQL.replace("%(as_of)s", "%(today)s")}) AS due ON due.account_id = c.account_id
        LEFT JOIN fell ON fell.account_id = c.account_id
        LEFT JOIN accrued ON accrued.account_id = c.account_id
        WHERE c.agency_id = %(agency_id)s AND (
            c.overdue > coalesce(due.overdue, 0) OR (fell.account_id IS NULL AND accrued.account_id IS NULL
            AND (c.overdue, c.oldest_due_on) IS DISTINCT FROM (coalesce(due.overdue, 0), due.oldest_due_on)))""",  # noqa: S608 (constant text)
    "statement lines booked as a payment that was taken back": """
        SELECT line.id FROM ledger_statementline line
        JOIN ledger_payment p ON p.agency_id = line.agency_id AND p.id = line.payment_id
        WHERE line.agency_id = %(agency_id)s AND line.state = 'BOOKED' AND line.amount > 0
          AND p.reversed_at IS NOT NULL AND p.bounced IS FALSE""",
    "statement lines that took back a payment which stands": """
        SELECT line.id FROM ledger_statementline line
        JOIN ledger_payment p ON p.agency_id = line.agency_id AND p.id = line.payment_id
        WHERE line.agency_id = %(agency_id)s AND line.state = 'BOOKED' AND line.amount < 0 AND p.reversed_at IS NULL""",
    "cases closed as paid or settled that owe something": """
        SELECT id FROM cases_case WHERE agency_id = %(agency_id)s AND stage = 'CLOSED'
          AND close_reason IN ('PAID', 'SETTLED') AND balance > 0""",
}  # fmt: skip


def register() -> None:
    proof.add_checks(CHECKS)
