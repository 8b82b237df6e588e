"""The clock's part of cases: each task calls one domain function."""

from celery import shared_task
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope, agency_task
from cases import roll


@shared_task(name="cases.tasks.roll_due_agencies", queue="default")
def roll_due_agencies() -> int:
    """Wake the roll of every agency whose night has come and was not rolled. Two schedulers at once do it once."""
    now, woken = timezone.now(), 0
    for agency in Agency.objects.order_by("id"):
        with agency_scope(agency.id):
            day = roll.day_to_roll(agency, now)
        if day is not None:
            roll_agency.delay(agency.id, day.isoformat())
            woken += 1
    return woken


@agency_task(queue="default")
def roll_agency(agency_id: int, day: str) -> dict[str, int]:
    return roll.roll_once(day=day, now=timezone.now())
