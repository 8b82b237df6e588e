"""Commission and remittance: the same payments the ledger holds, each on exactly one statement to the creditor.

A payment goes on the first statement after it was received; when it is reversed later, its reversal goes on the next.
The commission of each is the mandate's percentage, rounded half up to the cent. Money the creditor received itself
earns commission and is not paid over.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from agencies.models import Membership
from agencies.scope import current_agency_id
from audit import record
from cases.models import Remittance, RemittanceLine
from common import kept_files, pdf
from common.refusals import NotUnderstood, Refused
from common.spreadsheets import safe_cell
from common.templatetags.trade import day
from portfolios.models import Mandate

ISSUED = record.kind(
    "case.remittance_issued",
    gettext_lazy("Remittance statement %(number)s was issued: %(to_pay_over)s %(currency)s to pay over."),
)
PAID_OVER = record.kind("case.remittance_paid", gettext_lazy("Remittance statement %(number)s was paid over."))

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FROM = """
FROM ledger_payment p
JOIN cases_case c ON c.agency_id = p.agency_id AND c.account_id = p.account_id
LEFT JOIN cases_remittanceline paid
  ON paid.agency_id = p.agency_id AND paid.payment_id = p.id AND paid.kind = 'PAYMENT'
LEFT JOIN cases_remittanceline undone
  ON undone.agency_id = p.agency_id AND undone.payment_id = p.id AND undone.kind = 'REVERSAL',
LATERAL (SELECT CASE WHEN paid.id IS NULL THEN 'PAYMENT' ELSE 'REVERSAL' END AS kind) AS k
"""

_WAITS = """
((paid.id IS NULL AND p.reversed_at IS NULL AND p.received_on <= %(through)s)
 OR (paid.id IS NOT NULL AND p.reversed_at IS NOT NULL AND undone.id IS NULL))
"""
"""What belongs on the next statement: payments on none yet, and reversals of payments that stand on one."""

_ELIGIBLE = f"""
{_FROM}, LATERAL (SELECT CASE k.kind WHEN 'PAYMENT' THEN p.amount ELSE -p.amount END AS amount,
                CASE k.kind WHEN 'PAYMENT' THEN %(percent)s ELSE paid.percent END AS percent) AS a
WHERE p.agency_id = %(agency_id)s AND c.mandate_id = %(mandate_id)s AND p.currency = %(currency)s AND {_WAITS}
"""

_WAITING = f"""
SELECT c.mandate_id, p.currency, count(*), sum(CASE k.kind WHEN 'PAYMENT' THEN p.amount ELSE -p.amount END),
       min(p.received_on)
{_FROM} WHERE p.agency_id = %(agency_id)s AND {_WAITS}
GROUP BY c.mandate_id, p.currency ORDER BY min(p.received_on), c.mandate_id
"""

_COMMISSION = "(sign(a.amount) * round(abs(a.amount) * a.percent / 100, 2))"

_PREVIEW = f"""
SELECT p.id, c.id, c.contract_no, p.received_on, p.reference, k.kind, p.source = 'CREDITOR', a.amount, a.percent,
       {_COMMISSION}
{_ELIGIBLE} ORDER BY p.received_on, p.id LIMIT %(limit)s
"""

_TOTALS = f"""
SELECT count(*), coalesce(sum(a.amount) FILTER (WHERE p.source <> 'CREDITOR'), 0),
       coalesce(sum(a.amount) FILTER (WHERE p.source = 'CREDITOR'), 0), coalesce(sum({_COMMISSION}), 0)
{_ELIGIBLE}
"""

_WRITE = f"""
INSERT INTO cases_remittanceline (
    agency_id, remittance_id, payment_id, case_id, kind, direct, amount, percent, commission)
SELECT %(agency_id)s, %(remittance_id)s, p.id, c.id, k.kind, p.source = 'CREDITOR', a.amount, a.percent, {_COMMISSION}
{_ELIGIBLE} ORDER BY p.received_on, p.id
"""

_SUMS = """
SELECT count(*), coalesce(sum(amount) FILTER (WHERE NOT direct), 0), coalesce(sum(amount) FILTER (WHERE direct), 0),
       coalesce(sum(commission), 0)
FROM cases_remittanceline WHERE agency_id = %s AND remittance_id = %s
"""


class NothingToRemit(Refused):
    """No payment waits for a statement."""


class DayHasNotEnded(NotUnderstood):
    field = "through"


class AlreadyPaidOver(Refused):
    """It was marked as paid over before."""


@dataclass(frozen=True)
class Totals:
    """Sums of a statement in its currency."""

    payments: int
    collected: Decimal
    direct: Decimal
    commission: Decimal

    @property
    def to_pay_over(self) -> Decimal:
        return self.collected - self.commission


@dataclass(frozen=True)
class Row:
    """One line of a statement or of its preview."""

    payment_id: int
    case_id: int
    contract_no: str
    received_on: date
    reference: str
    kind: str
    direct: bool
    amount: Decimal
    percent: Decimal
    commission: Decimal

    @property
    def kind_label(self) -> str:
        return str(RemittanceLine.Kind(self.kind).label)


def waiting() -> list[tuple[int, str, int, Decimal, date]]:
    """What waits for a statement, by mandate id and currency: how many lines, their sum, the oldest day."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"agency_id": current_agency_id(), "through": date.max})
        return list(cursor.fetchall())


