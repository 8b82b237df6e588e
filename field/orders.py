"""Orders to visit: opened by stage, by event and by mandate, each with its countdown; late, closed, prepared, given.

All by statements over the set; doing it twice does it once. A case has at most one open order. Nothing here decides
whether a visit may be made: the gate does, when the collector stands at the door.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db import models as db
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Membership
from agencies.permissions import Permission
from agencies.scope import current_agency_id
from audit import record
from cases.models import Case, Stage
from cases.next_actions import local_day
from common.refusals import NotUnderstood, Refused
from debtors.models import USABLE, ContactPoint, ContactPointKind
from field import trip_stops, visit_kinds
from field.models import Trigger, VisitOrder, VisitStop
from portfolios import strategies

OPENED = record.kind("field.order_opened", gettext_lazy("A visit was ordered: %(trigger)s."), trigger=Trigger.choices)
BREACHED = record.kind("field.order_breached", gettext_lazy("The visit was not made in time."))
CANCELLED = record.kind("field.order_cancelled", gettext_lazy("The visit is no longer needed."))
ASSIGNED = record.kind("field.order_assigned", gettext_lazy("%(count)s visits were given to %(member)s."))

VISIT_DAYS = 7
"""A visit ordered by stage or event is due within so many days."""
UNREACHED_CALLS = 5
UNREACHED_DAYS = 14
"""So many calls without a conversation in so many days: not reached by phone (S004-04 a)."""
PARTS = {
    "registry": gettext_lazy("registries checked"),
    "contacts": gettext_lazy("contact data found"),
    "history": gettext_lazy("history read"),
}
PREPARED = record.kind("field.order_prepared", gettext_lazy("The trip was prepared: %(part)s."), part=PARTS.items())


class OrderIsClosed(Refused):
    """The trip was made or cancelled."""


class ReasonMissing(NotUnderstood):
    """A trip is not cancelled without a word on why."""

    field = "reason"


class NotAFieldCollector(NotUnderstood):
    """Visits are given to people whose role makes visits."""

    field = "collector"


class VisitAlreadyOrdered(Refused):
    """One open order at a time."""


_LIMITS = "(SELECT * FROM unnest(%(portfolios)s::bigint[], %(broken)s::int[]) AS s(portfolio_id, broken))"

_WANTED = f"""
SELECT c.id AS case_id, c.collector_id, t.trigger, coalesce(t.hours, %(days)s * 24) AS hours,
       coalesce(t.every_address, false) AS every_address, allowed.kind, c.opened_on
FROM cases_case c
LEFT JOIN {visit_kinds.RULES_SQL} ON r.portfolio_id = c.portfolio_id
JOIN portfolios_mandate m ON m.agency_id = c.agency_id AND m.id = c.mandate_id
JOIN {_LIMITS} AS s ON s.portfolio_id = c.portfolio_id,
LATERAL (SELECT max(o.opened_at) AS at, bool_or(o.state = 'OPEN') AS open FROM field_visitorder o
         WHERE o.agency_id = c.agency_id AND o.case_id = c.id) AS last,
