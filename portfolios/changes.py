"""What differs between two understood rows of one contract."""

from typing import Any

Changes = dict[str, list[str] | None]

_OPEN = ("currency", "total")
"""Members whose values may be shown: money and days. Of persons only the fact is told."""


def changes_of(old: dict[str, Any], new: dict[str, Any]) -> Changes:
    """{path: [old, new]}, or {path: None} where the values are personal data."""
    found: Changes = {}
    for name in _OPEN:
        if old.get(name) != new.get(name):
            found[name] = [str(old.get(name, "")), str(new.get(name, ""))]
    for group in ("amounts", "facts"):
        before, after = old.get(group, {}), new.get(group, {})
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                found[f"{group}.{name}"] = [str(before.get(name, "")), str(after.get(name, ""))]
    if _first_day(old) != _first_day(new):
        found["due_on"] = [_first_day(old), _first_day(new)]
    elif old.get("dues") != new.get("dues") and "total" not in found:
        found["dues"] = None
    if old.get("persons") != new.get("persons"):
        found["persons"] = None
    if old.get("extra") != new.get("extra"):
        found["extra"] = None
    return found


def _first_day(values: dict[str, Any]) -> str:
    dues = values.get("dues") or []
    return str(dues[0][0]) if dues else ""
