"""Calls to the customer's web addresses: signed as the vendor signs, retried, and to loopback only."""

from __future__ import annotations

import http.client
import json
import logging
import random
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from carrier_simulator.behaviour import Behaviour
from carrier_simulator.carrier import Carrier
from carrier_simulator.loopback import address_of, refuse_unless_loopback

log = logging.getLogger(__name__)

# How far apart shuffled callbacks are spread, in milliseconds: well beyond the steps of a message.
SHUFFLE_MS = 300
LONGEST_BODY = 256 * 1024


class WebhookFailed(Exception):
    """The customer's address could not be reached or did not answer in time."""


@dataclass(frozen=True)
class WebhookAnswer:
    status: int
    body: bytes

    @property
    def is_fine(self) -> bool:
        return 200 <= self.status < 300


def signature_of(*, key: str, url: str, params: Mapping[str, str]) -> str:
    """The value of X-Twilio-Signature for a POST of `params` to `url`."""
    return str(RequestValidator(key).compute_signature(url, dict(params)))


def fetch(
    carrier: Carrier, *, account_sid: str, url: str, params: Mapping[str, str], method: str = "POST", token: str = ""
) -> WebhookAnswer:
    """One signed request, once. A GET carries the parameters in its query, and the signature covers that query.

    Raises:
        NotLoopback: the address lies outside this machine.
        WebhookFailed: no answer.
    """
    refuse_unless_loopback(url)
    url = url.partition("#")[0]
    if method == "GET":
        url = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(params)}"
        params = {}
    parts = urlsplit(url)
    headers = {
        "Host": parts.netloc.rpartition("@")[2],
        "User-Agent": "carrier-simulator/1",
        "Accept": "*/*",
        "X-Twilio-Signature": signature_of(key=carrier.accounts.signing_key(account_sid), url=url, params=params),
        "I-Twilio-Idempotency-Token": token or str(uuid.uuid4()),
        "Connection": "close",
    }
    body = None
    if method != "GET":
        body = urlencode(params).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    dial = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = dial(address_of(parts.hostname or ""), parts.port, timeout=carrier.settings.callback_timeout_ms / 1000)
    try:
        connection.request(method, target, body=body, headers=headers)
        response = connection.getresponse()
        return WebhookAnswer(status=response.status, body=response.read(LONGEST_BODY))
    except (OSError, http.client.HTTPException) as problem:
        raise WebhookFailed(f"{type(problem).__name__}: {problem}") from problem
    finally:
        connection.close()


def post_later(
    carrier: Carrier,
    *,
    account_sid: str,
    subject_sid: str,
    url: str,
    params: Mapping[str, str],
    behaviour: Behaviour,
    is_last: bool,
    method: str = "POST",
) -> None:
    """Queue one status callback, as late, as often and as disorderly as `behaviour` wants it.

    The row is written before the attempt, so a restart sends what is still pending.
    """
    if not url:
        return
    delay_ms = behaviour.callback_delay_ms
    if delay_ms is None:
        delay_ms = carrier.settings.callback_delay_ms
    lane = subject_sid
    if behaviour.shuffle_callbacks:
        lane = ""
        delay_ms += 0 if is_last else SHUFFLE_MS + random.randrange(SHUFFLE_MS)
    token = str(uuid.uuid4())
    state = "dropped" if behaviour.drop_callbacks else "pending"
    for _copy in range(max(1, behaviour.callback_copies)):
        callback_id = carrier.store.insert(
            "callbacks",
            account_sid=account_sid,
            subject_sid=subject_sid,
            method=method,
            url=url,
            params=json.dumps(dict(params)),
            token=token,
            state=state,
            due_at=time.time() + delay_ms / 1000,
        )
        if state == "pending":
            _schedule(carrier, callback_id, delay_ms / 1000, lane)


def resume(carrier: Carrier) -> None:
    """Send what an earlier run of the simulator still owed."""
    for row in carrier.store.rows("SELECT id, subject_sid, due_at FROM callbacks WHERE state = 'pending' ORDER BY id"):
        _schedule(carrier, row["id"], max(0.0, row["due_at"] - time.time()), row["subject_sid"])


def _schedule(carrier: Carrier, callback_id: int, seconds: float, lane: str) -> None:
    carrier.clockwork.after(seconds, lambda: _attempt(carrier, callback_id), lane=lane)


def _attempt(carrier: Carrier, callback_id: int) -> None:
    rows = carrier.store.rows("SELECT * FROM callbacks WHERE id = ? AND state = 'pending'", [callback_id])
    if not rows:
        return
    row = rows[0]
    attempts, status, error, body = row["attempts"] + 1, None, "", b""
    try:
        answer = fetch(
            carrier,
            account_sid=row["account_sid"],
            url=row["url"],
            params=json.loads(row["params"]),
            method=row["method"],
            token=row["token"],
        )
        status, body = answer.status, answer.body
        state = "delivered" if answer.is_fine else "pending" if answer.status >= 500 else "refused"
    except WebhookFailed as problem:
        state, error = "pending", str(problem)
    if state == "pending" and attempts >= carrier.settings.callback_attempts:
        state = "given-up"
        log.warning("Callback %s to %s was given up after %s attempts", callback_id, row["url"], attempts)
    carrier.store.update(
        "callbacks",
        "id = ?",
        [callback_id],
        state=state,
        attempts=attempts,
        http_status=status,
        error=error,
        ended_at=None if state == "pending" else time.time(),
    )
    if state == "delivered":
        carrier.when_answered(row["subject_sid"], body)
    if state == "pending":
        _schedule(carrier, callback_id, carrier.settings.callback_retry_ms / 1000 * 2 ** (attempts - 1), "")


def as_json(row: dict[str, object]) -> dict[str, object]:
    return row | {"params": json.loads(str(row["params"]))}
