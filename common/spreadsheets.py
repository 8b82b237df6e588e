"""Cells of exported tables made harmless: a text that a spreadsheet would run as a formula is shown as text."""

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """Prefix a leading = + - @ tab or return with an apostrophe, unless the cell is a plain number."""
    if text.startswith(_DANGEROUS) and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    return text[1:].replace(".", "", 1).replace(",", "", 1).isdigit() and text[0] in "+-"
