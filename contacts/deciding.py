"""A person's decision about a message whose fate the machine could not find out."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from agencies.actors import Actor, user_of
from audit import record
from common.refusals import Refused
from contacts import outcomes
from contacts.models import Message

DECIDED = record.kind("message.decided", _lazy("A person decided about a message of unknown fate: %(verb)s"))

State = Message.State


class NothingToDecide(Refused):
    """The message does not wait for a decision any more."""


def decide(message: Message, *, verb: str, by: Actor, now: datetime) -> Message:
    """`again`: it certainly did not arrive, send it; `sent`: take it as sent; `give-up`: leave it.

    Raises:
        NothingToDecide
    """
    with transaction.atomic():
        message = Message.objects.select_for_update().get(id=message.id)
        if message.state != State.DECIDE or message.permit_id is None:
            raise NothingToDecide(_("This message does not wait for a decision."))
        if verb == "sent":
            message.state, message.sent_at, message.settled_at = State.SENT, message.sent_at or now, now
        else:
            outcomes.take_back(message)
            message.state = State.PENDING if verb == "again" else State.FAILED
            message.not_before, message.settled_at = now, None if verb == "again" else now
            message.attempts = 0 if verb == "again" else message.attempts
        message.save(update_fields=["state", "sent_at", "settled_at", "not_before", "attempts"])
        record.record(
            DECIDED, by=user_of(by), case_id=message.case_id, subject_id=message.id, at=now, verb=verb,
            channel=message.channel,
        )  # fmt: skip
    return message
