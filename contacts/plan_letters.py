"""The letter that a broken payment plan brings (S001-16): queued once per plan, judged by the gate when it leaves."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from agencies.scope import current_agency_id
from audit import record
from contacts.default_templates import PLAN_BROKEN
from contacts.outbox import QUEUED
from debtors.models import USABLE

DAYS = 7
"""A plan that broke longer ago gets no letter any more: an agency that begins to use the text writes to nobody late."""

_QUEUE = f"""
WITH broken AS (
    SELECT p.id AS plan_id, c.id AS case_id, c.debtor_id, a.id AS point_id, t.id AS template_id
    FROM cases_plan p
    JOIN cases_case c ON c.agency_id = p.agency_id AND c.id = p.case_id AND c.stage <> 'CLOSED' AND c.balance > 0
    JOIN debtors_debtor d ON d.agency_id = c.agency_id AND d.id = c.debtor_id
    JOIN agencies_agency g ON g.id = p.agency_id,
    LATERAL (
        SELECT x.id FROM debtors_contactpoint x
        WHERE x.agency_id = c.agency_id AND x.debtor_id = c.debtor_id AND x.kind = 'ADDRESS'
          AND x.owner_role = 'HOLDER' AND x.validity = ANY(%(usable)s)
        ORDER BY (x.verified_at IS NULL), x.id LIMIT 1) AS a,
    LATERAL (
        SELECT x.id FROM contacts_template x
        WHERE x.agency_id = p.agency_id AND x.name = %(name)s AND x.channel = 'LETTER' AND x.approved_at IS NOT NULL
          AND x.retired_at IS NULL AND x.language IN (d.language, g.language)
        ORDER BY (x.language <> d.language), x.version DESC LIMIT 1) AS t
    WHERE p.agency_id = %(agency_id)s AND p.state = 'BROKEN' AND p.ended_on >= %(since)s),
queued AS (
    INSERT INTO contacts_message
        (agency_id, case_id, debtor_id, contact_point_id, channel, template_id, dedupe_key, body, state, not_before,
         attempts, refusal_codes, provider_sid, provider_status, error_code, pressed, cost, pages, sha256, path,
         created_at)
    SELECT %(agency_id)s, case_id, debtor_id, point_id, 'LETTER', template_id, 'plan-broken:' || plan_id, '',
           'PENDING', %(now)s, 0, '{{}}', '', '', '', '', 0, 0, '', '', %(now)s
    FROM broken ORDER BY plan_id
    ON CONFLICT (agency_id, dedupe_key) DO NOTHING
    RETURNING id, case_id),
written AS (
    {record.INSERT_SQL}
    SELECT %(agency_id)s, '{QUEUED}', %(now)s, NULL::bigint, case_id, id, '{{"channel": "LETTER"}}'::jsonb, ''
    FROM queued)
SELECT count(*) FROM queued
"""  # noqa: S608 (constant text)


def queue(*, now: datetime) -> int:
    """Queue the letter for each plan of the agency in scope that broke in the last days. Returns how many; a second
    call finds none."""
    keys: dict[str, Any] = {
        "agency_id": current_agency_id(), "now": now, "since": now.date() - timedelta(days=DAYS), "name": PLAN_BROKEN,
        "usable": list(USABLE),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, keys)
        return int(cursor.fetchone()[0])
