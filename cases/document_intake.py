"""Documents brought by people: what they are is read from their first bytes, never from their name."""

from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from agencies.models import Membership
from cases import documents
from cases.models import Case, Document, DocumentKind
from common.refusals import NotUnderstood

MOST_BYTES = 15 * 1024 * 1024
_TYPES = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
)


class DocumentRefused(NotUnderstood):
    """Too large, empty, or neither PDF nor picture."""

    field = "file"


def type_of(content: bytes) -> tuple[str, str] | None:
    """Media type and ending by the first bytes; None for everything that is not taken."""
    for start, mime, ending in _TYPES:
        if content.startswith(start):
            return mime, ending
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", "webp"
    return None


def take(
    case: Case, upload: "UploadedFile[Any]", *, kind: DocumentKind | str, title: str, by: Membership, now: datetime
) -> Document:
    """Keep an uploaded file on the case; its ending becomes that of what it is.

    Raises:
        DocumentRefused
    """
    if not 0 < (upload.size or 0) <= MOST_BYTES:
        raise DocumentRefused(_("The file is empty or larger than 15 MB."))
    content = upload.read()
    found = type_of(content)
    if found is None:
        raise DocumentRefused(_("Only PDF, JPEG, PNG and WebP are kept as documents."))
    mime, ending = found
    stem = PurePath(upload.name or "").stem[:100] or "document"
    return documents.add(
        case, kind=kind, title=title.strip() or str(DocumentKind(kind).label), filename=f"{stem}.{ending}",
        content=content, mime=mime, by=by, now=now,
    )  # fmt: skip
