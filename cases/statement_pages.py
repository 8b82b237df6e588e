"""What the pages of bank statements show: counts, lines with their cases, the desk of open lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from cases.models import Case
from common.templatetags.trade import day, money
from ledger.models import BankStatement, StatementLine
from ledger.statements import reading
from ledger.statements.values import StatementNotUnderstood

State = StatementLine.State
TONES: dict[str, str] = {State.OPEN: "warn", State.BOOKED: "ok", State.IGNORED: "neutral", State.SPLIT: "neutral"}
SHOWN = (State.OPEN, State.BOOKED, State.IGNORED)
"""A split line is shown by its parts."""


def lines_of(statement: BankStatement) -> QuerySet[StatementLine]:
    return StatementLine.objects.filter(statement=statement).exclude(state=State.SPLIT)


def counts_of(statements: Iterable[BankStatement]) -> dict[int, dict[str, int]]:
    """Statement id -> state -> how many lines, by one query for the page."""
    counts: dict[int, dict[str, int]] = {statement.id: dict.fromkeys(SHOWN, 0) for statement in statements}
    rows = (
        StatementLine.objects.filter(statement_id__in=list(counts)).exclude(state=State.SPLIT)
        .values("statement_id", "state").annotate(n=Count("id")).order_by("statement_id", "state")
    )  # fmt: skip
    for row in rows:
        counts[row["statement_id"]][row["state"]] = row["n"]
    return counts


def cases_of(lines: Iterable[StatementLine]) -> dict[int, Case]:
    """Account id -> case, of the payments these lines became or took back."""
    accounts = {line.payment.account_id for line in lines if line.payment is not None}
    found = (
        Case.objects.filter(account_id__in=accounts)
        .select_related("debtor")
        .only("id", "contract_no", "account_id", "debtor__name")
    )
    return {case.account_id: case for case in found}


def with_cases(lines: Sequence[StatementLine]) -> list[dict[str, Any]]:
    cases = cases_of(lines)
    return [
        {"line": line, "tone": TONES[line.state], "case": cases.get(line.payment.account_id) if line.payment else None}
        for line in lines
    ]


@dataclass(frozen=True)
class Waiting:
    """What is open, by direction: how many lines, and sums by currency."""

    came_in: int = 0
    went_out: int = 0
    sums: list[tuple[str, Decimal]] = field(default_factory=list)


def waiting() -> Waiting:
    rows = (
        StatementLine.objects.filter(state=State.OPEN).values("currency")
        .annotate(
            came_in=Count("id", filter=Q(amount__gt=0)), went_out=Count("id", filter=Q(amount__lt=0)),
            sum=Sum("amount", filter=Q(amount__gt=0)),
        )
        .order_by("currency")
    )  # fmt: skip
    rows = list(rows)
    return Waiting(
        came_in=sum(row["came_in"] for row in rows), went_out=sum(row["went_out"] for row in rows),
        sums=[(row["currency"], row["sum"]) for row in rows if row["sum"]],
    )  # fmt: skip


def open_lines(show: str) -> QuerySet[StatementLine]:
    """The oldest day first, money that came in or that went out."""
    way = Q(amount__lt=0) if show == "out" else Q(amount__gt=0)
    lines: QuerySet[StatementLine] = StatementLine.objects.filter(way, state=State.OPEN)
    return lines.order_by("booked_on", "id")


def next_open(line: StatementLine) -> StatementLine | None:
    """The open line after this one, or the first when it was the last."""
    others = open_lines("out" if line.amount < 0 else "in").exclude(id=line.id)
    after = others.filter(Q(booked_on__gt=line.booked_on) | Q(booked_on=line.booked_on, id__gt=line.id))
    return after.first() or others.first()


def warning_sentences(statement: BankStatement) -> list[str]:
    """What was noticed, in the reader's language."""
    return [_sentence(code, values) for code, values in statement.warnings]


def _sentence(code: str, values: dict[str, Any]) -> str:
    if code == "gap":
        return _(
            "A statement is missing before this one: the last one closed on %(day)s with %(closing)s, this one opens"
            " with %(opening)s."
        ) % {
            "day": day(date.fromisoformat(values["on"])), "closing": money(Decimal(values["closing"])),
            "opening": money(Decimal(values["opening"])),
        }  # fmt: skip
    return _("Announced but not booked by the bank, so left out: %(count)s.") % values


def excerpt(content: bytes, line: int) -> list[tuple[int, str, bool]]:
    """The line a refusal names with its neighbours: number, text, whether it is the one."""
    if line < 1:
        return []
    try:
        text = reading.text_of(content)
    except StatementNotUnderstood:
        return []
    rows = text.split("\n")
    first = max(line - 2, 1)
    return [
        (number, rows[number - 1].strip("\r")[:200], number == line)
        for number in range(first, min(line + 2, len(rows)) + 1)
    ]
