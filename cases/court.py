"""What the decision to go to court does to a case: with its approval the legal stage opens, without it never.

The decision itself is kept by the floor above. A trigger looks at the approval again when the stage changes.
"""

from django.db import transaction

from cases import approvals
from cases.models import ApprovalKind, Case


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
