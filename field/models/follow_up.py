"""What follows a visit: recommendations, differences from the records, incidents, and the financed object."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models import Case, Document
from common.walls import walls
from field.models.visits import Visit


class Recommendation(AgencyOwned):
    """What the field collector thinks should happen next; the coordinator decides (S004-38)."""

    class Kind(models.TextChoices):
        LEGAL = "LEGAL", _("Prepare going to court")
        PHONE = "PHONE", _("Back to the phone")
        VISIT_AGAIN = "VISIT_AGAIN", _("Visit again")

    class Why(models.TextChoices):
        NO_CONTACT = "NO_CONTACT", _("No contact was achieved")
        REFUSES_TO_PAY = "REFUSES_TO_PAY", _("Does not agree to repay")
        REFUSES_TO_SIGN = "REFUSES_TO_SIGN", _("Does not agree to sign the agreement")
        USELESS = "USELESS", _("Further contact looks useless")
        WILL_PAY = "WILL_PAY", _("Is ready to pay or to talk by phone")
        OTHER_ADDRESS = "OTHER_ADDRESS", _("Another address or hour was learned")

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("state of a recommendation", "Waits for the coordinator")
        ACCEPTED = "ACCEPTED", pgettext_lazy("state of a recommendation", "Accepted")
        REJECTED = "REJECTED", pgettext_lazy("state of a recommendation", "Not followed")

    case = AgencyForeignKey(Case)
    visit = AgencyForeignKey(Visit, null=True, blank=True)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    why = models.CharField(max_length=15, choices=Why.choices)
    note = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=240, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("field_recommendation", case="cases_case", visit="field_visit"),
            models.UniqueConstraint(
                fields=["agency", "case"], condition=Q(state="OPEN"), name="field_recommendation_one_open"
            ),
        ]


class Discrepancy(AgencyOwned):
    """What differs between the records and reality, for example the collateral (S004-41)."""

    case = AgencyForeignKey(Case)
    visit = AgencyForeignKey(Visit, null=True, blank=True)
    what = models.CharField(max_length=80)
    recorded = models.CharField(max_length=240, blank=True)
    found = models.CharField(max_length=240)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    reported_at = models.DateTimeField()
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=240, blank=True)

    class Meta(AgencyOwned.Meta):
        verbose_name_plural = "discrepancies"
        constraints = [*walls("field_discrepancy", case="cases_case", visit="field_visit")]
        indexes = [
            models.Index(fields=["agency", "id"], name="field_discrepancy_open", condition=Q(resolved_at=None)),
        ]


class Incident(AgencyOwned):
    """A conflict or threat on a visit, and when the creditor's responsible person was told (S003-16)."""

    case = AgencyForeignKey(Case)
    visit = AgencyForeignKey(Visit, null=True, blank=True)
    text = models.CharField(max_length=1000)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    reported_at = models.DateTimeField()
    creditor_told_at = models.DateTimeField(null=True)
    creditor_told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    creditor_person = models.CharField(max_length=120, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [*walls("field_incident", case="cases_case", visit="field_visit")]
        indexes = [
            models.Index(fields=["agency", "id"], name="field_incident_open", condition=Q(creditor_told_at=None)),
        ]


class FinancedObject(AgencyOwned):
    """The thing the credit paid for, mostly a vehicle, and how far its securing has come (S003-11, S003-22)."""

    class State(models.TextChoices):
        SOUGHT = "SOUGHT", pgettext_lazy("state of a financed object", "Sought")
        FOUND = "FOUND", pgettext_lazy("state of a financed object", "Found")
        BOOTED = "BOOTED", pgettext_lazy("state of a financed object", "Immobilised with a boot")
        RELEASED = "RELEASED", pgettext_lazy("state of a financed object", "Released to its holder")
        SECURED = "SECURED", pgettext_lazy("state of a financed object", "Secured")
        TRANSPORTED = "TRANSPORTED", pgettext_lazy("state of a financed object", "Transported")
        HANDED_OVER = "HANDED_OVER", pgettext_lazy("state of a financed object", "Handed over")
        NOT_FOUND = "NOT_FOUND", pgettext_lazy("state of a financed object", "Cannot be traced")
        REFUSED = "REFUSED", pgettext_lazy("state of a financed object", "Handing over refused")

    case = AgencyForeignKey(Case)
    description = models.CharField(max_length=160)
    plate = models.CharField(max_length=20, blank=True)
    vin = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=11, choices=State.choices, default=State.SOUGHT)
    place = models.CharField(max_length=160, blank=True)
    cleared_at = models.DateTimeField(null=True)
    """A coordinator looked at the payments up to this moment: they stop no step any more (`field.going`)."""

    class Meta(AgencyOwned.Meta):
        constraints = [*walls("field_financedobject", case="cases_case")]
        indexes = [models.Index(fields=["agency", "case", "id"], name="field_financedobject_case")]


class ObjectStep(AgencyOwned):
    """One step with the object. A boot is asked for first: the row cannot become DONE before the creditor's yes."""

    class State(models.TextChoices):
        REQUESTED = "REQUESTED", pgettext_lazy("state of an object step", "Waits for the creditor")
        APPROVED = "APPROVED", pgettext_lazy("state of an object step", "Approved by the creditor")
        REFUSED = "REFUSED", pgettext_lazy("state of an object step", "Refused by the creditor")
        DONE = "DONE", pgettext_lazy("state of an object step", "Done")
        LAPSED = "LAPSED", pgettext_lazy("state of an object step", "No longer valid")

    object = AgencyForeignKey(FinancedObject)
    case = AgencyForeignKey(Case)
    step = models.CharField(max_length=11, choices=FinancedObject.State.choices)
    state = models.CharField(max_length=9, choices=State.choices)
    visit = AgencyForeignKey(Visit, null=True, blank=True)
    note = models.CharField(max_length=400, blank=True)
    sent_key = models.UUIDField(null=True, blank=True)
    """Made by the form: the same form sent twice is one step."""
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    done_at = models.DateTimeField(null=True)
    protocol = AgencyForeignKey(Document, null=True, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "field_objectstep", object="field_financedobject", case="cases_case", visit="field_visit",
                protocol="cases_document",
            ),
            models.UniqueConstraint(fields=["agency", "sent_key"], name="field_objectstep_sent_once"),
            models.CheckConstraint(
                condition=~Q(state="DONE") | Q(done_at__isnull=False, done_by__isnull=False),
                name="field_objectstep_done_by_someone",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "case", "id"], name="field_objectstep_case")]
