"""What was agreed or is being asked for ends with its case: open promises, plans and settlements, whatever closed it.

`cases.closing` calls it after the approvals that waited were withdrawn. Sets are worked as sets. What the money kept
was judged before; what is ended here stays ended when the case is reopened.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from agencies.actors import Actor, user_of
from agencies.models import Agency
from agencies.scope import current_agency_id
from audit import record
from cases import plan_judging, promise_judging, settlement_judging

_TOLD = f"""
    {record.INSERT_SQL}
    SELECT %(agency)s, %(kind)s, %(now)s, %(by)s, case_id, id,
           jsonb_build_object('amount', amount::text, 'currency', currency, 'because', 'case_closed'), ''
    FROM ended
"""  # noqa: S608 (constant text)

_PROMISES_SQL = f"""
WITH ended AS (
    UPDATE cases_promise p SET state = 'CANCELLED', judged_on = c.closed_on, decision_note = %(why)s
    FROM cases_case c
    WHERE p.agency_id = %(agency)s AND p.case_id = ANY(%(ids)s) AND p.state IN ('ACTIVE', 'AWAITING_APPROVAL')
      AND c.agency_id = p.agency_id AND c.id = p.case_id
    RETURNING p.id, p.case_id, p.amount, p.currency)
{_TOLD}
"""  # noqa: S608 (constant text)

_SETTLEMENTS_SQL = f"""
WITH ended AS (
    UPDATE cases_settlement s SET state = 'CANCELLED', ended_on = c.closed_on
    FROM cases_case c
    WHERE s.agency_id = %(agency)s AND s.case_id = ANY(%(ids)s) AND s.state IN ('AWAITING_APPROVAL', 'OFFERED')
      AND c.agency_id = s.agency_id AND c.id = s.case_id
    RETURNING s.id, s.case_id, s.amount, s.currency)
{_TOLD}
"""  # noqa: S608 (constant text)

_PLANS_SQL = f"""
WITH ended AS (
    UPDATE cases_plan p SET state = 'CANCELLED', ended_on = c.closed_on, note = %(why)s
    FROM cases_case c
    WHERE p.agency_id = %(agency)s AND p.case_id = ANY(%(ids)s) AND p.state = ANY(%(open)s)
      AND c.agency_id = p.agency_id AND c.id = p.case_id
    RETURNING p.id, p.case_id, coalesce(p.amount, p.advance) AS amount, p.currency),
freed AS (
    UPDATE cases_case c SET on_plan = false FROM ended
    WHERE c.agency_id = %(agency)s AND c.id = ended.case_id AND c.on_plan
    RETURNING c.account_id, c.closed_on),
passed_over AS (
    UPDATE ledger_account a SET accrued_through = greatest(a.accrued_through, freed.closed_on)
    FROM freed WHERE a.agency_id = %(agency)s AND a.id = freed.account_id)
{_TOLD}
"""  # noqa: S608 (constant text)


def end(case_ids: Sequence[int], *, by: Actor, now: datetime) -> None:
    """End the open promises, plans and settlements of closed cases; days on a plan are counted no more (`cancel`)."""
    agency = Agency.objects.get(id=current_agency_id())
    with translation.override(agency.language):
        why = _("The case was closed.")
    user = user_of(by)
    keys: dict[str, Any] = {
        "agency": agency.id, "ids": list(case_ids), "now": now, "by": user.id if user else None, "why": why,
        "open": [str(state) for state in plan_judging.OPEN],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PROMISES_SQL, keys | {"kind": promise_judging.CANCELLED})
        cursor.execute(_PLANS_SQL, keys | {"kind": plan_judging.CANCELLED})
        cursor.execute(_SETTLEMENTS_SQL, keys | {"kind": settlement_judging.CANCELLED})
