"""How cases flow between the stages, read from the history: roll rates month by month, and the days to a cure.

The stage of a case at a moment is the one that its next move left, or, when it did not move since, the one it stands
in. So a month is read from the moves after it began, and never from a table of daily copies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from agencies.scope import current_agency_id
from cases.models import Case, Stage
from cases.transitions import CLOSED, REOPENED, STAGE_CHANGED
from reports.figures import View
from reports.sql import named

NEW = "NEW"
"""Where a case that was opened within the month comes from."""
SOURCES = (NEW, *(stage for stage in Stage))
TARGETS = tuple(stage for stage in Stage)
DELAY = (Stage.PRE_SOFT, Stage.SOFT, Stage.FIELD, Stage.LEGAL)
"""Stages of a case whose debt is past due by enough days to be worked."""
CURED, PAID = "cure", "paid"
BUCKETS = ((0, 7), (8, 14), (15, 30), (31, 60), (61, None))
"""Days until a cure, first and last included."""


def month_of(day: date) -> date:
    return day.replace(day=1)


def month_after(first: date, months: int = 1) -> date:
    """The first day of the month so many months later; negative: before."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _moment(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))


_ROLLED = """
WITH mine AS ({mine}),
at_start AS (
    SELECT DISTINCT ON (case_id) case_id, data ->> 'from_stage' AS stage FROM audit_event
    WHERE agency_id = %(agency)s AND kind = ANY(%(kinds)s) AND at >= %(start)s ORDER BY case_id, at, id),
at_end AS (
    SELECT DISTINCT ON (case_id) case_id, data ->> 'from_stage' AS stage FROM audit_event
    WHERE agency_id = %(agency)s AND kind = ANY(%(kinds)s) AND at >= %(after)s ORDER BY case_id, at, id),
rolled AS (
    SELECT c.id, c.debtor_id,
           CASE WHEN c.opened_on >= %(first)s THEN 'NEW' ELSE coalesce(at_start.stage, c.stage) END AS source,
           coalesce(at_end.stage, c.stage) AS target
    FROM mine JOIN cases_case c ON c.agency_id = %(agency)s AND c.id = mine.id
    LEFT JOIN at_start ON at_start.case_id = c.id LEFT JOIN at_end ON at_end.case_id = c.id
    WHERE c.opened_on < %(next)s)
"""


@dataclass(frozen=True)
class Roll:
    """So many cases, of so many people, that went from one stage to another within a month."""

    source: str
    target: str
    cases: int
    people: int


@dataclass(frozen=True)
class Matrix:
    """Moves of one month: from the stage at its beginning to the stage at its end."""

    month: date
    rolls: dict[tuple[str, str], Roll]

    def at(self, source: str, target: str) -> int:
        roll = self.rolls.get((source, target))
        return roll.cases if roll else 0

    def total(self, source: str) -> int:
        return sum(self.at(source, target) for target in TARGETS)

    def share(self, source: str, target: str) -> Decimal | None:
        """Of the cases that began in `source`, in percent with one decimal; None when none did."""
        total = self.total(source)
        return round(Decimal(100 * self.at(source, target)) / total, 1) if total else None


@dataclass(frozen=True)
class Entered:
    """Who slid into delay within a month: watched before, or new. `of`: all that were watched or new."""

    cases: int
    people: int
    of: int
    people_of: int

    @property
    def share(self) -> Decimal | None:
        return round(Decimal(100 * self.cases) / self.of, 1) if self.of else None

    @property
    def people_share(self) -> Decimal | None:
        return round(Decimal(100 * self.people) / self.people_of, 1) if self.people_of else None


def rolls(view: View, month: date) -> Matrix:
    """The matrix of a month; the current month goes up to now. Cases closed all month long are no part of it."""
    sql, keys = _rolled(view, month)
    sql += (
        " SELECT source, target, count(*), count(DISTINCT debtor_id) FROM rolled"
        " WHERE NOT (source = 'CLOSED' AND target = 'CLOSED') GROUP BY source, target"
    )
    return Matrix(month, {(row[0], row[1]): Roll(*row) for row in _rows(sql, keys)})


