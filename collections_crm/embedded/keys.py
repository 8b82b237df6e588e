"""Passwords and keys of the embedded servers and the demo: made once, kept in a file only its owner can read."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from collections_crm.embedded.places import Place

FILE_NAME: Final = "secrets.env"


def _password() -> str:
    return secrets.token_urlsafe(40)


def read_keys(place: Place) -> dict[str, str]:
    """Every key of the place, by name. Empty when none was made yet."""
    try:
        lines = (place.home / FILE_NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def key(place: Place, name: str, make: Callable[[], str] = _password) -> str:
    """The key `name`; made by `make` and stored the first time. Safe from many processes; do not hold the lock."""
    known = read_keys(place)
    if name in known:
        return known[name]
    with place.locked():
        return locked_key(place, name, make)


def locked_key(place: Place, name: str, make: Callable[[], str] = _password) -> str:
    """As `key`, for a caller who already holds the place's lock."""
    known = read_keys(place)
    if name not in known:
        known[name] = make()
        _write(place.home / FILE_NAME, known)
    return known[name]


def _write(path: Path, values: dict[str, str]) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as target:
        target.write("# Made on first start. Anyone who can read this file can read the data.\n")
        target.writelines(f"{name}={value}\n" for name, value in values.items())
        target.flush()
        os.fsync(target.fileno())
    fresh.replace(path)
