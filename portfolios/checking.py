"""Checking a file's rows in chunks: each chunk is one transaction, so that a killed worker's work goes on where it was.

The verdict of a row: ERROR or INELIGIBLE with reasons, DUPLICATE, or one that may be taken over: NEW, CHANGED or
UNCHANGED against the cases we know.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from celery import signature
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from agencies.scope import agency_scope
from audit import record
from common.refusals import Refused
from portfolios import clients
from portfolios.changes import Changes
from portfolios.comparing import compare
from portfolios.eligibility import Terms
from portfolios.inspecting import refuse
from portfolios.mapping import spec_of
from portfolios.models import CaseFile, CaseFileRow
from portfolios.reading import Cells, Detected, FileRefused, rows
from portfolios.receiving import path_of
from portfolios.understanding import Plan, Row

FILE_CHECKED = record.kind("case_file.checked", _("Case file %(case_file_id)s was checked."))
FILE_CONFIRMED = record.kind(
    "case_file.confirmed", _("The accepted rows of case file %(case_file_id)s were confirmed.")
)
OPEN_TASK = "cases.tasks.open_case_file"
CHUNK = 4000

State = CaseFile.State
Verdict = CaseFileRow.Verdict
TAKEN = (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED)


class NothingToConfirm(Refused):
    """The file is not checked, or no row of it may be taken over."""


def check(agency_id: int, case_file_id: int, *, now: datetime, chunk: int = CHUNK) -> None:
    """Check the rows that are still unchecked, chunk by chunk. Harmless to call twice, also at the same time."""
    with agency_scope(agency_id):
        case_file = CaseFile.objects.select_related("portfolio__mandate", "agency", "mapping").get(id=case_file_id)
        if case_file.state != State.CHECKING:
            return
        plan, detected = plan_of(case_file), Detected.of_json(case_file.detected)
    source = (pair for pair in rows(path_of(case_file), detected) if pair[0] > case_file.last_line)
    try:
        for batch in _batches(source, chunk):
            understood = [plan.understand(line, cells) for line, cells in batch]
            with agency_scope(agency_id):
                if not _store(case_file, understood):
                    return
        with agency_scope(agency_id):
            _finish(case_file, now=now)
    except FileRefused as refusal:
        with agency_scope(agency_id):
            refuse(case_file, refusal)


def confirm(case_file: CaseFile, *, by: User | None, now: datetime) -> CaseFile:
    """Say that the accepted rows shall become cases. Confirming twice changes nothing.

    Raises:
        NothingToConfirm: not checked yet, or no row may be taken over.
    """
    with transaction.atomic():
        case_file = CaseFile.objects.select_for_update().get(id=case_file.id)
        if case_file.state in (State.CONFIRMED, State.OPENING, State.OPENED):
            return case_file
        if case_file.state != State.CHECKED:
            raise NothingToConfirm(str(_("The file has not been checked yet.")))
        if not to_confirm(case_file.counts):
            raise NothingToConfirm(str(_("No row of this file is new or changed.")))
        case_file.state = State.CONFIRMED
        case_file.confirmed_by, case_file.confirmed_at = by, now
        case_file.rows_done = case_file.last_line = 0
        case_file.step_began_at = now
        case_file.save()
        record.record(FILE_CONFIRMED, by=by, subject_id=case_file.id, case_file_id=case_file.id)
        task = signature(OPEN_TASK, args=[case_file.agency_id, case_file.id], queue="files")
        transaction.on_commit(task.apply_async)
    return case_file


def to_confirm(counts: dict[str, int]) -> int:
    """How many rows do something once the file is confirmed: open a case, change one, or put one on hold."""
    return sum(counts.get(name, 0) for name in ("new", "changed", "stopped"))


def plan_of(case_file: CaseFile) -> Plan:
    """The file's mapping, compiled, with the mandate's terms."""
    mandate = case_file.portfolio.mandate
    spec = spec_of(case_file.mapping.spec)
    as_of = date.fromisoformat(spec.as_of) if spec.as_of else case_file.as_of
    if as_of is None:
        raise ValueError("a file is judged from the day its check began")
    terms = Terms(
        country=mandate.jurisdiction[:2], currency=mandate.currency,
        as_of=as_of, taken_over_on=case_file.portfolio.received_on,
        min_days_past_due=mandate.min_days_past_due, requires_secured=mandate.requires_secured,
        persons_only=mandate.persons_only, notice_required=mandate.assignment_notice_required,
        other_currencies=frozenset(mandate.other_currencies),
    )  # fmt: skip
    return Plan(spec, list(case_file.detected["header"]), terms, agency_id=case_file.agency_id)


def _batches(source: Iterator[tuple[int, Cells]], size: int) -> Iterator[list[tuple[int, Cells]]]:
    while batch := list(islice(source, size)):
        yield batch


def _store(case_file: CaseFile, understood: list[Row]) -> bool:
    """Write one chunk; False when another worker has gone further meanwhile."""
    fresh = CaseFile.objects.select_for_update().filter(id=case_file.id, state=State.CHECKING).first()
    if fresh is None or fresh.last_line != case_file.last_line:
        return False
    changes = compare(case_file.creditor_id, understood)
    _copy(case_file, understood, changes)
    case_file.last_line = understood[-1].line
    case_file.rows_done += len(understood)
    CaseFile.objects.filter(id=case_file.id).update(last_line=case_file.last_line, rows_done=case_file.rows_done)
    return True


def _copy(case_file: CaseFile, understood: list[Row], changes: dict[int, Changes]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.checked_row")
        cursor.execute(
            "CREATE TEMP TABLE checked_row (line int, raw text, vals text, contract_no text, digest bytea,"
            " verdict text, reasons text, changes text) ON COMMIT DROP"
        )
        with cursor.copy("COPY checked_row FROM STDIN") as copy:
            for row in understood:
                copy.write_row(
                    (
                        row.line, json.dumps(row.raw) if row.raw else None, row.values, row.contract_no, row.digest,
                        row.verdict, json.dumps(row.reasons) if row.reasons else "[]",
                        json.dumps(changes[row.line]) if row.line in changes else "{}",
                    )
                )  # fmt: skip
        cursor.execute(
            """
            INSERT INTO portfolios_casefilerow
                (agency_id, case_file_id, line, raw, "values", contract_no, digest, verdict, reasons, changes)
            SELECT %s, %s, line,
                CASE WHEN raw IS NULL THEN '{}'::text[]
                     ELSE ARRAY(SELECT jsonb_array_elements_text(raw::jsonb)) END,
                vals::jsonb, contract_no, digest, verdict, reasons::jsonb, changes::jsonb
            FROM checked_row
            """,
            [case_file.agency_id, case_file.id],
        )
        cursor.execute("DROP TABLE pg_temp.checked_row")


_DUPLICATES = """
SELECT id, first_line FROM (
    SELECT id, first_value(line) OVER same AS first_line, row_number() OVER same AS nth
    FROM portfolios_casefilerow
    WHERE agency_id = %(agency_id)s AND case_file_id = %(case_file_id)s AND verdict <> 'ERROR' AND contract_no <> ''
    WINDOW same AS (PARTITION BY contract_no ORDER BY line)
) AS twice
WHERE nth > 1
"""

_MARK = """
UPDATE portfolios_casefilerow SET verdict = 'DUPLICATE',
    reasons = reasons || jsonb_build_array(jsonb_build_object(
        'code', 'duplicate', 'column', %(column)s::text, 'cell', %(first_lines)s::jsonb ->> id::text))
