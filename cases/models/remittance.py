"""Remittance statements: what was collected for a creditor, the agency's commission, what is paid over. Issued once."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models.case import Case
from common.walls import walls
from ledger.models import MONEY, Payment
from portfolios.models import Creditor, Mandate


class Remittance(AgencyOwned):
    """One statement to a creditor on one mandate in one currency. Its lines and files never change."""

    number = models.PositiveIntegerField()
    """Counts up per agency, from 1, without a gap."""
    creditor = AgencyForeignKey(Creditor)
    mandate = AgencyForeignKey(Mandate)
    currency = models.CharField(max_length=3)
    through = models.DateField()
    """Payments received up to this day that were on no earlier statement."""
    payments = models.PositiveIntegerField()
    collected = models.DecimalField(**MONEY)
    """Received by the agency, less what was reversed."""
    direct = models.DecimalField(**MONEY)
    """Received by the creditor itself, as it reported."""
    commission = models.DecimalField(**MONEY)
    """The agency's, on both."""
    to_pay_over = models.DecimalField(**MONEY)
    """Collected less commission; negative: the creditor owes the agency."""
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    issued_at = models.DateTimeField()
    paid_over_on = models.DateField(null=True, blank=True)
    pdf_path = models.CharField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    xlsx_path = models.CharField(max_length=200, blank=True)
    xlsx_sha256 = models.CharField(max_length=64, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_remittance", creditor="portfolios_creditor", mandate="portfolios_mandate"),
            models.UniqueConstraint(fields=["agency", "number"], name="cases_remittance_number_key"),
            models.CheckConstraint(
                condition=Q(to_pay_over=F("collected") - F("commission")), name="cases_remittance_adds_up"
            ),
        ]
        indexes = [models.Index(fields=["agency", "creditor", "-id"], name="cases_remittance_creditor")]

    def __str__(self) -> str:
        return f"{self.issued_at:%Y}/{self.number:04d}"


class RemittanceLine(AgencyOwned):
    """One payment on a statement, or the reversal of one that stood on an earlier statement (then negative)."""

    class Kind(models.TextChoices):
        PAYMENT = "PAYMENT", _("Payment")
        REVERSAL = "REVERSAL", _("Reversal")

    remittance = AgencyForeignKey(Remittance)
    payment = AgencyForeignKey(Payment)
    case = AgencyForeignKey(Case)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    direct = models.BooleanField()
    amount = models.DecimalField(**MONEY)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    commission = models.DecimalField(**MONEY)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "cases_remittanceline", remittance="cases_remittance", payment="ledger_payment", case="cases_case"
            ),
            models.UniqueConstraint(fields=["agency", "payment", "kind"], name="cases_remittanceline_once"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "remittance", "id"], name="cases_remittanceline_of")]
