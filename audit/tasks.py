"""What beat does for history."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope
from audit import once, sealing

KEYS_LIVE = timedelta(days=30)
"""So long a request is answered again under its once-key; nobody repeats one later."""


@shared_task(name="audit.tasks.seal_all", queue="default")
def seal_all() -> int:
    """Seal the history of every agency, each in its own transaction. Returns how many seals were made."""
    made = 0
    for agency_id in Agency.objects.order_by("id").values_list("id", flat=True):
        with agency_scope(agency_id):
            made += len(sealing.seal(now=timezone.now()))
    return made


@shared_task(name="audit.tasks.forget_once_keys", queue="default")
def forget_once_keys() -> int:
    """Free the once-keys of every agency that are older than `KEYS_LIVE`. Returns how many."""
    before = timezone.now() - KEYS_LIVE
    freed = 0
    for agency_id in Agency.objects.order_by("id").values_list("id", flat=True):
        with agency_scope(agency_id):
            freed += once.forget(before=before)
    return freed
