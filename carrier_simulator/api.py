"""The vendor's REST interface: messages and calls, made, read and listed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from carrier_simulator import calling, messaging
from carrier_simulator.behaviour import Behaviour
from carrier_simulator.carrier import API_VERSION, Carrier
from carrier_simulator.errors import CarrierRefused, refusal
from carrier_simulator.resources import call_json, message_json
from carrier_simulator.store import Call, Message
from carrier_simulator.web import Answer, Request, json_answer

PREFIX = f"/{API_VERSION}/"
USUAL_PAGE, LARGEST_PAGE = 50, 1000
_PATH = re.compile(rf"/{API_VERSION}/Accounts/(?P<account>[^/]+)/(?P<what>Messages|Calls)(/(?P<sid>[^/]+))?\.json")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Row = TypeVar("Row", Message, Call)


def answer(carrier: Carrier, request: Request) -> Answer:
    """Answer one request under /2010-04-01/; refusals come in the vendor's shape."""
    usual_latency = carrier.settings.latency_ms / 1000
    try:
        found = _route(carrier, request)
    except CarrierRefused as refused:
        return Answer(status=refused.status, body=refused.body, headers=refused.headers, latency=usual_latency)
    return replace(found, latency=usual_latency) if not found.latency else found


def _route(carrier: Carrier, request: Request) -> Answer:
    user, password = request.credentials
    if not carrier.accounts.admits(user, password):
        raise refusal(20003)
    match = _PATH.fullmatch(request.path)
    if match is None or match["account"] != user:
        raise refusal(20404, detail=f"The requested resource {request.path} was not found")
    handle = _HANDLERS.get((request.method, match["what"], match["sid"] is not None))
    if handle is None:
        raise refusal(20004)
    return handle(carrier, request, user, match["sid"] or "")


def _send_message(carrier: Carrier, request: Request, account_sid: str, _sid: str) -> Answer:
    message, behaviour = messaging.accept(carrier, account_sid=account_sid, fields=request.form)
    return _accepted(carrier, message_json(message), behaviour)


def _show_message(carrier: Carrier, _request: Request, account_sid: str, sid: str) -> Answer:
    return json_answer(message_json(_own(carrier.store.message(sid), account_sid)))


def _change_message(carrier: Carrier, request: Request, account_sid: str, sid: str) -> Answer:
    message = _own(carrier.store.message(sid), account_sid)
    if request.form.get("Status", [""])[0] == "canceled":
        return json_answer(message_json(messaging.cancel(carrier, message)))
    if request.form.get("Body") == [""]:
        return json_answer(message_json(messaging.redact(carrier, message)))
    raise refusal(20001, detail="A message can be canceled (Status) or redacted (an empty Body), and nothing else.")


def _delete_message(carrier: Carrier, _request: Request, account_sid: str, sid: str) -> Answer:
    messaging.delete(carrier, _own(carrier.store.message(sid), account_sid))
    return Answer(status=204)


def _list_messages(carrier: Carrier, request: Request, account_sid: str, _sid: str) -> Answer:
    """A message that was not sent yet is listed under the moment it was taken in."""
    filters = _Filters(account_sid)
    filters.equal("recipient", request.first("To"))
    filters.equal("sender", request.first("From"))
    filters.moments("coalesce(sent_at, created_at)", "DateSent", request)
    return _page(request, filters, carrier.store.messages, "messages", message_json)


def _place_call(carrier: Carrier, request: Request, account_sid: str, _sid: str) -> Answer:
    call, behaviour = calling.place(carrier, account_sid=account_sid, fields=request.form)
    return _accepted(carrier, call_json(call), behaviour)


def _show_call(carrier: Carrier, _request: Request, account_sid: str, sid: str) -> Answer:
    return json_answer(call_json(_own(carrier.store.call(sid), account_sid)))


def _change_call(carrier: Carrier, request: Request, account_sid: str, sid: str) -> Answer:
    call = _own(carrier.store.call(sid), account_sid)
    return json_answer(call_json(calling.change(carrier, call, fields=request.form)))


def _list_calls(carrier: Carrier, request: Request, account_sid: str, _sid: str) -> Answer:
    filters = _Filters(account_sid)
    filters.equal("recipient", request.first("To"))
    filters.equal("sender", request.first("From"))
    filters.equal("status", request.first("Status"))
    filters.moments("coalesce(started_at, created_at)", "StartTime", request)
    filters.moments("ended_at", "EndTime", request)
    return _page(request, filters, carrier.store.calls, "calls", call_json)


