"""Criminal complaints about a financed object, and what the police answered (S003-20, S003-21)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models import Case, Document
from common.walls import walls


class Complaint(AgencyOwned):
    """One complaint. It is filed only after coordinator and creditor said yes, as a trigger sees to."""

    class State(models.TextChoices):
        REQUESTED = "REQUESTED", pgettext_lazy("state of a complaint", "Waits for approval")
        APPROVED = "APPROVED", pgettext_lazy("state of a complaint", "Approved")
        FILED = "FILED", pgettext_lazy("state of a complaint", "Filed")
        REFUSED = "REFUSED", pgettext_lazy("state of a complaint", "Refused")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("state of a complaint", "Withdrawn")

    class Reason(models.TextChoices):
        OBJECT_NOT_FOUND = "OBJECT_NOT_FOUND", _("The financed object cannot be found")
        HANDOVER_REFUSED = "HANDOVER_REFUSED", _("The debtor refuses to hand the object over")
        OTHER = "OTHER", _("Another reason")

    case = AgencyForeignKey(Case)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    place = models.CharField(max_length=160)
    """Where it is to be filed, as the creditor wishes."""
    wording = models.TextField()
    requirements = models.TextField(blank=True)
    """What else the creditor asks for."""
    state = models.CharField(max_length=9, choices=State.choices, default=State.REQUESTED)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    requested_at = models.DateTimeField()
    filed_on = models.DateField(null=True)
    police_no = models.CharField(max_length=60, blank=True)
    refused_note = models.CharField(max_length=240, blank=True)
    withdrawn_note = models.CharField(max_length=240, blank=True, db_default="")
    payment_note = models.CharField(max_length=240, blank=True, db_default="")
    """Why it was filed although a payment had come in since it was asked for."""
    document = AgencyForeignKey(Document, null=True, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("legal_complaint", case="cases_case", document="cases_document"),
            models.UniqueConstraint(
                fields=["agency", "case"], condition=Q(state__in=["REQUESTED", "APPROVED"]), name="legal_complaint_open"
            ),
            models.CheckConstraint(
                condition=Q(state="FILED", filed_on__isnull=False) | (~Q(state="FILED") & Q(filed_on=None)),
                name="legal_complaint_filed_has_day",
            ),
        ]
        indexes = [models.Index(fields=["agency", "case", "-id"], name="legal_complaint_case")]


class PoliceNews(AgencyOwned):
    """What was written to or heard from the police after the filing (S003-21)."""

    complaint = AgencyForeignKey(Complaint)
    on = models.DateField()
    text = models.CharField(max_length=400)
    document = AgencyForeignKey(Document, null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        verbose_name_plural = "police news"
        constraints = [*walls("legal_policenews", complaint="legal_complaint", document="cases_document")]
        indexes = [models.Index(fields=["agency", "complaint", "id"], name="legal_policenews_list")]
