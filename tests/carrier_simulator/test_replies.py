"""People write back: STOP, START, and what the customer answers."""

from __future__ import annotations

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from carrier_simulator.server import Simulator
from tests.carrier_simulator.conftest import Control
from tests.carrier_simulator.customer import AGENCY_NUMBER, CustomerSite

DEBTOR = "+40721111222"


@pytest.fixture(autouse=True)
def inbound_webhook(control: Control, site: CustomerSite) -> None:
    control("POST", "settings", {"inbound_url": site.url("/inbound")})


def test_a_stop_from_the_page_reaches_the_inbound_webhook_signed(
    simulator: Simulator, client: Client, site: CustomerSite
) -> None:
    client.messages.create(to=DEBTOR, from_=AGENCY_NUMBER, body="Hello")
    requests.post(f"{simulator.url}/reply", data={"from": DEBTOR, "body": "STOP"}, timeout=5)
    simulator.wait_until_quiet()
    (webhook,) = site.got("/inbound")
    assert (webhook.params["From"], webhook.params["To"], webhook.params["Body"]) == (DEBTOR, AGENCY_NUMBER, "STOP")
    assert webhook.is_signed_with("simulated-auth-token")


def test_after_stop_the_carrier_refuses_until_start(simulator: Simulator, client: Client, control: Control) -> None:
    client.messages.create(to=DEBTOR, from_=AGENCY_NUMBER, body="Hello")
    control("POST", "inbound", {"from": DEBTOR, "body": "stop"})
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=DEBTOR, from_=AGENCY_NUMBER, body="Once more")
    assert refused.value.code == 21610
    control("POST", "inbound", {"from": DEBTOR, "body": "START"})
    assert client.messages.create(to=DEBTOR, from_=AGENCY_NUMBER, body="Once more").status == "queued"


def test_a_stop_to_one_sender_leaves_the_other_free(client: Client, control: Control) -> None:
    client.messages.create(to=DEBTOR, from_=AGENCY_NUMBER, body="Hello")
    control("POST", "inbound", {"from": DEBTOR, "body": "STOP"})
    assert client.messages.create(to=DEBTOR, from_="+37322999999", body="Hello").status == "queued"


def test_a_number_ending_in_78670_answers_stop_by_itself(
    simulator: Simulator, client: Client, site: CustomerSite
) -> None:
    client.messages.create(to="+40721178670", from_=AGENCY_NUMBER, body="Hello")
    simulator.wait_until_quiet()
    assert site.values("/inbound", "Body") == ["STOP"]


def test_the_customers_answer_is_sent_back_to_the_phone(
    simulator: Simulator, client: Client, site: CustomerSite, control: Control
) -> None:
    site.answers["/inbound"] = (200, "<Response><Message>Thank you &amp; goodbye</Message></Response>")
    control("POST", "inbound", {"from": DEBTOR, "to": AGENCY_NUMBER, "body": "I have paid"})
    simulator.wait_until_quiet()
    (answer,) = client.messages.list(to=DEBTOR)
    assert (answer.direction, answer.from_, answer.body) == ("outbound-reply", AGENCY_NUMBER, "Thank you & goodbye")


def test_the_inbound_webhook_must_be_on_this_machine(control: Control) -> None:
    with pytest.raises(Exception, match="400"):
        control("POST", "settings", {"inbound_url": "http://example.org/inbound"})
