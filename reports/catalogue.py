"""The columns a creditor's report may have, and the one statement that fills them.

Columns say where a case stands and what came of it, never how or by whom it is worked. Stage and balance are those of
the moment at which the report is made; payments, contacts, promises and visits are those of the period.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext_lazy as _

from agencies.scope import current_agency_id
from cases.models import CloseReason, Stage
from common.charts import Text
from reports.models.tailored import ReportDefinition, WhichCases

Cell = str | int | Decimal | date | None


@dataclass(frozen=True)
class Column:
    """`kind`: text, day, number or money. `sums`: it is added up where cases are grouped."""

    code: str
    label: Text
    sql: str
    kind: str = "text"
    sums: bool = False


CATALOGUE: dict[str, Column] = {
    column.code: column
    for column in (
        Column("contract", _("Contract"), "c.contract_no"),
        Column("debtor", _("Debtor"), "d.name"),
        Column("portfolio", _("Portfolio"), "f.name"),
        Column("branch", _("Branch"), "c.branch"),
        Column("product", _("Product"), "c.product"),
        Column("stage", _("Stage"), "c.stage"),
        Column("close_reason", _("Why it was closed"), "c.close_reason"),
        Column("opened_on", _("Taken over on"), "c.opened_on", "day"),
        Column("closed_on", _("Closed on"), "c.closed_on", "day"),
        Column("dpd", _("Days past due"), "CASE WHEN c.stage = 'CLOSED' THEN 0 ELSE"
               " greatest(coalesce(%(today)s::date - c.oldest_due_on, 0), 0) END", "number"),
        Column("balance", _("Balance"), "c.balance", "money", sums=True),
        Column("overdue", _("Past due"), "c.overdue", "money", sums=True),
        Column("paid", _("Paid in the period"), "coalesce(paid.amount, 0)", "money", sums=True),
        Column("payments", _("Payments in the period"), "coalesce(paid.n, 0)", "number", sums=True),
        Column("last_paid_on", _("Last payment in the period"), "paid.last_on", "day"),
        Column("paid_ever", _("Paid since taken over"), "a.paid", "money", sums=True),
        Column("contacts", _("Contacts in the period"), "coalesce(touched.n, 0)", "number", sums=True),
        Column("conversations", _("Conversations in the period"), "coalesce(touched.spoke, 0)", "number", sums=True),
        Column("promises", _("Promises due in the period"), "coalesce(promised.n, 0)", "number", sums=True),
        Column("promises_kept", _("Promises kept of those"), "coalesce(promised.kept, 0)", "number", sums=True),
        Column("visits", _("Visits in the period"), "coalesce(visited.n, 0)", "number", sums=True),
    )
}  # fmt: skip
CURRENCY = Column("currency", _("Currency"), "c.currency")
CASES = Column("cases", _("Cases"), "1", "number", sums=True)
_WORDS: dict[str, dict[str, Any]] = {"stage": dict(Stage.choices), "close_reason": dict(CloseReason.choices)}

_FROM = """
WITH paid AS (
    SELECT account_id, sum(amount) AS amount, count(*) AS n, max(received_on) AS last_on FROM ledger_payment
    WHERE agency_id = %(agency)s AND received_on BETWEEN %(first)s AND %(last)s AND reversed_at IS NULL
    GROUP BY account_id),
touched AS (
    SELECT case_id, count(*) AS n, count(*) FILTER (WHERE kind = 'CONVERSATION') AS spoke FROM contacts_contact
    WHERE agency_id = %(agency)s AND at >= %(start)s AND at < %(after)s GROUP BY case_id),
promised AS (
    SELECT case_id, count(*) AS n, count(*) FILTER (WHERE state = 'KEPT') AS kept FROM cases_promise
    WHERE agency_id = %(agency)s AND due_on BETWEEN %(first)s AND %(last)s AND state IN ('ACTIVE', 'KEPT', 'BROKEN')
    GROUP BY case_id),
visited AS (
    SELECT case_id, count(*) AS n FROM field_visit
    WHERE agency_id = %(agency)s AND started_at >= %(start)s AND started_at < %(after)s GROUP BY case_id)
