"""Finding out what became of messages of unknown fate: the carrier's own list is asked before one is tried again.

No network call happens inside an agency's scope: rows are read, the carrier is asked, the answer is written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from agencies.scope import agency_scope
from contacts import carrier, outcomes
from contacts.carrier import CarrierUnreachable, Listed
from contacts.models import Message

log = structlog.get_logger(__name__)

State = Message.State

INDEX_LAG = timedelta(minutes=3)
"""A message the carrier has not listed for so long after it was ordered was not accepted."""

MOST_ATTEMPTS = 3
"""So often a text of unknown fate is tried again; then a person decides."""

_EARLY = timedelta(seconds=90)
"""How far the carrier's clock may be behind ours."""

_PER_ROUND = 200


@dataclass(frozen=True, slots=True)
class _Open:
    """A message of unknown fate."""

    id: int
    channel: str
    to: str
    body: str
    ordered_at: datetime
    unknown_since: datetime


@dataclass
class Reconciled:
    """What one round found."""

    found: int = 0
    again: int = 0
    to_decide: int = 0
    still_unknown: int = 0


Lister = Callable[..., Sequence[Listed]]


def expire_leases(*, now: datetime) -> int:
    """Claimed messages whose sender has not answered in time: nobody knows what became of them. In scope."""
    return Message.objects.filter(state=State.SENDING, lease_until__lt=now, channel__in=["SMS", "IVM", "EMAIL"]).update(
        state=State.UNKNOWN, lease_until=now
    )


def reconcile(
    agency_id: int,
    *,
    now: datetime,
    messages: Lister = carrier.listed_messages,
    calls: Lister = carrier.listed_calls,
) -> Reconciled:
    """Look up every message of unknown fate of one agency at the carrier."""
    done = Reconciled()
    with agency_scope(agency_id):
        waiting = _waiting()
    for one in waiting:
        listed: Sequence[Listed] = ()
        if one.channel != "EMAIL":
            try:
                listed = (calls if one.channel == "IVM" else messages)(to=one.to, on=one.ordered_at.date())
            except CarrierUnreachable as problem:
                log.warning("the carrier could not be asked", agency_id=agency_id, problem=str(problem))
                done.still_unknown += 1
                continue
        with agency_scope(agency_id):
            _settle(one, listed, done, now=now)
    return done


def _waiting() -> list[_Open]:
    rows = (
        Message.objects.filter(state=State.UNKNOWN)
        .order_by("lease_until", "id")
        .values_list("id", "channel", "contact_point__value", "body", "permit__granted_at", "lease_until")
    )
    return [_Open(*row) for row in rows[:_PER_ROUND]]


def _settle(one: _Open, listed: Sequence[Listed], done: Reconciled, *, now: datetime) -> None:
    message = Message.objects.select_for_update().filter(id=one.id, state=State.UNKNOWN).first()
    if message is None:
        return
    match = _match(one, listed)
    if match is not None:
        outcomes.advance(message, sid=match.sid, status="sent", now=now)
        outcomes.advance(message, sid=match.sid, status=match.status, error_code=match.error_code, now=now)
        done.found += 1
    elif one.channel in ("IVM", "EMAIL"):
        _decide_or_wait(message, one, done, now=now)
    elif now - one.unknown_since < INDEX_LAG:
        done.still_unknown += 1
    elif message.attempts >= MOST_ATTEMPTS:
        _leave_to_a_person(message, done)
    else:
        outcomes.take_back(message)
        message.state, message.not_before, message.lease_until = State.PENDING, now, None
        message.save(update_fields=["state", "not_before", "lease_until"])
        done.again += 1


def _decide_or_wait(message: Message, one: _Open, done: Reconciled, *, now: datetime) -> None:
    """A voice message of unknown fate is never dialled again by the machine, an e-mail leaves no list to ask."""
    if one.channel == "IVM" and now - one.unknown_since < INDEX_LAG:
        done.still_unknown += 1
        return
    _leave_to_a_person(message, done)


def _leave_to_a_person(message: Message, done: Reconciled) -> None:
    message.state, message.lease_until = State.DECIDE, None
    message.save(update_fields=["state", "lease_until"])
    done.to_decide += 1


def _match(one: _Open, listed: Sequence[Listed]) -> Listed | None:
    """The listed message that is ours: same text, made after the order, and not one of another row of ours."""
    candidates = [
        entry
        for entry in listed
        if entry.created_at >= one.ordered_at - _EARLY and (one.channel == "IVM" or entry.body == one.body)
    ]
    taken = set(
        Message.objects.filter(provider_sid__in=[entry.sid for entry in candidates])
        .exclude(id=one.id)
        .values_list("provider_sid", flat=True)
    )
    return min(
        (entry for entry in candidates if entry.sid not in taken), key=lambda entry: entry.created_at, default=None
    )
