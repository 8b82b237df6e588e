"""Who entrusts, on which terms, what was entrusted, and the files it came in."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import Membership, User
from agencies.owned import AgencyForeignKey, AgencyOwned
from common.walls import walls


class Creditor(AgencyOwned):
    """A bank, telecom or lender that entrusts cases to the agency."""

    name = models.CharField(max_length=160)
    registration_no = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2)
    address = models.CharField(max_length=240, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    payment_iban = models.CharField(max_length=34, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("portfolios_creditor"),
            models.UniqueConstraint(fields=["agency", "name"], name="portfolios_creditor_name_key"),
        ]

    def __str__(self) -> str:
        return self.name


class CreditorUser(AgencyOwned):
    """Lets a member with the creditor's role see exactly one creditor's files and cases."""

    membership = AgencyForeignKey(Membership)
    creditor = AgencyForeignKey(Creditor)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("portfolios_creditoruser", membership="agencies_membership", creditor="portfolios_creditor"),
            models.UniqueConstraint(fields=["agency", "membership"], name="portfolios_creditoruser_key"),
        ]
        indexes = [models.Index(fields=["agency", "creditor"], name="portfolios_creditoruser_cred")]


class DebtKind(models.TextChoices):
    CONSUMER_CREDIT = "CONSUMER_CREDIT", _("Consumer credit")
    MORTGAGE = "MORTGAGE", _("Mortgage")
    CAR_LEASE = "CAR_LEASE", _("Car lease or loan")
    TELECOM = "TELECOM", _("Telecom")
    UTILITY = "UTILITY", _("Utility")
    TRADE = "TRADE", _("Trade receivable")
    OTHER = "OTHER", _("Other")


class Ownership(models.TextChoices):
    ENTRUSTED = "ENTRUSTED", _("Entrusted: the creditor stays owner")
    CEDED = "CEDED", _("Ceded to the creditor by the original lender")
    PURCHASED = "PURCHASED", _("Purchased bank loan")


class Channel(models.TextChoices):
    """Ways in which a contact leaves; in lower case they are the channels of the policy packs."""

    CALL = "CALL", _("Call")
    SMS = "SMS", _("SMS")
    IVM = "IVM", _("Voice message")
    EMAIL = "EMAIL", _("E-mail")
    LETTER = "LETTER", _("Letter")
    VISIT = "VISIT", _("Visit")


def all_channels() -> list[str]:
    return [str(channel) for channel in Channel.values]


class Mandate(AgencyOwned):
    """The contract between agency and creditor: terms, commission, limits, approvals."""

    creditor = AgencyForeignKey(Creditor)
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    jurisdiction = models.CharField(max_length=8)
    """Policy pack of the contract's law, for example "MD"."""
    currency = models.CharField(max_length=3)
    other_currencies = ArrayField(models.CharField(max_length=3), default=list, blank=True, db_default=[])
    """Taken over beside `currency`; each case keeps its own."""
    debt_kind = models.CharField(max_length=16, choices=DebtKind.choices, default=DebtKind.CONSUMER_CREDIT)
    ownership = models.CharField(max_length=10, choices=Ownership.choices, default=Ownership.ENTRUSTED)
    original_creditor = models.CharField(max_length=160, blank=True, db_default="")
    """Who granted the ceded or purchased contracts; a column of the file that names him comes first."""
    assignment_notice_required = models.BooleanField(default=False)
    """Ceded or purchased: a notice of assignment, dated before the sale, must exist per person (S004-11)."""
    commission_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    allowed_channels = ArrayField(models.CharField(max_length=8, choices=Channel.choices), default=all_channels)
    visit_within_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    """A visit is made within so many hours after the takeover, whatever the stage (S003-10); empty: by stage alone."""
    visit_all_addresses = models.BooleanField(default=False, db_default=False)
    """Every address handed over is visited, not the first alone (S003-10)."""
    interest_percent = models.DecimalField(max_digits=6, decimal_places=3, default=0, db_default=0)
    """Per year on the principal, counted daily from the takeover (365 days a year); 0: none is counted."""
    penalty_percent_daily = models.DecimalField(max_digits=7, decimal_places=4, default=0, db_default=0)
    """Per day on what is past due of the principal (S004-26); 0: none is counted."""
    penalty_cap_percent = models.DecimalField(max_digits=6, decimal_places=2, default=100, db_default=100)
    """Penalties on the account never exceed this part of the principal."""
    allocation_order = ArrayField(models.CharField(max_length=10), default=list, blank=True, db_default=[])
    """The agreed order in which a payment covers the parts of the debt; empty: that of the law."""
    max_discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    max_plan_months = models.PositiveSmallIntegerField(default=12)
    promise_days = models.PositiveSmallIntegerField(default=7)
    promise_days_approved = models.PositiveSmallIntegerField(default=30)
    auto_confirm = models.BooleanField(default=False)
    """Open the accepted rows of a checked file at once, without the creditor's confirmation."""
    min_days_past_due = models.PositiveSmallIntegerField(default=0)
    """A row with fewer days past due is not eligible (seed 004, 1.3: more than 90 for assigned secured loans)."""
    requires_secured = models.BooleanField(default=False)
    persons_only = models.BooleanField(default=False, db_default=False)
    """Companies stay with the creditor (S004-06 b)."""
    approvals = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    """What needs the creditor's approval: BOOT, COMPLAINT, DISCOUNT, PLAN, LAWSUIT, PROMISE."""

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("portfolios_mandate", creditor="portfolios_creditor"),
            models.UniqueConstraint(fields=["agency", "creditor", "name"], name="portfolios_mandate_name_key"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="portfolios_mandate_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(commission_percent__gte=0, commission_percent__lte=100),
                name="portfolios_mandate_commission_is_percent",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Portfolio(AgencyOwned):
    """A set of cases a creditor entrusts or sold."""

    creditor = AgencyForeignKey(Creditor)
    mandate = AgencyForeignKey(Mandate)
    name = models.CharField(max_length=120)
    received_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    drops_by = AgencyForeignKey(Membership, null=True, blank=True)
    """In whose name files are taken from the portfolio's folder (`portfolios.dropping`); None: no folder is read."""

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "portfolios_portfolio",
                creditor="portfolios_creditor",
                mandate="portfolios_mandate",
                drops_by="agencies_membership",
            ),
            models.UniqueConstraint(fields=["agency", "creditor", "name"], name="portfolios_portfolio_name_key"),
        ]
        indexes = [models.Index(fields=["agency", "mandate"], name="portfolios_portfolio_mandate")]

    def __str__(self) -> str:
        return self.name


