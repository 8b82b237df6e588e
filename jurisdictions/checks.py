"""One function per kind of rule: given a rule and the case before it, what is wrong, or None when nothing is.

A check does not know about exemptions, dates in force or other rules; the evaluator does.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jurisdictions.calendars import holiday_name
from jurisdictions.codes import COMMUNICATION_KINDS, VOICE_CHANNELS, Code, Ruling
from jurisdictions.hours import WHOLE_DAY, midnight, opening, preferred, shown
from jurisdictions.intent import Intent
from jurisdictions.model import HolidaySpec, Rule, Windows


class Failure(NamedTuple):
    """A rule that stands against the intent. `until`: when this rule alone would pass (UTC), None when it cannot
    tell.
    """

    code: Code
    verdict: Ruling
    until: datetime | None
    inputs: dict[str, object]


class Dated(NamedTuple):
    """An event on the debtor's calendar."""

    kind: str
    on: date
    debt_id: str | None
    point: str | None


class Situation:
    """An intent at one moment (UTC) on one debtor's clock, with what several rules look up computed once."""

    __slots__ = ("_events", "at", "intent", "local", "today", "zone")

    def __init__(self, intent: Intent, at: datetime, zone: ZoneInfo) -> None:
        self.intent = intent
        self.at = at
        self.zone = zone
        self.local = at.astimezone(zone)
        self.today = self.local.date()
        self._events: list[Dated] | None = None

    @property
    def events(self) -> list[Dated]:
        """The history with days instead of moments."""
        if self._events is None:
            zone = self.zone
            self._events = [
                Dated(e.kind, e.at.astimezone(zone).date(), e.debt_id, e.point) for e in self.intent.history
            ]
        return self._events

    def days_of(self, kinds: frozenset[str] | set[str], per: str) -> list[date]:
        """The days of events of `kinds`.

        `per` debt leaves out those known to be about another debt, `per` point those known to have used another
        number or address.
        """
        found = [e for e in self.events if e.kind in kinds]
        if per == "debt" and self.intent.debt_id is not None:
            found = [e for e in found if e.debt_id in (None, self.intent.debt_id)]
        elif per == "point" and self.intent.point is not None:
            found = [e for e in found if e.point in (None, self.intent.point)]
        return [e.on for e in found]


Check = Callable[[Rule, Situation], Failure | None]


def _fail(rule: Rule, **inputs: object) -> Failure:
    return Failure(rule.code, rule.verdict, None, inputs)


def _debt_state(rule: Rule, s: Situation) -> Failure | None:
    kinds = s.intent.debt_kind
    if rule.when_debt.isdisjoint(kinds):
        return None
    return _fail(rule, debt_kind=tuple(one for one in kinds if one in rule.when_debt))


def _channel_ban(rule: Rule, s: Situation) -> Failure | None:
    return _fail(rule, channel=s.intent.channel)


def _status(rule: Rule, s: Situation) -> Failure | None:
    if not s.intent.statuses or rule.statuses.isdisjoint(s.intent.statuses):
        return None
    return _fail(rule, statuses=tuple(one for one in s.intent.statuses if one in rule.statuses))


def _party(rule: Rule, s: Situation) -> Failure | None:
    party = s.intent.party
    if party in rule.allow:
        return None
    verdict = Ruling.APPROVE if party in rule.approve else rule.verdict
    return Failure(rule.code, verdict, None, {"party": party})


def _place(rule: Rule, s: Situation) -> Failure | None:
    return _fail(rule, place=s.intent.place) if s.intent.place in rule.forbid else None


def _contact_point(rule: Rule, s: Situation) -> Failure | None:
    flags = s.intent.contact_point_flags
    if not flags or rule.bad.isdisjoint(flags):
        return None
    return _fail(rule, contact_point=tuple(one for one in flags if one in rule.bad))


def _consent(rule: Rule, s: Situation) -> Failure | None:
    for consent in s.intent.consents:
        if consent.kind == rule.needs and (consent.at is None or consent.at <= s.at):
            return None
    return _fail(rule, needs=rule.needs)


def _opt_out(rule: Rule, s: Situation) -> Failure | None:
    channel = s.intent.channel
    return _fail(rule, channel=channel) if channel in s.intent.opt_outs else None


def _opt_out_scope(rule: Rule, s: Situation) -> Failure | None:
    left = (*s.intent.opt_outs, *s.intent.opt_outs_elsewhere)
    return _fail(rule, scope=rule.scope, left=left) if not rule.channels.isdisjoint(left) else None


def _notice_before(rule: Rule, s: Situation) -> Failure | None:
    sent = s.intent.notices_sent
    if sent is not None and rule.notice in sent:
        return None
    return _fail(rule, notice=rule.notice, known=sent is not None)


def _notice_due(rule: Rule, s: Situation) -> Failure | None:
    sent = s.intent.notices_sent
    if sent is not None and rule.notice in sent:
        return None
    days = s.days_of(COMMUNICATION_KINDS, "debt")
    if not days:
        return None
    due = min(days) + timedelta(days=rule.within_days)
    return _fail(rule, notice=rule.notice, due_on=due, known=sent is not None) if s.today > due else None


