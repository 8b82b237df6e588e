"""A part of a debt the agency asks to forgive, bucket by bucket, apart from any settlement."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models.case import Case
from common.walls import walls
from ledger.models import DEBT_BUCKETS, MONEY, Bucket


class Waiver(AgencyOwned):
    """What is to be forgiven of each part, and why; posted once everybody who is asked agreed."""

    class State(models.TextChoices):
        AWAITING_APPROVAL = "AWAITING_APPROVAL", pgettext_lazy("state of a waiver", "Waits for approval")
        POSTED = "POSTED", pgettext_lazy("state of a waiver", "Waived")
        REFUSED = "REFUSED", pgettext_lazy("state of a waiver", "Refused")
        CANCELLED = "CANCELLED", pgettext_lazy("state of a waiver", "Cancelled")
        TAKEN_BACK = "TAKEN_BACK", pgettext_lazy("state of a waiver", "Taken back")

    case = AgencyForeignKey(Case)
    currency = models.CharField(max_length=3)
    principal = models.DecimalField(**MONEY, default=0)
    interest = models.DecimalField(**MONEY, default=0)
    penalty = models.DecimalField(**MONEY, default=0)
    fees = models.DecimalField(**MONEY, default=0)
    costs = models.DecimalField(**MONEY, default=0)
    reason = models.CharField(max_length=240)
    state = models.CharField(max_length=18, choices=State.choices, default=State.AWAITING_APPROVAL)
    entries = ArrayField(models.BigIntegerField(), default=list, blank=True)
    """The ledger's entries that forgave it, one for each part."""
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was posted, refused, cancelled or taken back, whichever came last."""

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_waiver", case="cases_case"),
            models.UniqueConstraint(
                fields=["agency", "case"], condition=Q(state="AWAITING_APPROVAL"), name="cases_waiver_one_open"
            ),
            models.CheckConstraint(
                condition=Q(principal__gte=0, interest__gte=0, penalty__gte=0, fees__gte=0, costs__gte=0),
                name="cases_waiver_parts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    principal__gt=-F("interest") - F("penalty") - F("fees") - F("costs")
                ),
                name="cases_waiver_forgives_something",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "case", "id"], name="cases_waiver_case")]

    @property
    def parts(self) -> dict[Bucket, Decimal]:
        every = {bucket: getattr(self, bucket.lower()) for bucket in DEBT_BUCKETS}
        return {bucket: amount for bucket, amount in every.items() if amount}

    @property
    def amount(self) -> Decimal:
        return sum(self.parts.values(), Decimal(0))
