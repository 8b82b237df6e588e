"""What kind of file it is, by its first bytes, never by its name."""

from pathlib import Path

from django.utils.translation import gettext as _

from portfolios.reading.bombs import check_container
from portfolios.reading.refusal import FileRefused

CSV, XLSX, XLS, ODS, JSON, JSON_LINES = "CSV", "XLSX", "XLS", "ODS", "JSON", "JSONL"
SHEETS = (XLSX, XLS, ODS)

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = {
    b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf": "7-Zip", b"Rar!": "RAR", b"\x7fELF": "ELF", b"MZ": "EXE", b"<!DOCTYPE": "HTML",
    b"<html": "HTML", b"<?xml": "XML",
    b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"{\\rtf": "RTF", b"SQLite format 3": "SQLite",
    b"PAR1": "Parquet", b"-----BEGIN": "PEM",
}  # fmt: skip


def kind_of(path: Path) -> str:
    """CSV, XLSX, XLS, ODS, JSON or JSONL.

    Raises:
        FileRefused: empty, of another type, or a container that must not be opened.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b" \t\r\n\xef\xbb\xbf\0"):
        raise FileRefused(_("The file is empty."), reason="empty")
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        return _kind_of_container(path)
    if head.startswith(_OLE):
        return XLS
    for magic, name in _FOREIGN.items():
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(magic):
            raise FileRefused(
                _("This is a %(kind)s file; send CSV, XLSX, XLS, ODS or JSON.") % {"kind": name}, reason="wrong_type"
            )
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"["):
        return JSON
    if text.startswith(b"{"):
        return JSON_LINES
    return CSV


def _kind_of_container(path: Path) -> str:
    names = check_container(path)
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return XLSX
    if "content.xml" in names:
        return ODS
    raise FileRefused(_("This archive is not a spreadsheet; send the file itself."), reason="wrong_type")
