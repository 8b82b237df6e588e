"""Opening hours on the debtor's clock: is it open, until when, and when next. Pure; moments come in and go out in
UTC.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jurisdictions.intent import Preference
from jurisdictions.model import Windows

HORIZON_DAYS = 92
"""How far ahead a slot is sought; the longest wait in the packs is 31 days."""

WHOLE_DAY: Windows = ((0, 86400),)
_ONE_DAY = timedelta(days=1)

Schedule = Callable[[date], Windows]
"""The windows of one day on the debtor's calendar."""


class Opening(NamedTuple):
    """`closes_at`: when the window now open closes (UTC), None when shut. `opens_at`: when next open, None when
    never.
    """

    closes_at: datetime | None
    opens_at: datetime | None


def midnight(on: date, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) of the day `on` in `zone`."""
    return datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC)


def moment(on: date, second: int, zone: ZoneInfo, fold: int = 0) -> datetime:
    """The moment (UTC) when clocks in `zone` show `second` of the day `on`; 86400 is the next midnight.

    A time skipped by summer time is read on the clock before the change; one that comes twice, at its first
    coming unless `fold` is 1.
    """
    if second >= 86400:
        return midnight(on + _ONE_DAY, zone)
    return datetime(
        on.year, on.month, on.day, second // 3600, second % 3600 // 60, second % 60, tzinfo=zone, fold=fold
    ).astimezone(UTC)


def opening(schedule: Schedule, at: datetime, zone: ZoneInfo, ring: int = 0) -> Opening:
    """Read `schedule` at `at` (UTC). Windows are half-open; `ring` seconds must fit before a window closes within the
    day.
    """
    local = at.astimezone(zone)
    today = local.date()
    second = local.hour * 3600 + local.minute * 60 + local.second
    for opens, closes in schedule(today):
        if opens <= second < closes and (closes == 86400 or second + ring <= closes):
            return Opening(moment(today, closes, zone, local.fold), None)
    day = today
    for _ in range(HORIZON_DAYS):
        for opens, closes in schedule(day):
            if closes - opens < ring or (day == today and opens <= second):
                continue
            found = moment(day, opens, zone)
            if found > at:
                return Opening(None, found)
        day += _ONE_DAY
    return Opening(None, None)


def preferred(preferences: tuple[Preference, ...], channel: str) -> Schedule | None:
    """The debtor's own wishes for `channel` as a schedule, or None when there are none.

    Open in any wanted window (always, if nothing is wanted in particular) and outside every unwanted one.
    """
    bound = [p for p in preferences if not p.channels or channel in p.channels]
    if not bound:
        return None
    any_wanted = any(p.wanted for p in bound)

    def schedule(on: date) -> Windows:
        today = [p for p in bound if not p.weekdays or on.weekday() in p.weekdays]
        open_now = _union([_window(p) for p in today if p.wanted]) if any_wanted else WHOLE_DAY
        for p in today:
            if not p.wanted:
                open_now = _without(open_now, *_window(p))
        return open_now

    return schedule


def _window(preference: Preference) -> tuple[int, int]:
    return _second(preference.opens), _second(preference.closes) or 86400


def _second(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def _union(windows: list[tuple[int, int]]) -> Windows:
    merged: list[tuple[int, int]] = []
    for opens, closes in sorted(windows):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        elif opens < closes:
            merged.append((opens, closes))
    return tuple(merged)


def _without(windows: Windows, start: int, end: int) -> Windows:
    left = [(opens, min(closes, start)) for opens, closes in windows if opens < start]
    right = [(max(opens, end), closes) for opens, closes in windows if closes > end]
    return tuple(sorted({w for w in left + right if w[0] < w[1]}))


def shown(windows: Windows) -> list[str]:
    """Windows as people write them: `["09:00-20:00"]`."""
    return [f"{o // 3600:02}:{o % 3600 // 60:02}-{c // 3600:02}:{c % 3600 // 60:02}" for o, c in windows]
