"""What becomes of a line of a bank statement: booked on a case, taking a payment back, ignored, opened again.

Each verb locks the line first, so that two people, or a person and the machine, settle it once.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from agencies.scope import agency_scope
from audit import record
from cases import money, payment_matching, payment_reports
from cases.models import Case, ReportedPayment
from common.refusals import NotUnderstood, Refused
from ledger.models import IgnoreReason, Payment, StatementFile, StatementLine
from ledger.posting import check_amount

BOOKED = record.kind(
    "case.statement_line_booked",
    gettext_lazy("A bank statement line of %(amount)s %(currency)s was booked here."),
)
LINKED = record.kind(
    "case.statement_line_linked",
    gettext_lazy("A bank statement line of %(amount)s %(currency)s is the payment that was booked before it came."),
)
TAKEN_BACK = record.kind("case.statement_line_returned", gettext_lazy("The bank took %(amount)s %(currency)s back."))
IGNORED = record.kind(
    "case.statement_line_ignored",
    gettext_lazy("A bank statement line of %(amount)s %(currency)s was set aside: %(why)s."),
    why=IgnoreReason.choices,
)
REOPENED = record.kind(
    "case.statement_line_reopened",
    gettext_lazy("A bank statement line of %(amount)s %(currency)s was opened again."),
)

CHUNK = 100
"""Lines in one transaction: collectors wait for its cases no longer than that takes."""
State = StatementLine.State


class LineIsSettled(Refused):
    """Somebody, or the machine, was quicker."""


class LineIsNoPayment(Refused):
    """Money that went out is no payment; it may take one back."""


class LineIsInAnotherCurrency(Refused):
    """Nothing is converted here."""


class PartIsNotLess(NotUnderstood):
    """A part of a line is less than the line."""

    field = "amount"


class LineDoesNotFit(Refused):
    """The outgoing line is not of the payment's sum."""


class ReasonNotChosen(NotUnderstood):
    field = "reason"


class LineIsOpen(Refused):
    """There is nothing to undo."""


class ReturnStays(Refused):
    """A payment the bank took back is not put back by an undo."""


def book(
    line: StatementLine, case: Case, *, by: Actor, now: datetime, amount: Decimal | None = None,
    how: str = StatementLine.How.PERSON,
) -> Payment:  # fmt: skip
    """Book an incoming line on a case, whole or a part of it; the rest stays open as a line of its own.

    Raises:
        LineIsSettled, LineIsNoPayment, LineIsInAnotherCurrency, PartIsNotLess
        cases.money and ledger.posting refusals: the case is closed, more than is owed.
    """
    with transaction.atomic():
        own = _open(line)
        if own.amount <= 0:
            raise LineIsNoPayment(_("Money went out here: choose the payment it takes back, or set it aside."))
        if own.currency != case.currency:
            raise LineIsInAnotherCurrency(
                _(
                    "The line is in %(line)s and the debt in %(debt)s. Enter the payment on the case in its currency,"
                    " then choose it for this line."
                )
                % {"line": own.currency, "debt": case.currency}
            )
        if amount is not None and amount != own.amount:
            own = _part(own, amount, by=by, now=now)
        payment = money.take_payment(
            case, amount=own.amount, received_on=own.booked_on, by=by, now=now, source=Payment.Source.STATEMENT,
            reference=(own.text or own.end_to_end or own.name)[:140],
        )  # fmt: skip
        _settle(own, State.BOOKED, by=by, now=now, payment=payment, how=how)
        _tell(BOOKED, own, case, by=by, now=now)
    return payment


def link(line: StatementLine, payment: Payment, *, by: Actor, now: datetime) -> Payment:
    """Say that an incoming line is a payment known before it came; nothing is booked twice.

    A payment entered by hand stays as it is. One the creditor reported as its own receipt is taken back and booked
    anew, because the money is on this account: it must be paid over. Returns the payment the line is.

    Raises:
        LineIsSettled
        LineDoesNotFit: another sum, another time, or the payment has its line already.
    """
    with transaction.atomic():
        own = _open(line)
        case = _case_of(payment)
        known = payment_matching.known_payments(own, [payment.account_id]).get(payment.account_id, [])
        if own.amount <= 0 or payment.id not in {one.id for one in known}:
            raise LineDoesNotFit(_("This payment is of another sum or day, or another line is it already."))
        if payment.source == Payment.Source.CREDITOR and own.currency == payment.currency:
            payment = _received_here(own, case, payment, by=by, now=now)
        _settle(own, State.BOOKED, by=by, now=now, payment=payment, how=StatementLine.How.PERSON)
        _tell(LINKED, own, case, by=by, now=now)
    return payment


