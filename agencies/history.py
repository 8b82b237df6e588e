"""What happens to people and settings is history too. Its book lies on the floor above and is hung in here."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from agencies.actors import Actor, user_of

Declare = Callable[..., str]
_kinds: dict[str, tuple[Any, dict[str, Iterable[tuple[Any, Any]]]]] = {}
_book: list[tuple[Declare, Callable[..., Any]]] = []


def kind(code: str, sentence: Any, **words: Iterable[tuple[Any, Any]]) -> str:
    """Declare a kind of event, as `audit.record.kind` does on the floors above."""
    _kinds[code] = (sentence, words)
    for declare, _ in _book:
        declare(code, sentence, **words)
    return code


def keep_in(declare: Declare, record: Callable[..., Any]) -> None:
    """Hang the book in: every kind declared here is declared there, every deed told here is written there."""
    _book[:] = [(declare, record)]
    for code, (sentence, words) in _kinds.items():
        declare(code, sentence, **words)


def tell(code: str, *, by: Actor, subject_id: int | None = None, at: datetime | None = None, **data: Any) -> None:
    """Write one event into the history of the agency in scope, in the transaction of the deed."""
    for _, record in _book:
        record(code, by=user_of(by), subject_id=subject_id, at=at, **data)
