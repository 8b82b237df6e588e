"""How a debtor will pay what was agreed (S004-20): at a branch, by card, by internet banking, or by itself through the
bank. It is kept with the promise or the plan, shown on the case, and proposed the next time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from audit import record
from cases.holds import CaseIsClosed
from cases.models import AgreedWay, Case, Plan, Promise, Stage
from cases.next_actions import local_day
from common.refusals import NotUnderstood
from debtors.models import PayingWay
from ledger.posting import check_amount

AGREED = record.kind(
    "case.way_agreed", gettext_lazy("Way of paying agreed: %(way)s."), way=PayingWay.choices
)  # fmt: skip

AUTOMATIC = (PayingWay.DIRECT_DEBIT, PayingWay.STANDING_ORDER)


class WayUnknown(NotUnderstood):
    field = "way"


class MandateInTheFuture(NotUnderstood):
    """Nobody has signed it yet."""

    field = "signed_on"


class DayOfMonthRefused(NotUnderstood):
    field = "day_of_month"


@dataclass(frozen=True)
class Terms:
    """A way with what the bank was told. Facts that the way does not have are left out when it is kept."""

    way: str
    bank: str = ""
    reference: str = ""
    signed_on: date | None = None
    amount: Decimal | None = None
    day_of_month: int | None = None


def agree(
    case: Case, terms: Terms, *, promise: Promise | None = None, plan: Plan | None = None, by: Membership, now: datetime
) -> AgreedWay:
    """Keep how the debtor will pay, with the promise or the plan it was agreed with, and remember it of the debtor.

    Raises:
        WayUnknown, MandateInTheFuture, DayOfMonthRefused, CaseIsClosed; AmountIsNotMoney.
    """
    if case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    facts = _facts(terms, today=local_day(case.agency, now))
    with transaction.atomic():
        made: AgreedWay = AgreedWay.objects.create(
            case=case, promise=promise, plan=plan, way=terms.way, agreed_by=by.user, agreed_at=now, **facts
        )
        if case.debtor.pays_by != terms.way:
            case.debtor.pays_by = terms.way
            case.debtor.save(update_fields=["pays_by"])
        record.record(AGREED, by=by.user, case_id=case.id, subject_id=made.id, at=now, way=str(terms.way))
    return made


def _facts(terms: Terms, *, today: date) -> dict[str, object]:
    if terms.way not in PayingWay.values:
        raise WayUnknown(_("Choose one of the ways of paying."))
    if terms.way not in AUTOMATIC:
        return {}
    if terms.amount is not None:
        check_amount(terms.amount)
    if terms.day_of_month is not None and not 1 <= terms.day_of_month <= 31:
        raise DayOfMonthRefused(_("The day of the month is between 1 and 31."))
    facts: dict[str, object] = {
        "bank": terms.bank.strip(), "amount": terms.amount, "day_of_month": terms.day_of_month
    }  # fmt: skip
    if terms.way == PayingWay.DIRECT_DEBIT:
        if terms.signed_on is not None and terms.signed_on > today:
            raise MandateInTheFuture(_("A mandate that is signed later is added when it is signed."))
        facts |= {"reference": terms.reference.strip(), "signed_on": terms.signed_on}
    return facts


def current(case: Case) -> AgreedWay | None:
    """The way that holds now: what was agreed last. Of a debtor with whom nothing was agreed nobody asks."""
    if not case.debtor.pays_by:
        return None
    found: AgreedWay | None = AgreedWay.objects.filter(case=case).order_by("-id").first()
    return found
