"""Proceedings before a court or a bailiff, and their steps with deadlines."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models import Case, Document
from common.walls import walls
from legal.models.handoffs import Handoff


class Proceeding(AgencyOwned):
    """One proceeding of a kind that `legal/data/proceedings.yaml` knows for its country."""

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("state of a proceeding", "Under way")
        WON = "WON", pgettext_lazy("state of a proceeding", "Granted")
        LOST = "LOST", pgettext_lazy("state of a proceeding", "Rejected")
        ENDED = "ENDED", pgettext_lazy("state of a proceeding", "Ended otherwise")

    case = AgencyForeignKey(Case)
    handoff = AgencyForeignKey(Handoff)
    country = models.CharField(max_length=2)
    kind = models.CharField(max_length=32)
    court = models.CharField(max_length=160, blank=True)
    file_no = models.CharField(max_length=60, blank=True)
    opened_on = models.DateField()
    state = models.CharField(max_length=5, choices=State.choices, default=State.OPEN)
    ended_on = models.DateField(null=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("legal_proceeding", case="cases_case", handoff="legal_handoff"),
            models.CheckConstraint(
                condition=Q(state="OPEN", ended_on=None) | (~Q(state="OPEN") & Q(ended_on__isnull=False)),
                name="legal_proceeding_end_has_day",
            ),
        ]
        indexes = [models.Index(fields=["agency", "handoff", "id"], name="legal_proceeding_handoff")]


class ProceedingStep(AgencyOwned):
    """One step. Its day is counted from the step before, or entered as the court set it."""

    proceeding = AgencyForeignKey(Proceeding)
    code = models.CharField(max_length=32)
    position = models.PositiveSmallIntegerField()
    due_on = models.DateField(null=True, blank=True)
    set_by_court = models.BooleanField(default=False)
    """A person entered the day; it is not counted anew."""
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    done_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=400, blank=True)
    document = AgencyForeignKey(Document, null=True, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("legal_proceedingstep", proceeding="legal_proceeding", document="cases_document"),
            models.UniqueConstraint(fields=["agency", "proceeding", "code"], name="legal_proceedingstep_key"),
            models.CheckConstraint(
                condition=Q(done_on=None, done_at=None) | Q(done_on__isnull=False, done_at__isnull=False),
                name="legal_proceedingstep_done_pair",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "due_on", "id"], name="legal_proceedingstep_due",
                condition=Q(done_on=None, due_on__isnull=False),
            ),
        ]  # fmt: skip


class StepCorrection(AgencyOwned):
    """A step whose day was mistyped, or that was not done at all: what stood there before, and why it changed."""

    step = AgencyForeignKey(ProceedingStep)
    was_on = models.DateField()
    done_on = models.DateField(null=True)
    """None: the step was not done."""
    reason = models.CharField(max_length=240)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [*walls("legal_stepcorrection", step="legal_proceedingstep")]
        indexes = [models.Index(fields=["agency", "step", "id"], name="legal_stepcorrection_list")]
