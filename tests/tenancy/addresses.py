"""Every address of the product, read from the resolver: new ones are found by themselves."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

_LIST = re.compile(r"[a-z-]+(?:\|[a-z-]+)*")
FREE_WORDS = {"key": "go"}
"""Arguments that are a word of the page itself, not an id: a line of a forecast."""
_ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
WORDS = {"campaign_verb:verb": "pause", "template_verb:verb": "retire", "outbox_verb:verb": "again", "str:key": "GO"}
"""Arguments that are words of ours, not ids of rows, by converter and name."""


@dataclass(frozen=True)
class Address:
    """`route` as it is written in urls.py, for example "cases/<int:case_id>/"."""

    route: str
    name: str
    view: Callable[..., Any]
    words: dict[str, str] = field(default_factory=dict)
    """Arguments that are one word of a closed list, each with a word that fits."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of what is no word: ids, mostly."""
        return tuple(name for _converter, name in _ARGUMENT.findall(self.route) if name not in self.words)

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
        return "/" + _ARGUMENT.sub(lambda found: str((values | self.words)[found.group(2)]), self.route)

    def __str__(self) -> str:
        return self.name or self.route


def _value(converter: str, name: str, values: dict[str, Any]) -> str:
    word = WORDS.get(f"{converter}:{name}")
    return str(values[name]) if word is None else word


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif ".<drf_format_suffix:" not in route and "<drf_format_suffix" not in route:
            yield Address(route, pattern.name or "", pattern.callback, _words(pattern))


def _words(pattern: URLPattern) -> dict[str, str]:
    converters = getattr(pattern.pattern, "converters", {})
    lists = {name: str(converter.regex) for name, converter in converters.items()}
    return {name: regex.split("|")[0] for name, regex in lists.items() if _LIST.fullmatch(regex)} | {
        name: word for name, word in FREE_WORDS.items() if name in converters
    }
