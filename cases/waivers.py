"""Waivers: a part of the debt forgiven bucket by bucket, within the mandate's discount, after a second person agreed.

A settlement forgives the rest against a sum; this forgives a wrong penalty or costs nobody should pay, at once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from agencies.permissions import Permission
from audit import record
from cases import approvals, money, plan_judging, transitions
from cases.holds import CaseIsClosed
from cases.models import Approval, ApprovalKind, Case, NextAction, Settlement, Stage, Waiver
from cases.next_actions import in_days, local_day, plan
from common.refusals import NotUnderstood, Refused
from common.templatetags.trade import money as shown_money
from ledger import posting
from ledger.models import DEBT_BUCKETS, Account, Bucket, Entry, Line
from ledger.posting import CENT, check_amount

ASKED = record.kind("case.waiver_asked", gettext_lazy("Approval asked to waive %(amount)s %(currency)s."))
POSTED = record.kind(
    "case.waiver_posted", gettext_lazy("The waiver of %(amount)s %(currency)s was approved and booked.")
)
REFUSED = record.kind("case.waiver_refused", gettext_lazy("The waiver of %(amount)s %(currency)s was refused."))
CANCELLED = record.kind("case.waiver_cancelled", gettext_lazy("The waiver of %(amount)s %(currency)s was cancelled."))
TAKEN_BACK = record.kind(
    "case.waiver_taken_back", gettext_lazy("The waiver of %(amount)s %(currency)s was taken back.")
)

ZERO = Decimal(0)
State = Waiver.State


class WaiverTooLarge(Refused):
    """More than the mandate allows, with what was waived before."""


class NothingToWaive(NotUnderstood):
    """No part has an amount."""


class ReasonMissing(NotUnderstood):
    field = "reason"


class WaiverIsElsewhere(Refused):
    """It was decided, cancelled or taken back before."""


class NotYours(Refused):
    status = 403


def largest(case: Case) -> Decimal:
    """How much may still be waived: the mandate's part of the debt, less what was waived before."""
    before = Line.objects.filter(account_id=case.account_id, bucket=Bucket.WAIVED).aggregate(sum=Sum("amount"))
    waived = before["sum"] or ZERO
    whole = (case.account.balance + waived) * case.mandate.max_discount_percent / 100
    return max(whole.quantize(CENT, ROUND_DOWN) - waived, ZERO)


def ask(case: Case, *, parts: Mapping[Bucket, Decimal], reason: str, by: Membership, now: datetime) -> Waiver:
    """Ask to forgive so much of each part; booked once the coordinator, and the creditor where the mandate says so,
    agreed.

    Raises:
        NothingToWaive, ReasonMissing, WaiverTooLarge, WaiverIsElsewhere, CaseIsClosed;
        ledger.posting.WaiverExceedsBucket, AmountIsNotMoney.
    """
    if case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    wanted = {bucket: amount for bucket, amount in parts.items() if amount}
    _check(case, wanted)
    if not reason.strip():
        raise ReasonMissing(_("Say in a few words why this is waived."))
    if Settlement.objects.filter(case=case, state__in=("AWAITING_APPROVAL", "OFFERED")).exists():
        raise WaiverIsElsewhere(_("A settlement is offered on this case. Cancel it first."))
    try:
        with transaction.atomic():
            one: Waiver = Waiver.objects.create(
                case=case, currency=case.currency, reason=reason.strip()[:240], made_by=by.user, made_at=now,
                **{bucket.lower(): amount for bucket, amount in wanted.items()},
            )  # fmt: skip
            approvals.ask(
                ApprovalKind.WAIVER, one.id, mandate=case.mandate, case=case, by=by, now=now,
                sides=approvals.sides_of(ApprovalKind.DISCOUNT, case.mandate),
                facts={
                    "parts": {str(bucket): str(amount) for bucket, amount in wanted.items()},
                    "amount": str(one.amount), "balance": str(case.account.balance), "currency": one.currency,
                    "limit": str(case.mandate.max_discount_percent),
                },
            )  # fmt: skip
            case.save(update_fields=plan(case, NextAction.FOLLOW_UP, in_days(case.agency, now, 1)))
            _tell(ASKED, one, by=by, now=now)
    except IntegrityError as error:
        raise WaiverIsElsewhere(_("A waiver of this case waits for approval already.")) from error
    return one


def _check(case: Case, wanted: Mapping[Bucket, Decimal]) -> None:
    if not wanted:
        raise NothingToWaive(_("Give an amount for at least one part of the debt."))
    owed = posting.owed_of(case.account)
    for bucket, amount in wanted.items():
        check_amount(amount)
        if amount > owed[bucket]:
            refusal = posting.WaiverExceedsBucket(_("More cannot be waived than is owed in this part of the debt."))
            refusal.field = bucket.lower()
            raise refusal
    total, most = sum(wanted.values(), ZERO), largest(case)
    if total > most:
        if case.mandate.max_discount_percent == 0:
            raise WaiverTooLarge(_("The mandate allows no discount."))
        raise WaiverTooLarge(
            _("The mandate allows a discount of at most %(percent)s %%: %(sum)s may still be waived on this case.")
            % {"percent": case.mandate.max_discount_percent, "sum": shown_money(most, case.currency)},
            limit=str(most),
        )
    if total >= case.account.balance:
        raise WaiverTooLarge(_("A waiver leaves something to pay. Close the case instead."))


