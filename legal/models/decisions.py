"""The decision whether a debt goes to court: reasons, checklist, claim, limitation, and who said yes (S000-12)."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models import Case, Deed, Document
from common.walls import walls
from ledger.models import MONEY


class CourtReason(models.TextChoices):
    """Why only a court helps (S004-38, S004-52, S003-26)."""

    NO_CONTACT = "NO_CONTACT", _("No contact could be achieved")
    REFUSES_TO_PAY = "REFUSES_TO_PAY", _("Does not agree to repay")
    REFUSES_TO_SIGN = "REFUSES_TO_SIGN", _("Does not agree to sign an agreement")
    USELESS = "USELESS", _("Further contact looks useless")
    PLAN_BROKEN = "PLAN_BROKEN", _("Missed an instalment of the agreement")
    DEED_BROKEN = "DEED_BROKEN", _("An enforceable deed is not fulfilled")
    LIMITATION = "LIMITATION", _("The claim would soon be time-barred")
    OTHER = "OTHER", _("Another reason")


class LawsuitDecision(AgencyOwned):
    """One decision about one case. It is approved only with the answers of everybody asked, as a trigger sees to."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", pgettext_lazy("state of a lawsuit decision", "Draft")
        WAITING = "WAITING", pgettext_lazy("state of a lawsuit decision", "Waits for approval")
        APPROVED = "APPROVED", pgettext_lazy("state of a lawsuit decision", "Approved")
        REFUSED = "REFUSED", pgettext_lazy("state of a lawsuit decision", "Refused")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("state of a lawsuit decision", "Withdrawn")

    case = AgencyForeignKey(Case)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    reasons = ArrayField(models.CharField(max_length=16, choices=CourtReason.choices), default=list)
    text = models.TextField(blank=True)
    currency = models.CharField(max_length=3)
    principal = models.DecimalField(**MONEY, default=0)
    interest = models.DecimalField(**MONEY, default=0)
    penalty = models.DecimalField(**MONEY, default=0)
    fees = models.DecimalField(**MONEY, default=0)
    costs = models.DecimalField(**MONEY, default=0)
    deed = AgencyForeignKey(Deed, null=True, blank=True)
    """The notarial deed to be enforced without a lawsuit; None: the claim goes to court (S003-26)."""
    limitation_on = models.DateField(null=True, blank=True)
    """The last day on which the claim can be brought; None while nobody knows it."""
    limitation_source = models.CharField(max_length=240, blank=True)
    """The rule it was counted by, or why a person entered another day."""
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    drafted_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    ended_note = models.CharField(max_length=240, blank=True)
    """Why it was refused or withdrawn: the conclusion not to go to court."""

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("legal_lawsuitdecision", case="cases_case", deed="cases_deed"),
            models.UniqueConstraint(
                fields=["agency", "case"],
                condition=Q(state__in=["DRAFT", "WAITING"]),
                name="legal_lawsuitdecision_open",
            ),
            models.CheckConstraint(
                condition=Q(principal__gte=0, interest__gte=0, penalty__gte=0, fees__gte=0, costs__gte=0),
                name="legal_lawsuitdecision_claim_is_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "case", "-id"], name="legal_lawsuitdecision_case"),
            models.Index(
                fields=["agency", "limitation_on"], name="legal_lawsuitdecision_limit",
                condition=Q(state__in=["DRAFT", "WAITING", "APPROVED"]),
            ),
        ]  # fmt: skip

    @property
    def claim(self) -> Decimal:
        """The sum claimed."""
        return self.principal + self.interest + self.penalty + self.fees + self.costs

    @property
    def reason_labels(self) -> list[str]:
        return [str(CourtReason(code).label) for code in self.reasons]


class CheckState(models.TextChoices):
    MET = "MET", _("There")
    MISSING = "MISSING", _("Missing")
    NOT_NEEDED = "NOT_NEEDED", _("Not needed")


class LawsuitCheck(AgencyOwned):
    """One item of a decision's checklist; what is missing is explained or stops the decision."""

    decision = AgencyForeignKey(LawsuitDecision)
    code = models.CharField(max_length=24)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=CheckState.choices)
    by_hand = models.BooleanField(default=False)
    """A person ticked it; otherwise it was read from the case."""
    explanation = models.CharField(max_length=400, blank=True)
    document = AgencyForeignKey(Document, null=True, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("legal_lawsuitcheck", decision="legal_lawsuitdecision", document="cases_document"),
            models.UniqueConstraint(fields=["agency", "decision", "code"], name="legal_lawsuitcheck_key"),
        ]
