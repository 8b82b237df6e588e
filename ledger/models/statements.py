"""Bank statements as they are kept: the agency's accounts, files, statements, and every line once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from common.walls import walls
from ledger.models.accounts import MONEY, Payment
from portfolios.models import Creditor


class BankAccount(AgencyOwned):
    """An account debtors pay to. Statements of other accounts are not taken."""

    number = models.CharField(max_length=40)
    """IBAN, or the number as the bank's statements write it: letters and digits, upper case."""
    name = models.CharField(max_length=80, blank=True)
    currency = models.CharField(max_length=3)
    creditor = AgencyForeignKey(Creditor, null=True, blank=True)
    """Given: only debts of this creditor are paid here."""
    closed_on = models.DateField(null=True, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("ledger_bankaccount", creditor="portfolios_creditor"),
            models.UniqueConstraint(fields=["agency", "number", "currency"], name="ledger_bankaccount_key"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[A-Z0-9]{4,40}$"), name="ledger_bankaccount_number_is_plain"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.number


class StatementFile(AgencyOwned):
    """A file as it came, kept by its hash: the same file twice is one."""

    class State(models.TextChoices):
        MATCHING = "MATCHING", pgettext_lazy("state of a statement file", "Being matched")
        MATCHED = "MATCHED", pgettext_lazy("state of a statement file", "Matched")

    form = models.CharField(max_length=8)
    filename = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.MATCHING)
    via = models.CharField(max_length=8, default="WEB")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    uploaded_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("ledger_statementfile"),
            models.UniqueConstraint(fields=["agency", "sha256"], name="ledger_statementfile_key"),
        ]


class BankStatement(AgencyOwned):
    """One statement of a file. Its own lines are those no earlier statement had: `known` counts the others."""

    file = AgencyForeignKey(StatementFile)
    account = AgencyForeignKey(BankAccount)
    number = models.CharField(max_length=40, blank=True)
    opening = models.DecimalField(**MONEY)
    opened_on = models.DateField()
    closing = models.DecimalField(**MONEY)
    closed_on = models.DateField()
    lines = models.PositiveIntegerField()
    """Movements the bank reports, known ones among them."""
    known = models.PositiveIntegerField(default=0)
    pending = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)
    """What was noticed and not refused: [code, values] each."""

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("ledger_bankstatement", file="ledger_statementfile", account="ledger_bankaccount"),
            models.CheckConstraint(
                condition=Q(closed_on__gte=models.F("opened_on")), name="ledger_bankstatement_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(known__lte=models.F("lines")), name="ledger_bankstatement_known_are_lines"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "account", "closed_on", "id"], name="ledger_bankstatement_account"),
            models.Index(fields=["agency", "file"], name="ledger_bankstatement_file"),
        ]


class IgnoreReason(models.TextChoices):
    NOT_OURS = "NOT_OURS", _("Not a debtor's payment")
    FEE = "FEE", _("Fee or interest of the bank")
    OWN_TRANSFER = "OWN_TRANSFER", _("Transfer of our own")
    REMITTANCE = "REMITTANCE", _("Paid out to a creditor")
    SENT_BACK = "SENT_BACK", _("To be sent back to the payer")
    TAKEN_BACK = "TAKEN_BACK", _("Taken back on its case already")


class StatementLine(AgencyOwned):
    """One movement on an account. It is open until it is booked, ignored with a reason, or split into parts.

    An incoming line's payment is the one it became; an outgoing line's is the one it takes back.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("state of a statement line", "Open")
        BOOKED = "BOOKED", pgettext_lazy("state of a statement line", "Booked")
        IGNORED = "IGNORED", pgettext_lazy("state of a statement line", "Set aside")
        SPLIT = "SPLIT", pgettext_lazy("state of a statement line", "Split into parts")

    class How(models.TextChoices):
        AUTO = "AUTO", _("By the contract number")
        PERSON = "PERSON", _("By a person")

    statement = AgencyForeignKey(BankStatement)
    account = AgencyForeignKey(BankAccount)
    at_line = models.PositiveIntegerField()
    booked_on = models.DateField()
    value_on = models.DateField()
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    name = models.CharField(max_length=140, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    text = models.CharField(max_length=500, blank=True)
    end_to_end = models.CharField(max_length=70, blank=True)
    bank_reference = models.CharField(max_length=70, blank=True)
    code = models.CharField(max_length=35, blank=True)
    reversal = models.BooleanField(default=False)
    digest = models.BinaryField()
    """Hash of all the bank said about this movement."""
    ordinal = models.PositiveIntegerField(default=1)
    """Tells movements apart about which the bank says the very same."""
    part_of = AgencyForeignKey("self", null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=12, choices=IgnoreReason.choices, blank=True)
    payment = AgencyForeignKey(Payment, null=True, blank=True)
    how = models.CharField(max_length=8, choices=How.choices, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "ledger_statementline", statement="ledger_bankstatement", account="ledger_bankaccount",
                part_of="ledger_statementline", payment="ledger_payment",
            ),
            models.UniqueConstraint(
                fields=["agency", "account", "digest", "ordinal"], condition=Q(part_of=None),
                name="ledger_statementline_once",
            ),
            models.UniqueConstraint(
                fields=["agency", "payment"], condition=Q(payment__isnull=False, amount__gt=0),
                name="ledger_statementline_payment_once",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_statementline_moves_something"),
            models.CheckConstraint(
                condition=Q(state="BOOKED", payment__isnull=False) | (~Q(state="BOOKED") & Q(payment=None)),
                name="ledger_statementline_booked_has_payment",
            ),
            models.CheckConstraint(
                condition=(Q(state="IGNORED") & ~Q(reason="")) | (~Q(state="IGNORED") & Q(reason="")),
                name="ledger_statementline_ignored_has_reason",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "statement", "at_line", "id"], name="ledger_statementline_statement"),
            models.Index(
                fields=["agency", "booked_on", "id"], condition=Q(state="OPEN"), name="ledger_statementline_open"
            ),
            models.Index(
                fields=["agency", "iban"], condition=Q(payment__isnull=False) & ~Q(iban=""),
                name="ledger_statementline_iban",
            ),
            models.Index(
                fields=["agency", "end_to_end"], condition=Q(payment__isnull=False) & ~Q(end_to_end=""),
                name="ledger_statementline_e2e",
            ),
            models.Index(
                fields=["agency", "part_of"], condition=Q(part_of__isnull=False), name="ledger_statementline_parts"
            ),
        ]  # fmt: skip