class Strategy(AgencyOwned):
    """Stage thresholds in days past due; in force is the portfolio's own, else the creditor's, else the agency's."""

    creditor = AgencyForeignKey(Creditor, null=True, blank=True)
    portfolio = AgencyForeignKey(Portfolio, null=True, blank=True)
    pre_soft_from = models.PositiveSmallIntegerField(default=31)
    soft_from = models.PositiveSmallIntegerField(default=61)
    field_from = models.PositiveSmallIntegerField(default=91)
    field_by_days = models.BooleanField(default=False)
    """True: the nightly roll moves cases to field at `field_from`; False: field stays a decision (S000-04)."""
    broken_promises_to_field = models.PositiveSmallIntegerField(default=2)
    """So many broken promises in a row make a case ready for a visit (S004-04 b)."""
    effective_on = models.DateField()

    class Meta(AgencyOwned.Meta):
        verbose_name_plural = "strategies"
        constraints = [
            *walls("portfolios_strategy", creditor="portfolios_creditor", portfolio="portfolios_portfolio"),
            models.UniqueConstraint(
                fields=["agency", "creditor", "portfolio", "effective_on"], nulls_distinct=False,
                name="portfolios_strategy_key",
            ),
            models.CheckConstraint(
                condition=Q(pre_soft_from__lt=F("soft_from"), soft_from__lt=F("field_from")),
                name="portfolios_strategy_thresholds_rise",
            ),
            models.CheckConstraint(
                condition=Q(creditor=None) | Q(portfolio=None), name="portfolios_strategy_one_level"
            ),
        ]  # fmt: skip


