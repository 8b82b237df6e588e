"""What people complain about: the register of debtors' complaints about the agency, and what was done about each.

Criminal complaints, which the agency itself makes, are another thing and live with the lawyers.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import Membership, User
from agencies.owned import AgencyForeignKey, AgencyOwned
from cases.models.case import Case, Hold
from cases.models.evidence import Document
from common.walls import walls


class DebtorComplaint(AgencyOwned):
    """A complaint about how a case is collected, from its receipt to its answer. Once closed it stays as it is."""

    class Kind(models.TextChoices):
        TONE = "TONE", _("Tone of a conversation")
        FREQUENCY = "FREQUENCY", _("Too often, or at a wrong time")
        WRONG_PERSON = "WRONG_PERSON", _("Wrong person")
        DATA = "DATA", _("Data and privacy")
        AMOUNT = "AMOUNT", _("Amount disputed")
        VISIT = "VISIT", _("Conduct at a visit")
        OTHER = "OTHER", _("Other")

    class Source(models.TextChoices):
        """Who complains."""

        DEBTOR = "DEBTOR", _("Debtor")
        FOR_DEBTOR = "FOR_DEBTOR", _("Somebody for the debtor")
        THIRD_PARTY = "THIRD_PARTY", _("Somebody who does not owe")
        REGULATOR = "REGULATOR", _("Regulator or authority")
        CREDITOR = "CREDITOR", _("Creditor")

    class Way(models.TextChoices):
        """How a complaint came in, and how its answer left."""

        PHONE = "PHONE", _("Phone")
        EMAIL = "EMAIL", _("E-mail")
        LETTER = "LETTER", _("Letter")
        IN_PERSON = "IN_PERSON", _("In person")
        ONLINE = "ONLINE", _("Form or portal")

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("state of a complaint", "Open")
        DECIDED = "DECIDED", pgettext_lazy("state of a complaint", "Decided, to be answered")
        CLOSED = "CLOSED", pgettext_lazy("state of a complaint", "Closed")

    class Outcome(models.TextChoices):
        UPHELD = "UPHELD", pgettext_lazy("outcome of a complaint", "Upheld")
        PARTLY = "PARTLY", pgettext_lazy("outcome of a complaint", "Upheld in part")
        NOT_UPHELD = "NOT_UPHELD", pgettext_lazy("outcome of a complaint", "Not upheld")
        WITHDRAWN = "WITHDRAWN", pgettext_lazy("outcome of a complaint", "Withdrawn")

    number = models.PositiveIntegerField()
    """Of the agency's register, without gaps."""
    case = AgencyForeignKey(Case)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    source = models.CharField(max_length=11, choices=Source.choices)
    complainant = models.CharField(max_length=160, blank=True)
    """Name of whoever complains where it is not the debtor."""
    way = models.CharField(max_length=9, choices=Way.choices)
    received_on = models.DateField()
    text = models.TextField(max_length=4000)
    about = AgencyForeignKey(Membership, null=True, blank=True)
    """Whose conduct it is about; None when nobody is named."""
    owner = AgencyForeignKey(Membership, null=True, blank=True)
    answer_due_on = models.DateField()
    due_source = models.CharField(max_length=120)
    """The rule the day follows from; "" where a person entered it."""
    hold = AgencyForeignKey(Hold, null=True, blank=True)
    """The hold that was placed with it; None when none was wanted or the case had it already."""
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    measures = models.TextField(max_length=2000, blank=True)
    """What was found and done about it, in words the creditor may read."""
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)
    answer = AgencyForeignKey(Document, null=True, blank=True)
    answer_way = models.CharField(max_length=9, choices=Way.choices, blank=True)
    answered_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    closed_at = models.DateTimeField(null=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *walls(
                "cases_debtorcomplaint", case="cases_case", about="agencies_membership", owner="agencies_membership",
                hold="cases_hold", answer="cases_document",
            ),
            models.UniqueConstraint(fields=["agency", "number"], name="cases_debtorcomplaint_number_key"),
            models.CheckConstraint(
                condition=Q(answer_due_on__gte=F("received_on")), name="cases_debtorcomplaint_due_after_receipt"
            ),
            models.CheckConstraint(
                condition=Q(about=None) | Q(owner=None) | ~Q(about=F("owner")),
                name="cases_debtorcomplaint_not_ones_own",
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", outcome="", decided_at=None)
                | (~Q(state="OPEN") & ~Q(outcome="") & ~Q(measures="") & Q(decided_at__isnull=False)),
                name="cases_debtorcomplaint_decided_with_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state="CLOSED")
                | Q(outcome="WITHDRAWN", closed_at__isnull=False)
                | Q(answer__isnull=False, answered_on__isnull=False, closed_at__isnull=False),
                name="cases_debtorcomplaint_closed_with_answer",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["agency", "answer_due_on", "id"], name="cases_debtorcomplaint_due",
                condition=~Q(state="CLOSED"),
            ),
            models.Index(fields=["agency", "-received_on", "-id"], name="cases_debtorcomplaint_list"),
            models.Index(fields=["agency", "case", "-id"], name="cases_debtorcomplaint_case"),
            models.Index(fields=["agency", "about", "-id"], name="cases_debtorcomplaint_about"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}/{self.received_on:%Y}"

    def days_left(self, as_of: date) -> int | None:
        """Days until the answer is due, negative when it is late; None once it is closed."""
        return None if self.state == self.State.CLOSED else (self.answer_due_on - as_of).days

    @property
    def was_late(self) -> bool:
        return self.answered_on is not None and self.answered_on > self.answer_due_on


class ComplaintStep(AgencyOwned):
    """A step taken on a complaint, in the words of whoever took it. It is added, never changed."""

    complaint = AgencyForeignKey(DebtorComplaint)
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [*walls("cases_complaintstep", complaint="cases_debtorcomplaint")]
        indexes = [models.Index(fields=["agency", "complaint", "id"], name="cases_complaintstep_of")]


CLOSED_STAYS = """
CREATE FUNCTION cases_debtorcomplaint_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'CLOSED' OR (NEW.number, NEW.case_id, NEW.received_on, NEW.text)
        IS DISTINCT FROM (OLD.number, OLD.case_id, OLD.received_on, OLD.text) THEN
        RAISE EXCEPTION 'complaint % of the register stays as it is', OLD.number
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'cases_debtorcomplaint_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_debtorcomplaint_stays BEFORE UPDATE OR DELETE ON cases_debtorcomplaint
FOR EACH ROW EXECUTE FUNCTION cases_debtorcomplaint_stays();
"""
CLOSED_MAY_CHANGE = """
DROP TRIGGER cases_debtorcomplaint_stays ON cases_debtorcomplaint;
DROP FUNCTION cases_debtorcomplaint_stays();
"""
