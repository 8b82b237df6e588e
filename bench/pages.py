"""The desk's pages through gunicorn and HTTP, signed in, eight browsers at once, at 1M cases.

A hello-world page of the same server is the limit.
"""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from socket import socket
from typing import Any

from django.test import Client

from agencies.middleware import SESSION_KEY
from agencies.models import Membership
from agencies.scope import agency_scope
from bench import Figure
from bench.cases_made import AGENCIES, CASES, House, make, new_house, say
from cases.models import Case

BROWSERS = 8
ROOT = Path(__file__).resolve().parent.parent


def run(scale: float) -> list[Figure]:
    cases = max(int(CASES * scale), 3000)
    houses = [new_house(n) for n in range(AGENCIES)]
    say(f"making {cases:,} cases in {AGENCIES} agencies")
    make(houses, cases, 0)
    return list(_pages(houses[2], {"cases": cases, "agencies": AGENCIES, "browsers": BROWSERS}))


def _pages(house: House, sizes: dict[str, Any]) -> Iterator[Figure]:
    """Through gunicorn and HTTP, signed in, eight browsers at once; hello-world is a page of the same server."""
    with agency_scope(house.agency.id):
        case_id = Case.objects.filter(collector=house.member).order_by("id").values_list("id", flat=True)[0]
    cookie = _cookie(house.member)
    with _server() as port:
        hello, _p95 = _load(port, "/hello/", "", 4.0)
        for work, path in (
            ("desk with its queue", "/desk/"),
            ("case page", f"/cases/{case_id}/"),
            ("case list", "/cases/"),
        ):
            rate, p95 = _load(port, path, cookie, 6.0)
            more = sizes | {"p95 ms": round(p95 * 1000, 1)}
            yield Figure(
                f"{work}, signed in",
                "hello-world view",
                hello,
                rate,
                rate / hello,
                "at least 0.10; p95 60 ms",
                more,
                "/s",
            )


def _cookie(member: Membership) -> str:
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SESSION_KEY] = member.id
    session.save()
    return f"sessionid={session.session_key}"


@contextmanager
def _server() -> Iterator[int]:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4",
               "--keep-alive", "30", "--log-level", "warning", "bench.web:application"]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"LOG_LEVEL": "ERROR"}, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    for _turn in range(200):
        try:
            with socket() as knock:
                knock.connect(("127.0.0.1", port))
                return
        except OSError:
            threading.Event().wait(0.1)
    raise TimeoutError("the server did not start")


def _load(port: int, path: str, cookie: str, seconds: float) -> tuple[float, float]:
    """Requests a second and the 95th percentile in seconds, after one warm-up request for each browser."""
    times: list[float] = []
    stop, ready = threading.Event(), threading.Barrier(BROWSERS + 1, timeout=120)

    def browse() -> None:
        browser = HTTPConnection("127.0.0.1", port, timeout=60)
        _get(browser, path, cookie)
        ready.wait()
        for turn in count():
            if stop.is_set() and turn >= 2:
                return
            started = time.perf_counter()
            _get(browser, path, cookie)
            times.append(time.perf_counter() - started)

    threads = [threading.Thread(target=browse) for _n in range(BROWSERS)]
    for thread in threads:
        thread.start()
    ready.wait()
    started = time.perf_counter()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return len(times) / (time.perf_counter() - started), statistics.quantiles(times, n=20)[-1]


def _get(browser: HTTPConnection, path: str, cookie: str) -> None:
    browser.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    response = browser.getresponse()
    response.read()
    if response.status != 200:
        raise AssertionError(f"{path} answered {response.status}")
