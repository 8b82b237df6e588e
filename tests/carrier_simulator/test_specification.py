"""The fake is what the vendor's published specification says."""

from __future__ import annotations

import base64
import json
import urllib.request
from typing import Any

import pytest
from twilio.rest import Client

from carrier_simulator.carrier import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN
from carrier_simulator.server import Simulator
from carrier_simulator.webhooks import signature_of
from tests.carrier_simulator import specification
from tests.carrier_simulator.customer import AGENCY_NUMBER

SPECIFICATIONS = [specification.own()] + ([specification.published()] if specification.PUBLISHED.exists() else [])
SAY = "<Response><Say>Good day</Say></Response>"


def get(simulator: Simulator, path: str) -> Any:
    credentials = base64.b64encode(f"{DEFAULT_ACCOUNT_SID}:{DEFAULT_AUTH_TOKEN}".encode()).decode()
    request = urllib.request.Request(  # noqa: S310 - a loopback address
        f"{simulator.url}/2010-04-01/Accounts/{DEFAULT_ACCOUNT_SID}/{path}",
        headers={"Authorization": f"Basic {credentials}"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        return json.load(response)


@pytest.mark.parametrize("spec", SPECIFICATIONS)
def test_a_new_message_has_every_documented_property(spec: specification.Specification, simulator: Simulator) -> None:
    credentials = base64.b64encode(f"{DEFAULT_ACCOUNT_SID}:{DEFAULT_AUTH_TOKEN}".encode()).decode()
    request = urllib.request.Request(  # noqa: S310 - a loopback address
        f"{simulator.url}/2010-04-01/Accounts/{DEFAULT_ACCOUNT_SID}/Messages.json",
        data=b"To=%2B37360111222&From=%2B37322123456&Body=Hello",
        headers={"Authorization": f"Basic {credentials}"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        created = json.load(response)
    assert response.status == 201
    assert spec.faults("message", created) == []


@pytest.mark.parametrize("spec", SPECIFICATIONS)
@pytest.mark.parametrize("number", ["+37360111222", "+37360130003"])
def test_a_carried_message_has_every_documented_property(
    spec: specification.Specification, simulator: Simulator, client: Client, number: str
) -> None:
    sent = client.messages.create(to=number, messaging_service_sid="MG" + "a" * 32, body="Bună ziua")
    simulator.wait_until_quiet()
    assert spec.faults("message", get(simulator, f"Messages/{sent.sid}.json")) == []


@pytest.mark.parametrize("spec", SPECIFICATIONS)
@pytest.mark.parametrize("number", ["+37360111222", "+37360100486"])
def test_a_finished_call_has_every_documented_property(
    spec: specification.Specification, simulator: Simulator, client: Client, number: str
) -> None:
    placed = client.calls.create(to=number, from_=AGENCY_NUMBER, twiml=SAY, machine_detection="Enable")
    simulator.wait_until_quiet()
    assert spec.faults("call", get(simulator, f"Calls/{placed.sid}.json")) == []


@pytest.mark.parametrize("spec", SPECIFICATIONS)
def test_lists_are_pages_as_documented(spec: specification.Specification, simulator: Simulator, client: Client) -> None:
    for body in ("one", "two", "three"):
        client.messages.create(to="+37360111222", from_=AGENCY_NUMBER, body=body)
        client.calls.create(to="+37360111222", from_=AGENCY_NUMBER, twiml=SAY)
    assert spec.faults("messages", get(simulator, "Messages.json?PageSize=2")) == []
    assert spec.faults("calls", get(simulator, "Calls.json?PageSize=2&Page=1")) == []


def test_our_own_list_finds_a_missing_property() -> None:
    assert specification.own().faults("message", {"sid": "SM"}) != []


def test_the_specification_used_is_never_empty() -> None:
    assert len(specification.best().schemas["message"]["properties"]) >= 20
    assert len(specification.best().schemas["call"]["properties"]) >= 26


def test_webhooks_are_signed_as_in_the_vendors_example() -> None:
    params = {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }
    signature = signature_of(key="12345", url="https://mycompany.com/myapp.php?foo=1&bar=2", params=params)
    assert signature == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
