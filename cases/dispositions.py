"""The coded result of working a case: recorded once per contact, with everything that follows from it, and undoable.

A result is mandatory before the case is left (S004-78). What it changes is remembered in `Disposition.effects`:
{"case": columns before, "hold": id, "statuses": [ids], "point": {"id", "validity", "answered"}}.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from agencies.permissions import Permission
from audit import record
from cases import arguments, claimed_payments, holds, promises, suspicions
from cases.claimed_payments import PaymentDetailsMissing
from cases.disposition_codes import seed_codes
from cases.models import Case, Disposition, DispositionCode, Hold, NextAction, Stage
from cases.next_actions import in_days, local_day, morning_of, plan
from common.refusals import NotUnderstood, Refused
from debtors import contact_points, statuses
from debtors.models import ContactPoint, PersonStatus, Validity

__all__ = ["PaymentDetailsMissing", "record_disposition", "seed_codes", "undo"]

RECORDED = record.kind("case.disposition_recorded", gettext_lazy("Result: %(label)s"))
UNDONE = record.kind("case.disposition_undone", gettext_lazy("A result was taken back: %(code)s"))

Effect = DispositionCode.Effect
UNDO_WITHIN = timedelta(hours=24)

_HOLDS: dict[str, tuple[str, int | None]] = {
    Effect.CLAIMS_PAID: (Hold.Reason.CLAIMS_PAID, 5),
    Effect.DISPUTE: (Hold.Reason.DISPUTE, None),
    Effect.FRAUD: (Hold.Reason.FRAUD, None),
    Effect.DECEASED: (Hold.Reason.DECEASED, None),
    Effect.CEASE: (Hold.Reason.CEASE_REQUEST, None),
    Effect.HARDSHIP: (Hold.Reason.HARDSHIP, 30),
    Effect.REPRESENTED: (Hold.Reason.REPRESENTED, None),
}
"""Effect -> (reason of the hold, days it lasts; None: until lifted)."""

_STATUSES: dict[str, PersonStatus.Code] = {
    Effect.DECEASED: PersonStatus.Code.DECEASED,
    Effect.CEASE: PersonStatus.Code.CEASE_REQUEST,
    Effect.REPRESENTED: PersonStatus.Code.REPRESENTED,
}
_FRAUD_STATUSES = {"LEFT_COUNTRY": PersonStatus.Code.ABROAD, "ARRESTED": PersonStatus.Code.IMPRISONED}

PAID_DETAILS = ("paid_on", "amount", "bank", "branch", "town", "method")
"""What is asked of a debtor who says it is paid (S004-55)."""

_BEFORE = ("next_action", "next_action_at", "priority", "last_worked_at")


class PromiseMissing(Refused):
    """The code says that a promise was made, and none is open."""


class ReasonMissing(NotUnderstood):
    field = "reason"


class NotUndoable(Refused):
    """Undone before, too old, another person's, or the case was worked again since."""


