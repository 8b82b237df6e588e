"""How a debtor will pay what was agreed (S004-20)."""

from django.db import models
from django.db.models import Q

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models.agreements import Plan
from cases.models.case import Case
from cases.models.work import Promise
from common.walls import walls
from debtors.models import PayingWay
from ledger.models import MONEY


class AgreedWay(AgencyOwned):
    """The way agreed with a promise, with a plan, or for the case alone. The newest row of a case holds.

    Of a direct debit the mandate: its number and the day it was signed, the agreed sum, the bank (pre-authorised, taken
    at the beneficiary's request). Of a standing order the fixed sum and its day of the month.
    """

    case = AgencyForeignKey(Case)
    promise = AgencyForeignKey(Promise, null=True)
    plan = AgencyForeignKey(Plan, null=True)
    way = models.CharField(max_length=14, choices=PayingWay.choices)
    bank = models.CharField(max_length=80, blank=True)
    reference = models.CharField(max_length=40, blank=True)
    signed_on = models.DateField(null=True)
    amount = models.DecimalField(**MONEY, null=True)
    day_of_month = models.PositiveSmallIntegerField(null=True)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    agreed_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_agreedway", case="cases_case", promise="cases_promise", plan="cases_plan"),
            models.CheckConstraint(
                condition=Q(day_of_month=None) | Q(day_of_month__gte=1, day_of_month__lte=31),
                name="cases_agreedway_day_of_month",
            ),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="cases_agreedway_amount"),
        ]
        indexes = [models.Index(fields=["agency", "case", "-id"], name="cases_agreedway_case")]

    @property
    def is_automatic(self) -> bool:
        """The bank pays by itself once the papers are there."""
        return self.way in (PayingWay.DIRECT_DEBIT, PayingWay.STANDING_ORDER)

    @property
    def lacks_papers(self) -> bool:
        """A direct debit that nobody signed, a standing order without its sum or day: it will not pay by itself yet."""
        if self.way == PayingWay.DIRECT_DEBIT:
            return not self.reference or self.signed_on is None
        return self.way == PayingWay.STANDING_ORDER and (self.amount is None or self.day_of_month is None)