SELECT {columns}
FROM cases_case c
JOIN debtors_debtor d ON d.agency_id = c.agency_id AND d.id = c.debtor_id
JOIN portfolios_portfolio f ON f.agency_id = c.agency_id AND f.id = c.portfolio_id
JOIN ledger_account a ON a.agency_id = c.agency_id AND a.id = c.account_id
LEFT JOIN paid ON paid.account_id = c.account_id
LEFT JOIN touched ON touched.case_id = c.id
LEFT JOIN promised ON promised.case_id = c.id
LEFT JOIN visited ON visited.case_id = c.id
WHERE c.agency_id = %(agency)s AND c.creditor_id = %(creditor)s AND c.opened_on <= %(last)s{narrowed}
"""
_WHICH = {
    WhichCases.ALL: "", WhichCases.OPEN: " AND c.stage <> 'CLOSED'",
    WhichCases.PAID: " AND paid.n > 0", WhichCases.CLOSED: " AND c.closed_on BETWEEN %(first)s AND %(last)s",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """Columns and rows of a report; `total` counts the rows that there are, which a preview does not show in full."""

    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]]
    total: int

    @property
    def header(self) -> list[Text]:
        return [column.label for column in self.columns]


def columns_of(definition: ReportDefinition) -> tuple[Column, ...]:
    """The chosen columns in the order of the catalogue; grouped, the group with what can be added up."""
    chosen = [column for code, column in CATALOGUE.items() if code in definition.columns]
    if definition.group_by:
        chosen = [CATALOGUE[definition.group_by], CASES, *(column for column in chosen if column.sums)]
    if any(column.kind == "money" for column in chosen):
        first = next(n for n, column in enumerate(chosen) if column.kind == "money")
        chosen.insert(first, CURRENCY)
    return tuple(chosen)


def table(
    definition: ReportDefinition, *, first: date, last: date, today: date, zone: str, limit: int | None = None
) -> Table:
    """The report of the days from `first` to `last`, in the language that is active; `limit` for a preview."""
    columns = columns_of(definition)
    sql, keys = _statement(definition, columns)
    keys |= {"first": first, "last": last, "today": today, "start": _moment(first, zone),
             "after": _moment(last + timedelta(days=1), zone)}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) counted", keys)  # noqa: S608 (built from the catalogue alone)
        total = int(cursor.fetchone()[0])
        cursor.execute(sql + (" LIMIT %(limit)s" if limit is not None else ""), keys | {"limit": limit})
        rows = [_spoken(columns, row) for row in cursor.fetchall()]
    return Table(columns, rows, total)


def _statement(definition: ReportDefinition, columns: Sequence[Column]) -> tuple[str, dict[str, Any]]:
    narrowed = _WHICH[WhichCases(definition.which)]
    keys: dict[str, Any] = {"agency": current_agency_id(), "creditor": definition.creditor_id}
    if definition.portfolio_id:
        narrowed, keys["portfolio"] = narrowed + " AND c.portfolio_id = %(portfolio)s", definition.portfolio_id
    if definition.stage:
        narrowed, keys["stage"] = narrowed + " AND c.stage = %(stage)s", definition.stage
    grouped = bool(definition.group_by)
    shown = ", ".join(f"sum({column.sql})" if grouped and column.sums else column.sql for column in columns)
    sql = _FROM.format(columns=shown, narrowed=narrowed)
    if not grouped:
        return sql + "ORDER BY c.contract_no, c.id", keys
    keys_of = ", ".join(column.sql for column in columns if not column.sums)
    return sql + f"GROUP BY {keys_of} ORDER BY {keys_of}", keys


def _spoken(columns: Iterable[Column], row: Sequence[Any]) -> tuple[Cell, ...]:
    """Codes as words of the active language."""
    return tuple(
        str(_WORDS[column.code].get(value, "")) if column.code in _WORDS else value
        for column, value in zip(columns, row, strict=True)
    )


def _moment(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))


def choices() -> list[tuple[str, Text]]:
    """The catalogue for a form."""
    return [(column.code, column.label) for column in CATALOGUE.values()]
