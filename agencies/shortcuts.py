"""The keys of the desk: actions with their usual key, and the keys a person put in their place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.models import User

AFTER = [("next", _("Open the next case")), ("stay", _("Stay on the case")), ("list", _("Go back to the list"))]
RESERVED = frozenset("/?g")
"""Keys of every page: search, help, go to."""


@dataclass(frozen=True)
class Action:
    code: str
    label: Any
    key: str


_actions: dict[str, Action] = {}


def register_action(action: Action) -> None:
    """An app names an action of its pages in `AppConfig.ready()`; templates take its key from `{{ keys.<code> }}`."""
    _actions[action.code] = action


def actions() -> list[Action]:
    return list(_actions.values())


def keys_of(user: Any) -> Mapping[str, str]:
    """Return action code -> key for one person."""
    own = user.shortcuts.get("keys", {}) if isinstance(user, User) else {}
    return {code: own.get(code, action.key) for code, action in _actions.items()}


def clash(keys: Mapping[str, str]) -> str:
    """Return the first key that is reserved or stands for two actions; "" when there is none."""
    seen: set[str] = set()
    for key in keys.values():
        if key in RESERVED or key in seen:
            return key
        seen.add(key)
    return ""
