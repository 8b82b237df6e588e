"""The night marks cases for experts: called and visited in vain before termination, visited in vain, or accelerated.

One statement over the set, by the rules of `portfolios.escalation`; doing it twice does it once. What a person released
stays released until the case is cured or closed (S002-05).
"""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from agencies.scope import current_agency_id
from audit import record
from cases.experts import MARKED
from field.models import POSITIVE
from portfolios import escalation

_RULES = """unnest(%(portfolios)s::bigint[], %(calls)s::int[], %(visits)s::int[], %(after)s::int[],
 %(accelerated)s::boolean[]) AS r(portfolio_id, calls, visits, after, accelerated)"""

_MARK = f"""
WITH counted AS (
    SELECT c.id, c.contract_status, c.accelerated_on, r.*,
        (SELECT count(*) FROM field_visit v WHERE v.agency_id = c.agency_id AND v.case_id = c.id
         AND v.outcome <> ALL(%(met)s)) AS vain,
        (SELECT count(*) FROM contacts_contact k WHERE k.agency_id = c.agency_id AND k.case_id = c.id
         AND k.kind IN ('CALL_ATTEMPT', 'CONVERSATION')) AS called
    FROM {_RULES} JOIN cases_case c ON c.portfolio_id = r.portfolio_id
    WHERE c.agency_id = %(agency_id)s AND c.stage NOT IN ('CLOSED', 'WATCH') AND c.balance > 0
      AND c.for_experts = '' AND c.for_experts_on IS NULL),
judged AS (
    SELECT id, CASE
        WHEN accelerated AND (accelerated_on IS NOT NULL OR contract_status = 'ACCELERATED') THEN 'ACCELERATED'
        WHEN vain >= after THEN 'VISITS'
        WHEN called >= calls AND vain >= visits
             AND contract_status NOT IN ('TERMINATED', 'IN_LITIGATION', 'BEING_ASSIGNED') THEN 'SOLICITED'
        END AS reason FROM counted),
marked AS (
    UPDATE cases_case c SET for_experts = j.reason, for_experts_on = %(as_of)s,
        team_id = CASE WHEN c.collector_id IS NOT NULL OR EXISTS (
            SELECT FROM agencies_team t WHERE t.agency_id = c.agency_id AND t.id = c.team_id AND t.kind = 'EXPERT')
            THEN c.team_id END
    FROM judged j
    WHERE c.agency_id = %(agency_id)s AND c.id = j.id AND j.reason IS NOT NULL RETURNING c.id, c.for_experts),
written AS (
    {record.INSERT_SQL}
    SELECT %(agency_id)s, '{MARKED}', %(now)s, NULL::bigint, id, NULL::bigint,
           jsonb_build_object('reason', for_experts), '' FROM marked)
SELECT for_experts, count(*) FROM marked GROUP BY 1
"""  # noqa: S608 (constant text)

_FORGET = """
UPDATE cases_case SET for_experts = '', for_experts_on = NULL
WHERE agency_id = %(agency_id)s AND stage IN ('CLOSED', 'WATCH') AND for_experts_on IS NOT NULL
"""


def mark_due(*, as_of: date, now: datetime) -> dict[str, int]:
    """Mark the cases of the agency in scope that a rule gives to experts; returns how many by reason."""
    rules = escalation.in_force_by_portfolio(as_of)
    keys: dict[str, Any] = {
        "agency_id": current_agency_id(), "as_of": as_of, "now": now, "met": [str(one) for one in POSITIVE],
        "portfolios": list(rules), "calls": [one.expert_calls for one in rules.values()],
        "visits": [one.expert_visits for one in rules.values()],
        "after": [one.expert_after_visits for one in rules.values()],
        "accelerated": [one.expert_accelerated for one in rules.values()],
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FORGET, keys)
        if not rules:
            return {}
        cursor.execute(_MARK, keys)
        return dict(cursor.fetchall())