def may_cancel(one: Waiver, by: Membership) -> bool:
    return by.may(Permission.APPROVALS_DECIDE) or by.user_id == one.made_by_id


def cancel(one: Waiver, *, by: Membership, now: datetime) -> Waiver:
    """Take a request back before it is decided: whoever asked, or a coordinator.

    Raises:
        NotYours, WaiverIsElsewhere.
    """
    if not may_cancel(one, by):
        raise NotYours(_("Only whoever asked for it, or a coordinator, may do this."))
    with transaction.atomic():
        one = _end(one, State.CANCELLED, CANCELLED, by=by, now=now)
        approvals.withdraw(ApprovalKind.WAIVER, one.id, by=by, now=now)
    return one


def take_back(one: Waiver, *, by: Membership, now: datetime) -> Waiver:
    """Reverse a booked waiver: what was forgiven is owed again.

    Raises:
        NotYours, WaiverIsElsewhere, CaseIsClosed; ledger.posting.NothingToReverse.
    """
    if not by.may(Permission.APPROVALS_DECIDE):
        raise NotYours(_("Only whoever asked for it, or a coordinator, may do this."))
    with transaction.atomic():
        one = _locked(one, State.POSTED)
        if one.case.stage == Stage.CLOSED:
            raise CaseIsClosed(_("The case is closed."))
        for entry in Entry.objects.filter(id__in=one.entries).order_by("id"):
            posting.reverse(entry, by=by, now=now, reason=one.reason[:140], case_id=one.case_id)
        one.state, one.ended_at = State.TAKEN_BACK, now
        one.save(update_fields=["state", "ended_at"])
        _tell(TAKEN_BACK, one, by=by, now=now)
        _follow(one.case, now=now)
    return one


def _granted(approval: Approval, by: Membership, now: datetime) -> None:
    one = _locked(Waiver(id=approval.subject_id), State.AWAITING_APPROVAL)
    case = one.case
    if case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    _check(case, one.parts)
    one.entries = [
        posting.waive(
            case.account, bucket=bucket, amount=amount, by=by, now=now, reason=one.reason[:140], case_id=case.id
        ).id
        for bucket, amount in one.parts.items()
    ]
    one.state, one.ended_at = State.POSTED, now
    one.save(update_fields=["state", "ended_at", "entries"])
    _tell(POSTED, one, by=by, now=now)
    _follow(case, now=now)


def _refused(approval: Approval, by: Membership, now: datetime) -> None:
    _end(Waiver(id=approval.subject_id), State.REFUSED, REFUSED, by=by, now=now)


def _closed(ids: Sequence[int], now: datetime) -> None:
    Waiver.objects.filter(id__in=list(ids), state=State.AWAITING_APPROVAL).update(state=State.CANCELLED, ended_at=now)


def _shown(approval: Approval) -> list[approvals.Fact]:
    facts = approval.facts
    currency = facts["currency"]
    rows = [approvals.Fact(_("Owed"), shown_money(Decimal(facts["balance"]), currency))]
    rows += [
        approvals.Fact(str(bucket.label), shown_money(Decimal(facts["parts"][bucket]), currency))
        for bucket in DEBT_BUCKETS
        if bucket in facts["parts"]
    ]
    rows.append(approvals.Fact(_("Waived"), shown_money(Decimal(facts["amount"]), currency)))
    rows.append(approvals.Fact(_("Largest discount of the mandate"), f"{facts['limit']} %"))
    reason = Waiver.objects.filter(id=approval.subject_id).values_list("reason", flat=True).first()
    rows.append(approvals.Fact(_("Why"), reason or ""))
    return rows


APPROVAL = approvals.Kind(ApprovalKind.WAIVER, _granted, _refused, _shown, closed=_closed)


def _follow(case: Case, *, now: datetime) -> None:
    case.account = Account.objects.get(id=case.account_id)
    as_of = local_day(case.agency, now)
    money.refresh(case, as_of)
    plan_judging.judge(case, as_of=as_of, now=now)
    transitions.follow(case, as_of=as_of, now=now)
    if case.stage != Stage.CLOSED:
        case.save(update_fields=plan(case, NextAction.CALL, now))


def _end(one: Waiver, state: State, kind: str, *, by: Membership, now: datetime) -> Waiver:
    one = _locked(one, State.AWAITING_APPROVAL)
    one.state, one.ended_at = state, now
    one.save(update_fields=["state", "ended_at"])
    if one.case.stage != Stage.CLOSED:
        one.case.save(update_fields=plan(one.case, NextAction.CALL, now))
    _tell(kind, one, by=by, now=now)
    return one


def _locked(one: Waiver, state: State) -> Waiver:
    found: Waiver = (
        Waiver.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case__mandate", "case__account", "case__agency").get(id=one.id)
    )  # fmt: skip
    if found.state != state:
        raise WaiverIsElsewhere(
            _("This waiver is in the state “%(state)s”; the step is not open.") % {"state": found.get_state_display()}
        )
    return found


def _tell(kind: str, one: Waiver, *, by: Membership, now: datetime) -> None:
    record.record(
        kind, by=by.user, case_id=one.case_id, subject_id=one.id, at=now, amount=str(one.amount), currency=one.currency
    )
