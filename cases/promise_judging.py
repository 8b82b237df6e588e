"""Promises are kept or broken by the ledger, and by nothing else.

Money is counted once, first in, first out: the promises of an account are taken in the order in which they were made,
each is covered by the oldest payments that were booked after it and received between its making and its day, and
what covered one promise covers no other. `covered_by` is that rule; every booking and every reversal applies it anew,
so a promise broken by a payment that was taken back, or kept by one that came late to our knowledge, changes its
verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext_lazy

from agencies.scope import current_agency_id
from audit import record
from audit.models import Event
from cases.models import Case, NextAction, Promise, Stage
from cases.next_actions import PRIORITY, morning_of, plan
from ledger.models import Payment

KEPT = record.kind("case.promise_kept", gettext_lazy("The promise of %(amount)s %(currency)s was kept."))
BROKEN = record.kind("case.promise_broken", gettext_lazy("The promise of %(amount)s %(currency)s was broken."))
CANCELLED = record.kind("case.promise_cancelled", gettext_lazy("The promise of %(amount)s %(currency)s was cancelled."))
OPEN_AGAIN = record.kind(
    "case.promise_open_again",
    gettext_lazy("The promise of %(amount)s %(currency)s is open again: its payment was taken back."),
)

ZERO = Decimal(0)
State = Promise.State
JUDGED_BY_MONEY = (State.ACTIVE, State.KEPT, State.BROKEN)


@dataclass(frozen=True)
class Word:
    """What was promised: payments with a higher number than `after`, received from `made_on` to `due_on`, may cover it.

    Money that was on its way before the word was given does not keep it.
    """

    after: int
    made_on: date
    due_on: date
    amount: Decimal


@dataclass(frozen=True)
class Money:
    """A payment that stands: its number in the order of booking, its day, its amount."""

    number: int
    received_on: date
    amount: Decimal


def covered_by(words: Sequence[Word], payments: Sequence[Money]) -> list[Decimal]:
    """How much of each promise, in the order in which they were made, is covered."""
    left = {payment.number: payment.amount for payment in payments}
    oldest_first = sorted(payments, key=lambda payment: (payment.received_on, payment.number))
    covered = []
    for word in words:
        sum_ = ZERO
        for payment in oldest_first:
            if payment.number > word.after and word.made_on <= payment.received_on <= word.due_on:
                part = min(left[payment.number], word.amount - sum_)
                left[payment.number] -= part
                sum_ += part
        covered.append(sum_)
    return covered


def verdict(state: str, *, covered: Decimal, amount: Decimal, due_on: date, as_of: date, another_open: bool) -> State:
    """What a promise is on `as_of`. A word that is broken no more because its day lies ahead opens again, unless a
    newer promise stands in its place."""
    if covered >= amount:
        return State.KEPT
    if due_on < as_of:
        return State.BROKEN
    if state == State.ACTIVE:
        return State.ACTIVE
    return State.CANCELLED if another_open else State.ACTIVE


def judge(case: Case, *, as_of: date, now: datetime | None = None) -> list[Promise]:
    """Judge every promise of one case anew after money came or went; returns those whose verdict changed.

    A promise whose day has passed but whom the night has not judged yet stays as it is until then, unless it is kept.
    """
    promises = list(Promise.objects.filter(case=case, state__in=JUDGED_BY_MONEY).order_by("id"))
    if not promises:
        return []
    payments = [
        Money(*row)
        for row in Payment.objects.filter(account_id=case.account_id, reversed_at=None).values_list(
            "id", "received_on", "amount"
        )
    ]
    words = [Word(one.after_payment_id or 0, one.made_on, one.due_on, one.amount) for one in promises]
    changed = []
    open_ids = set(
        Promise.objects.filter(case=case, state__in=(State.ACTIVE, State.AWAITING_APPROVAL)).values_list(
            "id", flat=True
        )
    )
    with transaction.atomic():
        for promise, covered in zip(promises, covered_by(words, payments), strict=True):
            before = promise.state
            after = verdict(
                before, covered=covered, amount=promise.amount, due_on=promise.due_on, as_of=as_of,
                another_open=bool(open_ids - {promise.id}),
            )  # fmt: skip
            if before == State.ACTIVE and after == State.BROKEN:
                after = State.ACTIVE
            if (covered, after) == (promise.covered, before):
                continue
            promise.covered, promise.state = covered, after
            if before != after:
                promise.judged_on = None if after == State.ACTIVE else as_of
                changed.append(promise)
            promise.save(update_fields=["covered", "state", "judged_on"])
        if changed:
            _follow(case, changed, as_of=as_of)
    return changed


def _follow(case: Case, changed: Sequence[Promise], *, as_of: date) -> None:
    """What a changed verdict does to the case: its broken promises in a row, and what is to be done next."""
    case.broken_in_a_row = broken_in_a_row(case)
    latest = changed[-1]
    columns: list[str] = []
    if case.stage != Stage.CLOSED:
        if latest.state == State.KEPT:
            columns = plan(case, NextAction.FOLLOW_UP, morning_of(case.agency, as_of + timedelta(days=7)))
        elif latest.state == State.ACTIVE:
            columns = plan(case, NextAction.PROMISE_DUE, morning_of(case.agency, latest.due_on))
        else:
            columns = plan(case, NextAction.PROMISE_BROKEN, morning_of(case.agency, as_of))
    case.save(update_fields=["broken_in_a_row", *columns])
    kinds = {State.KEPT: KEPT, State.BROKEN: BROKEN, State.CANCELLED: CANCELLED, State.ACTIVE: OPEN_AGAIN}
    for promise in changed:
        record.record(
            kinds[State(promise.state)], case_id=case.id, subject_id=promise.id, amount=str(promise.amount),
            currency=promise.currency,
        )  # fmt: skip


def broken_in_a_row(case: Case) -> int:
    """How many of the last promises were broken one after the other, since the case was last cured."""
    moves = Event.objects.filter(case_id=case.id, kind="case.stage_changed", data__stage=Stage.WATCH.value)
    cured = moves.order_by("-id").first()
    judged = Promise.objects.filter(case=case, state__in=(State.KEPT, State.BROKEN))
    if cured is not None:
        judged = judged.filter(made_at__gt=cured.at)
    count = 0
    for state in judged.order_by("-id").values_list("state", flat=True):
        if state == State.KEPT:
            break
        count += 1
    return count


_JUDGE_SQL = f"""
WITH due AS (
    SELECT p.id, p.case_id, p.amount, p.currency, c.stage = 'CLOSED' AS closed, p.state AS was,
           p.covered >= p.amount AS paid
    FROM cases_promise p
    JOIN cases_case c ON c.agency_id = p.agency_id AND c.id = p.case_id
    WHERE p.agency_id = %(agency_id)s AND p.state IN ('ACTIVE', 'AWAITING_APPROVAL') AND p.due_on < %(as_of)s
    FOR UPDATE OF p SKIP LOCKED),
judged AS (
    UPDATE cases_promise AS p SET judged_on = %(as_of)s, state = CASE
        WHEN due.paid THEN 'KEPT' WHEN due.closed OR due.was = 'AWAITING_APPROVAL' THEN 'CANCELLED' ELSE 'BROKEN' END
    FROM due WHERE p.id = due.id AND p.agency_id = %(agency_id)s
    RETURNING p.id, p.case_id, p.amount, p.currency, p.state),
unasked AS (
    UPDATE cases_approval AS a SET state = 'WITHDRAWN' FROM judged
    WHERE a.agency_id = %(agency_id)s AND a.kind = 'PROMISE' AND a.subject_id = judged.id AND a.state = 'WAITING'
      AND judged.state = 'CANCELLED'),
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
    """Judge every open promise of the agency in scope whose day has passed: kept when the money covered it in time.

    A promise that still waited for approval, or whose case was closed without its money, is cancelled. One statement;
    a second call judges nothing. Returns how many were KEPT, BROKEN and CANCELLED.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_JUDGE_SQL, {"agency_id": current_agency_id(), "as_of": as_of, "now": now})
        return dict(cursor.fetchall())
