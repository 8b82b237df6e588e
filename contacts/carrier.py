"""The carrier's REST interface through the vendor's client, at the address the settings name."""

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import urllib3
from django.conf import settings
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from contacts.channels.base import Accepted, FateUnknown, NotAccepted, Result

_CONNECTIONS = 64


class _Rewriting(HttpClient):
    """Sends the vendor client's requests to another scheme and host over kept connections; never tries twice."""

    def __init__(self, base_url: str, *, timeout: float) -> None:
        self.timeout = timeout
        self._base = urlsplit(base_url)
        self._pool = urllib3.PoolManager(maxsize=_CONNECTIONS, block=False, retries=False)

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        moved = urlsplit(uri)._replace(scheme=self._base.scheme, netloc=self._base.netloc)
        url = urlunsplit(moved)
        if params:
            url += ("&" if moved.query else "?") + urlencode(_pairs(params))
        sent = dict(headers or {})
        if auth:
            sent["Authorization"] = "Basic " + base64.b64encode(":".join(auth).encode()).decode()
        answer = self._pool.request(
            method,
            url,
            body=urlencode(_pairs(data)) if data else None,
            headers=sent,
            timeout=urllib3.Timeout(connect=min(5.0, self.timeout), read=timeout or self.timeout),
            redirect=False,
        )
        return Response(answer.status, answer.data.decode("utf-8", "replace"), answer.headers)


def _pairs(fields: dict[str, object]) -> list[tuple[str, str]]:
    """Form fields; lists repeat their name, as the vendor reads them."""
    pairs: list[tuple[str, str]] = []
    for name, value in fields.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            if one is not None:
                pairs.append((name, "true" if one is True else "false" if one is False else str(one)))
    return pairs


_clients: dict[tuple[str, str, str], Client] = {}
_making = threading.Lock()


def client() -> Any:
    """The vendor's client for the account in the settings; one per process and address."""
    key = (settings.TWILIO_BASE_URL, settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)
    with _making:
        if key not in _clients:
            http = _Rewriting(key[0], timeout=float(settings.CARRIER_TIMEOUT_SECONDS))
            _clients[key] = Client(key[1], key[2], http_client=http)
        return _clients[key]


_CERTAINLY_NOT_SENT = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)


def attempt(order: Callable[[], Any], *, tries: int) -> Result:
    """Make one call to the carrier and say what became of it.

    A refusal (4xx) and a connection that never stood are certain; a timeout, a reset, a 5xx or a broken answer are not.
    """
    try:
        made = order()
    except TwilioRestException as error:
        if error.status == 429:
            return NotAccepted(str(error.code or 20429), retry_in=min(2.0**tries, 60.0))
        if 400 <= error.status < 500:
            return NotAccepted(str(error.code or error.status))
        return FateUnknown(f"HTTP {error.status}")
    except _CERTAINLY_NOT_SENT as error:
        return NotAccepted(type(error).__name__, retry_in=min(5.0 * 2**tries, 300.0))
    except (urllib3.exceptions.HTTPError, TwilioException, OSError, ValueError, KeyError, TypeError) as error:
        return FateUnknown(type(error).__name__)
    return Accepted(str(made.sid), str(made.status or ""))


@dataclass(frozen=True)
class Listed:
    """One message or call as the carrier lists it."""

    sid: str
    body: str
    status: str
    error_code: str
    created_at: datetime


@contextmanager
def _told_as_unreachable() -> Iterator[None]:
    try:
        yield
    except (urllib3.exceptions.HTTPError, TwilioException, OSError, ValueError, KeyError, TypeError) as error:
        raise CarrierUnreachable(type(error).__name__) from error


class CarrierUnreachable(Exception):
    """The carrier did not answer; nothing was learnt."""


def listed_messages(*, to: str, on: date) -> list[Listed]:
    """Messages to a number that the carrier dates on `on` (UTC) or the day after.

    Raises:
        CarrierUnreachable
    """
    with _told_as_unreachable():
        found = client().messages.list(
            to=to,
            date_sent_after=datetime(on.year, on.month, on.day),
            date_sent_before=datetime(on.year, on.month, on.day) + timedelta(days=2),
            limit=200,
        )
        return [
            Listed(str(one.sid), str(one.body or ""), str(one.status), _code(one.error_code), one.date_created)
            for one in found
            if str(one.direction).startswith("outbound")
        ]


def listed_calls(*, to: str, on: date) -> list[Listed]:
    """Calls to a number that began on `on` (UTC) or the day after.

    Raises:
        CarrierUnreachable
    """
    with _told_as_unreachable():
        found = client().calls.list(
            to=to,
            start_time_after=datetime(on.year, on.month, on.day),
            start_time_before=datetime(on.year, on.month, on.day) + timedelta(days=2),
            limit=200,
        )
        return [Listed(str(one.sid), "", str(one.status), "", one.date_created) for one in found]


def _code(value: Any) -> str:
    return str(value) if value else ""
