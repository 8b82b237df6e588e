"""Settlements: a discount within the mandate's limit, approved, against the agreed sum by a day (S000-17)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from agencies.permissions import Permission
from audit import record
from cases import agreement_papers, approvals, money
from cases.holds import CaseIsClosed
from cases.models import Approval, ApprovalKind, Case, NextAction, Settlement, Stage
from cases.next_actions import in_days, local_day, morning_of, plan
from cases.plans import AgreementAlreadyOpen, NotYours, check_free
from cases.settlement_judging import CANCELLED
from common.refusals import NotUnderstood, Refused
from common.templatetags.trade import day, plain
from common.templatetags.trade import money as shown_money
from ledger.models import Payment
from ledger.posting import CENT

ASKED = record.kind(
    "case.settlement_asked",
    gettext_lazy("Approval asked to settle for %(amount)s %(currency)s by %(pay_by)s, %(percent)s per cent waived."),
)
OFFERED = record.kind(
    "case.settlement_offered", gettext_lazy("The settlement of %(amount)s %(currency)s was approved and offered.")
)
REFUSED = record.kind("case.settlement_refused", gettext_lazy("The settlement of %(amount)s %(currency)s was refused."))

State = Settlement.State
OPEN = (State.AWAITING_APPROVAL, State.OFFERED)
LONGEST_DAYS = 92
"""An offer stands for three months at most: a longer one is a plan."""


class DiscountTooLarge(Refused):
    """More than the mandate allows."""

    field = "discount_percent"


class DiscountNotUnderstood(NotUnderstood):
    field = "discount_percent"


class PayDayRefused(NotUnderstood):
    field = "pay_by"


class SettlementIsElsewhere(Refused):
    """It is not open any more, or waits no longer."""


@dataclass(frozen=True)
class Figures:
    """What a discount comes to."""

    balance: Decimal
    waived: Decimal
    amount: Decimal


def figures(case: Case, discount_percent: Decimal) -> Figures:
    """What would be paid and waived.

    Raises:
        DiscountTooLarge, DiscountNotUnderstood.
    """
    limit = case.mandate.max_discount_percent
    if discount_percent <= 0 or discount_percent != discount_percent.quantize(CENT):
        raise DiscountNotUnderstood(_("Give a discount above zero with at most two decimals."))
    if discount_percent > limit:
        if limit == 0:
            raise DiscountTooLarge(_("The mandate allows no discount."))
        raise DiscountTooLarge(
            _("The mandate allows a discount of at most %(percent)s %%.") % {"percent": limit}, limit=str(limit)
        )
    waived = (case.balance * discount_percent / 100).quantize(CENT, ROUND_HALF_UP)
    if not Decimal(0) < waived < case.balance:
        raise DiscountNotUnderstood(_("With this discount nothing is waived, or nothing is left to pay."))
    return Figures(case.balance, waived, case.balance - waived)


def offer(
    case: Case, *, discount_percent: Decimal, pay_by: date, by: Membership, as_of: date, now: datetime
) -> Settlement:
    """Ask for the approval of a discount; granted, the offer stands until its day.

    Raises:
        DiscountTooLarge, DiscountNotUnderstood, PayDayRefused, plans.AgreementAlreadyOpen, CaseIsClosed.
    """
    if case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    found = figures(case, discount_percent)
    latest = as_of + timedelta(days=LONGEST_DAYS)
    if not as_of <= pay_by <= latest:
        raise PayDayRefused(_("The sum is paid between today and %(day)s.") % {"day": day(latest)})
    check_free(case)
    try:
        with transaction.atomic():
            Case.objects.select_for_update(no_key=True).only("id").get(id=case.id)
            one: Settlement = Settlement.objects.create(
                case=case, currency=case.currency, balance=found.balance, discount_percent=discount_percent,
                amount=found.amount, pay_by=pay_by, made_by=by.user, made_at=now,
                after_payment=Payment.objects.filter(account_id=case.account_id).order_by("-id").first(),
            )  # fmt: skip
            approvals.ask(
                ApprovalKind.DISCOUNT, one.id, mandate=case.mandate, case=case, by=by, now=now,
                facts={
                    "balance": str(found.balance), "waived": str(found.waived), "amount": str(found.amount),
                    "percent": str(discount_percent), "limit": str(case.mandate.max_discount_percent),
                    "currency": one.currency, "pay_by": pay_by.isoformat(),
                },
            )  # fmt: skip
            case.save(update_fields=plan(case, NextAction.FOLLOW_UP, in_days(case.agency, now, 1)))
            _tell(ASKED, one, by=by, now=now, pay_by=pay_by.isoformat(), percent=str(discount_percent))
    except IntegrityError as error:
        raise AgreementAlreadyOpen(_("A settlement is offered on this case. Cancel it first.")) from error
    return one


def may_cancel(one: Settlement, by: Membership) -> bool:
    return by.may(Permission.APPROVALS_DECIDE) or by.user_id == one.made_by_id


def cancel(one: Settlement, *, by: Membership, now: datetime) -> Settlement:
    """Take an open offer back: whoever made it, or a coordinator.

    Raises:
        NotYours, SettlementIsElsewhere.
    """
    if not may_cancel(one, by):
        raise NotYours(_("Only whoever made the offer, or a coordinator, may cancel it."))
    with transaction.atomic():
        one = _locked(one, *OPEN)
        approvals.withdraw(ApprovalKind.DISCOUNT, one.id, by=by, now=now)
        one.state, one.ended_on = State.CANCELLED, local_day(one.agency, now)
        one.save(update_fields=["state", "ended_on"])
        if one.case.stage != Stage.CLOSED:
            one.case.save(update_fields=plan(one.case, NextAction.CALL, now))
        _tell(CANCELLED, one, by=by, now=now)
    return one


def _granted(approval: Approval, by: Membership, now: datetime) -> None:
    one = _locked(Settlement(id=approval.subject_id), State.AWAITING_APPROVAL)
    case, as_of = one.case, local_day(one.agency, now)
    if case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    if one.pay_by < as_of:
        raise SettlementIsElsewhere(_("The day of payment has passed while the offer was waiting. Refuse it."))
    one.state = State.OFFERED
    one.save(update_fields=["state"])
    one.document = agreement_papers.settlement_paper(one, by=by, now=now)
    one.save(update_fields=["document"])
    case.save(update_fields=plan(case, NextAction.PROMISE_DUE, morning_of(case.agency, one.pay_by)))
    _tell(OFFERED, one, by=by, now=now)
    money.settle(case, as_of=as_of, now=now)


def _refused(approval: Approval, by: Membership, now: datetime) -> None:
    one = _locked(Settlement(id=approval.subject_id), State.AWAITING_APPROVAL)
    one.state, one.ended_on = State.REFUSED, local_day(one.agency, now)
    one.save(update_fields=["state", "ended_on"])
    if one.case.stage != Stage.CLOSED:
        one.case.save(update_fields=plan(one.case, NextAction.CALL, now))
    _tell(REFUSED, one, by=by, now=now)


def _shown(approval: Approval) -> list[approvals.Fact]:
    facts = approval.facts
    currency = facts["currency"]
    return [
        approvals.Fact(_("Owed"), shown_money(Decimal(facts["balance"]), currency)),
        approvals.Fact(
            _("Discount"), f"{plain(facts['percent'])} % · {shown_money(Decimal(facts['waived']), currency)}"
        ),
        approvals.Fact(_("Largest discount of the mandate"), f"{plain(facts['limit'])} %"),
        approvals.Fact(_("To be paid"), shown_money(Decimal(facts["amount"]), currency)),
        approvals.Fact(_("By"), day(date.fromisoformat(facts["pay_by"]))),
    ]


APPROVAL = approvals.Kind(ApprovalKind.DISCOUNT, _granted, _refused, _shown, closed=approvals.ends_elsewhere)


def _locked(one: Settlement, *states: State) -> Settlement:
    found: Settlement = (
        Settlement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case__mandate", "case__account", "case__debtor").get(id=one.id)
    )  # fmt: skip
    if found.state not in states:
        raise SettlementIsElsewhere(_("This settlement is not open any more."))
    return found


def _tell(kind: str, one: Settlement, *, by: Membership, now: datetime, **more: str) -> None:
    record.record(
        kind, by=by.user, case_id=one.case_id, subject_id=one.id, at=now, amount=str(one.amount),
        currency=one.currency, **more,
    )  # fmt: skip
