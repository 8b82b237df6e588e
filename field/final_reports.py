"""Which final reports of closed cases are still to be made (S003-13). What is wanted stands in `FinalReport`; the clock
wakes whoever makes it, so a worker that was lost loses none, and what is made is not made again.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from agencies.scope import current_agency_id
from cases.models import Stage
from field.models import FinalReport

_WANT_SQL = """
INSERT INTO field_finalreport (agency_id, case_id, wanted_at, document_id)
SELECT v.agency_id, v.case_id, %(now)s, NULL FROM (
    SELECT agency_id, case_id FROM field_visit WHERE agency_id = %(agency)s AND case_id = ANY(%(ids)s)
    UNION
    SELECT agency_id, case_id FROM field_objectstep
    WHERE agency_id = %(agency)s AND case_id = ANY(%(ids)s) AND state = 'DONE') AS v
ORDER BY v.case_id
ON CONFLICT (agency_id, case_id) DO UPDATE SET wanted_at = EXCLUDED.wanted_at, document_id = NULL
"""


def want(case_ids: Sequence[int], *, now: datetime) -> int:
    """Of the cases that were just closed, those that field worked on get a report. One statement; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_WANT_SQL, {"agency": current_agency_id(), "ids": list(case_ids), "now": now})
        return int(cursor.rowcount)


def renew(case_id: int, *, now: datetime) -> None:
    """Something was added to a closed case: the clock makes its report anew."""
    FinalReport.objects.update_or_create(case_id=case_id, defaults={"wanted_at": now, "document": None})


def owed() -> list[int]:
    """Closed cases of the agency in scope whose report is wanted and not made, those that waited longest first."""
    waiting = FinalReport.objects.filter(document=None, case__stage=Stage.CLOSED)
    return list(waiting.order_by("wanted_at", "case_id").values_list("case_id", flat=True))
