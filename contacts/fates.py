"""Why a message is where it is: one sentence for every row of the outbox, in the reader's language."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from contacts import sentences
from contacts.models import Message

State = Message.State

_ERRORS: dict[str, Any] = {
    "21211": _lazy("The carrier says this is not a phone number"),
    "21610": _lazy("The carrier says the person opted out"),
    "21612": _lazy("The carrier cannot reach this number from our sender"),
    "21614": _lazy("The carrier says this is not a mobile number"),
    "30003": _lazy("The phone was off or could not be reached"),
    "30004": _lazy("The recipient's network blocked the message"),
    "30005": _lazy("The recipient's network does not know the number"),
    "30006": _lazy("The number is a landline or its network cannot be reached"),
    "30007": _lazy("The carrier filtered the message"),
    "20003": _lazy("The carrier did not accept our account"),
    "20429": _lazy("The carrier was asked too often"),
    "PERMIT_EXPIR": _lazy("No sender was free before the permit ended"),
    "NOT_RENDERED": _lazy("The letter could not be rendered"),
    "SMTP_DOWN": _lazy("The mail server did not answer"),
    "SMTP_REFUSED": _lazy("The mail server refused the message"),
    "NewConnectio": _lazy("The carrier could not be reached"),
    "ConnectTimeo": _lazy("The carrier could not be reached"),
}
"""Error code as it is kept (its first 12 characters) -> what it says."""

_STATUSES: dict[str, Any] = {
    "busy": _lazy("The line was busy"),
    "no-answer": _lazy("Nobody answered"),
    "canceled": _lazy("The carrier cancelled it"),
}


def why(message: Message, *, now: datetime) -> str:
    """The reason of the state of `message`; "" when the state says it all."""
    if message.refusal_codes:
        return sentences.short(message.refusal_codes)
    if message.state == State.UNKNOWN:
        return _("The carrier's answer was lost; its own list is being asked")
    if message.state == State.DECIDE:
        return _undecided(message)
    if message.state == State.FAILED:
        return _failed(message)
    if message.state == State.PENDING:
        if message.error_code:
            return _("%(problem)s; it is tried again") % {"problem": problem(message.error_code)}
        return _("The next sender takes it") if message.not_before <= now else _("It is not its time yet")
    return ""


def problem(code: str) -> str:
    """What the code of a refusal or a failure says."""
    known = _ERRORS.get(code)
    return str(known) if known else _("The carrier gave the code %(code)s") % {"code": code}


def _undecided(message: Message) -> str:
    if message.permit_id is None:
        return _("A second person must approve it")
    if message.error_code:
        return _("%(problem)s; it is not tried again by the machine") % {"problem": problem(message.error_code)}
    if message.channel == "EMAIL":
        return _("The mail server's answer was lost, and it keeps no list to ask")
    return _("The carrier's answer was lost, and its list did not tell")


def _failed(message: Message) -> str:
    if message.error_code:
        return problem(message.error_code)
    if message.provider_status in _STATUSES:
        return str(_STATUSES[message.provider_status])
    return _("It did not arrive; the carrier did not say why") if message.provider_status else _("A person gave it up")
