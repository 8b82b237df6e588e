"""Senders killed in the middle of their work: no message is lost and none is ordered twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from agencies.scope import agency_scope
from carrier_simulator.carrier import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from carrier_simulator.server import Simulator
from carrier_simulator.settings import Settings
from contacts import reconciling, sending
from contacts.models import Message
from tests.contacts.test_outbox import put, states

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "platform"])

MESSAGES = 120


@pytest.fixture
def slow_carrier(live_server: Any, settings: Any) -> Iterator[Simulator]:
    with Simulator(settings=Settings(latency_ms=60)) as simulator:
        settings.TWILIO_BASE_URL = simulator.url
        settings.TWILIO_ACCOUNT_SID = DEFAULT_ACCOUNT_SID
        settings.TWILIO_AUTH_TOKEN = DEFAULT_AUTH_TOKEN
        settings.PUBLIC_BASE_URL = live_server.url
        yield simulator


def start_sender(agency_id: int) -> subprocess.Popen[str]:
    names = ("TWILIO_BASE_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "PUBLIC_BASE_URL")
    environment = {
        **os.environ, **{f"SENDER_{name}": getattr(django_settings, name) for name in names},
        "SENDER_DATABASE": django_settings.DATABASES["default"]["NAME"], "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "tests.contacts.sender_process", str(agency_id), "4"],
        env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def accepted(carrier: Simulator) -> Counter[str]:
    return Counter(message.recipient for message in carrier.carrier.store.messages("direction != 'inbound'"))


def wait_for(condition: Any, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)


def settle(agency: Any, now: datetime) -> datetime:
    """What the sweep does: expire, reconcile, send, until nothing is open."""
    for _round in range(4):
        with agency_scope(agency.id):
            reconciling.expire_leases(now=now)
        reconciling.reconcile(agency.id, now=now)
        sending.send_due(agency.id, clock=lambda now=now: now, threads=8)
        now += timedelta(minutes=4)
    return now


def test_senders_killed_outright_lose_nothing_and_repeat_nothing(agency, slow_carrier):
    numbers = [f"+373691{n:05d}" for n in range(10_000, 10_000 + MESSAGES)]
    put(agency, numbers)
    for killed_after in (20, 60):
        sender = start_sender(agency.id)
        wait_for(lambda least=killed_after: accepted(slow_carrier).total() >= least)
        os.kill(sender.pid, signal.SIGKILL)
        sender.wait()
    with agency_scope(agency.id):
        assert Message.objects.filter(state="SENDING").exists()
    settle(agency, timezone.now() + timedelta(minutes=3))
    slow_carrier.wait_until_quiet(20)
    assert accepted(slow_carrier) == Counter(numbers)
    assert set(states(agency).values()) <= {"SENT", "DELIVERED"}


def test_two_senders_at_once_share_the_work(agency, slow_carrier):
    numbers = [f"+373692{n:05d}" for n in range(10_000, 10_040)]
    put(agency, numbers)
    senders = [start_sender(agency.id) for _ in range(2)]
    assert [sender.wait(60) for sender in senders] == [0, 0]
    assert accepted(slow_carrier) == Counter(numbers)