def _standstill(rule: Rule, s: Situation) -> Failure | None:
    days = s.days_of({rule.after}, "debt")
    if not days:
        if rule.if_absent is None:
            return None
        return Failure(rule.code, rule.if_absent, None, {"after": rule.after, "happened": False})
    opens = max(days) + timedelta(days=rule.days + 1)
    if s.today >= opens:
        return None
    inputs: dict[str, object] = {"after": rule.after, "event_on": max(days), "days": rule.days}
    return Failure(rule.code, rule.verdict, midnight(opens, s.zone), inputs)


def _cooldown(rule: Rule, s: Situation) -> Failure | None:
    days = s.days_of({rule.after}, rule.per)
    if not days:
        return None
    opens = max(days) + timedelta(days=rule.days)
    if s.today >= opens:
        return None
    inputs: dict[str, object] = {"after": rule.after, "event_on": max(days), "days": rule.days, "per": rule.per}
    return Failure(rule.code, rule.verdict, midnight(opens, s.zone), inputs)


def _not_first(rule: Rule, s: Situation) -> Failure | None:
    return _fail(rule, channel=s.intent.channel) if "first_contact" in s.intent.flags else None


def _min_dpd(rule: Rule, s: Situation) -> Failure | None:
    dpd = s.intent.dpd
    return None if dpd is not None and dpd >= rule.dpd else _fail(rule, dpd=dpd, min_dpd=rule.dpd)


def _content_required(rule: Rule, s: Situation) -> Failure | None:
    if rule.messages and s.intent.message not in rule.messages:
        return None
    missing = tuple(one for one in rule.elements if one not in s.intent.elements)
    return _fail(rule, message=s.intent.message, missing=missing) if missing else None


def _content_forbidden(rule: Rule, s: Situation) -> Failure | None:
    if not s.intent.elements or (rule.messages and s.intent.message not in rule.messages):
        return None
    found = tuple(one for one in rule.elements if one in s.intent.elements)
    return _fail(rule, message=s.intent.message, found=found) if found else None


def counted_days(rule: Rule, s: Situation) -> list[date]:
    """The days, oldest first, that count against a cap today: today and the `days` - 1 before."""
    first = s.today - timedelta(days=rule.days - 1)
    return sorted(on for on in s.days_of(rule.count, rule.per) if on >= first)


def _cap(rule: Rule, s: Situation) -> Failure | None:
    if not s.intent.history and rule.max:
        return None
    days = counted_days(rule, s)
    over = len(days) - rule.max
    if over < 0:
        return None
    until = midnight(days[over] + timedelta(days=rule.days), s.zone) if rule.max else None
    inputs: dict[str, object] = {"count": len(days), "max": rule.max, "days": rule.days, "per": rule.per}
    return Failure(rule.code, rule.verdict, until, inputs)


def _preference(rule: Rule, s: Situation) -> Failure | None:
    if not s.intent.preferences:
        return None
    schedule = preferred(s.intent.preferences, s.intent.channel)
    if schedule is None:
        return None
    found = opening(schedule, s.at, s.zone, _ring(s.intent))
    if found.closes_at is not None:
        return None
    inputs: dict[str, object] = {"local_time": f"{s.local:%H:%M}", "windows": shown(schedule(s.today))}
    return Failure(rule.code, rule.verdict, found.opens_at, inputs)


def _ring(intent: Intent) -> int:
    return intent.expected_ring if intent.channel in VOICE_CHANNELS else 0


def time_window(rule: Rule, s: Situation, calendar: HolidaySpec | None) -> tuple[Failure | None, datetime | None]:
    """The failure, if shut, and the moment (UTC) the window closes, if open. A holiday the rule names replaces the
    weekday.
    """
    intent = s.intent

    def holiday(on: date) -> str | None:
        if calendar is None or rule.holiday is None:
            return None
        where = intent.subdivision if calendar.subdivided else ""
        return holiday_name(calendar.country, on, where, intent.holiday_overrides)

    def windows(on: date) -> Windows:
        if rule.holiday is not None and holiday(on) is not None:
            return rule.holiday
        day = rule.week[on.weekday()]
        return WHOLE_DAY if day is None else day

    found = opening(windows, s.at, s.zone, _ring(intent))
    if found.closes_at is not None:
        return None, found.closes_at
    name = holiday(s.today)
    today = windows(s.today)
    code = rule.code
    if not today:
        code = Code.TIME_HOLIDAY if name else Code.TIME_DAY_NOT_ALLOWED
    inputs: dict[str, object] = {
        "local_time": f"{s.local:%H:%M}",
        "local_date": s.today,
        "windows": shown(today),
        "holiday": name,
    }
    return Failure(code, rule.verdict, found.opens_at, inputs), None


CHECKS: dict[str, Check] = {
    "debt_state": _debt_state,
    "status": _status,
    "party": _party,
    "place": _place,
    "contact_point": _contact_point,
    "channel_ban": _channel_ban,
    "consent": _consent,
    "opt_out": _opt_out,
    "opt_out_scope": _opt_out_scope,
    "notice_before": _notice_before,
    "notice_due": _notice_due,
    "standstill": _standstill,
    "not_first_channel": _not_first,
    "min_dpd": _min_dpd,
    "content_required": _content_required,
    "content_forbidden": _content_forbidden,
    "preference_window": _preference,
    "cap": _cap,
    "cooldown": _cooldown,
}
"""Every kind but `time_window` (above, it is remembered) and `obligation` (it never fails)."""
