"""Panels and navigation: higher floors hang their part of a page into slots of lower floors, without being imported.

An app registers in its `AppConfig.ready()`; the page that owns the slot renders whatever is registered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True)
class Panel:
    """One part of a composed page.

    `context(request, subject)` returns the template's context, or None when the panel has nothing to say.
    `permission` is a permission code; "" shows it to whoever may see the page. Lower `order` comes first.
    """

    slot: str
    name: str
    template: str
    context: Callable[[HttpRequest, Any], dict[str, Any] | None]
    permission: str = ""
    order: int = 100


@dataclass(frozen=True)
class NavItem:
    """A link of the main navigation, shown to those whose role grants `permission`. `key` = letter after `g`.

    `count(request)` tells how many rows behind the link wait for somebody; it is asked on every page, so it keeps its
    answer for a while. None or 0 shows nothing.
    `unless`: a permission whose holders find the page elsewhere.
    """

    label: str | Promise
    url_name: str
    permission: str
    order: int = 100
    key: str = ""
    icon: str = ""
    count: Callable[[HttpRequest], int] | None = None
    unless: str = ""


_panels: dict[str, dict[str, Panel]] = {}
_nav: dict[str, NavItem] = {}


def register_panel(panel: Panel) -> None:
    _panels.setdefault(panel.slot, {})[panel.name] = panel


def register_nav(item: NavItem) -> None:
    _nav[item.url_name] = item


def panels_for(slot: str) -> list[Panel]:
    return sorted(_panels.get(slot, {}).values(), key=lambda panel: (panel.order, panel.name))


def nav_items() -> list[NavItem]:
    return sorted(_nav.values(), key=lambda item: (item.order, item.url_name))