LATERAL (SELECT {visit_kinds.KIND_SQL} AS kind) AS allowed,
LATERAL (
    SELECT 'MANDATE' AS trigger, m.visit_within_hours::int AS hours, m.visit_all_addresses AS every_address
    WHERE m.visit_within_hours IS NOT NULL AND last.at IS NULL AND c.opened_on >= %(takeover_from)s
    UNION ALL SELECT 'PROMISES', NULL::int, m.visit_all_addresses
    WHERE c.broken_in_a_row >= s.broken AND coalesce(last.at < (
        SELECT max(p.judged_on) FROM cases_promise p
        WHERE p.agency_id = c.agency_id AND p.case_id = c.id AND p.state = 'BROKEN'), true)
    UNION ALL SELECT 'STAGE', NULL::int, m.visit_all_addresses
    WHERE c.stage = 'FIELD' AND coalesce(last.at < c.stage_since, true)
    UNION ALL SELECT 'STATUS', NULL::int, m.visit_all_addresses
    WHERE c.stage = 'FIELD' AND allowed.kind = 'HARD' AND NOT EXISTS (
        SELECT FROM field_visitorder h WHERE h.agency_id = c.agency_id AND h.case_id = c.id AND h.kind = 'HARD')
    UNION ALL SELECT 'UNREACHED', NULL::int, m.visit_all_addresses
    WHERE c.stage = 'SOFT' AND coalesce(last.at < %(unreached_from)s, true) AND (
        SELECT count(*) FILTER (WHERE k.kind = 'CALL_ATTEMPT') >= %(calls)s
               AND count(*) FILTER (WHERE k.kind = 'CONVERSATION') = 0
        FROM contacts_contact k WHERE k.agency_id = c.agency_id AND k.case_id = c.id AND k.at >= %(unreached_from)s)
    LIMIT 1) AS t
WHERE c.agency_id = %(agency_id)s AND c.stage NOT IN ('CLOSED') AND c.balance > 0 AND NOT c.on_hold
  AND allowed.kind IS NOT NULL AND NOT coalesce(last.open, false) AND 'VISIT' = ANY(m.allowed_channels)
"""  # noqa: S608 (constant text)

_TAKEN_OVER = """
SELECT least(%(now)s, coalesce(
    (SELECT coalesce(file.confirmed_at, e.at) FROM audit_event e
     LEFT JOIN portfolios_casefile file
       ON file.agency_id = e.agency_id AND file.id = (e.data ->> 'case_file_id')::bigint
     WHERE e.agency_id = %(agency_id)s AND e.case_id = w.case_id AND e.kind = 'case.opened' ORDER BY e.id LIMIT 1),
    w.opened_on::timestamp AT TIME ZONE %(zone)s)) AS at
WHERE w.trigger = 'MANDATE'
"""
"""When the case was taken over: its file's confirmation, else its opening. The mandate's hours run from then (S003-10),
whenever the clock comes to order the visit; a later file that changes the case does not start them again."""

_OPEN = f"""
WITH wanted AS ({_WANTED}),
opened AS (
    INSERT INTO field_visitorder (agency_id, case_id, trigger, kind, all_addresses, state, opened_at, due_at,
                                  collector_id, assigned_at)
    SELECT %(agency_id)s, w.case_id, w.trigger, w.kind, w.every_address, 'OPEN', %(now)s,
           coalesce(taken.at, %(now)s) + make_interval(hours => w.hours), f.id,
           CASE WHEN f.id IS NOT NULL THEN %(now)s END
    FROM wanted w LEFT JOIN agencies_membership f
      ON f.agency_id = %(agency_id)s AND f.id = w.collector_id AND f.role = 'FIELD_COLLECTOR' AND f.is_active
    LEFT JOIN LATERAL ({_TAKEN_OVER}) AS taken ON true
    ON CONFLICT DO NOTHING RETURNING id, agency_id, case_id, trigger, all_addresses),
stops AS (
    INSERT INTO field_visitstop (agency_id, order_id, address_id, state, reason)
    SELECT %(agency_id)s, o.id, a.id, 'PENDING', ''
    FROM opened o JOIN cases_case c ON c.agency_id = %(agency_id)s AND c.id = o.case_id,
    LATERAL ({trip_stops.ADDRESSES_SQL}) AS a
    RETURNING id),
written AS (
    {record.INSERT_SQL}
    SELECT %(agency_id)s, '{OPENED}', %(now)s, NULL::bigint, case_id, id,
           jsonb_build_object('trigger', trigger), '' FROM opened)
SELECT trigger, count(*) FROM opened GROUP BY trigger
"""  # noqa: S608 (constant text)

_BREACH = f"""
WITH late AS (
    UPDATE field_visitorder SET breached_at = %(now)s
    WHERE agency_id = %(agency_id)s AND state = 'OPEN' AND due_at < %(now)s AND breached_at IS NULL
    RETURNING id, case_id),
