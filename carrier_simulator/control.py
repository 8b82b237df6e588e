"""The control interface for tests and demos: rules, settings, what arrived, and a fresh start."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from carrier_simulator import messaging, webhooks
from carrier_simulator.behaviour import EFFECTS, SUFFIXES
from carrier_simulator.carrier import Carrier
from carrier_simulator.errors import NotUnderstood
from carrier_simulator.resources import call_json, message_json
from carrier_simulator.web import Answer, Request, json_answer

PREFIX = "/_control/"
LONGEST_WAIT = 60.0


def answer(carrier: Carrier, request: Request) -> Answer:
    """Answer one request under /_control/; what is not understood is a 400 that says why."""
    if request.is_from_elsewhere:
        return json_answer({"error": "Another site's page may not steer the carrier."}, status=403)
    rule = re.fullmatch(r"/_control/rules/(\d+)", request.path)
    if rule and request.method == "DELETE":
        found = carrier.rules.forget(int(rule[1]))
        return Answer(status=204) if found else json_answer({"error": "There is no such rule."}, status=404)
    handle = _HANDLERS.get((request.method, request.path))
    if handle is None:
        known = ", ".join(f"{method} {path}" for method, path in _HANDLERS)
        return json_answer({"error": f"There is no {request.method} {request.path}; there are {known}."}, status=404)
    try:
        return handle(carrier, request)
    except NotUnderstood as problem:
        return json_answer({"error": str(problem)}, status=400)


def _object(request: Request) -> dict[str, Any]:
    given = request.json
    if not isinstance(given, dict):
        raise NotUnderstood("The body must be a JSON object.")
    return given


def _add_rules(carrier: Carrier, request: Request) -> Answer:
    given = request.json
    wanted: list[Any] = given if isinstance(given, list) else [given]
    if not all(isinstance(one, dict) for one in wanted):
        raise NotUnderstood("A rule is a JSON object.")
    added = [carrier.rules.add(one).as_json() for one in wanted]
    return json_answer(added if isinstance(given, list) else added[0], status=201)


def _show_rules(carrier: Carrier, _request: Request) -> Answer:
    suffixes = {
        ending: {"kind": suffix.kind, "effect": list(suffix.effect), "times": suffix.times}
        for ending, suffix in SUFFIXES.items()
    }
    return json_answer({"rules": carrier.rules.as_json(), "effects": EFFECTS, "suffixes": suffixes})


def _clear_rules(carrier: Carrier, _request: Request) -> Answer:
    carrier.rules.clear()
    return Answer(status=204)


def _show_settings(carrier: Carrier, _request: Request) -> Answer:
    return json_answer(carrier.settings.as_json())


def _change_settings(carrier: Carrier, request: Request) -> Answer:
    carrier.settings = carrier.settings.changed(_object(request))
    return json_answer(carrier.settings.as_json())


def _show_messages(carrier: Carrier, _request: Request) -> Answer:
    """Everything accepted, oldest first, listed or not yet; `repeated` is what one phone got more than once."""
    messages = carrier.store.messages("1 = 1 ORDER BY id")
    out = [message for message in messages if message.direction != "inbound"]
    same: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for message in out:
        same[(message.recipient, message.body)].append(message.sid)
    return json_answer(
        {
            "messages": [message_json(message) for message in messages],
            "count": len(out),
            "inbound_count": len(messages) - len(out),
            "bodies": Counter(message.body for message in out),
            "repeated": [
                {"to": to, "body": body, "count": len(sids), "sids": sids}
                for (to, body), sids in same.items()
                if len(sids) > 1
            ],
        }
    )


def _show_calls(carrier: Carrier, _request: Request) -> Answer:
    calls = carrier.store.calls("1 = 1 ORDER BY id")
    shown = []
    for call in calls:
        steps = carrier.store.steps(call.sid)
        shown.append(
            call_json(call)
            | {
                "said": [step.text for step in steps if step.kind == "said"],
                "pressed": [step.text for step in steps if step.kind == "pressed"],
                "steps": [{"kind": step.kind, "text": step.text} for step in steps],
            }
        )
    return json_answer({"calls": shown, "count": len(calls), "numbers": Counter(call.recipient for call in calls)})


def _show_callbacks(carrier: Carrier, _request: Request) -> Answer:
    rows = [webhooks.as_json(row) for row in carrier.store.rows("SELECT * FROM callbacks ORDER BY id")]
    return json_answer({"callbacks": rows, "count": len(rows), "states": Counter(str(row["state"]) for row in rows)})


def _write_from_phone(carrier: Carrier, request: Request) -> Answer:
    given = _object(request)
    texts = {name: given.get(name, "") for name in ("from", "to", "body")}
    if not all(isinstance(text, str) for text in texts.values()) or not texts["body"]:
        raise NotUnderstood('An inbound message needs "from" and "body", and may have "to".')
    message = messaging.receive(carrier, phone=texts["from"], to=texts["to"], body=texts["body"])
    return json_answer(message_json(message), status=201)


def _wait_for_quiet(carrier: Carrier, request: Request) -> Answer:
    try:
        timeout = min(float(request.first("timeout", "10")), LONGEST_WAIT)
    except ValueError as problem:
        raise NotUnderstood("timeout must be a number of seconds.") from problem
    quiet = carrier.wait_until_quiet(timeout)
    return json_answer({"quiet": quiet}, status=200 if quiet else 503)


def _reset(carrier: Carrier, _request: Request) -> Answer:
    carrier.reset()
    return Answer(status=204)


def healthz(carrier: Carrier, _request: Request) -> Answer:
    carrier.store.rows("SELECT 1")
    return Answer(body=json.dumps({"status": "ok"}).encode())


_HANDLERS: dict[tuple[str, str], Callable[[Carrier, Request], Answer]] = {
    ("POST", "/_control/rules"): _add_rules,
    ("GET", "/_control/rules"): _show_rules,
    ("DELETE", "/_control/rules"): _clear_rules,
    ("GET", "/_control/settings"): _show_settings,
    ("POST", "/_control/settings"): _change_settings,
    ("GET", "/_control/messages"): _show_messages,
    ("GET", "/_control/calls"): _show_calls,
    ("GET", "/_control/callbacks"): _show_callbacks,
    ("POST", "/_control/inbound"): _write_from_phone,
    ("GET", "/_control/quiet"): _wait_for_quiet,
    ("POST", "/_control/reset"): _reset,
}
