"""Who works which cases, and which days the stages were rolled."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, Team, User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models.case import Case
from common.walls import walls


class AllocationBatch(AgencyOwned):
    """One applied allocation, so that it can be undone as a whole within a day."""

    kind = models.CharField(max_length=10, choices=[("TEAM", _("To teams")), ("COLLECTOR", _("To collectors"))])
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(auto_now_add=True)
    cases = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [*walls("cases_allocationbatch")]


class AllocationMove(AgencyOwned):
    """Where one case was and went in an allocation."""

    batch = AgencyForeignKey(AllocationBatch)
    case = AgencyForeignKey(Case)
    from_team = AgencyForeignKey(Team, null=True)
    to_team = AgencyForeignKey(Team, null=True)
    from_collector = AgencyForeignKey(Membership, null=True)
    to_collector = AgencyForeignKey(Membership, null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "cases_allocationmove", batch="cases_allocationbatch", case="cases_case", from_team="agencies_team",
                to_team="agencies_team", from_collector="agencies_membership", to_collector="agencies_membership",
            ),
            models.UniqueConstraint(fields=["agency", "batch", "case"], name="cases_allocationmove_key"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "case"], name="cases_allocationmove_case")]


class Roll(AgencyOwned):
    """The nightly roll of one day was done: two schedulers at once, or one started twice, do it once."""

    on = models.DateField()
    rolled_at = models.DateTimeField()
    moved = models.PositiveIntegerField(default=0)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_roll"),
            models.UniqueConstraint(fields=["agency", "on"], name="cases_roll_day_key"),
        ]
