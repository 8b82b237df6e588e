"""Who says yes in the demo: the creditor's user or the manager, and never the one who asked."""

from datetime import datetime

from agencies.models import Membership
from cases import approvals
from cases.models import Approval, ApprovalKind
from collections_crm.demo.story import Story
from portfolios.models import CreditorUser


def approve(story: Story, kind: ApprovalKind, subject_id: int, now: datetime, *, grant: bool = True) -> None:
    """Answer every side that was asked about one thing."""
    for asked in Approval.objects.filter(kind=kind, subject_id=subject_id, state="WAITING").order_by("id"):
        by = creditor_user(asked.creditor_id) if asked.side == "CREDITOR" else story.manager
        if by.user_id == asked.asked_by_id:
            by = story.coordinators[0]
        approvals.decide(
            asked,
            grant=grant,
            by=by,
            now=now,
            note="" if grant else story.say(ro="Nu pentru această sumă.", en="Not for this sum."),
        )


def creditor_user(creditor_id: int) -> Membership:
    found: CreditorUser = (
        CreditorUser.objects.filter(creditor_id=creditor_id).select_related("membership__user").order_by("id")[0]
    )
    member: Membership = found.membership
    return member
