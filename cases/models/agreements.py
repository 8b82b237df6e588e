"""What debtor and agency agree on beside a promise: plan formats, payment plans with their instalments, settlements."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models.case import Case
from cases.models.evidence import Document
from common.walls import walls
from ledger.models import MONEY, Payment
from portfolios.models import Mandate


class PlanFormat(AgencyOwned):
    """A kind of payment plan the creditor approved (S001-06). Its terms never change: another format replaces it."""

    class State(models.TextChoices):
        AWAITING_APPROVAL = "AWAITING_APPROVAL", pgettext_lazy("state of a plan format", "Waits for the creditor")
        APPROVED = "APPROVED", pgettext_lazy("state of a plan format", "Approved")
        REFUSED = "REFUSED", pgettext_lazy("state of a plan format", "Refused")
        RETIRED = "RETIRED", pgettext_lazy("state of a plan format", "Not used any more")

    mandate = AgencyForeignKey(Mandate)
    name = models.CharField(max_length=80)
    max_months = models.PositiveSmallIntegerField(default=12)
    interest_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    """Per year on what is left (S001-07); 0: none."""
    fee_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    """Convenience fee, once, of the sum put into instalments (S001-07); 0: none."""
    minimum_percent = models.PositiveSmallIntegerField(default=100)
    """The smallest instalment as a part of the original one; never below it (S004-50)."""
    balloon_allowed = models.BooleanField(default=False)
    """The last instalment may be larger than the others (S004-51)."""
    grace_days = models.PositiveSmallIntegerField(default=3)
    """So many days after its due day an instalment is still in time."""
    state = models.CharField(max_length=18, choices=State.choices, default=State.AWAITING_APPROVAL)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_planformat", mandate="portfolios_mandate"),
            models.UniqueConstraint(
                fields=["agency", "mandate", "name"], condition=Q(state__in=["AWAITING_APPROVAL", "APPROVED"]),
                name="cases_planformat_name_key",
            ),
            models.CheckConstraint(
                condition=Q(max_months__gte=1, max_months__lte=12), name="cases_planformat_at_most_a_year"
            ),
            models.CheckConstraint(
                condition=Q(minimum_percent__gte=100), name="cases_planformat_not_below_the_original"
            ),
            models.CheckConstraint(
                condition=Q(interest_percent__gte=0, fee_percent__gte=0), name="cases_planformat_rates_not_negative"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Plan(AgencyOwned):
    """A payment commitment: an advance instalment first, then a schedule, approved and signed (S004-47…52)."""

    class State(models.TextChoices):
        ADVANCE_DUE = "ADVANCE_DUE", pgettext_lazy("state of a plan", "Waits for the advance instalment")
        DRAFTING = "DRAFTING", pgettext_lazy("state of a plan", "In restructuring")
        AWAITING_APPROVAL = "AWAITING_APPROVAL", pgettext_lazy("state of a plan", "Waits for approval")
        APPROVED = "APPROVED", pgettext_lazy("state of a plan", "Waits for the signature")
        ACTIVE = "ACTIVE", pgettext_lazy("state of a plan", "Being kept")
        COMPLETED = "COMPLETED", pgettext_lazy("state of a plan", "Kept in full")
        BROKEN = "BROKEN", pgettext_lazy("state of a plan", "Broken")
        LAPSED = "LAPSED", pgettext_lazy("state of a plan", "Advance not paid")
        REFUSED = "REFUSED", pgettext_lazy("state of a plan", "Refused")
        CANCELLED = "CANCELLED", pgettext_lazy("state of a plan", "Cancelled")

    case = AgencyForeignKey(Case)
    format = AgencyForeignKey(PlanFormat)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=18, choices=State.choices, default=State.ADVANCE_DUE)
    advance = models.DecimalField(**MONEY)
    advance_by = models.DateField()
    after_payment = AgencyForeignKey(Payment, null=True)
    """The last payment booked when the plan was asked for: only later ones count for it."""
    amount = models.DecimalField(**MONEY, null=True, blank=True)
    """The part of the debt put into instalments."""
    interest = models.DecimalField(**MONEY, default=0)
    fee = models.DecimalField(**MONEY, default=0)
    balloon = models.DecimalField(**MONEY, default=0)
    """The last instalment where it is larger than the others; 0: it is not."""
    paid = models.DecimalField(**MONEY, default=0)
    """Payments that count for the plan, the advance among them; kept by `cases.plan_judging`."""
    breaks_after = models.DateField(null=True, blank=True)
    """The last day on which the oldest instalment that is not covered may still be paid; None: nothing is open."""
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    drafted_at = models.DateTimeField(null=True)
    document = AgencyForeignKey(Document, null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=240, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "cases_plan", case="cases_case", format="cases_planformat", after_payment="ledger_payment",
                document="cases_document",
            ),
            models.UniqueConstraint(
                fields=["agency", "case"], name="cases_plan_one_open",
                condition=Q(state__in=["ADVANCE_DUE", "DRAFTING", "AWAITING_APPROVAL", "APPROVED", "ACTIVE"]),
            ),
            models.CheckConstraint(condition=Q(advance__gt=0), name="cases_plan_advance_is_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=["APPROVED", "ACTIVE", "COMPLETED"]) | Q(amount__gt=0),
                name="cases_plan_has_schedule",
            ),
            models.CheckConstraint(
                condition=~Q(state="ACTIVE") | Q(signed_on__isnull=False), name="cases_plan_active_is_signed"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "case", "id"], name="cases_plan_case"),
            models.Index(
                fields=["agency", "breaks_after"], name="cases_plan_breaks",
                condition=Q(state__in=["ADVANCE_DUE", "ACTIVE"]),
            ),
        ]  # fmt: skip

    @property
    def total(self) -> Decimal:
        """All instalments after the advance."""
        return (self.amount or Decimal(0)) + self.interest + self.fee


class Instalment(AgencyOwned):
    """One row of a plan's schedule; number 0 is the advance."""

    plan = AgencyForeignKey(Plan)
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount = models.DecimalField(**MONEY)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_instalment", plan="cases_plan"),
            models.UniqueConstraint(fields=["agency", "plan", "number"], name="cases_instalment_key"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="cases_instalment_amount_is_positive"),
        ]


