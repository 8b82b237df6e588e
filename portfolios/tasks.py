"""Background work on case files. Each chunk opens a scope of its own, so what was done is seen and kept."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope
from portfolios import checking, dropping, inspecting
from portfolios.models import CaseFile


@shared_task(name="portfolios.tasks.check_case_file", queue="files")
def check_case_file(agency_id: int, case_file_id: int) -> None:
    """Read a received file, then check its rows."""
    with agency_scope(agency_id):
        case_file = CaseFile.objects.select_for_update(of=("self",)).select_related("portfolio__mandate", "agency")
        received = case_file.filter(id=case_file_id, state=CaseFile.State.RECEIVED).first()
        if received is not None:
            inspecting.inspect(received, now=timezone.now())
    checking.check(agency_id, case_file_id, now=timezone.now())


@shared_task(name="portfolios.tasks.take_dropped_files", queue="files")
def take_dropped_files() -> int:
    """Every minute: take what creditors laid into their folders. Returns how many files were taken."""
    if not settings.DROP_DIR:
        return 0
    taken = 0
    for agency in Agency.objects.order_by("id"):
        taken += len(dropping.take_dropped(agency.id, now=timezone.now()).case_files)
    return taken
