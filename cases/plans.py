"""Payment plans: the advance instalment, the draft, the approval, the signature (S004-47…52, S001-05…07, S001-15).

What is owed stays in the ledger with its own due days (see docs/adr/0008); a plan says what is enough meanwhile. While
it is being kept the case does not go to a later stage, and neither interest nor penalty of the mandate is counted.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from agencies.permissions import Permission
from audit import record
from cases import agreement_papers, approvals, money, plan_judging
from cases.holds import CaseIsClosed
from cases.models import Approval, ApprovalKind, Case, Instalment, NextAction, Plan, PlanFormat, Settlement, Stage
from cases.next_actions import in_days, local_day, morning_of, plan
from cases.plan_formats import FormatNotApproved
from cases.plan_judging import CANCELLED
from cases.plan_schedule import CENT, Schedule, ScheduleRefused, Terms, due_day, schedule
from cases.promises import due_sum
from common.refusals import NotUnderstood, Refused
from common.templatetags.trade import day
from common.templatetags.trade import money as shown_money
from ledger import accrual, charges
from ledger.models import Payment
from ledger.posting import check_amount

ASKED = record.kind(
    "case.plan_asked", gettext_lazy("Payment plan asked for; an advance of %(amount)s %(currency)s is to be paid.")
)
DRAFTED = record.kind(
    "case.plan_drafted", gettext_lazy("Payment plan of %(amount)s %(currency)s in %(months)s instalments was drafted.")
)
APPROVED = record.kind("case.plan_approved", gettext_lazy("The payment plan of %(amount)s %(currency)s was approved."))
REFUSED = record.kind("case.plan_refused", gettext_lazy("The payment plan of %(amount)s %(currency)s was refused."))
SIGNED = record.kind("case.plan_signed", gettext_lazy("The payment plan of %(amount)s %(currency)s was signed."))

State = Plan.State


class AgreementAlreadyOpen(Refused):
    """One plan or settlement at a time."""


class AdvanceTooSmall(Refused):
    """Less than one original instalment (S004-47)."""

    field = "advance"


class AdvanceDayRefused(NotUnderstood):
    field = "advance_by"


class AdvanceNotPaid(Refused):
    """The schedule is made after the advance is booked, not before (S004-48)."""


class PlanIsElsewhere(Refused):
    """The plan is not in the state this step begins from."""


class NotYours(Refused):
    status = 403


@dataclass(frozen=True)
class AdvanceLimits:
    """What may be asked as the advance, for the hints beside the form."""

    minimum: Decimal
    latest_on: date
    balance: Decimal
    currency: str


def advance_limits(case: Case, as_of: date) -> AdvanceLimits:
    """One original instalment at least, within the mandate's days of an approved promise."""
    minimum = min(case.original_instalment or CENT, case.balance)
    days = max(case.mandate.promise_days, case.mandate.promise_days_approved)
    return AdvanceLimits(minimum, as_of + timedelta(days=days), case.balance, case.currency)


