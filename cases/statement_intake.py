"""Taking a bank statement in: kept at once, matched by a worker when the transaction is committed."""

from datetime import datetime
from functools import partial

from django.db import transaction

from agencies.actors import Actor
from agencies.scope import current_agency_id
from cases.tasks import match_statement_file
from ledger.models import StatementFile
from ledger.statements import keeping


def take_in(content: bytes, *, filename: str, by: Actor, now: datetime, via: str = "WEB") -> tuple[StatementFile, bool]:
    """Keep a file and ask for its matching. Returns it, and whether it is new.

    Raises:
        ledger.statements refusals: not readable, contradictory, of a strange account.
    """
    file, is_new = keeping.keep(content, filename=filename, by=by, now=now, via=via)
    if is_new:
        _ask(file.id)
    return file, is_new


def match_again(file_id: int) -> None:
    """Look once more for cases of a file's open lines."""
    StatementFile.objects.filter(id=file_id).update(state=StatementFile.State.MATCHING)
    _ask(file_id)


def _ask(file_id: int) -> None:
    transaction.on_commit(partial(match_statement_file.delay, current_agency_id(), file_id))
