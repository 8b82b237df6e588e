"""Settlements are paid or lapse by the ledger: the agreed sum in time waives the rest, a reversal takes that back."""

from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy

from agencies.actors import Actor
from agencies.scope import current_agency_id
from audit import record
from cases.models import Case, NextAction, Settlement, Stage
from cases.next_actions import PRIORITY, local_day, plan
from ledger import posting
from ledger.allocation_orders import order_for
from ledger.models import Account, Bucket, Entry, EntryKind, Line, Payment

PAID = record.kind(
    "case.settlement_paid", gettext_lazy("The settlement of %(amount)s %(currency)s was paid; the rest was waived.")
)
LAPSED = record.kind("case.settlement_lapsed", gettext_lazy("The settlement of %(amount)s %(currency)s was not paid."))
UNDONE = record.kind(
    "case.settlement_undone",
    gettext_lazy("The payment of the settlement of %(amount)s %(currency)s was taken back, and so was the waiver."),
)
EXCEEDED = record.kind(
    "case.settlement_exceeded",
    gettext_lazy(
        "The settlement of %(amount)s %(currency)s was paid, but more is owed than was approved to be waived; decide."
    ),
)
CANCELLED = record.kind(
    "case.settlement_cancelled", gettext_lazy("The settlement of %(amount)s %(currency)s was cancelled.")
)

ZERO = Decimal(0)
State = Settlement.State


def paid_in_time(one: Settlement) -> Decimal:
    """What counts for it: booked after it was made, received from then to its day, not taken back."""
    found = Payment.objects.filter(
        account_id=one.case.account_id,
        reversed_at=None,
        id__gt=one.after_payment_id or 0,
        received_on__range=(local_day(one.case.agency, one.made_at), one.pay_by),
    ).aggregate(sum=Sum("amount"))
    return found["sum"] or ZERO


def judge(case: Case, *, as_of: date, now: datetime) -> Settlement | None:
    """Waive the rest when the offered sum has come; returns the settlement when it was. The account is up to date
    after it, the case's copy is not, and whoever calls closes the case."""
    one: Settlement | None = (
        Settlement.objects.filter(case=case, state__in=(State.OFFERED, State.LAPSED)).order_by("-id").first()
    )
    if one is None:
        return None
    one.case = case
    if one.state == State.LAPSED and Settlement.objects.filter(case=case, id__gt=one.id).exists():
        return None
    paid = paid_in_time(one)
    with transaction.atomic():
        exceeds = paid >= one.amount and case.stage != Stage.CLOSED and case.account.balance > _may_waive(one)
        if paid < one.amount or case.stage == Stage.CLOSED or exceeds:
            if paid != one.paid:
                one.paid = paid
                one.save(update_fields=["paid"])
                if exceeds:
                    case.save(update_fields=plan(case, NextAction.CALL, now))
                    _tell(EXCEEDED, one, now=now)
            return None
        one.waivers = [entry.id for entry in _waive_rest(case, now=now)]
        one.paid, one.state, one.ended_on = paid, State.PAID, as_of
        one.save(update_fields=["paid", "state", "ended_on", "waivers"])
        _tell(PAID, one, now=now)
    return one


def _may_waive(one: Settlement) -> Decimal:
    """The approved waiver, and the interest and penalty counted since the offer."""
    counted = Line.objects.filter(
        account_id=one.case.account_id, entry__kind=EntryKind.ACCRUAL, entry__posted_at__gte=one.made_at,
        bucket__in=(Bucket.INTEREST, Bucket.PENALTY),
    ).aggregate(sum=Sum("amount"))  # fmt: skip
    return one.balance - one.amount + max(counted["sum"] or ZERO, ZERO)


def _waive_rest(case: Case, *, now: datetime) -> list[Entry]:
    """What is still owed, part by part in the order in which payments cover them."""
    entries = []
    for bucket in order_for(case.jurisdiction, case.mandate.allocation_order):
        rest = posting.owed_of(case.account).get(bucket, ZERO)
        if rest > ZERO:
            entries.append(
                posting.waive(
                    case.account, bucket=bucket, amount=rest, by=None, now=now, reason="settlement", case_id=case.id
                )
            )
    return entries


def undo(case: Case, *, as_of: date, by: Actor, now: datetime) -> Settlement | None:
    """After a reversal: a paid settlement that is no longer covered takes its waiver back; offered again until its
    day, lapsed after it. Whoever calls refreshes and reopens the case."""
    one: Settlement | None = Settlement.objects.filter(case=case, state=State.PAID).order_by("-id").first()
    if one is None:
        return None
    one.case = case
    paid = paid_in_time(one)
    if paid >= one.amount:
        return None
    with transaction.atomic():
        for entry in Entry.objects.filter(id__in=one.waivers).order_by("id"):
            posting.reverse(entry, by=by, now=now, reason="settlement", case_id=case.id)
        case.account = Account.objects.get(id=case.account_id)
        one.paid, one.waivers = paid, []
        one.state = State.OFFERED if one.pay_by >= as_of else State.LAPSED
        one.ended_on = None if one.state == State.OFFERED else as_of
        one.save(update_fields=["paid", "waivers", "state", "ended_on"])
        case.save(update_fields=plan(case, NextAction.CALL, now))
        _tell(UNDONE, one, now=now)
    return one


_JUDGE_SQL = f"""
WITH judged AS (
    UPDATE cases_settlement AS s SET ended_on = %(as_of)s,
        state = CASE WHEN s.state = 'OFFERED' AND c.stage <> 'CLOSED' THEN 'LAPSED' ELSE 'CANCELLED' END
    FROM cases_case c
    WHERE s.agency_id = %(agency_id)s AND s.state IN ('AWAITING_APPROVAL', 'OFFERED') AND s.pay_by < %(as_of)s
      AND c.agency_id = s.agency_id AND c.id = s.case_id
    RETURNING s.id, s.case_id, s.amount, s.currency, s.state, c.stage),
unasked AS (
    UPDATE cases_approval AS a SET state = 'WITHDRAWN' FROM judged
    WHERE a.agency_id = %(agency_id)s AND a.kind = 'DISCOUNT' AND a.subject_id = judged.id AND a.state = 'WAITING'),
followed AS (
    UPDATE cases_case AS c SET next_action = 'CALL', priority = {PRIORITY["CALL"]}, next_action_at = %(now)s
    FROM judged WHERE c.id = judged.case_id AND c.agency_id = %(agency_id)s AND c.stage <> 'CLOSED' AND NOT c.on_plan
    RETURNING c.id),
written AS (
    {record.INSERT_SQL}
    SELECT %(agency_id)s, CASE state WHEN 'LAPSED' THEN '{LAPSED}' ELSE '{CANCELLED}' END, %(now)s, NULL::bigint,
           case_id, id, jsonb_build_object('amount', amount::text, 'currency', currency), ''
    FROM judged)
SELECT state, count(*) FROM judged GROUP BY state
"""  # noqa: S608 (constant text)


def judge_due(*, as_of: date, now: datetime) -> dict[str, int]:
    """End every settlement of the agency in scope whose day has passed without its sum; a second call ends none.

    One that came in time was paid when it was booked. One that still waited for approval is cancelled.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_JUDGE_SQL, {"agency_id": current_agency_id(), "as_of": as_of, "now": now})
        return dict(cursor.fetchall())


def _tell(kind: str, one: Settlement, *, now: datetime) -> None:
    record.record(kind, case_id=one.case_id, subject_id=one.id, at=now, amount=str(one.amount), currency=one.currency)
