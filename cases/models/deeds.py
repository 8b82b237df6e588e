"""Notarial deeds: the acknowledgement of a debt, with its plan, that can be enforced without a lawsuit."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models.agreements import Plan
from cases.models.case import Case
from cases.models.evidence import Document
from common.walls import walls
from ledger.models import MONEY


class Deed(AgencyOwned):
    """One deed about one plan: drafted here, concluded before a notary, kept as a scan (S003-24, S003-26)."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", pgettext_lazy("state of a notarial deed", "Drafted")
        CONCLUDED = "CONCLUDED", pgettext_lazy("state of a notarial deed", "Concluded")
        DROPPED = "DROPPED", pgettext_lazy("state of a notarial deed", "Dropped")

    case = AgencyForeignKey(Case)
    plan = AgencyForeignKey(Plan)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=5)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(**MONEY)
    """What the debtor acknowledges and may be enforced: all instalments after the advance."""
    notary = models.CharField(max_length=160, blank=True)
    deed_no = models.CharField(max_length=60, blank=True)
    concluded_on = models.DateField(null=True, blank=True)
    draft = AgencyForeignKey(Document, null=True, blank=True)
    """The wording for the notary, in the deed's language."""
    reading = AgencyForeignKey(Document, null=True, blank=True)
    """The same in the debtor's language, where that is another."""
    scan = AgencyForeignKey(Document, null=True, blank=True)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    drafted_at = models.DateTimeField()
    concluded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    recorded_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=240, blank=True)
    """Why it was dropped."""

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "cases_deed", case="cases_case", plan="cases_plan", draft="cases_document", reading="cases_document",
                scan="cases_document",
            ),
            models.UniqueConstraint(
                fields=["agency", "plan"], condition=~Q(state="DROPPED"), name="cases_deed_one_for_a_plan"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="cases_deed_amount_is_positive"),
            models.CheckConstraint(
                condition=~Q(state="CONCLUDED")
                | (~Q(deed_no="") & ~Q(notary="") & Q(concluded_on__isnull=False, scan__isnull=False)),
                name="cases_deed_concluded_is_proven",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "case", "id"], name="cases_deed_case")]

    def __str__(self) -> str:
        return self.deed_no
