"""What the shell of every page shows: who works where, and where they may go."""

from functools import cache
from typing import Any

from django.http import HttpRequest

from agencies.shortcuts import keys_of
from common.panels import nav_items


def shell(request: HttpRequest) -> dict[str, Any]:
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"membership": None, "agency": None, "nav": [], "keys": {}}
    nav = [item for item in nav_items() if membership.may(item.permission) and not membership.may(item.unless)]

    @cache
    def nav_counts() -> dict[str, int]:
        return {item.url_name: item.count(request) for item in nav if item.count is not None}

    return {
        "membership": membership,
        "agency": getattr(request, "agency", None),
        "keys": keys_of(membership.user),
        "nav": nav,
        "nav_counts": nav_counts,
    }
