"""Whose clock and whose law: from residence and contact point to candidate zones and policy packs."""

from functools import lru_cache

import phonenumbers

from jurisdictions.packs import load_packs
from jurisdictions.zones import country_zones, resolve_zone


@lru_cache(maxsize=4096)
def _region_by_prefix(prefix: str) -> str:
    """The only country of a calling code; "" when several share it."""
    for length in (1, 2, 3):
        code = prefix[:length]
        if code.isdigit() and (regions := phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code))):
            return regions[0] if len(regions) == 1 and regions[0] != "001" else ""
    return ""


@lru_cache(maxsize=65536)
def _parsed_region(value: str) -> str:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(value)) or ""
    except phonenumbers.NumberParseException:
        return ""


def phone_country(value: str) -> str:
    """Country of an E.164 number, "" when it tells none. The calling code is enough where one country has it."""
    if not value.startswith("+"):
        return ""
    return _region_by_prefix(value[1:4]) or _parsed_region(value)


@lru_cache(maxsize=65536)
def _resolved(declared: str, country: str, region: str, verified: bool, phone: str) -> tuple[str, ...]:
    return resolve_zone(
        declared=declared, country=country, subdivision=region, residence_verified=verified, phone=phone
    ).candidates


def zones_of(*, declared: str, country: str, region: str, residence_verified: bool, phone: str) -> tuple[str, ...]:
    """Candidate zones, all of which must be inside hours; empty when unresolved (which blocks what is bound to hours).

    A number from a country with one clock adds that clock without being taken apart; others are read in full.
    """
    there = _region_by_prefix(phone[1:4]) if phone.startswith("+") else ""
    clocks = country_zones(there) if there else ()
    if phone and len(clocks) != 1:
        return _resolved(declared, country, region, residence_verified, phone)
    candidates = _resolved(declared, country, region, residence_verified, "")
    if candidates == (declared,) or (residence_verified and len(candidates) == 1):
        return candidates
    return tuple(dict.fromkeys([*candidates, *clocks]))


@lru_cache(maxsize=4096)
def pack_of(country: str, region: str = "") -> str:
    """The pack of a place: of its region if there is one (US-MA), else of the country, whether it exists or not."""
    packs = load_packs()
    whole = region if region.startswith(f"{country}-") else f"{country}-{region}"
    if region and whole in packs:
        return whole
    return country


@lru_cache(maxsize=4096)
def jurisdictions_of(law: str, country: str, region: str, there: str) -> tuple[str, ...]:
    """Packs that must all agree: the contract's law, the residence, the country of the number."""
    packs = (law, pack_of(country, region), pack_of(there) if there else "")
    return tuple(dict.fromkeys(pack for pack in packs if pack))
