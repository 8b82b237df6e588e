"""Trips: an order to visit a case, the addresses it goes to, and the areas collectors know."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import Membership, Team, User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models import Case
from common.walls import walls
from debtors.models import ContactPoint


class Territory(AgencyOwned):
    """An area a collector knows (S002-06): postal codes that begin with a prefix, towns by name, or an outline."""

    name = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    postal_prefixes = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    cities = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    """Folded names, as `common.folding.fold` writes them."""
    outline = models.JSONField(default=list, blank=True)
    """A polygon: [[latitude, longitude], …], not closed; empty when the area is named by postal codes or towns."""
    team = AgencyForeignKey(Team, null=True, blank=True)
    collector = AgencyForeignKey(Membership, null=True, blank=True)

    class Meta(AgencyOwned.Meta):
        verbose_name_plural = "territories"
        constraints = [
            *walls("field_territory", team="agencies_team", collector="agencies_membership"),
            models.UniqueConstraint(fields=["agency", "name"], name="field_territory_name_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Trigger(models.TextChoices):
    """Why a visit is to be made (S004-04, S003-10, S000-02)."""

    STAGE = "STAGE", _("The case entered field")
    PROMISES = "PROMISES", _("Promises were broken in a row")
    UNREACHED = "UNREACHED", _("Nobody could be reached by phone")
    MANDATE = "MANDATE", _("The mandate asks for it after the takeover")
    STATUS = "STATUS", _("The contract was terminated after visits in vain")
    PERSON = "PERSON", _("Ordered by a person")


class VisitKind(models.TextChoices):
    """How a visit is made; none where no rule of the agency tells them apart (S002-08, S002-10)."""

    SOFT = "SOFT", _("Soft visit")
    HARD = "HARD", _("Hard visit")


class VisitOrder(AgencyOwned):
    """A trip to be made for one case: to all its addresses where the mandate says so, else to one; until `due_at`."""

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("state of a visit order", "Open")
        DONE = "DONE", pgettext_lazy("state of a visit order", "Done")
        CANCELLED = "CANCELLED", pgettext_lazy("state of a visit order", "Cancelled")

    case = AgencyForeignKey(Case)
    trigger = models.CharField(max_length=9, choices=Trigger.choices)
    kind = models.CharField(max_length=4, choices=VisitKind.choices, blank=True, default="", db_default="")
    """Soft or hard, by the rule in force when it was ordered; empty: nothing is ruled."""
    all_addresses = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    breached_at = models.DateTimeField(null=True)
    """When it was noticed that the trip was not made in time."""
    first_visit_at = models.DateTimeField(null=True)
    """Speed from assignment to the first visit (S002-07)."""
    last_visit_at = models.DateTimeField(null=True)
    """When the last visit of the trip was made: what counts for "in time", however late its record came in."""
    closed_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=240, blank=True, default="", db_default="")
    """Why a person cancelled it; empty when it was made, or fell away because the case was paid or closed."""
    cleared_at = models.DateTimeField(null=True)
    """A coordinator looked at the payments up to this moment: they stop the trip no more (`field.going`)."""
    collector = AgencyForeignKey(Membership, null=True, blank=True)
    assigned_at = models.DateTimeField(null=True)
    earlier_collectors = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)
    """Ids of memberships that had the trip before: what they made until then may still be on their phones."""
    territory = AgencyForeignKey(Territory, null=True, blank=True)
    registry_checked_at = models.DateTimeField(null=True)
    """Preparation of the day of takeover (S003-09): registries, contact data, history."""
    contacts_checked_at = models.DateTimeField(null=True)
    history_checked_at = models.DateTimeField(null=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "field_visitorder", case="cases_case", collector="agencies_membership", territory="field_territory"
            ),
            models.UniqueConstraint(
                fields=["agency", "case"], condition=Q(state="OPEN"), name="field_visitorder_one_open"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "state", "due_at"], name="field_visitorder_due"),
            models.Index(fields=["agency", "collector", "state", "due_at"], name="field_visitorder_collector"),
            models.Index(fields=["agency", "case", "id"], name="field_visitorder_case"),
        ]

    @property
    def made_at(self) -> datetime | None:
        """When its last visit was made; of a trip that was cancelled, when it was."""
        return (self.last_visit_at if self.state == self.State.DONE else None) or self.closed_at

    @property
    def is_prepared(self) -> bool:
        return None not in (self.registry_checked_at, self.contacts_checked_at, self.history_checked_at)


class VisitStop(AgencyOwned):
    """One address of an order; an order for all addresses is done when none is pending (S003-10)."""

    class State(models.TextChoices):
        PENDING = "PENDING", pgettext_lazy("state of a visit stop", "To visit")
        VISITED = "VISITED", pgettext_lazy("state of a visit stop", "Visited")
        SKIPPED = "SKIPPED", pgettext_lazy("state of a visit stop", "Not possible")

    order = AgencyForeignKey(VisitOrder)
    address = AgencyForeignKey(ContactPoint)
    state = models.CharField(max_length=7, choices=State.choices, default=State.PENDING)
    reason = models.CharField(max_length=160, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("field_visitstop", order="field_visitorder", address="debtors_contactpoint"),
            models.UniqueConstraint(fields=["agency", "order", "address"], name="field_visitstop_once"),
        ]
