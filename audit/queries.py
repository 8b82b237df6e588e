"""Reading history, newest first, page by page."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agencies.models import User
from audit.models import Event
from audit.sentences import sentence_of


@dataclass(frozen=True)
class Entry:
    """One event as people read it. `actor` is None for what the system did by itself."""

    id: int
    at: datetime
    kind: str
    actor: User | None
    case_id: int | None
    subject_id: int | None
    data: dict[str, Any]
    sentence: str


@dataclass(frozen=True)
class Filters:
    """What the history page is narrowed to; `day` is a day in `zone`."""

    kind: str = ""
    actor_id: int | None = None
    case_id: int | None = None
    day: date | None = None
    zone: str = "UTC"


def _entries(events: Iterable[Event]) -> list[Entry]:
    return [
        Entry(
            id=event.id, at=event.at, kind=event.kind, actor=event.actor, case_id=event.case_id,
            subject_id=event.subject_id, data=event.data, sentence=sentence_of(event.kind, event.data),
        )
        for event in events
    ]  # fmt: skip


def timeline(
    case_id: int, *, before: int | None = None, limit: int = 50, kinds: Collection[str] | None = None
) -> list[Entry]:
    """Return what happened to a case, newest first; `before` is the id after which the page before ended."""
    events = Event.objects.filter(case_id=case_id).select_related("actor")
    if before is not None:
        events = events.filter(id__lt=before)
    if kinds:
        events = events.filter(kind__in=kinds)
    return _entries(events.order_by("-id")[:limit])


def history(filters: Filters, *, before: int | None = None, limit: int = 50) -> list[Entry]:
    """Return what happened in the agency in scope, newest first."""
    events = Event.objects.select_related("actor")
    if filters.kind:
        events = events.filter(kind=filters.kind)
    if filters.actor_id is not None:
        events = events.filter(actor_id=filters.actor_id)
    if filters.case_id is not None:
        events = events.filter(case_id=filters.case_id)
    if filters.day is not None:
        start = datetime.combine(filters.day, time.min, tzinfo=ZoneInfo(filters.zone))
        events = events.filter(at__gte=start, at__lt=start + timedelta(days=1))
    if before is not None:
        events = events.filter(id__lt=before)
    return _entries(events.order_by("-id")[:limit])
