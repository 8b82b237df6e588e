"""An account per case in one currency. A journal entry's lines sum to zero; balances are caches of sums of lines."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from common.walls import walls

MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class Bucket(models.TextChoices):
    """What a line is about: five parts of a debt, and the other side of the entry."""

    PRINCIPAL = "PRINCIPAL", _("Principal")
    INTEREST = "INTEREST", _("Interest")
    PENALTY = "PENALTY", _("Penalty")
    FEES = "FEES", _("Fees")
    COSTS = "COSTS", _("Costs")
    OPENING = "OPENING", _("Taken over from the creditor")
    CASH = "CASH", _("Paid")
    WAIVED = "WAIVED", _("Waived")
    ADJUSTED = "ADJUSTED", _("Adjusted by the creditor")
    ACCRUED = "ACCRUED", _("Accrued")
    INCURRED = "INCURRED", _("Costs incurred")


DEBT_BUCKETS = (Bucket.PRINCIPAL, Bucket.INTEREST, Bucket.PENALTY, Bucket.FEES, Bucket.COSTS)


class Account(AgencyOwned):
    """The money of one case. The five balances and their sum are caches, proved by `ledger.proof`."""

    currency = models.CharField(max_length=3)
    opened_on = models.DateField()
    principal = models.DecimalField(**MONEY, default=0)
    interest = models.DecimalField(**MONEY, default=0)
    penalty = models.DecimalField(**MONEY, default=0)
    fees = models.DecimalField(**MONEY, default=0)
    costs = models.DecimalField(**MONEY, default=0)
    balance = models.DecimalField(**MONEY, default=0)
    paid = models.DecimalField(**MONEY, default=0)
    """Sum of payments less reversals."""
    accrued_through = models.DateField(null=True)
    """The last day for which interest and penalty were counted; None when none ever were."""
    interest_rest = models.DecimalField(max_digits=20, decimal_places=10, default=0, db_default=0)
    """Accrued interest below a cent, carried to the next day."""
    penalty_rest = models.DecimalField(max_digits=20, decimal_places=10, default=0, db_default=0)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("ledger_account"),
            models.CheckConstraint(
                condition=Q(
                    balance=models.F("principal") + models.F("interest") + models.F("penalty")
                    + models.F("fees") + models.F("costs")
                ),
                name="ledger_account_balance_is_sum",
            ),
        ]  # fmt: skip


class EntryKind(models.TextChoices):
    OPENING = "OPENING", _("Debt taken over")
    PAYMENT = "PAYMENT", _("Payment")
    REVERSAL = "REVERSAL", _("Reversal")
    WAIVER = "WAIVER", _("Waiver")
    ADJUSTMENT = "ADJUSTMENT", _("Adjustment by the creditor")
    ACCRUAL = "ACCRUAL", _("Interest and penalty")
    COST = "COST", _("Costs of recovery")


class Entry(AgencyOwned):
    """A journal entry: immutable; its lines are written by one statement and sum to zero, as a trigger sees to."""

    account = AgencyForeignKey(Account)
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    value_on = models.DateField()
    posted_at = models.DateTimeField()
    reference = models.CharField(max_length=140, blank=True)
    reverses = AgencyForeignKey("self", null=True, blank=True)
    posted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("ledger_entry", account="ledger_account", reverses="ledger_entry"),
            models.UniqueConstraint(
                fields=["agency", "reverses"], condition=Q(reverses__isnull=False), name="ledger_entry_reversed_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="REVERSAL", reverses__isnull=False) | (~Q(kind="REVERSAL") & Q(reverses=None)),
                name="ledger_entry_reversal_names_entry",
            ),
        ]
        indexes = [models.Index(fields=["agency", "account", "id"], name="ledger_entry_account")]


class Line(AgencyOwned):
    """One side of an entry: positive amounts raise what is owed in a debt bucket, negative ones lower it."""

    entry = AgencyForeignKey(Entry)
    account = AgencyForeignKey(Account)
    bucket = models.CharField(max_length=10, choices=Bucket.choices)
    amount = models.DecimalField(**MONEY)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("ledger_line", entry="ledger_entry", account="ledger_account"),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_line_amount_is_not_zero"),
        ]
        indexes = [
            models.Index(fields=["agency", "account"], name="ledger_line_account"),
            models.Index(fields=["agency", "entry"], name="ledger_line_entry"),
        ]


class Due(AgencyOwned):
    """An amount that fell or falls due on a day. Money covers the oldest first; DPD counts from the first open one."""

    account = AgencyForeignKey(Account)
    due_on = models.DateField()
    amount = models.DecimalField(**MONEY)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("ledger_due", account="ledger_account"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_due_amount_is_positive"),
        ]
        indexes = [
            models.Index(fields=["agency", "account", "due_on"], name="ledger_due_account"),
            models.Index(fields=["agency", "due_on"], name="ledger_due_day"),
        ]


class Payment(AgencyOwned):
    """Money received for a case; its effect on the account is its journal entry."""

    class Source(models.TextChoices):
        MANUAL = "MANUAL", _("Entered by hand")
        CREDITOR = "CREDITOR", _("Reported by the creditor")
        STATEMENT = "STATEMENT", _("Bank statement")

    account = AgencyForeignKey(Account)
    entry = AgencyForeignKey(Entry)
    received_on = models.DateField()
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    source = models.CharField(max_length=10, choices=Source.choices)
    reference = models.CharField(max_length=140, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    entered_at = models.DateTimeField(auto_now_add=True)
    reversed_at = models.DateTimeField(null=True)
    bounced = models.BooleanField(null=True)
    """Set with `reversed_at`: the bank took the money back, or it was booked wrongly; None: not said."""

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("ledger_payment", account="ledger_account", entry="ledger_entry"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_payment_amount_is_positive"),
            models.UniqueConstraint(fields=["agency", "entry"], name="ledger_payment_entry_key"),
        ]
        indexes = [
            models.Index(fields=["agency", "account", "received_on"], name="ledger_payment_account"),
            models.Index(fields=["agency", "received_on"], name="ledger_payment_day"),
        ]
