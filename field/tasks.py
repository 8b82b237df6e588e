"""The clock's part of the field floor."""

from celery import shared_task
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope
from cases.next_actions import local_day
from field import experts, orders


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
