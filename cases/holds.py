"""Holds: reasons that stop stage moves and, by the rules of the gate, contact; lifted by a person or on a day."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from audit import record
from cases import suspicions
from cases.models import Case, Hold, Stage
from common.refusals import NotUnderstood, Refused

PLACED = record.kind("case.hold_placed", gettext_lazy("A hold was placed: %(reason)s."))
LIFTED = record.kind("case.hold_lifted", gettext_lazy("A hold was lifted: %(reason)s."))
RAN_OUT = record.kind("case.hold_ran_out", gettext_lazy("A hold ran out: %(reason)s."))


class FraudNeedsDetail(NotUnderstood):
    field = "detail_code"


class HoldAlreadyOpen(Refused):
    field = "reason"


class CaseIsClosed(Refused):
    """A closed case is not worked."""


def place(
    case: Case,
    *,
    reason: str,
    by: Actor,
    as_of: date,
    until: date | None = None,
    detail_code: str = "",
    note: str = "",
    now: datetime | None = None,
) -> Hold:
    """Open a hold on the case; `until` is its last day (None: until someone lifts it).

    Raises:
        CaseIsClosed, HoldAlreadyOpen, FraudNeedsDetail; NotUnderstood: an unknown reason, or a day that has passed.
    """
    if reason not in Hold.Reason.values:
        raise NotUnderstood(_("There is no such reason for a hold."), field="reason")
    if reason == Hold.Reason.FRAUD and not suspicions.is_known(detail_code):
        raise FraudNeedsDetail(_("Say what makes you suspect fraud."))
    if until is not None and until < as_of:
        raise NotUnderstood(_("The last day of a hold cannot have passed."), field="until")
    if case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).only("id").get(id=case.id)
        if Hold.objects.filter(case=case, reason=reason, lifted_at=None).exists():
            raise HoldAlreadyOpen(_("The case already has this hold."))
        hold: Hold = Hold.objects.create(
            case=case,
            reason=reason,
            detail_code=detail_code,
            note=note,
            since=as_of,
            until=until,
            placed_by=user_of(by),
        )
        _mark(case)
        record.record(
            PLACED, by=user_of(by), case_id=case.id, subject_id=hold.id, at=now,
            reason=str(reason), detail=detail_code, until=until.isoformat() if until else None,
        )  # fmt: skip
    return hold


def lift(hold: Hold, *, by: Actor, now: datetime) -> Hold:
    """End a hold; lifting it twice changes nothing."""
    with transaction.atomic():
        changed = Hold.objects.filter(id=hold.id, lifted_at=None).update(lifted_at=now, lifted_by=user_of(by))
        if changed:
            hold.lifted_at = now
            _mark(hold.case)
            record.record(LIFTED, by=user_of(by), case_id=hold.case_id, subject_id=hold.id, at=now, reason=hold.reason)
    return hold


def lift_run_out(*, as_of: date, now: datetime | None = None) -> int:
    """End the holds whose last day has passed, of the agency in scope. Returns how many."""
    moment = now or timezone.now()
    with transaction.atomic():
        ended = list(
            Hold.objects.select_for_update(no_key=True)
            .filter(lifted_at=None, until__lt=as_of)
            .values_list("id", "case_id", "reason")
        )
        if not ended:
            return 0
        Hold.objects.filter(id__in=[row[0] for row in ended]).update(lifted_at=moment)
        cases = {row[1] for row in ended}
        still = set(Hold.objects.filter(case_id__in=cases, lifted_at=None).values_list("case_id", flat=True))
        Case.objects.filter(id__in=cases - still).update(on_hold=False)
        record.record_many(RAN_OUT, [(case_id, {"reason": reason}) for _id, case_id, reason in ended], at=moment)
    return len(ended)


def open_holds(case: Case) -> list[Hold]:
    return list(Hold.objects.filter(case=case, lifted_at=None).select_related("placed_by").order_by("id"))


def _mark(case: Case) -> None:
    """Keep `on_hold` true exactly while a hold is open."""
    case.on_hold = Hold.objects.filter(case=case, lifted_at=None).exists()
    case.save(update_fields=["on_hold"])
