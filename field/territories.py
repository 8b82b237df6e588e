"""Which territory an address lies in: by postal code, by town, or inside an outline (S002-06)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from audit import record
from common.folding import fold
from debtors.models import ContactPoint
from field.models import Territory

Point = tuple[float, float]

KEPT = record.kind("field.territory_kept", gettext_lazy("Territory %(name)s was changed."))


@dataclass(frozen=True)
class Area:
    """A territory as matching needs it."""

    id: int
    country: str
    prefixes: tuple[str, ...]
    cities: frozenset[str]
    outline: tuple[Point, ...]

    def holds(self, address: ContactPoint) -> int:
        """How well it fits, 0 for not at all: inside the outline beats town, town beats postal code, longer beats
        shorter."""
        if address.country and self.country and address.country != self.country:
            return 0
        if self.outline and address.latitude is not None and address.longitude is not None:
            at = (float(address.latitude), float(address.longitude))
            if inside(at, self.outline):
                return 1000
        if address.city and fold(address.city) in self.cities:
            return 500
        code = address.postal_code.replace(" ", "").upper()
        return max((len(prefix) for prefix in self.prefixes if code.startswith(prefix)), default=0)


def areas() -> list[Area]:
    return [
        Area(
            one.id, one.country, tuple(prefix.replace(" ", "").upper() for prefix in one.postal_prefixes),
            frozenset(one.cities), tuple((float(lat), float(lon)) for lat, lon in one.outline),
        )
        for one in Territory.objects.order_by("id")
    ]  # fmt: skip


def territory_of(address: ContactPoint, known: Sequence[Area]) -> int | None:
    """The id of the best-fitting territory; None when none fits."""
    best = max(known, key=lambda area: area.holds(address), default=None)
    return best.id if best is not None and best.holds(address) else None


def inside(point: Point, outline: Sequence[Point]) -> bool:
    """Whether the point lies in the polygon, by the even-odd rule. Latitude and longitude are taken as a plane, which
    is right for areas of a day's drive."""
    lat, lon = point
    odd = False
    for (lat_a, lon_a), (lat_b, lon_b) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (lat_a > lat) != (lat_b > lat) and lon < (lon_b - lon_a) * (lat - lat_a) / (lat_b - lat_a) + lon_a:
            odd = not odd
    return odd


def keep(territory: Territory, *, by: Membership, now: datetime) -> Territory:
    """Write a new or changed territory."""
    with transaction.atomic():
        territory.save()
        record.record(KEPT, by=by.user, subject_id=territory.id, at=now, name=territory.name)
    return territory


class OutlineNotUnderstood(ValueError):
    """A line of the outline is no pair of latitude and longitude; `line` says which."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def outline_of(lines: Iterable[str]) -> list[list[float]]:
    """Read "47.01, 28.86" per line.

    Raises:
        OutlineNotUnderstood
    """
    points = []
    for number, line in enumerate(lines, start=1):
        text = line.strip().strip("[]();")
        if not text:
            continue
        try:
            lat, lon = (float(part) for part in text.replace(";", ",").split(","))
        except ValueError as error:
            raise OutlineNotUnderstood(number) from error
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise OutlineNotUnderstood(number)
        points.append([round(lat, 5), round(lon, 5)])
    return points
