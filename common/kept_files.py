"""Files that are kept: named by the hash of their content, written once, checked when they are read.

Nothing here knows whose file it is beyond the agency's folder: the table that holds the path does.
"""

import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings


class FileIsNotAsKept(Exception):
    """The content on disk is not what was kept: its hash differs, or it is gone."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a file is (below MEDIA_ROOT), its SHA-256 in hex, its size in bytes."""

    path: str
    sha256: str
    size: int


def keep(content: bytes, *, agency_id: int, folder: str, suffix: str = "") -> Kept:
    """Keep `content` in the agency's folder. The same content twice is one file."""
    digest = sha256(content).hexdigest()
    path = f"{int(agency_id)}/{folder}/{digest[:2]}/{digest}{suffix}"
    target = Path(settings.MEDIA_ROOT) / path
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".coming-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    return Kept(path, digest, len(content))


def read(path: str, digest: str) -> bytes:
    """The content that was kept.

    Raises:
        FileIsNotAsKept
    """
    try:
        content = (Path(settings.MEDIA_ROOT) / path).read_bytes()
    except OSError as error:
        raise FileIsNotAsKept(path) from error
    if sha256(content).hexdigest() != digest:
        raise FileIsNotAsKept(path)
    return content
