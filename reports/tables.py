"""Tables given out as files: CSV for machines and old spreadsheets, XLSX with real numbers and days."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Font

from common.spreadsheets import safe_cell

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
"""Media type by the ending of a file."""


def as_csv(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a mark, so that a spreadsheet reads the letters; no cell runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe_cell(str(title)) for title in header])
    writer.writerows([safe_cell("" if value is None else str(value)) for value in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(header: Sequence[Any], rows: Iterable[Sequence[Any]], *, title: str) -> bytes:
    """One sheet; `title` is cut to what a sheet may be called."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "".join(c for c in title if c not in "[]:*?/\\")[:31] or "1"
    sheet.append([safe_cell(str(each)) for each in header])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_cell(value) for value in row])
    for column in sheet.columns:
        widest = max(len(str(cell.value or "")) for cell in column[:200])
        sheet.column_dimensions[column[0].column_letter].width = min(max(widest + 2, 10), 48)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if value is None or isinstance(value, date | Decimal | int | float):
        return value
    return safe_cell(str(value))


def download(content: bytes, *, name: str, form: str) -> HttpResponse:
    """`content` as a file called `name` with the ending `form`."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(content, TYPES[form], headers=headers)
