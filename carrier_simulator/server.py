"""The simulator as a server: sockets and threads around the answers."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from carrier_simulator import api, calling, control, messaging, page, webhooks
from carrier_simulator.behaviour import RuleBook
from carrier_simulator.carrier import Accounts, Carrier
from carrier_simulator.settings import Settings
from carrier_simulator.store import Store
from carrier_simulator.web import Answer, Request, json_answer

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024
IDLE_SECONDS = 120
STOP_PATIENCE = 3.0

_PAGES: dict[tuple[str, str], Callable[[Carrier, Request], Answer]] = {
    ("GET", "/"): page.show,
    ("GET", "/style.css"): page.style,
    ("POST", "/reply"): page.reply,
    ("GET", "/healthz"): control.healthz,
}


def answer(carrier: Carrier, request: Request) -> Answer:
    """The answer to any request; a fault of the simulator's own is a 500 and a trace in the log."""
    try:
        if request.path.startswith(api.PREFIX):
            return api.answer(carrier, request)
        if request.path.startswith(control.PREFIX):
            return control.answer(carrier, request)
        handle = _PAGES.get(("GET" if request.method == "HEAD" else request.method, request.path))
        return handle(carrier, request) if handle else json_answer({"error": "There is nothing here."}, status=404)
    except Exception:
        log.exception("The simulator failed on %s %s", request.method, request.path)
        return json_answer({"error": "The simulator failed; see its log."}, status=500)


class _Handler(BaseHTTPRequestHandler):
    """One connection, kept open between requests."""

    protocol_version = "HTTP/1.1"
    server_version = "carrier-simulator"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = IDLE_SECONDS
    server: _Server

    def _serve(self) -> None:
        body = self._body()
        if body is None:
            return
        request = Request(
            method=self.command,
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        with self.server.at_work():
            found = answer(self.server.carrier, request)
            self.server.carrier.wait(found.latency)
            if found.close:
                self._hang_up()
            else:
                self._send(found)

    do_GET = do_HEAD = do_POST = do_DELETE = do_PUT = do_PATCH = _serve

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)

    def _body(self) -> bytes | None:
        """The whole body; None when it was refused, and said so."""
        if self.headers.get("Transfer-Encoding"):
            self._refuse(411, "A Content-Length is required.")
            return None
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit():
            self._refuse(400, "The Content-Length is not a number.")
            return None
        if int(length) > LARGEST_BODY:
            self._refuse(413, f"A body may have {LARGEST_BODY} bytes.")
            return None
        return self.rfile.read(int(length))

    def _refuse(self, status: int, reason: str) -> None:
        self.close_connection = True
        self._send(json_answer({"error": reason}, status=status))

    def _send(self, found: Answer) -> None:
        self.send_response(found.status)
        for name, value in found.headers.items():
            self.send_header(name, value)
        self.send_header("Twilio-Request-Id", "RQ" + uuid.uuid4().hex)
        if found.status != 204:
            self.send_header("Content-Type", found.content_type)
            self.send_header("Content-Length", str(len(found.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and found.status != 204:
            self.wfile.write(found.body)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    """Knows its connections, so that a stop ends them all, and how many requests are at work."""

    daemon_threads = True
    request_queue_size = 256
    carrier: Carrier

    def __init__(self, address: tuple[str, int]) -> None:
        self._connections: set[socket.socket] = set()
        self._counting = threading.Condition()
        self._at_work = 0
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without asking a name server who we are."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "localhost", self.server_address[1]

    @contextlib.contextmanager
    def at_work(self) -> Any:
        with self._counting:
            self._at_work += 1
        try:
            yield
        finally:
            with self._counting:
                self._at_work -= 1
                self._counting.notify_all()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._counting:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._counting:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("A connection from %s broke", client_address, exc_info=True)

    def close_connections(self, *, patience: float) -> None:
        """Let the requests at work be answered, for at most `patience` seconds, then close every connection."""
        deadline = time.monotonic() + patience
        with self._counting:
            while self._at_work and (left := deadline - time.monotonic()) > 0:
                self._counting.wait(left)
            connections = list(self._connections)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Simulator:
    """The carrier, ready to start. Port 0 takes a free one; `url` says which. Usable as a context manager.

    `state` is a SQLite file that survives a restart; without it everything is kept in memory. `accounts` maps account
    SIDs to their tokens; `callback_secret` signs all webhooks instead of the account's token.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        state: str = "",
        accounts: dict[str, str] | None = None,
        callback_secret: str = "",
        settings: Settings | None = None,
        seed: int = 1,
    ) -> None:
        known = (
            Accounts(callback_secret=callback_secret)
            if accounts is None
            else Accounts(tokens=dict(accounts), callback_secret=callback_secret)
        )
        self._address = (host, port)
        self.carrier = Carrier(
            store=Store(state), settings=settings or Settings(), accounts=known, rules=RuleBook(seed=seed)
        )
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        if self._server is None:
            raise RuntimeError("The simulator has not been started.")
        host = self._address[0]
        shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - a comparison, not a binding
        return f"http://{shown}:{self._server.server_port}"

    def start(self) -> Self:
        """Take up what an earlier run left, and serve."""
        self._server = _Server(self._address)
        self._server.carrier = self.carrier
        self.carrier.when_answered = lambda sid, body: messaging.follow_answer(self.carrier, sid, body)
        self.carrier.start()
        webhooks.resume(self.carrier)
        messaging.resume(self.carrier)
        calling.resume(self.carrier)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="carrier-server", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Take no more requests, answer those at work, let webhooks at hand end, keep the rest in the state file."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(STOP_PATIENCE)
        self.carrier.stopping.set()
        self._server.close_connections(patience=STOP_PATIENCE)
        self.carrier.stop(patience=STOP_PATIENCE)
        self._server = self._thread = None

    def wait_until_quiet(self, timeout: float = 10.0) -> bool:
        """True once no callback, call or message is under way."""
        return self.carrier.wait_until_quiet(timeout)

    def reset(self) -> None:
        """Forget everything and go back to the first settings."""
        self.carrier.reset()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
