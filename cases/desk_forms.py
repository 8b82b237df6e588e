"""Forms of the desk: they read what was typed; the domain decides."""

from datetime import datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.entered_payments import PaymentFields
from cases.models import Case
from cases.paying_ways import Terms
from debtors import contact_points
from debtors.models import ContactPointKind, OwnerRole, PayingWay, PersonStatus

DAY = {"type": "date"}
MONEY = {"inputmode": "decimal", "autocomplete": "off"}


class Plain(forms.Form):
    """One of the parts of the desk's single form: its fields have names and ids of their own, and none is required by
    the browser, because most parts stay empty."""

    use_required_attribute = False
    prefix_: ClassVar[str | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", self.prefix_)
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)


class NoteForm(Plain):
    """The note beside the results, kept by itself."""

    note = forms.CharField(label=_("Note"), max_length=4000)
    pinned = forms.BooleanField(label=_("Keep on top"), required=False)


class RecallForm(Plain):
    """When the case comes back; the clock is the agency's."""

    prefix_ = "recall"

    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    at = forms.TimeField(
        label=_("Hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), required=False
    )

    def moment(self, case: Case) -> datetime:
        hour = self.cleaned_data["at"] or time(8)
        return datetime.combine(self.cleaned_data["on"], hour, tzinfo=ZoneInfo(case.agency.time_zone))

    @classmethod
    def proposed(cls, *, now: datetime, promised_on: Any, zone: str) -> dict[str, Any]:
        """The day after the promise, else tomorrow morning."""
        local = now.astimezone(ZoneInfo(zone))
        day = (promised_on if promised_on and promised_on >= local.date() else local.date()) + timedelta(days=1)
        return {"on": day, "at": time(9)}


class ContactPointForm(Plain):
    """A new phone, e-mail or address, and who gave it."""

    prefix_ = "point"

    kind = forms.ChoiceField(label=_("What"), choices=ContactPointKind.choices)
    value = forms.CharField(
        label=_("Number, e-mail or address"), max_length=240, widget=forms.TextInput(attrs={"data-first": True})
    )
    owner_role = forms.ChoiceField(label=_("Whose"), choices=OwnerRole.choices)
    place = forms.ChoiceField(
        label=_("Where"),
        choices=[("MOBILE", _("Mobile")), ("HOME", _("Home")), ("WORKPLACE", _("Workplace")), ("OTHER", _("Other"))],
    )
    source = forms.ChoiceField(
        label=_("Given by"),
        choices=[],
        help_text=_("What someone else gave stays unconfirmed until the debtor is reached there."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = contact_points.SOURCES
        self.fields["source"].choices = [("DEBTOR", sources["DEBTOR"])] + [  # type: ignore[attr-defined]
            (code, label)
            for code, label in sources.items()
            if code not in ("DEBTOR", "CREDITOR", contact_points.HOLDER_ASKED)
        ]


class PaidForm(Plain):
    """What the debtor says of a payment (S004-55); the fields are named as `dispositions.PAID_DETAILS`."""

    paid_on = forms.DateField(
        label=_("Paid on"), widget=forms.DateInput(attrs=DAY | {"data-first": True}, format="%Y-%m-%d")
    )
    amount = forms.CharField(label=_("Amount"), max_length=20, widget=forms.TextInput(attrs=MONEY))
    bank = forms.CharField(label=_("Bank"), max_length=80, required=False)
    branch = forms.CharField(label=_("Branch"), max_length=80, required=False)
    town = forms.CharField(label=_("Town"), max_length=80, required=False)
    method = forms.CharField(
        label=_("How"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Transfer, cash desk, card")}),
    )


class StatusForm(Plain):
    """What is true of the person and stops or limits contact on all their cases."""

    prefix_ = "status"

    code = forms.ChoiceField(label=_("Status"), choices=PersonStatus.Code.choices)
    since = forms.DateField(label=_("Since"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), required=False)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)


class PaymentForm(PaymentFields, Plain):
    """Money the debtor is known to have paid."""

    prefix_ = "payment"
    field_order = ("amount", "received_on", "source", "reference", "once")

    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2, widget=forms.TextInput(attrs=MONEY))
    received_on = forms.DateField(label=_("Received on"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    reference = forms.CharField(label=_("Reference"), max_length=140, required=False)


class PromiseForm(Plain):
    """Amount and day of a promise, with what is overdue and the latest free day to start from."""

    prefix_ = "promise"

    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2, widget=forms.TextInput(attrs=MONEY))
    due_on = forms.DateField(label=_("By"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))


class WayForm(Plain):
    """How the debtor will pay (S004-20); of a direct debit or a standing order also what the bank was told."""

    prefix_ = "way"

    way = forms.ChoiceField(label=_("How it will be paid"), choices=[("", "–"), *PayingWay.choices], required=False)
    bank = forms.CharField(label=_("Bank"), max_length=80, required=False)
    reference = forms.CharField(label=_("Number of the mandate"), max_length=40, required=False)
    signed_on = forms.DateField(
        label=_("Mandate signed on"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), required=False
    )
    amount = forms.DecimalField(
        label=_("Sum each time"), max_digits=14, decimal_places=2, widget=forms.TextInput(attrs=MONEY), required=False
    )
    day_of_month = forms.IntegerField(
        label=_("Day of the month"), min_value=1, max_value=31, required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def terms(self) -> Terms | None:
        """What was agreed; None when nobody spoke of it. The form is valid."""
        return Terms(**self.cleaned_data) if self.cleaned_data["way"] else None
