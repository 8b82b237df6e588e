"""A case: one debt under collection, the people on it, and what holds it."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from agencies.models import Membership, Team, User
from agencies.owned import AgencyForeignKey, AgencyOwned
from common.walls import walls
from debtors.models import Debtor
from ledger.models import MONEY, Account
from portfolios.models import Creditor, DebtKind, Mandate, Ownership, Portfolio


class Stage(models.TextChoices):
    """Where a case stands. Below the pre-soft threshold it is only watched (S000-03)."""

    WATCH = "WATCH", _("Watch")
    PRE_SOFT = "PRE_SOFT", _("Pre-soft")
    SOFT = "SOFT", _("Soft")
    FIELD = "FIELD", _("Field")
    LEGAL = "LEGAL", _("Legal")
    CLOSED = "CLOSED", _("Closed")


class ContractStatus(models.TextChoices):
    """What the creditor did with the contract, apart from the stage (S002-12)."""

    IN_FORCE = "IN_FORCE", _("In force")
    ACCELERATED = "ACCELERATED", _("Accelerated")
    TERMINATED = "TERMINATED", _("Terminated")
    IN_LITIGATION = "IN_LITIGATION", _("In litigation")
    BEING_ASSIGNED = "BEING_ASSIGNED", _("Being assigned")


class CloseReason(models.TextChoices):
    PAID = "PAID", _("Paid in full")
    SETTLED = "SETTLED", _("Settled")
    RECALLED = "RECALLED", _("Recalled by the creditor")
    WRITTEN_OFF = "WRITTEN_OFF", _("Written off")
    SOLD = "SOLD", _("Sold")
    NOT_OWED = "NOT_OWED", _("Not owed")


class ExpertReason(models.TextChoices):
    """Why a case is worked by expert negotiators (S002-05)."""

    SOLICITED = "SOLICITED", _("Called and visited in vain, before termination")
    VISITS = "VISITS", _("Visits in vain")
    ACCELERATED = "ACCELERATED", _("The contract was accelerated")
    PERSON = "PERSON", _("A coordinator's choice")


class NextAction(models.TextChoices):
    """Why a case stands in the queue; people read it as the explanation of its place."""

    NEW = "NEW", _("New: not yet worked")
    CALL = "CALL", _("Call")
    RECALL = "RECALL", _("Call back as agreed")
    PROMISE_DUE = "PROMISE_DUE", _("Promise falls due")
    PROMISE_BROKEN = "PROMISE_BROKEN", _("Promise was broken")
    CHECK_PAYMENT = "CHECK_PAYMENT", _("Check the payment the debtor reported")
    FOLLOW_UP = "FOLLOW_UP", _("Follow up")
    SKIP_TRACE = "SKIP_TRACE", _("Find new contact data")
    FRAUD_REVIEW = "FRAUD_REVIEW", _("Review suspected fraud")
    RESTRUCTURE = "RESTRUCTURE", _("Prepare the payment plan")
    ENFORCE = "ENFORCE", _("Plan was broken: enforcement may start")


class Case(AgencyOwned):
    """One debt under collection. `stage` changes only through `cases.transitions`; balances only through the ledger."""

    creditor = AgencyForeignKey(Creditor)
    mandate = AgencyForeignKey(Mandate)
    portfolio = AgencyForeignKey(Portfolio)
    debtor = AgencyForeignKey(Debtor)
    account = AgencyForeignKey(Account)
    contract_no = models.CharField(max_length=80, db_collation="C")
    contract_key = models.GeneratedField(
        expression=Upper(
            Func(F("contract_no"), Value("[[:space:][:punct:]]+"), Value(""), Value("g"), function="regexp_replace")
        ),
        output_field=models.CharField(max_length=80, db_collation="C"), db_persist=True,
    )  # fmt: skip
    """The contract number without spaces and signs, as payers write it; `cases.payment_matching` finds cases by it."""
    branch = models.CharField(max_length=120, blank=True)
    product = models.CharField(max_length=80, blank=True)
    debt_kind = models.CharField(max_length=16, choices=DebtKind.choices)
    ownership = models.CharField(max_length=10, choices=Ownership.choices)
    original_creditor = models.CharField(max_length=160, blank=True, db_default="")
    """Who granted a contract that was ceded or bought since; empty where that is the creditor himself."""
    jurisdiction = models.CharField(max_length=8)
    contract_signed_on = models.DateField(null=True, blank=True)
    contract_status = models.CharField(max_length=14, choices=ContractStatus.choices, default=ContractStatus.IN_FORCE)
    accelerated_on = models.DateField(null=True, blank=True)
    """Legal acceleration by notice (S004-09); from it the legal days past due are counted."""
    source_accelerated = models.BooleanField(default=False)
    """Accelerated in the creditor's own system, whatever the law says (S004-10)."""
    court_decision_id = models.BigIntegerField(null=True, blank=True)
    """The approved decision to go to court, of the floor above; without one the case does not enter the legal stage."""
    secured = models.BooleanField(default=False)
    collateral = models.CharField(max_length=240, blank=True)
    original_instalment = models.DecimalField(**MONEY, null=True, blank=True)
    assignment_notice_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    balance = models.DecimalField(**MONEY, default=0)
    """Copy of the account's balance, written with it in one transaction."""
    overdue = models.DecimalField(**MONEY, default=0)
    """Part of the balance that is past due."""
    oldest_due_on = models.DateField(null=True, blank=True)
    """Due day of the oldest unpaid instalment; None when nothing is past due (cured)."""
    opened_on = models.DateField()
    stage = FSMField(max_length=8, choices=Stage.choices, default=Stage.WATCH, protected=True)
    stage_since = models.DateField()
    sent_back = models.BooleanField(default=False, db_default=False)
    """A person sent it back from field or legal to the phone: the nightly roll does not send it forward again."""
    closed_on = models.DateField(null=True, blank=True)
    close_reason = models.CharField(max_length=12, choices=CloseReason.choices, blank=True)
    broken_in_a_row = models.PositiveSmallIntegerField(default=0)
    on_plan = models.BooleanField(default=False, db_default=False)
    """True while a signed payment plan is being kept: it stops moves to later stages; kept by `cases.plan_judging`."""
    plan_broken = models.BooleanField(default=False, db_default=False)
    """The last signed plan was broken: enforcement under the contract is open (S004-52)."""
    on_hold = models.BooleanField(default=False)
    """True while a hold that stops stage moves is open; kept by `cases.holds`."""
    for_experts = models.CharField(max_length=11, choices=ExpertReason.choices, blank=True, default="", db_default="")
    """Only expert negotiators get it, and why; empty: anybody does. Kept by `cases.experts` and the night."""
    for_experts_on = models.DateField(null=True, blank=True)
    """When it was marked, or released by a person: the night does not mark it again."""
    team = AgencyForeignKey(Team, null=True, blank=True)
    collector = AgencyForeignKey(Membership, null=True, blank=True)
    assigned_at = models.DateTimeField(null=True)
    next_action = models.CharField(max_length=14, choices=NextAction.choices, default=NextAction.NEW)
    next_action_at = models.DateTimeField()
    """Not shown in the queue before this moment."""
    priority = models.PositiveSmallIntegerField(default=50)
    """0 (first) … 99 (last); kept by `cases.queue`."""
    last_worked_at = models.DateTimeField(null=True)
    claimed_by = AgencyForeignKey(Membership, null=True, blank=True)
    claimed_until = models.DateTimeField(null=True)
    row_digest = models.BinaryField(null=True)
    """Hash of the case-file row last taken over, to tell changed from unchanged."""
    source_row_id = models.BigIntegerField(null=True, blank=True)
    """The case-file row last taken over; no key, because files are erased in time and the case stays."""

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "cases_case", creditor="portfolios_creditor", mandate="portfolios_mandate",
                portfolio="portfolios_portfolio", debtor="debtors_debtor", account="ledger_account",
                team="agencies_team", collector="agencies_membership", claimed_by="agencies_membership",
            ),
            models.UniqueConstraint(fields=["agency", "creditor", "contract_no"], name="cases_case_contract_key"),
            models.UniqueConstraint(fields=["agency", "account"], name="cases_case_account_key"),
            models.CheckConstraint(
                condition=Q(stage="CLOSED", closed_on__isnull=False) & ~Q(close_reason="")
                | (~Q(stage="CLOSED") & Q(closed_on=None, close_reason="")),
                name="cases_case_closed_has_day_and_reason",
            ),
            models.CheckConstraint(condition=Q(overdue__gte=0), name="cases_case_overdue_is_not_negative"),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_until=None)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="cases_case_claim_pair",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["agency", "collector", "priority", "next_action_at", "id"], name="cases_case_queue",
                condition=~Q(stage="CLOSED"),
            ),
            models.Index(fields=["agency", "portfolio", "stage", "oldest_due_on"], name="cases_case_roll"),
            models.Index(fields=["agency", "debtor"], name="cases_case_debtor"),
            models.Index(fields=["agency", "contract_no"], name="cases_case_contract"),
            models.Index(fields=["agency", "contract_key"], name="cases_case_contract_key_idx"),
            models.Index(fields=["agency", "team", "stage"], name="cases_case_team"),
            models.Index(
                fields=["agency", "team", "priority", "next_action_at", "id"], name="cases_case_pool",
                condition=Q(collector=None) & ~Q(stage="CLOSED"),
            ),
            models.Index(
                fields=["agency", "next_action", "priority", "next_action_at", "id"], name="cases_case_special",
                condition=Q(next_action__in=["SKIP_TRACE", "FRAUD_REVIEW"]) & ~Q(stage="CLOSED"),
            ),
            models.Index(
                fields=["agency", "priority", "next_action_at", "id"], name="cases_case_restructure",
                condition=Q(next_action="RESTRUCTURE") & ~Q(stage="CLOSED"),
            ),
            models.Index(fields=["agency", "id"], name="cases_case_experts", condition=~Q(for_experts="")),
            models.Index(
                fields=["agency", "claimed_by"], name="cases_case_claimed", condition=Q(claimed_by__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.contract_no

    def dpd(self, as_of: date) -> int:
        """Days past due on `as_of`, from the due day of the oldest unpaid instalment (S000-02); 0 when cured."""
        return max((as_of - self.oldest_due_on).days, 0) if self.oldest_due_on else 0

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        """Reload without switching the stage's protection off for the whole process."""
        if fields is None:
            fields = [f.attname for f in self._meta.concrete_fields if f.attname not in self.get_deferred_fields()]
        if "stage" in fields:
            self.__dict__.pop("stage", None)
        models.Model.refresh_from_db(self, using=using, fields=fields, from_queryset=from_queryset)


class PartyRole(models.TextChoices):
    HOLDER = "HOLDER", _("Contract holder")
    CODEBTOR = "CODEBTOR", _("Co-debtor")
    GUARANTOR = "GUARANTOR", _("Guarantor")
    MORTGAGE_GUARANTOR = "MORTGAGE_GUARANTOR", _("Mortgage guarantor")
    EMPLOYER = "EMPLOYER", _("Employer")
    SUCCESSOR = "SUCCESSOR", _("Successor")
    LAWYER = "LAWYER", _("Debtor's lawyer")
    PROXY = "PROXY", _("Person authorised in writing")
    TRUSTEE = "TRUSTEE", _("Insolvency trustee")


class Party(AgencyOwned):
    """Another person on a case. A proxy needs a written authorisation with its validity (S004-75)."""

    case = AgencyForeignKey(Case)
    person = AgencyForeignKey(Debtor)
    role = models.CharField(max_length=20, choices=PartyRole.choices)
    authorised_by_document = models.CharField(max_length=160, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta(AgencyOwned.Meta):
        verbose_name_plural = "parties"
        constraints = [
            *walls("cases_party", case="cases_case", person="debtors_debtor"),
            models.UniqueConstraint(fields=["agency", "case", "person", "role"], name="cases_party_key"),
            models.CheckConstraint(
                condition=~Q(role="PROXY") | ~Q(authorised_by_document=""), name="cases_party_proxy_has_document"
            ),
        ]
        indexes = [models.Index(fields=["agency", "person"], name="cases_party_person")]


class Hold(AgencyOwned):
    """A reason that stops some or all contact and moves on one case; lifted by a person or on a day."""

    class Reason(models.TextChoices):
        DISPUTE = "DISPUTE", _("Debt disputed")
        FRAUD = "FRAUD", _("Suspected fraud")
        CLAIMS_PAID = "CLAIMS_PAID", _("Debtor says it is paid")
        HARDSHIP = "HARDSHIP", _("Hardship")
        INSOLVENCY = "INSOLVENCY", _("Insolvency")
        DECEASED = "DECEASED", _("Deceased")
        REPRESENTED = "REPRESENTED", _("Represented")
        CEASE_REQUEST = "CEASE_REQUEST", _("Asked for contact to cease")
        CREDITOR = "CREDITOR", _("Creditor's wish")

    case = AgencyForeignKey(Case)
    reason = models.CharField(max_length=14, choices=Reason.choices)
    detail_code = models.CharField(max_length=30, blank=True)
    """For fraud: NOT_CONCLUDED, NOT_EMPLOYED, LEFT_COUNTRY, ARRESTED, OTHER (S004-63, S004-64)."""
    note = models.CharField(max_length=400, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    placed_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    lifted_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls("cases_hold", case="cases_case"),
            models.UniqueConstraint(
                fields=["agency", "case", "reason"], condition=Q(lifted_at=None), name="cases_hold_open_key"
            ),
        ]