def _received_here(own: StatementLine, case: Case, reported: Payment, *, by: Actor, now: datetime) -> Payment:
    words = str(_("The money is on our account"))
    money.reverse_payment(case, reported, by=by, now=now, reason=words, bounced=False)
    payment = money.take_payment(
        case, amount=own.amount, received_on=min(reported.received_on, own.booked_on), by=by, now=now,
        source=Payment.Source.STATEMENT, reference=reported.reference,
    )  # fmt: skip
    ReportedPayment.objects.filter(payment=reported).update(payment=payment)
    return payment


def take_back(line: StatementLine, payment: Payment, *, by: Actor, now: datetime) -> None:
    """Reverse the payment an outgoing line takes back (bounced, recalled by the payer's bank). When it is one part of
    an incoming line of the sum, all parts are taken back, and the outgoing line is divided like it. A payment reversed
    on its case before only gets its line.

    Raises:
        LineIsSettled
        LineDoesNotFit: another sum, a part that still waits, or another line took it back.
    """
    with transaction.atomic():
        own = _open(line)
        if own.amount >= 0 or own.currency != payment.currency:
            raise LineDoesNotFit(str(_NOT_ITS_SUM))
        if own.amount == -payment.amount:
            _return(own, payment, by=by, now=now)
            return
        came_in = payment_matching.whole_of(payment, -own.amount)
        if came_in is None:
            raise LineDoesNotFit(str(_NOT_ITS_SUM))
        leaves = payment_matching.parts_of(came_in)
        if any(leaf.state == State.OPEN for leaf in leaves):
            raise LineDoesNotFit(_("A part of the line that came in is still open: settle it first."))
        parts = _divide(own, [-leaf.amount for leaf in leaves], by=by, now=now)
        for part, leaf in zip(parts, leaves, strict=True):
            if leaf.payment is not None:
                _return(part, leaf.payment, by=by, now=now)
            else:
                _settle(part, State.IGNORED, by=by, now=now, reason=leaf.reason)


_NOT_ITS_SUM = gettext_lazy("The line is not of the payment's sum: reverse the payment on its case instead.")


def _return(own: StatementLine, payment: Payment, *, by: Actor, now: datetime) -> None:
    case = _case_of(payment)
    if StatementLine.objects.filter(payment=payment, amount__lt=0).exists():
        raise LineDoesNotFit(_("Another line took this payment back."))
    if Payment.objects.filter(id=payment.id, reversed_at=None).exists():
        words = (own.text or own.code or own.end_to_end)[:140]
        money.reverse_payment(case, payment, by=by, now=now, reason=words, bounced=True)
        payment_reports.taken_back(payment, bounced=True, by=by, now=now)
    _settle(own, State.BOOKED, by=by, now=now, payment=payment, how=StatementLine.How.PERSON)
    _tell(TAKEN_BACK, own, case, by=by, now=now, amount=-own.amount)


def ignore(line: StatementLine, *, reason: str, by: Actor, now: datetime) -> None:
    """Set a line aside for a reason from the list.

    Raises:
        LineIsSettled, ReasonNotChosen
    """
    if reason not in IgnoreReason.values:
        raise ReasonNotChosen(_("Choose why the line is set aside."))
    with transaction.atomic():
        own = _open(line)
        _settle(own, State.IGNORED, by=by, now=now, reason=reason)
        _tell(IGNORED, own, None, by=by, now=now, why=reason)


def reopen(line: StatementLine, *, by: Actor, now: datetime, reason: str = "") -> None:
    """Undo: the payment a line became is reversed, one it was linked with stays; an ignored line is open again.

    Raises:
        LineIsOpen: open or split.
        ReturnStays: the line took a payment back.
    """
    with transaction.atomic():
        own = (
            StatementLine.objects.select_for_update(of=("self",))
            .select_related("payment__entry__account")
            .get(id=line.id)
        )
        if own.state in {State.OPEN, State.SPLIT}:
            raise LineIsOpen(_("This line is open already."))
        case = None
        if own.state == State.BOOKED:
            if own.amount < 0:
                raise ReturnStays(_("The bank took this payment back. Book it anew on its case if it came after all."))
            case = _case_of(own.payment)
            if own.payment.reversed_at is None and own.payment.source == Payment.Source.STATEMENT:
                words = reason or str(_("Matched to the wrong case"))
                money.reverse_payment(case, own.payment, by=by, now=now, reason=words, bounced=False)
                payment_reports.taken_back(own.payment, bounced=False, by=by, now=now)
        _settle(own, State.OPEN, by=by, now=now)
        _tell(REOPENED, own, case, by=by, now=now)


