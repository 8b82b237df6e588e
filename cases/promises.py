"""Promises to pay: made within limits, approved beyond them, kept or broken by the ledger (seed 004, 5.1)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from agencies.permissions import Permission
from audit import record
from cases import approvals
from cases.holds import CaseIsClosed
from cases.models import Approval, ApprovalKind, Case, NextAction, Promise, Stage
from cases.next_actions import local_day, morning_of, plan
from cases.promise_judging import CANCELLED, judge, judge_due
from common.refusals import NotUnderstood, Refused
from common.templatetags.trade import day, money
from ledger.models import Payment
from ledger.posting import CENT, check_amount

__all__ = ["judge", "judge_due"]

MADE = record.kind("case.promise_made", gettext_lazy("Promise to pay %(amount)s %(currency)s by %(due_on)s."))
ASKED = record.kind(
    "case.promise_asked", gettext_lazy("Approval asked for a promise of %(amount)s %(currency)s by %(due_on)s.")
)
APPROVED = record.kind("case.promise_approved", gettext_lazy("The promise of %(amount)s %(currency)s was approved."))
REFUSED = record.kind("case.promise_refused", gettext_lazy("The promise of %(amount)s %(currency)s was refused."))

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
    approval, for which the promise waits, whoever makes it (S004-43, S004-44); at least one instalment (S004-21).

    Raises:
        PromiseTooFar, PromiseInThePast, PromiseTooSmall, PromiseExceedsBalance, PromiseAlreadyOpen, CaseIsClosed;
        AmountIsNotMoney: not an amount.
    """
    bounds = limits(case, as_of)
    if case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    _check(amount, due_on, bounds, as_of)
    state = Promise.State.AWAITING_APPROVAL if due_on > bounds.latest_on else Promise.State.ACTIVE
    moment = now or timezone.now()
    try:
        with transaction.atomic():
            Case.objects.select_for_update(no_key=True).only("id").get(id=case.id)
            promise: Promise = Promise.objects.create(
                case=case, amount=amount, currency=case.currency, made_on=as_of, due_on=due_on, state=state,
                after_payment=Payment.objects.filter(account_id=case.account_id).order_by("-id").first(),
                made_by=by.user,
            )  # fmt: skip
            if state == Promise.State.AWAITING_APPROVAL:
                _ask(promise, bounds, by=by, now=moment)
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


def _ask(promise: Promise, bounds: PromiseLimits, *, by: Membership, now: datetime) -> None:
    case = promise.case
    approvals.ask(
        ApprovalKind.PROMISE, promise.id, mandate=case.mandate, case=case, by=by, now=now,
        facts={
            "amount": str(promise.amount), "currency": promise.currency, "due_on": promise.due_on.isoformat(),
            "days": (promise.due_on - promise.made_on).days, "due_sum": str(bounds.due_sum),
        },
    )  # fmt: skip


def approve(promise: Promise, *, by: Membership, now: datetime) -> Promise:
    """A second person with the right to it says yes; the promise stands once everybody who was asked has.

    Raises:
        SecondPersonNeeded, PromiseIsDecided; PromiseTooFar: its day has passed while it waited.
    """
    return _decide(promise, grant=True, by=by, now=now)


def refuse(promise: Promise, *, by: Membership, now: datetime, reason: str = "") -> Promise:
    """A second person says no; the case is to be called about it."""
    return _decide(promise, grant=False, by=by, now=now, note=reason)


def _decide(promise: Promise, *, grant: bool, by: Membership, now: datetime, note: str = "") -> Promise:
    if not by.may(Permission.PROMISES_APPROVE) or by.user_id == promise.made_by_id:
        raise SecondPersonNeeded(_("A second person with the right to approve promises must decide."))
    asked = Approval.objects.filter(
        kind=ApprovalKind.PROMISE, subject_id=promise.id, side=Approval.Side.COORDINATOR, state=Approval.State.WAITING
    ).first()
    if asked is None:
        raise PromiseIsDecided(_("This promise no longer waits for a decision."))
    approvals.decide(asked, grant=grant, by=by, now=now, note=note)
    promise.refresh_from_db()
    return promise


def _granted(approval: Approval, by: Membership, now: datetime) -> None:
    """Everybody has said yes: the promise stands, and money that came meanwhile counts for it."""
    promise = _settled(approval, Promise.State.ACTIVE, APPROVED, by, now)
    if promise.case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    as_of = local_day(promise.case.agency, now)
    if promise.due_on < as_of:
        raise PromiseTooFar(_("The promised day has passed while the promise was waiting. Refuse it."))
    judge(promise.case, as_of=as_of, now=now)


def _refused(approval: Approval, by: Membership, now: datetime) -> None:
    _call_about(_settled(approval, Promise.State.REFUSED, REFUSED, by, now), now)


def _settled(approval: Approval, state: Promise.State, kind: str, by: Membership, now: datetime) -> Promise:
    promise: Promise = Promise.objects.select_for_update(of=("self",), no_key=True).select_related(
        "case__mandate"
    ).get(id=approval.subject_id)  # fmt: skip
    if promise.state != Promise.State.AWAITING_APPROVAL:
        raise PromiseIsDecided(_("This promise no longer waits for a decision."))
    promise.state, promise.decided_by, promise.decided_at, promise.decision_note = state, by.user, now, approval.note
    promise.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    _tell(kind, promise, by=by, now=now)
    return promise


def _shown(approval: Approval) -> list[approvals.Fact]:
    facts = approval.facts
    amount, due_sum = Decimal(facts["amount"]), Decimal(facts["due_sum"])
    return [
        approvals.Fact(_("Promised"), money(amount, facts["currency"])),
        approvals.Fact(_("By"), day(date.fromisoformat(facts["due_on"]))),
        approvals.Fact(_("Full sum due"), money(due_sum, facts["currency"])),
    ]


APPROVAL = approvals.Kind(
    ApprovalKind.PROMISE, _granted, _refused, _shown, days=2, refusal_says_why=False, closed=approvals.ends_elsewhere
)


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
        approvals.withdraw(ApprovalKind.PROMISE, promise.id, by=by, now=now)
        _call_about(promise, now)
        _tell(CANCELLED, promise, by=by, now=now)
    return promise


def open_promise(case: Case) -> Promise | None:
    found: Promise | None = Promise.objects.filter(case=case, state__in=OPEN).select_related("made_by").first()
    return found


def _call_about(promise: Promise, now: datetime) -> None:
    case = promise.case
    if case.stage != Stage.CLOSED:
        case.save(update_fields=plan(case, NextAction.CALL, now))


def _tell(kind: str, promise: Promise, *, by: Membership, now: datetime) -> None:
    record.record(
        kind, by=by.user, case_id=promise.case_id, subject_id=promise.id, at=now,
        amount=str(promise.amount), currency=promise.currency, due_on=promise.due_on.isoformat(),
    )  # fmt: skip
