"""The dials of the whole carrier, changed at start or through the control API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from carrier_simulator.behaviour import read_digits
from carrier_simulator.errors import NotUnderstood
from carrier_simulator.loopback import refuse_unless_loopback


@dataclass(frozen=True)
class Settings:
    """Delays are milliseconds. `call_pace` is the part of a call's spoken time that really passes (0: none, 1: all)."""

    latency_ms: int = 0
    step_ms: int = 20
    callback_delay_ms: int = 0
    callback_attempts: int = 6
    callback_retry_ms: int = 250
    callback_timeout_ms: int = 10_000
    index_lag_ms: int = 0
    inbound_url: str = ""
    service_number: str = "+15005550006"
    digits: tuple[str, ...] = ()
    call_pace: float = 0.0
    magic_suffixes: bool = True
    honour_stop: bool = True

    def changed(self, wanted: Mapping[str, object]) -> Settings:
        known = {one.name: one for one in fields(self)}
        changes: dict[str, Any] = {}
        for name, value in wanted.items():
            if name not in known:
                raise NotUnderstood(f"There is no setting {name!r}; there are {', '.join(known)}.")
            changes[name] = _checked(name, value, getattr(self, name))
        return replace(self, **changes)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def _checked(name: str, value: object, current: object) -> object:
    if name == "digits":
        return read_digits(value)
    if isinstance(current, bool):
        if not isinstance(value, bool):
            raise NotUnderstood(f"{name} must be true or false, not {value!r}.")
        return value
    if isinstance(current, int | float):
        whole = isinstance(current, int)
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or value < 0:
            raise NotUnderstood(f"{name} must be a number from 0 up, not {value!r}.")
        return value if whole else float(value)
    if not isinstance(value, str):
        raise NotUnderstood(f"{name} must be a text, not {value!r}.")
    if name == "inbound_url" and value:
        refuse_unless_loopback(value)
    return value
