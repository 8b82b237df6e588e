"""Text messages: taken in, carried to the phone step by step, and answered from it."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Mapping

from carrier_simulator import twiml, webhooks
from carrier_simulator.behaviour import MESSAGE, Behaviour
from carrier_simulator.carrier import API_VERSION, Carrier, is_phone_number, is_sender
from carrier_simulator.errors import NotUnderstood, refusal
from carrier_simulator.loopback import NotLoopback, refuse_unless_loopback
from carrier_simulator.resources import count_segments
from carrier_simulator.store import Message

log = logging.getLogger(__name__)

LONGEST_BODY = 1600
STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
NOT_SIMULATED = ("ScheduleType", "SendAt", "ContentSid")
UNDER_WAY = ("accepted", "queued", "sending", "sent")


def accept(carrier: Carrier, *, account_sid: str, fields: Mapping[str, list[str]]) -> tuple[Message, Behaviour]:
    """Take a message from the customer and set it on its way.

    Raises:
        CarrierRefused: nothing was accepted.
    """

    def first(name: str) -> str:
        return fields.get(name, [""])[0]

    to, sender, service_sid, body = first("To"), first("From"), first("MessagingServiceSid"), first("Body")
    media = fields.get("MediaUrl", [])
    _check(to=to, sender=sender, service_sid=service_sid, body=body, has_media=bool(media), fields=fields)
    callback = first("StatusCallback")
    if callback:
        try:
            refuse_unless_loopback(callback)
        except NotLoopback as problem:
            log.error("Refused a message: %s", problem)
            raise refusal(21609, detail=str(problem)) from problem
    if carrier.settings.honour_stop and _has_opted_out(
        carrier, account_sid, to, sender or carrier.settings.service_number
    ):
        raise refusal(21610)
    behaviour = carrier.rules.decide(kind=MESSAGE, to=to, body=body, magic=carrier.settings.magic_suffixes)
    if behaviour.refuse:
        raise refusal(
            behaviour.refuse,
            to=to,
            sender=sender,
            status=behaviour.http_status,
            retry_after=behaviour.retry_after,
        )
    message = _write_down(
        carrier,
        prefix="MM" if media else "SM",
        account_sid=account_sid,
        direction="outbound-api",
        phone=to,
        sender=sender or None,
        recipient=to,
        body=body,
        service_sid=service_sid or None,
        num_media=len(media),
        status="accepted" if service_sid else "queued",
        status_callback=callback,
        behaviour=behaviour,
    )
    _set_on_its_way(carrier, message, behaviour)
    return message, behaviour


def cancel(carrier: Carrier, message: Message) -> Message:
    """Stop a message that has not left yet."""
    claimed = carrier.store.update(
        "messages",
        "sid = ? AND status IN ('accepted', 'queued')",
        [message.sid],
        status="canceled",
        updated_at=time.time(),
    )
    if not claimed:
        raise refusal(30409)
    _report(carrier, message.sid, "canceled", is_last=True)
    return _read(carrier, message.sid)


def redact(carrier: Carrier, message: Message) -> Message:
    carrier.store.update("messages", "sid = ?", [message.sid], body="", updated_at=time.time())
    return _read(carrier, message.sid)


def delete(carrier: Carrier, message: Message) -> None:
    carrier.store.execute("DELETE FROM messages WHERE sid = ?", [message.sid])


def receive(carrier: Carrier, *, phone: str, to: str = "", body: str) -> Message:
    """A person writes a text message: note it, mind STOP and START, and tell the customer's inbound webhook.

    Without `to` the message answers whoever wrote last to this phone.
    """
    if not is_phone_number(phone):
        raise NotUnderstood(f"{phone!r} is not a phone number.")
    last = next(
        iter(carrier.store.messages("phone = ? AND direction != 'inbound' ORDER BY id DESC LIMIT 1", [phone])), None
    )
    sender = (last.sender or "") if last else ""
    to = to or (sender if is_phone_number(sender) else carrier.settings.service_number)
    account_sid = last.account_sid if last else carrier.accounts.first
    word = body.strip().upper()
    if word in STOP_WORDS:
        for written_to in {to, sender or to}:
            carrier.store.execute("INSERT OR IGNORE INTO opt_outs VALUES (?, ?, ?)", [account_sid, phone, written_to])
    elif word in START_WORDS:
        carrier.store.execute("DELETE FROM opt_outs WHERE account_sid = ? AND phone = ?", [account_sid, phone])
    message = _write_down(
        carrier,
        prefix="SM",
        account_sid=account_sid,
        direction="inbound",
        phone=phone,
        sender=phone,
        recipient=to,
        body=body,
        service_sid=last.service_sid if last else None,
        num_media=0,
        status="received",
        status_callback="",
        behaviour=Behaviour(),
    )
    url = carrier.settings.inbound_url
    if url:
        _tell_the_customer(carrier, message, url)
    else:
        log.warning("A message from %s has no inbound webhook to go to", phone)
    return message


def follow_answer(carrier: Carrier, sid: str, document: bytes) -> None:
    """Send back the texts that the customer's TwiML answers an inbound message with."""
    message = carrier.store.message(sid)
    if message is None or message.direction != "inbound":
        return
    for text in twiml.replies_in(document):
        _reply_for_the_customer(carrier, message, text)


