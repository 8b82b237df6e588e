"""What came of the work in a period: money by source, plans, visits, court, commission. Each figure's rows can be
opened, and both read the same queries. Sums are never added across currencies."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from cases.models import Plan, RemittanceLine, Settlement, Stage
from field.models import VisitOrder
from field.sla import MADE_AT
from ledger.models import Payment
from legal.models import Handoff
from reports.figures import Sums, View, payments


@dataclass(frozen=True)
class Share:
    """How many rows of one kind, and their sum by currency."""

    code: str
    label: str
    count: int
    sums: Sums


def recovered_by_source(view: View) -> list[Share]:
    """Payments of the period by who told us of them."""
    return _shares(payments(view), "source", "amount", "currency", dict(Payment.Source.choices))


def plans(view: View) -> QuerySet[Plan]:
    """Plans asked for in the period."""
    rows: QuerySet[Plan] = Plan.objects.filter(
        case__in=view.cases(), asked_at__gte=view.first_moment, asked_at__lt=view.after_last_moment
    )
    return rows


def plans_by_state(view: View) -> list[Share]:
    counts = plans(view).order_by().values("state").annotate(count=Count("id"))
    found = {row["state"]: row["count"] for row in counts}
    return [Share(state.value, str(state.label), found[state], {}) for state in Plan.State if state in found]


def settlements(view: View) -> QuerySet[Settlement]:
    """Settlements offered in the period."""
    rows: QuerySet[Settlement] = Settlement.objects.filter(
        case__in=view.cases(), made_at__gte=view.first_moment, made_at__lt=view.after_last_moment
    )
    return rows


def settlements_by_state(view: View) -> list[Share]:
    counts = settlements(view).order_by().values("state").annotate(count=Count("id"))
    found = {row["state"]: row["count"] for row in counts}
    return [Share(state.value, str(state.label), found[state], {}) for state in Settlement.State if state in found]


def trips(view: View) -> QuerySet[VisitOrder]:
    """Trips ordered in the period; of the cancelled ones only those whose time had run out."""
    rows: QuerySet[VisitOrder] = VisitOrder.objects.filter(
        case__in=view.cases(), opened_at__gte=view.first_moment, opened_at__lt=view.after_last_moment
    ).exclude(state=VisitOrder.State.CANCELLED, breached_at=None)
    return rows


TRIP_KINDS: dict[str, Q] = {
    "in_time": Q(state="DONE", due_at__gte=MADE_AT),
    "late": Q(state="DONE", due_at__lt=MADE_AT) | Q(state__in=("OPEN", "CANCELLED"), breached_at__isnull=False),
    "open": Q(state="OPEN", breached_at=None),
}


def trips_by_kind(view: View) -> dict[str, int]:
    counts: dict[str, int] = (
        trips(view).order_by().aggregate(**{kind: Count("id", filter=q) for kind, q in TRIP_KINDS.items()})
    )
    return counts


def in_court(view: View) -> QuerySet[Handoff]:
    """Open cases that are with a law firm now."""
    rows: QuerySet[Handoff] = Handoff.objects.filter(case__in=view.cases()).exclude(
        Q(state__in=(Handoff.State.RECALLED, Handoff.State.DONE)) | Q(case__stage=Stage.CLOSED)
    )
    return rows


def court_by_state(view: View) -> list[Share]:
    counts = in_court(view).order_by().values("state", "case__currency").annotate(
        count=Count("id"), total=Sum("case__balance")
    )  # fmt: skip
    return _gathered(counts, "state", "case__currency", dict(Handoff.State.choices))


def commission(view: View) -> QuerySet[RemittanceLine]:
    """Lines of the remittance statements issued in the period."""
    rows: QuerySet[RemittanceLine] = RemittanceLine.objects.filter(
        case__in=view.cases(), remittance__issued_at__gte=view.first_moment,
        remittance__issued_at__lt=view.after_last_moment,
    )  # fmt: skip
    return rows


def commission_sums(view: View) -> Sums:
    rows = commission(view).order_by().values("remittance__currency").annotate(total=Sum("commission"))
    return {row["remittance__currency"]: row["total"] for row in rows}


def _shares(rows: QuerySet[Any], by: str, amount: str, currency: str, labels: dict[str, Any]) -> list[Share]:
    counts = rows.order_by().values(by, currency).annotate(count=Count("id"), total=Sum(amount))
    return _gathered(counts, by, currency, labels)


def _gathered(counts: Any, by: str, currency: str, labels: dict[str, Any]) -> list[Share]:
    numbers: dict[str, int] = defaultdict(int)
    sums: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in counts:
        numbers[row[by]] += row["count"]
        sums[row[by]][row[currency]] = row["total"] or Decimal(0)
    return [Share(code, str(label), numbers[code], sums[code]) for code, label in labels.items() if code in numbers]
