"""Case files that a creditor lays into a folder, for example over SFTP: taken like an upload, in a member's name.

Below `DROP_DIR` each portfolio that takes dropped files has a folder `<agency>/portfolio-<number>`. A file is taken
once it has not changed for a while, so that none is read half written; it then lies in `taken/`, or in `refused/`
beside a text that says why. A file that was stored but not yet moved when the worker died is recognised by its bytes.
"""

import os
import shutil
import stat
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import translation

from agencies.scope import agency_scope
from common.refusals import Refused
from portfolios import receiving
from portfolios.models import Portfolio

QUIET = timedelta(seconds=30)
"""A file that changed more recently may still be on its way."""
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload")
TAKEN, REFUSED = "taken", "refused"
MOST_AT_ONCE = 50


@dataclass
class Taken:
    """What one look at the folders did: numbers of case files, and names of files that were refused."""

    case_files: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def place_of(portfolio: Portfolio) -> str:
    """Where below `DROP_DIR` this portfolio's files are to be laid; "" when the installation has no such folder."""
    return f"{portfolio.agency.slug}/portfolio-{portfolio.id}" if settings.DROP_DIR else ""


def take_dropped(agency_id: int, *, now: datetime) -> Taken:
    """Look into the folders of one agency. Each file is received in a transaction of its own."""
    done = Taken()
    with agency_scope(agency_id):
        wanted = Portfolio.objects.exclude(drops_by=None).filter(closed_on=None, drops_by__is_active=True)
        portfolios = list(wanted.select_related("agency", "drops_by__user").order_by("id"))
    for portfolio in portfolios:
        folder = Path(settings.DROP_DIR) / place_of(portfolio)
        for name in (TAKEN, REFUSED):
            (folder / name).mkdir(parents=True, exist_ok=True, mode=0o770)
        for path in sorted(folder.iterdir())[:MOST_AT_ONCE]:
            if _is_ready(path, now):
                _take(path, portfolio, done)
    return done


def _is_ready(path: Path, now: datetime) -> bool:
    """Whether it is a file of its own (no link, no folder), has a name to be shown, and has come to rest."""
    if path.name.startswith(".") or path.name.lower().endswith(UNFINISHED):
        return False
    found = path.lstat()
    return stat.S_ISREG(found.st_mode) and found.st_mtime <= (now - QUIET).timestamp()


def _take(path: Path, portfolio: Portfolio, done: Taken) -> None:
    assert portfolio.drops_by is not None
    try:
        with agency_scope(portfolio.agency_id):
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(handle, "rb") as content:
                case_file, _is_new = receiving.receive(
                    portfolio, content=content, filename=path.name, by=portfolio.drops_by, via="DROP"
                )
    except Refused as refusal:
        with translation.override(portfolio.agency.language):
            why = refusal.sentence
        moved = _move(path, REFUSED)
        moved.with_name(f"{moved.name}.txt").write_text(f"{why}\n", encoding="utf-8")
        done.refused.append(path.name)
        return
    _move(path, TAKEN, f"{case_file.id}-")
    done.case_files.append(case_file.id)


def _move(path: Path, into: str, prefix: str = "") -> Path:
    """Move a file one folder down under a name that is free there."""
    folder, name = path.parent / into, f"{prefix}{path.name}"
    target, turn = folder / name, 1
    while target.exists():
        turn += 1
        target = folder / f"{turn}-{name}"
    shutil.move(path, target)
    return target
