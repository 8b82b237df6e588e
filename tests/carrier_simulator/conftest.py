"""A running simulator, the vendor's client, and a customer's web server."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twilio.rest import Client

from carrier_simulator.server import Simulator
from carrier_simulator.settings import Settings
from tests.carrier_simulator.customer import CustomerSite, client_for

Control = Callable[..., Any]


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(settings=Settings(step_ms=5, callback_retry_ms=20)) as running:
        yield running


@pytest.fixture
def client(simulator: Simulator) -> Client:
    return client_for(simulator.url)


@pytest.fixture
def site() -> Iterator[CustomerSite]:
    site = CustomerSite()
    site.start()
    yield site
    site.stop()


@pytest.fixture
def control(simulator: Simulator) -> Control:
    """Ask the control interface: control("GET", "messages"), control("POST", "rules", {...})."""

    def ask(method: str, what: str, body: object = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - a loopback address
            f"{simulator.url}/_control/{what}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            text = response.read()
        return json.loads(text) if text else None

    return ask