written AS (
    {record.INSERT_SQL}
    SELECT %(agency_id)s, '{BREACHED}', %(now)s, NULL::bigint, case_id, id, '{{}}'::jsonb, '' FROM late)
SELECT count(*) FROM late
"""  # noqa: S608 (constant text)

_CANCEL = f"""
WITH over AS (
    UPDATE field_visitorder o SET state = 'CANCELLED', closed_at = %(now)s,
           breached_at = coalesce(o.breached_at, CASE WHEN o.due_at < %(now)s THEN %(now)s END)
    FROM cases_case c LEFT JOIN {visit_kinds.RULES_SQL} ON r.portfolio_id = c.portfolio_id
    WHERE o.agency_id = %(agency_id)s AND o.state = 'OPEN' AND c.agency_id = o.agency_id AND c.id = o.case_id
      AND (c.stage = 'CLOSED' OR c.balance <= 0 OR (r.portfolio_id IS NOT NULL AND o.kind <> ''
           AND c.contract_status <> ALL(string_to_array(CASE o.kind WHEN 'SOFT' THEN r.soft ELSE r.hard END, ','))))
    RETURNING o.id, o.case_id),
written AS (
    {record.INSERT_SQL}
    SELECT %(agency_id)s, '{CANCELLED}', %(now)s, NULL::bigint, case_id, id, '{{}}'::jsonb, '' FROM over)
