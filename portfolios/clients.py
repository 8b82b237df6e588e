"""What is decided per client of the creditor, once all rows of a file are judged (seed 004, 1.2: S004-05 to S004-07).

One client: rows with the same national id, or with the same number of the creditor for the debtor. Under a mandate for
secured debts

- days past due are counted at the secured product (S004-06 a): each must keep the mandate's limit by itself, and the
  unsecured credits of a client who has such a one go along with it, whatever their own days;
- a client with unsecured credits alone stays with the creditor (S004-07 a), as does one whose secured credits may not
  be taken over (S004-07 b, c);
- fraud or a legal procedure on any product keeps the whole client (S004-07 d). What was taken over before stays ours.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db import connection

from portfolios.reasons import SENTENCES, WARNING, reason

Item = TypeVar("Item")

_STOPS = {"status_FRAUD": "client_FRAUD", "status_LEGAL": "client_LEGAL"}
_FREED = ("unsecured", "too_few_days")
_HARMLESS = [*_FREED, *(code for code, (level, _sentence) in SENTENCES.items() if level == WARNING)]

_ROWS = """
CREATE TEMP TABLE checked_client ON COMMIT DROP AS
SELECT id, verdict, reasons, "values" #>> '{persons,0,id}' AS national_id, "values" #>> '{persons,0,ref}' AS reference,
    "values" #> '{facts,secured}' = 'true' AS secured, ("values" ->> 'total')::numeric > 0 AS owes
FROM portfolios_casefilerow WHERE agency_id = %(agency_id)s AND case_file_id = %(case_file_id)s
"""

_KEPT = """
WITH stopped AS (
    SELECT DISTINCT national_id, reference, said.item ->> 'code' AS code
    FROM checked_client, jsonb_array_elements(reasons) AS said(item)
    WHERE said.item ->> 'code' = ANY(%(stops)s)
), met AS (
    SELECT row.id, stopped.code FROM checked_client AS row JOIN stopped USING (national_id)
    WHERE row.verdict IN ('NEW', 'INELIGIBLE')
    UNION ALL
    SELECT row.id, stopped.code FROM checked_client AS row JOIN stopped USING (reference)
    WHERE row.verdict IN ('NEW', 'INELIGIBLE')
)
SELECT min(met.code), row.id FROM met JOIN checked_client AS row USING (id)
WHERE NOT EXISTS (
    SELECT FROM jsonb_array_elements(row.reasons) AS said(item) WHERE said.item ->> 'code' = ANY(%(stops)s))
GROUP BY row.id
"""

_KEEP = """
UPDATE portfolios_casefilerow SET verdict = 'INELIGIBLE', reasons = reasons || %(reason)s::jsonb
WHERE agency_id = %(agency_id)s AND id = ANY(%(ids)s)
"""

_GOING_ALONG = """
WITH taken AS MATERIALIZED (
    SELECT national_id, reference FROM checked_client
    WHERE secured AND owes AND verdict IN ('NEW', 'CHANGED', 'UNCHANGED')
)
SELECT id FROM checked_client AS row
WHERE verdict = 'INELIGIBLE' AND reasons @> '[{"code": "unsecured"}]'
  AND NOT EXISTS (
      SELECT FROM jsonb_array_elements(reasons) AS said(item) WHERE said.item ->> 'code' <> ALL(%(harmless)s))
  AND (national_id IN (SELECT national_id FROM taken WHERE national_id IS NOT NULL)
       OR reference IN (SELECT reference FROM taken WHERE reference IS NOT NULL))
"""

_FREE = """
UPDATE portfolios_casefilerow SET verdict = 'NEW', raw = '{}',
    reasons = jsonb_path_query_array(reasons, '$[*] ? (@.code != "unsecured" && @.code != "too_few_days")')
        || %(reason)s::jsonb
WHERE agency_id = %(agency_id)s AND id = ANY(%(ids)s)
"""
"""Rows of known contracts are not among them: those lost or kept their reasons when they were compared."""


def decide(*, agency_id: int, case_file_id: int) -> None:
    """Keep and free rows of a file by what its clients have beside them."""
    keys: dict[str, Any] = {
        "agency_id": agency_id, "case_file_id": case_file_id, "stops": list(_STOPS), "harmless": _HARMLESS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.checked_client")
        cursor.execute(_ROWS, keys)
        cursor.execute("ANALYZE checked_client")
        cursor.execute(_KEPT, keys)
        kept = cursor.fetchall()
        for code, told in _STOPS.items():
            said = {"reason": json.dumps([reason(told)])}
            for ids in in_thousands([row_id for stop, row_id in kept if stop == code]):
                cursor.execute(_KEEP, keys | said | {"ids": ids})
                cursor.execute("UPDATE checked_client SET verdict = 'KEPT' WHERE id = ANY(%s)", [ids])
        cursor.execute(_GOING_ALONG, keys)
        said = {"reason": json.dumps([reason("goes_along")])}
        for ids in in_thousands([row_id for (row_id,) in cursor.fetchall()]):
            cursor.execute(_FREE, keys | said | {"ids": ids})
        cursor.execute("DROP TABLE pg_temp.checked_client")


def in_thousands(found: Sequence[Item]) -> Iterator[list[Item]]:
    """Lists of ids in pieces: an index serves each, whatever the planner thinks of a table that grew just now."""
    for start in range(0, len(found), 1000):
        yield list(found[start : start + 1000])
