"""Visits: what was found at one address, with its proof. A visit is added once and never changed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models import Case, Document, PartyRole, ReasonForNonPayment
from common.walls import walls
from contacts.models import Decision, Permit
from debtors.models import ContactPoint
from field.models.trips import VisitOrder, VisitStop
from ledger.models import MONEY


class Outcome(models.TextChoices):
    """What happened at the door (S004-34…36)."""

    MET_DEBTOR = "MET_DEBTOR", _("Met the debtor")
    MET_OTHER = "MET_OTHER", _("Met somebody else")
    NOBODY = "NOBODY", _("Nobody there")
    REFUSED = "REFUSED", _("Would not talk")
    MOVED = "MOVED", _("Moved away")
    WRONG_ADDRESS = "WRONG_ADDRESS", _("No such address")


class Letter(models.TextChoices):
    """Where the sealed contact letter was left (S004-34, S004-35, S004-76)."""

    NONE = "NONE", _("None left")
    MAILBOX = "MAILBOX", _("In the mailbox")
    DOOR = "DOOR", _("In the apartment door")
    DEBTOR = "DEBTOR", _("Handed to the debtor")
    OTHER = "OTHER", _("Handed to somebody else")


POSITIVE = (Outcome.MET_DEBTOR,)
"""Outcomes that count as positive; the others are counted as negative interventions (S002-14)."""


class Visit(AgencyOwned):
    """One visit at one address. It needs the gate's permit, as every contact does, or stands out as kept."""

    order = AgencyForeignKey(VisitOrder)
    stop = AgencyForeignKey(VisitStop)
    case = AgencyForeignKey(Case)
    address = AgencyForeignKey(ContactPoint)
    collector = AgencyForeignKey(Membership)
    permit = AgencyForeignKey(Permit, null=True, blank=True)
    """None of a visit that the gate refuses, kept all the same because it was made."""
    refusal = AgencyForeignKey(Decision, null=True, blank=True)
    kept_because = models.CharField(max_length=300, blank=True, default="", db_default="")
    """Why it could not be entered the ordinary way; "" for every other visit."""
    draft_key = models.UUIDField()
    """Made on the phone: the same draft sent twice is one visit."""
    started_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    """When it reached us; the delay after the visit is measured (S004-40)."""
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    accuracy_m = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=13, choices=Outcome.choices)
    person_role = models.CharField(max_length=20, choices=PartyRole.choices, blank=True)
    """Who was met, when it was not the debtor; "" for a third person."""
    relation = models.CharField(max_length=60, blank=True)
    letter = models.CharField(max_length=7, choices=Letter.choices, default=Letter.NONE)
    business_card = models.BooleanField(default=False)
    occupants = models.PositiveSmallIntegerField(null=True)
    """People living at the address (S004-32)."""
    upkeep_arrears = models.BooleanField(null=True)
    """Arrears on building maintenance, as told by an independent source (S004-32)."""
    employer = models.CharField(max_length=120, blank=True)
    monthly_income = models.DecimalField(**MONEY, null=True)
    reason = models.CharField(max_length=16, choices=ReasonForNonPayment.choices, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    rights_explained = models.BooleanField(default=False)
    """The people met were told their rights and options (S000-18)."""

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "field_visit", order="field_visitorder", stop="field_visitstop", case="cases_case",
                address="debtors_contactpoint", collector="agencies_membership", permit="contacts_permit",
                refusal="contacts_decision",
            ),
            models.UniqueConstraint(fields=["agency", "permit"], name="field_visit_permit_once"),
            models.UniqueConstraint(fields=["agency", "draft_key"], name="field_visit_sent_once"),
            models.CheckConstraint(
                condition=Q(permit__isnull=False) | (Q(refusal__isnull=False) & ~Q(kept_because="")),
                name="field_visit_permitted_or_kept",
            ),
            models.CheckConstraint(condition=Q(entered_at__gte=F("started_at")), name="field_visit_entered_later"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "case", "-id"], name="field_visit_case"),
            models.Index(fields=["agency", "collector", "started_at"], name="field_visit_collector"),
        ]

    @property
    def is_positive(self) -> bool:
        return self.outcome in POSITIVE


class Photo(AgencyOwned):
    """A picture taken on a visit or at a step with the financed object: the original sealed by its hash, a copy without
    its data to be shown (S003-12)."""

    class Kind(models.TextChoices):
        RESIDENCE = "RESIDENCE", _("Residence")
        OBJECT = "OBJECT", _("Financed object")
        CARD = "CARD", _("Business card")
        OTHER = "OTHER", _("Other")

    visit = AgencyForeignKey(Visit, null=True, blank=True)
    step = AgencyForeignKey("field.ObjectStep", null=True, blank=True)
    """The one of both it belongs to."""
    case = AgencyForeignKey(Case)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    original_path = models.CharField(max_length=200)
    original_sha256 = models.CharField(max_length=64)
    shown_path = models.CharField(max_length=200)
    shown_sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    taken_at = models.DateTimeField(null=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("field_photo", visit="field_visit", case="cases_case", step="field_objectstep"),
            models.UniqueConstraint(fields=["agency", "visit", "original_sha256"], name="field_photo_once"),
            models.UniqueConstraint(fields=["agency", "step", "original_sha256"], name="field_photo_once_a_step"),
            models.CheckConstraint(
                condition=Q(visit__isnull=False, step=None) | Q(visit=None, step__isnull=False),
                name="field_photo_of_a_visit_or_a_step",
            ),
        ]
        indexes = [models.Index(fields=["agency", "case", "id"], name="field_photo_case")]


class Signature(AgencyOwned):
    """A signature drawn on the phone, kept as a document of the case."""

    visit = AgencyForeignKey(Visit)
    document = AgencyForeignKey(Document)
    signer = models.CharField(max_length=120)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("field_signature", visit="field_visit", document="cases_document"),
            models.UniqueConstraint(fields=["agency", "visit"], name="field_signature_one"),
        ]


class Asset(AgencyOwned):
    """Something the debtor owns or earns, as found (S000-15)."""

    class Kind(models.TextChoices):
        IMMOVABLE = "IMMOVABLE", _("Immovable")
        VEHICLE = "VEHICLE", _("Vehicle")
        MOVABLE = "MOVABLE", _("Other movable")
        INCOME = "INCOME", _("Income")

    case = AgencyForeignKey(Case)
    visit = AgencyForeignKey(Visit, null=True, blank=True)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    description = models.CharField(max_length=240)
    value = models.DecimalField(**MONEY, null=True)
    currency = models.CharField(max_length=3)
    encumbered = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [*walls("field_asset", case="cases_case", visit="field_visit")]
        indexes = [models.Index(fields=["agency", "case", "id"], name="field_asset_case")]
