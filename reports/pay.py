"""Pay: a fixed salary and a share of the money a person brought in, on a statement for each month (S001-17).

A payment stands on the first statement of the person it is credited to (`reports.attribution`) after the debtor paid,
with the percentage of the rule in force that day. When it is reversed later, the next statement takes its share off.
Shares are rounded half up to the cent, each in the payment's own currency: sums are never added across currencies.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Membership
from agencies.scope import current_agency_id
from audit import record
from common.refusals import NotUnderstood, Refused
from ledger.models import Payment
from reports.attribution import credited
from reports.figures import Sums
from reports.models.pay import PayLine, PayRule, PayStatement
from reports.models.targets import Period
from reports.sql import named

RULE_SET = record.kind("report.pay_rule_set", gettext_lazy("What a person earns was set from %(valid_from)s on."))
ISSUED = record.kind("report.pay_issued", gettext_lazy("A pay statement for the month from %(month)s was issued."))

SHOWN = 200
"""Lines of a preview; the statement has them all."""


class MonthIsShut(Refused):
    """A statement of the month or of a later one was issued."""

    field = "valid_from"


class OutOfBounds(NotUnderstood):
    """A salary below zero, or a percentage beyond 0 to 100."""

    field = "percent"


class MonthNotOver(Refused):
    """Payments may still come."""


class NoRule(Refused):
    """Nobody said what the person earns."""


class AlreadyIssued(Refused):
    """Each person gets one statement a month."""


@dataclass(frozen=True)
class Line:
    """The share of one payment; negative for a reversal."""

    member_id: int
    payment_id: int
    case_id: int
    contract_no: str
    received_on: date
    kind: str
    currency: str
    amount: Decimal
    percent: Decimal
    share: Decimal

    @property
    def kind_label(self) -> str:
        return str(PayLine.Kind(self.kind).label)


@dataclass
class Earned:
    """What a person earned in a month: salary and shares by currency."""

    rule: PayRule
    lines: int
    recovered: Sums
    shares: Sums

    @property
    def total(self) -> Sums:
        return _with_salary(self.shares, self.rule)


_OPEN = """
WITH paid AS ({paid}),
open AS (
    SELECT paid.credited_to AS member_id, paid.id AS payment_id, c.id AS case_id, c.contract_no, paid.received_on,
           'PAYMENT' AS kind, paid.currency, paid.amount, rule.percent
    FROM paid JOIN cases_case c ON c.agency_id = %(agency)s AND c.account_id = paid.account_id
    JOIN LATERAL (
        SELECT r.percent FROM reports_payrule r
        WHERE r.agency_id = %(agency)s AND r.member_id = paid.credited_to AND r.valid_from <= paid.received_on
        ORDER BY r.valid_from DESC LIMIT 1) rule ON true
    LEFT JOIN reports_payline l ON l.agency_id = %(agency)s AND l.payment_id = paid.id AND l.kind = 'PAYMENT'
    WHERE l.id IS NULL
    UNION ALL
    SELECT s.member_id, l.payment_id, l.case_id, c.contract_no, p.received_on, 'REVERSAL', l.currency, -l.amount,
           l.percent
    FROM reports_payline l
    JOIN reports_paystatement s ON s.agency_id = l.agency_id AND s.id = l.statement_id
    JOIN ledger_payment p ON p.agency_id = l.agency_id AND p.id = l.payment_id AND p.reversed_at IS NOT NULL
    JOIN cases_case c ON c.agency_id = l.agency_id AND c.id = l.case_id
    LEFT JOIN reports_payline u ON u.agency_id = l.agency_id AND u.payment_id = l.payment_id AND u.kind = 'REVERSAL'
    WHERE l.agency_id = %(agency)s AND l.kind = 'PAYMENT' AND u.id IS NULL),
