"""Promises to pay: made within limits, approved beyond them, kept or broken by the ledger (seed 004, 5.1)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from agencies.permissions import Permission
from agencies.scope import current_agency_id
from audit import record
from cases.holds import CaseIsClosed
from cases.models import Case, NextAction, Promise, Stage
from cases.next_actions import PRIORITY, local_day, morning_of, plan
from common.refusals import NotUnderstood, Refused
from ledger.models import Account
from ledger.posting import CENT, check_amount
from ledger.queries import received_after

MADE = record.kind("case.promise_made", gettext_lazy("Promise to pay %(amount)s %(currency)s by %(due_on)s."))
ASKED = record.kind(
    "case.promise_asked", gettext_lazy("Approval asked for a promise of %(amount)s %(currency)s by %(due_on)s.")
)
APPROVED = record.kind("case.promise_approved", gettext_lazy("The promise of %(amount)s %(currency)s was approved."))
REFUSED = record.kind("case.promise_refused", gettext_lazy("The promise of %(amount)s %(currency)s was refused."))
CANCELLED = record.kind("case.promise_cancelled", gettext_lazy("The promise of %(amount)s %(currency)s was cancelled."))
KEPT = record.kind("case.promise_kept", gettext_lazy("The promise of %(amount)s %(currency)s was kept."))
BROKEN = record.kind("case.promise_broken", gettext_lazy("The promise of %(amount)s %(currency)s was broken."))

OPEN = (Promise.State.ACTIVE, Promise.State.AWAITING_APPROVAL)


class PromiseTooFar(Refused):
    """Beyond what may be granted at all, or beyond the short limit for less than the full sum due."""

    field = "due_on"


class PromiseInThePast(NotUnderstood):
    field = "due_on"


class PromiseTooSmall(Refused):
    """Less than one instalment (S004-21)."""

    field = "amount"


class PromiseExceedsBalance(Refused):
    field = "amount"


class PromiseAlreadyOpen(Refused):
    """One promise at a time."""


class PromiseIsDecided(Refused):
    """Approving or refusing what no longer waits."""


class SecondPersonNeeded(Refused):
    """Nobody approves their own promise; the role must allow it."""

    status = 403


@dataclass(frozen=True)
class PromiseLimits:
    """What may be promised on this case today, for the hints beside the form."""

    days: int
    days_approved: int
    latest_on: date
    latest_approved_on: date
    minimum: Decimal
    due_sum: Decimal
    balance: Decimal
    currency: str


def limits(case: Case, as_of: date) -> PromiseLimits:
    """Up to `days` freely, one instalment at least where it is known; up to `days_approved` for the full sum."""
    due = due_sum(case, as_of)
    instalment = case.original_instalment or CENT
    mandate = case.mandate
    return PromiseLimits(
        days=mandate.promise_days,
        days_approved=mandate.promise_days_approved,
        latest_on=as_of + timedelta(days=mandate.promise_days),
        latest_approved_on=as_of + timedelta(days=max(mandate.promise_days, mandate.promise_days_approved)),
        minimum=min(instalment, due, case.balance),
        due_sum=due,
        balance=case.balance,
        currency=case.currency,
    )


def due_sum(case: Case, as_of: date) -> Decimal:
    """What is due now: all of it once the contract was accelerated, else what is past due, else the balance."""
    if case.accelerated_on is not None and case.accelerated_on <= as_of:
        return case.balance
    return min(case.overdue, case.balance) if case.overdue > 0 else case.balance


def make_promise(
    case: Case, *, amount: Decimal, due_on: date, by: Membership, as_of: date, now: datetime | None = None
) -> Promise:
    """Record that the debtor will pay `amount` (case currency) by `due_on`.

    Up to 7 days ahead freely (the mandate's number); up to 30 only for the full sum due and with a coordinator's
    approval, for which the promise waits unless `by` may approve (S004-43, S004-44); at least one instalment (S004-21).

    Raises:
        PromiseTooFar, PromiseInThePast, PromiseTooSmall, PromiseExceedsBalance, PromiseAlreadyOpen, CaseIsClosed;
        AmountIsNotMoney: not an amount.
    """
    bounds = limits(case, as_of)
    if case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    _check(amount, due_on, bounds, as_of)
    state, decided = _first_state(case, due_on, bounds, by)
    moment = now or timezone.now()
    try:
        with transaction.atomic():
            Case.objects.select_for_update(no_key=True).only("id").get(id=case.id)
            promise: Promise = Promise.objects.create(
                case=case, amount=amount, currency=case.currency, made_on=as_of, due_on=due_on, state=state,
                paid_before=Account.objects.values_list("paid", flat=True).get(id=case.account_id), made_by=by.user,
                decided_by=by.user if decided else None, decided_at=moment if decided else None,
            )  # fmt: skip
            case.save(update_fields=plan(case, NextAction.PROMISE_DUE, morning_of(case.agency, due_on)))
            _tell(ASKED if state == Promise.State.AWAITING_APPROVAL else MADE, promise, by=by, now=moment)
    except IntegrityError as error:
        raise PromiseAlreadyOpen(
            _("The case already has an open promise. Cancel it before recording another.")
        ) from error
    return promise


def _check(amount: Decimal, due_on: date, bounds: PromiseLimits, as_of: date) -> None:
    check_amount(amount)
    if due_on < as_of:
        raise PromiseInThePast(_("A promise cannot fall due on a day that has passed."))
    if due_on > bounds.latest_approved_on:
        raise PromiseTooFar(
            _("A promise may reach at most %(days)s days ahead.") % {"days": bounds.days_approved},
            latest_on=str(bounds.latest_approved_on),
        )
    if amount > bounds.balance:
        raise PromiseExceedsBalance(
            _("Only %(balance)s %(currency)s is owed.") % {"balance": bounds.balance, "currency": bounds.currency}
        )
    if amount < bounds.minimum:
        raise PromiseTooSmall(
            _("At least one instalment must be promised: %(minimum)s %(currency)s.")
            % {"minimum": bounds.minimum, "currency": bounds.currency}
        )
    if due_on > bounds.latest_on and amount < bounds.due_sum:
        raise PromiseTooFar(
            _("More than %(days)s days ahead only the full sum due, %(sum)s %(currency)s, may be promised.")
            % {"days": bounds.days, "sum": bounds.due_sum, "currency": bounds.currency},
            latest_on=str(bounds.latest_on),
        )


def _first_state(case: Case, due_on: date, bounds: PromiseLimits, by: Membership) -> tuple[Promise.State, bool]:
    """Active or waiting, and whether `by` decided it at once."""
    if "PROMISE" in case.mandate.approvals:
        return Promise.State.AWAITING_APPROVAL, False
    if due_on <= bounds.latest_on:
        return Promise.State.ACTIVE, False
    may = by.may(Permission.PROMISES_APPROVE)
    return (Promise.State.ACTIVE, True) if may else (Promise.State.AWAITING_APPROVAL, False)


def approve(promise: Promise, *, by: Membership, now: datetime) -> Promise:
    """A second person with the right to it lets the promise stand.

    Raises:
        SecondPersonNeeded, PromiseIsDecided; PromiseTooFar: its day has passed while it waited.
    """
    if promise.due_on < local_day(promise.case.agency, now):
        raise PromiseTooFar(_("The promised day has passed while the promise was waiting. Refuse it."))
    return _decide(promise, Promise.State.ACTIVE, APPROVED, by=by, now=now, note="")


def refuse(promise: Promise, *, by: Membership, now: datetime, reason: str = "") -> Promise:
    """A second person says no; the case is to be called about it."""
    with transaction.atomic():
        _decide(promise, Promise.State.REFUSED, REFUSED, by=by, now=now, note=reason)
        _call_about(promise, now)
    return promise


def _decide(promise: Promise, state: Promise.State, kind: str, *, by: Membership, now: datetime, note: str) -> Promise:
    if not by.may(Permission.PROMISES_APPROVE) or by.user_id == promise.made_by_id:
        raise SecondPersonNeeded(_("A second person with the right to approve promises must decide."))
    with transaction.atomic():
        changed = Promise.objects.filter(id=promise.id, state=Promise.State.AWAITING_APPROVAL).update(
            state=state, decided_by=by.user, decided_at=now, decision_note=note[:240]
        )
        if not changed:
            raise PromiseIsDecided(_("This promise no longer waits for a decision."))
        promise.state, promise.decided_by, promise.decided_at, promise.decision_note = state, by.user, now, note[:240]
        _tell(kind, promise, by=by, now=now)
    return promise


def cancel(promise: Promise, *, by: Membership, now: datetime) -> Promise:
    """Take an open promise back: the one who made it on the same day, or whoever may approve promises.

    Raises:
        SecondPersonNeeded, PromiseIsDecided.
    """
    same_day = local_day(promise.case.agency, now) == promise.made_on
    if not (by.may(Permission.PROMISES_APPROVE) or (by.user_id == promise.made_by_id and same_day)):
        raise SecondPersonNeeded(_("Only whoever made the promise, on the same day, or a coordinator may cancel it."))
    with transaction.atomic():
        if not Promise.objects.filter(id=promise.id, state__in=OPEN).update(state=Promise.State.CANCELLED):
            raise PromiseIsDecided(_("This promise is not open any more."))
        promise.state = Promise.State.CANCELLED
        _call_about(promise, now)
        _tell(CANCELLED, promise, by=by, now=now)
    return promise


def open_promise(case: Case) -> Promise | None:
    found: Promise | None = Promise.objects.filter(case=case, state__in=OPEN).select_related("made_by").first()
    return found


def keep_if_paid(case: Case, *, as_of: date) -> Promise | None:
    """Judge the active promise as kept as soon as the money is there; return it when it was."""
    promise: Promise | None = Promise.objects.filter(case=case, state=Promise.State.ACTIVE).first()
    if promise is None:
        return None
    account = case.account
    in_time = account.paid - promise.paid_before - received_after(account, promise.due_on)
    if in_time < promise.amount:
        return None
    promise.state, promise.judged_on = Promise.State.KEPT, as_of
    promise.save(update_fields=["state", "judged_on"])
    case.broken_in_a_row = 0
    columns = plan(case, NextAction.FOLLOW_UP, morning_of(case.agency, as_of + timedelta(days=7)))
    case.save(update_fields=["broken_in_a_row", *columns])
    record.record(KEPT, case_id=case.id, subject_id=promise.id, amount=str(promise.amount), currency=promise.currency)
    return promise


_JUDGE_SQL = f"""
WITH due AS (
    SELECT p.id, p.case_id, p.amount, p.currency, c.stage = 'CLOSED' AS closed, p.state AS was,
           a.paid - p.paid_before - coalesce((
               SELECT sum(y.amount) FROM ledger_payment y
               WHERE y.agency_id = p.agency_id AND y.account_id = c.account_id AND y.received_on > p.due_on
               AND y.reversed_at IS NULL), 0) >= p.amount AS paid
    FROM cases_promise p
    JOIN cases_case c ON c.agency_id = p.agency_id AND c.id = p.case_id
    JOIN ledger_account a ON a.agency_id = p.agency_id AND a.id = c.account_id
    WHERE p.agency_id = %(agency_id)s AND p.state IN ('ACTIVE', 'AWAITING_APPROVAL') AND p.due_on < %(as_of)s
    FOR UPDATE OF p SKIP LOCKED),
judged AS (
    UPDATE cases_promise AS p SET judged_on = %(as_of)s, state = CASE
        WHEN due.paid THEN 'KEPT' WHEN due.closed OR due.was = 'AWAITING_APPROVAL' THEN 'CANCELLED' ELSE 'BROKEN' END
    FROM due WHERE p.id = due.id AND p.agency_id = %(agency_id)s
    RETURNING p.id, p.case_id, p.amount, p.currency, p.state),
followed AS (
    UPDATE cases_case AS c SET
        broken_in_a_row = CASE judged.state WHEN 'KEPT' THEN 0 WHEN 'BROKEN' THEN c.broken_in_a_row + 1
                          ELSE c.broken_in_a_row END,
        next_action = CASE judged.state WHEN 'KEPT' THEN 'FOLLOW_UP' WHEN 'BROKEN' THEN 'PROMISE_BROKEN'
                      ELSE 'CALL' END,
        priority = CASE judged.state WHEN 'KEPT' THEN {PRIORITY["FOLLOW_UP"]}
                   WHEN 'BROKEN' THEN {PRIORITY["PROMISE_BROKEN"]} ELSE {PRIORITY["CALL"]} END,
        next_action_at = %(now)s
    FROM judged WHERE c.id = judged.case_id AND c.agency_id = %(agency_id)s RETURNING c.id),
written AS (
    {record.INSERT_SQL}
    SELECT %(agency_id)s, CASE state WHEN 'KEPT' THEN '{KEPT}' WHEN 'BROKEN' THEN '{BROKEN}' ELSE '{CANCELLED}' END,
           %(now)s, NULL::bigint, case_id, id, jsonb_build_object('amount', amount::text, 'currency', currency), ''
    FROM judged)
SELECT state, count(*) FROM judged GROUP BY state
"""  # noqa: S608 (constant text)


def judge_due(*, as_of: date, now: datetime) -> dict[str, int]:
    """Judge every open promise of the agency in scope whose day has passed: kept when the money came in time.

    A promise that still waited for approval, or whose case was closed without its money, is cancelled. One statement;
    a second call judges nothing. Returns how many were KEPT, BROKEN and CANCELLED.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_JUDGE_SQL, {"agency_id": current_agency_id(), "as_of": as_of, "now": now})
        return dict(cursor.fetchall())


def _call_about(promise: Promise, now: datetime) -> None:
    case = promise.case
    if case.stage != Stage.CLOSED:
        case.save(update_fields=plan(case, NextAction.CALL, now))


def _tell(kind: str, promise: Promise, *, by: Membership, now: datetime) -> None:
    record.record(
        kind, by=by.user, case_id=promise.case_id, subject_id=promise.id, at=now,
        amount=str(promise.amount), currency=promise.currency, due_on=promise.due_on.isoformat(),
    )  # fmt: skip
