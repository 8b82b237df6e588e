"""Debts that the creditor sold: to whom, when, for which cases; with the creditor's word the cases close (S001-02)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models.case import Case
from cases.models.evidence import Document
from common.walls import walls
from ledger.models import MONEY
from portfolios.models import Mandate


class DebtSale(AgencyOwned):
    """One sale of one creditor's debts under one mandate; a trigger refuses an approved one that nobody approved."""

    class State(models.TextChoices):
        WAITING = "WAITING", pgettext_lazy("state of a debt sale", "Waits for the creditor")
        APPROVED = "APPROVED", pgettext_lazy("state of a debt sale", "Confirmed, cases closed")
        REFUSED = "REFUSED", pgettext_lazy("state of a debt sale", "Refused")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("state of a debt sale", "Withdrawn")

    mandate = AgencyForeignKey(Mandate)
    buyer = models.CharField(max_length=160)
    buyer_details = models.CharField(max_length=240, blank=True)
    """Registration number, address, account to pay to: what the debtor must know."""
    sold_on = models.DateField()
    price = models.DecimalField(**MONEY, null=True, blank=True)
    currency = models.CharField(max_length=3)
    balance = models.DecimalField(**MONEY)
    """What was owed on all its cases when it was recorded."""
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    note = models.CharField(max_length=240, blank=True)
    """Why it was refused or withdrawn."""
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_debtsale", mandate="portfolios_mandate"),
            models.CheckConstraint(condition=~Q(buyer=""), name="cases_debtsale_has_a_buyer"),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gte=0), name="cases_debtsale_price"),
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="cases_debtsale_list")]

    def __str__(self) -> str:
        return self.buyer


class SoldCase(AgencyOwned):
    """One case of a sale, with what was owed and the notice of assignment kept on it."""

    sale = AgencyForeignKey(DebtSale)
    case = AgencyForeignKey(Case)
    balance = models.DecimalField(**MONEY)
    notice = AgencyForeignKey(Document, null=True, blank=True)
    is_open = models.BooleanField(default=True)
    """The sale still waits: a case stands in one waiting sale at most."""
    closed = models.BooleanField(default=False)
    """The sale closed it; False in an approved sale: it was closed before, by a payment for example."""

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_soldcase", sale="cases_debtsale", case="cases_case", notice="cases_document"),
            models.UniqueConstraint(fields=["agency", "sale", "case"], name="cases_soldcase_key"),
            models.UniqueConstraint(
                fields=["agency", "case"], condition=Q(is_open=True), name="cases_soldcase_one_open"
            ),
        ]  # fmt: skip
