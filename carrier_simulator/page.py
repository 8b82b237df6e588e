"""The page of phones: what each number received, heard and answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import carrier_simulator
from carrier_simulator import messaging
from carrier_simulator.carrier import Carrier
from carrier_simulator.errors import NotUnderstood
from carrier_simulator.store import Call, CallStep, Message
from carrier_simulator.web import Answer, Request

HERE = Path(__file__).parent
MOST_PHONES = 48
MOST_EVENTS = 25
USUAL_REFRESH = 5
NOTICES = {
    "sent": "The reply is on its way to the inbound webhook.",
    "no-webhook": "The reply is noted, but no inbound webhook is set: start with --inbound-url.",
    "empty": "An empty reply is not sent.",
    "not-a-number": "That is not a phone number.",
}
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _clock(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%d.%m. %H:%M:%S")


_templates.filters["clock"] = _clock


@dataclass(frozen=True)
class Event:
    """A message or a call on one phone's screen."""

    at: float
    message: Message | None = None
    call: Call | None = None
    steps: tuple[CallStep, ...] = ()


@dataclass(frozen=True)
class Phone:
    number: str
    events: tuple[Event, ...]
    message_count: int
    call_count: int
    stopped: bool


def show(carrier: Carrier, request: Request) -> Answer:
    """The phones, newest first; `number` filters by digits, `refresh=0` holds the page still for writing."""
    wanted = request.first("number").strip()
    refresh = request.first("refresh", str(USUAL_REFRESH))
    seconds = int(refresh) if refresh.isdigit() and int(refresh) <= 3600 else USUAL_REFRESH
    html = _templates.get_template("phones.html").render(
        phones=_phones(carrier, "".join(character for character in wanted if character.isdigit())),
        wanted=wanted,
        refresh=seconds,
        usual_refresh=USUAL_REFRESH,
        notice=NOTICES.get(request.first("notice"), ""),
        totals=_totals(carrier),
        guide=_guide(),
        most_phones=MOST_PHONES,
        link=_link,
    )
    return Answer(body=html.encode(), content_type="text/html; charset=utf-8", headers=SECURITY_HEADERS)


def style(_carrier: Carrier, _request: Request) -> Answer:
    return Answer(
        body=(HERE / "static" / "style.css").read_bytes(),
        content_type="text/css; charset=utf-8",
        headers={"X-Content-Type-Options": "nosniff"},
    )


def reply(carrier: Carrier, request: Request) -> Answer:
    """A person answers from the page; then back to where they were."""
    if request.is_from_elsewhere:
        return Answer(
            status=403, body=b"Another site's page may not write from these phones.", content_type="text/plain"
        )
    form = {name: values[0] for name, values in request.form.items()}
    body = form.get("body", "").strip()
    if body:
        try:
            messaging.receive(carrier, phone=form.get("from", ""), body=body)
            notice = "sent" if carrier.settings.inbound_url else "no-webhook"
        except NotUnderstood:
            notice = "not-a-number"
    else:
        notice = "empty"
    target = _link(number=form.get("number", ""), refresh=form.get("refresh", ""), notice=notice)
    return Answer(status=303, headers={"Location": target}, content_type="text/plain")


def _link(**query: object) -> str:
    kept = {name: value for name, value in query.items() if value not in ("", None)}
    return f"/?{urlencode(kept)}" if kept else "/"


def _phones(carrier: Carrier, digits: str) -> list[Phone]:
    rows = carrier.store.rows(
        "SELECT phone, MAX(at) AS at, SUM(is_message) AS messages, SUM(1 - is_message) AS calls FROM ("
        " SELECT phone, created_at AS at, 1 AS is_message FROM messages"
        " UNION ALL SELECT phone, created_at, 0 FROM calls"
        ") WHERE phone LIKE ? GROUP BY phone ORDER BY at DESC, phone LIMIT ?",
        [f"%{digits}%", MOST_PHONES],
    )
    stopped = {row["phone"] for row in carrier.store.rows("SELECT DISTINCT phone FROM opt_outs")}
    return [
        Phone(
            number=row["phone"],
            events=_events(carrier, row["phone"]),
            message_count=row["messages"],
            call_count=row["calls"],
            stopped=row["phone"] in stopped,
        )
        for row in rows
    ]


def _events(carrier: Carrier, phone: str) -> tuple[Event, ...]:
    newest = "phone = ? ORDER BY id DESC LIMIT ?"
    events = [
        Event(at=message.created_at, message=message)
        for message in carrier.store.messages(newest, [phone, MOST_EVENTS])
    ]
    events += [
        Event(at=call.created_at, call=call, steps=tuple(carrier.store.steps(call.sid)))
        for call in carrier.store.calls(newest, [phone, MOST_EVENTS])
    ]
    return tuple(sorted(events, key=lambda event: event.at, reverse=True)[:MOST_EVENTS])


def _totals(carrier: Carrier) -> dict[str, int]:
    row = carrier.store.rows(
        "SELECT (SELECT COUNT(*) FROM messages WHERE direction != 'inbound') AS messages,"
        " (SELECT COUNT(*) FROM messages WHERE direction = 'inbound') AS replies,"
        " (SELECT COUNT(*) FROM calls) AS calls,"
        " (SELECT COUNT(*) FROM callbacks WHERE state = 'pending') AS waiting"
    )[0]
    return {name: int(value) for name, value in row.items()}


def _guide() -> list[tuple[str, str, str]]:
    """The table of suffixes as the package's own description has it: ending, kind, what happens."""
    text = carrier_simulator.__doc__ or ""
    table = text.partition("what happens\n")[2].partition("\n\n")[0]
    rows = [line.split(maxsplit=2) for line in table.splitlines()]
    return [(row[0], row[1], row[2]) for row in rows if len(row) == 3]
