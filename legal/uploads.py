"""Files that people attach on the legal pages: known kinds, not too large, given back only as downloads."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.documents import content_of
from cases.models import Document
from common.refusals import NotUnderstood

MOST_BYTES = 25 * 1024 * 1024
KINDS = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text", "p7m": "application/pkcs7-mime",
    "asice": "application/vnd.etsi.asic-e+zip",
}  # fmt: skip
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
    if mime is None:
        raise FileNotTaken(_("Files of this kind are not kept here. Use PDF, an image, DOCX, ODT or ZIP."))
    return Upload(str(file.name), mime, file.read())


def download(document: Document) -> HttpResponse:
    """The document as it was kept, as a download and nothing a browser would run."""
    response = HttpResponse(content_of(document), content_type=document.mime)
    response["Content-Disposition"] = f'attachment; filename="{document.filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