def entered(view: View, month: date) -> Entered:
    """How many cases and people entered delay in the month, and of how many (S000-21)."""
    sql, keys = _rolled(view, month)
    sql += (
        " SELECT count(*) FILTER (WHERE target = ANY(%(delay)s)),"
        " count(DISTINCT debtor_id) FILTER (WHERE target = ANY(%(delay)s)), count(*), count(DISTINCT debtor_id)"
        " FROM rolled WHERE source IN ('WATCH', 'NEW')"
    )
    return Entered(*_rows(sql, keys)[0])


def rolled_cases(view: View, month: date, *, source: str, targets: Sequence[str]) -> QuerySet[Case]:
    """The cases behind one number of the matrix: all that came from `source` to one of `targets`."""
    sql, keys = _rolled(view, month)
    sources = ["WATCH", "NEW"] if source == "" else [source]
    sql += " SELECT id FROM rolled WHERE source = ANY(%(sources)s) AND target = ANY(%(targets)s)"
    return Case.objects.filter(id__in=_ids(sql, keys | {"sources": sources, "targets": list(targets)}))


def _rolled(view: View, month: date) -> tuple[str, dict[str, Any]]:
    mine, values = _cases_sql(view)
    following = month_after(month)
    return _ROLLED.format(mine=mine), values | {
        "start": _moment(month, view.zone), "after": _moment(following, view.zone), "first": month, "next": following,
    }  # fmt: skip


_CURES = """
WITH mine AS ({mine}),
ended AS (
    SELECT e.id, e.case_id, e.at, e.data ->> 'from_stage' AS stage,
           CASE WHEN e.kind = %(closed)s THEN 'paid' ELSE 'cure' END AS how
    FROM audit_event e JOIN mine ON mine.id = e.case_id
    WHERE e.agency_id = %(agency)s AND e.kind IN (%(closed)s, %(changed)s) AND e.at >= %(start)s AND e.at < %(after)s
      AND e.data ->> 'transition' IN ('cure', 'close_paid', 'close_settled')
      AND e.data ->> 'from_stage' = ANY(%(delay)s)),
timed AS (
    SELECT ended.*, (ended.at AT TIME ZONE %(zone)s)::date AS ended_on,
           coalesce((delayed.at AT TIME ZONE %(zone)s)::date, c.opened_on) AS delayed_on,
           coalesce((staged.at AT TIME ZONE %(zone)s)::date, c.opened_on) AS staged_on
    FROM ended JOIN cases_case c ON c.agency_id = %(agency)s AND c.id = ended.case_id
    LEFT JOIN LATERAL (
        SELECT e.at FROM audit_event e
        WHERE e.agency_id = %(agency)s AND e.case_id = ended.case_id AND e.kind = ANY(%(kinds)s)
          AND (e.at, e.id) < (ended.at, ended.id) AND e.data ->> 'stage' = ANY(%(delay)s)
          AND NOT e.data ->> 'from_stage' = ANY(%(delay)s)
        ORDER BY e.at DESC, e.id DESC LIMIT 1) delayed ON true
    LEFT JOIN LATERAL (
        SELECT e.at FROM audit_event e
        WHERE e.agency_id = %(agency)s AND e.case_id = ended.case_id AND e.kind = ANY(%(kinds)s)
          AND (e.at, e.id) < (ended.at, ended.id) AND e.data ->> 'stage' = ended.stage
        ORDER BY e.at DESC, e.id DESC LIMIT 1) staged ON true),
cures AS (
    SELECT case_id, how, stage, ended_on, ended_on - delayed_on AS days, ended_on - staged_on AS days_in_stage
    FROM timed)
"""


@dataclass(frozen=True)
class CureFigure:
    """How fast cases left delay from one stage in one month; `stage` "" stands for all stages."""

    month: date
    how: str
    stage: str
    cases: int
    median: Decimal
    median_in_stage: Decimal
    buckets: tuple[int, ...]
    """How many took as many days as the bucket of the same place in `BUCKETS`."""


