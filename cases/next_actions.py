"""What is to be done next on a case and when: the queue's order of urgency and the agency's day, in one place."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agencies.models import Agency
from cases.models import Case, NextAction

PRIORITY: dict[str, int] = {
    NextAction.RECALL: 10,
    NextAction.PROMISE_BROKEN: 20,
    NextAction.ENFORCE: 22,
    NextAction.CHECK_PAYMENT: 25,
    NextAction.PROMISE_DUE: 30,
    NextAction.RESTRUCTURE: 35,
    NextAction.CALL: 45,
    NextAction.NEW: 50,
    NextAction.FOLLOW_UP: 60,
    NextAction.SKIP_TRACE: 70,
    NextAction.FRAUD_REVIEW: 70,
}
"""0 is worked first. What was agreed with the debtor comes before what we want of them."""

MORNING = time(8)


def local_day(agency: Agency, now: datetime) -> date:
    return now.astimezone(ZoneInfo(agency.time_zone)).date()


def morning_of(agency: Agency, day: date) -> datetime:
    """The moment at which the agency's work of `day` begins."""
    return datetime.combine(day, MORNING, tzinfo=ZoneInfo(agency.time_zone))


def in_days(agency: Agency, now: datetime, days: int) -> datetime:
    """Now for 0 days, else the morning of the day so many days ahead."""
    return now if days == 0 else morning_of(agency, local_day(agency, now) + timedelta(days=days))


def plan(case: Case, action: str, at: datetime) -> list[str]:
    """Set what is next on the object; returns the columns to save."""
    case.next_action, case.next_action_at, case.priority = NextAction(action), at, PRIORITY[action]
    return ["next_action", "next_action_at", "priority"]