shared AS (SELECT *, sign(amount) * round(abs(amount) * percent / 100, 2) AS share FROM open)
"""


def set_rule(
    member: Membership, *, valid_from: date, currency: str, salary: Decimal, percent: Decimal, by: Membership,
    now: datetime,
) -> PayRule:  # fmt: skip
    """Say what a person earns from a month on; a rule of the same month is replaced.

    `valid_from`: any day of the month.

    Raises:
        MonthIsShut: a statement of that month or of a later one was issued.
        OutOfBounds
    """
    if salary < 0 or not 0 <= percent <= 100:
        raise OutOfBounds(_("A salary is not below zero, and a share lies between 0 and 100 per cent."))
    first = Period.MONTH.begin(valid_from)
    if PayStatement.objects.filter(member=member, month__gte=first).exists():
        raise MonthIsShut(_("A statement of this month or of a later one was issued. Choose a month after it."))
    values = {"currency": currency, "salary": salary, "percent": percent, "set_by": by.user, "set_at": now}
    with transaction.atomic():
        rule: PayRule
        rule, _new = PayRule.objects.update_or_create(member=member, valid_from=first, defaults=values)
        record.record(RULE_SET, by=by.user, subject_id=rule.id, at=now, valid_from=first.isoformat())
    return rule


def rules_in_force(month: date) -> dict[int, PayRule]:
    """The rule of each person in that month, by membership."""
    rules = PayRule.objects.filter(valid_from__lte=month).select_related("member__user", "member__team")
    return {rule.member_id: rule for rule in rules.order_by("member_id", "valid_from")}


def earned(month: date) -> dict[int, Earned]:
    """What everybody with a rule earned in the month and stands on no statement yet, by membership."""
    sql, keys = _open(month)
    sql += " SELECT member_id, currency, count(*), sum(amount), sum(share) FROM shared GROUP BY member_id, currency"
    found = {member_id: Earned(rule, 0, {}, {}) for member_id, rule in rules_in_force(month).items()}
    with connection.cursor() as cursor:
        cursor.execute(sql, keys)
        for member_id, currency, count, amount, share in cursor.fetchall():
            if one := found.get(member_id):
                one.lines += count
                one.recovered[currency], one.shares[currency] = amount, share
    return found


def preview(member: Membership, month: date) -> list[Line]:
    """The first lines that a statement of the month would have."""
    sql, keys = _open(month)
    sql += (
        " SELECT member_id, payment_id, case_id, contract_no, received_on, kind, currency, amount, percent, share"
        " FROM shared WHERE member_id = %(member)s ORDER BY received_on, payment_id, kind LIMIT %(shown)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, keys | {"member": member.id, "shown": SHOWN})
        return [Line(*row) for row in cursor.fetchall()]


def issue(member: Membership, *, month: date, by: Membership, as_of: date, now: datetime) -> PayStatement:
    """Issue the statement of a month that is over; it and its lines never change afterwards.

    Raises:
        MonthNotOver, NoRule
        AlreadyIssued: of this month or of a later one, which holds this month's payments already.
    """
    if Period.MONTH.end(month) >= as_of:
        raise MonthNotOver(_("The month is not over yet: payments may still come."))
    rule = rules_in_force(month).get(member.id)
    if rule is None:
        raise NoRule(_("Say first what this person earns in that month."))
    sql, keys = _open(month)
    sql += (
        " INSERT INTO reports_payline (agency_id, statement_id, payment_id, case_id, kind, currency, amount, percent,"
        " share) SELECT %(agency)s, %(statement)s, payment_id, case_id, kind, currency, amount, percent, share"
        " FROM shared WHERE member_id = %(member)s ORDER BY received_on, payment_id, kind"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reports.pay'), %s::int)", [current_agency_id()])
        if PayStatement.objects.filter(member=member, month__gte=month).exists():
            raise AlreadyIssued(_("The statement of this month, or of a later one, was issued already."))
        statement: PayStatement = PayStatement.objects.create(
            member=member, month=month, currency=rule.currency, salary=rule.salary, issued_by=by.user, issued_at=now
        )
        cursor.execute(sql, keys | {"statement": statement.id, "member": member.id})
        record.record(ISSUED, by=by.user, subject_id=statement.id, at=now, month=month.isoformat())
    return statement


def lines_of(statement: PayStatement) -> list[Line]:
    rows = PayLine.objects.filter(statement=statement).select_related("payment", "case").order_by("id")
    return [
        Line(
            statement.member_id, row.payment_id, row.case_id, row.case.contract_no, row.payment.received_on, row.kind,
            row.currency, row.amount, row.percent, row.share,
        )
        for row in rows
    ]  # fmt: skip


def total_of(statement: PayStatement, lines: list[Line]) -> Sums:
    """Salary and shares by currency."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line.currency] += line.share
    return _with_salary(sums, statement)


def _open(month: date) -> tuple[str, dict[str, Any]]:
    """The lines of everybody that stand on no statement and belong to this month or to one before."""
    payments = credited(
        Payment.objects.filter(received_on__lte=Period.MONTH.end(month), reversed_at=None), zone=_zone()
    ).order_by()
    first = PayRule.objects.order_by("valid_from").values_list("valid_from", flat=True).first()
    payments = payments.filter(received_on__gte=first or month)
    sql, values = named(
        payments.values("id", "account_id", "received_on", "amount", "currency", "credited_to"), "paid"
    )  # fmt: skip
    return _OPEN.format(paid=sql), values | {"agency": current_agency_id()}


def summed(statements: Sequence[PayStatement]) -> list[dict[str, Any]]:
    """Each statement with the number of its lines, and its sums by currency."""
    rows = PayLine.objects.filter(statement__in=statements).order_by().values("statement_id", "currency")
    found: dict[int, dict[str, tuple[int, Decimal]]] = defaultdict(dict)
    for row in rows.annotate(n=Count("id"), total=Sum("share")):
        found[row["statement_id"]][row["currency"]] = (row["n"], row["total"])
    return [
        {
            "statement": one, "lines": sum(n for n, _sum in found[one.id].values()),
            "total": _with_salary({currency: share for currency, (_n, share) in found[one.id].items()}, one),
        }
        for one in statements
    ]  # fmt: skip


def _with_salary(shares: Sums, paid: PayRule | PayStatement) -> Sums:
    sums = {**shares, paid.currency: shares.get(paid.currency, Decimal(0)) + paid.salary}
    return dict(sorted(sums.items()))


def _zone() -> str:
    return str(Agency.objects.values_list("time_zone", flat=True).get(id=current_agency_id()))
