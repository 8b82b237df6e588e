"""Until when a claim can be brought: terms by country and kind of debt, as data (`legal/data/limitation.yaml`)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).resolve().parent / "data" / "limitation.yaml"
NEAR_DAYS = 90
"""So many days before the last day the alarm begins."""


@dataclass(frozen=True)
class Term:
    """So many years, and the rule that says so."""

    years: int
    source: str


@cache
def _terms() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def term_of(jurisdiction: str, debt_kind: str) -> Term | None:
    """The term for a kind of debt; None where the agency sets the day itself."""
    country = _terms().get(jurisdiction) or _terms().get(jurisdiction.partition("-")[0]) or {}
    found = country[debt_kind] if debt_kind in country else country.get("default")
    return Term(**found) if found else None


def all_terms() -> list[tuple[str, str, int | None]]:
    """(jurisdiction, kind of debt or "default", years or None), those that say more before those that say less."""
    found = [
        (country, kind, term["years"] if term else None)
        for country, terms in _terms().items()
        for kind, term in terms.items()
    ]
    return sorted(found, key=lambda one: ("-" not in one[0], one[0], one[1] == "default"))


def sources() -> list[str]:
    """The rules a counted day names; a day with another source was entered by a person."""
    return [term["source"] for terms in _terms().values() for term in terms.values() if term]


def began_by(until: date) -> date:
    """A term that ends by `until` began on this day or before: the shortest one is counted back."""
    shortest = min(years for _country, _kind, years in all_terms() if years is not None)
    return last_day(until, Term(-shortest, "")) + timedelta(days=1)


def last_day(oldest_due_on: date, term: Term) -> date:
    """The last day of the term that began on the oldest open due day; 29 February ends on 28 February."""
    year = oldest_due_on.year + term.years
    try:
        return oldest_due_on.replace(year=year)
    except ValueError:
        return oldest_due_on.replace(year=year, day=28)


def alarm(limitation_on: date | None, as_of: date) -> str:
    """PASSED, NEAR, FAR, or UNKNOWN when nobody knows the day."""
    if limitation_on is None:
        return "UNKNOWN"
    left = (limitation_on - as_of).days
    return "PASSED" if left < 0 else "NEAR" if left <= NEAR_DAYS else "FAR"
