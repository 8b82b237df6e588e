"""Cases that were closed and what is left of them in court: firms that still have them, proceedings nobody ended.

A case that its creditor recalled leaves its law firm at once. After a payment the firm keeps it, because a court or a
bailiff must be told; such cases are listed until a person recalled or finished them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from agencies.actors import Actor, user_of
from agencies.models import Membership
from audit import record
from cases.models import CloseReason, Stage
from legal import handoffs
from legal.models import Handoff, Proceeding


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


def left_over(member: Membership) -> Any:
    """Handoffs of closed cases that a firm still has, or in which a proceeding was never ended, the oldest first."""
    open_ = Proceeding.objects.filter(handoff=OuterRef("id"), state=Proceeding.State.OPEN)
    found = handoffs.visible_to(member).filter(case__stage=Stage.CLOSED)
    return found.filter(Q(ended_at=None) | Q(Exists(open_))).order_by("case__closed_on", "id")
