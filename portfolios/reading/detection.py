"""What a file is, and its rows: the format's reader chosen once, remembered in `Detected`."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from portfolios.reading import json_rows, kinds
from portfolios.reading.csv_rows import csv_rows, detect_delimiter, is_cut_off
from portfolios.reading.encodings import detect_encoding
from portfolios.reading.headers import LOOK_AT, find_header
from portfolios.reading.refusal import FileRefused
from portfolios.reading.sheets import sheet_rows, sheets_with_rows
from portfolios.reading.table import Cells, Detected, is_blank, named_header

LOOK_FOR_WIDTH = 1000


def detect(path: Path, **chosen: Any) -> Detected:
    """Say what the file is. `chosen` overrides what would be detected: encoding, delimiter, sheet, model.

    Raises:
        FileRefused: the file cannot be read as a table.
    """
    chosen = {key: value for key, value in chosen.items() if value}
    kind = kinds.kind_of(path)
    if kind in (kinds.JSON, kinds.JSON_LINES):
        return _detect_json(path, kind, chosen)
    if kind in kinds.SHEETS:
        found = _detect_sheet(path, kind, chosen)
    else:
        encoding, others = (chosen["encoding"], []) if "encoding" in chosen else detect_encoding(path)
        delimiter = chosen.get("delimiter") or detect_delimiter(path, encoding)
        found = Detected(format=kind, encoding=encoding, encodings=others, delimiter=delimiter)
    return _with_header(path, found)


def rows(path: Path, detected: Detected) -> Iterator[tuple[int, Cells]]:
    """Stream (line, cells) of the data rows; blank rows are left out. Rows may be shorter or longer than the header."""
    if detected.format == kinds.JSON_LINES:
        yield from json_rows.table_of(json_rows.json_lines(path), detected.header)
        return
    if detected.format == kinds.JSON:
        records = json_rows.records_of_array(path)
        yield from json_rows.table_of(json_rows.array_rows(records, detected.model), detected.header)
        return
    width = len(detected.header)
    for line, cells in _lines(path, detected):
        if line <= detected.header_row or is_blank(cells):
            continue
        if len(cells) > width and is_blank(cells[width:]):
            cells = cells[:width]
        yield line, cells


def _lines(path: Path, detected: Detected) -> Iterator[tuple[int, Cells]]:
    if detected.format == kinds.CSV:
        return csv_rows(path, encoding=detected.encoding, delimiter=detected.delimiter)
    return sheet_rows(path, detected.sheet)


def _with_header(path: Path, found: Detected) -> Detected:
    head = list(islice(_lines(path, found), LOOK_FOR_WIDTH))
    line, cells, label = find_header(head[: LOOK_AT * 2])
    below = [row for number, row in head if number > line and not is_blank(row)]
    if not below:
        raise FileRefused(_("The file has a header and no rows."), reason="empty", row=line or 1)
    width = max(len(cells), *(_used_width(row) for row in below)) if line else max(map(_used_width, below))
    header, unnamed = named_header(cells, width)
    used = {position for row in below for position, cell in enumerate(row) if cell.strip()}
    while header and unnamed and unnamed[-1] == len(header) - 1 and unnamed[-1] not in used:
        header.pop()
        unnamed.pop()
    hints = [{"code": "batch_label", "text": label}] if label else []
    hints += [{"code": "no_header"}] if not line else []
    if found.format == kinds.CSV and is_cut_off(path, found.encoding):
        hints.append({"code": "no_final_line_break"})
    return replace(found, header_row=line, header=header, unnamed=unnamed, label=label, hints=[*found.hints, *hints])


def _used_width(cells: Cells) -> int:
    return next((n for n in range(len(cells), 0, -1) if cells[n - 1].strip()), 0)


def _detect_sheet(path: Path, kind: str, chosen: dict[str, Any]) -> Detected:
    full, empty = sheets_with_rows(path)
    if not full:
        raise FileRefused(_("No sheet of the file holds a table."), reason="empty")
    sheet = chosen.get("sheet") or full[0]
    if sheet not in full:
        raise FileRefused(_("There is no table in a sheet “%(sheet)s”.") % {"sheet": sheet}, reason="no_such_sheet")
    hints = [{"code": "empty_sheets", "text": ", ".join(empty)}] if empty else []
    if len(full) > 1:
        hints.append({"code": "more_sheets", "text": ", ".join(name for name in full if name != sheet)})
    return Detected(format=kind, sheet=sheet, sheets=full, hints=hints)


def _detect_json(path: Path, kind: str, chosen: dict[str, Any]) -> Detected:
    if kind == kinds.JSON_LINES:
        header = json_rows.header_of(json_rows.json_lines(path), LOOK_FOR_WIDTH)
        return Detected(format=kind, encoding="utf-8", header_row=0, header=header)
    records = json_rows.records_of_array(path)
    models = json_rows.models_of(records) if json_rows.is_fixture(records) else {}
    model = chosen.get("model") or next(iter(models), "")
    header = json_rows.header_of(json_rows.array_rows(records, model), len(records))
    if not header:
        raise FileRefused(_("The file holds no rows."), reason="empty")
    return Detected(format=kind, encoding="utf-8", header_row=0, header=header, model=model, models=models)
