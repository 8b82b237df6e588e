"""Read settings from the environment, typed, and remember which names were asked for.

Every reader takes the name and a default. A setting without a default must be present, or starting the program
fails with a sentence that names it. `NAME_FILE` may hold the path of a file with the value instead (container secrets);
it is read when `NAME` itself is absent.

`asked()` lists every name read so far, in order, which lets a test keep `.env.example` in step with the settings.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

_asked: dict[str, str] = {}


class _Required:
    """Marks a setting that has no default."""


REQUIRED: Final = _Required()

TRUE_WORDS: Final = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS: Final = frozenset({"0", "false", "no", "off", ""})


class SettingMissing(RuntimeError):
    """A setting that has no default is absent from the environment."""


class SettingUnreadable(ValueError):
    """A setting is present, and cannot be read as what it should be."""


def asked() -> dict[str, str]:
    """Every name read so far, with the kind of value it holds (`text`, `flag`, `integer`, `decimal`, `csv`, `url`)."""
    return dict(_asked)


def _raw(name: str, kind: str) -> str | None:
    _asked[name] = kind
    value = os.environ.get(name)
    if value is not None:
        return value.strip()
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return None


def _missing(name: str) -> SettingMissing:
    return SettingMissing(f"The setting {name} is required: give it in the environment (see .env.example).")


def present(name: str, kind: str = "text") -> bool:
    """Whether the setting is there and not empty."""
    return bool(_raw(name, kind))


def text(name: str, default: str | _Required = REQUIRED) -> str:
    """A setting as it stands, without blanks around it."""
    value = _raw(name, "text")
    if value is not None:
        return value
    if isinstance(default, _Required):
        raise _missing(name)
    return default


def flag(name: str, default: bool | _Required = REQUIRED) -> bool:
    """Yes or no: 1/0, true/false, yes/no, on/off."""
    value = _raw(name, "flag")
    if value is None:
        if isinstance(default, _Required):
            raise _missing(name)
        return default
    word = value.lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise SettingUnreadable(
        f"The setting {name} is {value!r}; it should be one of true, false, yes, no, on, off, 1, 0."
    )


def integer(name: str, default: int | _Required = REQUIRED) -> int:
    """A whole number. An empty value counts as absent."""
    value = _raw(name, "integer")
    if not value:
        if isinstance(default, _Required):
            raise _missing(name)
        return default
    try:
        return int(value)
    except ValueError:
        raise SettingUnreadable(f"The setting {name} is {value!r}; it should be a whole number.") from None


def decimal(name: str, default: float | _Required = REQUIRED) -> float:
    """A number with a fraction (a rate, seconds). An empty value counts as absent."""
    value = _raw(name, "decimal")
    if not value:
        if isinstance(default, _Required):
            raise _missing(name)
        return default
    try:
        return float(value)
    except ValueError:
        raise SettingUnreadable(f"The setting {name} is {value!r}; it should be a number.") from None


def csv(name: str, default: list[str] | tuple[str, ...] | _Required = REQUIRED) -> list[str]:
    """Values separated by commas; blanks around them and empty ones are dropped."""
    value = _raw(name, "csv")
    if value is None:
        if isinstance(default, _Required):
            raise _missing(name)
        return list(default)
    return [part.strip() for part in value.split(",") if part.strip()]


def url(name: str, default: str | _Required = REQUIRED, *, schemes: tuple[str, ...] = ()) -> str:
    """An absolute address. An empty value counts as absent; `schemes` restricts how it may begin."""
    value = _raw(name, "url")
    if not value:
        if isinstance(default, _Required):
            raise _missing(name)
        return default
    scheme = urlsplit(value).scheme
    if not scheme:
        raise SettingUnreadable(f"The setting {name} is not an address: it has no scheme such as https://.")
    if schemes and scheme not in schemes:
        raise SettingUnreadable(f"The setting {name} begins with {scheme}:, it should be one of {', '.join(schemes)}.")
    return value