def resume(carrier: Carrier) -> None:
    """Carry on with the messages an earlier run left under way."""
    marks = ", ".join("?" * len(UNDER_WAY))
    for message in carrier.store.messages(f"direction != 'inbound' AND status IN ({marks}) ORDER BY id", UNDER_WAY):
        behaviour = Behaviour.restore(message.behaviour)
        if message.status != behaviour.message_status:
            _set_on_its_way(carrier, message, behaviour, is_new=False)


def _check(
    *, to: str, sender: str, service_sid: str, body: str, has_media: bool, fields: Mapping[str, list[str]]
) -> None:
    for name in NOT_SIMULATED:
        if name in fields:
            raise refusal(20001, detail=f"The simulator does not know {name}.")
    if not to:
        raise refusal(21604)
    if not sender and not service_sid:
        raise refusal(21603)
    if not body and not has_media:
        raise refusal(21602)
    if len(body) > LONGEST_BODY:
        raise refusal(21617)
    if not is_phone_number(to):
        raise refusal(21211, to=to)
    if sender and not is_sender(sender):
        raise refusal(21212, sender=sender)


def _has_opted_out(carrier: Carrier, account_sid: str, phone: str, sender: str) -> bool:
    found = carrier.store.rows(
        "SELECT 1 FROM opt_outs WHERE account_sid = ? AND phone = ? AND sender = ?", [account_sid, phone, sender]
    )
    return bool(found)


def _write_down(
    carrier: Carrier,
    *,
    prefix: str,
    account_sid: str,
    direction: str,
    phone: str,
    sender: str | None,
    recipient: str,
    body: str,
    service_sid: str | None,
    num_media: int,
    status: str,
    status_callback: str,
    behaviour: Behaviour,
) -> Message:
    now = time.time()
    lag_ms = carrier.settings.index_lag_ms if behaviour.index_lag_ms is None else behaviour.index_lag_ms
    message = Message(
        id=0,
        sid=prefix + uuid.uuid4().hex,
        account_sid=account_sid,
        direction=direction,
        phone=phone,
        sender=sender,
        recipient=recipient,
        body=body,
        service_sid=service_sid,
        num_media=num_media,
        status=status,
        error_code=None,
        status_callback=status_callback,
        behaviour=behaviour.dump(),
        created_at=now,
        updated_at=now,
        sent_at=now if direction == "inbound" else None,
        visible_at=now + lag_ms / 1000,
    )
    columns = {name: value for name, value in vars(message).items() if name != "id"}
    carrier.store.insert("messages", **columns)
    return message


