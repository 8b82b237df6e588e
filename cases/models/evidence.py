"""What lets irreversible things happen, and what proves them: approvals and documents of a case."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models.case import Case
from common.walls import walls
from portfolios.models import Creditor


class ApprovalKind(models.TextChoices):
    """What a second person, or the creditor, says yes to before it happens."""

    PROMISE = "PROMISE", _("Promise beyond the short limit")
    PLAN = "PLAN", _("Payment plan")
    PLAN_FORMAT = "PLAN_FORMAT", _("Plan format")
    DISCOUNT = "DISCOUNT", _("Discount against full payment")
    WAIVER = "WAIVER", _("Waiver of a part of the debt")
    LAWSUIT = "LAWSUIT", _("Going to court")
    BOOT = "BOOT", _("Wheel boot on the financed object")
    COMPLAINT = "COMPLAINT", _("Criminal complaint")
    SALE = "SALE", _("Sale of the debt")


class Approval(AgencyOwned):
    """One side's answer to one question. It is decided once: a trigger refuses to change what was decided."""

    class Side(models.TextChoices):
        COORDINATOR = "COORDINATOR", _("Coordinator")
        CREDITOR = "CREDITOR", _("Creditor")

    class State(models.TextChoices):
        WAITING = "WAITING", pgettext_lazy("state of an approval", "Waits")
        GRANTED = "GRANTED", pgettext_lazy("state of an approval", "Approved")
        REFUSED = "REFUSED", pgettext_lazy("state of an approval", "Refused")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("state of an approval", "Withdrawn")

    kind = models.CharField(max_length=12, choices=ApprovalKind.choices)
    subject_id = models.BigIntegerField()
    """Id of the promise, plan, settlement, handoff, … that waits."""
    case = AgencyForeignKey(Case, null=True, blank=True)
    """None for what concerns a whole mandate, such as a plan format."""
    creditor = AgencyForeignKey(Creditor)
    side = models.CharField(max_length=11, choices=Side.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    facts = models.JSONField(default=dict)
    """What was put before the decider: amounts as text, days, counts. No personal data."""
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=240, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_approval", case="cases_case", creditor="portfolios_creditor"),
            models.UniqueConstraint(
                fields=["agency", "kind", "subject_id", "side"], condition=~Q(state="WITHDRAWN"),
                name="cases_approval_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "WITHDRAWN"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="cases_approval_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(asked_by=None) | ~Q(decided_by=models.F("asked_by")),
                name="cases_approval_by_second_person",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["agency", "side", "due_at"], name="cases_approval_waiting", condition=Q(state="WAITING")
            ),
            models.Index(fields=["agency", "case", "id"], name="cases_approval_case"),
        ]


class DocumentKind(models.TextChoices):
    PAYMENT_PROOF = "PAYMENT_PROOF", _("Proof of payment")
    AUTHORISATION = "AUTHORISATION", _("Written authorisation of a third party")
    DEATH_CERTIFICATE = "DEATH_CERTIFICATE", _("Death certificate")
    CONTRACT = "CONTRACT", _("Contract and proof of the claim")
    POWER_OF_ATTORNEY = "POWER_OF_ATTORNEY", _("Power of attorney")
    ASSIGNMENT_NOTICE = "ASSIGNMENT_NOTICE", _("Notice of assignment")
    AGREEMENT = "AGREEMENT", _("Agreement")
    DEED = "DEED", _("Notarial deed")
    SETTLEMENT = "SETTLEMENT", _("Settlement")
    VISIT_SHEET = "VISIT_SHEET", _("Visit sheet")
    VISIT_PROTOCOL = "VISIT_PROTOCOL", _("Visit protocol")
    PHOTO = "PHOTO", _("Photo")
    SIGNATURE = "SIGNATURE", _("Signature")
    OBJECT_PROTOCOL = "OBJECT_PROTOCOL", _("Protocol on the financed object")
    FINAL_REPORT = "FINAL_REPORT", _("Final report")
    STATEMENT = "STATEMENT", _("Statement of account")
    DOSSIER = "DOSSIER", _("Dossier")
    COURT = "COURT", _("Court document")
    COMPLAINT = "COMPLAINT", _("Criminal complaint")
    OTHER = "OTHER", _("Other document")


class Document(AgencyOwned):
    """A file on a case, kept by its hash. It is added, never changed or deleted."""

    case = AgencyForeignKey(Case)
    kind = models.CharField(max_length=18, choices=DocumentKind.choices)
    title = models.CharField(max_length=160)
    filename = models.CharField(max_length=120)
    mime = models.CharField(max_length=80)
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    language = models.CharField(max_length=5, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    """Id of the plan, visit, handoff, … the document belongs to."""
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    made_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [*walls("cases_document", case="cases_case")]
        indexes = [models.Index(fields=["agency", "case", "kind", "id"], name="cases_document_case")]