STATUSES = ("IN_FORCE", "ACCELERATED", "TERMINATED", "IN_LITIGATION", "BEING_ASSIGNED")
"""The contract statuses of cases, which lie above this floor; a test there keeps both in step."""


class EscalationRule(AgencyOwned):
    """How hard a case may be worked by its contract's status: kinds of visit, and when experts take over.

    In force is the portfolio's own, else the creditor's, else the agency's; what a rule leaves empty is not ruled.
    """

    creditor = AgencyForeignKey(Creditor, null=True, blank=True)
    portfolio = AgencyForeignKey(Portfolio, null=True, blank=True)
    effective_on = models.DateField()
    soft_visit_in = ArrayField(models.CharField(max_length=14), default=list, blank=True)
    """Statuses in which soft visits at home are made (S002-08); empty together with the next: visits as before."""
    hard_visit_in = ArrayField(models.CharField(max_length=14), default=list, blank=True)
    """Statuses in which the hard visit of trained people is made (S002-10)."""
    hard_visit_after = models.PositiveSmallIntegerField(default=1)
    """So many softer visits in vain come before a hard one."""
    expert_calls = models.PositiveSmallIntegerField(null=True, blank=True)
    """Experts take over before termination: so many calls, and …"""
    expert_visits = models.PositiveSmallIntegerField(null=True, blank=True)
    """… so many visits in vain (S002-05 a); both are needed, both empty: not by this."""
    expert_after_visits = models.PositiveSmallIntegerField(null=True, blank=True)
    """Experts take over after so many visits in vain, whatever the status (S002-05 b)."""
    expert_accelerated = models.BooleanField(default=False)
    """Experts take over once the contract is accelerated (S002-05 c)."""

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("portfolios_escalationrule", creditor="portfolios_creditor", portfolio="portfolios_portfolio"),
            models.UniqueConstraint(
                fields=["agency", "creditor", "portfolio", "effective_on"], nulls_distinct=False,
                name="portfolios_escalationrule_key",
            ),
            models.CheckConstraint(
                condition=Q(creditor=None) | Q(portfolio=None), name="portfolios_escalationrule_one_level"
            ),
            models.CheckConstraint(
                condition=Q(expert_calls=None, expert_visits=None)
                | Q(expert_calls__isnull=False, expert_visits__isnull=False),
                name="portfolios_escalationrule_calls_and_visits",
            ),
        ]  # fmt: skip

    @property
    def rules_visits(self) -> bool:
        return bool(self.soft_visit_in or self.hard_visit_in)


class Mapping(AgencyOwned):
    """How a creditor's columns become ours, remembered by the fingerprint of the header."""

    creditor = AgencyForeignKey(Creditor)
    fingerprint = models.CharField(max_length=64)
    spec = models.JSONField()
    """See `portfolios.mapping` for the shape."""
    updated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("portfolios_mapping", creditor="portfolios_creditor"),
            models.UniqueConstraint(fields=["agency", "creditor", "fingerprint"], name="portfolios_mapping_key"),
        ]


