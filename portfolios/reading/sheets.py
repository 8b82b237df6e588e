"""Spreadsheets: XLSX, XLS and ODS, through calamine."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from portfolios.reading.refusal import FileRefused
from portfolios.reading.table import Cells, Typed, is_blank


def open_book(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as error:
        raise FileRefused(_("The spreadsheet is cut off or damaged."), reason="truncated") from error


def sheets_with_rows(path: Path) -> tuple[list[str], list[str]]:
    """Names of the sheets that hold a table, and of the empty ones. A table has two rows that are not blank."""
    book = open_book(path)
    full: list[str] = []
    empty: list[str] = []
    for name in book.sheet_names:
        filled = 0
        for _line, cells in _rows_of(book, name):
            filled += not is_blank(cells)
            if filled > 1:
                break
        (full if filled > 1 else empty).append(name)
    return full, empty


def sheet_rows(path: Path, sheet: str) -> Iterator[tuple[int, Cells]]:
    """Stream (row number of the sheet, cells)."""
    yield from _rows_of(open_book(path), sheet)


def _rows_of(book: CalamineWorkbook, name: str) -> Iterator[tuple[int, Cells]]:
    try:
        sheet = book.get_sheet_by_name(name)
    except (CalamineError, ValueError) as error:
        raise FileRefused(_("The sheet “%(sheet)s” cannot be read.") % {"sheet": name}, reason="truncated") from error
    first_row, first_column = sheet.start or (0, 0)
    for offset, row in enumerate(sheet.iter_rows()):
        yield first_row + offset + 1, [""] * first_column + [text_of(value) for value in row]


def text_of(value: Any) -> str:
    """A cell's value as text; numbers and days as `Typed` text that needs no guessing."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return Typed("true" if value else "false")
    if isinstance(value, int):
        return Typed(value)
    if isinstance(value, float):
        return Typed(int(value)) if value.is_integer() and abs(value) < 1e15 else Typed(f"{Decimal(repr(value)):f}")
    if isinstance(value, datetime):
        return Typed(value.date().isoformat())
    if isinstance(value, date):
        return Typed(value.isoformat())
    if isinstance(value, time | timedelta):
        return str(value)
    return "" if value is None else str(value)
