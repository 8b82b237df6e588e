"""Receiving a case file: stored once by its hash, below the agency's own folder, then handed to checking."""

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from celery import signature
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership
from audit import record
from common.refusals import NotUnderstood
from portfolios.models import CaseFile, Portfolio

FILE_RECEIVED = record.kind(
    "case_file.received", _("Case file %(case_file_id)s was received for portfolio %(portfolio)s.")
)
CHECK_TASK = "portfolios.tasks.check_case_file"
CHUNK = 1 << 20


class FileTooLarge(NotUnderstood):
    """More bytes than a case file may have."""

    field = "file"
    status = 413


class FileEmpty(NotUnderstood):
    field = "file"


def receive(
    portfolio: Portfolio, *, content: IO[bytes] | Iterator[bytes], filename: str, by: Membership, via: str = "WEB"
) -> tuple[CaseFile, bool]:
    """Store an uploaded file and ask for its check. Returns (case file, whether it is new).

    The same bytes for the same portfolio give the first case file again and change nothing.

    Raises:
        FileTooLarge, FileEmpty
    """
    with transaction.atomic():
        case_file, is_new = register(portfolio, content=content, filename=filename, by=by, via=via)
        if is_new:
            begin(case_file)
    return case_file, is_new


def register(
    portfolio: Portfolio, *, content: IO[bytes] | Iterator[bytes], filename: str, by: Membership, via: str = "WEB"
) -> tuple[CaseFile, bool]:
    """Store an uploaded file and leave it RECEIVED. Raises as `receive` does."""
    folder = folder_of(portfolio.agency_id)
    held, digest, size = _store(content, folder)
    try:
        with transaction.atomic():
            case_file, is_new = _registered(portfolio, digest, size, safe_name(filename), by, via)
            if is_new:
                held.replace(folder / digest)
                record.record(
                    FILE_RECEIVED, by=by.user, subject_id=case_file.id, case_file_id=case_file.id,
                    portfolio=portfolio.name, size=size, via=via,
                )  # fmt: skip
    finally:
        held.unlink(missing_ok=True)
    return case_file, is_new


def begin(case_file: CaseFile) -> None:
    """Ask for the check once the transaction is committed."""
    task = signature(CHECK_TASK, args=[case_file.agency_id, case_file.id], queue="files")
    transaction.on_commit(task.apply_async)


def folder_of(agency_id: int) -> Path:
    folder = Path(settings.MEDIA_ROOT) / str(int(agency_id)) / "case-files"
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    return folder


def path_of(case_file: CaseFile) -> Path:
    """Where the stored bytes are. The name on disk is the hash, never what the sender called it."""
    return Path(settings.MEDIA_ROOT) / str(case_file.agency_id) / "case-files" / Path(case_file.path).name


def safe_name(filename: str) -> str:
    """The sender's name of the file for display: no folders, no control characters, at most 200 characters."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C").strip()
    return name[-200:] or "file"


def _store(content: IO[bytes] | Iterator[bytes], folder: Path) -> tuple[Path, str, int]:
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=folder, prefix=".incoming-")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            for chunk in _chunks(content):
                size += len(chunk)
                if size > settings.CASE_FILE_MAX_BYTES:
                    most = settings.CASE_FILE_MAX_BYTES // (1024 * 1024)
                    raise FileTooLarge(str(_("A case file may have up to %(most)s MB.") % {"most": most}))
                digest.update(chunk)
                target.write(chunk)
        if size == 0:
            raise FileEmpty(str(_("The file is empty.")))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, digest.hexdigest(), size


def _chunks(content: IO[bytes] | Iterator[bytes]) -> Iterator[bytes]:
    if hasattr(content, "read"):
        while chunk := content.read(CHUNK):
            yield chunk
    else:
        yield from content


def _registered(
    portfolio: Portfolio, digest: str, size: int, filename: str, by: Membership, via: str
) -> tuple[CaseFile, bool]:
    same = CaseFile.objects.filter(portfolio=portfolio, sha256=digest).exclude(state=CaseFile.State.REFUSED)
    if found := same.first():
        return found, False
    try:
        with transaction.atomic():
            return CaseFile.objects.create(
                creditor_id=portfolio.creditor_id, portfolio=portfolio, filename=filename, sha256=digest, size=size,
                path=digest, uploaded_by=by.user, via=via,
            ), True  # fmt: skip
    except IntegrityError:
        return same.get(), False