def request(
    case: Case, *, format: PlanFormat, advance: Decimal, advance_by: date, by: Membership, as_of: date, now: datetime
) -> Plan:
    """The debtor wants a plan and will first pay one instalment to show it (S004-47).

    Raises:
        FormatNotApproved, AdvanceTooSmall, AdvanceDayRefused, AgreementAlreadyOpen, CaseIsClosed; AmountIsNotMoney.
    """
    bounds = advance_limits(case, as_of)
    if case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    if format.state != PlanFormat.State.APPROVED or format.mandate_id != case.mandate_id:
        raise FormatNotApproved(_("The creditor has not approved this plan format for the mandate."))
    check_amount(advance)
    if advance < bounds.minimum:
        raise AdvanceTooSmall(
            _("The advance is at least one original instalment: %(minimum)s %(currency)s.")
            % {"minimum": bounds.minimum, "currency": bounds.currency}
        )
    if advance >= bounds.balance:
        raise AdvanceTooSmall(_("The advance would pay the whole debt; no plan is needed."))
    if not as_of <= advance_by <= bounds.latest_on:
        raise AdvanceDayRefused(
            _("The advance is paid between today and %(day)s.") % {"day": day(bounds.latest_on)},
            latest_on=str(bounds.latest_on),
        )
    check_free(case)
    try:
        with transaction.atomic():
            Case.objects.select_for_update(no_key=True).only("id").get(id=case.id)
            one: Plan = Plan.objects.create(
                case=case, format=format, currency=case.currency, advance=advance, advance_by=advance_by,
                after_payment=Payment.objects.filter(account_id=case.account_id).order_by("-id").first(),
                breaks_after=advance_by, asked_by=by.user, asked_at=now,
            )  # fmt: skip
            Instalment.objects.create(plan=one, number=0, due_on=advance_by, amount=advance)
            case.save(update_fields=plan(case, NextAction.PROMISE_DUE, morning_of(case.agency, advance_by)))
            _tell(ASKED, one, advance, by=by, now=now)
    except IntegrityError as error:
        raise AgreementAlreadyOpen(_("The case already has an open plan.")) from error
    return one


def check_free(case: Case) -> None:
    """Raises AgreementAlreadyOpen while a plan or a settlement of the case is open."""
    if Plan.objects.filter(case=case, state__in=plan_judging.OPEN).exists():
        raise AgreementAlreadyOpen(_("The case already has an open plan."))
    if Settlement.objects.filter(case=case, state__in=("AWAITING_APPROVAL", "OFFERED")).exists():
        raise AgreementAlreadyOpen(_("A settlement is offered on this case. Cancel it first."))


def terms_of(one: Plan, *, amount: Decimal, months: int, first_on: date, instalment: Decimal | None = None) -> Terms:
    """The format's terms for this plan: instalments not below the original one (S004-50), at most a year (S004-49)."""
    case, kind = one.case, one.format
    minimum = (case.original_instalment or CENT) * kind.minimum_percent / 100
    return Terms(
        amount=amount, months=months, first_on=first_on, instalment=instalment,
        max_months=min(kind.max_months, case.mandate.max_plan_months, 12),
        minimum=min(minimum.quantize(CENT), amount), interest_percent=kind.interest_percent,
        fee_percent=kind.fee_percent, balloon_allowed=kind.balloon_allowed,
    )  # fmt: skip


def proposal(one: Plan, *, as_of: date) -> tuple[Decimal, date]:
    """What to begin a draft with: the sum due and the first day, a month ahead."""
    return due_sum(one.case, as_of), as_of + timedelta(days=30)


def preview(one: Plan, terms: Terms, *, as_of: date) -> Schedule:
    """The schedule as it would be drafted.

    Raises:
        ScheduleRefused
    """
    if terms.amount > one.case.balance:
        raise ScheduleRefused(
            _("Only %(balance)s %(currency)s is owed.")
            % {"balance": one.case.balance, "currency": one.currency},
            field="amount",
        )  # fmt: skip
    if not as_of < terms.first_on <= as_of + timedelta(days=62):
        raise ScheduleRefused(_("The first instalment falls due within two months from tomorrow."), field="first_on")
    made, latest = schedule(terms), due_day(as_of, terms.max_months)
    if made.rows[-1].due_on > latest:
        raise ScheduleRefused(
            _("The last instalment would fall due on %(last)s; this plan may run until %(latest)s.")
            % {"last": day(made.rows[-1].due_on), "latest": day(latest)},
            field="months",
        )
    return made


