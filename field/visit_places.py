"""Where an address is, learned by going there: maps, territories with an outline and the order of driving need it."""

from decimal import Decimal

from debtors import contact_points
from field.models import Outcome, Visit

ROUGH_M = 300
"""A phone that knows its place no better than this does not know the house."""


def learn(visit: Visit, latitude: Decimal | None, longitude: Decimal | None, *, accuracy_m: int | None = None) -> None:
    """The address of a visit stands where the phone was, or where the residence was photographed, unless its position
    is known. An address that does not exist has no place, and a visit that is only kept teaches nothing."""
    if latitude is None or longitude is None or visit.outcome == Outcome.WRONG_ADDRESS or visit.kept_because:
        return
    if accuracy_m is not None and accuracy_m > ROUGH_M:
        return
    contact_points.placed(visit.address_id, latitude=latitude, longitude=longitude)
