"""The clock's part of the field floor."""

from celery import shared_task
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope, agency_task
from cases.next_actions import local_day
from field import experts, final_reports, orders, reporting


@shared_task(name="field.tasks.keep_orders_in_step", queue="default")
def keep_orders_in_step() -> int:
    """Open, cancel and mark late the trips of every agency; mark cases for experts. Returns how many were touched."""
    now, touched = timezone.now(), 0
    for agency in Agency.objects.order_by("id"):
        with agency_scope(agency.id):
            as_of = local_day(agency, now)
            touched += sum(orders.keep_in_step(as_of=as_of, now=now).values())
            touched += sum(experts.mark_due(as_of=as_of, now=now).values())
    return touched


@agency_task(queue="default")
def queue_final_reports(agency_id: int) -> int:
    """Have every final report made that is wanted; a report that is asked for twice is made once."""
    owed = final_reports.owed()
    for case_id in owed:
        make_final_report.delay(agency_id, case_id)
    return len(owed)


@agency_task(queue="default")
def make_final_report(agency_id: int, case_id: int) -> None:
    reporting.make_wanted_report(case_id, now=timezone.now())


@shared_task(name="field.tasks.resume_final_reports", queue="default")
def resume_final_reports() -> int:
    """Go on with final reports whose worker was lost, and renew those to which something was added."""
    resumed = 0
    for agency in Agency.objects.order_by("id"):
        with agency_scope(agency.id):
            owed = bool(final_reports.owed())
        if owed:
            queue_final_reports.delay(agency.id)
            resumed += 1
    return resumed
