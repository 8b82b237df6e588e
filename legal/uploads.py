"""Files that people attach on the legal pages: known kinds, not too large, and what their name says they are."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cases.document_intake import type_of
from common.refusals import NotUnderstood

MOST_BYTES = 25 * 1024 * 1024
KINDS = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text", "p7m": "application/pkcs7-mime",
    "asice": "application/vnd.etsi.asic-e+zip",
}  # fmt: skip
PLAIN = ("application/pdf", "image/jpeg", "image/png")
"""Kinds with first bytes of their own; the others but the envelope are archives."""
ACCEPTED = ",".join(f".{kind}" for kind in KINDS)


class FileNotTaken(NotUnderstood):
    field = "file"


@dataclass(frozen=True)
class Upload:
    filename: str
    mime: str
    content: bytes


def read(file: Any) -> Upload:
    """The attached file.

    Raises:
        FileNotTaken: none, empty, too large, or of a kind that is not kept.
    """
    if file is None or not file.size:
        raise FileNotTaken(_("Choose a file that is not empty."))
    if file.size > MOST_BYTES:
        raise FileNotTaken(_("The file is larger than 25 MB."))
    mime = KINDS.get(str(file.name).rpartition(".")[2].lower())
    content = file.read()
    if mime is None or not _is(mime, content):
        raise FileNotTaken(_("Files of this kind are not kept here. Use PDF, an image, DOCX, ODT or ZIP."))
    return Upload(str(file.name), mime, content)


def _is(mime: str, content: bytes) -> bool:
    """Whether the first bytes are those of the kind; a signature envelope (p7m) has no fixed ones."""
    if mime == "application/pkcs7-mime":
        return type_of(content) is None
    if mime in PLAIN:
        found = type_of(content)
        return found is not None and found[0] == mime
    return content.startswith(b"PK")
