"""Law firms, their people, and what was handed to them: dossier, questions, documents, costs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import Membership, User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models import Case, Document
from common.walls import walls
from ledger.models import MONEY, Entry
from legal.models.decisions import LawsuitDecision
from portfolios.models import Creditor


class LawFirm(AgencyOwned):
    """A firm that brings claims. With a creditor it is that creditor's lawyer and takes only its cases (S002-11)."""

    name = models.CharField(max_length=160)
    country = models.CharField(max_length=2)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    creditor = AgencyForeignKey(Creditor, null=True, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("legal_lawfirm", creditor="portfolios_creditor"),
            models.UniqueConstraint(fields=["agency", "name"], name="legal_lawfirm_name_key"),
        ]

    def __str__(self) -> str:
        return self.name


class LawFirmMember(AgencyOwned):
    """Lets a member with the law firm's role see exactly one firm's handoffs."""

    membership = AgencyForeignKey(Membership)
    firm = AgencyForeignKey(LawFirm)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("legal_lawfirmmember", membership="agencies_membership", firm="legal_lawfirm"),
            models.UniqueConstraint(fields=["agency", "membership"], name="legal_lawfirmmember_key"),
        ]
        indexes = [models.Index(fields=["agency", "firm"], name="legal_lawfirmmember_firm")]


class Handoff(AgencyOwned):
    """One case in the hands of one firm, by one approved decision; a trigger refuses it without the approval."""

    class State(models.TextChoices):
        PREPARED = "PREPARED", pgettext_lazy("state of a handoff", "Prepared")
        SENT = "SENT", pgettext_lazy("state of a handoff", "Sent to the firm")
        ACCEPTED = "ACCEPTED", pgettext_lazy("state of a handoff", "Accepted")
        QUESTION = "QUESTION", pgettext_lazy("state of a handoff", "The firm asks")
        IN_COURT = "IN_COURT", pgettext_lazy("state of a handoff", "In court")
        RECALLED = "RECALLED", pgettext_lazy("state of a handoff", "Recalled")
        DONE = "DONE", pgettext_lazy("state of a handoff", "Done")

    case = AgencyForeignKey(Case)
    decision = AgencyForeignKey(LawsuitDecision)
    firm = AgencyForeignKey(LawFirm)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PREPARED)
    resumes = models.CharField(max_length=8, choices=State.choices, blank=True)
    """The state an answered question returns to."""
    dossier = AgencyForeignKey(Document, null=True, blank=True)
    """The ZIP: everything, with its list of hashes."""
    summary = AgencyForeignKey(Document, null=True, blank=True)
    """The dossier as one PDF."""
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    prepared_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_note = models.CharField(max_length=240, blank=True)
    cleared_at = models.DateTimeField()
    """Payments entered up to this moment do not stop enforcement any more: a legal officer looked at them."""
    cleared_note = models.CharField(max_length=240, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "legal_handoff", case="cases_case", decision="legal_lawsuitdecision", firm="legal_lawfirm",
                dossier="cases_document", summary="cases_document",
            ),
            models.UniqueConstraint(
                fields=["agency", "case"], condition=~Q(state__in=["RECALLED", "DONE"]),
                name="legal_handoff_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="PREPARED") | Q(sent_at__isnull=False) | Q(state="RECALLED"),
                name="legal_handoff_sent_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["RECALLED", "DONE"], ended_at__isnull=False)
                | (~Q(state__in=["RECALLED", "DONE"]) & Q(ended_at=None)),
                name="legal_handoff_ends_once",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "firm", "state", "-id"], name="legal_handoff_firm"),
            models.Index(fields=["agency", "case", "-id"], name="legal_handoff_case"),
        ]


class HandoffWord(AgencyOwned):
    """What the firm asks and the agency answers."""

    handoff = AgencyForeignKey(Handoff)
    from_firm = models.BooleanField()
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [*walls("legal_handoffword", handoff="legal_handoff")]
        indexes = [models.Index(fields=["agency", "handoff", "id"], name="legal_handoffword_list")]


class HandoffDocument(AgencyOwned):
    """A document that both the agency and the firm of a handoff may open."""

    handoff = AgencyForeignKey(Handoff)
    document = AgencyForeignKey(Document)
    from_firm = models.BooleanField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("legal_handoffdocument", handoff="legal_handoff", document="cases_document"),
            models.UniqueConstraint(fields=["agency", "handoff", "document"], name="legal_handoffdocument_key"),
        ]


class CostKind(models.TextChoices):
    COURT_FEE = "COURT_FEE", _("Court fee")
    LAWYER = "LAWYER", _("Lawyer's fee")
    BAILIFF = "BAILIFF", _("Bailiff's fee")
    NOTARY = "NOTARY", _("Notary's fee")
    EXPERT = "EXPERT", _("Expert's fee")
    OTHER = "OTHER", _("Other costs")


class HandoffCost(AgencyOwned):
    """Costs the firm or the agency had. The entry raised the debt by them; None: the case was closed, nothing was."""

    handoff = AgencyForeignKey(Handoff)
    kind = models.CharField(max_length=9, choices=CostKind.choices)
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    incurred_on = models.DateField()
    note = models.CharField(max_length=140, blank=True)
    entry = AgencyForeignKey(Entry, null=True, blank=True)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    reported_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("legal_handoffcost", handoff="legal_handoff", entry="ledger_entry"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="legal_handoffcost_amount_is_positive"),
            models.UniqueConstraint(fields=["agency", "entry"], name="legal_handoffcost_entry_key"),
        ]
        indexes = [models.Index(fields=["agency", "handoff", "id"], name="legal_handoffcost_list")]


class CostTakenBack(AgencyOwned):
    """Costs reported by mistake. The entry is the opposite one; None: they were never charged."""

    cost = AgencyForeignKey(HandoffCost)
    entry = AgencyForeignKey(Entry, null=True, blank=True)
    reason = models.CharField(max_length=240)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        verbose_name_plural = "costs taken back"
        constraints = [
            *walls("legal_costtakenback", cost="legal_handoffcost", entry="ledger_entry"),
            models.UniqueConstraint(fields=["agency", "cost"], name="legal_costtakenback_once"),
        ]