WHERE agency_id = %(agency_id)s AND id = ANY(%(ids)s)
"""
"""By a list of ids, not by a join: the planner does not know yet how large the table has grown."""

_TALLY = """
SELECT verdict, "values" ->> 'currency' AS currency, "values" #> '{facts,secured}' = 'true' AS secured,
       count(*), sum(("values" ->> 'total')::numeric), count(*) FILTER (WHERE reasons <> '[]'),
       count(*) FILTER (WHERE reasons @> '[{"code": "stops_case"}]')
FROM portfolios_casefilerow WHERE agency_id = %(agency_id)s AND case_file_id = %(case_file_id)s
GROUP BY 1, 2, 3
"""


def _finish(case_file: CaseFile, *, now: datetime) -> None:
    fresh = CaseFile.objects.select_for_update().filter(id=case_file.id, state=State.CHECKING).first()
    if fresh is None or fresh.last_line != case_file.last_line:
        return
    spec = spec_of(case_file.mapping.spec)
    column = next(iter(spec.columns_of("contract_no")), "")
    keys: dict[str, Any] = {"agency_id": case_file.agency_id, "case_file_id": case_file.id, "column": column}
    with connection.cursor() as cursor:
        cursor.execute(_DUPLICATES, keys)
        for twice in clients.in_thousands(cursor.fetchall()):
            first_lines = json.dumps({str(row_id): str(line) for row_id, line in twice})
            cursor.execute(_MARK, keys | {"ids": [row_id for row_id, _line in twice], "first_lines": first_lines})
    if case_file.portfolio.mandate.requires_secured:
        clients.decide(agency_id=case_file.agency_id, case_file_id=case_file.id)
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, keys)
        fresh.counts, fresh.sums = _tallied(cursor.fetchall())
    fresh.rows_total = fresh.rows_done = case_file.rows_done
    fresh.state = State.CHECKED
    fresh.save(update_fields=["counts", "sums", "rows_total", "rows_done", "state"])
    record.record(FILE_CHECKED, subject_id=fresh.id, case_file_id=fresh.id, **fresh.counts)
    if case_file.portfolio.mandate.auto_confirm and to_confirm(fresh.counts):
        confirm(fresh, by=None, now=now)


def _tallied(found: list[tuple[Any, ...]]) -> tuple[dict[str, int], dict[str, Any]]:
    counts = {str(verdict).lower(): 0 for verdict in Verdict.values} | {"warnings": 0, "stopped": 0}
    sums: dict[str, Any] = {}
    for verdict, currency, secured, count, total, remarked, stopped in found:
        counts[verdict.lower()] += count
        counts["stopped"] += stopped
        if verdict not in TAKEN:
            continue
        counts["warnings"] += remarked
        here = sums.setdefault(currency, {"total": 0, "secured": 0, "unsecured": 0, "cases": 0, "secured_cases": 0})
        here["total"] += total
        here["secured" if secured else "unsecured"] += total
        here["cases"] += count
        here["secured_cases"] += count if secured else 0
    for here in sums.values():
        here |= {name: f"{here[name]:.2f}" for name in ("total", "secured", "unsecured")}
    return counts, sums
