"""Payment plans are kept or broken by the ledger, first in first out, and settlements paid; a reversal undoes both.

A plan's payments are those booked after it was asked for and received from that day on. By the last day of grace of
each instalment, the advance among them, they must have covered it and all before it. `standing` is that rule. Every
booking and every reversal applies it anew and keeps its answer on the plan (`breaks_after`), so that the night only
compares a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext_lazy

from agencies.scope import current_agency_id
from audit import record
from cases import approvals
from cases.models import ApprovalKind, Case, Instalment, NextAction, Plan, Stage
from cases.next_actions import PRIORITY, local_day, morning_of, plan
from ledger import accrual
from ledger.models import Payment

ADVANCE_PAID = record.kind(
    "case.plan_advance_paid", gettext_lazy("The advance of %(amount)s %(currency)s for a plan was paid.")
)
ADVANCE_GONE = record.kind(
    "case.plan_advance_gone",
    gettext_lazy("The advance of %(amount)s %(currency)s for a plan was taken back; the plan waits for it again."),
)
LAPSED = record.kind(
    "case.plan_lapsed", gettext_lazy("The advance of %(amount)s %(currency)s for a plan was not paid in time.")
)
BROKEN = record.kind("case.plan_broken", gettext_lazy("The payment plan was broken."))
COMPLETED = record.kind("case.plan_completed", gettext_lazy("The payment plan was kept in full."))
CANCELLED = record.kind("case.plan_cancelled", gettext_lazy("The payment plan was cancelled."))
KEPT_AGAIN = record.kind("case.plan_kept_again", gettext_lazy("The payment plan is being kept again."))

ZERO = Decimal(0)
State = Plan.State
BEFORE_SIGNATURE = (State.DRAFTING, State.AWAITING_APPROVAL, State.APPROVED)
JUDGED = (State.ADVANCE_DUE, State.LAPSED, *BEFORE_SIGNATURE, State.ACTIVE, State.BROKEN, State.COMPLETED)
OPEN = (State.ADVANCE_DUE, *BEFORE_SIGNATURE, State.ACTIVE)


@dataclass(frozen=True)
class Standing:
    """`breaks_after`: the last day of the oldest instalment that was not covered in time; None: all were."""

    paid: Decimal
    breaks_after: date | None


def standing(
    instalments: Sequence[tuple[date, Decimal]], payments: Sequence[tuple[date, Decimal]], *, grace_days: int
) -> Standing:
    """How a plan stands. `instalments`: (due day, amount) in order; `payments`: (received on, amount)."""
    paid = sum((amount for _on, amount in payments), ZERO)
    needed = ZERO
    for due_on, amount in instalments:
        needed += amount
        last_day = due_on + timedelta(days=grace_days)
        if sum((part for on, part in payments if on <= last_day), ZERO) < needed:
            return Standing(paid, last_day)
    return Standing(paid, None)


def verdict(state: str, stands: Standing, *, as_of: date) -> State:
    """What a plan is on `as_of`. Before the signature only the advance is looked at."""
    broken = stands.breaks_after is not None and stands.breaks_after < as_of
    if state in (State.ADVANCE_DUE, State.LAPSED, *BEFORE_SIGNATURE):
        if stands.breaks_after is None:
            return State(state) if state in BEFORE_SIGNATURE else State.DRAFTING
        return State.LAPSED if broken else State.ADVANCE_DUE
    if broken:
        return State.BROKEN
    return State.COMPLETED if stands.breaks_after is None else State.ACTIVE


def stand(one: Plan) -> Standing:
    """The plan's standing by the ledger; before the signature by the advance alone."""
    rows = list(Instalment.objects.filter(plan=one).order_by("number").values_list("number", "due_on", "amount"))
    if one.signed_on is None:
        rows = [row for row in rows if row[0] == 0]
    payments = Payment.objects.filter(
        account_id=one.case.account_id,
        reversed_at=None,
        id__gt=one.after_payment_id or 0,
        received_on__gte=local_day(one.case.agency, one.asked_at),
    ).values_list("received_on", "amount")
    grace = one.format.grace_days if one.signed_on is not None else 0
    return standing([(on, amount) for _number, on, amount in rows], list(payments), grace_days=grace)


def judge(case: Case, *, as_of: date, now: datetime) -> Plan | None:
    """Judge the latest plan of one case anew after money came or went; returns it when its state changed."""
    one: Plan | None = (
        Plan.objects.filter(case=case).exclude(state__in=(State.CANCELLED, State.REFUSED))
        .select_related("format").order_by("-id").first()
    )  # fmt: skip
    if one is None:
        return None
    one.case = case
    return apply(one, as_of=as_of, now=now)


