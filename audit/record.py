"""The only door through which history is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from agencies.models import User
from agencies.scope import current_agency_id
from audit.models import Event


@dataclass(frozen=True)
class Kind:
    """A kind of event: its code, the sentence people read (translated, with placeholders from `data`), and the words
    for codes among the data: placeholder -> choices."""

    code: str
    sentence: Any
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


KINDS: dict[str, Kind] = {}


def kind(code: str, sentence: Any, **words: Iterable[tuple[Any, Any]]) -> str:
    """Declare a kind of event and return its code. `sentence` is a lazy translation with named placeholders.

    `words` gives the choices of placeholders that hold codes: `source=Stage.choices`. Without them a placeholder named
    like a model's field (`stage`, `reason`, `new_stage`) is spoken in the words of that field.
    """
    KINDS[code] = Kind(code, sentence, {name: dict(choices) for name, choices in words.items()})
    return code


def record(
    code: str,
    /,
    *,
    by: User | None = None,
    case_id: int | None = None,
    subject_id: int | None = None,
    at: datetime | None = None,
    **data: Any,
) -> Event:
    """Write one event into the history of the agency in scope, in the transaction of the deed itself.

    Raises:
        KeyError: the kind was never declared.
    """
    KINDS[code]
    event: Event = Event.objects.create(
        kind=code, at=at or timezone.now(), actor=by, case_id=case_id, subject_id=subject_id, data=data
    )
    return event


def record_many(
    code: str,
    rows: Iterable[tuple[int | None, Mapping[str, Any]]],
    *,
    by: User | None = None,
    at: datetime | None = None,
) -> int:
    """Write one event per (case id, data) row with one statement per thousand. Returns how many were written."""
    KINDS[code]
    moment, agency_id = at or timezone.now(), current_agency_id()
    events = [
        Event(agency_id=agency_id, kind=code, at=moment, actor=by, case_id=case_id, data=dict(data))
        for case_id, data in rows
    ]
    return len(Event.objects.bulk_create(events, batch_size=1000))


INSERT_SQL = "INSERT INTO audit_event (agency_id, kind, at, actor_id, case_id, subject_id, data, request_id)"
"""For one statement that changes a set of rows and writes their history: follow it with a SELECT of eight columns."""
