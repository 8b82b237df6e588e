"""The question put to the engine: who would be contacted, how, when, about what, and everything known that may forbid
it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time
from typing import Any

from jurisdictions.model import Rule
from jurisdictions.schema import parse_rule

_RESERVED = ("party:", "message:", "consent:", "history:")


def _utc(moment: datetime) -> datetime:
    """The same moment in UTC.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise ValueError(f"the moment {moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: a contact (`codes.EVENT_KINDS`) or a notice (`notice_received`, `first_notice_sent`).

    `at` is kept in UTC. `debt_id` None means that the debt is not known: the event then counts against every debt.
    `point`: which of the debtor's numbers or addresses was used; None, when not known, counts against every one.
    One call that was answered is one `conversation`; one that was not is one `call_attempt`.
    """

    kind: str
    at: datetime
    debt_id: str | None = None
    point: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", _utc(self.at))


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent in force. `at` None: given at an unknown moment, which never satisfies a rule that lets consent
    lapse.
    """

    kind: str
    at: datetime | None = None

    def __post_init__(self) -> None:
        if self.at is not None:
            object.__setattr__(self, "at", _utc(self.at))


@dataclass(frozen=True, slots=True)
class Preference:
    """When the debtor asked to be contacted (`wanted`) or not to be (`wanted=False`), on the debtor's clock.

    Half-open [opens, closes); `closes` 00:00 means the end of the day. `weekdays`: 0 is Monday, empty is every day.
    `channels`: empty is every channel bound to hours.
    """

    opens: time
    closes: time
    wanted: bool = True
    weekdays: tuple[int, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HolidayOverride:
    """A day without contact that the calendar does not know: a local patron-saint day, a bridge day. Adds, never
    removes.

    `country` empty: for every jurisdiction of the intent.
    """

    on: date
    name: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """One contact (or furnishing, suit, sale) somebody or some campaign wants to make.

    `jurisdictions`: pack ids, all of which must agree (residence, phone country, agency home, contract law).
    `zones`: candidate time zones of the debtor, all of which must be inside hours; empty means unresolved.
    `debt_kind`: kinds and states of the debt together (`consumer_credit`, `bank_npl_purchased`, `paid`, `time_barred`).
    `dpd`: days past due, None when unknown. `elements`: what the rendered content holds.
    `notices_sent`: notices already given, None when unknown (then each counts as missing).
    `opt_outs`: channels the debtor left; `opt_outs_elsewhere`: channels left for another kind of message.
    `flags`: `reply_to_debtor`, `legally_required`, `first_contact`, `profile:X`, `purpose:X`.
    `tenant_rules` add or tighten; `loosened` names `practice` rules the agency switched off with an approver's name
    (others stay in force whatever is named here). `licences`: what the agency holds, None when the caller does not
    check. `expected_ring`: seconds a call may ring; it must fit before the window closes (see
    `evaluator.EXPECTED_RING`).

    Raises:
        ValueError: `at` or an event has no time zone, or a flag imitates a party, message, consent or history.
    """

    jurisdictions: tuple[str, ...]
    channel: str
    party: str
    at: datetime
    zones: tuple[str, ...] = ()
    action: str = "contact"
    subdivision: str = ""
    place: str = ""
    point: str | None = None
    debt_id: str | None = None
    debt_kind: tuple[str, ...] = ()
    dpd: int | None = None
    message: str = ""
    elements: tuple[str, ...] = ()
    history: tuple[Event, ...] = ()
    statuses: tuple[str, ...] = ()
    consents: tuple[Consent, ...] = ()
    opt_outs: tuple[str, ...] = ()
    opt_outs_elsewhere: tuple[str, ...] = ()
    contact_point_flags: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    notices_sent: tuple[str, ...] | None = None
    preferences: tuple[Preference, ...] = ()
    tenant_rules: tuple[Rule, ...] = ()
    loosened: tuple[str, ...] = ()
    holiday_overrides: tuple[HolidayOverride, ...] = ()
    licences: tuple[str, ...] | None = None
    expected_ring: int = field(default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", _utc(self.at))
        for flag in self.flags:
            if flag.startswith(_RESERVED):
                raise ValueError(f"the flag {flag!r} imitates another field")

    def to_json(self) -> str:
        """Loss-free: `Intent.from_json(intent.to_json()) == intent`."""
        return json.dumps(_plain(self), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Intent":
        """Read what `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError: the text is not a stored intent.
        """
        raw: dict[str, Any] = json.loads(text)
        known = {f.name for f in fields(cls)}
        if unknown := set(raw) - known:
            raise ValueError(f"not a stored intent: unknown fields {sorted(unknown)}")
        read: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
        read["at"] = datetime.fromisoformat(raw["at"])
        read["history"] = tuple(
            Event(e["kind"], datetime.fromisoformat(e["at"]), e["debt_id"], e.get("point")) for e in raw["history"]
        )
        read["consents"] = tuple(
            Consent(c["kind"], datetime.fromisoformat(c["at"]) if c["at"] else None) for c in raw["consents"]
        )
        read["preferences"] = tuple(
            Preference(
                time.fromisoformat(p["opens"]),
                time.fromisoformat(p["closes"]),
                p["wanted"],
                tuple(p["weekdays"]),
                tuple(p["channels"]),
            )
            for p in raw["preferences"]
        )
        read["holiday_overrides"] = tuple(
            HolidayOverride(date.fromisoformat(h["on"]), h["name"], h["country"]) for h in raw["holiday_overrides"]
        )
        read["tenant_rules"] = tuple(parse_rule(json.loads(r["source"]), r["pack_id"]) for r in raw["tenant_rules"])
        return cls(**read)


def _plain(value: object) -> object:
    if isinstance(value, Rule):
        return {"source": value.source, "pack_id": value.pack_id}
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Event | Consent | Preference | HolidayOverride | Intent):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value


def plain_inputs(inputs: Mapping[str, object]) -> dict[str, object]:
    """A finding's inputs as JSON values."""
    return {name: _plain(value) for name, value in inputs.items()}