def apply(one: Plan, *, as_of: date, now: datetime) -> Plan | None:
    before, stands = State(one.state), stand(one)
    after = verdict(before, stands, as_of=as_of)
    if before == State.LAPSED and Plan.objects.filter(case=one.case, state__in=OPEN).exclude(id=one.id).exists():
        after = State.LAPSED
    if (stands.paid, stands.breaks_after, after) == (one.paid, one.breaks_after, before):
        return None
    with transaction.atomic():
        one.paid, one.breaks_after, one.state = stands.paid, stands.breaks_after, after
        if before != after:
            one.ended_on = as_of if after in (State.BROKEN, State.COMPLETED, State.LAPSED) else None
        one.save(update_fields=["paid", "breaks_after", "state", "ended_on"])
        if before == after:
            return None
        if before in (State.AWAITING_APPROVAL, State.APPROVED):
            approvals.withdraw(ApprovalKind.PLAN, one.id, by=None, now=now)
        _follow(one, before, as_of=as_of, now=now)
    return one


def _follow(one: Plan, before: State, *, as_of: date, now: datetime) -> None:
    """What a changed state does to the case, and its event."""
    case = one.case
    case.on_plan = one.state == State.ACTIVE
    if before in (State.ACTIVE, State.BROKEN, State.COMPLETED):
        case.plan_broken = one.state == State.BROKEN
    if one.state == State.COMPLETED:
        accrual.pass_over(case.account, through=as_of)
    columns: list[str] = []
    if case.stage != Stage.CLOSED:
        if one.state == State.DRAFTING:
            columns = plan(case, NextAction.RESTRUCTURE, now)
        elif one.state == State.BROKEN:
            columns = plan(case, NextAction.ENFORCE, now)
        elif one.state == State.COMPLETED:
            columns = plan(case, NextAction.FOLLOW_UP, now)
        elif one.state == State.ACTIVE:
            columns = plan(case, NextAction.FOLLOW_UP, morning_of(case.agency, one.breaks_after or as_of))
        else:
            columns = plan(case, NextAction.CALL, now)
    case.save(update_fields=["on_plan", "plan_broken", *columns])
    kinds = {
        State.DRAFTING: ADVANCE_PAID, State.ADVANCE_DUE: ADVANCE_GONE, State.LAPSED: LAPSED, State.BROKEN: BROKEN,
        State.COMPLETED: COMPLETED, State.ACTIVE: KEPT_AGAIN,
    }  # fmt: skip
    record.record(
        kinds[State(one.state)], case_id=case.id, subject_id=one.id, at=now, amount=str(one.advance),
        currency=one.currency,
    )  # fmt: skip


_JUDGE_SQL = f"""
WITH due AS (
    SELECT p.id, p.case_id, p.state AS was, p.advance, p.currency, c.stage = 'CLOSED' AS closed
    FROM cases_plan p JOIN cases_case c ON c.agency_id = p.agency_id AND c.id = p.case_id
    WHERE p.agency_id = %(agency_id)s AND p.state IN ('ADVANCE_DUE', 'ACTIVE') AND p.breaks_after < %(as_of)s
    FOR UPDATE OF p SKIP LOCKED),
judged AS (
    UPDATE cases_plan AS p SET ended_on = %(as_of)s,
        state = CASE WHEN due.was = 'ADVANCE_DUE' THEN 'LAPSED' WHEN due.closed THEN 'CANCELLED' ELSE 'BROKEN' END
    FROM due WHERE p.id = due.id AND p.agency_id = %(agency_id)s
    RETURNING p.id, p.case_id, p.state, p.advance, p.currency, due.closed),
followed AS (
    UPDATE cases_case AS c SET on_plan = false, plan_broken = c.plan_broken OR judged.state = 'BROKEN',
        next_action = CASE WHEN judged.closed THEN c.next_action WHEN judged.state = 'BROKEN' THEN 'ENFORCE'
                      ELSE 'CALL' END,
        priority = CASE WHEN judged.closed THEN c.priority WHEN judged.state = 'BROKEN' THEN {PRIORITY["ENFORCE"]}
                   ELSE {PRIORITY["CALL"]} END,
        next_action_at = CASE WHEN judged.closed THEN c.next_action_at ELSE %(now)s END
    FROM judged WHERE c.id = judged.case_id AND c.agency_id = %(agency_id)s RETURNING c.id),
written AS (
    {record.INSERT_SQL}
    SELECT %(agency_id)s, CASE state WHEN 'LAPSED' THEN '{LAPSED}' ELSE '{BROKEN}' END, %(now)s, NULL::bigint,
           case_id, id, jsonb_build_object('amount', advance::text, 'currency', currency), ''
    FROM judged WHERE state <> 'CANCELLED')
SELECT state, count(*) FROM judged GROUP BY state
"""  # noqa: S608 (constant text)


def judge_due(*, as_of: date, now: datetime) -> dict[str, int]:
    """End every plan of the agency in scope whose advance or instalment was not paid by its last day.

    One statement; a second call ends nothing. Returns how many were BROKEN, LAPSED and CANCELLED (of closed cases).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_JUDGE_SQL, {"agency_id": current_agency_id(), "as_of": as_of, "now": now})
        return dict(cursor.fetchall())
