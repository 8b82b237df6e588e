"""Text messages: sent with the vendor's client, carried, reported, listed and refused."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from carrier_simulator.resources import count_segments
from carrier_simulator.server import Simulator
from tests.carrier_simulator.conftest import Control
from tests.carrier_simulator.customer import AGENCY_NUMBER, CustomerSite, client_for

DEBTOR = "+37360111222"


def send(client: Client, *, to: str = DEBTOR, body: str = "Please call us.", **more: Any) -> Any:
    return client.messages.create(to=to, from_=AGENCY_NUMBER, body=body, **more)


def test_a_message_is_queued_and_then_delivered(simulator: Simulator, client: Client) -> None:
    sent = send(client)
    simulator.wait_until_quiet()
    assert sent.status == "queued"
    assert client.messages(sent.sid).fetch().status == "delivered"


def test_callbacks_tell_queued_sent_delivered_in_order(
    simulator: Simulator, client: Client, site: CustomerSite
) -> None:
    send(client, status_callback=site.url("/status?message=7"))
    simulator.wait_until_quiet()
    assert site.values("/status", "MessageStatus") == ["queued", "sent", "delivered"]


def test_callbacks_are_signed_with_the_accounts_token(simulator: Simulator, client: Client, site: CustomerSite) -> None:
    send(client, status_callback=site.url("/status?message=7&mac=a%2Bb"))
    simulator.wait_until_quiet()
    assert all(webhook.is_signed_with("simulated-auth-token") for webhook in site.got("/status"))
    assert not any(webhook.is_signed_with("another token") for webhook in site.got("/status"))


def test_a_callback_secret_signs_instead_of_the_token(site: CustomerSite) -> None:
    with Simulator(callback_secret="one for all") as simulator:
        send(client_for(simulator.url), status_callback=site.url("/status"))
        simulator.wait_until_quiet()
    assert all(webhook.is_signed_with("one for all") for webhook in site.got("/status"))


@pytest.mark.parametrize("code", [30003, 30005, 30006])
def test_an_undelivered_message_carries_its_error_code(
    simulator: Simulator, client: Client, site: CustomerSite, code: int
) -> None:
    sent = send(client, to=f"+373601{code}", status_callback=site.url("/status"))
    simulator.wait_until_quiet()
    message = client.messages(sent.sid).fetch()
    assert (message.status, message.error_code) == ("undelivered", code)
    assert site.got("/status")[-1].params["ErrorCode"] == str(code)


def test_a_messaging_service_chooses_the_sender(simulator: Simulator, client: Client) -> None:
    sent = client.messages.create(to=DEBTOR, messaging_service_sid="MG" + "b" * 32, body="Hello")
    simulator.wait_until_quiet()
    assert (sent.status, sent.from_) == ("accepted", None)
    assert client.messages(sent.sid).fetch().from_ == "+15005550006"


@pytest.mark.parametrize(
    ("suffix", "status", "code"),
    [
        ("21211", 400, 21211),
        ("21610", 400, 21610),
        ("21614", 400, 21614),
        ("99429", 429, 20429),
        ("99500", 500, 20500),
    ],
)
def test_a_refused_message_raises_the_vendors_error_and_is_not_accepted(
    client: Client, control: Control, suffix: str, status: int, code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        send(client, to=f"+373601{suffix}")
    assert (refused.value.status, refused.value.code) == (status, code)
    assert control("GET", "messages")["count"] == 0


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "12345", "from_": AGENCY_NUMBER, "body": "x"}, 21211),
        ({"to": DEBTOR, "from_": "not a sender!", "body": "x"}, 21212),
        ({"to": DEBTOR, "body": "x"}, 21603),
        ({"to": DEBTOR, "from_": AGENCY_NUMBER}, 21602),
        ({"to": DEBTOR, "from_": AGENCY_NUMBER, "body": "x" * 1601}, 21617),
        ({"to": DEBTOR, "from_": AGENCY_NUMBER, "body": "x", "status_callback": "http://93.184.216.34/cb"}, 21609),
        ({"to": DEBTOR, "from_": AGENCY_NUMBER, "body": "x", "status_callback": "https://crm.example/cb"}, 21609),
        ({"to": DEBTOR, "from_": AGENCY_NUMBER, "body": "x", "schedule_type": "fixed"}, 20001),
    ],
)
def test_a_faulty_request_is_refused_with_the_vendors_code(client: Client, fields: dict[str, str], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(**fields)
    assert refused.value.code == code


def test_a_throttled_request_says_when_to_come_back(simulator: Simulator, client: Client) -> None:
    with pytest.raises(TwilioRestException):
        send(client, to="+37360100429")
    response = client.http_client._test_only_last_response
    assert response is not None
    assert response.headers["Retry-After"] == "1"
    assert send(client, to="+37360100429").status == "queued"


def test_errors_have_the_vendors_shape_and_name_no_host(client: Client) -> None:
    with pytest.raises(TwilioRestException):
        send(client, to="+37360121211")
    response = client.http_client._test_only_last_response
    assert response is not None
    assert json.loads(response.text) == {
        "code": 21211,
        "message": "The 'To' number +37360121211 is not a valid phone number.",
        "more_info": "/docs/errors/21211",
        "status": 400,
    }


def test_a_wrong_token_is_not_let_in(simulator: Simulator) -> None:
    with pytest.raises(TwilioRestException) as refused:
        send(client_for(simulator.url, token="wrong"))
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_another_accounts_message_does_not_exist() -> None:
    ours, theirs = "AC" + "1" * 32, "AC" + "2" * 32
    with Simulator(accounts={ours: "a", theirs: "b"}) as simulator:
        sent = send(client_for(simulator.url, account_sid=ours, token="a"))
        stranger = client_for(simulator.url, account_sid=theirs, token="b")
        with pytest.raises(TwilioRestException) as refused:
            stranger.messages(sent.sid).fetch()
        assert refused.value.status == 404
        assert stranger.messages.list() == []


def test_a_lost_answer_leaves_an_accepted_message_that_the_list_shows(client: Client, control: Control) -> None:
    with pytest.raises(requests.exceptions.ConnectionError):
        send(client, to="+37360100504", body="ref 42")
    assert control("GET", "messages")["count"] == 1
    assert [message.body for message in client.messages.list(to="+37360100504")] == ["ref 42"]


def test_a_lost_answer_is_still_reported_by_callback(simulator: Simulator, client: Client, site: CustomerSite) -> None:
    with pytest.raises(requests.exceptions.ConnectionError):
        send(client, to="+37360100504", status_callback=site.url("/status"))
    simulator.wait_until_quiet()
    assert site.values("/status", "MessageStatus") == ["queued", "sent", "delivered"]


def test_a_spoilt_answer_hides_an_accepted_message(client: Client, control: Control) -> None:
    with pytest.raises(TwilioRestException) as spoilt:
        send(client, to="+37360100502")
    assert spoilt.value.status == 502
    assert control("GET", "messages")["count"] == 1


def test_a_slow_answer_outlasts_the_clients_patience_and_the_message_is_accepted(
    simulator: Simulator, control: Control
) -> None:
    control("POST", "rules", {"to": DEBTOR, "effect": {"latency_ms": 2000}})
    with pytest.raises(requests.exceptions.Timeout):
        send(client_for(simulator.url, timeout=0.2))
    assert control("GET", "messages")["count"] == 1


def test_sending_twice_is_told_by_the_control_interface(client: Client, control: Control) -> None:
    send(client, body="ref 1")
    send(client, body="ref 1")
    send(client, body="ref 2")
    seen = control("GET", "messages")
    assert seen["bodies"] == {"ref 1": 2, "ref 2": 1}
    assert [(again["to"], again["body"], again["count"]) for again in seen["repeated"]] == [(DEBTOR, "ref 1", 2)]


def test_duplicated_callbacks_arrive_twice_under_one_token(
    simulator: Simulator, client: Client, site: CustomerSite
) -> None:
    send(client, to="+37360100201", status_callback=site.url("/status"))
    simulator.wait_until_quiet()
    statuses = site.values("/status", "MessageStatus")
    assert statuses == ["queued", "queued", "sent", "sent", "delivered", "delivered"]
    assert len({webhook.token for webhook in site.got("/status")}) == 3


def test_shuffled_callbacks_bring_the_end_first(simulator: Simulator, client: Client, site: CustomerSite) -> None:
    send(client, to="+37360100202", status_callback=site.url("/status"))
    simulator.wait_until_quiet()
    statuses = site.values("/status", "MessageStatus")
    assert statuses[0] == "delivered"
    assert sorted(statuses) == ["delivered", "queued", "sent"]


def test_lost_callbacks_never_arrive(simulator: Simulator, client: Client, site: CustomerSite) -> None:
    sent = send(client, to="+37360100205", status_callback=site.url("/status"))
    simulator.wait_until_quiet()
    assert site.got("/status") == []
    assert client.messages(sent.sid).fetch().status == "delivered"


def test_late_callbacks_are_late(simulator: Simulator, client: Client, control: Control, site: CustomerSite) -> None:
    control("POST", "settings", {"callback_delay_ms": 300})
    send(client, status_callback=site.url("/status"))
    assert simulator.wait_until_quiet(0.15) is False
    assert site.got("/status") == []
    assert simulator.wait_until_quiet(5) is True
    assert len(site.got("/status")) == 3


def test_a_callback_that_meets_a_broken_site_is_tried_again(
    simulator: Simulator, client: Client, control: Control, site: CustomerSite
) -> None:
    troubles = iter([(500, ""), (503, "")])
    site.answers["/status"] = lambda webhook: next(troubles, (204, ""))
    send(client, status_callback=site.url("/status"))
    simulator.wait_until_quiet()
    assert sorted(set(site.values("/status", "MessageStatus"))) == ["delivered", "queued", "sent"]
    assert control("GET", "callbacks")["states"] == {"delivered": 3}


def test_a_callback_nobody_takes_is_given_up(simulator: Simulator, client: Client, control: Control) -> None:
    control("POST", "settings", {"callback_attempts": 2})
    send(client, status_callback="http://127.0.0.1:9/nobody")
    simulator.wait_until_quiet()
    assert control("GET", "callbacks")["states"] == {"given-up": 3}


def test_a_list_is_filtered_by_recipient_with_the_plus_encoded(simulator: Simulator, client: Client) -> None:
    send(client, to="+37360111222")
    send(client, to="+37360111333")
    assert [message.to for message in client.messages.list(to="+37360111333")] == ["+37360111333"]


def test_a_bare_plus_in_a_query_is_a_blank_and_finds_nothing(simulator: Simulator, client: Client) -> None:
    send(client)
    home = f"{simulator.url}/2010-04-01/Accounts/{client.username}/Messages.json"
    bare = requests.get(f"{home}?To={DEBTOR}", auth=(client.username, client.password), timeout=5).json()
    encoded = requests.get(home, params={"To": DEBTOR}, auth=(client.username, client.password), timeout=5).json()
    assert (len(bare["messages"]), len(encoded["messages"])) == (0, 1)


def test_a_list_is_filtered_by_day(client: Client) -> None:
    now = datetime.now(UTC)
    send(client)
    assert len(client.messages.list(date_sent=now)) == 1
    assert client.messages.list(date_sent=now - timedelta(days=1)) == []
    assert len(client.messages.list(date_sent_after=now - timedelta(hours=1))) == 1
    assert client.messages.list(date_sent_before=now - timedelta(hours=1)) == []


def test_a_date_that_is_none_is_refused(simulator: Simulator, client: Client) -> None:
    home = f"{simulator.url}/2010-04-01/Accounts/{client.username}/Messages.json?DateSent=yesterday"
    refused = requests.get(home, auth=(client.username, client.password), timeout=5)
    assert (refused.status_code, refused.json()["code"]) == (400, 20001)


def test_the_client_walks_through_all_pages_newest_first(client: Client) -> None:
    for number in range(7):
        send(client, body=f"ref {number}")
    bodies = [message.body for message in client.messages.list(to=DEBTOR, page_size=3)]
    assert bodies == [f"ref {number}" for number in reversed(range(7))]


def test_a_page_can_be_left_backwards(client: Client) -> None:
    for number in range(5):
        send(client, body=f"ref {number}")
    second = client.messages.page(page_size=2).next_page()
    assert [message.body for message in second] == ["ref 2", "ref 1"]
    assert [message.body for message in second.previous_page()] == ["ref 4", "ref 3"]


def test_a_message_arriving_between_two_pages_shifts_nothing(client: Client) -> None:
    for number in range(4):
        send(client, body=f"ref {number}")
    page = client.messages.page(page_size=2)
    send(client, body="late")
    assert [message.body for message in page.next_page()] == ["ref 1", "ref 0"]


def test_a_message_is_listed_only_after_the_indexing_lag(client: Client, control: Control) -> None:
    control("POST", "rules", {"to": DEBTOR, "effect": {"index_lag_ms": 60_000}})
    sent = send(client)
    assert client.messages.list(to=DEBTOR) == []
    assert client.messages(sent.sid).fetch().sid == sent.sid


def test_a_message_can_be_canceled_redacted_and_deleted(simulator: Simulator, control: Control, client: Client) -> None:
    control("POST", "settings", {"step_ms": 300})
    sent = send(client)
    assert client.messages(sent.sid).update(status="canceled").status == "canceled"
    assert client.messages(sent.sid).update(body="").body == ""
    assert client.messages(sent.sid).delete() is True
    with pytest.raises(TwilioRestException):
        client.messages(sent.sid).fetch()


def test_a_delivered_message_cannot_be_canceled(simulator: Simulator, client: Client) -> None:
    sent = send(client)
    simulator.wait_until_quiet()
    with pytest.raises(TwilioRestException) as refused:
        client.messages(sent.sid).update(status="canceled")
    assert refused.value.code == 30409


def test_sixty_four_clients_at_once_lose_nothing(simulator: Simulator, control: Control) -> None:
    start = threading.Barrier(64)

    def send_some(number: int) -> list[str]:
        client = client_for(simulator.url)
        start.wait(30)
        return [send(client, body=f"ref {number}-{turn}").sid for turn in range(4)]

    with ThreadPoolExecutor(64) as clients:
        sids = [sid for some in clients.map(send_some, range(64)) for sid in some]
    assert len(set(sids)) == 256
    assert set(control("GET", "messages")["bodies"].values()) == {1}


def test_thirty_two_clients_wait_out_the_latency_side_by_side(simulator: Simulator, control: Control) -> None:
    control("POST", "settings", {"latency_ms": 50})

    def send_ten(number: int) -> int:
        client = client_for(simulator.url)
        return len([send(client, body=f"ref {number}-{turn}") for turn in range(10)])

    began = time.monotonic()
    with ThreadPoolExecutor(32) as clients:
        assert sum(clients.map(send_ten, range(32))) == 320
    one_after_the_other = 320 * 0.05
    assert time.monotonic() - began < one_after_the_other / 2


@pytest.mark.parametrize(
    ("body", "segments"),
    [("a" * 160, 1), ("a" * 161, 2), ("ț" * 70, 1), ("ț" * 71, 2), ("€" * 80, 1), ("€" * 81, 2), ("", 1)],
)
def test_segments_are_counted_by_alphabet(body: str, segments: int) -> None:
    assert count_segments(body) == segments


def test_control_answers_a_bad_rule_with_the_reason(control: Control) -> None:
    with pytest.raises(HTTPError) as refused:
        control("POST", "rules", {"to": DEBTOR, "effect": "explode"})
    assert refused.value.code == 400
    assert b"There is no effect 'explode'" in refused.value.read()
