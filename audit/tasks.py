"""What beat does for history."""

from celery import shared_task
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope
from audit import sealing


@shared_task(name="audit.tasks.seal_all", queue="default")
def seal_all() -> int:
    """Seal the history of every agency, each in its own transaction. Returns how many seals were made."""
    made = 0
    for agency_id in Agency.objects.order_by("id").values_list("id", flat=True):
        with agency_scope(agency_id):
            made += len(sealing.seal(now=timezone.now()))
    return made
