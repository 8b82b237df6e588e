"""What collectors do on a case: promises, results, notes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models.case import Case, PartyRole
from common.walls import walls
from debtors.models import ContactPoint
from ledger.models import MONEY, Payment


class Promise(AgencyOwned):
    """The debtor's word to pay an amount by a day (PTP)."""

    class State(models.TextChoices):
        AWAITING_APPROVAL = "AWAITING_APPROVAL", pgettext_lazy("state of a promise", "Waits for approval")
        ACTIVE = "ACTIVE", pgettext_lazy("state of a promise", "Active")
        KEPT = "KEPT", pgettext_lazy("state of a promise", "Kept")
        BROKEN = "BROKEN", pgettext_lazy("state of a promise", "Broken")
        REFUSED = "REFUSED", pgettext_lazy("state of a promise", "Refused")
        CANCELLED = "CANCELLED", pgettext_lazy("state of a promise", "Cancelled")

    case = AgencyForeignKey(Case)
    amount = models.DecimalField(**MONEY)
    currency = models.CharField(max_length=3)
    made_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=18, choices=State.choices)
    after_payment = AgencyForeignKey(Payment, null=True)
    """The last payment booked when the promise was made: only later ones count for it."""
    covered = models.DecimalField(**MONEY, default=0, db_default=0)
    """How much of it the ledger's payments cover; kept by `cases.promise_judging`."""
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=240, blank=True)
    judged_on = models.DateField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_promise", case="cases_case", after_payment="ledger_payment"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="cases_promise_amount_is_positive"),
            models.CheckConstraint(condition=Q(due_on__gte=models.F("made_on")), name="cases_promise_due_not_past"),
            models.UniqueConstraint(
                fields=["agency", "case"], condition=Q(state__in=["ACTIVE", "AWAITING_APPROVAL"]),
                name="cases_promise_one_open",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "state", "due_on"], name="cases_promise_due"),
            models.Index(fields=["agency", "case", "id"], name="cases_promise_case"),
        ]


class DispositionCode(AgencyOwned):
    """An agency's coded result of a contact and what follows from it."""

    class Outcome(models.TextChoices):
        """What a result counts as, for the gate, reports and the contact waterfall."""

        CONVERSATION = "CONVERSATION", _("Spoke with the debtor")
        THIRD_PARTY = "THIRD_PARTY", _("Spoke with someone else")
        NO_ANSWER = "NO_ANSWER", _("No answer")
        WRONG_NUMBER = "WRONG_NUMBER", _("Wrong number")
        NO_CONTACT = "NO_CONTACT", _("Worked without contact")

    class Effect(models.TextChoices):
        NONE = "NONE", _("Nothing more")
        PROMISE = "PROMISE", _("Record a promise")
        CLAIMS_PAID = "CLAIMS_PAID", _("Pause: says paid")
        DISPUTE = "DISPUTE", _("Hold: disputed")
        FRAUD = "FRAUD", _("Hold: suspected fraud")
        DECEASED = "DECEASED", _("Hold: deceased")
        CEASE = "CEASE", _("Hold: no further contact")
        HARDSHIP = "HARDSHIP", _("Hold: hardship")
        REPRESENTED = "REPRESENTED", _("Hold: represented")
        SKIP_TRACE = "SKIP_TRACE", _("Send to skip tracing")
        INVALIDATE = "INVALIDATE", _("Mark the number invalid")

    code = models.CharField(max_length=24)
    label = models.CharField(max_length=80)
    key = models.CharField(max_length=1)
    colour = models.CharField(max_length=10, default="neutral")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    effect = models.CharField(max_length=12, choices=Effect.choices, default=Effect.NONE)
    recall_days = models.PositiveSmallIntegerField(default=1)
    asks_reason = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=10)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_dispositioncode"),
            models.UniqueConstraint(fields=["agency", "code"], name="cases_dispositioncode_key"),
        ]

    def __str__(self) -> str:
        return self.label


class ReasonForNonPayment(models.TextChoices):
    """Why it was not paid, asked in a consultative way (S002-02, S004-16)."""

    FORGOT = "FORGOT", _("Forgot")
    INCOME_LOST = "INCOME_LOST", _("Lost income")
    ILLNESS = "ILLNESS", _("Illness")
    OTHER_DEBTS = "OTHER_DEBTS", _("Other debts")
    DISSATISFIED = "DISSATISFIED", _("Dissatisfied with the creditor")
    ABROAD = "ABROAD", _("Abroad")
    DENIES = "DENIES", _("Denies the debt")
    THIRD_PARTY_USE = "THIRD_PARTY_USE", _("Took it for someone else")
    UNWILLING = "UNWILLING", _("Does not want to pay")
    UNKNOWN = "UNKNOWN", _("Not said")


class Disposition(AgencyOwned):
    """The coded result of working a case once; mandatory before the case is left (S004-78)."""

    case = AgencyForeignKey(Case)
    code = AgencyForeignKey(DispositionCode)
    channel = models.CharField(max_length=8, default="CALL")
    direction = models.CharField(max_length=3, choices=[("OUT", _("Outbound")), ("IN", _("Inbound"))], default="OUT")
    contact_point = AgencyForeignKey(ContactPoint, null=True, blank=True)
    spoke_with = models.CharField(max_length=20, choices=PartyRole.choices, blank=True)
    reason = models.CharField(max_length=16, choices=ReasonForNonPayment.choices, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    argument = models.CharField(max_length=24, blank=True, default="", db_default="")
    """The last step of the ladder of arguments that was reached in the talk (S004-19): a code of `cases.arguments`."""
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    details = models.JSONField(default=dict, blank=True)
    """What the code asks for besides; of a reported payment: day, amount, bank, branch, town, method (S004-55)."""
    effects = models.JSONField(default=dict)
    """What it changed, so that it can be undone: see `cases.dispositions`."""
    undone_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "cases_disposition", case="cases_case", code="cases_dispositioncode",
                contact_point="debtors_contactpoint",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["agency", "case", "-id"], name="cases_disposition_case"),
            models.Index(fields=["agency", "at"], name="cases_disposition_at"),
        ]


class Note(AgencyOwned):
    """A free comment on a case."""

    case = AgencyForeignKey(Case)
    text = models.TextField(max_length=4000)
    pinned = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta(AgencyOwned.Meta):
        constraints = [*walls("cases_note", case="cases_case")]
        indexes = [models.Index(fields=["agency", "case", "-id"], name="cases_note_case")]
