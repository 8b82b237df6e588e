"""Once-keys: a request repeated under the same key is answered again, not done again."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from agencies.scope import current_agency_id
from audit.models import OnceKey
from common.refusals import NotUnderstood, Refused

MAX_KEY = 120


class KeyNotUsable(NotUnderstood):
    """A once-key has 1 to 120 characters."""


class KeyUsedForAnotherRequest(NotUnderstood):
    """The key already stands for a request with another content."""


class FirstRequestStillRuns(Refused):
    """The first request under this key has not been answered yet."""


@dataclass(frozen=True)
class Answer:
    """`body` is JSON-able. `replayed` tells that nothing was done now: this is the first request's answer."""

    status: int
    body: Any
    replayed: bool = False


def digest_of(*parts: bytes | str) -> bytes:
    """Return the digest of a request's content: its path, its body, the hash of its file."""
    total = sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        total.update(len(raw).to_bytes(8, "big") + raw)
    return total.digest()


def once(scope: str, key: str, request_digest: bytes, act: Callable[[], tuple[int, Any]]) -> Answer:
    """Do `act` the first time `key` comes within `scope`, and give its answer again every other time.

    `act` returns (status, JSON-able body) and runs in the same transaction as the key: when it raises, the key is free
    again. Two requests at once: the second waits for the first. `scope` separates callers and addresses, for example
    "case-files:<membership id>".

    Raises:
        KeyNotUsable: empty or too long.
        KeyUsedForAnotherRequest: the same key came with another content (422).
        FirstRequestStillRuns: the first request takes longer than the caller may wait (409).
    """
    if not 0 < len(key) <= MAX_KEY:
        raise KeyNotUsable(_("An idempotency key has 1 to 120 characters."))
    with transaction.atomic():
        row_id = _claim(scope, key, request_digest)
        if row_id is None:
            return _first_answer(scope, key, request_digest)
        status, body = act()
        body = json.loads(json.dumps(body, cls=DjangoJSONEncoder))
        OnceKey.objects.filter(id=row_id).update(status=status, response=body)
        return Answer(status, body)


def _claim(scope: str, key: str, request_digest: bytes) -> int | None:
    """Take the key, or wait until whoever took it has ended; None when it is taken for good."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_oncekey (agency_id, scope, key, request_digest, created_at)"
                " VALUES (%s, %s, %s, %s, now()) ON CONFLICT (agency_id, scope, key) DO NOTHING RETURNING id",
                [current_agency_id(), scope, key, request_digest],
            )
            row = cursor.fetchone()
    except OperationalError as error:
        raise FirstRequestStillRuns(_("The first request under this key is still running.")) from error
    return row[0] if row else None


def _first_answer(scope: str, key: str, request_digest: bytes) -> Answer:
    first = OnceKey.objects.select_for_update().get(scope=scope, key=key)
    if bytes(first.request_digest) != request_digest:
        raise KeyUsedForAnotherRequest(_("This idempotency key was already used for another request."))
    if first.status is None:
        raise FirstRequestStillRuns(_("The first request under this key is still running."))
    return Answer(first.status, first.response, replayed=True)


def forget(*, before: datetime) -> int:
    """Free the keys taken earlier than `before`. Returns how many."""
    return int(OnceKey.objects.filter(created_at__lt=before).delete()[0])
