"""Whose clock? From what is known of the debtor, the candidate time zones, where they come from, and how sure that is.

Order: what the debtor declared; a verified residence; a geographic fixed line (US, CA, ES); the country of the number
or of an unverified residence, as a set of candidates that must all be inside hours; otherwise unresolved, which blocks
anything bound to hours. The phone library's own zones are never used: it answers Europe/Bucharest for Lithuanian
numbers.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers

from jurisdictions.places import AREA_CODES, PROVINCES, REST_OF_COUNTRY, REST_OF_FIXED_LINES


class ZoneSource(StrEnum):
    """What the candidates rest on."""

    DECLARED = "DECLARED"
    RESIDENCE = "RESIDENCE"
    FIXED_LINE = "FIXED_LINE"
    REGION = "REGION"
    UNRESOLVED = "UNRESOLVED"


class Confidence(StrEnum):
    """HIGH: said or proved, one clock. MEDIUM: likely, or proved but on two clocks. LOW: a country's worth of
    candidates.
    """

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class ZoneResult:
    """`candidates`: IANA names, all of which must be inside hours; empty when unresolved."""

    candidates: tuple[str, ...]
    source: ZoneSource
    confidence: Confidence


UNRESOLVED = ZoneResult((), ZoneSource.UNRESOLVED, Confidence.NONE)

_FIXED = frozenset({phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})
_GEOGRAPHIC = _FIXED | {phonenumbers.PhoneNumberType.MOBILE}


def resolve_zone(
    *,
    declared: str = "",
    country: str = "",
    subdivision: str = "",
    residence_verified: bool = False,
    phone: str = "",
    fixed_line: bool = False,
) -> ZoneResult:
    """The candidate clocks of a debtor.

    Args:
        declared: IANA zone the debtor named; ignored when it does not exist.
        country, subdivision: residence, ISO 3166 (`US`, `NY`); `subdivision` may carry the country (`US-NY`).
        residence_verified: whether somebody proved that residence.
        phone: the number to be called, E.164; anything else is ignored.
        fixed_line: the number is known to be a fixed line. Needed in the US and Canada, where numbers do not tell.
    """
    if declared and declared in _zone_names():
        return ZoneResult((declared,), ZoneSource.DECLARED, Confidence.HIGH)
    if country and residence_verified and (found := _residence(country.upper(), subdivision.upper())):
        sure = Confidence.HIGH if len(found) == 1 else Confidence.MEDIUM
        return ZoneResult(found, ZoneSource.RESIDENCE, sure)
    number = _number(phone)
    if number is not None and (found := _fixed_line(number, fixed_line)):
        both = tuple(dict.fromkeys([*found, *_residence(country.upper(), subdivision.upper())]))
        return ZoneResult(both, ZoneSource.FIXED_LINE, Confidence.MEDIUM if len(both) == 1 else Confidence.LOW)
    homes = _residence(country.upper(), subdivision.upper()) or country_zones(country.upper())
    region = () if number is None else _region(number)
    candidates = tuple(dict.fromkeys([*homes, *region]))
    if not candidates:
        return UNRESOLVED
    return ZoneResult(candidates, ZoneSource.REGION, Confidence.MEDIUM if len(candidates) == 1 else Confidence.LOW)


def country_zones(country: str) -> tuple[str, ...]:
    """The clocks of a country, one for each that ever shows another time than the others in two sample years."""
    return _distinct(_zone_tab().get(country, ()))


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def _zone_tab() -> dict[str, tuple[str, ...]]:
    """Country -> zones, from the table that ships with tzdata."""
    found: dict[str, list[str]] = {}
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    return {country: tuple(zones) for country, zones in found.items()}


@lru_cache(maxsize=512)
def _distinct(zones: tuple[str, ...]) -> tuple[str, ...]:
    """One zone of each group that runs alike, sampled every six hours of 2026 and 2027."""
    if len(zones) < 2:
        return zones
    start = datetime(2026, 1, 1, tzinfo=UTC)
    samples = [start + timedelta(hours=6 * n) for n in range(4 * 730)]
    kept: dict[tuple[timedelta | None, ...], str] = {}
    for zone in zones:
        clock = ZoneInfo(zone)
        kept.setdefault(tuple(clock.utcoffset(at.astimezone(clock)) for at in samples), zone)
    return tuple(kept.values())


def _residence(country: str, subdivision: str) -> tuple[str, ...]:
    """One clock for a country that has one; by province for the others; empty when the province does not tell."""
    whole = country_zones(country)
    if len(whole) < 2:
        return whole
    province = subdivision.removeprefix(f"{country}-")
    if not province:
        return ()
    return PROVINCES.get(country, {}).get(province, REST_OF_COUNTRY.get(country, ()))


@lru_cache(maxsize=4096)
def _number(phone: str) -> phonenumbers.PhoneNumber | None:
    if not phone.startswith("+"):
        return None
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _fixed_line(number: phonenumbers.PhoneNumber, fixed_line: bool) -> tuple[str, ...]:
    country = phonenumbers.region_code_for_number(number) or ""
    kind = phonenumbers.number_type(number)
    known = kind == phonenumbers.PhoneNumberType.FIXED_LINE or (fixed_line and kind in _FIXED)
    if country not in AREA_CODES or not known:
        return ()
    area = phonenumbers.national_significant_number(number)[:3]
    return AREA_CODES[country].get(area, REST_OF_FIXED_LINES.get(country, ()))


def _region(number: phonenumbers.PhoneNumber) -> tuple[str, ...]:
    """All clocks of the number's country; none for toll-free, premium and the like, which tell nothing of a place."""
    if phonenumbers.number_type(number) not in _GEOGRAPHIC:
        return ()
    return country_zones(phonenumbers.region_code_for_number(number) or "")
