"""Whose the account is from which a line was paid: recorded for a person, or known from an earlier payment."""

from django.db import connection

from agencies.scope import current_agency_id
from debtors.models import USABLE
from ledger.models import StatementLine
from ledger.statements.values import compact

_IBAN_SQL = """
SELECT DISTINCT own.id
FROM ledger_statementline AS line
JOIN ledger_payment AS payment ON payment.agency_id = line.agency_id AND payment.id = line.payment_id
JOIN cases_case AS paid ON paid.agency_id = line.agency_id AND paid.account_id = payment.account_id
JOIN cases_case AS own ON own.agency_id = paid.agency_id AND own.debtor_id = paid.debtor_id
WHERE line.agency_id = %(agency_id)s AND line.iban = %(iban)s AND line.payment_id IS NOT NULL AND line.amount > 0
  AND line.id <> %(line_id)s AND payment.reversed_at IS NULL
ORDER BY own.id LIMIT 50
"""

_ACCOUNT_SQL = """
SELECT c.id FROM debtors_contactpoint AS point
JOIN cases_case AS c ON c.agency_id = point.agency_id AND c.debtor_id = point.debtor_id
WHERE point.agency_id = %(agency_id)s AND point.kind = 'ACCOUNT' AND point.value = %(iban)s
  AND point.validity = ANY(%(usable)s)
UNION
SELECT party.case_id FROM debtors_contactpoint AS point
JOIN cases_party AS party ON party.agency_id = point.agency_id AND party.person_id = point.debtor_id
WHERE point.agency_id = %(agency_id)s AND point.kind = 'ACCOUNT' AND point.value = %(iban)s
  AND point.validity = ANY(%(usable)s)
ORDER BY 1 LIMIT 50
"""


def recorded_for(line: StatementLine) -> set[int]:
    """Cases of people, the debtor or a party, for whom this account was recorded."""
    if not line.iban:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _ACCOUNT_SQL,
            {"agency_id": current_agency_id(), "iban": compact(line.iban), "usable": [one.value for one in USABLE]},
        )
        return {row[0] for row in cursor.fetchall()}


def used_before(line: StatementLine) -> list[int]:
    """Cases of debtors on whose debts this account paid before."""
    if not line.iban:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_IBAN_SQL, {"agency_id": current_agency_id(), "iban": line.iban, "line_id": line.id})
        return [row[0] for row in cursor.fetchall()]