def record_disposition(
    case: Case,
    *,
    code: DispositionCode,
    channel: str = "CALL",
    direction: str = "OUT",
    contact_point: ContactPoint | None = None,
    spoke_with: str = "",
    reason: str = "",
    note: str = "",
    by: Membership,
    now: datetime,
    details: Mapping[str, Any] | None = None,
    recall_at: datetime | None = None,
    argument: str = "",
) -> Disposition:
    """Record the result of a contact and apply what follows from its code; the claim on the case ends.

    `details`: for "says paid" the answers of `PAID_DETAILS`, kept with whether a proof is needed; for fraud
    {"detail_code": a code of `cases.suspicions`}.
    `recall_at`: when a call back was agreed for; else the code's days decide. `argument`: the last step of the ladder
    of arguments that was reached in a talk with the debtor; of another result, or unknown, it is not kept.

    Raises:
        ReasonMissing, PaymentDetailsMissing, holds.FraudNeedsDetail: the code asks for more.
        PromiseMissing: a promise code without an open promise.
        holds.CaseIsClosed: a closed case takes only inbound results.
    """
    details = {key: str(value) for key, value in (details or {}).items() if value not in (None, "")}
    _check(case, code, direction, reason, details)
    if code.effect == Effect.CLAIMS_PAID:
        claim = claimed_payments.read(details, as_of=local_day(case.agency, now))
        details["proof"] = claimed_payments.look_for(case, claim).proof
    reached = argument if code.outcome == DispositionCode.Outcome.CONVERSATION and _is_step(argument) else ""
    with transaction.atomic():
        effects: dict[str, Any] = {"case": {name: _plain(getattr(case, name)) for name in _BEFORE}}
        result: Disposition = Disposition.objects.create(
            case=case, code=code, channel=channel, direction=direction, contact_point=contact_point,
            spoke_with=spoke_with, reason=reason, note=note[:1000], by=by.user, at=now, details=details,
            argument=reached,
        )  # fmt: skip
        effects |= _judge_point(case, code, contact_point, by, now)
        effects |= _hold(case, code, details, by, now)
        effects |= _record_statuses(case, code, details, by, now)
        columns = _plan_next(case, code, now, recall_at)
        case.last_worked_at, case.claimed_by, case.claimed_until = now, None, None
        case.save(update_fields=["last_worked_at", "claimed_by", "claimed_until", *columns])
        result.effects = effects
        result.save(update_fields=["effects"])
        record.record(
            RECORDED, by=by.user, case_id=case.id, subject_id=result.id, at=now, code=code.code, label=code.label,
            outcome=code.outcome, channel=str(channel), direction=direction, reason=reason,
        )  # fmt: skip
    return result


def _check(case: Case, code: DispositionCode, direction: str, reason: str, details: Mapping[str, str]) -> None:
    if case.stage == Stage.CLOSED and direction != "IN":
        raise holds.CaseIsClosed(_("The case is closed."))
    if code.asks_reason and not reason:
        raise ReasonMissing(_("Say why it was not paid."))
    if code.effect == Effect.PROMISE and promises.open_promise(case) is None:
        raise PromiseMissing(_("Record the promise first: amount and day."))
    if code.effect == Effect.FRAUD and not suspicions.is_known(details.get("detail_code", "")):
        raise holds.FraudNeedsDetail(_("Say what makes you suspect fraud."))


def _is_step(code: str) -> bool:
    return bool(code) and code in {step.code for step in arguments.ladder(arguments.all_words())}


def _judge_point(
    case: Case, code: DispositionCode, point: ContactPoint | None, by: Membership, now: datetime
) -> dict[str, Any]:
    """The number proved good or bad; the last bad one sends the case to skip tracing (S004-14)."""
    if point is None:
        return {}
    before = {"id": point.id, "validity": point.validity, "answered": _plain(point.last_answered_at)}
    if code.effect == Effect.INVALIDATE or code.outcome == DispositionCode.Outcome.WRONG_NUMBER:
        contact_points.invalidate(point, validity=Validity.WRONG_NUMBER, by=by, now=now, case_id=case.id)
    elif code.outcome == DispositionCode.Outcome.CONVERSATION and point.debtor_id == case.debtor_id:
        contact_points.answered(point, now=now)
    else:
        return {}
    return {"point": before}


def _hold(
    case: Case, code: DispositionCode, details: Mapping[str, str], by: Membership, now: datetime
) -> dict[str, Any]:
    if code.effect not in _HOLDS or case.stage == Stage.CLOSED:
        return {}
    reason, days = _HOLDS[code.effect]
    if Hold.objects.filter(case=case, reason=reason, lifted_at=None).exists():
        return {}
    today = local_day(case.agency, now)
    hold = holds.place(
        case, reason=reason, by=by, as_of=today, until=today + timedelta(days=days) if days else None,
        detail_code=details.get("detail_code", ""), now=now,
    )  # fmt: skip
    return {"hold": hold.id}


