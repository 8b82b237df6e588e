"""Public holidays and working days by country and subdivision, with the days an agency adds."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import holidays

from jurisdictions.intent import HolidayOverride

_ONE_DAY = timedelta(days=1)


class CalendarMissing(LookupError):
    """The holiday library does not know the country."""


@lru_cache(maxsize=1024)
def _names(country: str, subdivision: str, year: int) -> dict[date, str]:
    try:
        return dict(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        raise CalendarMissing(f"no holiday calendar for {country}") from None


@lru_cache(maxsize=64)
def _subdivisions(country: str) -> frozenset[str]:
    try:
        return frozenset(holidays.list_supported_countries(include_aliases=True)[country])
    except KeyError:
        raise CalendarMissing(f"no holiday calendar for {country}") from None


@lru_cache(maxsize=4096)
def known_subdivision(country: str, subdivision: str) -> str:
    """`subdivision` as the calendar of `country` spells it (`MI` or `IT-MI` for Milan), empty when it is not one of
    them.

    An intent under two countries carries one subdivision: it means nothing to the other country's calendar.
    """
    code = subdivision.removeprefix(f"{country}-")
    return code if code in _subdivisions(country) else ""


def holiday_name(
    country: str, on: date, subdivision: str = "", overrides: Iterable[HolidayOverride] = ()
) -> str | None:
    """The name of the public holiday on `on`, in the country's language, or None.

    Raises:
        CalendarMissing: the country has no calendar.
    """
    for override in overrides:
        if override.on == on and override.country in ("", country):
            return override.name
    return _names(country, known_subdivision(country, subdivision) if subdivision else "", on.year).get(on)


def is_working_day(country: str, on: date, subdivision: str = "", overrides: Iterable[HolidayOverride] = ()) -> bool:
    """Monday to Friday and no public holiday."""
    return on.weekday() < 5 and holiday_name(country, on, subdivision, overrides) is None


def add_working_days(
    start: date, days: int, country: str, subdivision: str = "", overrides: Iterable[HolidayOverride] = ()
) -> date:
    """The day that is `days` working days after `start`, not counting `start` itself; for 0, `start`.

    Raises:
        ValueError: `days` is negative.
    """
    if days < 0:
        raise ValueError("working days are counted forward")
    known = tuple(overrides)
    on = start
    while days:
        on += _ONE_DAY
        days -= is_working_day(country, on, subdivision, known)
    return on
