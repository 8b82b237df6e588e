"""Whose work a payment was: the collector with whom the case was when the day of the payment ended.

The day is the one on which the debtor paid, not the one on which it was booked; who gets the case afterwards gets
nothing of it. Read from the history of assignments; a case that was never assigned through it counts for the collector
it names. Money on a case that nobody held counts for nobody.
"""

from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.db.models.expressions import RawSQL

from cases.assignment import ASSIGNED, UNDONE
from ledger.models import Payment

_HOLDER = """(
SELECT CASE WHEN held.id IS NOT NULL THEN (held.data ->> '{member}')::bigint
            WHEN EXISTS (SELECT 1 FROM audit_event e WHERE e.agency_id = c.agency_id AND e.case_id = c.id
                         AND e.kind IN (%s, %s)) THEN NULL
            ELSE c.{member} END
FROM cases_case c LEFT JOIN LATERAL (
    SELECT e.id, e.data FROM audit_event e
    WHERE e.agency_id = c.agency_id AND e.case_id = c.id AND e.kind IN (%s, %s)
      AND e.at < ((ledger_payment.received_on + 1)::timestamp AT TIME ZONE %s)
    ORDER BY e.at DESC, e.id DESC LIMIT 1) held ON true
WHERE c.agency_id = ledger_payment.agency_id AND c.account_id = ledger_payment.account_id)"""


def credited(payments: QuerySet[Payment], *, zone: str) -> QuerySet[Any]:
    """The payments with `credited_to`: id of the membership whose work it was, None for nobody's.

    `zone`: the agency's time zone, in which days begin and end.
    """
    return payments.annotate(credited_to=_holder("collector_id", zone))


def credited_to_team(payments: QuerySet[Payment], *, zone: str) -> QuerySet[Any]:
    """The payments with `credited_team`: id of the team with which the case was."""
    return payments.annotate(credited_team=_holder("team_id", zone))


def _holder(member: str, zone: str) -> RawSQL:
    kinds: list[Any] = [ASSIGNED, UNDONE]
    sql = _HOLDER.format(member=member)
    return RawSQL(sql, [*kinds, *kinds, zone], output_field=BigIntegerField())  # noqa: S611 (two names of columns)
