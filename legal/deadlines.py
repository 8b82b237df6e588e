"""Days of law counted: calendar days, working days, Romania's free days, pauses of the courts, days off at the end."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from jurisdictions.calendars import add_working_days, is_working_day
from jurisdictions.intent import HolidayOverride

_DAY = timedelta(days=1)


def deadline(
    start: date, days: int, *, unit: str, country: str, roll: bool = False, pause: bool = False,
    overrides: Iterable[HolidayOverride] = (),
) -> date:  # fmt: skip
    """The last day of a period that begins with an event on `start`, which is not counted.

    `unit`: "calendar"; "working" for working days of the country; "free" where the last day is not counted either.
    `pause`: days from 1 to 31 August do not count (Italy). `roll`: an end on a day off moves to the next working day.
    """
    known = tuple(overrides)
    if unit == "working":
        return add_working_days(start, days, country, overrides=known)
    left, on = days + (unit == "free"), start
    while left:
        on += _DAY
        left -= not (pause and on.month == 8)
    return _rolled(on, country, known) if roll else on


def deadline_in_months(
    start: date, months: int, *, country: str, roll: bool = False, pause: bool = False,
    overrides: Iterable[HolidayOverride] = (),
) -> date:  # fmt: skip
    """The last day of so many months: the day of that number, or the last one of a shorter month.

    `pause`: what begins in August begins when it is over, and what meets August takes its 31 days longer (Italy).
    """
    begin = start.replace(day=31) if pause and start.month == 8 else start
    year, month = divmod(begin.month - 1 + months, 12)
    year, month = begin.year + year, month + 1
    on = date(year, month, min(begin.day, monthrange(year, month)[1]))
    if pause and any(begin < date(one, 8, 1) <= on for one in range(begin.year, year + 1)):
        on += 31 * _DAY
    return _rolled(on, country, tuple(overrides)) if roll else on


def _rolled(on: date, country: str, known: tuple[HolidayOverride, ...]) -> date:
    while not is_working_day(country, on, overrides=known):
        on += _DAY
    return on
