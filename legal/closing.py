"""Cases that were closed and what is left of them in court: firms that still have them, proceedings nobody ended.

A case that its creditor recalled leaves its law firm at once. After a payment the firm keeps it, because a court or a
bailiff must be told; such cases are listed until a person recalled or finished them. A criminal complaint that was
approved and not filed yet ends with its case.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from agencies.actors import Actor, user_of
from agencies.models import Membership
from audit import record
from cases.models import CloseReason, Stage
from legal import complaints, handoffs
from legal.models import Complaint, Handoff, Proceeding


def recall_what_the_creditor_recalled(case_ids: Sequence[int], by: Actor, now: datetime) -> None:
    """Take closed cases back from their law firms where the creditor recalled them."""
    found = list(
        Handoff.objects.select_for_update(of=("self",))
        .filter(case__in=list(case_ids), case__close_reason=CloseReason.RECALLED)
        .exclude(state__in=handoffs.ENDED)
        .order_by("id")
    )
    Handoff.objects.filter(id__in=[one.id for one in found]).update(state=Handoff.State.RECALLED, ended_at=now)
    record.record_many(
        handoffs.RECALLED, [(one.case_id, {"handoff": one.id}) for one in found], by=user_of(by), at=now
    )  # fmt: skip


def withdraw_unfiled_complaints(case_ids: Sequence[int], by: Actor, now: datetime) -> None:
    """File no complaint any more that was approved before its case was closed."""
    found = list(
        Complaint.objects.select_for_update(of=("self",))
        .filter(case__in=list(case_ids), state=Complaint.State.APPROVED)
        .order_by("id")
    )
    if not found:
        return
    Complaint.objects.filter(id__in=[one.id for one in found]).update(
        state=Complaint.State.WITHDRAWN, withdrawn_note=_("The case is closed.")
    )
    record.record_many(complaints.WITHDRAWN, [(one.case_id, {}) for one in found], by=user_of(by), at=now)


def left_over(member: Membership) -> Any:
    """Handoffs of closed cases that a firm still has, or in which a proceeding was never ended, the oldest first."""
    open_ = Proceeding.objects.filter(handoff=OuterRef("id"), state=Proceeding.State.OPEN)
    found = handoffs.visible_to(member).filter(case__stage=Stage.CLOSED)
    return found.filter(Q(ended_at=None) | Q(Exists(open_))).order_by("case__closed_on", "id")
