"""Targets: what a person or a team is to reach in a month or a quarter (S001-04, S001-18)."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, Team, User
from agencies.owned import AgencyForeignKey, AgencyOwned
from common.walls import walls
from ledger.models import MONEY


class Period(models.TextChoices):
    MONTH = "MONTH", _("Month")
    QUARTER = "QUARTER", _("Quarter")

    def begin(self, day: date) -> date:
        """The first day of the month or quarter in which `day` lies."""
        return day.replace(day=1, month=day.month if self is Period.MONTH else (day.month - 1) // 3 * 3 + 1)

    def shift(self, first: date, count: int) -> date:
        """The first day of the period so many periods later; negative: before."""
        months = first.year * 12 + first.month - 1 + count * (1 if self is Period.MONTH else 3)
        return date(months // 12, months % 12 + 1, 1)

    def end(self, first: date) -> date:
        """The last day of the period that begins on `first`."""
        return self.shift(first, 1) - timedelta(days=1)


class Target(AgencyOwned):
    """A sum to recover in one currency, and perhaps a number of promises to be kept, of a person or of a team."""

    member = AgencyForeignKey(Membership, null=True, blank=True)
    team = AgencyForeignKey(Team, null=True, blank=True)
    period = models.CharField(max_length=7, choices=Period.choices)
    starts_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(**MONEY)
    promises_kept = models.PositiveIntegerField(null=True, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("reports_target", member="agencies_membership", team="agencies_team"),
            models.CheckConstraint(
                condition=Q(member=None, team__isnull=False) | Q(member__isnull=False, team=None),
                name="reports_target_person_or_team",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="reports_target_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(starts_on__day=1) & (Q(period="MONTH") | Q(starts_on__month__in=[1, 4, 7, 10])),
                name="reports_target_begins_a_period",
            ),
            models.UniqueConstraint(
                fields=["agency", "member", "period", "starts_on", "currency"], condition=Q(member__isnull=False),
                name="reports_target_of_person_once",
            ),
            models.UniqueConstraint(
                fields=["agency", "team", "period", "starts_on", "currency"], condition=Q(team__isnull=False),
                name="reports_target_of_team_once",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "period", "starts_on"], name="reports_target_period")]

    @property
    def ends_on(self) -> date:
        return Period(self.period).end(self.starts_on)

    def __str__(self) -> str:
        return str(self.member.user if self.member else self.team)
