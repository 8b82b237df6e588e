"""The clock's part of reports: each task calls one domain function. Twice, or after a kill, they do it once."""

from datetime import date

from celery import shared_task
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope, agency_task
from cases.next_actions import local_day
from reports import tailored
from reports.models import ReportDefinition


@shared_task(name="reports.tasks.make_due_reports", queue="files")
def make_due_reports() -> int:
    """Wake every creditor's report whose day has come and whose month was not made."""
    now, woken = timezone.now(), 0
    for agency in Agency.objects.order_by("id"):
        with agency_scope(agency.id):
            waiting = tailored.due(local_day(agency, now))
        for definition_id, month in waiting:
            make_report.delay(agency.id, definition_id, month.isoformat())
            woken += 1
    return woken


@agency_task(queue="files")
def make_report(agency_id: int, definition_id: int, month: str) -> int:
    now = timezone.now()
    definition = ReportDefinition.objects.select_related("agency").get(id=definition_id)
    today = local_day(definition.agency, now)
    made = tailored.make(definition, month=date.fromisoformat(month), by=None, today=today, now=now)
    return int(made.id)
