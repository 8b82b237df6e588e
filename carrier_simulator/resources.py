"""Messages and calls as the vendor's API shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from carrier_simulator.carrier import API_VERSION
from carrier_simulator.errors import DELIVERY_ERRORS
from carrier_simulator.store import Call, Message

# The GSM 03.38 alphabet; characters of the extension take two places.
_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENSION = set("\f^{}\\[~]|€")
_CALL_PARTS = (
    "notifications",
    "recordings",
    "payments",
    "events",
    "siprec",
    "streams",
    "transcriptions",
    "user_defined_message_subscriptions",
    "user_defined_messages",
)


def rfc2822(moment: float | None) -> str | None:
    return None if moment is None else format_datetime(datetime.fromtimestamp(moment, UTC))


def count_segments(body: str) -> int:
    """How many text messages `body` makes: 160 or 70 places in one, 153 or 67 in each of several."""
    if all(character in _GSM or character in _GSM_EXTENSION for character in body):
        places, alone, joined = len(body) + sum(character in _GSM_EXTENSION for character in body), 160, 153
    else:
        places, alone, joined = len(body.encode("utf-16-le")) // 2, 70, 67
    return 1 if places <= alone else -(-places // joined)


def message_json(message: Message) -> dict[str, Any]:
    home = f"/{API_VERSION}/Accounts/{message.account_sid}/Messages/{message.sid}"
    priced = message.status in ("sent", "delivered", "undelivered", "received")
    segments = count_segments(message.body)
    return {
        "account_sid": message.account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created_at),
        "date_sent": rfc2822(message.sent_at),
        "date_updated": rfc2822(message.updated_at),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": None
        if message.error_code is None
        else DELIVERY_ERRORS.get(message.error_code, "Unknown error"),
        "from": message.sender,
        "messaging_service_sid": message.service_sid,
        "num_media": str(message.num_media),
        "num_segments": str(segments),
        "price": f"-{0.0075 * segments:.5f}" if priced else None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{home}/Media.json"},
        "to": message.recipient,
        "uri": f"{home}.json",
    }


def call_json(call: Call) -> dict[str, Any]:
    home = f"/{API_VERSION}/Accounts/{call.account_sid}/Calls/{call.sid}"
    minutes = -(-(call.duration or 0) // 60)
    return {
        "account_sid": call.account_sid,
        "answered_by": call.answered_by,
        "api_version": API_VERSION,
        "caller_name": None,
        "date_created": rfc2822(call.created_at),
        "date_updated": rfc2822(call.updated_at),
        "direction": "outbound-api",
        "duration": None if call.duration is None else str(call.duration),
        "end_time": rfc2822(call.ended_at),
        "forwarded_from": None,
        "from": call.sender,
        "from_formatted": call.sender,
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": None,
        "price": f"-{0.014 * minutes:.5f}" if call.status == "completed" else None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": rfc2822(call.started_at),
        "status": call.status,
        "subresource_uris": {part: f"{home}/{_camel(part)}.json" for part in _CALL_PARTS},
        "to": call.recipient,
        "to_formatted": call.recipient,
        "trunk_sid": None,
        "uri": f"{home}.json",
    }


def _camel(words: str) -> str:
    return "".join(word.capitalize() for word in words.split("_"))
