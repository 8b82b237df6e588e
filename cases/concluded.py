"""The portfolio of concluded agreements: payment calendars and notarial deeds, and how each is kept (S003-24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership
from cases import queries
from cases.models import Case, Deed, Instalment, Plan
from portfolios.models import Creditor

SOON_DAYS = 7
ZERO = Decimal(0)
STATES: dict[str, str | Lazy] = {
    "kept": _("Being kept"), "soon": _("Last day within a week"), "late": _("Late, within the grace"),
    "broken": _("Broken"), "to_sign": _("To be signed"), "done": _("Kept in full"),
}  # fmt: skip
"""What the list may show, each with its count."""


@dataclass(frozen=True)
class Line:
    """One agreement: the next open instalment, how many are missed and what they come to, since when."""

    plan: Plan
    deed: Deed | None
    next_on: date | None
    next_amount: Decimal
    missed: int
    missed_sum: Decimal
    days_late: int

    @property
    def whole(self) -> Decimal:
        return self.plan.advance + self.plan.total


def _conditions(as_of: date) -> dict[str, Q]:
    open_, soon = Q(state=Plan.State.ACTIVE), as_of + timedelta(days=SOON_DAYS)
    return {
        "kept": open_,
        "soon": open_ & Q(breaks_after__lte=soon),
        "late": open_ & Q(due_on__lt=as_of),
        "broken": Q(state=Plan.State.BROKEN),
        "to_sign": Q(state=Plan.State.APPROVED),
        "done": Q(state=Plan.State.COMPLETED),
    }


def concluded(member: Membership, *, kind: str = "", creditor: Creditor | None = None) -> QuerySet[Plan]:
    """Agreements of the cases a member sees. `kind`: deed, calendar (without one), or both.

    `due_on` of a plan is the due day of its oldest open instalment: the last day in time without the grace.
    """
    cases: QuerySet[Case] = queries.visible_to(member)
    if creditor is not None:
        cases = cases.filter(creditor=creditor)
    deed = Exists(Deed.objects.filter(plan=OuterRef("pk"), state=Deed.State.CONCLUDED))
    plans = Plan.objects.filter(case__in=cases.values("id"))
    if kind:
        plans = plans.filter(deed if kind == "deed" else ~deed)
    due = ExpressionWrapper(F("breaks_after") - F("format__grace_days"), output_field=DateField())
    found: QuerySet[Plan] = plans.annotate(due_on=due, has_deed=deed)
    return found


def counts(plans: QuerySet[Plan], *, as_of: date) -> dict[str, int]:
    wanted = {name: Count("id", filter=q) for name, q in _conditions(as_of).items()}
    found: dict[str, int] = plans.order_by().aggregate(**wanted)
    return found


def in_state(plans: QuerySet[Plan], state: str, *, as_of: date) -> QuerySet[Plan]:
    """The plans of one state, the most urgent first."""
    chosen = plans.filter(_conditions(as_of)[state])
    order = "-ended_on" if state in ("broken", "done") else "breaks_after"
    return chosen.select_related("case__debtor", "case__creditor", "format").order_by(order, "id")


def lines(plans: Sequence[Plan], *, as_of: date) -> list[Line]:
    """The plans of a page with what is open: two queries whatever their number."""
    rows: dict[int, list[tuple[date, Decimal]]] = {}
    found = Instalment.objects.filter(plan__in=plans).order_by("plan_id", "number")
    for plan_id, due_on, amount in found.values_list("plan_id", "due_on", "amount"):
        rows.setdefault(plan_id, []).append((due_on, amount))
    deeds = {one.plan_id: one for one in Deed.objects.filter(plan__in=plans).exclude(state=Deed.State.DROPPED)}
    return [_line(one, deeds.get(one.id), rows.get(one.id, []), as_of) for one in plans]


def _line(plan: Plan, deed: Deed | None, rows: list[tuple[date, Decimal]], as_of: date) -> Line:
    left = plan.paid
    opened: list[tuple[date, Decimal]] = []
    for due_on, amount in rows:
        covered = min(left, amount)
        left -= covered
        if covered < amount:
            opened.append((due_on, amount - covered))
    missed = [row for row in opened if row[0] < as_of]
    ahead = opened[len(missed) :]
    return Line(
        plan, deed, next_on=ahead[0][0] if ahead else None, next_amount=ahead[0][1] if ahead else ZERO,
        missed=len(missed), missed_sum=sum((amount for _on, amount in missed), ZERO),
        days_late=(as_of - missed[0][0]).days if missed else 0,
    )  # fmt: skip


def owing(plans: QuerySet[Plan], *, as_of: date) -> Any:
    """Sums still open of the agreements that are being kept, by currency."""
    rows = plans.filter(state=Plan.State.ACTIVE).order_by()
    columns = ("currency", "advance", "amount", "interest", "fee", "paid")
    sums: dict[str, Decimal] = {}
    for currency, advance, amount, interest, fee, paid in rows.values_list(*columns):
        whole = advance + (amount or ZERO) + interest + fee
        sums[currency] = sums.get(currency, ZERO) + max(whole - paid, ZERO)
    return sorted(sums.items())
