"""Campaigns of the demo: really planned, forecast, approved and sent, through the carrier simulator.

The simulator runs as a process of its own while the demo is built and keeps what "arrived on the phones"; its news are
applied here with the story's clock, since no web server listens yet.
"""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from django.conf import settings

from agencies.models import Agency, Membership
from agencies.scope import agency_scope
from collections_crm.embedded import ports
from contacts import callbacks, campaign_runs, campaigns, letters, sending
from contacts.models import Campaign, Message
from portfolios.models import Portfolio

READY_SECONDS = 20


class CarrierSilent(RuntimeError):
    """The carrier simulator did not answer in time."""


@contextmanager
def carrier(state: Path) -> Iterator[str]:
    """Run a carrier simulator that keeps its messages in `state`; its address. News go nowhere."""
    port = ports.next_free(8790)
    address = f"http://127.0.0.1:{port}"
    account = f"{settings.TWILIO_ACCOUNT_SID}:{settings.TWILIO_AUTH_TOKEN}"
    state.parent.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "carrier_simulator", "--port", str(port), "--state", str(state), "--account", account,
         "--no-magic-suffixes", "--step-ms", "1"],
        cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(address)
        _ask(f"{address}/_control/rules", {"pattern": ".*", "kind": "both", "effect": "callbacks_lost"})
        yield address
    finally:
        process.terminate()
        process.wait(timeout=15)


def _ask(address: str, body: object = None) -> None:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(address, data=data), timeout=5):  # noqa: S310 - loopback
        return


def _wait(address: str) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            _ask(f"{address}/healthz")
        except (urllib.error.URLError, OSError):
            continue
        return
    raise CarrierSilent(address)


def text_messages(
    agency: Agency, *, name: str, portfolio: Portfolio | None, stage: str, planner: Membership, approver: Membership,
    now: datetime, random: Random,
) -> Campaign:  # fmt: skip
    """Send an SMS campaign at `now` and take the carrier's news of it."""
    campaign = _approved(
        agency, name=name, channel="SMS", template_name="payment-reminder", portfolio=portfolio, stage=stage,
        planner=planner, approver=approver, now=now,
    )  # fmt: skip
    _run(agency, campaign, now=now)
    sending.send_due(agency.pk, clock=lambda: now + timedelta(minutes=1), threads=4)
    with agency_scope(agency.pk):
        sent = list(Message.objects.filter(state=Message.State.SENT, channel="SMS").order_by("id"))
    for message in sent:
        chance = random.random()
        status = {"MessageSid": message.provider_sid, "MessageStatus": "delivered"}
        if chance > 0.95:
            status = {"MessageSid": message.provider_sid, "MessageStatus": "undelivered", "ErrorCode": "30003"}
        callbacks.take_status(agency.pk, message.pk, params=status, now=now + timedelta(minutes=2))
    with agency_scope(agency.pk):
        campaign_runs.finish_done(now=now + timedelta(minutes=5))
    return campaign


def notification_letters(
    agency: Agency, *, name: str, portfolio: Portfolio, stage: str, planner: Membership, approver: Membership,
    now: datetime, min_balance: int,
) -> Campaign:  # fmt: skip
    """Render the letters of a campaign and hand one print batch over."""
    campaign = _approved(
        agency, name=name, channel="LETTER", template_name="notification-letter", portfolio=portfolio, stage=stage,
        planner=planner, approver=approver, now=now, min_balance=min_balance,
    )  # fmt: skip
    _run(agency, campaign, now=now)
    letters.render_due(agency.pk, clock=lambda: now + timedelta(minutes=1))
    return campaign


def waiting_for_approval(agency: Agency, *, name: str, stage: str, planner: Membership, now: datetime) -> Campaign:
    """Plan and forecast a campaign that nobody approved yet."""
    with agency_scope(agency.pk):
        campaign = campaigns.plan(
            by=planner, now=now, name=name, channel="SMS", template_name="payment-reminder", stage=stage,
            starts_at=now + timedelta(hours=5),
        )  # fmt: skip
        campaigns.forecast(campaign, now=now)
        return campaign


def _approved(
    agency: Agency, *, planner: Membership, approver: Membership, now: datetime, **fields: object
) -> Campaign:
    with agency_scope(agency.pk):
        campaign = campaigns.plan(by=planner, now=now, starts_at=now, **fields)
        campaigns.forecast(campaign, now=now)
        return campaigns.approve(campaign, by=approver, now=now)


def _run(agency: Agency, campaign: Campaign, *, now: datetime) -> None:
    with agency_scope(agency.pk):
        runs = campaign_runs.start_now(campaign, now=now)
    for run_id in runs:
        campaign_runs.plan(agency.pk, run_id, clock=lambda: now)
