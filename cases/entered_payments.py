"""A payment a person enters: which side holds the money, and a form that books once however often it is sent."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from audit.once import KeyUsedForAnotherRequest, digest_of, once
from cases import money, payment_matching
from cases.models import Case
from common.refusals import Refused
from common.templatetags.trade import day as day_text
from common.templatetags.trade import money as money_text
from ledger.models import Payment, StatementLine

RECEIVED_BY = [
    (Payment.Source.MANUAL.value, gettext_lazy("the agency")),
    (Payment.Source.CREDITOR.value, gettext_lazy("the creditor")),
]


class FormWasBooked(Refused):
    """The form was sent before with another amount, day or reference."""


class LooksBooked(Refused):
    """A payment of this sum came from a bank or a report near this day; a person says whether this is another."""


class PaymentFields(forms.Form):
    """What every form of an entered payment has beside amount and day. `once` is drawn anew for every form shown."""

    source = forms.ChoiceField(
        label=gettext_lazy("Received by"), choices=RECEIVED_BY,
        help_text=gettext_lazy("Money the creditor received itself is not paid over to it again."),
    )  # fmt: skip
    once = forms.CharField(
        max_length=64, required=False, widget=forms.HiddenInput, initial=lambda: uuid4().hex
    )  # fmt: skip
    again = forms.BooleanField(
        label=gettext_lazy("It is another payment: book it too"), required=False, widget=forms.HiddenInput
    )

    def ask_again(self) -> None:
        """Show the tick, after `LooksBooked`."""
        self.fields["again"].widget = forms.CheckboxInput()


def enter(
    case: Case, *, amount: Decimal, received_on: date, reference: str, source: str, once_key: str, by: Membership,
    now: datetime, again: bool = False,
) -> None:  # fmt: skip
    """Book a payment a person entered; the same form sent again books nothing.

    Raises:
        LooksBooked: it is likely this money that is booked already, and `again` does not say otherwise.
        FormWasBooked: the form was booked and came again with other values.
        cases.money and ledger.posting refusals.
    """

    def book() -> tuple[int, Any]:
        if not again:
            _ask(case, amount=amount, received_on=received_on)
        payment = money.take_payment(
            case, amount=amount, received_on=received_on, reference=reference, source=source, by=by, now=now
        )
        return 201, {"payment": payment.id}

    if not once_key:
        book()
        return
    digest = digest_of(f"{amount:.2f}", received_on.isoformat(), reference, source)
    try:
        once(f"payment:{by.id}:{case.id}", once_key, digest, book)
    except KeyUsedForAnotherRequest as error:
        raise FormWasBooked(
            _("This form was booked already, with other values. Open the case anew to enter another payment.")
        ) from error


def _ask(case: Case, *, amount: Decimal, received_on: date) -> None:
    on_a_line = Exists(StatementLine.objects.filter(payment_id=OuterRef("id"), amount__gt=0))
    found = payment_matching.booked_before(case.account_id, amount=amount, received_on=received_on)
    known = found.filter(~Q(source=Payment.Source.MANUAL) | on_a_line).first()
    if known is not None:
        raise LooksBooked(
            _(
                "This looks like the payment of %(sum)s of %(day)s that is booked already (%(source)s)."
                " Tick that it is another one to book it too."
            )
            % {
                "sum": money_text(known.amount, known.currency), "day": day_text(known.received_on),
                "source": known.get_source_display(),
            }
        )  # fmt: skip
