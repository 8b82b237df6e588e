"""The addresses of a trip: added as they are learned, left out for a reason, and the next one after a wrong one.

A trip to every address takes each usable address of the debtor; a trip to one address takes the next when the one it
had was wrong or cannot be visited. A trip without an address left stays open until one is found or it is cancelled.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from agencies.scope import current_agency_id
from audit import record
from common.refusals import NotUnderstood, Refused
from debtors.models import USABLE
from field.models import Outcome, VisitOrder, VisitStop

ADDED = record.kind("field.stop_added", gettext_lazy("An address was added to the trip."))
LEFT_OUT = record.kind("field.stop_left_out", gettext_lazy("An address of the trip cannot be visited."))

MOST_STOPS = 50
WRONG = (Outcome.MOVED, Outcome.WRONG_ADDRESS)
"""After these the trip goes on to another address."""
State = VisitStop.State

ADDRESSES_SQL = """
SELECT p.id FROM debtors_contactpoint p
WHERE p.agency_id = c.agency_id AND p.debtor_id = c.debtor_id AND p.kind = 'ADDRESS' AND p.owner_role = 'HOLDER'
  AND p.validity = ANY(%(usable)s) AND NOT EXISTS (
    SELECT FROM field_visitstop known
    WHERE known.agency_id = o.agency_id AND known.order_id = o.id AND known.address_id = p.id)
ORDER BY (p.verified_at IS NULL), p.id LIMIT CASE WHEN o.all_addresses THEN %(most)s ELSE 1 END
"""
"""Addresses of a case `c` that a trip `o` still lacks: all of them, or the first."""

_ADD = f"""
WITH added AS (
    INSERT INTO field_visitstop (agency_id, order_id, address_id, state, reason)
    SELECT %(agency_id)s, o.id, a.id, 'PENDING', ''
    FROM field_visitorder o JOIN cases_case c ON c.agency_id = o.agency_id AND c.id = o.case_id,
    LATERAL ({ADDRESSES_SQL}) AS a
    WHERE o.agency_id = %(agency_id)s AND o.state = 'OPEN' AND (%(order_id)s::bigint IS NULL OR o.id = %(order_id)s)
      AND (o.all_addresses OR NOT EXISTS (
        SELECT FROM field_visitstop p WHERE p.agency_id = o.agency_id AND p.order_id = o.id AND p.state = 'PENDING'))
    ON CONFLICT DO NOTHING RETURNING order_id),
written AS (
    {record.INSERT_SQL}
    SELECT %(agency_id)s, '{ADDED}', %(now)s, NULL::bigint, o.case_id, o.id, '{{}}'::jsonb, ''
    FROM field_visitorder o
    WHERE o.agency_id = %(agency_id)s AND o.id IN (SELECT order_id FROM added))
SELECT count(*) FROM added
"""  # noqa: S608 (constant text)

_LEAVE_WRONG = f"""
WITH wrong AS (
    UPDATE field_visitstop s SET state = 'SKIPPED', reason = %(reason)s, settled_at = %(now)s
    FROM field_visitorder o, debtors_contactpoint p
    WHERE s.agency_id = %(agency_id)s AND s.state = 'PENDING' AND o.agency_id = s.agency_id AND o.id = s.order_id
      AND o.state = 'OPEN' AND p.agency_id = s.agency_id AND p.id = s.address_id AND p.validity <> ALL(%(usable)s)
    RETURNING s.id, o.case_id, o.id AS order_id),
written AS (
    {record.INSERT_SQL}
    SELECT %(agency_id)s, '{LEFT_OUT}', %(now)s, NULL::bigint, case_id, order_id, '{{}}'::jsonb, '' FROM wrong)
SELECT count(*) FROM wrong
"""  # noqa: S608 (constant text)

_FINISH = """
UPDATE field_visitorder o SET state = 'DONE', closed_at = %(now)s
WHERE o.agency_id = %(agency_id)s AND o.state = 'OPEN' AND o.first_visit_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM field_visitstop s WHERE s.agency_id = o.agency_id AND s.order_id = o.id AND s.state = 'PENDING')
"""


class StopIsSettled(Refused):
    """The address was visited or left out before."""


class ReasonMissing(NotUnderstood):
    """An address is not left out without a word on why."""

    field = "reason"


def keep_in_step(*, now: datetime) -> dict[str, int]:
    """Leave out what became wrong, add what was learned, and end trips without an address left of which one was
    visited. Statements over the set; a second call finds nothing to do."""
    keys: dict[str, Any] = {
        "agency_id": current_agency_id(), "now": now, "usable": list(USABLE),
        "reason": _("The address is known to be wrong."),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE_WRONG, keys)
        left = int(cursor.fetchone()[0])
        added = _add(None, now=now)
        cursor.execute(_FINISH, keys)
        return {"stops_left_out": left, "stops_added": added, "finished": cursor.rowcount}


def after_visit(order: VisitOrder, *, outcome: str, now: datetime) -> None:
    """What follows for the trip, locked by the caller, when one of its addresses was visited; the caller saves it."""
    pending = VisitStop.objects.filter(order=order, state=State.PENDING)
    if order.all_addresses or outcome in WRONG:
        _add(order, now=now)
    else:
        pending.update(state=State.SKIPPED, reason=_("Another address of the trip was visited."), settled_at=now)
    if not pending.exists():
        order.state, order.closed_at = VisitOrder.State.DONE, now


def leave_out(stop: VisitStop, *, reason: str, by: Membership, now: datetime) -> VisitStop:
    """Say why an address cannot be visited; the trip goes on to another one where there is one.

    A trip of which nothing was visited stays open: leaving out its addresses does not make it.

    Raises:
        ReasonMissing, StopIsSettled
    """
    if not reason.strip():
        raise ReasonMissing(_("Say in a few words why this address cannot be visited."))
    with transaction.atomic():
        order = VisitOrder.objects.select_for_update(no_key=True, of=("self",)).get(id=stop.order_id)
        fresh: VisitStop = VisitStop.objects.select_for_update(no_key=True, of=("self",)).get(id=stop.id)
        if fresh.state != State.PENDING or order.state != VisitOrder.State.OPEN:
            raise StopIsSettled(_("This address was already visited, or is no longer to be visited."))
        fresh.state, fresh.reason, fresh.settled_at = State.SKIPPED, reason.strip()[:160], now
        fresh.save(update_fields=["state", "reason", "settled_at"])
        _add(order, now=now)
        if order.first_visit_at and not VisitStop.objects.filter(order=order, state=State.PENDING).exists():
            order.state, order.closed_at = VisitOrder.State.DONE, now
            order.save(update_fields=["state", "closed_at"])
        record.record(LEFT_OUT, by=by.user, case_id=order.case_id, subject_id=order.id, at=now)
    return fresh


def nowhere_left(order: VisitOrder, stops: Sequence[VisitStop]) -> bool:
    """Whether an open trip has no address to go to: one must be found, or the trip cancelled."""
    return order.state == VisitOrder.State.OPEN and not any(one.state == State.PENDING for one in stops)


def _add(order: VisitOrder | None, *, now: datetime) -> int:
    keys: dict[str, Any] = {
        "agency_id": current_agency_id(), "now": now, "usable": list(USABLE), "most": MOST_STOPS,
        "order_id": order.id if order else None,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ADD, keys)
        return int(cursor.fetchone()[0])
