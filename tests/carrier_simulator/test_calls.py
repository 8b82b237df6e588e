"""Telephone calls: an interactive voice message from dialling to hanging up."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from carrier_simulator.server import Simulator
from tests.carrier_simulator.conftest import Control
from tests.carrier_simulator.customer import AGENCY_NUMBER, CustomerSite, Webhook

MENU = """<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Gather numDigits="1" action="/ivm/answer?step=1" timeout="4">
    <Say language="ro-RO">Apăsați 1 dacă veți plăti.</Say>
  </Gather>
  <Say>No answer was given.</Say>
  <Redirect method="GET">/ivm/bye</Redirect>
</Response>"""
BYE = "<Response><Say>Goodbye.</Say><Hangup/><Say>Never heard.</Say></Response>"
ALL_EVENTS = ["initiated", "ringing", "answered", "completed"]


@pytest.fixture(autouse=True)
def voice_pages(site: CustomerSite) -> None:
    def answer(webhook: Webhook) -> tuple[int, str]:
        return 200, f"<Response><Say>You pressed {webhook.params['Digits']}.</Say></Response>"

    site.answers |= {"/ivm": (200, MENU), "/ivm/answer": answer, "/ivm/bye": (200, BYE)}


def call(client: Client, site: CustomerSite, *, to: str, **more: Any) -> Any:
    more = {"url": site.url("/ivm?case=9"), **more}
    return client.calls.create(
        to=to,
        from_=AGENCY_NUMBER,
        status_callback=site.url("/call-status"),
        status_callback_event=ALL_EVENTS,
        **more,
    )


def test_a_person_presses_one_and_the_answer_reaches_the_action(
    simulator: Simulator, client: Client, site: CustomerSite, control: Control
) -> None:
    call(client, site, to="+40721107001")
    simulator.wait_until_quiet()
    assert site.values("/ivm/answer", "Digits") == ["1"]
    (seen,) = control("GET", "calls")["calls"]
    assert seen["said"] == ["Apăsați 1 dacă veți plăti.", "You pressed 1."]
    assert seen["pressed"] == ["1"]


def test_every_request_of_a_call_is_signed(simulator: Simulator, client: Client, site: CustomerSite) -> None:
    call(client, site, to="+40721107001")
    simulator.wait_until_quiet()
    assert {webhook.path for webhook in site.webhooks} == {"/ivm", "/ivm/answer", "/call-status"}
    assert all(webhook.is_signed_with("simulated-auth-token") for webhook in site.webhooks)


def test_a_call_tells_initiated_ringing_answered_completed(
    simulator: Simulator, client: Client, site: CustomerSite
) -> None:
    placed = call(client, site, to="+40721107001")
    simulator.wait_until_quiet()
    assert site.values("/call-status", "CallStatus") == ["initiated", "ringing", "in-progress", "completed"]
    assert int(site.got("/call-status")[-1].params["CallDuration"]) > 0
    finished = client.calls(placed.sid).fetch()
    assert (finished.status, finished.duration) == (
        "completed",
        site.got("/call-status")[-1].params["CallDuration"],
    )


def test_without_events_only_the_end_is_told(simulator: Simulator, client: Client, site: CustomerSite) -> None:
    client.calls.create(
        to="+40721107001", from_=AGENCY_NUMBER, url=site.url("/ivm"), status_callback=site.url("/call-status")
    )
    simulator.wait_until_quiet()
    assert site.values("/call-status", "CallStatus") == ["completed"]


def test_silence_goes_past_the_question_and_follows_the_redirect(
    simulator: Simulator, client: Client, site: CustomerSite, control: Control
) -> None:
    call(client, site, to="+40721111222")
    simulator.wait_until_quiet()
    (seen,) = control("GET", "calls")["calls"]
    assert seen["said"] == ["Apăsați 1 dacă veți plăti.", "No answer was given.", "Goodbye."]
    assert site.got("/ivm/bye")[0].method == "GET"
    assert site.got("/ivm/bye")[0].is_signed_with("simulated-auth-token")


def test_a_rule_scripts_the_digits_of_two_questions(
    simulator: Simulator, client: Client, site: CustomerSite, control: Control
) -> None:
    site.answers["/ivm/answer"] = lambda webhook: (
        200,
        MENU if webhook.params["Digits"] == "2" else "<Response><Hangup/></Response>",
    )
    control("POST", "rules", {"pattern": "^\\+4072", "kind": "call", "effect": {"digits": "2,9"}})
    call(client, site, to="+40721111222")
    simulator.wait_until_quiet()
    assert site.values("/ivm/answer", "Digits") == ["2", "9"]


def test_keys_end_at_the_finishing_key(
    simulator: Simulator, client: Client, site: CustomerSite, control: Control
) -> None:
    control("POST", "rules", {"kind": "call", "effect": {"digits": ["1234#99"]}})
    twiml = f'<Response><Gather action="{site.url("/ivm/answer")}"><Say>Your code?</Say></Gather></Response>'
    client.calls.create(to="+40721111222", from_=AGENCY_NUMBER, twiml=twiml)
    simulator.wait_until_quiet()
    assert site.values("/ivm/answer", "Digits") == ["1234"]


def test_inline_twiml_is_spoken(simulator: Simulator, client: Client, control: Control) -> None:
    client.calls.create(
        to="+40721111222",
        from_=AGENCY_NUMBER,
        twiml="<Response><Say>Good day.</Say><Pause length='3'/><Say>Goodbye.</Say></Response>",
    )
    simulator.wait_until_quiet()
    (seen,) = control("GET", "calls")["calls"]
    assert (seen["said"], seen["duration"]) == (["Good day.", "Goodbye."], "5")


@pytest.mark.parametrize(("suffix", "status"), [("00486", "busy"), ("00480", "no-answer"), ("00404", "failed")])
def test_a_call_nobody_takes_says_why_and_fetches_nothing(
    simulator: Simulator, client: Client, site: CustomerSite, suffix: str, status: str
) -> None:
    call(client, site, to=f"+407211{suffix}")
    simulator.wait_until_quiet()
    assert site.values("/call-status", "CallStatus") == ["initiated", "ringing", status]
    assert site.got("/call-status")[-1].params["CallDuration"] == "0"
    assert site.got("/ivm") == []


def test_a_machine_is_recognised_when_asked_for(simulator: Simulator, client: Client, site: CustomerSite) -> None:
    placed = call(client, site, to="+40721100800", machine_detection="Enable")
    simulator.wait_until_quiet()
    assert site.values("/ivm", "AnsweredBy") == ["machine_start"]
    assert site.got("/call-status")[-1].params["AnsweredBy"] == "machine_start"
    assert client.calls(placed.sid).fetch().answered_by == "machine_start"


def test_nobody_is_recognised_when_not_asked_for(simulator: Simulator, client: Client, site: CustomerSite) -> None:
    placed = call(client, site, to="+40721100800")
    simulator.wait_until_quiet()
    assert "AnsweredBy" not in site.got("/call-status")[-1].params
    assert client.calls(placed.sid).fetch().answered_by is None


def test_late_detection_is_told_by_its_own_callback(simulator: Simulator, client: Client, site: CustomerSite) -> None:
    call(
        client,
        site,
        to="+40721107001",
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=site.url("/amd"),
    )
    simulator.wait_until_quiet()
    assert site.values("/amd", "AnsweredBy") == ["human"]


def test_a_person_who_hangs_up_hears_one_sentence(simulator: Simulator, client: Client, site: CustomerSite) -> None:
    call(client, site, to="+40721100801")
    simulator.wait_until_quiet()
    assert site.values("/call-status", "CallStatus")[-1] == "completed"
    assert site.got("/ivm/answer") == []


def test_shuffled_call_callbacks_bring_the_end_first(simulator: Simulator, client: Client, site: CustomerSite) -> None:
    call(client, site, to="+40721100202")
    simulator.wait_until_quiet()
    assert site.values("/call-status", "CallStatus")[0] == "completed"
    assert len(site.got("/call-status")) == 4


def test_a_broken_page_ends_the_call_with_an_application_error(
    simulator: Simulator, client: Client, site: CustomerSite, control: Control
) -> None:
    site.answers["/ivm"] = (500, "")
    call(client, site, to="+40721111222")
    simulator.wait_until_quiet()
    (seen,) = control("GET", "calls")["calls"]
    assert seen["status"] == "completed"
    assert "application error" in seen["steps"][0]["text"]


def test_the_fallback_page_is_used_when_the_first_breaks(
    simulator: Simulator, client: Client, site: CustomerSite, control: Control
) -> None:
    site.answers["/ivm"] = (500, "")
    call(client, site, to="+40721111222", fallback_url=site.url("/ivm/bye"))
    simulator.wait_until_quiet()
    assert control("GET", "calls")["calls"][0]["said"] == ["Goodbye."]


def test_a_page_that_sends_the_call_round_in_circles_is_left(
    simulator: Simulator, client: Client, site: CustomerSite, control: Control
) -> None:
    site.answers["/ivm"] = (200, "<Response><Redirect>/ivm</Redirect></Response>")
    call(client, site, to="+40721111222")
    simulator.wait_until_quiet()
    assert len(site.got("/ivm")) == 50
    assert control("GET", "calls")["calls"][0]["status"] == "completed"


def test_a_lasting_call_can_be_ended_from_outside(
    simulator: Simulator, client: Client, site: CustomerSite, control: Control
) -> None:
    control("POST", "settings", {"call_pace": 1.0})
    placed = client.calls.create(
        to="+40721111222", from_=AGENCY_NUMBER, twiml="<Response><Pause length='1'/><Say>Late.</Say></Response>"
    )
    client.calls(placed.sid).update(status="completed")
    simulator.wait_until_quiet()
    assert client.calls(placed.sid).fetch().status == "completed"
    assert control("GET", "calls")["calls"][0]["said"] == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "+40721121211", "twiml": "<Response/>"}, 21211),
        ({"to": "12", "twiml": "<Response/>"}, 21211),
        ({"to": "+40721111222"}, 21205),
        ({"to": "+40721111222", "url": "http://10.0.0.1/ivm"}, 21205),
        ({"to": "+40721111222", "twiml": "<Response/>", "status_callback_event": ["exploded"]}, 21626),
    ],
)
def test_a_faulty_call_is_refused_with_the_vendors_code(client: Client, fields: dict[str, Any], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(from_=AGENCY_NUMBER, **fields)
    assert refused.value.code == code


def test_a_call_whose_answer_is_lost_is_placed_once(client: Client, site: CustomerSite, control: Control) -> None:
    with pytest.raises(requests.exceptions.ConnectionError):
        call(client, site, to="+40721100504")
    assert control("GET", "calls")["numbers"] == {"+40721100504": 1}
    assert len(client.calls.list(to="+40721100504")) == 1
