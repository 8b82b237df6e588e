"""What the shell of every page shows: who works where, and where they may go."""

from typing import Any

from django.http import HttpRequest

from agencies.shortcuts import keys_of
from common.panels import nav_items


def shell(request: HttpRequest) -> dict[str, Any]:
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"membership": None, "agency": None, "nav": [], "keys": {}}
    return {
        "membership": membership,
        "agency": getattr(request, "agency", None),
        "keys": keys_of(membership.user),
        "nav": [item for item in nav_items() if membership.may(item.permission)],
    }
