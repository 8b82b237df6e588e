"""Every address of the product, read from the resolver: new ones are found by themselves."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

_ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """`route` as it is written in urls.py, for example "cases/<int:case_id>/"."""

    route: str
    name: str
    view: Callable[..., Any]

    @property
    def arguments(self) -> tuple[str, ...]:
        return tuple(name for _converter, name in _ARGUMENT.findall(self.route))

    @property
    def module(self) -> str:
        return self.view.__module__

    @property
    def permissions(self) -> set[Any]:
        """The permission of each method; None for a public page; "missing" when nobody thought of it."""
        behind = getattr(self.view, "cls", None) or getattr(self.view, "view_class", None) or self.view
        named = getattr(behind, "permission", "missing")
        if not isinstance(named, property):
            return {named}
        found = set()
        for method in ("GET", "POST"):
            view = behind()
            view.request = SimpleNamespace(method=method)
            found.add(view.permission)
        return found

    @property
    def is_public(self) -> bool:
        return None in self.permissions

    def path(self, values: dict[str, Any]) -> str:
        return "/" + _ARGUMENT.sub(lambda found: str(values[found.group(2)]), self.route)

    def __str__(self) -> str:
        return self.name or self.route


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif ".<drf_format_suffix:" not in route and "<drf_format_suffix" not in route:
            yield Address(route, pattern.name or "", pattern.callback)