class CaseFile(AgencyOwned):
    """A file of debts a creditor uploaded, stored once by its hash, and how far its way to cases has come."""

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", pgettext_lazy("state of a case file", "Received")
        NEEDS_MAPPING = "NEEDS_MAPPING", pgettext_lazy("state of a case file", "Mapping needed")
        CHECKING = "CHECKING", pgettext_lazy("state of a case file", "Being checked")
        CHECKED = "CHECKED", pgettext_lazy("state of a case file", "Checked, waits for confirmation")
        CONFIRMED = "CONFIRMED", pgettext_lazy("state of a case file", "Confirmed")
        OPENING = "OPENING", pgettext_lazy("state of a case file", "Cases being opened")
        OPENED = "OPENED", pgettext_lazy("state of a case file", "Cases opened")
        REFUSED = "REFUSED", pgettext_lazy("state of a case file", "Refused")

    creditor = AgencyForeignKey(Creditor)
    portfolio = AgencyForeignKey(Portfolio)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    path = models.CharField(max_length=240)
    """Below MEDIA_ROOT/<agency id>/case-files/."""
    state = models.CharField(max_length=14, choices=State.choices, default=State.RECEIVED)
    detected = models.JSONField(default=dict)
    """Format, encoding, delimiter, header (`portfolios.reading`); samples, suggestion, questions still open."""
    mapping = AgencyForeignKey(Mapping, null=True, blank=True)
    as_of = models.DateField(null=True)
    """The day on which eligibility is judged: when checking began, in the agency's zone."""
    problem = models.JSONField(null=True)
    """Why the file was refused: {"code", "sentence", "row", "column"}."""
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    """Rows checked while CHECKING, then rows gone through while OPENING."""
    last_line = models.PositiveIntegerField(default=0, db_default=0)
    """The line up to which the present step has come; written with the rows, so that a killed worker's work goes on."""
    step_began_at = models.DateTimeField(null=True)
    counts: Any = models.JSONField(default=dict)
    """Rows by verdict: new, changed, unchanged, error, ineligible, duplicate."""
    sums: Any = models.JSONField(default=dict)
    """Currency -> {"total", "secured", "unsecured" (decimal text), "cases", "secured_cases"} of acceptable rows."""
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    confirmed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    via = models.CharField(max_length=8, choices=[("WEB", "web"), ("API", "API"), ("DROP", "file drop")], default="WEB")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "portfolios_casefile", creditor="portfolios_creditor", portfolio="portfolios_portfolio",
                mapping="portfolios_mapping",
            ),
            models.UniqueConstraint(
                fields=["agency", "portfolio", "sha256"], condition=~Q(state="REFUSED"),
                name="portfolios_casefile_once",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["agency", "creditor", "-id"], name="portfolios_casefile_list")]

    def __str__(self) -> str:
        return self.filename


class CaseFileRow(AgencyOwned):
    """One row of a case file: what stood there, what was understood, and the verdict in the creditor's words."""

    class Verdict(models.TextChoices):
        NEW = "NEW", _("New case")
        CHANGED = "CHANGED", _("Known case, changed")
        UNCHANGED = "UNCHANGED", _("Known case, unchanged")
        ERROR = "ERROR", _("Error")
        INELIGIBLE = "INELIGIBLE", _("Not eligible")
        DUPLICATE = "DUPLICATE", _("Twice in this file")

    case_file = AgencyForeignKey(CaseFile, on_delete=models.CASCADE)
    line = models.PositiveIntegerField()
    raw = ArrayField(models.TextField(), default=list)
    """Cells as text in the order of the file's header, of rows that were not taken; national ids are masked."""
    values = models.JSONField(null=True)
    """What was understood (`portfolios.understanding`); dates ISO, amounts decimal text, no national id in the open.

    Its member `extra` keeps the columns without a meaning (column -> cell) of every row, taken over or not."""
    contract_no = models.CharField(max_length=80, blank=True)
    digest = models.BinaryField(null=True)
    """Hash of `values` without what is sealed: an equal one on a later file means unchanged."""
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reasons: Any = models.JSONField(default=list)
    """[{"code", "column", "cell"}]: see `portfolios.reasons`."""
    changes: Any = models.JSONField(default=dict)
    """Of a known case: what differs from the row taken over before, {path: [old, new]}; null for personal data."""

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("portfolios_casefilerow", case_file="portfolios_casefile"),
            models.UniqueConstraint(fields=["agency", "case_file", "line"], name="portfolios_casefilerow_key"),
        ]
        indexes = [
            models.Index(fields=["agency", "case_file", "verdict", "line"], name="portfolios_casefilerow_work"),
        ]