SELECT count(*) FROM over
"""  # noqa: S608 (constant text)


_WITH_THE_ONE_BEFORE = db.Case(
    db.When(collector=None, then=db.F("earlier_collectors")),
    default=db.Func(
        db.F("earlier_collectors"),
        db.F("collector_id"),
        function="array_append",
        output_field=VisitOrder._meta.get_field("earlier_collectors"),
    ),
)


def keep_in_step(*, as_of: date, now: datetime) -> dict[str, int]:
    """Open what is wanted, cancel what is no longer needed, keep the addresses of trips right, notice what is late.

    Returns counts by what was done.

    What the contract's status does not admit is not opened, and what it admits no more is cancelled.

    Called every few minutes; a second call finds nothing to do.
    """
    limits = strategies.in_force_by_portfolio(as_of)
    keys: dict[str, Any] = {
        "agency_id": current_agency_id(), "now": now, "days": VISIT_DAYS, "takeover_from": as_of - timedelta(days=2),
        "unreached_from": now - timedelta(days=UNREACHED_DAYS), "calls": UNREACHED_CALLS, "usable": list(USABLE),
        "zone": Agency.objects.get(id=current_agency_id()).time_zone, "most": trip_stops.MOST_STOPS,
        "portfolios": list(limits), "broken": [one.broken_promises_to_field for one in limits.values()],
        **visit_kinds.columns(as_of),
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CANCEL, keys)
        done = {"cancelled": int(cursor.fetchone()[0])}
        cursor.execute(_OPEN, keys)
        done |= {f"opened_{trigger.lower()}": count for trigger, count in cursor.fetchall()}
        done |= trip_stops.keep_in_step(now=now)
        cursor.execute(_BREACH, keys)
        done["breached"] = int(cursor.fetchone()[0])
    return {what: count for what, count in done.items() if count}


def order_visit(
    case: Case, *, due_at: datetime, by: Membership, now: datetime, all_addresses: bool = False, kind: str = ""
) -> VisitOrder:
    """A person orders a visit of one case; `kind` empty: the gentlest that the rule in force admits.

    Raises:
        VisitAlreadyOrdered: one is open; OrderIsClosed: the case is closed; visit_kinds.VisitNotAdmitted.
    """
    if case.stage == Stage.CLOSED:
        raise OrderIsClosed(_("The case is closed."))
    kind = visit_kinds.choose(case, kind, as_of=local_day(case.agency, now))
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).only("id").get(id=case.id)
        if VisitOrder.objects.filter(case=case, state=VisitOrder.State.OPEN).exists():
            raise VisitAlreadyOrdered(_("A visit of this case is already ordered."))
        order: VisitOrder = VisitOrder.objects.create(
            case=case, trigger=Trigger.PERSON, kind=kind, all_addresses=all_addresses, opened_at=now, due_at=due_at
        )
        addresses = ContactPoint.objects.filter(
            debtor_id=case.debtor_id, kind=ContactPointKind.ADDRESS, owner_role="HOLDER", validity__in=USABLE
        ).order_by("verified_at", "id")
        chosen = addresses if all_addresses else addresses[:1]
        VisitStop.objects.bulk_create([VisitStop(order=order, address=address) for address in chosen])
        record.record(OPENED, by=by.user, case_id=case.id, subject_id=order.id, at=now, trigger=str(Trigger.PERSON))
    return order


def cancel(order: VisitOrder, *, reason: str, by: Membership, now: datetime) -> VisitOrder:
    """Cancel a trip for a reason. One that is past its time stays counted as late.

    Raises:
        ReasonMissing, OrderIsClosed
    """
    if not reason.strip():
        raise ReasonMissing(_("Say in a few words why the visit is cancelled."))
    with transaction.atomic():
        fresh: VisitOrder = VisitOrder.objects.select_for_update(no_key=True).get(id=order.id)
        if fresh.state != VisitOrder.State.OPEN:
            raise OrderIsClosed(_("This trip was already made or cancelled."))
        fresh.state, fresh.closed_at, fresh.cancel_reason = VisitOrder.State.CANCELLED, now, reason.strip()[:240]
        if fresh.due_at < now and fresh.breached_at is None:
            fresh.breached_at = now
        fresh.save(update_fields=["state", "closed_at", "cancel_reason", "breached_at"])
        record.record(CANCELLED, by=by.user, case_id=fresh.case_id, subject_id=fresh.id, at=now)
    return fresh


def assign(order_ids: Sequence[int], collector: Membership, *, by: Membership, now: datetime) -> int:
    """Give open orders to a field collector, by one statement. Returns how many were given.

    The case keeps its collector: who calls and who drives may be two people.

    Raises:
        NotAFieldCollector
    """
    if not (collector.is_active and collector.may(Permission.FIELD_VISITS)):
        raise NotAFieldCollector(_("Choose somebody who makes visits."))
    with transaction.atomic():
        given = (
            VisitOrder.objects.filter(id__in=list(order_ids), state=VisitOrder.State.OPEN)
            .exclude(collector=collector)
            .update(collector=collector, assigned_at=now, earlier_collectors=_WITH_THE_ONE_BEFORE)
        )
        if given:
            record.record(
                ASSIGNED, by=by.user, subject_id=collector.id, at=now, count=given, member=str(collector.user)
            )
    return int(given)


def prepare(order: VisitOrder, *, part: str, by: Membership, now: datetime) -> VisitOrder:
    """Tick one part of the preparation of the day of takeover (S003-09).

    Raises:
        OrderIsClosed; KeyError: no such part.
    """
    if part not in PARTS:
        raise KeyError(part)
    column = f"{part}_checked_at"
    with transaction.atomic():
        fresh: VisitOrder = VisitOrder.objects.select_for_update(no_key=True).get(id=order.id)
        if fresh.state != VisitOrder.State.OPEN:
            raise OrderIsClosed(_("This trip was already made or cancelled."))
        if getattr(fresh, column) is None:
            setattr(fresh, column, now)
            fresh.prepared_by = by.user
            fresh.save(update_fields=[column, "prepared_by"])
            record.record(PREPARED, by=by.user, case_id=fresh.case_id, subject_id=fresh.id, at=now, part=part)
    return fresh