class Settlement(AgencyOwned):
    """A discount against full payment: the agreed sum by a day, and the rest is waived (S000-17)."""

    class State(models.TextChoices):
        AWAITING_APPROVAL = "AWAITING_APPROVAL", pgettext_lazy("state of a settlement", "Waits for approval")
        OFFERED = "OFFERED", pgettext_lazy("state of a settlement", "Offered")
        PAID = "PAID", pgettext_lazy("state of a settlement", "Paid, the rest waived")
        LAPSED = "LAPSED", pgettext_lazy("state of a settlement", "Not paid in time")
        REFUSED = "REFUSED", pgettext_lazy("state of a settlement", "Refused")
        CANCELLED = "CANCELLED", pgettext_lazy("state of a settlement", "Cancelled")

    case = AgencyForeignKey(Case)
    currency = models.CharField(max_length=3)
    balance = models.DecimalField(**MONEY)
    """What was owed when it was offered."""
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2)
    amount = models.DecimalField(**MONEY)
    """To be paid."""
    pay_by = models.DateField()
    state = models.CharField(max_length=18, choices=State.choices, default=State.AWAITING_APPROVAL)
    after_payment = AgencyForeignKey(Payment, null=True)
    paid = models.DecimalField(**MONEY, default=0)
    waivers = ArrayField(models.BigIntegerField(), default=list, blank=True)
    """Entries that waived the rest."""
    document = AgencyForeignKey(Document, null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "cases_settlement", case="cases_case", after_payment="ledger_payment", document="cases_document"
            ),
            models.UniqueConstraint(
                fields=["agency", "case"], condition=Q(state__in=["AWAITING_APPROVAL", "OFFERED"]),
                name="cases_settlement_one_open",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=F("balance")), name="cases_settlement_is_a_discount"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "case", "id"], name="cases_settlement_case"),
            models.Index(
                fields=["agency", "pay_by"], condition=Q(state__in=["AWAITING_APPROVAL", "OFFERED"]),
                name="cases_settlement_due",
            ),
        ]  # fmt: skip
