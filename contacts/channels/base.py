"""What every channel is given and what it answers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Leaving:
    """A claimed message with its spent permit: everything the provider needs, and nothing of the database."""

    message_id: int
    agency_id: int
    case_id: int
    contact_point_id: int
    channel: str
    to: str
    sender: str
    subject: str
    body: str
    language: str
    attempt: int
    expires_at: datetime
    cost: Decimal
    """What it costs once it is accepted."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it, under this id."""

    sid: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """The provider certainly does not have it. `retry_in` seconds, or None when trying again is useless."""

    code: str
    retry_in: float | None = None


@dataclass(frozen=True, slots=True)
class FateUnknown:
    """The provider may or may not have it: never tried again before somebody finds out."""

    reason: str


Result = Accepted | NotAccepted | FateUnknown


class Sender(Protocol):
    def __call__(self, leaving: Leaving) -> Result: ...
