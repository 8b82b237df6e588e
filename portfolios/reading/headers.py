"""Where the table begins: batch labels above the header are set aside, a file without a header is told."""

import re
from collections import Counter

from django.utils.translation import gettext as _

from portfolios.reading.refusal import FileRefused
from portfolios.reading.table import Cells, Typed, is_blank

LOOK_AT = 30
_VALUE = re.compile(r"[-+]?[\d\s.,'/:-]*\d[\d\s.,'/:-]*%?")


def find_header(head: list[tuple[int, Cells]]) -> tuple[int, Cells, str]:
    """Return (line of the header, or 0 for none; its cells; the label that stood above it).

    The header is the first row that is nearly as wide as the table and holds words only.
    """
    filled = [(line, cells) for line, cells in head if not is_blank(cells)][:LOOK_AT]
    if not filled:
        raise FileRefused(_("The file holds no rows."), reason="empty")
    widths = Counter(_filled(cells) for _line, cells in filled)
    usual = max(widths, key=lambda width: (widths[width], width))
    if usual < 2 and max(widths) >= 2:
        usual = max(widths)
    above: list[str] = []
    for line, cells in filled:
        if _filled(cells) >= max(usual * 0.6, min(usual, 2)):
            if _is_words(cells):
                return line, cells, " ".join(above)[:200]
            return 0, [], " ".join(above)[:200]
        above += [cell.strip() for cell in cells if cell.strip()]
    return 0, [], ""


def _filled(cells: Cells) -> int:
    return sum(1 for cell in cells if cell and not cell.isspace())


def _is_words(cells: Cells) -> bool:
    """No cell is a number, a day or an amount: those belong to data."""
    return not any(isinstance(cell, Typed) or _VALUE.fullmatch(cell.strip()) for cell in cells if cell.strip())
