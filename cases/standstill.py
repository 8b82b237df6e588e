"""What stops visits and enforcement of a case at once: a payment that came in, a hold such as a dispute (S002-11).

Field and legal work on a case in parallel; both ask here before a new act.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cases.models import Case, Hold, Stage
from common.templatetags.trade import day, money
from ledger.models import Payment


@dataclass(frozen=True)
class Stop:
    """One reason, `code` PAYMENT, HOLD or CLOSED, and its sentence for people."""

    code: str
    sentence: str


def stops(case: Case, *, cleared_at: datetime) -> list[Stop]:
    """Why nothing new may be done. Payments entered up to `cleared_at` were looked at and do not stop any more."""
    if case.stage == Stage.CLOSED:
        return [Stop("CLOSED", _("Stopped: the case is closed."))]
    found = [
        Stop("HOLD", _("Stopped: a hold is open (%(reason)s).") % {"reason": hold.get_reason_display()})
        for hold in Hold.objects.filter(case=case, lifted_at=None).order_by("id")
    ]
    payment = (
        Payment.objects.filter(account_id=case.account_id, reversed_at=None, entered_at__gt=cleared_at)
        .order_by("-id")
        .first()
    )
    if payment is not None:
        said = {"amount": money(payment.amount, payment.currency), "day": day(payment.received_on)}
        found.append(Stop("PAYMENT", _("Stopped: a payment of %(amount)s was received on %(day)s.") % said))
    return found