_HANDLERS: dict[tuple[str, str, bool], Callable[[Carrier, Request, str, str], Answer]] = {
    ("POST", "Messages", False): _send_message,
    ("GET", "Messages", False): _list_messages,
    ("GET", "Messages", True): _show_message,
    ("POST", "Messages", True): _change_message,
    ("DELETE", "Messages", True): _delete_message,
    ("POST", "Calls", False): _place_call,
    ("GET", "Calls", False): _list_calls,
    ("GET", "Calls", True): _show_call,
    ("POST", "Calls", True): _change_call,
}


def _accepted(carrier: Carrier, resource: dict[str, Any], behaviour: Behaviour) -> Answer:
    """The answer to something accepted: given, late, spoilt or not at all."""
    latency_ms = carrier.settings.latency_ms if behaviour.latency_ms is None else behaviour.latency_ms
    if behaviour.answer == "lost":
        return Answer(close=True, latency=latency_ms / 1000)
    if behaviour.answer == "error":
        broken = refusal(20502)
        return Answer(status=broken.status, body=broken.body, latency=latency_ms / 1000)
    return json_answer(resource, status=201, latency=latency_ms / 1000)


def _own(found: Row | None, account_sid: str) -> Row:
    """Another account's resource does not exist."""
    if found is None or found.account_sid != account_sid:
        raise refusal(20404)
    return found


class _Filters:
    """The WHERE of a list, with its bound values."""

    def __init__(self, account_sid: str) -> None:
        self.clauses = ["account_sid = ?", "visible_at <= ?"]
        self.values: list[object] = [account_sid, time.time()]

    def equal(self, column: str, value: str) -> None:
        if value:
            self.clauses.append(f"{column} = ?")
            self.values.append(value)

    def moments(self, column: str, name: str, request: Request) -> None:
        """`Name` asks for a day, `Name<` for that day or moment and before, `Name>` for it and after. All in UTC."""
        for sign, text in (
            ("", request.first(name)),
            ("<", request.first(f"{name}<")),
            (">", request.first(f"{name}>")),
        ):
            if not text:
                continue
            moment = _moment(text)
            day = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
            is_day = _DAY.fullmatch(text) is not None
            if sign in ("", ">"):
                self.clauses.append(f"{column} >= ?")
                self.values.append((day if not sign or is_day else moment).timestamp())
            if sign == "" or (sign == "<" and is_day):
                self.clauses.append(f"{column} < ?")
                self.values.append((day + timedelta(days=1)).timestamp())
            elif sign == "<":
                self.clauses.append(f"{column} <= ?")
                self.values.append(moment.timestamp())


def _moment(text: str) -> datetime:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except ValueError:
            continue
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    raise refusal(20001, detail=f"{text!r} is not a date.")


def _page(
    request: Request,
    filters: _Filters,
    select: Callable[[str, list[object]], list[Row]],
    key: str,
    show: Callable[[Row], dict[str, Any]],
) -> Answer:
    """One page, newest first.

    The token names the last resource of the page before, so new arrivals do not shift pages.
    """
    size, number = _size(request), _number(request)
    where, values = list(filters.clauses), list(filters.values)
    token = request.first("PageToken")
    backwards = token.startswith("PB")
    if token:
        side = ">" if backwards else "<"
        where.append(f"id {side} (SELECT id FROM {key} WHERE sid = ?)")  # noqa: S608 - `key` is a word of ours
        values.append(token[2:])
    order = "ASC" if backwards else "DESC"
    rows = select(f"{' AND '.join(where)} ORDER BY id {order} LIMIT {size + 1}", values)
    has_more = len(rows) > size or backwards
    rows = rows[:size]
    if backwards:
        rows.reverse()
    first = number * size
    return json_answer(
        {
            key: [show(row) for row in rows],
            "first_page_uri": _uri(request, size, 0, ""),
            "next_page_uri": _uri(request, size, number + 1, "PA" + rows[-1].sid) if has_more and rows else None,
            "previous_page_uri": _uri(request, size, number - 1, "PB" + rows[0].sid) if number and rows else None,
            "page": number,
            "page_size": size,
            "start": first,
            "end": first + len(rows) - 1 if rows else first,
            "uri": request.target,
        }
    )


def _uri(request: Request, size: int, number: int, token: str) -> str:
    kept: Mapping[str, list[str]] = request.query
    query = [(name, value) for name, values in kept.items() for value in values if not name.startswith("Page")]
    query += [("PageSize", str(size)), ("Page", str(number))]
    if token and number:
        query.append(("PageToken", token))
    return f"{request.path}?{urlencode(query)}"


def _size(request: Request) -> int:
    text = request.first("PageSize", str(USUAL_PAGE))
    if not text.isdigit() or not 1 <= int(text) <= LARGEST_PAGE:
        raise refusal(20006)
    return int(text)


def _number(request: Request) -> int:
    text = request.first("Page", "0")
    if not text.isdigit():
        raise refusal(20001, detail=f"{text!r} is not a page number.")
    return int(text)
