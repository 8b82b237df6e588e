"""Holds that the creditor's own words place: a row of a confirmed file says of an open case that it is disputed, that
the debtor has died, or that something else stops the collection. Nobody contacts on until a person decides."""

from datetime import date, datetime
from typing import Any

from django.db import connection

from audit import record
from cases.holds import PLACED
from portfolios.models import CaseFile

REASONS = {
    "status_FRAUD": "FRAUD",
    "status_LEGAL": "CREDITOR",
    "status_RESTRUCTURING": "CREDITOR",
    "status_STAFF": "CREDITOR",
    "status_DECEASED": "DECEASED",
    "status_DISPUTED": "DISPUTE",
    "status_INSOLVENT": "INSOLVENCY",
}
"""What a row says -> the reason of the hold."""

_PLACE = f"""
WITH stated AS (
    SELECT DISTINCT ON (c.id, says.reason) c.id AS case_id, says.reason, r.line
    FROM portfolios_casefilerow r
    CROSS JOIN LATERAL jsonb_array_elements(r.reasons) AS why
    JOIN (SELECT * FROM unnest(%(codes)s::text[], %(reasons)s::text[]) AS u(code, reason)) AS says
      ON says.code = why ->> 'code'
    JOIN cases_case c ON c.agency_id = r.agency_id AND c.creditor_id = %(creditor_id)s
     AND c.contract_no = r.contract_no AND c.stage <> 'CLOSED'
    WHERE r.agency_id = %(agency_id)s AND r.case_file_id = %(case_file_id)s AND r.verdict = 'INELIGIBLE'
      AND r.reasons @> '[{{"code": "stops_case"}}]'
    ORDER BY c.id, says.reason, r.line),
placed AS (
    INSERT INTO cases_hold (agency_id, case_id, reason, detail_code, note, since, placed_by_id, placed_at)
    SELECT %(agency_id)s, case_id, reason, CASE reason WHEN 'FRAUD' THEN 'OTHER' ELSE '' END,
           format('case file %%s, row %%s', %(case_file_id)s, line), %(on)s, %(by_id)s, %(now)s
    FROM stated ORDER BY case_id
    ON CONFLICT (agency_id, case_id, reason) WHERE lifted_at IS NULL DO NOTHING
    RETURNING id, case_id, reason, detail_code),
marked AS (
    UPDATE cases_case SET on_hold = true
    WHERE agency_id = %(agency_id)s AND id IN (SELECT case_id FROM placed)),
written AS (
    {record.INSERT_SQL}
    SELECT %(agency_id)s, '{PLACED}', %(now)s, %(by_id)s::bigint, case_id, id,
           jsonb_build_object('reason', reason, 'detail', detail_code, 'until', NULL), '' FROM placed)
SELECT count(*) FROM placed
"""  # noqa: S608 (constant text)


def place(case_file: CaseFile, *, on: date, now: datetime) -> int:
    """Place the holds that the rows of this file ask for; one that is open stays as it is. Returns how many."""
    keys: dict[str, Any] = {
        "agency_id": case_file.agency_id, "case_file_id": case_file.id, "creditor_id": case_file.creditor_id,
        "codes": list(REASONS), "reasons": list(REASONS.values()), "on": on, "now": now,
        "by_id": case_file.confirmed_by_id,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, keys)
        return int(cursor.fetchone()[0])
