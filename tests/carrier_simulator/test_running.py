"""The process: rules, the page of phones, the state over a restart, and a clean stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

import carrier_simulator
from carrier_simulator import loopback
from carrier_simulator.behaviour import EFFECTS, SUFFIXES, Behaviour, RuleBook
from carrier_simulator.server import Simulator
from carrier_simulator.settings import Settings
from tests.carrier_simulator.conftest import Control
from tests.carrier_simulator.customer import AGENCY_NUMBER, CustomerSite, client_for

REPOSITORY = Path(__file__).parents[2]
DEBTOR = "+420601111222"


def send(client: Client, *, to: str = DEBTOR, body: str = "Hello", **more: Any) -> Any:
    return client.messages.create(to=to, from_=AGENCY_NUMBER, body=body, **more)


def refusals(rules: RuleBook, times: int) -> list[int]:
    return [rules.decide(kind="message", to=DEBTOR).refuse for _turn in range(times)]


def test_a_rule_lets_some_pass_then_takes_its_count() -> None:
    rules = RuleBook()
    rules.add({"to": DEBTOR, "skip": 1, "count": 2, "effect": "throttled"})
    assert refusals(rules, 5) == [0, 20429, 20429, 0, 0]


def test_a_rule_with_a_share_takes_the_same_requests_each_time() -> None:
    first, second = RuleBook(seed=7), RuleBook(seed=7)
    for rules in (first, second):
        rules.add({"share": 0.3, "effect": "server_error"})
    taken = refusals(first, 200)
    assert taken == refusals(second, 200)
    assert 30 < sum(1 for code in taken if code) < 90


def test_the_first_rule_that_fits_decides_before_the_suffix() -> None:
    rules = RuleBook()
    rules.add({"body": "urgent", "effect": "accept"})
    assert rules.decide(kind="message", to="+42060121211", body="urgent").refuse == 0
    assert rules.decide(kind="message", to="+42060121211", body="calm").refuse == 21211


def test_suffixes_can_be_switched_off() -> None:
    assert RuleBook().decide(kind="message", to="+42060121211", magic=False) == Behaviour()


def test_effects_can_be_joined() -> None:
    joined = Behaviour.read(["answer_lost", {"name": "listed_late", "index_lag_ms": 5}])
    assert (joined.answer, joined.index_lag_ms) == ("lost", 5)


@pytest.mark.parametrize("effect", EFFECTS)
def test_every_named_effect_survives_being_written_down(effect: str) -> None:
    behaviour = Behaviour.read(effect)
    assert Behaviour.restore(behaviour.dump()) == behaviour


def test_every_suffix_is_explained_in_the_packages_description() -> None:
    shown = {f"0700{digit}" for digit in range(2, 9)}
    explained = carrier_simulator.__doc__ or ""
    assert [ending for ending in SUFFIXES if ending not in shown and f"    {ending}  " not in explained] == []


def test_the_control_interface_counts_forgets_and_resets(client: Client, control: Control) -> None:
    rule = control("POST", "rules", {"to": DEBTOR, "effect": "not_mobile"})
    with pytest.raises(TwilioRestException):
        send(client)
    assert control("GET", "rules")["rules"][0]["hits"] == 1
    control("DELETE", f"rules/{rule['id']}")
    send(client)
    control("POST", "settings", {"latency_ms": 1})
    control("POST", "reset")
    assert control("GET", "messages")["messages"] == []
    assert control("GET", "settings")["latency_ms"] == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/x",
        "http://127.8.8.8/x",
        "http://localhost:1/x",
        "http://agency.localhost/x",
        "http://[::1]:80/x",
    ],
)
def test_loopback_addresses_are_called(url: str) -> None:
    loopback.refuse_unless_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/x",
        "http://10.0.0.1/x",
        "http://169.254.169.254/x",
        "http://localhost.example.org/x",
        "http://localhost@example.org/x",
        "http://0.0.0.0/x",
        "http://2130706433/x",
        "http://[::ffff:10.0.0.1]/x",
        "file:///etc/passwd",
        "http://localhost:port/x",
        "/x",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(loopback.NotLoopback):
        loopback.refuse_unless_loopback(url)


def test_the_page_shows_what_a_phone_received_and_heard(simulator: Simulator, client: Client) -> None:
    send(client, body="Pay <now> & rest")
    client.calls.create(to="+420601107001", from_=AGENCY_NUMBER, twiml="<Response><Say>Good day.</Say></Response>")
    simulator.wait_until_quiet()
    page = requests.get(f"{simulator.url}/", timeout=5)
    assert "Pay &lt;now&gt; &amp; rest" in page.text
    assert "“Good day.”" in page.text
    assert 'http-equiv="refresh"' in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "<td>refused: 400, code 21211, not a valid number</td>" in page.text


def test_the_page_is_filtered_by_digits_and_held_still_for_writing(simulator: Simulator, client: Client) -> None:
    send(client, to="+420601111222")
    send(client, to="+420601111333")
    page = requests.get(f"{simulator.url}/", params={"number": "1 333", "refresh": "0"}, timeout=5).text
    assert "Phone +420601111333" in page
    assert "Phone +420601111222" not in page
    assert 'http-equiv="refresh"' not in page
    assert "Reply from +420601111333" in page


def test_a_reply_without_an_inbound_webhook_says_so(simulator: Simulator, client: Client) -> None:
    send(client)
    page = requests.post(f"{simulator.url}/reply", data={"from": DEBTOR, "body": "Hello?"}, timeout=5)
    assert "no inbound webhook is set" in page.text
    assert "Hello?" in page.text


def test_another_sites_page_may_not_write(simulator: Simulator) -> None:
    headers = {"Origin": "http://evil.example"}
    answer = requests.post(f"{simulator.url}/reply", data={"from": DEBTOR, "body": "x"}, headers=headers, timeout=5)
    reset = requests.post(f"{simulator.url}/_control/reset", headers=headers, timeout=5)
    assert (answer.status_code, reset.status_code) == (403, 403)


def test_the_style_is_its_own_and_knows_the_dark(simulator: Simulator) -> None:
    style = requests.get(f"{simulator.url}/style.css", timeout=5)
    assert style.headers["Content-Type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in style.text
    assert "http" not in style.text


def test_health_and_unknown_addresses_answer(simulator: Simulator) -> None:
    assert requests.get(f"{simulator.url}/healthz", timeout=5).json() == {"status": "ok"}
    assert requests.get(f"{simulator.url}/nowhere", timeout=5).status_code == 404


def test_messages_survive_a_restart(tmp_path: Path) -> None:
    state = str(tmp_path / "carrier.sqlite")
    with Simulator(state=state) as first:
        sid = send(client_for(first.url)).sid
        first.wait_until_quiet()
    with Simulator(state=state) as second:
        assert client_for(second.url).messages(sid).fetch().status == "delivered"


def test_what_was_under_way_goes_on_after_a_restart(tmp_path: Path, site: CustomerSite) -> None:
    state = str(tmp_path / "carrier.sqlite")
    with Simulator(state=state, settings=Settings(step_ms=60_000, call_pace=1.0)) as first:
        client = client_for(first.url)
        sid = send(client, status_callback=site.url("/status")).sid
        call = client.calls.create(to=DEBTOR, from_=AGENCY_NUMBER, twiml="<Response><Pause length='60'/></Response>")
    with Simulator(state=state, settings=Settings(step_ms=5)) as second:
        second.wait_until_quiet()
        client = client_for(second.url)
        assert client.messages(sid).fetch().status == "delivered"
        assert client.calls(call.sid).fetch().status == "failed"
    assert site.values("/status", "MessageStatus")[-1] == "delivered"


def test_a_stopped_simulator_answers_no_kept_open_connection() -> None:
    simulator = Simulator().start()
    with requests.Session() as session:
        address = f"{simulator.url}/healthz"
        session.get(address, timeout=5)
        simulator.stop()
        with pytest.raises(requests.exceptions.ConnectionError):
            session.get(address, timeout=5)


def test_the_command_serves_and_stops_cleanly_on_sigterm(tmp_path: Path) -> None:
    state = tmp_path / "carrier.sqlite"
    command = [sys.executable, "-m", "carrier_simulator", "--port", "0", "--state", str(state)]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().rpartition(" ")[2].strip()
        status = requests.get(f"{url}/healthz", timeout=5).status_code
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=15)
    assert (status, process.returncode) == (200, 0)
    assert "has stopped" in output
    assert "Traceback" not in errors
    assert state.exists()


def test_the_command_says_why_it_cannot_start(simulator: Simulator) -> None:
    command = [sys.executable, "-m", "carrier_simulator", "--port", simulator.url.rpartition(":")[2]]
    finished = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=15, check=False)
    assert finished.returncode == 1
    assert "cannot start" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_the_command_refuses_an_inbound_address_elsewhere() -> None:
    command = [sys.executable, "-m", "carrier_simulator", "--inbound-url", "http://example.org/x"]
    finished = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=15, check=False)
    assert finished.returncode == 2
    assert "loopback addresses only" in finished.stderr
