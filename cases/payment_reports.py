"""Payments that creditors report: each line is booked once, or kept with the reason why not. Nothing is lost.

A line is known by the creditor's own number for it, or else by its whole content and how often that stood in the report
before it: two equal payments on one day are two, the same report sent again is none. Another payment under a number
that was used is kept for a person to look at.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from agencies.models import Membership
from audit import record
from cases import money, payment_matching
from cases.models import Case, ReportedPayment, Stage
from common.refusals import Refused
from ledger.models import Payment
from portfolios.models import Creditor

REPORTED = record.kind(
    "case.payments_reported", gettext_lazy("The creditor reported %(lines)s payments; %(booked)s were booked.")
)
REOPENED = record.kind(
    "case.reported_payment_reopened", gettext_lazy("A reported payment was taken back and waits to be booked again.")
)
BOUNCED = record.kind(
    "case.reported_payment_bounced", gettext_lazy("A reported payment was taken back by the payer's bank.")
)
DISMISSED = record.kind("case.reported_payment_dismissed", gettext_lazy("A reported payment was dismissed."))

State = ReportedPayment.State
MOST = 1000
"""Lines of one call of the API."""

WHY: dict[str, str | Lazy] = {
    "unknown_contract": gettext_lazy("No case has this contract number."),
    "case_closed": gettext_lazy("The case is closed."),
    "other_currency": gettext_lazy("The case is in another currency."),
    "payment_exceeds_balance": gettext_lazy("More than is owed."),
    "paid_in_the_future": gettext_lazy("The day has not come yet."),
    "looks_booked": gettext_lazy(
        "A payment of this sum near this day is booked already: book this one only when it is another."
    ),
    "taken_back": gettext_lazy("It was booked and taken back: on the wrong case."),
    "bounced": gettext_lazy("It was booked and taken back: the bank returned the money to the payer."),
    "amount_is_not_money": gettext_lazy("The amount is not above zero with at most two decimals."),
    "number_used": gettext_lazy("Another payment was reported under the same number before."),
}
"""Why a line is not booked, or not any more: code and sentence."""


class AlreadySettled(Refused):
    """It was booked or dismissed before."""


@dataclass(frozen=True)
class Line:
    """One reported payment. `own_id`: the creditor's number for it, "" when it gives none."""

    contract_no: str
    amount: Decimal
    currency: str
    received_on: date
    reference: str = ""
    own_id: str = ""


def report(
    creditor: Creditor, lines: Sequence[Line], *, via: str, by: Membership, now: datetime
) -> list[ReportedPayment]:
    """Book what can be booked and keep the rest as open, in the order of the lines.

    Each line is a transaction of its own, so a report that is cut off goes on where it stopped when it is sent again.
    """
    seen: Counter[bytes] = Counter()
    kept = []
    fresh = 0
    for line in lines:
        plain = _plain(line)
        seen[plain] += 1
        often = b"" if line.own_id else f"\x00{seen[plain]}".encode()
        digest = sha256(plain + often).digest()
        row, is_new = _keep(creditor, line, digest, via=via, by=by, now=now)
        fresh += is_new and row.state == State.BOOKED
        kept.append(row)
    record.record(REPORTED, by=by.user, at=now, lines=len(lines), booked=fresh, creditor=creditor.id)
    return kept


def book(row: ReportedPayment, *, by: Membership, now: datetime) -> ReportedPayment:
    """Try an open line again, after the case was opened or corrected. What is more than is owed stays open as a line
    of its own: it belongs to the debtor.

    Raises:
        AlreadySettled; the refusals of `cases.money` say why it still cannot be booked.
    """
    with transaction.atomic():
        fresh: ReportedPayment = ReportedPayment.objects.select_for_update(no_key=True).get(id=row.id)
        if fresh.state != State.OPEN:
            raise AlreadySettled(_("This line was already settled."))
        case, why = _case_of(fresh.creditor_id, fresh.contract_no, fresh.currency)
        if case is None:
            raise AlreadySettled(str(WHY[why]))
        if fresh.amount > case.account.balance > 0:
            _keep_rest(fresh, case)
        fresh.payment = _take(case, fresh, by=by, now=now)
        fresh.state, fresh.why, fresh.case = State.BOOKED, "", case
        fresh.settled_by, fresh.settled_at = by.user, now
        fresh.save(update_fields=["amount", "payment", "state", "why", "case", "settled_by", "settled_at"])
    return fresh


def taken_back(payment: Payment, *, bounced: bool, by: Actor, now: datetime) -> None:
    """Let the report of a reversed payment follow: open again, or closed when the money went back to the payer."""
    for row in ReportedPayment.objects.select_for_update(no_key=True).filter(payment=payment, state=State.BOOKED):
        row.state, row.why = (State.DISMISSED, "bounced") if bounced else (State.OPEN, "taken_back")
        row.payment = payment if bounced else None
        row.settled_by, row.settled_at = (user_of(by), now) if bounced else (None, None)
        row.save(update_fields=["state", "why", "payment", "settled_by", "settled_at"])
        record.record(
            BOUNCED if bounced else REOPENED, by=user_of(by), case_id=row.case_id, subject_id=row.id, at=now
        )  # fmt: skip


