"""What people earn: a rule with salary and share, and the statement of a month, which never changes once issued."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models import Case
from common.walls import walls
from ledger.models import MONEY, Payment


class PayRule(AgencyOwned):
    """Salary by month, and a share of what was recovered, from the first day of a month on (S001-17)."""

    member = AgencyForeignKey(Membership)
    valid_from = models.DateField()
    currency = models.CharField(max_length=3)
    salary = models.DecimalField(**MONEY)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    """Of each payment credited to the person, in the payment's own currency."""
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("reports_payrule", member="agencies_membership"),
            models.UniqueConstraint(fields=["agency", "member", "valid_from"], name="reports_payrule_key"),
            models.CheckConstraint(condition=Q(valid_from__day=1), name="reports_payrule_begins_a_month"),
            models.CheckConstraint(
                condition=Q(salary__gte=0, percent__gte=0, percent__lte=100), name="reports_payrule_in_bounds"
            ),
        ]


class PayStatement(AgencyOwned):
    """What a person earned in a month. It only grows: neither it nor its lines are ever changed."""

    member = AgencyForeignKey(Membership)
    month = models.DateField()
    currency = models.CharField(max_length=3)
    salary = models.DecimalField(**MONEY)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    issued_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("reports_paystatement", member="agencies_membership"),
            models.UniqueConstraint(fields=["agency", "member", "month"], name="reports_paystatement_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="reports_paystatement_is_a_month"),
        ]
        indexes = [models.Index(fields=["agency", "month"], name="reports_paystatement_month")]


class PayLine(AgencyOwned):
    """The share of one payment, or its deduction when a payment of an earlier statement was reversed."""

    class Kind(models.TextChoices):
        PAYMENT = "PAYMENT", _("Payment")
        REVERSAL = "REVERSAL", _("Reversal")

    statement = AgencyForeignKey(PayStatement)
    payment = AgencyForeignKey(Payment)
    case = AgencyForeignKey(Case)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(**MONEY)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    share = models.DecimalField(**MONEY)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "reports_payline", statement="reports_paystatement", payment="ledger_payment", case="cases_case"
            ),
            models.UniqueConstraint(fields=["agency", "payment", "kind"], name="reports_payline_once"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "statement", "id"], name="reports_payline_of")]
