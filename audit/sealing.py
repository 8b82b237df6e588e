"""Seals over history: a chain of SHA-256 per agency, so that an altered, missing or smuggled event is found.

A seal covers the events of a span of transactions that have all ended. Ids would not do: a transaction may take id 5,
another take and commit id 6, and a seal up to 6 would miss 5. What `pg_snapshot_xmin` has passed can no longer change.

After a restore into another cluster transaction numbers begin anew. Then everything older is closed with one last
seal, and the next seals look only at ids after it (`Seal.after_id`).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from django.db import connection, transaction

from agencies.scope import current_agency_id
from audit.models import Seal

FOREVER = 2**62

_EVENTS_SQL = """
SELECT count(*), min(id), max(id), sha256(coalesce(string_agg(sha256(convert_to(jsonb_build_array(
    id, kind, extract(epoch FROM at), actor_id, case_id, subject_id, data, request_id, xact
)::text, 'UTF8')), ''::bytea ORDER BY id), ''::bytea))
FROM audit_event
WHERE agency_id = %s AND xact >= %s AND xact < %s AND id > %s AND id <= %s
"""


class Flaw(StrEnum):
    ALTERED = "ALTERED"
    MISSING = "MISSING"
    ADDED = "ADDED"
    CHAIN_BROKEN = "CHAIN_BROKEN"


@dataclass(frozen=True)
class Finding:
    """Seal `seal_id` over the events `from_id`..`to_id` does not hold, and why."""

    seal_id: int
    from_id: int
    to_id: int
    flaw: Flaw


@dataclass(frozen=True)
class _Span:
    events: int
    from_id: int
    to_id: int
    digest: bytes


def _span(agency_id: int, from_xact: int, to_xact: int, after_id: int, until_id: int = FOREVER) -> _Span:
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS_SQL, [agency_id, from_xact, to_xact, after_id, until_id])
        events, from_id, to_id, digest = cursor.fetchone()
    return _Span(events, from_id or 0, to_id or 0, bytes(digest))


def _chained(previous: bytes, from_xact: int, to_xact: int, after_id: int, span: _Span) -> bytes:
    head = f"{from_xact}|{to_xact}|{after_id}|{span.events}|".encode()
    return sha256(previous + head + span.digest).digest()


def _horizon() -> int:
    """Every transaction below this number has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


@transaction.atomic
def seal(*, now: datetime) -> list[Seal]:
    """Seal what is final and not sealed yet in the agency in scope. Returns the seals made: none, one, or two."""
    agency_id = current_agency_id()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit.seal'), %s)", [agency_id % 2**31])
    last = Seal.objects.order_by("-id").first()
    horizon = _horizon()
    made = []
    if last is not None and horizon < last.to_xact:
        closing = _seal(last, last.to_xact, FOREVER, last.after_id, now=now)
        made += [closing] if closing else []
        last = closing or last
        after_id = max(Seal.objects.values_list("to_id", flat=True))
        new = _seal(last, 0, horizon, after_id, now=now)
    else:
        new = _seal(last, last.to_xact if last else 0, horizon, last.after_id if last else 0, now=now)
    return made + ([new] if new else [])


def _seal(last: Seal | None, from_xact: int, to_xact: int, after_id: int, *, now: datetime) -> Seal | None:
    span = _span(current_agency_id(), from_xact, to_xact, after_id)
    if not span.events:
        return None
    seal: Seal = Seal.objects.create(
        from_id=span.from_id, to_id=span.to_id, from_xact=from_xact, to_xact=to_xact, after_id=after_id,
        events=span.events, sealed_at=now,
        digest=_chained(bytes(last.digest) if last else b"", from_xact, to_xact, after_id, span),
    )  # fmt: skip
    return seal


def verify() -> list[Finding]:
    """Check every seal of the agency in scope against the events. An empty list means that history is whole."""
    agency_id = current_agency_id()
    seals = list(Seal.objects.order_by("id"))
    lives = [*sorted({seal.after_id for seal in seals}), FOREVER]
    findings, previous, ended = [], b"", {0: 0}
    for seal in seals:
        until_id = lives[lives.index(seal.after_id) + 1]
        span = _span(agency_id, seal.from_xact, seal.to_xact, seal.after_id, until_id)
        digest = _chained(previous, seal.from_xact, seal.to_xact, seal.after_id, span)
        flaw = _flaw_of(seal, span, digest, continues=ended.get(seal.after_id, 0) == seal.from_xact)
        if flaw is not None:
            findings.append(Finding(seal.id, seal.from_id, seal.to_id, flaw))
        previous, ended[seal.after_id] = bytes(seal.digest), seal.to_xact
    return findings


def _flaw_of(seal: Seal, span: _Span, digest: bytes, *, continues: bool) -> Flaw | None:
    if span.events < seal.events:
        return Flaw.MISSING
    if span.events > seal.events:
        return Flaw.ADDED
    if not continues:
        return Flaw.CHAIN_BROKEN
    return None if digest == bytes(seal.digest) else Flaw.ALTERED
