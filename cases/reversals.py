"""A payment taken back on its case, with why: the bank line and the creditor's report it came from follow."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from agencies.actors import Actor
from cases import money, payment_reports, statement_booking
from cases.models import Case
from ledger.models import Payment, StatementLine


class Cause(models.TextChoices):
    """A bounced payment's money is gone; a wrong case's money is here and waits to be booked where it belongs."""

    BOUNCED = "BOUNCED", _("The bank took it back")
    WRONG_CASE = "WRONG_CASE", _("It belongs to another case")


def reverse(case: Case, payment: Payment, *, cause: Cause | str, reason: str, by: Actor, now: datetime) -> None:
    """Reverse a payment. For a wrong case its bank line, or the creditor's report of it, is open again; when it
    bounced, the line stays and waits for the one by which the bank takes it back, and the report is closed.

    Raises:
        ledger.posting.NothingToReverse: it was reversed before.
    """
    bounced = Cause(cause) == Cause.BOUNCED
    with transaction.atomic():
        line = StatementLine.objects.filter(
            payment=payment, amount__gt=0, state=StatementLine.State.BOOKED
        ).first()  # fmt: skip
        if line is not None and not bounced:
            statement_booking.release(line, by=by, now=now)
        money.reverse_payment(case, payment, by=by, now=now, reason=reason, bounced=bounced)
        payment_reports.taken_back(payment, bounced=bounced, by=by, now=now)