def dismiss(row: ReportedPayment, *, by: Membership, now: datetime) -> ReportedPayment:
    """A person says that an open line is not to be booked.

    Raises:
        AlreadySettled
    """
    with transaction.atomic():
        changed = ReportedPayment.objects.filter(id=row.id, state=State.OPEN).update(
            state=State.DISMISSED, settled_by=by.user, settled_at=now
        )
        if not changed:
            raise AlreadySettled(_("This line was already settled."))
        record.record(DISMISSED, by=by.user, case_id=row.case_id, subject_id=row.id, at=now)
    row.refresh_from_db()
    return row


def _keep_rest(row: ReportedPayment, case: Case) -> None:
    """Cut a line to what is owed and keep the rest as another, open; together they are what was reported."""
    rest = ReportedPayment.objects.get(id=row.id)
    rest.pk, rest._state.adding = None, True
    rest.digest = _rest_of(bytes(row.digest))
    rest.amount, row.amount = row.amount - case.account.balance, case.account.balance
    rest.why, rest.case = "payment_exceeds_balance", case
    rest.save(force_insert=True)


def _plain(line: Line) -> bytes:
    if line.own_id:
        return f"id:{line.own_id}".encode()
    return _content(line)


def _content(line: Line) -> bytes:
    parts = (line.contract_no, f"{line.amount:.2f}", line.currency, line.received_on.isoformat(), line.reference)
    return "\x1f".join(parts).encode()


def _is_another(known: ReportedPayment, line: Line) -> bool:
    """Whether a line tells of another payment than the one kept under its number, whole or cut to what was owed."""
    if (known.contract_no, known.currency, known.received_on) != (line.contract_no, line.currency, line.received_on):
        return True
    told, digest = known.amount, bytes(known.digest)
    while told < line.amount:
        digest = _rest_of(digest)
        rest = ReportedPayment.objects.filter(creditor=known.creditor_id, digest=digest).first()
        if rest is None:
            break
        told += rest.amount
    return bool(told != line.amount)


def _rest_of(digest: bytes) -> bytes:
    return sha256(digest + b"rest").digest()


def _keep(
    creditor: Creditor, line: Line, digest: bytes, *, via: str, by: Membership, now: datetime
) -> tuple[ReportedPayment, bool]:
    known = ReportedPayment.objects.filter(creditor=creditor, digest=digest).first()
    is_another = known is not None and bool(line.own_id) and _is_another(known, line)
    if is_another:
        digest = sha256(digest + _content(line)).digest()
        known = ReportedPayment.objects.filter(creditor=creditor, digest=digest).first()
    if known is not None:
        return known, False
    case, why = _case_of(creditor.id, line.contract_no, line.currency)
    row = ReportedPayment(
        creditor=creditor, digest=digest, contract_no=line.contract_no, amount=line.amount, currency=line.currency,
        received_on=line.received_on, reference=line.reference[:140], state=State.OPEN, why=why, case=case, via=via,
        reported_by=by.user, reported_at=now,
    )  # fmt: skip
    if is_another:
        case, row.why = None, "number_used"
    elif case is not None and _looks_booked(case, line):
        case, row.why = None, "looks_booked"
    try:
        with transaction.atomic():
            if case is not None:
                try:
                    with transaction.atomic():
                        row.payment = _take(case, row, by=by, now=now)
                        row.state = State.BOOKED
                except Refused as refusal:
                    row.why = refusal.code if refusal.code in WHY else "case_closed"
            row.save()
    except IntegrityError:
        return ReportedPayment.objects.get(creditor=creditor, digest=digest), False
    return row, True


def _looks_booked(case: Case, line: Line) -> bool:
    """Whether the money came from a bank or by hand before the creditor told of it; what it reported itself is known
    by its own number or content.
    """
    told = Exists(ReportedPayment.objects.filter(payment_id=OuterRef("id")))
    found = payment_matching.booked_before(case.account_id, amount=line.amount, received_on=line.received_on)
    return bool(found.filter(~told).exists())


def _case_of(creditor_id: int, contract_no: str, currency: str) -> tuple[Case | None, str]:
    """The case a line belongs to, or the code of the reason why there is none."""
    found = Case.objects.select_related("account", "mandate").filter(creditor_id=creditor_id, contract_no=contract_no)
    case: Case | None = found.first()
    if case is None:
        return None, "unknown_contract"
    if case.stage == Stage.CLOSED:
        return None, "case_closed"
    return (case, "") if case.currency == currency else (None, "other_currency")


def _take(case: Case, row: ReportedPayment, *, by: Membership, now: datetime) -> Payment:
    return money.take_payment(
        case, amount=row.amount, received_on=row.received_on, reference=row.reference, by=by, now=now,
        source=Payment.Source.CREDITOR,
    )  # fmt: skip
