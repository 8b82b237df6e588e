"""Payments as a creditor reported them, each with what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models.case import Case
from common.walls import walls
from ledger.models import MONEY, Payment
from portfolios.models import Creditor


class ReportedPayment(AgencyOwned):
    """One line of a report. The same line reported again is the same row: nothing is booked twice."""

    class State(models.TextChoices):
        BOOKED = "BOOKED", pgettext_lazy("state of a reported payment", "Booked")
        OPEN = "OPEN", pgettext_lazy("state of a reported payment", "Not booked: see why")
        DISMISSED = "DISMISSED", pgettext_lazy("state of a reported payment", "Dismissed")

    creditor = AgencyForeignKey(Creditor)
    digest = models.BinaryField()
    """Of the creditor's own number for the payment where it gives one, else of the whole line."""
    contract_no = models.CharField(max_length=80)
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    received_on = models.DateField()
    reference = models.CharField(max_length=140, blank=True)
    state = models.CharField(max_length=9, choices=State.choices)
    why = models.CharField(max_length=40, blank=True)
    """Code of the reason it was not booked; see `cases.payment_reports`."""
    case = AgencyForeignKey(Case, null=True, blank=True)
    payment = AgencyForeignKey(Payment, null=True, blank=True)
    via = models.CharField(max_length=4, choices=[("WEB", "web"), ("API", "API")])
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    reported_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    settled_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "cases_reportedpayment", creditor="portfolios_creditor", case="cases_case", payment="ledger_payment"
            ),
            models.UniqueConstraint(fields=["agency", "creditor", "digest"], name="cases_reportedpayment_once"),
            models.CheckConstraint(
                condition=~Q(state="BOOKED") | Q(payment__isnull=False), name="cases_reportedpayment_booked"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "creditor", "-id"], name="cases_reportedpayment_list"),
            models.Index(fields=["agency", "id"], name="cases_reportedpayment_open", condition=Q(state="OPEN")),
        ]