def _record_statuses(
    case: Case, code: DispositionCode, details: Mapping[str, str], by: Membership, now: datetime
) -> dict[str, Any]:
    status = _STATUSES.get(code.effect)
    if code.effect == Effect.FRAUD:
        status = _FRAUD_STATUSES.get(details.get("detail_code", ""))
    if status is None or PersonStatus.objects.filter(debtor_id=case.debtor_id, code=status, ended_at=None).exists():
        return {}
    made = statuses.record_status(
        case.debtor, code=status, since=local_day(case.agency, now), by=by, now=now, case_id=case.id
    )  # fmt: skip
    return {"statuses": [made.id]}


def _plan_next(case: Case, code: DispositionCode, now: datetime, recall_at: datetime | None) -> list[str]:
    """What comes next and when; what the code asks for gives way to a case without a usable number."""
    agency = case.agency
    if code.effect == Effect.FRAUD:
        return plan(case, NextAction.FRAUD_REVIEW, now)
    if code.effect == Effect.SKIP_TRACE or not contact_points.usable_phones(case.debtor):
        return plan(case, NextAction.SKIP_TRACE, now)
    if recall_at is not None:
        return plan(case, NextAction.RECALL, recall_at)
    open_promise = promises.open_promise(case)
    if open_promise is not None and open_promise.due_on >= local_day(agency, now):
        due = morning_of(agency, open_promise.due_on)  # worked on that day already: not again before tomorrow
        return plan(case, NextAction.PROMISE_DUE, due if due > now else in_days(agency, now, 1))
    at = in_days(agency, now, code.recall_days) if code.recall_days else now + timedelta(hours=2)
    if code.effect == Effect.CLAIMS_PAID:
        return plan(case, NextAction.CHECK_PAYMENT, at)
    if code.code == "CALL_BACK":
        return plan(case, NextAction.RECALL, at)
    reached = code.outcome in {DispositionCode.Outcome.CONVERSATION, DispositionCode.Outcome.NO_CONTACT}
    return plan(case, NextAction.FOLLOW_UP if reached else NextAction.CALL, at)


def undo(disposition: Disposition, *, by: Membership, now: datetime) -> Disposition:
    """Take a result back with everything it changed: by the same person (or whoever may move cases), within a day.

    The case is theirs to finish again. A contact that was made stays counted: only its coding is undone.

    Raises:
        NotUndoable: the sentence says why not.
    """
    _check_undo(disposition, by, now)
    case, effects = disposition.case, disposition.effects
    with transaction.atomic():
        if not Disposition.objects.filter(id=disposition.id, undone_at=None).update(undone_at=now):
            raise NotUndoable(_("This result was taken back before."))
        disposition.undone_at = now
        if "hold" in effects:
            holds.lift(Hold.objects.get(id=effects["hold"]), by=by, now=now)
            case.refresh_from_db(fields=["on_hold"])
        for status in PersonStatus.objects.filter(id__in=effects.get("statuses", [])):
            statuses.end_status(status, by=by, now=now, case_id=case.id)
        if "point" in effects:
            before = effects["point"]
            ContactPoint.objects.filter(id=before["id"]).update(
                validity=before["validity"], last_answered_at=_moment(before["answered"])
            )
        before_it = effects.get("case", {})
        for name, value in before_it.items():
            setattr(case, name, _moment(value) if name.endswith("_at") else value)
        case.save(update_fields=list(before_it))
        record.record(
            UNDONE, by=by.user, case_id=case.id, subject_id=disposition.id, at=now, code=disposition.code.label
        )  # fmt: skip
    return disposition


def _check_undo(disposition: Disposition, by: Membership, now: datetime) -> None:
    if disposition.by_id != by.user_id and not by.may(Permission.CASES_MOVE):
        raise NotUndoable(_("Only whoever recorded the result may take it back."))
    if now - disposition.at > UNDO_WITHIN:
        raise NotUndoable(_("A result can be taken back within 24 hours."))
    newer = Disposition.objects.filter(case_id=disposition.case_id, id__gt=disposition.id, undone_at=None)
    if newer.exists():
        raise NotUndoable(_("The case was worked again since. Take the newer result back first."))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(value: str | None) -> datetime | None:
    return parse_datetime(value) if value else None
