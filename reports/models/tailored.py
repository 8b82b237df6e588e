"""Reports of a creditor's own shape: what each should hold and when it is made, and what was made (S003-02)."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Language, User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models import Stage
from common.walls import walls
from portfolios.models import Creditor, Portfolio
from reports.models.targets import Period


class ReportForm(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    PDF = "pdf", "PDF"


class WhichCases(models.TextChoices):
    ALL = "ALL", _("All cases")
    OPEN = "OPEN", _("Open cases")
    PAID = "PAID", _("Cases with a payment in the period")
    CLOSED = "CLOSED", _("Cases closed in the period")


class GroupBy(models.TextChoices):
    """Instead of a row for each case, one for each of these, with sums."""

    PORTFOLIO = "portfolio", _("Portfolio")
    STAGE = "stage", _("Stage")
    BRANCH = "branch", _("Branch")
    PRODUCT = "product", _("Product")


class ReportDefinition(AgencyOwned):
    """The shape of one report for one creditor. A month of it is made once: see `CreditorReport`."""

    creditor = AgencyForeignKey(Creditor)
    name = models.CharField(max_length=80)
    columns = ArrayField(models.CharField(max_length=24))
    """Codes of `reports.catalogue`."""
    which = models.CharField(max_length=6, choices=WhichCases.choices, default=WhichCases.ALL)
    portfolio = AgencyForeignKey(Portfolio, null=True, blank=True)
    stage = models.CharField(max_length=8, choices=Stage.choices, blank=True)
    group_by = models.CharField(max_length=9, choices=GroupBy.choices, blank=True)
    language = models.CharField(max_length=5, choices=Language.choices)
    form = models.CharField(max_length=4, choices=ReportForm.choices, default=ReportForm.XLSX)
    day_of_month = models.PositiveSmallIntegerField(null=True, blank=True)
    """From this day on the month before is made by itself; None: only by hand."""
    is_active = models.BooleanField(default=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("reports_reportdefinition", creditor="portfolios_creditor", portfolio="portfolios_portfolio"),
            models.UniqueConstraint(fields=["agency", "creditor", "name"], name="reports_reportdefinition_name_key"),
            models.CheckConstraint(
                condition=Q(day_of_month=None) | Q(day_of_month__gte=1, day_of_month__lte=28),
                name="reports_reportdefinition_day_is_in_each_month",
            ),
            models.CheckConstraint(condition=Q(columns__len__gt=0), name="reports_reportdefinition_has_columns"),
        ]

    def __str__(self) -> str:
        return self.name


class CreditorReport(AgencyOwned):
    """The report of one month, as it was made. It only grows."""

    definition = AgencyForeignKey(ReportDefinition)
    creditor = AgencyForeignKey(Creditor)
    name = models.CharField(max_length=80)
    month = models.DateField()
    form = models.CharField(max_length=4, choices=ReportForm.choices)
    rows = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    """None: made by itself."""
    made_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "reports_creditorreport", definition="reports_reportdefinition", creditor="portfolios_creditor"
            ),
            models.UniqueConstraint(fields=["agency", "definition", "month"], name="reports_creditorreport_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="reports_creditorreport_is_a_month"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "creditor", "-id"], name="reports_creditorreport_list")]

    @property
    def ends_on(self) -> date:
        return Period.MONTH.end(self.month)
