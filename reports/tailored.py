"""A creditor's own report: saved by a coordinator, made for each month once, found by the creditor on its own pages."""

from datetime import date, datetime

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from agencies.models import Agency, Membership
from audit import record
from common import kept_files, pdf
from common.refusals import Refused
from reports import catalogue, tables
from reports.models.tailored import CreditorReport, ReportDefinition, ReportForm
from reports.models.targets import Period

SAVED = record.kind("report.tailored_saved", gettext_lazy("The shape of a creditor's report was saved."))
MADE = record.kind("report.tailored_made", gettext_lazy("A creditor's report of the month from %(month)s was made."))

PREVIEW_ROWS = 20
PDF_ROWS = 1000
"""A PDF shows so many rows, and says how many there are; the other forms hold all."""


class MonthNotOver(Refused):
    """A report is made once, of a month that is over."""


class NameTaken(Refused):
    """Another report of the creditor has this name."""

    field = "name"


def save(definition: ReportDefinition, *, by: Membership, now: datetime) -> ReportDefinition:
    """Keep a new shape or a changed one; months that were made stay as they are.

    Raises:
        NameTaken
    """
    same = ReportDefinition.objects.filter(creditor_id=definition.creditor_id, name=definition.name)
    if same.exclude(id=definition.id).exists():
        raise NameTaken(_("The creditor has another report with this name."))
    definition.made_by, definition.made_at = by.user, now
    with transaction.atomic():
        definition.save()
        record.record(SAVED, by=by.user, subject_id=definition.id, at=now)
    return definition


def preview(definition: ReportDefinition, *, month: date, today: date, agency: Agency) -> catalogue.Table:
    """The first rows of a month, in the reader's language; the definition need not be saved."""
    return catalogue.table(
        definition, first=month, last=Period.MONTH.end(month), today=today, zone=agency.time_zone, limit=PREVIEW_ROWS
    )


def make(definition: ReportDefinition, *, month: date, by: Actor, today: date, now: datetime) -> CreditorReport:
    """Make the report of a month that is over and keep its file. Made before, it is given as it was made.

    The row is written with the file's hash in one transaction: whoever is killed on the way leaves nothing but a file
    nobody names, and the next one makes the report.

    Raises:
        MonthNotOver
    """
    if Period.MONTH.end(month) >= today:
        raise MonthNotOver(_("The month is not over yet. A report is made once and does not change afterwards."))
    with transaction.atomic():
        locked: ReportDefinition = ReportDefinition.objects.select_for_update(no_key=True).get(id=definition.id)
        found: CreditorReport | None = CreditorReport.objects.filter(definition=locked, month=month).first()
        if found is not None:
            return found
        content, rows = _content(locked, month, today, now)
        kept = kept_files.keep(
            content, agency_id=locked.agency_id, folder="creditor-reports", suffix=f".{locked.form}"
        )  # fmt: skip
        made: CreditorReport = CreditorReport.objects.create(
            definition=locked, creditor_id=locked.creditor_id, name=locked.name, month=month, form=locked.form,
            rows=rows, path=kept.path, sha256=kept.sha256, size=kept.size, made_by=user_of(by), made_at=now,
        )  # fmt: skip
        record.record(MADE, by=user_of(by), subject_id=made.id, at=now, month=month.isoformat())
    return made


def due(today: date) -> list[tuple[int, date]]:
    """Reports that wait to be made by themselves, as (definition, month): the month before, from their day on."""
    month = Period.MONTH.shift(Period.MONTH.begin(today), -1)
    made = CreditorReport.objects.filter(month=month).values("definition_id")
    waiting = ReportDefinition.objects.filter(is_active=True, day_of_month__lte=today.day).exclude(id__in=made)
    return [(definition_id, month) for definition_id in waiting.order_by("id").values_list("id", flat=True)]


def _content(definition: ReportDefinition, month: date, today: date, now: datetime) -> tuple[bytes, int]:
    """The file in the report's language, and how many rows it has."""
    agency, is_pdf = definition.agency, definition.form == ReportForm.PDF
    last = Period.MONTH.end(month)
    with translation.override(definition.language):
        found = catalogue.table(
            definition, first=month, last=last, today=today, zone=agency.time_zone, limit=PDF_ROWS if is_pdf else None
        )
        if is_pdf:
            context = {
                "definition": definition, "agency": agency, "month": month, "last": last, "made_at": now,
                "columns": found.columns, "total": found.total, "shown": len(found.rows),
                "rows": [list(zip(found.columns, row, strict=True)) for row in found.rows],
            }  # fmt: skip
            content = pdf.document("documents/creditor_report.html", context, language=definition.language).pdf
        elif definition.form == ReportForm.CSV:
            content = tables.as_csv(found.header, found.rows)
        else:
            title = f"{definition.name} {date_format(month, 'Y-m')}"
            content = tables.as_xlsx(found.header, found.rows, title=title)
    return content, found.total
