"""Visits in time: how many trips were made before their time ran out, how many late, by collector and by creditor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce

from field.models import Visit, VisitOrder

MADE_AT = Coalesce("last_visit_at", "closed_at")
"""When a trip was made: at its last visit, however late the phone could send it."""


def kinds(now: datetime) -> dict[str, Q]:
    """Which trips each number of the report counts; the list of trips opens the same ones."""
    return {
        "in_time": Q(state="DONE", due_at__gte=MADE_AT), "made_late": Q(state="DONE", due_at__lt=MADE_AT),
        "dropped": Q(state="CANCELLED", breached_at__isnull=False), "running": Q(state="OPEN", due_at__gte=now),
        "late": Q(state="OPEN", due_at__lt=now),
    }  # fmt: skip


@dataclass(frozen=True)
class Line:
    """Counts of trips; `dropped`: cancelled when their time had run out.

    `hours`: from assignment to the first visit on average (S002-07), None when none was made.
    """

    key: int | None
    name: str
    in_time: int
    late: int
    dropped: int
    open: int
    open_late: int
    hours: float | None

    @property
    def share(self) -> int | None:
        """Per cent in time, of those that ended or are late."""
        ended = self.in_time + self.late + self.dropped + self.open_late
        return round(100 * self.in_time / ended) if ended else None


def by(
    field: str, name: str, *, since: datetime, now: datetime, trips: QuerySet[VisitOrder] | None = None
) -> list[Line]:
    """Trips ordered since then, grouped by `field` (a path from the order) and named by `name`.

    `trips`: only these, where the reader may not see all.
    """
    count = {kind: Count("id", filter=q) for kind, q in kinds(now).items()}
    rows = (
        (VisitOrder.objects.all() if trips is None else trips)
        .filter(opened_at__gte=since)
        .exclude(state=VisitOrder.State.CANCELLED, breached_at=None)
        .order_by()
        .values(field, name)
        .annotate(
            **count,
            wait=Avg(
                ExpressionWrapper(F("first_visit_at") - F("assigned_at"), output_field=DurationField()),
                filter=Q(first_visit_at__isnull=False, assigned_at__isnull=False),
            ),
        )
    )
    lines = [
        Line(
            row[field], str(row[name] or ""), row["in_time"], row["made_late"], row["dropped"],
            row["running"], row["late"],
            round(row["wait"].total_seconds() / 3600, 1) if row["wait"] is not None else None,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (not line.name, line.name))


def entry_delay_hours(*, since: datetime) -> float | None:
    """How long after the visit its record came in, on average (S004-40)."""
    rows: Any = Visit.objects.filter(started_at__gte=since).aggregate(
        delay=Avg(ExpressionWrapper(F("entered_at") - F("started_at"), output_field=DurationField()))
    )
    return round(rows["delay"].total_seconds() / 3600, 1) if rows["delay"] is not None else None