@dataclass(frozen=True)
class Cure:
    """One case that left delay. `days` since it entered delay, `days_in_stage` since it entered `stage`."""

    case_id: int
    how: str
    stage: str
    ended_on: date
    days: int
    days_in_stage: int

    @property
    def stage_label(self) -> str:
        return str(Stage(self.stage).label)


def cure_figures(view: View, *, first: date, last: date) -> list[CureFigure]:
    """The figures of each month from `first` to `last` (first days of months), by how it ended and by stage."""
    sql, keys = _cures(view, first, month_after(last))
    buckets = ", ".join(f"count(*) FILTER (WHERE {_within(bucket)})" for bucket in BUCKETS)
    sql += f"""
        SELECT date_trunc('month', ended_on)::date AS month, how, coalesce(stage, ''), count(*),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY days),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY days_in_stage), ARRAY[{buckets}]
        FROM cures GROUP BY GROUPING SETS ((month, how, stage), (month, how))
        ORDER BY 1, 2, array_position(%(delay)s, stage)"""  # noqa: S608 (numbers of this module)
    return [
        CureFigure(month, how, stage, cases, _half(median), _half(in_stage), tuple(found))
        for month, how, stage, cases, median, in_stage, found in _rows(sql, keys)
    ]


def cures(view: View, month: date, *, how: str = "", stage: str = "", bucket: int | None = None) -> list[Cure]:
    """The cases behind one number of `cure_figures`, the slowest first."""
    sql, keys = _cures(view, month, month_after(month))
    sql += f"""
        SELECT case_id, how, stage, ended_on, days, days_in_stage FROM cures
        WHERE (%(how)s = '' OR how = %(how)s) AND (%(stage)s = '' OR stage = %(stage)s)
          AND {_within(BUCKETS[bucket]) if bucket is not None else "true"}
        ORDER BY days DESC, case_id"""  # noqa: S608 (numbers of this module)
    return [Cure(*row) for row in _rows(sql, keys | {"how": how, "stage": stage})]


def _cures(view: View, first: date, after: date) -> tuple[str, dict[str, Any]]:
    mine, values = _cases_sql(view)
    return _CURES.format(mine=mine), values | {
        "start": _moment(first, view.zone), "after": _moment(after, view.zone), "zone": view.zone, "closed": CLOSED,
        "changed": STAGE_CHANGED,
    }  # fmt: skip


def _within(bucket: tuple[int, int | None]) -> str:
    first, last = bucket
    return f"days >= {first}" + (f" AND days <= {last}" if last is not None else "")


def _half(days: float) -> Decimal:
    """Medians of whole days are whole or end in a half."""
    return Decimal(str(days)).quantize(Decimal("0.1"))


def bucket_label(bucket: tuple[int, int | None]) -> str:
    first, last = bucket
    return f"{first}–{last}" if last is not None else f"{first}+"


def last_day(month: date) -> date:
    return month_after(month) - timedelta(days=1)


def _cases_sql(view: View) -> tuple[str, dict[str, Any]]:
    """The cases of the view as SQL with named places, and what goes into them."""
    sql, values = named(view.cases().order_by().values("id"), "case")
    fixed = {
        "agency": current_agency_id(), "kinds": [STAGE_CHANGED, CLOSED, REOPENED],
        "delay": [stage.value for stage in DELAY],
    }  # fmt: skip
    return sql, fixed | values


def _rows(sql: str, keys: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, keys)
        return list(cursor.fetchall())


def _ids(sql: str, keys: dict[str, Any]) -> RawSQL:
    """The statement as a subquery; Django counts places, so the names are put in their order."""
    order: list[Any] = []

    class Places(dict[str, Any]):
        def __getitem__(self, name: str) -> str:
            order.append(keys[name])
            return "%s"

    return RawSQL(sql % Places(), order)  # noqa: S611 (values stay parameters)