def draft(one: Plan, terms: Terms, *, by: Membership, as_of: date, now: datetime) -> Plan:
    """Make the schedule and ask for its approval (S004-48); the fees stand in what the decider reads (S001-15).

    Raises:
        AdvanceNotPaid, PlanIsElsewhere, ScheduleRefused.
    """
    if one.state == State.ADVANCE_DUE:
        raise AdvanceNotPaid(_("The advance instalment has not been booked yet; the schedule is made after it."))
    if one.case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    made = preview(one, terms, as_of=as_of)
    with transaction.atomic():
        one = _locked(one, State.DRAFTING)
        if approvals.were_answered(ApprovalKind.PLAN, one.id):
            one = _anew(one, State.CANCELLED, now=now)
        Instalment.objects.filter(plan=one, number__gt=0).delete()
        Instalment.objects.bulk_create(
            [Instalment(plan=one, number=row.number, due_on=row.due_on, amount=row.amount) for row in made.rows]
        )
        one.amount, one.interest, one.fee, one.balloon = terms.amount, made.interest, made.fee, made.balloon
        one.state, one.drafted_by, one.drafted_at = State.AWAITING_APPROVAL, by.user, now
        one.save(
            update_fields=["amount", "interest", "fee", "balloon", "state", "drafted_by", "drafted_at"]
        )  # fmt: skip
        approvals.ask(
            ApprovalKind.PLAN, one.id, mandate=one.case.mandate, case=one.case, by=by, now=now,
            facts={
                "amount": str(one.amount), "interest": str(one.interest), "fee": str(one.fee),
                "total": str(one.total), "balloon": str(one.balloon), "currency": one.currency,
                "instalment": str(made.rows[0].amount - made.rows[0].fee), "months": len(made.rows),
                "first_on": made.rows[0].due_on.isoformat(), "last_on": made.rows[-1].due_on.isoformat(),
            },
        )  # fmt: skip
        record.record(
            DRAFTED, by=by.user, case_id=one.case_id, subject_id=one.id, at=now, amount=str(one.total),
            currency=one.currency, months=len(made.rows),
        )  # fmt: skip
        one.case.save(update_fields=plan(one.case, NextAction.FOLLOW_UP, in_days(one.case.agency, now, 1)))
    return one


def sign(one: Plan, *, by: Membership, as_of: date, now: datetime) -> Plan:
    """The debtor signed the agreement: from now on the plan stands, and its interest and fee are owed.

    Raises:
        PlanIsElsewhere: it is not approved, was signed, or its first day has passed.
    """
    with transaction.atomic():
        one = _locked(one, State.APPROVED)
        rows = list(Instalment.objects.filter(plan=one, number__gt=0).order_by("number"))
        if rows[0].due_on < as_of:
            raise PlanIsElsewhere(_("The first instalment was due before the signature. Cancel the plan."))
        case = one.case
        if case.stage == Stage.CLOSED:
            raise CaseIsClosed(_("The case is closed."))
        charges.charge(
            case.account, interest=one.interest, fee=one.fee, due_on=rows[-1].due_on, by=by, now=now,
            reference=f"plan {one.id}", case_id=case.id,
        )  # fmt: skip
        one.state, one.signed_on = State.ACTIVE, as_of
        stands = plan_judging.stand(one)
        one.paid, one.breaks_after = stands.paid, stands.breaks_after
        one.save(update_fields=["state", "signed_on", "paid", "breaks_after"])
        money.refresh(case, as_of)
        case.on_plan, case.plan_broken = True, False
        columns = plan(case, NextAction.FOLLOW_UP, morning_of(case.agency, rows[0].due_on))
        case.save(update_fields=["on_plan", "plan_broken", *columns])
        _tell(SIGNED, one, one.total, by=by, now=now)
    return one


def may_cancel(one: Plan, by: Membership) -> bool:
    """A restructuring officer or coordinator any open plan; whoever asked for it one that waits for the advance."""
    if by.may(Permission.RESTRUCTURING):
        return True
    return by.user_id == one.asked_by_id and one.state == State.ADVANCE_DUE


