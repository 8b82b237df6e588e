"""The only way in which cases begin: the accepted rows of a confirmed case file, opened in chunks.

A chunk is one transaction: persons settled, accounts opened, cases written, history told, and the file's `last_line`
moved on. A worker killed between two chunks loses nothing, and one killed inside a chunk leaves nothing behind. Two
workers on one file take turns on the file's row; two files of one creditor take turns on an advisory lock.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agencies.scope import agency_scope
from audit import record
from cases import opening_sql as sql
from cases import stated_holds
from cases.models import Case, Stage
from cases.roll import roll_stages
from debtors import identity
from ledger import opening as ledger_opening
from ledger.dues import PAST_DUE_SQL
from portfolios.known import Known
from portfolios.models import CaseFile, Portfolio

CASE_OPENED = record.kind(
    "case.opened", _("The case was opened with %(amount)s %(currency)s from case file %(case_file_id)s.")
)
CASE_CHANGED = record.kind("case.changed_by_file", _("Case file %(case_file_id)s changed what is known: %(fields)s."))
FILE_OPENED = record.kind(
    "case_file.opened", _("Case file %(case_file_id)s: %(opened)s cases opened, %(changed)s changed.")
)

CHUNK = 5000
State = CaseFile.State
TO_OPEN = (State.CONFIRMED, State.OPENING)
UNFINISHED = (State.RECEIVED, State.CHECKING, *TO_OPEN)


@dataclass
class Opened:
    """What an opening did: new cases, changed cases, and whether the file is through."""

    opened: int = 0
    changed: int = 0
    done: bool = False


def known_contracts(creditor_id: int, contract_numbers: list[str]) -> dict[str, Known]:
    """What checking asks: which contracts of this creditor have a case."""
    found = Case.objects.filter(creditor_id=creditor_id, contract_no__in=contract_numbers)
    rows = found.values_list("contract_no", "row_digest", "source_row_id", "stage", "currency")
    return {
        contract_no: Known(bytes(digest) if digest is not None else None, row_id, stage == Stage.CLOSED, currency)
        for contract_no, digest, row_id, stage, currency in rows
    }


def open_confirmed(case_file: CaseFile, *, now: datetime, chunk: int = CHUNK) -> Opened:
    """Open and change cases by the accepted rows of a confirmed file, then move them to the stage of their days.

    Goes on where it stopped; called again on an opened file it does nothing. Called outside of a scope, every chunk
    is its own transaction.
    """
    result = Opened()
    while not result.done:
        with agency_scope(case_file.agency_id):
            _open_chunk(case_file.id, result, now=now, limit=chunk)
    return result


def _open_chunk(case_file_id: int, result: Opened, *, now: datetime, limit: int) -> None:
    case_file = CaseFile.objects.select_for_update().get(id=case_file_id)
    if case_file.state not in TO_OPEN:
        result.done = True
        return
    portfolio = Portfolio.objects.select_related("mandate", "agency").get(id=case_file.portfolio_id)
    on = now.astimezone(ZoneInfo(portfolio.agency.time_zone)).date()
    keys = _keys(case_file, portfolio, on=on, now=now) | {"told_before": _told_before(case_file, portfolio)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases.opening'), %s::int)", [case_file.creditor_id])
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(sql.UNTIL, keys | {"limit": limit})
        until, contract_numbers = cursor.fetchone()
        if until is None:
            result.done = True
            _finish(case_file, on=on, now=now)
            return
        opened, changed = _write(cursor, keys | {"until": until, "contract_numbers": contract_numbers})
    case_file.state = State.OPENING
    case_file.last_line = until
    case_file.rows_done += len(contract_numbers)
    case_file.counts |= {
        "cases_opened": case_file.counts.get("cases_opened", 0) + opened,
        "cases_changed": case_file.counts.get("cases_changed", 0) + changed,
    }
    case_file.save(update_fields=["state", "last_line", "rows_done", "counts"])
    result.opened += opened
    result.changed += changed


def _keys(case_file: CaseFile, portfolio: Portfolio, *, on: date, now: datetime) -> dict[str, Any]:
    mandate = portfolio.mandate
    return {
        "agency_id": case_file.agency_id, "case_file_id": case_file.id, "creditor_id": case_file.creditor_id,
        "portfolio_id": portfolio.id, "mandate_id": mandate.id, "debt_kind": mandate.debt_kind,
        "ownership": mandate.ownership, "original_creditor": mandate.original_creditor,
        "jurisdiction": mandate.jurisdiction, "on": on, "now": now,
        "by_id": case_file.confirmed_by_id, "after": case_file.last_line,
    }  # fmt: skip


def _told_before(case_file: CaseFile, portfolio: Portfolio) -> datetime:
    """The morning of the day the file speaks of: what the agency told the creditor later, its amounts do not know."""
    zone = ZoneInfo(portfolio.agency.time_zone)
    day = case_file.uploaded_at.astimezone(zone).date()
    said = case_file.mapping.spec.get("as_of") if case_file.mapping else ""
    if said:
        day = min(day, date.fromisoformat(said))
    return datetime.combine(day, time(), tzinfo=zone)


def _write(cursor: Any, keys: dict[str, Any]) -> tuple[int, int]:
    """Everything of one chunk. Every table is reached by index: on a table that grew a moment ago the planner would
    still see no rows and read all of it for each row of the chunk.

    Returns (cases opened, cases changed).
    """
    posting = {
        "on": keys["on"],
        "now": keys["now"],
        "by_id": keys["by_id"],
        "reference": f"case file {keys['case_file_id']}",
    }
    cursor.execute("DROP TABLE IF EXISTS pg_temp.intake_row, pg_temp.intake_known, pg_temp.intake_collected")
    identity.make_table()
    cursor.execute(sql.KNOWN, keys)
    cursor.execute("SELECT array_agg(source_row_id) FILTER (WHERE source_row_id IS NOT NULL) FROM intake_known")
    if row_ids := cursor.fetchone()[0]:
        cursor.execute(sql.KNOWN_AMOUNTS, keys | {"row_ids": row_ids})
    cursor.execute(sql.TAKE_CHUNK, keys)
    cursor.execute("ANALYZE intake_row")
    cursor.execute("SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM intake_row")
    opened, changed = cursor.fetchone()
    cursor.execute(sql.PERSONS)
    cursor.execute("SELECT EXISTS (SELECT 1 FROM intake_person WHERE reference <> '')")
    if cursor.fetchone()[0]:
        cursor.execute(sql.CANDIDATES_BY_REFERENCE, keys)
    if changed:
        cursor.execute(sql.CANDIDATES_BY_PLACE, keys)
    identity.settle(now=keys["now"], by_id=keys["by_id"])
    if opened:
        ledger_opening.open_accounts(**posting)
        cursor.execute(sql.OPEN_CASES, keys)
    if changed:
        cursor.execute(sql.COLLECTED, keys)
        ledger_opening.adjust_accounts(**posting)
        _change(cursor, keys)
    cursor.execute(sql.PARTIES, keys)
    cursor.execute(f"{record.INSERT_SQL} {sql.TELL_OPENED}", keys | {"kind": CASE_OPENED})
    cursor.execute(f"{record.INSERT_SQL} {sql.TELL_CHANGED}", keys | {"kind": CASE_CHANGED})
    cursor.execute("DROP TABLE pg_temp.intake_row, pg_temp.intake_known, pg_temp.intake_person")
    return opened, changed


def _change(cursor: Any, keys: dict[str, Any]) -> None:
    cursor.execute("SELECT array_agg(account_id) FROM intake_row WHERE NOT is_new")
    accounts = cursor.fetchone()[0]
    statement = sql.CHANGE_CASES.format(past_due=PAST_DUE_SQL)
    cursor.execute(statement, keys | {"account_ids": accounts, "as_of": keys["on"]})


def _finish(case_file: CaseFile, *, on: date, now: datetime) -> None:
    case_file.state = State.OPENED
    case_file.opened_at = now
    case_file.save(update_fields=["state", "opened_at"])
    counts = case_file.counts
    if counts.get("stopped"):
        counts["holds_placed"] = stated_holds.place(case_file, on=on, now=now)
        case_file.save(update_fields=["counts"])
    record.record(
        FILE_OPENED, by=case_file.confirmed_by, subject_id=case_file.id, case_file_id=case_file.id,
        opened=counts.get("cases_opened", 0), changed=counts.get("cases_changed", 0),
    )  # fmt: skip
    portfolios = list(Portfolio.objects.filter(creditor_id=case_file.creditor_id).values_list("id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")  # the cases came a moment ago: the planner still sees few
    roll_stages(as_of=on, portfolio_ids=portfolios, by=case_file.confirmed_by, now=now)
