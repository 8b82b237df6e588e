"""What the decision to go to court does to a case: with its approval the legal stage opens, without it never.

The decision itself is kept by the floor above. A trigger looks at the approval again when the stage changes.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from agencies.models import Membership
from cases import approvals
from cases.models import ApprovalKind, Case

Wished = Callable[[Case, Sequence[str], str, Membership, datetime], None]
"""Gets the case, the codes of the reasons, a note, who wishes it and when."""

_wished: list[Wished] = []


def on_wished(begin: Wished) -> None:
    """The floor that keeps the decisions says here how one is begun."""
    if begin not in _wished:
        _wished.append(begin)


def wish(case: Case, *, reasons: Sequence[str], text: str, by: Membership, now: datetime) -> None:
    """Somebody on another floor finds that the case should go to court: those who prepare it hear of it."""
    for begin in _wished:
        begin(case, reasons, text, by, now)


def open_for_court(case: Case, *, decision_id: int) -> Case:
    """Let the case enter the legal stage by this decision.

    Raises:
        cases.approvals.ApprovalMissing: somebody who was asked has not said yes.
    """
    with transaction.atomic():
        approvals.check(ApprovalKind.LAWSUIT, decision_id)
        Case.objects.filter(id=case.id).update(court_decision_id=decision_id)
    case.court_decision_id = decision_id
    return case


def shut(case_id: int, *, decision_id: int) -> bool:
    """Let the case enter the legal stage by this decision no more; says whether it could so far."""
    by_it = Case.objects.filter(id=case_id, court_decision_id=decision_id)
    return bool(by_it.update(court_decision_id=None))