def cancel(one: Plan, *, by: Membership, now: datetime, note: str = "") -> Plan:
    """Take an open plan back; what was paid stays paid and the case is called about it.

    Raises:
        NotYours, PlanIsElsewhere.
    """
    if not may_cancel(one, by):
        raise NotYours(_("Only a restructuring officer or a coordinator may cancel this plan."))
    with transaction.atomic():
        one = _locked(one, *plan_judging.OPEN)
        approvals.withdraw(ApprovalKind.PLAN, one.id, by=by, now=now)
        one.state, one.ended_on, one.note = State.CANCELLED, local_day(one.agency, now), note.strip()[:240]
        one.save(update_fields=["state", "ended_on", "note"])
        case = one.case
        if case.on_plan:
            accrual.pass_over(case.account, through=one.ended_on)
        case.on_plan = False
        columns = plan(case, NextAction.CALL, now) if case.stage != Stage.CLOSED else []
        case.save(update_fields=["on_plan", *columns])
        _tell(CANCELLED, one, one.amount or one.advance, by=by, now=now)
    return one


def _granted(approval: Approval, by: Membership, now: datetime) -> None:
    one = _locked(Plan(id=approval.subject_id), State.AWAITING_APPROVAL)
    if one.case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    one.state = State.APPROVED
    one.save(update_fields=["state"])
    one.document = agreement_papers.plan_paper(one, by=by, now=now)
    one.save(update_fields=["document"])
    one.case.save(update_fields=plan(one.case, NextAction.CALL, now))
    _tell(APPROVED, one, one.total, by=by, now=now)


def _refused(approval: Approval, by: Membership, now: datetime) -> None:
    """A refused draft is kept as it was; the officer drafts another on the same advance."""
    one = _locked(Plan(id=approval.subject_id), State.AWAITING_APPROVAL)
    _anew(one, State.REFUSED, now=now, note=approval.note)
    one.case.save(update_fields=plan(one.case, NextAction.RESTRUCTURE, now))
    _tell(REFUSED, one, one.total, by=by, now=now)


def _anew(one: Plan, state: State, *, now: datetime, note: str = "") -> Plan:
    """End a plan whose draft was answered, and begin another on the same advance: an answer holds for one draft."""
    one.state, one.ended_on, one.note = state, local_day(one.agency, now), note
    one.save(update_fields=["state", "ended_on", "note"])
    new: Plan = Plan.objects.create(
        case=one.case, format=one.format, currency=one.currency, advance=one.advance, advance_by=one.advance_by,
        after_payment=one.after_payment, paid=one.paid, state=State.DRAFTING, asked_by=one.asked_by,
        asked_at=one.asked_at, note=note,
    )  # fmt: skip
    Instalment.objects.create(plan=new, number=0, due_on=one.advance_by, amount=one.advance)
    return new


def _shown(approval: Approval) -> list[approvals.Fact]:
    facts = approval.facts
    currency = facts["currency"]

    def sum_(name: str) -> str:
        return shown_money(Decimal(facts[name]), currency)

    rows = [
        approvals.Fact(_("Put into instalments"), sum_("amount")),
        approvals.Fact(_("Interest"), sum_("interest")),
        approvals.Fact(_("Fee"), sum_("fee")),
        approvals.Fact(_("To be paid in all"), sum_("total")),
        approvals.Fact(_("Instalment"), f"{facts['months']} × {sum_('instalment')}"),
        approvals.Fact(_("First on"), day(date.fromisoformat(facts["first_on"]))),
        approvals.Fact(_("Last on"), day(date.fromisoformat(facts["last_on"]))),
    ]
    if Decimal(facts["balloon"]):
        rows.append(approvals.Fact(_("Larger last instalment"), sum_("balloon")))
    return rows


APPROVAL = approvals.Kind(ApprovalKind.PLAN, _granted, _refused, _shown, closed=approvals.ends_elsewhere)


def _locked(one: Plan, *states: State) -> Plan:
    found: Plan = (
        Plan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case__mandate", "case__account", "case__debtor", "format").get(id=one.id)
    )  # fmt: skip
    if found.state not in states:
        raise PlanIsElsewhere(
            _("This plan is in the state “%(state)s”; the step is not open.") % {"state": found.get_state_display()}
        )
    return found


def _tell(kind: str, one: Plan, amount: Decimal, *, by: Membership, now: datetime) -> None:
    record.record(
        kind, by=by.user, case_id=one.case_id, subject_id=one.id, at=now, amount=str(amount), currency=one.currency
    )
