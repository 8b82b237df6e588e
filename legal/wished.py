"""A coordinator accepted that a case should go to court: its draft is begun, and legal's list shows it (S004-38)."""

from collections.abc import Sequence
from datetime import datetime

from agencies.models import Membership
from cases.models import Case, Stage
from cases.next_actions import local_day
from legal import lawsuits
from legal.models import CourtReason


def begin_draft(case: Case, reasons: Sequence[str], text: str, by: Membership, now: datetime) -> None:
    """Begin the decision with what was seen on the spot; one that is under way stays as it is."""
    if case.stage in {Stage.LEGAL, Stage.CLOSED} or case.court_decision_id is not None or lawsuits.draft_of(case):
        return
    known = [one for one in reasons if one in CourtReason.values] or [CourtReason.OTHER.value]
    lawsuits.save_draft(case, reasons=known, text=text, ticks={}, by=by, as_of=local_day(case.agency, now), now=now)