def release(line: StatementLine, *, by: Actor, now: datetime) -> None:
    """Open a booked line whose payment is being reversed on its case: the money is here and belongs elsewhere."""
    with transaction.atomic():
        own = StatementLine.objects.select_for_update(of=("self",)).select_related("payment").get(id=line.id)
        if own.state == State.BOOKED and own.amount > 0:
            case = _case_of(own.payment)
            _settle(own, State.OPEN, by=by, now=now)
            _tell(REOPENED, own, case, by=by, now=now)


def match_chunk(file: StatementFile, *, after_id: int, now: datetime) -> int | None:
    """Book what needs no asking among the next open lines of a file. Returns the last line looked at; None at the end,
    or when somebody else is at this file.

    Doing it again changes nothing: a booked line is not open any more.
    """
    mine = StatementFile.objects.select_for_update(no_key=True, skip_locked=True).filter(id=file.id)
    if not mine:
        return None
    lines = list(
        StatementLine.objects.filter(statement__file=file, state=State.OPEN, amount__gt=0, id__gt=after_id)
        .select_related("account")
        .order_by("id")[:CHUNK]
    )
    if not lines:
        StatementFile.objects.filter(id=file.id).update(state=StatementFile.State.MATCHED)
        return None
    named = payment_matching.named_in(lines)
    chosen = {line.id: payment_matching.only_answer(line, named.get(line.id, [])) for line in lines}
    for line in lines:
        case_id = chosen[line.id]
        if case_id is not None:
            case = Case.objects.select_related("account", "mandate", "agency").get(id=case_id)
            if not payment_matching.known_payments(line, [case.account_id]):
                _book_quietly(line, case, now=now)
    return lines[-1].id


def match_file(agency_id: int, file_id: int, *, now: datetime) -> None:
    """Match a whole file, each chunk in a transaction of its own, so that a lost worker loses one chunk's time."""
    last: int | None = 0
    while last is not None:
        with agency_scope(agency_id):
            last = match_chunk(StatementFile.objects.get(id=file_id), after_id=last, now=now)


def _book_quietly(line: StatementLine, case: Case, *, now: datetime) -> None:
    """A refusal (closed meanwhile, more than is owed, settled by somebody) leaves the line to a person."""
    try:
        book(line, case, by=None, now=now, how=StatementLine.How.AUTO)
    except Refused:
        return


def _open(line: StatementLine) -> StatementLine:
    own: StatementLine = StatementLine.objects.select_for_update().get(id=line.id)
    if own.state != State.OPEN:
        raise LineIsSettled(_("This line was settled meanwhile: %(state)s.") % {"state": own.get_state_display()})
    return own


def _part(line: StatementLine, amount: Decimal, *, by: Actor, now: datetime) -> StatementLine:
    """Split a line in two: a part of `amount`, which is returned, and the rest; together they are the line."""
    check_amount(amount)
    if amount >= line.amount:
        raise PartIsNotLess(_("Book at most the %(amount)s of the line.") % {"amount": line.amount})
    return _divide(line, [amount, line.amount - amount], by=by, now=now)[0]


def _divide(line: StatementLine, shares: Sequence[Decimal], *, by: Actor, now: datetime) -> list[StatementLine]:
    parts = []
    for ordinal, share in enumerate(shares, start=1):
        part = StatementLine.objects.get(id=line.id)
        part.pk, part._state.adding = None, True
        part.part_of, part.amount, part.ordinal = line, share, ordinal
        part.save(force_insert=True)
        parts.append(part)
    _settle(line, State.SPLIT, by=by, now=now)
    return parts


def _settle(
    line: StatementLine, state: str, *, by: Actor, now: datetime, payment: Payment | None = None, reason: str = "",
    how: str = "",
) -> None:  # fmt: skip
    line.state, line.payment, line.reason, line.how = state, payment, reason, how
    line.decided_by, line.decided_at = user_of(by), now
    line.save(update_fields=["state", "payment", "reason", "how", "decided_by", "decided_at"])


def _case_of(payment: Payment) -> Case:
    case: Case = Case.objects.select_related("account", "mandate", "agency").get(account_id=payment.account_id)
    return case


def _tell(
    kind: str, line: StatementLine, case: Case | None, *, by: Actor, now: datetime, amount: Decimal | None = None,
    **more: str,
) -> None:  # fmt: skip
    record.record(
        kind, by=user_of(by), case_id=case.id if case else None, subject_id=line.id, at=now,
        amount=str(abs(line.amount) if amount is None else amount), currency=line.currency, **more,
    )  # fmt: skip
