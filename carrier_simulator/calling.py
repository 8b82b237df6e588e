"""Telephone calls: placed, answered or not, talked through, and reported."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from carrier_simulator import twiml, webhooks
from carrier_simulator.behaviour import CALL, Behaviour
from carrier_simulator.carrier import API_VERSION, Carrier, is_phone_number, is_sender
from carrier_simulator.errors import refusal
from carrier_simulator.loopback import NotLoopback, refuse_unless_loopback
from carrier_simulator.resources import rfc2822
from carrier_simulator.store import Call

log = logging.getLogger(__name__)

EVENTS = ("initiated", "ringing", "answered", "completed")
UNDER_WAY = ("queued", "ringing", "in-progress")
WEB_FIELDS = ("Url", "FallbackUrl", "StatusCallback", "AsyncAmdStatusCallback")
KEPT_FIELDS = ("Method", "FallbackMethod", "StatusCallbackMethod", "Twiml", "MachineDetection", "AsyncAmd", "TimeLimit")
NOT_SIMULATED = ("ApplicationSid", "SendDigits", "Record")
MOST_DOCUMENTS = 50
LONGEST_CALL = 14_400


def place(carrier: Carrier, *, account_sid: str, fields: Mapping[str, list[str]]) -> tuple[Call, Behaviour]:
    """Take an order for a call and set it going.

    Raises:
        CarrierRefused: no call will be made.
    """
    request = {name: fields[name][0] for name in (*WEB_FIELDS, *KEPT_FIELDS) if name in fields}
    to, sender = fields.get("To", [""])[0], fields.get("From", [""])[0]
    events = fields.get("StatusCallbackEvent", ["completed"])
    _check(to=to, sender=sender, request=request, events=events, fields=fields)
    behaviour = carrier.rules.decide(kind=CALL, to=to, magic=carrier.settings.magic_suffixes)
    if behaviour.refuse:
        raise refusal(
            behaviour.refuse,
            to=to,
            sender=sender,
            status=behaviour.http_status,
            retry_after=behaviour.retry_after,
        )
    now = time.time()
    lag_ms = carrier.settings.index_lag_ms if behaviour.index_lag_ms is None else behaviour.index_lag_ms
    call = Call(
        id=0,
        sid="CA" + uuid.uuid4().hex,
        account_sid=account_sid,
        phone=to,
        sender=sender,
        recipient=to,
        status="queued",
        answered_by=None,
        duration=None,
        request=json.dumps({**request, "events": events}),
        behaviour=behaviour.dump(),
        created_at=now,
        updated_at=now,
        started_at=None,
        ended_at=None,
        visible_at=now + lag_ms / 1000,
    )
    carrier.store.insert("calls", **{name: value for name, value in vars(call).items() if name != "id"})
    carrier.switchboard.after(0, Line(carrier, call, behaviour).run)
    return call, behaviour


def change(carrier: Carrier, call: Call, *, fields: Mapping[str, list[str]]) -> Call:
    """End a call from outside: canceled before it is answered, completed while it lasts."""
    wanted = fields.get("Status", [""])[0]
    if wanted not in ("canceled", "completed"):
        raise refusal(20001, detail="The simulator changes a call's Status to canceled or completed, and nothing else.")
    allowed = ("queued", "ringing") if wanted == "canceled" else UNDER_WAY
    marks = ", ".join("?" * len(allowed))
    now = time.time()
    length = 0 if call.started_at is None else max(1, round(now - call.started_at))
    ended = carrier.store.update(
        "calls",
        f"sid = ? AND status IN ({marks})",
        [call.sid, *allowed],
        status=wanted,
        updated_at=now,
        ended_at=now,
        duration=length,
    )
    if not ended:
        raise refusal(21220)
    Line(carrier, call, Behaviour.restore(call.behaviour)).report("completed", wanted, length)
    return carrier.store.call(call.sid) or call


def resume(carrier: Carrier) -> None:
    """A call does not survive a restart: what was on the line has failed, and is reported so."""
    for call in carrier.store.calls("status IN ('queued', 'ringing', 'in-progress') ORDER BY id"):
        line = Line(carrier, call, Behaviour.restore(call.behaviour))
        line.note("cut off by a restart of the carrier")
        line.end("failed")


def _check(
    *, to: str, sender: str, request: Mapping[str, str], events: list[str], fields: Mapping[str, list[str]]
) -> None:
    for name in NOT_SIMULATED:
        if fields.get(name, ["false"])[0].lower() not in ("", "false"):
            raise refusal(20001, detail=f"The simulator does not know {name}.")
    if not to:
        raise refusal(21201)
    if not sender:
        raise refusal(21213)
    if not is_phone_number(to):
        raise refusal(21211, to=to)
    if not is_sender(sender):
        raise refusal(21212, sender=sender)
    if not request.get("Url") and not request.get("Twiml"):
        raise refusal(21205)
    if not set(events) <= set(EVENTS):
        raise refusal(21626)
    for name in WEB_FIELDS:
        if not request.get(name):
            continue
        try:
            refuse_unless_loopback(request[name])
        except NotLoopback as problem:
            log.error("Refused a call: %s", problem)
            raise refusal(21609 if "Callback" in name else 21205, detail=str(problem)) from problem


class _CallOver(Exception):
    """The call ended; nothing more is said."""


@dataclass
class Line:
    """One call from dialling to hanging up. Spoken time is counted, and waited only as far as `call_pace` says."""

    carrier: Carrier
    call: Call
    behaviour: Behaviour
    _seconds: float = 0
    _questions: int = 0
    _documents: int = 0
    _url: str = ""
    _request: dict[str, str] = field(default_factory=dict)
    _events: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        kept = json.loads(self.call.request)
        self._events = kept.pop("events")
        self._request = kept

    def run(self) -> None:
        """The whole call."""
        self.report("initiated", "initiated")
        self._wait_a_step()
        if not self._turn("ringing", expected="queued"):
            return
        self.report("ringing", "ringing")
        self._wait_a_step()
        if self.behaviour.call_status != "completed":
            self.end(self.behaviour.call_status)
            return
        if not self._turn("in-progress", expected="ringing", answered_by=self._answered_by(), started_at=time.time()):
            return
        self.report("answered", "in-progress")
        self._report_late_detection()
        try:
            self._talk()
        except _CallOver:
            pass
        except Exception as problem:
            log.exception("A call broke down")
            self.note(f"the simulator broke down: {problem}")
        if not self.carrier.stopping.is_set():
            self.end("completed")

    def end(self, status: str) -> None:
        """Hang up, unless somebody else did already."""
        was_answered = status == "completed"
        started = (self.carrier.store.call(self.call.sid) or self.call).started_at
        length = max(1, round(self._seconds)) if was_answered else 0
        changes: dict[str, object] = {
            "status": status,
            "duration": length,
            "ended_at": (started or time.time()) + length,
            "updated_at": time.time(),
        }
        sid = self.call.sid
        if self.carrier.store.update(
            "calls", "sid = ? AND status IN ('queued', 'ringing', 'in-progress')", [sid], **changes
        ):
            self.report("completed", status, length)

    def note(self, text: str, kind: str = "note") -> None:
        self.carrier.store.insert("call_steps", call_sid=self.call.sid, kind=kind, text=text, at=time.time())

    def report(self, event: str, status: str, seconds: int | None = None) -> None:
        """Tell the status callback, when the customer asked for this event."""
        if event not in self._events:
            return
        params = self._params(status) | {
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(EVENTS.index(event)),
            "Timestamp": rfc2822(time.time()) or "",
        }
        if event == "completed":
            length = seconds or 0
            params |= {"CallDuration": str(length), "Duration": str(-(-length // 60))}
            params["SipResponseCode"] = {"busy": "486", "no-answer": "480", "failed": "404"}.get(status, "200")
        webhooks.post_later(
            self.carrier,
            account_sid=self.call.account_sid,
            subject_sid=self.call.sid,
            url=self._request.get("StatusCallback", ""),
            params=params,
            behaviour=self.behaviour,
            is_last=event == "completed",
            method=self._request.get("StatusCallbackMethod", "POST").upper(),
        )

    def _talk(self) -> None:
        inline = self._request.get("Twiml", "")
        if inline and not self._request.get("Url"):
            self._follow(inline)
        else:
            self._follow(self._fetch(self._request["Url"], self._request.get("Method", "POST").upper(), {}))

    def _follow(self, document: str | bytes) -> None:
        """Work through documents until one ends without sending the call elsewhere."""
        following: str | bytes | None = document
        while following is not None:
            try:
                verbs = twiml.read(following)
            except twiml.TwimlBroken as problem:
                self.note(f"application error: {problem}")
                return
            following = None
            for verb in verbs:
                following = self._do(verb)
                if following is not None:
                    break

    def _do(self, verb: twiml.Verb) -> bytes | None:
        """One verb; the next document when it leads to one."""
        self._stop_if_ended()
        if isinstance(verb, twiml.Say | twiml.Play | twiml.Pause):
            self._utter(verb)
            return None
        if isinstance(verb, twiml.Gather):
            return self._ask(verb)
        if isinstance(verb, twiml.Redirect):
            return self._fetch(verb.url, verb.method, {})
        if isinstance(verb, twiml.Dial):
            return self._connect(verb)
        if isinstance(verb, twiml.Unknown):
            self.note(f"<{verb.name}> is not simulated")
            return None
        raise _CallOver

    def _utter(self, prompt: twiml.Prompt) -> None:
        if isinstance(prompt, twiml.Say):
            self.note(prompt.text, "said")
        elif isinstance(prompt, twiml.Play):
            self.note(prompt.url, "played")
        self._let_pass(prompt.seconds)
        if self.behaviour.hangs_up and isinstance(prompt, twiml.Say):
            self.note("the person hangs up")
            raise _CallOver

    def _ask(self, gather: twiml.Gather) -> bytes | None:
        for prompt in gather.prompts:
            self._utter(prompt)
        pressed = self._press(gather)
        if not pressed:
            self._let_pass(gather.timeout)
            self.note("nothing is pressed", "silence")
            if not gather.action_on_empty:
                return None
        else:
            self._let_pass(len(pressed))
            self.note(pressed, "pressed")
        if not gather.action and not self._url:
            self.note("application error: a Gather in inline TwiML needs an action")
            raise _CallOver
        return self._fetch(gather.action, gather.method, {"Digits": pressed, "msg": "Gather End"})

    def _press(self, gather: twiml.Gather) -> str:
        if self.behaviour.answered_by != "human":
            return ""
        script = self.carrier.settings.digits if self.behaviour.digits is None else self.behaviour.digits
        pressed = script[self._questions] if self._questions < len(script) else ""
        self._questions += 1
        return gather.hear(pressed)

    def _connect(self, dial: twiml.Dial) -> bytes | None:
        self.note(f"connected to {dial.number}")
        self._let_pass(30)
        if not dial.action:
            return None
        return self._fetch(dial.action, dial.method, {"DialCallStatus": "completed", "DialCallDuration": "30"})

    def _fetch(self, url: str, method: str, more: Mapping[str, str]) -> bytes:
        """The next document; the fallback address is tried once when the first fails."""
        self._documents += 1
        if self._documents > MOST_DOCUMENTS:
            self.note(f"application error: more than {MOST_DOCUMENTS} documents in one call")
            raise _CallOver
        target = urljoin(self._url, url) if self._url else url
        try:
            return self._fetch_one(target, method, more)
        except (webhooks.WebhookFailed, NotLoopback) as problem:
            fallback = self._request.pop("FallbackUrl", "")
            if not fallback:
                self.note(f"application error: {problem}")
                raise _CallOver from problem
            self.note(f"{problem}; trying the fallback")
        try:
            error = {"ErrorCode": "11200", "ErrorUrl": target}
            return self._fetch_one(fallback, self._request.get("FallbackMethod", "POST").upper(), {**more, **error})
        except (webhooks.WebhookFailed, NotLoopback) as problem:
            self.note(f"application error: {problem}")
            raise _CallOver from problem

    def _fetch_one(self, url: str, method: str, more: Mapping[str, str]) -> bytes:
        answer = webhooks.fetch(
            self.carrier,
            account_sid=self.call.account_sid,
            url=url,
            params={**self._params("in-progress"), **more},
            method=method,
        )
        if not answer.is_fine:
            raise webhooks.WebhookFailed(f"{url} answered {answer.status}")
        self._url = url
        return answer.body

    def _params(self, status: str) -> dict[str, str]:
        params = {
            "AccountSid": self.call.account_sid,
            "ApiVersion": API_VERSION,
            "CallSid": self.call.sid,
            "CallStatus": status,
            "Called": self.call.recipient,
            "Caller": self.call.sender,
            "Direction": "outbound-api",
            "From": self.call.sender,
            "To": self.call.recipient,
        }
        answered_by = self._answered_by()
        if answered_by and status in ("in-progress", "completed") and not self._detects_late():
            params["AnsweredBy"] = answered_by
        return params

    def _answered_by(self) -> str | None:
        """Who answers, when the customer asked to have it detected."""
        detection = self._request.get("MachineDetection", "")
        if detection not in ("Enable", "DetectMessageEnd"):
            return None
        if self.behaviour.answered_by != "machine":
            return self.behaviour.answered_by
        return "machine_start" if detection == "Enable" else "machine_end_beep"

    def _detects_late(self) -> bool:
        return self._request.get("AsyncAmd", "").lower() == "true"

    def _report_late_detection(self) -> None:
        url, answered_by = self._request.get("AsyncAmdStatusCallback", ""), self._answered_by()
        if not url or not answered_by or not self._detects_late():
            return
        webhooks.post_later(
            self.carrier,
            account_sid=self.call.account_sid,
            subject_sid=self.call.sid,
            url=url,
            params={
                "AccountSid": self.call.account_sid,
                "AnsweredBy": answered_by,
                "CallSid": self.call.sid,
                "MachineDetectionDuration": "2500",
            },
            behaviour=self.behaviour,
            is_last=False,
        )

    def _turn(self, status: str, *, expected: str, **changes: object) -> bool:
        return self.carrier.store.update(
            "calls",
            "sid = ? AND status = ?",
            [self.call.sid, expected],
            status=status,
            updated_at=time.time(),
            **changes,
        )

    def _let_pass(self, seconds: float) -> None:
        limit = self._request.get("TimeLimit", "")
        longest = int(limit) if limit.isdigit() else LONGEST_CALL
        self._seconds += seconds
        self.carrier.wait(seconds * self.carrier.settings.call_pace)
        if self._seconds >= longest:
            self._seconds = longest
            self.note("the time limit is reached")
            raise _CallOver

    def _wait_a_step(self) -> None:
        self.carrier.wait(self.carrier.settings.step_ms / 1000)

    def _stop_if_ended(self) -> None:
        call = self.carrier.store.call(self.call.sid)
        if call is None or call.status != "in-progress" or self.carrier.stopping.is_set():
            raise _CallOver
