"""Days of law counted: calendar days, working days, Romania's free days, pauses of the courts, days off at the end."""

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
    while roll and not is_working_day(country, on, overrides=known):
        on += _DAY
    return on
