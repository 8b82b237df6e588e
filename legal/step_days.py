"""The days of later steps, counted anew whenever a step is reported, corrected or taken back."""

from datetime import date

from jurisdictions.intent import HolidayOverride
from legal.models import Proceeding, ProceedingStep
from legal.proceeding_rules import Kind
from legal.step_order import done_of


def count_anew(step: ProceedingStep, rules: Kind) -> None:
    """Put the days on the steps that follow `step`, save those that are done or whose day a court set."""
    done = done_of(step) | ({step.code: step.done_on} if step.done_on else {})
    days_off = _days_off(step.proceeding)
    for follower in rules.followers(step.code):
        ProceedingStep.objects.filter(
            proceeding=step.proceeding, code=follower.code, done_on=None, set_by_court=False
        ).update(due_on=rules.due(follower, done, days_off=days_off))  # fmt: skip


def _days_off(proceeding: Proceeding) -> tuple[HolidayOverride, ...]:
    """The days that the agency adds to the calendar of the proceeding's country."""
    agency = proceeding.agency
    added = (agency.contact_profile or {}).get("holidays", {}).get(proceeding.country, ())
    return tuple(HolidayOverride(date.fromisoformat(day), str(agency.name), proceeding.country) for day in added)
