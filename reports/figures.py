"""The figures of the dashboard. Each comes from the same rows that its link opens, so that both always agree.

Sums are never added across currencies: every amount is a mapping of currency to sum.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet, Sum

from agencies.models import Membership
from cases.models import Case, Disposition, Promise, Stage
from cases.queries import visible_to
from contacts.models import Contact
from ledger.models import Payment

Sums = dict[str, Decimal]


@dataclass(frozen=True)
class View:
    """What the reader looks at: days from `start` to `end`, both included, in the agency's time zone."""

    member: Membership
    zone: str
    start: date
    end: date
    creditor_id: int | None = None
    portfolio_id: int | None = None
    team_id: int | None = None
    collector_id: int | None = None

    @property
    def first_moment(self) -> datetime:
        return datetime.combine(self.start, time.min, ZoneInfo(self.zone))

    @property
    def after_last_moment(self) -> datetime:
        return datetime.combine(self.end + timedelta(days=1), time.min, ZoneInfo(self.zone))

    def cases(self) -> QuerySet[Case]:
        """Cases the reader may see, narrowed to the chosen creditor, portfolio, team and collector."""
        wanted = {
            "creditor_id": self.creditor_id, "portfolio_id": self.portfolio_id, "team_id": self.team_id,
            "collector_id": self.collector_id,
        }  # fmt: skip
        return visible_to(self.member).filter(**{name: value for name, value in wanted.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.creditor_id or self.portfolio_id or self.team_id or self.collector_id)


def payments(view: View) -> QuerySet[Payment]:
    """Payments received in the period that were not reversed."""
    return Payment.objects.filter(
        received_on__range=(view.start, view.end), reversed_at=None, account_id__in=view.cases().values("account_id")
    )


def promises_due(view: View) -> QuerySet[Promise]:
    """Promises falling due in the period, refused and cancelled ones left out."""
    return Promise.objects.filter(
        due_on__range=(view.start, view.end),
        state__in=["ACTIVE", "KEPT", "BROKEN"],
        case_id__in=view.cases().values("id"),
    )


def contacts(view: View) -> QuerySet[Contact]:
    return Contact.objects.filter(
        at__gte=view.first_moment, at__lt=view.after_last_moment, case_id__in=view.cases().values("id")
    )


def dispositions(view: View) -> QuerySet[Disposition]:
    return Disposition.objects.filter(
        at__gte=view.first_moment, at__lt=view.after_last_moment, undone_at=None, case_id__in=view.cases().values("id")
    )


@dataclass
class StageFigure:
    stage: Stage
    cases: int = 0
    balance: Sums = field(default_factory=dict)


def stages(view: View) -> list[StageFigure]:
    """Open cases by stage, with their balances; every stage is there, also an empty one."""
    figures: dict[Stage, StageFigure] = {stage: StageFigure(stage) for stage in Stage if stage != Stage.CLOSED}
    rows = (
        view.cases()
        .exclude(stage=Stage.CLOSED)
        .order_by()
        .values("stage", "currency")
        .annotate(n=Count("id"), total=Sum("balance"))
    )
    for row in rows:
        figure = figures[Stage(row["stage"])]
        figure.cases += row["n"]
        figure.balance[row["currency"]] = row["total"]
    return list(figures.values())


@dataclass
class PromiseFigure:
    state: str
    promises: int = 0
    amount: Sums = field(default_factory=dict)


def promises(view: View) -> dict[str, PromiseFigure]:
    """Promises due in the period by state: ACTIVE (not yet judged), KEPT, BROKEN."""
    figures = {state: PromiseFigure(state) for state in ("ACTIVE", "KEPT", "BROKEN")}
    rows = promises_due(view).order_by().values("state", "currency").annotate(n=Count("id"), total=Sum("amount"))
    for row in rows:
        figure = figures[row["state"]]
        figure.promises += row["n"]
        figure.amount[row["currency"]] = row["total"]
    return figures


def kept_share(figures: dict[str, PromiseFigure]) -> Decimal | None:
    """Kept among judged promises, in percent with one decimal; None when none was judged."""
    kept, broken = figures["KEPT"].promises, figures["BROKEN"].promises
    return round(Decimal(100 * kept) / (kept + broken), 1) if kept + broken else None


@dataclass
class ChannelFigure:
    channel: str
    kind: str
    outcome: str
    contacts: int
    cost: Decimal


def contacts_by_channel(view: View) -> list[ChannelFigure]:
    rows = (
        contacts(view)
        .order_by()
        .values("channel", "kind", "outcome")
        .annotate(n=Count("id"), cost=Sum("cost"))
        .order_by("channel", "kind", "outcome")
    )
    return [ChannelFigure(r["channel"], r["kind"], r["outcome"], r["n"], r["cost"] or Decimal(0)) for r in rows]


def recovered_by_day(view: View) -> dict[date, Sums]:
    """Payments by day received; days without any are there with nothing."""
    days: dict[date, Sums] = {view.start + timedelta(days=n): {} for n in range((view.end - view.start).days + 1)}
    for row in payments(view).order_by().values("received_on", "currency").annotate(total=Sum("amount")):
        days[row["received_on"]][row["currency"]] = row["total"]
    return days


def total(days: Iterable[Sums]) -> Sums:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for day in days:
        for currency, amount in day.items():
            sums[currency] += amount
    return dict(sums)
