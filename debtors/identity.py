"""Who a person of a case file is: someone the agency knows already, or someone new. Set-based, within one agency.

`Persons to settle` stand in the temporary table `intake_person` (made by `make_table`), one row per person and case:
found by the blind index of the national id, else by a candidate the caller names (the creditor's own number of the
person, or the person who has this place on the case), else new. Equal persons of one set become one.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from agencies.scope import current_agency_id

TABLE = "intake_person"

_MAKE = """
CREATE TEMP TABLE intake_person (
    seq bigint GENERATED ALWAYS AS IDENTITY, row_id bigint NOT NULL, nth int NOT NULL, role text NOT NULL,
    person jsonb NOT NULL, id_index bytea, id_sealed bytea, reference text NOT NULL, candidate_id bigint,
    same text NOT NULL, debtor_id bigint, is_new boolean NOT NULL DEFAULT false
) ON COMMIT DROP
"""

_BY_NATIONAL_ID = """
UPDATE intake_person AS p SET debtor_id = d.id
FROM debtors_debtor AS d
WHERE d.agency_id = %(agency_id)s AND d.national_id_index = p.id_index
"""

_BY_CANDIDATE = """
UPDATE intake_person AS p SET debtor_id = d.id
FROM debtors_debtor AS d
WHERE d.agency_id = %(agency_id)s AND d.id = p.candidate_id AND p.debtor_id IS NULL
  AND (p.id_index IS NULL OR d.national_id_index IS NULL)
"""

_NEW = """
UPDATE intake_person AS p SET debtor_id = n.debtor_id, is_new = p.seq = n.first_seq
FROM (
    SELECT same, min(seq) AS first_seq, nextval(pg_get_serial_sequence('debtors_debtor', 'id')) AS debtor_id
    FROM intake_person WHERE debtor_id IS NULL GROUP BY same
) AS n
WHERE n.same = p.same AND p.debtor_id IS NULL
"""

_INSERT = """
INSERT INTO debtors_debtor (
    id, agency_id, kind, name, name_key, birth_on, language, country, region, time_zone, preference,
    national_id_sealed, national_id_index, source_reference, employer_name, monthly_income, created_at)
SELECT debtor_id, %(agency_id)s, person ->> 'kind', person ->> 'name', left(person ->> 'key', 200),
    (person ->> 'born')::date, person ->> 'language', person ->> 'country', '', '', '{}',
    id_sealed, id_index, reference, coalesce(person ->> 'employer', ''), (person ->> 'income')::numeric, %(now)s
FROM intake_person WHERE is_new ORDER BY seq
"""

_TOKENS = """
INSERT INTO debtors_nametoken (agency_id, debtor_id, token)
SELECT %(agency_id)s, p.debtor_id, word
FROM intake_person AS p, jsonb_array_elements_text(p.person -> 'words') AS word
WHERE p.is_new
ON CONFLICT DO NOTHING
"""

_POINTS = """
INSERT INTO debtors_contactpoint (
    agency_id, debtor_id, kind, owner_role, place, value, street, city, postal_code, region, country, source, validity,
    time_zone, created_at, created_by_id)
SELECT %(agency_id)s, p.debtor_id, point.kind, point.role, point.place, point.value, coalesce(point.street, ''),
    coalesce(point.city, ''), coalesce(point.postal_code, ''), coalesce(point.region, ''), point.country, 'CREDITOR',
    'UNKNOWN', '', %(now)s, %(by_id)s
FROM intake_person AS p, jsonb_to_recordset(p.person -> 'points') AS point(
    kind text, role text, place text, value text, street text, city text, postal_code text, region text, country text)
ORDER BY p.seq
ON CONFLICT (agency_id, debtor_id, kind, value) DO NOTHING
"""

_LEARNT_ID = """
UPDATE debtors_debtor AS d SET national_id_sealed = p.id_sealed, national_id_index = p.id_index
FROM (
    SELECT DISTINCT ON (id_index) * FROM intake_person WHERE id_index IS NOT NULL AND NOT is_new ORDER BY id_index, seq
) AS p
WHERE d.agency_id = %(agency_id)s AND d.id = p.debtor_id AND d.national_id_index IS NULL
"""

_RENAMED = """
UPDATE debtors_debtor AS d
SET name = p.person ->> 'name', name_key = left(p.person ->> 'key', 200),
    employer_name = coalesce(p.person ->> 'employer', d.employer_name),
    birth_on = coalesce((p.person ->> 'born')::date, d.birth_on)
FROM (SELECT DISTINCT ON (debtor_id) * FROM intake_person WHERE NOT is_new ORDER BY debtor_id, seq DESC) AS p
WHERE d.agency_id = %(agency_id)s AND d.id = p.debtor_id AND p.person ->> 'name' <> ''
  AND (d.name, d.employer_name, d.birth_on) IS DISTINCT FROM
      (p.person ->> 'name', coalesce(p.person ->> 'employer', d.employer_name),
       coalesce((p.person ->> 'born')::date, d.birth_on))
RETURNING d.id
"""

_NEW_WORDS = """
WITH gone AS (
    DELETE FROM debtors_nametoken WHERE agency_id = %(agency_id)s AND debtor_id = ANY(%(renamed)s) RETURNING id
)
INSERT INTO debtors_nametoken (agency_id, debtor_id, token)
SELECT DISTINCT %(agency_id)s, p.debtor_id, word
FROM intake_person AS p, jsonb_array_elements_text(p.person -> 'words') AS word, (SELECT count(*) FROM gone) AS done
WHERE p.debtor_id = ANY(%(renamed)s)
"""


def make_table() -> None:
    """A fresh, empty `intake_person` for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.intake_person")
        cursor.execute(_MAKE)


def settle(*, now: datetime, by_id: int | None) -> int:
    """Give every row of `intake_person` its `debtor_id`; write new persons, their words and everyone's contact points.

    What a later file says of a known person is taken over: a name, an employer, a birthday, an id we did not have.
    Returns how many persons are new.
    """
    keys: dict[str, Any] = {"agency_id": current_agency_id(), "now": now, "by_id": by_id}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE intake_person")
        for statement in (_BY_NATIONAL_ID, _BY_CANDIDATE, _NEW):
            cursor.execute(statement, keys)
        cursor.execute(_INSERT, keys)
        new = int(cursor.rowcount)
        cursor.execute(_TOKENS, keys)
        cursor.execute(_LEARNT_ID, keys)
        cursor.execute(_RENAMED, keys)
        renamed = [row[0] for row in cursor.fetchall()]
        if renamed:
            cursor.execute(_NEW_WORDS, keys | {"renamed": renamed})
        cursor.execute(_POINTS, keys)
    return new
