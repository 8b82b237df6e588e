"""What people choose for themselves: language, looks, keys, and in which of their agencies they work."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import Membership, User
from common.refusals import Refused


class NotYourAgency(Refused):
    """People switch only to an agency in which they have an active place."""

    status = 404


def change_preferences(user: User, *, full_name: str, language: str, theme: str, density: str) -> User:
    user.full_name, user.language, user.theme, user.density = full_name, language, theme, density
    user.save(update_fields=["full_name", "language", "theme", "density"])
    return user


def change_shortcuts(user: User, *, chosen: dict[str, Any]) -> User:
    user.shortcuts = chosen
    user.save(update_fields=["shortcuts"])
    return user


def place_in(places: Iterable[Membership], membership_id: int) -> Membership:
    """Return the one of a person's active places to switch to.

    Raises:
        NotYourAgency
    """
    for place in places:
        if place.pk == membership_id:
            return place
    raise NotYourAgency(_("You have no place in this agency."))
