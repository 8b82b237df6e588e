"""Numbers beside the links of the navigation; they are asked for on every page, so each is kept for a minute. The page
behind the link forgets it, so that the number agrees with the rows."""

from collections.abc import Callable
from typing import Any, cast

from django.core.cache import cache

from agencies.models import Membership

KEPT_SECONDS = 60
LATE_TRIPS, AFTER_VISITS = "late-trips", "after-visits"


def kept(what: str, member: Membership, count: Callable[[], int]) -> int:
    return int(cast(Any, cache.get_or_set(_key(what, member), count, KEPT_SECONDS)))


def forget(what: str, member: Membership) -> None:
    cache.delete(_key(what, member))


def _key(what: str, member: Membership) -> str:
    return f"field-{what}:{member.agency_id}:{member.id}"
