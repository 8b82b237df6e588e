"""A customer of the carrier: the vendor's client pointed at the simulator, and a web server that takes its webhooks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from carrier_simulator.carrier import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN

AGENCY_NUMBER = "+37322123456"


class RewritingHttpClient(TwilioHttpClient):  # type: ignore[misc, unused-ignore]
    """Sends the vendor client's requests to another scheme and host, otherwise unchanged."""

    def __init__(self, base_url: str, **options: Any) -> None:
        super().__init__(**options)
        self._base = urlsplit(base_url)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        moved = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc)
        return super().request(method, urlunsplit(moved), *args, **kwargs)


def client_for(
    base_url: str, *, account_sid: str = DEFAULT_ACCOUNT_SID, token: str = DEFAULT_AUTH_TOKEN, timeout: float = 10
) -> Client:
    return Client(account_sid, token, http_client=RewritingHttpClient(base_url, timeout=timeout))


@dataclass(frozen=True)
class Webhook:
    """One request the carrier made to us."""

    method: str
    url: str
    params: dict[str, str]
    signature: str
    token: str

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def is_signed_with(self, key: str) -> bool:
        covered = self.params if self.method == "POST" else {}
        return bool(RequestValidator(key).validate(self.url, covered, self.signature))


Reply = tuple[int, str]


@dataclass
class CustomerSite:
    """Remembers every webhook; `answers` maps a path to what is answered there, or to a function of the webhook."""

    answers: dict[str, Reply | Callable[[Webhook], Reply]] = field(default_factory=dict)
    webhooks: list[Webhook] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
                status, text = site.take(self.command, self.path, body, dict(self.headers))
                self.send_response(status)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST = _serve

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str) -> str:
        return f"http://localhost:{self._server.server_port}{path}"

    def take(self, method: str, target: str, body: str, headers: Mapping[str, str]) -> Reply:
        url = f"http://{headers['Host']}{target}"
        params = dict(parse_qsl(body if method == "POST" else urlsplit(url).query, keep_blank_values=True))
        webhook = Webhook(
            method, url, params, headers["X-Twilio-Signature"], headers.get("I-Twilio-Idempotency-Token", "")
        )
        with self._lock:
            self.webhooks.append(webhook)
        answer = self.answers.get(webhook.path, (204, ""))
        return answer(webhook) if callable(answer) else answer

    def got(self, path: str) -> list[Webhook]:
        with self._lock:
            return [webhook for webhook in self.webhooks if webhook.path == path]

    def values(self, path: str, name: str) -> list[str]:
        return [webhook.params[name] for webhook in self.got(path)]
