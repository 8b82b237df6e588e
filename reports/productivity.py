"""What each person got done, by day, by week or in the whole period, and what it cost (S000-26).

Each number comes from the rows that its link opens. Contacts that no person made (campaigns) stand in a row of their
own; how many hours they saved is not guessed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, DateField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncDate, TruncDay, TruncWeek

from agencies.models import Membership
from cases.models import Promise
from contacts.models import Contact
from field.models import Visit
from reports.attribution import credited
from reports.figures import Sums, View, contacts, dispositions, payments


class Span(StrEnum):
    """How a period is cut."""

    DAY = "day"
    WEEK = "week"
    ALL = "all"


@dataclass
class Work:
    """One person's work in one span of days; `member` None: what went out without a person."""

    member: Membership | None
    start: date
    end: date
    contacts: int = 0
    conversations: int = 0
    cases: int = 0
    promises: int = 0
    visits: int = 0
    cost: Decimal = Decimal(0)
    recovered: Sums = field(default_factory=dict)


def cases_alone(view: View) -> View:
    """The view without its people: their work is asked for, whoever has the case now."""
    return replace(view, team_id=None, collector_id=None)


def promises_made(view: View) -> QuerySet[Promise]:
    """Promises made in the period, refused and cancelled ones left out."""
    rows: QuerySet[Promise] = Promise.objects.filter(
        made_on__range=(view.start, view.end), case_id__in=view.cases().values("id")
    ).exclude(state__in=(Promise.State.REFUSED, Promise.State.CANCELLED))
    return rows


def visits(view: View) -> QuerySet[Visit]:
    """Visits made in the period."""
    rows: QuerySet[Visit] = Visit.objects.filter(
        started_at__gte=view.first_moment, started_at__lt=view.after_last_moment, case_id__in=view.cases().values("id")
    )
    return rows


def people(view: View) -> dict[int, Membership]:
    """Everybody of the agency whose work the view asks for, those who left among them."""
    found = Membership.objects.select_related("user", "team")
    if view.team_id:
        found = found.filter(team_id=view.team_id)
    if view.collector_id:
        found = found.filter(id=view.collector_id)
    return {member.id: member for member in found}


def work(view: View, *, by: Span) -> list[Work]:
    """Who did something in which span, people by name and spans in their order."""
    members = people(view)
    by_user = {member.user_id: member for member in members.values()}
    seen: dict[tuple[int | None, date], Work] = {}
    inside = cases_alone(view)

    def of(member: Membership | None, begun: date) -> Work:
        start, end = _span(view, by, begun)
        return seen.setdefault((member.id if member else None, start), Work(member, start, end))

    everyone = not (view.team_id or view.collector_id)
    for row in _counted(
        contacts(inside), "at", "by_id", by, view, n=Count("id"), cost=Sum("cost"),
        spoke=Count("id", filter=Q(kind=Contact.Kind.CONVERSATION)),
    ):  # fmt: skip
        member = by_user.get(row["by_id"])
        if member or (row["by_id"] is None and everyone):
            figure = of(member, row["begun"])
            figure.contacts, figure.conversations, figure.cost = row["n"], row["spoke"], row["cost"]
    plain: tuple[tuple[QuerySet[Any], str, str, str, Any, Callable[[Any], Membership | None]], ...] = (
        (dispositions(inside), "at", "by_id", "cases", Count("case_id", distinct=True), by_user.get),
        (promises_made(inside), "made_on", "made_by_id", "promises", Count("id"), by_user.get),
        (visits(inside), "started_at", "collector_id", "visits", Count("id"), members.get),
    )
    for rows, at, who, name, count, known in plain:
        for row in _counted(rows, at, who, by, view, n=count):
            if member := known(row[who]):
                setattr(of(member, row["begun"]), name, row["n"])
    money = credited(payments(inside), zone=view.zone)
    for row in _counted(money, "received_on", "credited_to", by, view, "currency", total=Sum("amount")):
        if member := members.get(row["credited_to"]):
            of(member, row["begun"]).recovered[row["currency"]] = row["total"]
    return sorted(seen.values(), key=lambda w: (w.member is None, str(w.member.user) if w.member else "", w.start))


def _counted(
    rows: QuerySet[Any], at: str, who: str, by: Span, view: View, *more: str, **what: Any
) -> QuerySet[Any, dict[str, Any]]:
    """One row per person and span (and `more`), with what is counted."""
    is_day = at in ("made_on", "received_on")
    begun: Any = Value(view.start, output_field=DateField())
    if by is Span.WEEK:
        begun = TruncWeek(at) if is_day else TruncWeek(at, output_field=DateField(), tzinfo=ZoneInfo(view.zone))
    elif by is Span.DAY:
        begun = TruncDay(F(at)) if is_day else TruncDate(at, tzinfo=ZoneInfo(view.zone))
    return rows.order_by().annotate(begun=begun).values("begun", who, *more).annotate(**what)


def _span(view: View, by: Span, begun: date) -> tuple[date, date]:
    """First and last day of the span within the period."""
    if by is Span.ALL:
        return view.start, view.end
    last = begun + timedelta(days=6 if by is Span.WEEK else 0)
    return max(begun, view.start), min(last, view.end)
