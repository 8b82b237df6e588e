"""What became of a message that left: from the provider's answer, its callbacks, or its list. Forward only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.scope import current_agency_id
from audit import record
from contacts import templating
from contacts.arrays import numbers, words
from contacts.channels.base import Accepted, FateUnknown, Leaving, NotAccepted, Result
from contacts.facts import NOT_PLACED
from contacts.models import Contact, Message
from debtors import contact_points, statuses
from debtors.models import USABLE, ContactPoint, Debtor, Validity

State = Message.State

SENT = record.kind("message.sent", _("A message left (%(channel)s)"))
FAILED = record.kind("message.failed", _("A message did not arrive (%(channel)s)"))

MOST_TRIES = 8
"""So often a message that was certainly not accepted is tried; then a person decides."""

_WRONG_NUMBER = {"21211": Validity.INVALID, "21614": Validity.INVALID, "30005": Validity.UNDELIVERABLE}
_OPTED_OUT = frozenset({"21610"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One claimed message and what its provider said."""

    leaving: Leaving
    result: Result


def record_outcomes(outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Write what the providers answered, in the agency's scope. A callback that was quicker is not undone."""
    if not outcomes:
        return
    with transaction.atomic():
        _accepted([one for one in outcomes if isinstance(one.result, Accepted)], current_agency_id(), now=now)
        lost = [one.leaving.message_id for one in outcomes if isinstance(one.result, FateUnknown)]
        if lost:
            _unknown(lost, now=now)
        for one in outcomes:
            if isinstance(one.result, NotAccepted):
                _not_accepted(one.leaving, one.result, now=now)


def cost_of(agency: Agency, channel: str, body: str) -> Decimal:
    """What one message costs the agency (S000-25)."""
    if channel == "SMS":
        return agency.sms_cost * templating.segments(body)
    if channel in ("IVM", "CALL"):
        return agency.call_cost
    return agency.letter_cost if channel == "LETTER" else Decimal(0)


def _accepted(outcomes: Sequence[Outcome], agency_id: int, *, now: datetime) -> None:
    """One statement for all of them: the message, what its contact cost, and the history."""
    if not outcomes:
        return
    answers = [(one.leaving, one.result) for one in outcomes if isinstance(one.result, Accepted)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH v AS (
                SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::numeric[]) AS v (id, sid, status, cost)
            ), m AS (
                UPDATE contacts_message m
                   SET provider_sid = CASE WHEN m.provider_sid = '' THEN v.sid ELSE m.provider_sid END,
                       provider_status = CASE WHEN m.provider_status = '' THEN v.status ELSE m.provider_status END,
                       state = CASE WHEN m.state IN ('SENDING', 'UNKNOWN', 'PENDING', 'DECIDE') THEN 'SENT'
                                    ELSE m.state END,
                       sent_at = COALESCE(m.sent_at, %s), cost = v.cost, lease_until = NULL, error_code = ''
                  FROM v
                 WHERE m.agency_id = %s AND m.id = v.id
             RETURNING m.id, m.case_id, m.channel, m.permit_id, m.cost
            ), c AS (
                UPDATE contacts_contact c SET cost = m.cost FROM m
                 WHERE c.agency_id = %s AND c.permit_id = m.permit_id
            )
            {record.INSERT_SQL}
            SELECT %s, %s, %s, NULL, m.case_id, NULL, jsonb_build_object('channel', m.channel, 'message', m.id), ''
              FROM m ORDER BY m.id
            """,  # noqa: S608 (constant text)
            [
                numbers(leaving.message_id for leaving, _result in answers),
                words(result.sid for _leaving, result in answers),
                words(result.status[:20] for _leaving, result in answers),
                words(f"{leaving.cost}" for leaving, _result in answers),
                now,
                agency_id,
                agency_id,
                agency_id,
                SENT,
                now,
            ],
        )


def _unknown(ids: Sequence[int], *, now: datetime) -> None:
    """The provider may have it. `lease_until` now says since when nobody knows."""
    Message.objects.filter(id__in=list(ids), state=State.SENDING).update(state=State.UNKNOWN, lease_until=now)


def _not_accepted(leaving: Leaving, result: NotAccepted, *, now: datetime) -> None:
    message = Message.objects.select_for_update().get(id=leaving.message_id)
    if message.state not in (State.SENDING, State.UNKNOWN) or message.attempts != leaving.attempt:
        return
    take_back(message)
    message.lease_until, message.error_code = None, result.code[:12]
    if result.retry_in is None:
        message.state, message.settled_at = State.FAILED, now
        _learn(message, result.code, now=now)
        record.record(
            FAILED, case_id=message.case_id, subject_id=message.id, at=now, channel=message.channel, code=result.code
        )
    elif message.attempts >= MOST_TRIES:
        message.state = State.DECIDE
    else:
        message.state, message.not_before = State.PENDING, now + timedelta(seconds=result.retry_in)
    message.save(update_fields=["state", "lease_until", "error_code", "settled_at", "not_before"])


def take_back(message: Message) -> None:
    """The provider does not have it: what the gate counted for it counts no more."""
    Contact.objects.filter(permit_id=message.permit_id).update(outcome=NOT_PLACED, cost=0)


def _learn(message: Message, code: str, *, now: datetime) -> None:
    """What a refusal or a failure says about the contact point: a number that is none, a person who opted out."""
    point = ContactPoint.objects.get(id=message.contact_point_id)
    if code in _WRONG_NUMBER and point.validity in USABLE:
        contact_points.invalidate(point, validity=_WRONG_NUMBER[code], by=None, now=now, case_id=message.case_id)
    if code in _OPTED_OUT:
        statuses.opt_out(
            Debtor.objects.get(id=point.debtor_id), channel=message.channel, source="CARRIER", by=None, now=now,
            contact_point=point, case_id=message.case_id,
        )  # fmt: skip


_RANK = {
    State.PENDING: 0, State.REFUSED: 0, State.DECIDE: 0, State.SENDING: 1, State.UNKNOWN: 1, State.SENT: 2,
    State.DELIVERED: 3, State.FAILED: 3,
}  # fmt: skip

STATE_OF_STATUS = {
    "accepted": State.SENT, "queued": State.SENT, "sending": State.SENT, "sent": State.SENT,
    "initiated": State.SENT, "ringing": State.SENT, "in-progress": State.SENT,
    "delivered": State.DELIVERED, "read": State.DELIVERED, "completed": State.DELIVERED,
    "undelivered": State.FAILED, "failed": State.FAILED, "canceled": State.FAILED,
    "busy": State.FAILED, "no-answer": State.FAILED,
}  # fmt: skip
"""The carrier's status of a message or call -> our state."""

_CONTACT_OUTCOME = {
    "delivered": "DELIVERED", "read": "DELIVERED", "undelivered": "UNDELIVERED", "failed": "UNDELIVERED",
    "canceled": "UNDELIVERED", "busy": "BUSY", "no-answer": "NO_ANSWER",
}  # fmt: skip


def advance(message: Message, *, sid: str, status: str, error_code: str = "", now: datetime, **data: Any) -> bool:
    """Move a locked message forward by what the carrier reports; older news changes nothing. Tells whether it moved."""
    state = STATE_OF_STATUS.get(status)
    if message.provider_sid == "":
        message.provider_sid = sid
    if state is None or _RANK[state] <= _RANK[State(message.state)]:
        message.save(update_fields=["provider_sid"])
        return False
    message.state, message.provider_status, message.lease_until = state, status, None
    message.sent_at = message.sent_at or now
    if _RANK[state] == 3:
        message.settled_at = now
    if error_code:
        message.error_code = error_code[:12]
    message.save(
        update_fields=[
            "state",
            "provider_sid",
            "provider_status",
            "lease_until",
            "sent_at",
            "settled_at",
            "error_code",
        ]
    )
    outcome = _CONTACT_OUTCOME.get(status) or ("MACHINE" if data.get("machine") else "ANSWERED")
    if _RANK[state] == 3:
        Contact.objects.filter(permit_id=message.permit_id).exclude(outcome=NOT_PLACED).update(outcome=outcome)
    if state == State.FAILED:
        _learn(message, error_code, now=now)
        record.record(
            FAILED, case_id=message.case_id, subject_id=message.id, at=now, channel=message.channel,
            code=error_code or status,
        )  # fmt: skip
    return True
