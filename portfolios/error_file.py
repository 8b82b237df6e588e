"""The rows that were not taken, in the creditor's own columns and format, with `_error` beside them."""

import csv
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook

from portfolios.models import CaseFile, CaseFileRow
from portfolios.reading import Cells, Detected, Typed, rows
from portfolios.reading.kinds import CSV, JSON, JSON_LINES
from portfolios.reasons import WARNING, level, sentence
from portfolios.receiving import path_of

NOT_TAKEN = (CaseFileRow.Verdict.ERROR, CaseFileRow.Verdict.INELIGIBLE, CaseFileRow.Verdict.DUPLICATE)
ERROR_COLUMN = "_error"
_NUMBER = re.compile(r"[-+]?[\d.,\s]+")
PAGE = 2000


def write_error_file(case_file: CaseFile) -> tuple[IO[bytes], str, str]:
    """Return (open temporary file, its name for the person, media type). Sentences are in the reader's language."""
    detected = Detected.of_json(case_file.detected)
    source = _with_errors(case_file, detected)
    stem = Path(case_file.filename).stem
    target = tempfile.TemporaryFile()  # noqa: SIM115
    if detected.format == CSV:
        _write_csv(target, detected, source)
        ending, media = "csv", "text/csv"
    elif detected.format in (JSON, JSON_LINES):
        _write_json_lines(target, detected, source)
        ending, media = "jsonl", "application/jsonl"
    else:
        _write_xlsx(target, detected, source)
        ending, media = "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    target.seek(0)
    return target, f"{stem}-errors.{ending}", media


def escaped(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers."""
    if cell and cell[0] in "=+-@\t\r" and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def _with_errors(case_file: CaseFile, detected: Detected) -> Iterator[tuple[Cells, str]]:
    """Rows of the stored file beside what was said against them: both go by line, so they are merged."""
    wrong = _wrong_rows(case_file)
    line, text = next(wrong, (0, ""))
    width = len(detected.header)
    for at, cells in rows(path_of(case_file), detected):
        if line and at == line:
            yield [*cells, *[""] * (width - len(cells))], text
            line, text = next(wrong, (0, ""))
        if not line:
            return


def _wrong_rows(case_file: CaseFile) -> Iterator[tuple[int, str]]:
    after = 0
    while True:
        page = list(
            CaseFileRow.objects.filter(case_file=case_file, verdict__in=NOT_TAKEN, line__gt=after)
            .order_by("line").values_list("line", "reasons")[:PAGE]
        )  # fmt: skip
        for line, reasons in page:
            yield line, " ".join(sentence(reason) for reason in reasons if level(reason) != WARNING)
        if len(page) < PAGE:
            return
        after = page[-1][0]


def _write_csv(target: IO[bytes], detected: Detected, source: Iterator[tuple[Cells, str]]) -> None:
    encoding = detected.encoding

    class Out:
        def write(self, text: str) -> int:
            return target.write(text.encode("utf-8" if encoding == "utf-8-sig" else encoding, errors="replace"))

    if encoding == "utf-8-sig":
        target.write(b"\xef\xbb\xbf")
    writer = csv.writer(Out(), delimiter=detected.delimiter or ",")
    writer.writerow([*map(escaped, _names(detected)), ERROR_COLUMN])
    for cells, text in source:
        writer.writerow([*map(escaped, cells), escaped(text)])


def _write_xlsx(target: IO[bytes], detected: Detected, source: Iterator[tuple[Cells, str]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(detected.sheet[:31] or "1")
    sheet.append([*map(escaped, _names(detected)), ERROR_COLUMN])
    for cells, text in source:
        sheet.append([*(_cell(cell) for cell in cells), escaped(text)])
    book.save(target)


def _cell(cell: str) -> Any:
    if isinstance(cell, Typed):
        try:
            return float(cell)
        except ValueError:
            return str(cell)
    return escaped(str(cell))


def _write_json_lines(target: IO[bytes], detected: Detected, source: Iterator[tuple[Cells, str]]) -> None:
    for cells, text in source:
        record = dict(zip(detected.header, map(str, cells), strict=False)) | {ERROR_COLUMN: text}
        target.write((json.dumps(record, ensure_ascii=False) + "\n").encode())


def _names(detected: Detected) -> list[str]:
    unnamed = set(detected.unnamed)
    return ["" if position in unnamed else name for position, name in enumerate(detected.header)]
