"""Reading a case file as rows of cells, whatever its format; nothing here knows what a column means.

Doors: `detect` says what the file is and where its table begins; `rows` streams (line, cells). A cell is text; `Typed`
text comes from a spreadsheet's or JSON's own number, day or truth value and needs no guessing. What cannot be read
is refused by `FileRefused`, with row and column where they are known.
"""

from portfolios.reading.detection import detect, rows
from portfolios.reading.refusal import FileRefused
from portfolios.reading.table import Cells, Detected, Typed

__all__ = ["Cells", "Detected", "FileRefused", "Typed", "detect", "rows"]
