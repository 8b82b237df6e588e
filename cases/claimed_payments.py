"""A payment the debtor says was made: what our own data say of it, and whether a proof is worth asking for (S004-56).

Looked at are the payments booked on the case, lines of bank statements that name its contract and wait, and payments
its creditor reported that wait. Only where these leave a doubt is the debtor asked for a proof, with the number of the
contract written on it (S004-57).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from cases.models import Case, Disposition, Hold, ReportedPayment
from cases.payment_matching import keys_of
from common.refusals import NotUnderstood
from common.templatetags.trade import day, money
from ledger.models import Payment, StatementLine

BEFORE, AFTER = timedelta(days=2), timedelta(days=7)
"""A payment is looked for so long before and after the day the debtor names: banks take days, people err by one."""
MOST_LINES = 50
NOT_NEEDED, ASKED = "NOT_NEEDED", "ASKED"
"""What a result that claims a payment keeps as `details["proof"]`."""


class PaymentDetailsMissing(NotUnderstood):
    """The day or the amount is missing, or is not one."""

    field = "details"


class Seen(models.TextChoices):
    BOOKED = "BOOKED", "booked on the case"
    ARRIVED = "ARRIVED", "arrived and waiting to be booked"
    OTHER_SUM = "OTHER_SUM", "another amount about that day"
    NOTHING = "NOTHING", "nothing at all"


@dataclass(frozen=True)
class Claim:
    """What the debtor said."""

    amount: Decimal
    paid_on: date


@dataclass(frozen=True)
class Evidence:
    """What we see of a claim. `amount` and `on` are what we see; None: nothing."""

    case: Case
    seen: Seen
    amount: Decimal | None = None
    on: date | None = None

    @property
    def proof_needed(self) -> bool:
        return self.seen in (Seen.OTHER_SUM, Seen.NOTHING)

    @property
    def proof(self) -> str:
        return ASKED if self.proof_needed else NOT_NEEDED

    @property
    def sentence(self) -> str:
        """For the collector, in the reader's language."""
        words = self._words()
        if self.seen == Seen.BOOKED:
            return _("We see it: %(amount)s, booked for %(day)s. No proof is needed.") % words
        if self.seen == Seen.ARRIVED:
            return _("We see it: %(amount)s arrived on %(day)s and waits to be booked. No proof is needed.") % words
        if self.seen == Seen.OTHER_SUM:
            sentence = _(
                "We see %(amount)s of %(day)s, not what was said. Ask for a proof with contract %(contract)s on it."
            )
            return sentence % words
        return _("We see no such payment. Ask for a proof with contract %(contract)s written on it.") % words

    @property
    def say(self) -> str:
        """For the debtor, in the debtor's language."""
        with translation.override(self.case.debtor.language):
            if not self.proof_needed:
                sentence = _("Thank you. We see your payment of %(amount)s. You need not send us anything.")
                return sentence % self._words()
            return proof_sentence(self.case)

    def _words(self) -> dict[str, str]:
        return {
            "amount": money(self.amount, self.case.currency), "day": day(self.on), "contract": self.case.contract_no
        }  # fmt: skip


def proof_sentence(case: Case) -> str:
    """How a proof is asked for (S004-57), in the active language."""
    sentence = _(
        "We do not see this payment yet. Please send us the proof of payment, and write contract number "
        "%(contract)s on it."
    )
    return sentence % {"contract": case.contract_no}


def read(details: Mapping[str, str], *, as_of: date) -> Claim:
    """The claim in the answers of `dispositions.PAID_DETAILS`.

    Raises:
        PaymentDetailsMissing: the sentence says what to ask.
    """
    if not {"paid_on", "amount"} <= set(details):
        raise PaymentDetailsMissing(_("Ask for the day and the amount of the payment, and where it was made."))
    try:
        amount = Decimal("".join(str(details["amount"]).split()).replace(",", "."))
        paid_on = date.fromisoformat(str(details["paid_on"]))
    except (InvalidOperation, ValueError) as error:
        raise PaymentDetailsMissing(_("Write the amount in figures, and the day of the payment.")) from error
    if not amount.is_finite() or amount <= 0:
        raise PaymentDetailsMissing(_("Write the amount in figures, and the day of the payment."))
    if paid_on > as_of:
        raise PaymentDetailsMissing(_("What was paid was paid by today. For a later day record a promise."))
    return Claim(amount, paid_on)


def look_for(case: Case, claim: Claim) -> Evidence:
    """Compare a claim with our own data about its day: three statements, whatever the case."""
    first, last = claim.paid_on - BEFORE, claim.paid_on + AFTER
    booked = list(
        Payment.objects.filter(
            account_id=case.account_id, reversed_at=None, received_on__gte=first, received_on__lte=last
        ).order_by("received_on", "id")
    )
    same = next((one for one in booked if one.amount == claim.amount), None)
    if same is not None:
        return Evidence(case, Seen.BOOKED, same.amount, same.received_on)
    whole = sum((one.amount for one in booked), Decimal(0))
    if booked and whole == claim.amount:
        return Evidence(case, Seen.BOOKED, whole, booked[-1].received_on)
    waiting = _on_a_statement(case, claim, first, last) or _reported(case, claim, first, last)
    if waiting is not None:
        return Evidence(case, Seen.ARRIVED, claim.amount, waiting)
    if booked:
        return Evidence(case, Seen.OTHER_SUM, whole, booked[-1].received_on)
    return Evidence(case, Seen.NOTHING)


def _on_a_statement(case: Case, claim: Claim, first: date, last: date) -> date | None:
    """The day of a waiting line of the same sum that names the contract."""
    lines = StatementLine.objects.filter(
        state=StatementLine.State.OPEN, amount=claim.amount, currency=case.currency, booked_on__gte=first,
        booked_on__lte=last,
    ).order_by("booked_on", "id")[:MOST_LINES]  # fmt: skip
    return next((line.booked_on for line in lines if case.contract_key in keys_of(line)), None)


def _reported(case: Case, claim: Claim, first: date, last: date) -> date | None:
    return (
        ReportedPayment.objects.filter(
            creditor_id=case.creditor_id,
            contract_no=case.contract_no,
            state=ReportedPayment.State.OPEN,
            amount=claim.amount,
            currency=case.currency,
            received_on__gte=first,
            received_on__lte=last,
        )
        .order_by("received_on", "id")
        .values_list("received_on", flat=True)
        .first()
    )


def open_claim(case: Case) -> Disposition | None:
    """The result with the claim for which the case pauses now; None: it does not pause for one."""
    if not case.on_hold:
        return None
    pausing = Hold.objects.filter(case=case, reason=Hold.Reason.CLAIMS_PAID, lifted_at=None)
    found: Disposition | None = (
        Disposition.objects.filter(models.Exists(pausing), case=case, code__effect="CLAIMS_PAID", undone_at=None)
        .order_by("-id")
        .first()
    )
    return found
