"""The contact meter: how much of each limit is used, and whether the debtor's hours are open now."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from jurisdictions.intent import Intent
from jurisdictions.verdict import Verdict


@dataclass(frozen=True)
class Bar:
    """One limit: `used` of `limit` in the last `days` days."""

    used: int
    limit: int
    days: int
    cite: str

    @property
    def full(self) -> bool:
        return self.used >= self.limit


@dataclass(frozen=True)
class Meter:
    """Limits of one channel and the debtor's clock. `open_until` and `opens_at` are moments in UTC."""

    channel: str
    bars: tuple[Bar, ...]
    zone: str
    local_time: datetime | None
    open_until: datetime | None
    opens_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.opens_at is None

    @property
    def closes_local(self) -> datetime | None:
        return self.open_until.astimezone(ZoneInfo(self.zone)) if self.open_until and self.zone else None

    @property
    def opens_local(self) -> datetime | None:
        return self.opens_at.astimezone(ZoneInfo(self.zone)) if self.opens_at and self.zone else None


def meter_of(verdict: Verdict, intent: Intent) -> Meter:
    """Read a full verdict; of several limits over the same number of days the tightest is shown."""
    tightest: dict[int, Bar] = {}
    for finding in verdict.findings:
        inputs = finding.inputs
        if "max" not in inputs or "count" not in inputs:
            continue
        bar = Bar(int(str(inputs["count"])), int(str(inputs["max"])), int(str(inputs["days"])), finding.cite)
        known = tightest.get(bar.days)
        if known is None or bar.limit - bar.used < known.limit - known.used:
            tightest[bar.days] = bar
    shut = [f.until for f in verdict.findings if f.phase == 7 and str(f.outcome) == "fail" and f.until is not None]
    return Meter(
        channel=intent.channel.upper(),
        bars=tuple(tightest[days] for days in sorted(tightest)),
        zone=verdict.zone,
        local_time=verdict.local_time,
        open_until=verdict.open_until,
        opens_at=max(shut, default=None),
    )
