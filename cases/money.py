"""The money of a case: a payment lowers the debt, covers the oldest dues, keeps a promise, cures or closes the case."""

from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from agencies.actors import Actor
from agencies.scope import current_agency_id
from cases import accruals, next_actions, plan_judging, promise_judging, settlement_judging, transitions
from cases.models import Case, CloseReason, NextAction, Stage
from cases.next_actions import local_day
from common.refusals import Refused
from ledger import posting
from ledger.allocation_orders import order_for
from ledger.dues import PAST_DUE_SQL
from ledger.models import Account, Payment
from ledger.queries import past_due_of

BY_MONEY = (CloseReason.PAID, CloseReason.SETTLED)
"""Reasons of closing that hold only while the money is there."""


class CaseTakesNoMoney(Refused):
    """The case is closed for another reason than payment."""


def take_payment(
    case: Case,
    *,
    amount: Decimal,
    received_on: date,
    by: Actor,
    now: datetime,
    reference: str = "",
    source: str = Payment.Source.MANUAL,
) -> Payment:
    """Book a payment on the case's account and let the case follow: promise kept, cured, or closed as paid.

    `case` and its account are brought up to date.

    Raises:
        CaseTakesNoMoney: the case is closed.
        ledger.posting refusals: more than is owed, a day ahead, not an amount.
    """
    if case.stage == Stage.CLOSED:
        raise CaseTakesNoMoney(_("The case is closed. Reopen it before booking a payment."))
    with transaction.atomic():
        payment = posting.post_payment(
            case.account, amount=amount, received_on=received_on, source=source, reference=reference,
            order=order_for(case.jurisdiction, case.mandate.allocation_order), by=by, now=now, case_id=case.id,
        )  # fmt: skip
        accruals.correct_for(case, payment, by=by, now=now)
        _follow(case, now=now)
    return payment


def reverse_payment(
    case: Case, payment: Payment, *, by: Actor, now: datetime, reason: str, bounced: bool | None = None
) -> None:
    """Take a booked payment back (bounced, wrong case). A case that was closed as paid or settled and owes something
    now is reopened, and whoever works it is told to call unless a promise, a plan or a settlement asks for more.

    Raises:
        ledger.posting.NothingToReverse: it was reversed before.
    """
    with transaction.atomic():
        posting.reverse(payment.entry, by=by, now=now, reason=reason, case_id=case.id, bounced=bounced)
        case.account = Account.objects.get(id=case.account_id)
        accruals.correct_for(case, payment, by=by, now=now, undo=True)
        as_of = local_day(case.agency, now)
        refresh(case, as_of)
        undone = settlement_judging.undo(case, as_of=as_of, by=by, now=now)
        if undone:
            refresh(case, as_of)
        if case.stage == Stage.CLOSED and case.close_reason in BY_MONEY and case.balance > 0:
            transitions.apply(case, "reopen", by=None, as_of=as_of, now=now)
        promises = promise_judging.judge(case, as_of=as_of, now=now)
        plan = plan_judging.judge(case, as_of=as_of, now=now)
        transitions.follow(case, as_of=as_of, now=now)
        if case.stage != Stage.CLOSED and not (undone or promises or plan):
            case.save(update_fields=next_actions.plan(case, NextAction.CALL, now))


def refresh(case: Case, as_of: date) -> Case:
    """Copy the account's balance to the case and count anew what is past due on `as_of`."""
    account = case.account
    due = past_due_of(account, as_of)
    case.balance, case.overdue, case.oldest_due_on = account.balance, due.amount, due.oldest_on
    case.save(update_fields=["balance", "overdue", "oldest_due_on"])
    return case


def _follow(case: Case, *, now: datetime) -> None:
    as_of = local_day(case.agency, now)
    refresh(case, as_of)
    promise_judging.judge(case, as_of=as_of, now=now)
    plan_judging.judge(case, as_of=as_of, now=now)
    settle(case, as_of=as_of, now=now)
    transitions.follow(case, as_of=as_of, now=now)


def settle(case: Case, *, as_of: date, now: datetime) -> bool:
    """Waive the rest and close the case when the sum of its settlement is booked; says whether it was."""
    if not settlement_judging.judge(case, as_of=as_of, now=now):
        return False
    refresh(case, as_of)
    transitions.apply(case, "close_settled", by=None, as_of=as_of, now=now)
    return True


_REFRESH_SQL = f"""
UPDATE cases_case AS c SET balance = a.balance, overdue = due.overdue, oldest_due_on = due.oldest_due_on
FROM ({PAST_DUE_SQL}) AS due, ledger_account a
WHERE c.agency_id = %(agency_id)s AND c.account_id = due.account_id
  AND a.agency_id = c.agency_id AND a.id = due.account_id
  AND (c.balance, c.overdue, c.oldest_due_on) IS DISTINCT FROM (a.balance, due.overdue, due.oldest_due_on)
"""  # noqa: S608 (constant text)


def refresh_many(account_ids: list[int], *, as_of: date) -> int:
    """`refresh` for a set of accounts by one statement; only cases whose figures change are written."""
    if not account_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH_SQL, {"agency_id": current_agency_id(), "account_ids": account_ids, "as_of": as_of})
        return int(cursor.rowcount)


_FELL_DUE_SQL = """
SELECT DISTINCT account_id FROM ledger_due
WHERE agency_id = %s AND due_on >= %s AND due_on < %s
"""


def refresh_fallen_due(*, since: date, as_of: date) -> int:
    """Count anew the cases with a due that became past due on a day after `since`, up to `as_of`."""
    with connection.cursor() as cursor:
        cursor.execute(_FELL_DUE_SQL, [current_agency_id(), since, as_of])
        ids = [row[0] for row in cursor.fetchall()]
    return sum(refresh_many(ids[start : start + 10_000], as_of=as_of) for start in range(0, len(ids), 10_000))
