"""Delimited text: any delimiter, any encoding, quotes with line breaks inside them."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from portfolios.reading.refusal import FileRefused
from portfolios.reading.table import Cells

DELIMITERS = (",", ";", "\t", "|")
MAX_CELL = 100_000
MAX_COLUMNS = 500


def detect_delimiter(path: Path, encoding: str) -> str:
    """The delimiter that splits the first lines into the most, and the most equally many, cells."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        text = file.read(65_536)
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(text.splitlines(), delimiter=delimiter) if row][:200]
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        points = (width - 1) * (count / len(widths)) ** 2
        if points > best_score:
            best, best_score = delimiter, points
    return best


def csv_rows(path: Path, *, encoding: str, delimiter: str) -> Iterator[tuple[int, Cells]]:
    """Stream (number of the line a row begins on, cells).

    Raises:
        FileRefused: bytes that are not of the encoding, a quote that never ends, a cell or row beyond all measure.
    """
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        line = 1
        try:
            for cells in reader:
                if len(cells) > MAX_COLUMNS:
                    raise FileRefused(
                        _("Row %(row)s has more than %(most)s cells.") % {"row": line, "most": MAX_COLUMNS},
                        reason="too_wide", row=line, column=MAX_COLUMNS + 1,
                    )  # fmt: skip
                yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            raise _broken(error, line) from error
        except UnicodeDecodeError as error:
            raise FileRefused(
                _("From row %(row)s on, the text is not %(encoding)s.") % {"row": line, "encoding": encoding},
                reason="wrong_encoding", row=line,
            ) from error  # fmt: skip


def _broken(error: csv.Error, line: int) -> FileRefused:
    words = str(error)
    if "end of data" in words:
        sentence = _("The quote that opens in row %(row)s never closes: the file is cut off or damaged.") % {
            "row": line
        }
        return FileRefused(sentence, reason="truncated", row=line)
    if "field larger" in words:
        sentence = _("A cell of row %(row)s is longer than %(most)s characters.") % {"row": line, "most": MAX_CELL}
        return FileRefused(sentence, reason="cell_too_long", row=line)
    sentence = _("Row %(row)s cannot be read: text follows a closing quote.") % {"row": line}
    return FileRefused(sentence, reason="broken_quotes", row=line)


def is_cut_off(path: Path, encoding: str) -> bool:
    """Whether the last line has no line break; together with missing cells it tells a truncated file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - 4, 0))
        tail = file.read()
    return not codecs.decode(tail[-2:] if encoding == "utf-16" else tail[-1:], encoding, "replace").endswith(
        ("\n", "\r")
    )
