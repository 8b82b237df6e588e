"""The clock's part of cases: each task calls one domain function."""

from celery import shared_task
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope, agency_task
from cases import opening, roll, statement_booking
from ledger.models import StatementFile
from portfolios.models import CaseFile
from portfolios.tasks import check_case_file


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


@shared_task(name="cases.tasks.open_case_file", queue="files")
def open_case_file(agency_id: int, case_file_id: int) -> None:
    """Open the cases of a confirmed file; every chunk is a transaction of its own."""
    with agency_scope(agency_id):
        case_file = CaseFile.objects.get(id=case_file_id)
    opening.open_confirmed(case_file, now=timezone.now())


@shared_task(name="cases.tasks.resume_case_files", queue="files")
def resume_case_files() -> int:
    """Go on with files whose worker was lost; a file someone works on is left by the second at its first chunk."""
    resumed = 0
    for agency in Agency.objects.order_by("id"):
        with agency_scope(agency.id):
            waiting = CaseFile.objects.filter(state__in=opening.UNFINISHED).order_by("id").values_list("id", "state")
            found = list(waiting)
        for case_file_id, state in found:
            task = open_case_file if state in opening.TO_OPEN else check_case_file
            task.delay(agency.id, case_file_id)
            resumed += 1
    return resumed


@shared_task(name="cases.tasks.match_statement_file", queue="files")
def match_statement_file(agency_id: int, file_id: int) -> None:
    """Book what needs no asking; every chunk is a transaction of its own."""
    statement_booking.match_file(agency_id, file_id, now=timezone.now())


@shared_task(name="cases.tasks.resume_statement_files", queue="files")
def resume_statement_files() -> int:
    """Go on with bank statements whose worker was lost. A line is booked once, whoever comes to it."""
    resumed = 0
    for agency in Agency.objects.order_by("id"):
        with agency_scope(agency.id):
            waiting = StatementFile.objects.filter(state=StatementFile.State.MATCHING).order_by("id")
            found = list(waiting.values_list("id", flat=True))
        for file_id in found:
            match_statement_file.delay(agency.id, file_id)
            resumed += 1
    return resumed
