"""Payments as both sides read them: what was booked on which case, from where, and why some were taken back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cases.models import Case, ReportedPayment
from ledger.models import Entry, Payment


@dataclass(frozen=True)
class Around:
    """What belongs to a page of payments: account -> case, entry -> why it was reversed, payment -> its report."""

    cases: Mapping[int, Case]
    reasons: Mapping[int, str]
    reports: Mapping[int, int]


def payments_of(cases: Any) -> Any:
    """Every payment booked on these cases, taken back or not."""
    return Payment.objects.filter(account_id__in=cases.order_by().values("account_id"))


def around(payments: Collection[Payment]) -> Around:
    """Three queries whatever the number of payments."""
    cases = Case.objects.filter(account_id__in={one.account_id for one in payments}).only(
        "id", "contract_no", "account_id"
    )  # fmt: skip
    back = Entry.objects.filter(reverses_id__in=[one.entry_id for one in payments if one.reversed_at])
    reports = ReportedPayment.objects.filter(payment_id__in=[one.id for one in payments])
    return Around(
        cases={case.account_id: case for case in cases},
        reasons=dict(back.values_list("reverses_id", "reference")),
        reports=dict(reports.values_list("payment_id", "id")),
    )


def collected_on(case: Case) -> list[tuple[Payment, str]]:
    """The case's payments with why they were taken back, the latest first."""
    found = list(payments_of(Case.objects.filter(id=case.id)).order_by("-received_on", "-id"))
    reasons = around(found).reasons
    return [(payment, reasons.get(payment.entry_id, "")) for payment in found]
