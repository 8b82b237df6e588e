"""A step reported with a wrong day, or by mistake: corrected with a reason, and what stood there before is kept."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from audit import record
from common.refusals import NotUnderstood
from legal.handoffs import check_follower
from legal.models import Handoff, Proceeding, ProceedingStep, StepCorrection
from legal.proceeding_words import STEPS
from legal.proceedings import DayToCome, StepDone, rules_of
from legal.step_days import count_anew
from legal.step_order import DayOutOfOrder, check_order, done_of

MOVED = record.kind(
    "legal.step_moved", gettext_lazy("The day of “%(step)s” was corrected: %(done_on)s instead of %(was_on)s."),
    step=STEPS.items(),
)  # fmt: skip
UNDONE = record.kind(
    "legal.step_undone", gettext_lazy("“%(step)s” was not done on %(was_on)s: the report was taken back."),
    step=STEPS.items(),
)  # fmt: skip


class WhyCorrected(NotUnderstood):
    field = "reason"


def correct(
    step: ProceedingStep, *, done_on: date | None, reason: str, by: Membership, as_of: date, now: datetime
) -> ProceedingStep:
    """Put the right day on a reported step, or take the report back (`done_on` None); later days are counted anew.

    Raises:
        WhyCorrected; DayToCome; StepDone: it was never reported, or the proceeding has ended.
        legal.step_order refusals; legal.handoffs refusals: not theirs, not now.
    """
    if not reason.strip():
        raise WhyCorrected(_("Say why the step is corrected."))
    if done_on is not None and done_on > as_of:
        raise DayToCome(_("This day has not come yet. Report the step when it is done."))
    with transaction.atomic():
        fresh: ProceedingStep = (
            ProceedingStep.objects.select_for_update(of=("self",)).select_related("proceeding").get(id=step.id)
        )
        proceeding, was_on = fresh.proceeding, fresh.done_on
        check_follower(Handoff.objects.select_for_update().get(id=proceeding.handoff_id), by)
        if was_on is None or proceeding.state != Proceeding.State.OPEN:
            raise StepDone(_("Only a reported step of an open proceeding is corrected."))
        rules = rules_of(proceeding)
        if done_on is not None:
            check_order(fresh, rules, done_on=done_on)
        elif any(fresh.code in rules.before(code) for code in done_of(fresh)):
            raise DayOutOfOrder(_("Take back the steps that follow first."))
        fresh.done_on = done_on
        if done_on is None:
            fresh.done_at, fresh.done_by = None, None
        fresh.save(update_fields=["done_on", "done_at", "done_by"])
        count_anew(fresh, rules)
        StepCorrection.objects.create(
            step=fresh, was_on=was_on, done_on=done_on, reason=reason.strip()[:240], by=by.user, at=now
        )
        more = {"done_on": done_on.isoformat()} if done_on else {}
        record.record(
            MOVED if done_on else UNDONE, by=by.user, case_id=proceeding.case_id, subject_id=fresh.id, at=now,
            step=fresh.code, was_on=was_on.isoformat(), **more,
        )  # fmt: skip
    return fresh


def of_steps(step_ids: Iterable[int]) -> dict[int, list[StepCorrection]]:
    """What was corrected, by step, the oldest first: one query."""
    found: dict[int, list[StepCorrection]] = {}
    for one in StepCorrection.objects.filter(step__in=list(step_ids)).select_related("by").order_by("id"):
        found.setdefault(one.step_id, []).append(one)
    return found
