"""What stops visits and enforcement of a case at once: a payment that came in, a hold such as a dispute (S002-11).

Field and legal work on a case in parallel; both ask here before a new act.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from cases.models import Case, Hold, Stage
from cases.next_actions import local_day
from common.templatetags.trade import day, money
from ledger.models import Payment


@dataclass(frozen=True)
class Stop:
    """One reason, `code` PAYMENT, HOLD or CLOSED, and its sentence for people.

    `since`: the agency's day from which it stands in the way (None: not asked for); what was done before could be done.
    """

    code: str
    sentence: str
    since: date | None = None


def stops(case: Case, *, cleared_at: datetime) -> list[Stop]:
    """Why nothing new may be done. Payments entered up to `cleared_at` were looked at and do not stop any more."""
    if case.stage == Stage.CLOSED:
        return closed_or_held(case)
    found = closed_or_held(case)
    payment = (
        Payment.objects.filter(account_id=case.account_id, reversed_at=None, entered_at__gt=cleared_at)
        .order_by("-id")
        .first()
    )
    if payment is not None:
        found.append(_paid(payment, since=local_day(case.agency, payment.entered_at)))
    return found


def closed_or_held(case: Case) -> list[Stop]:
    """Of `stops` those that no look at a payment clears."""
    if case.stage == Stage.CLOSED:
        return [Stop("CLOSED", _("Stopped: the case is closed."), case.closed_on)]
    return [
        Stop("HOLD", _("Stopped: a hold is open (%(reason)s).") % {"reason": hold.get_reason_display()}, hold.since)
        for hold in Hold.objects.filter(case=case, lifted_at=None).order_by("id")
    ]


def paid_since(marks: Mapping[int, datetime], *, until: datetime | None = None) -> dict[int, Stop]:
    """The last payment booked after the moment given for each account, as a stop by account; by one statement.

    `until`: later payments are left out, because they came after what is judged.
    """
    if not marks:
        return {}
    payments = Payment.objects.filter(
        account_id__in=list(marks), reversed_at=None, entry__posted_at__gt=min(marks.values())
    )
    if until is not None:
        payments = payments.filter(entry__posted_at__lte=until)
    return {
        payment.account_id: _paid(payment)
        for payment in payments.select_related("entry").order_by("entry__posted_at", "id")
        if payment.entry.posted_at > marks[payment.account_id]
    }


def _paid(payment: Payment, *, since: date | None = None) -> Stop:
    said = {"amount": money(payment.amount, payment.currency), "day": day(payment.received_on)}
    return Stop("PAYMENT", _("Stopped: a payment of %(amount)s was received on %(day)s.") % said, since)