def preview(mandate: Mandate, *, currency: str, through: date, limit: int = 200) -> tuple[Totals, list[Row]]:
    """What a statement through that day would hold: its sums, and its first `limit` lines."""
    keys = _keys(mandate, currency, through)
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, keys)
        totals = Totals(*cursor.fetchone())
        cursor.execute(_PREVIEW, keys | {"limit": limit})
        return totals, [Row(*row) for row in cursor.fetchall()]


def issue(mandate: Mandate, *, currency: str, through: date, by: Membership, now: datetime) -> Remittance:
    """Issue the statement: number it, freeze its lines, keep its PDF and XLSX. One transaction.

    Raises:
        NothingToRemit: no payment waits.
        DayHasNotEnded: the day lies ahead; payments of it may still come.
    """
    if through > now.date():
        raise DayHasNotEnded(_("Choose a day that has come: payments of later days are not known yet."))
    keys = _keys(mandate, currency, through)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases.remittance'), %s::int)", [current_agency_id()])
        last = Remittance.objects.order_by("-number").values_list("number", flat=True).first() or 0
        remittance: Remittance = Remittance.objects.create(
            number=last + 1, creditor_id=mandate.creditor_id, mandate=mandate, currency=currency, through=through,
            payments=0, collected=0, direct=0, commission=0, to_pay_over=0, issued_by=by.user, issued_at=now,
        )  # fmt: skip
        cursor.execute(_WRITE, keys | {"remittance_id": remittance.id})
        if not cursor.rowcount:
            raise NothingToRemit(_("No payment waits for a statement."))
        cursor.execute(_SUMS, [current_agency_id(), remittance.id])
        totals = Totals(*cursor.fetchone())
        remittance.payments, remittance.collected, remittance.direct = totals.payments, totals.collected, totals.direct
        remittance.commission, remittance.to_pay_over = totals.commission, totals.to_pay_over
        _keep_files(remittance)
        remittance.save()
        record.record(
            ISSUED, by=by.user, subject_id=remittance.id, at=now, number=str(remittance), currency=currency,
            to_pay_over=str(remittance.to_pay_over),
        )  # fmt: skip
    return remittance


def mark_paid_over(remittance: Remittance, *, on: date, by: Membership, now: datetime) -> Remittance:
    """Record the day on which the sum was paid over.

    Raises:
        AlreadyPaidOver
    """
    with transaction.atomic():
        if not Remittance.objects.filter(id=remittance.id, paid_over_on=None).update(paid_over_on=on):
            raise AlreadyPaidOver(_("This statement was already paid over."))
        remittance.paid_over_on = on
        record.record(PAID_OVER, by=by.user, subject_id=remittance.id, at=now, number=str(remittance))
    return remittance


def rows_of(remittance: Remittance) -> list[Row]:
    lines = RemittanceLine.objects.filter(remittance=remittance).select_related("payment", "case").order_by("id")
    return [
        Row(
            line.payment_id, line.case_id, line.case.contract_no, line.payment.received_on, line.payment.reference,
            line.kind, line.direct, line.amount, line.percent, line.commission,
        )
        for line in lines
    ]  # fmt: skip


def _keep_files(remittance: Remittance) -> None:
    language = remittance.agency.language
    rows = rows_of(remittance)
    printed = pdf.document(
        "documents/remittance.html", {"remittance": remittance, "rows": rows, "agency": remittance.agency},
        language=language,
    )  # fmt: skip
    kept = kept_files.keep(printed.pdf, agency_id=remittance.agency_id, folder="remittances", suffix=".pdf")
    remittance.pdf_path, remittance.pdf_sha256 = kept.path, kept.sha256
    with translation.override(language):
        table = _xlsx(remittance, rows)
    kept = kept_files.keep(table, agency_id=remittance.agency_id, folder="remittances", suffix=".xlsx")
    remittance.xlsx_path, remittance.xlsx_sha256 = kept.path, kept.sha256


def _xlsx(remittance: Remittance, rows: Sequence[Row]) -> bytes:
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(title=str(remittance).replace("/", "-"))
    sheet.append([_("Remittance statement"), str(remittance)])
    sheet.append([_("Creditor"), safe_cell(remittance.creditor.name)])
    sheet.append([_("Through"), day(remittance.through)])
    sheet.append([])
    sheet.append(
        [
            _("Contract"), _("Received on"), _("Reference"), _("Kind"), _("Received by"), _("Amount"), _("Currency"),
            _("Commission, %"), _("Commission"),
        ]
    )  # fmt: skip
    for row in rows:
        sheet.append(
            [
                safe_cell(row.contract_no), row.received_on, safe_cell(row.reference), row.kind_label,
                _("the creditor") if row.direct else _("the agency"), row.amount, remittance.currency, row.percent,
                row.commission,
            ]
        )  # fmt: skip
    sheet.append([])
    for label, amount in (
        (_("Collected by the agency"), remittance.collected), (_("Paid to the creditor directly"), remittance.direct),
        (_("Commission"), remittance.commission), (_("To pay over"), remittance.to_pay_over),
    ):  # fmt: skip
        sheet.append([label, None, None, None, None, amount, remittance.currency])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _keys(mandate: Mandate, currency: str, through: date) -> dict[str, Any]:
    return {
        "agency_id": current_agency_id(), "mandate_id": mandate.id, "currency": currency, "through": through,
        "percent": mandate.commission_percent,
    }  # fmt: skip