def _set_on_its_way(carrier: Carrier, message: Message, behaviour: Behaviour, *, is_new: bool = True) -> None:
    """Plan the statuses still to come: queued → sent → how it ends."""
    path = ["queued", "sent"]
    if behaviour.message_status != "sent":
        path.append(behaviour.message_status)
    if message.status in path:
        path = path[path.index(message.status) + (0 if is_new else 1) :]
    step = carrier.settings.step_ms / 1000
    for number, status in enumerate(path):
        is_last = number == len(path) - 1
        carrier.clockwork.after(
            step * number, _step(carrier, message.sid, status, is_last), lane=f"steps of {message.sid}"
        )


def _step(carrier: Carrier, sid: str, status: str, is_last: bool) -> twiml.Job:
    return lambda: _advance(carrier, sid, status, is_last=is_last)


def _advance(carrier: Carrier, sid: str, status: str, *, is_last: bool) -> None:
    message = carrier.store.message(sid)
    if message is None or message.status == "canceled":
        return
    behaviour = Behaviour.restore(message.behaviour)
    changes: dict[str, object] = {"status": status, "updated_at": time.time()}
    if message.sender is None:
        changes["sender"] = carrier.settings.service_number
    if status == "sent" and message.sent_at is None:
        changes["sent_at"] = time.time()
    if is_last and status in ("undelivered", "failed"):
        changes["error_code"] = behaviour.error_code or 30008
    if not carrier.store.update("messages", "sid = ? AND status != 'canceled'", [sid], **changes):
        return
    _report(carrier, sid, status, is_last=is_last)
    if is_last and status == "delivered" and behaviour.replies:
        receive(carrier, phone=message.phone, body=behaviour.replies)


def _report(carrier: Carrier, sid: str, status: str, *, is_last: bool) -> None:
    message = carrier.store.message(sid)
    if message is None:
        return
    params = {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "From": message.sender or carrier.settings.service_number,
        "MessageSid": sid,
        "MessageStatus": status,
        "SmsSid": sid,
        "SmsStatus": status,
        "To": message.recipient,
    }
    if message.service_sid:
        params["MessagingServiceSid"] = message.service_sid
    if message.error_code is not None:
        params["ErrorCode"] = str(message.error_code)
    webhooks.post_later(
        carrier,
        account_sid=message.account_sid,
        subject_sid=sid,
        url=message.status_callback,
        params=params,
        behaviour=Behaviour.restore(message.behaviour),
        is_last=is_last,
    )


def _tell_the_customer(carrier: Carrier, message: Message, url: str) -> None:
    params = {
        "AccountSid": message.account_sid,
        "ApiVersion": API_VERSION,
        "Body": message.body,
        "From": message.phone,
        "MessageSid": message.sid,
        "NumMedia": "0",
        "NumSegments": str(count_segments(message.body)),
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "To": message.recipient,
    }
    if message.service_sid:
        params["MessagingServiceSid"] = message.service_sid
    webhooks.post_later(
        carrier,
        account_sid=message.account_sid,
        subject_sid=message.sid,
        url=url,
        params=params,
        behaviour=Behaviour(),
        is_last=True,
    )


def _reply_for_the_customer(carrier: Carrier, message: Message, text: str) -> None:
    reply = _write_down(
        carrier,
        prefix="SM",
        account_sid=message.account_sid,
        direction="outbound-reply",
        phone=message.phone,
        sender=message.recipient,
        recipient=message.phone,
        body=text,
        service_sid=message.service_sid,
        num_media=0,
        status="queued",
        status_callback="",
        behaviour=Behaviour(),
    )
    _set_on_its_way(carrier, reply, Behaviour())


def _read(carrier: Carrier, sid: str) -> Message:
    message = carrier.store.message(sid)
    if message is None:
        raise refusal(20404)
    return message
