"""News from the carrier: statuses, digits, and what people write back. Each is stored once and moves things forward."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.scope import agency_scope
from audit import record
from cases.models import Case
from contacts import outcomes
from contacts.models import CarrierNews, Message
from debtors import statuses
from debtors.models import ContactPoint, Debtor

ANSWERED_BY_DIGIT = record.kind("message.digit_pressed", _("The debtor pressed %(digit)s in a voice message"))
WRITTEN_BACK = record.kind("message.written_back", _("The debtor wrote back by SMS"))

STOP_WORDS = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "ARRET", "SUBSCRIBE STOP"}
)
OPT_OUT_DIGIT = "9"
RECEIVED = "received"
_KEPT = ("Body", "MessageStatus", "CallStatus", "ErrorCode", "AnsweredBy", "CallDuration", "Digits", "Timestamp")


def take_status(agency_id: int, message_id: int, *, params: Mapping[str, str], now: datetime) -> None:
    """Store one status of a message or call, once per (sid, status), and move the message forward."""
    sid = params.get("MessageSid") or params.get("CallSid") or ""
    status = params.get("MessageStatus") or params.get("CallStatus") or ""
    error = params.get("ErrorCode", "")
    with agency_scope(agency_id):
        message = Message.objects.select_for_update().filter(id=message_id).first()
        if not _note(message, sid, status, error, params) or message is None:
            return
        outcomes.advance(
            message, sid=sid, status=status, error_code=error, now=now,
            machine=params.get("AnsweredBy", "").startswith("machine"),
        )  # fmt: skip


def _note(message: Message | None, sid: str, status: str, error: str, params: Mapping[str, str]) -> bool:
    """Keep the news; False when it was known. News of an unknown message is kept too."""
    known = CarrierNews.objects.filter(provider_sid=sid[:64], status=status[:24])
    if known.exists():
        return False
    data: dict[str, Any] = {name: params[name] for name in _KEPT if name in params}
    news = CarrierNews(message=message, provider_sid=sid[:64], status=status[:24], error_code=error[:12], data=data)
    CarrierNews.objects.bulk_create([news], ignore_conflicts=True)
    return True


def spoken_text(agency_id: int, message_id: int, *, answered_by: str) -> tuple[str, str] | None:
    """What a voice message says and in which language; None when a machine answered or nothing may be said."""
    if answered_by.startswith(("machine", "fax")):
        return None
    with agency_scope(agency_id):
        message = Message.objects.select_related("template").filter(id=message_id, channel="IVM").first()
        if message is None or not message.body:
            return None
        return message.body, message.template.language


def take_digits(agency_id: int, message_id: int, *, sid: str, digits: str, now: datetime) -> str:
    """Record the digit pressed; 9 stops voice messages at once. Returns the language to thank in."""
    with agency_scope(agency_id):
        message = Message.objects.select_for_update().select_related("template").get(id=message_id)
        if digits and message.pressed != digits[:8]:
            message.pressed = digits[:8]
            message.save(update_fields=["pressed"])
            record.record(ANSWERED_BY_DIGIT, case_id=message.case_id, subject_id=message.id, at=now, digit=digits[:8])
            if digits.startswith(OPT_OUT_DIGIT):
                point = ContactPoint.objects.get(id=message.contact_point_id)
                _opt_out(point, channel="IVM", source="IVM_DIGIT", now=now, case_id=message.case_id)
        return str(message.template.language)


def take_inbound(*, sender: str, recipient: str, body: str, sid: str, now: datetime) -> int:
    """A person wrote to one of our numbers. STOP opts out at once; anything else is noted on the case.

    Returns how many people of ours have this number.
    """
    found = 0
    for agency_id in Agency.objects.filter(sms_sender=recipient).order_by("id").values_list("id", flat=True):
        with agency_scope(agency_id), transaction.atomic():
            points = list(ContactPoint.objects.filter(kind="PHONE", value=sender).order_by("id"))
            last = Message.objects.filter(contact_point__in=points).order_by("-id").first()
            if not _note(last, sid, RECEIVED, "", {"Body": body[:1600]}):
                continue
            for point in points:
                found += 1
                case_id = _latest_case(point)
                if body.strip().upper() in STOP_WORDS:
                    _opt_out(point, channel="SMS", source="SMS_STOP", now=now, case_id=case_id)
                elif case_id is not None:
                    record.record(
                        WRITTEN_BACK, case_id=case_id, subject_id=point.id, at=now, characters=len(body.strip())
                    )
    return found


def _latest_case(point: ContactPoint) -> int | None:
    """The case about which we last wrote to this number, else the person's latest case."""
    last = Message.objects.filter(contact_point=point).order_by("-id").values_list("case_id", flat=True).first()
    if last is not None:
        return int(last)
    return Case.objects.filter(debtor_id=point.debtor_id).order_by("-id").values_list("id", flat=True).first()


def _opt_out(point: ContactPoint, *, channel: str, source: str, now: datetime, case_id: int | None) -> None:
    debtor = Debtor.objects.get(id=point.debtor_id)
    statuses.opt_out(debtor, channel=channel, source=source, by=None, now=now, contact_point=point, case_id=case_id)
