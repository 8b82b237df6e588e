"""The proof of the books: every entry balances, every cache equals the sum of its lines. Run per agency.

A floor above adds what it shows people of the books (`add_checks`). A check is a statement over the whole agency that
selects the ids of what is wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import current_agency_id

_CHECKS: dict[str, str] = {
    "entries whose lines do not sum to zero": """
        SELECT entry_id FROM ledger_line WHERE agency_id = %(agency_id)s GROUP BY entry_id HAVING sum(amount) <> 0""",
    "entries without lines": """
        SELECT e.id FROM ledger_entry e WHERE e.agency_id = %(agency_id)s
        AND NOT EXISTS (SELECT FROM ledger_line l WHERE l.agency_id = e.agency_id AND l.entry_id = e.id)""",
    "lines on another account than their entry": """
        SELECT l.id FROM ledger_line l JOIN ledger_entry e ON e.agency_id = l.agency_id AND e.id = l.entry_id
        WHERE l.agency_id = %(agency_id)s AND l.account_id <> e.account_id""",
    "accounts whose balances differ from their lines": """
        SELECT a.id FROM ledger_account a LEFT JOIN (
            SELECT account_id,
                   sum(amount) FILTER (WHERE bucket = 'PRINCIPAL') AS principal,
                   sum(amount) FILTER (WHERE bucket = 'INTEREST') AS interest,
                   sum(amount) FILTER (WHERE bucket = 'PENALTY') AS penalty,
                   sum(amount) FILTER (WHERE bucket = 'FEES') AS fees,
                   sum(amount) FILTER (WHERE bucket = 'COSTS') AS costs,
                   sum(amount) FILTER (WHERE bucket = 'CASH') AS paid
            FROM ledger_line WHERE agency_id = %(agency_id)s GROUP BY account_id) s ON s.account_id = a.id
        WHERE a.agency_id = %(agency_id)s AND (
            a.principal <> coalesce(s.principal, 0) OR a.interest <> coalesce(s.interest, 0)
            OR a.penalty <> coalesce(s.penalty, 0) OR a.fees <> coalesce(s.fees, 0)
            OR a.costs <> coalesce(s.costs, 0) OR a.paid <> coalesce(s.paid, 0))""",
    "payments whose reversal does not agree with the entries": """
        SELECT p.id FROM ledger_payment p LEFT JOIN ledger_entry r
            ON r.agency_id = p.agency_id AND r.reverses_id = p.entry_id AND r.kind = 'REVERSAL'
        WHERE p.agency_id = %(agency_id)s AND (p.reversed_at IS NULL) <> (r.id IS NULL)""",
    "payments that differ from their entry": """
        SELECT p.id FROM ledger_payment p LEFT JOIN ledger_line l
            ON l.agency_id = p.agency_id AND l.entry_id = p.entry_id AND l.bucket = 'CASH'
        WHERE p.agency_id = %(agency_id)s AND (l.id IS NULL OR l.amount <> p.amount OR l.account_id <> p.account_id)""",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong and with which rows (at most 20 ids, and how many there are)."""

    what: str
    count: int
    ids: tuple[int, ...]


def add_checks(checks: Mapping[str, str]) -> None:
    """What is wrong -> its statement, with the keys `agency_id` and `today` (the agency's day)."""
    _CHECKS.update(checks)


def prove(*, now: datetime | None = None) -> list[Fault]:
    """Check the books of the agency in scope; an empty list means that they are right."""
    faults = []
    agency = Agency.objects.get(id=current_agency_id())
    today = (now or timezone.now()).astimezone(ZoneInfo(agency.time_zone)).date()
    with connection.cursor() as cursor:
        for what, sql in _CHECKS.items():
            cursor.execute(sql, {"agency_id": agency.id, "today": today})
            ids = [row[0] for row in cursor.fetchall()]
            if ids:
                faults.append(Fault(what, len(ids), tuple(ids[:20])))
    return faults
