"""The only door through which money moves: balanced entries, added and reversed, never edited.

Each function writes one entry with its lines, the account's cached balances and one event, in one transaction. The
account's row is locked first, so two payments at once are taken one after the other.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from audit import record
from common.refusals import NotUnderstood, Refused
from ledger.allocation import DEFAULT_ORDER, ZERO, allocate
from ledger.models import DEBT_BUCKETS, Account, Bucket, Due, Entry, EntryKind, Line, Payment

ACCOUNT_OPENED = record.kind("ledger.account_opened", gettext_lazy("Debt of %(amount)s %(currency)s was taken over."))
PAYMENT_POSTED = record.kind("ledger.payment_posted", gettext_lazy("Payment of %(amount)s %(currency)s was booked."))
ENTRY_REVERSED = record.kind("ledger.entry_reversed", gettext_lazy("Booking of %(amount)s %(currency)s was reversed."))
COST_POSTED = record.kind(
    "ledger.cost_posted", gettext_lazy("Costs of %(amount)s %(currency)s were charged to the debt.")
)
WAIVED = record.kind("ledger.waived", gettext_lazy("%(amount)s %(currency)s was waived."))

CENT = Decimal("0.01")
TOO_MUCH = Decimal(10) ** 12
"""Amounts are kept with twelve digits before the point."""


class AmountIsNotMoney(NotUnderstood):
    """Not positive, finer than a cent, or more than the books can hold."""

    field = "amount"


class PaymentExceedsBalance(Refused):
    """More than is owed: the rest belongs to the debtor, so it is not taken."""

    field = "amount"


class PaidInTheFuture(NotUnderstood):
    field = "received_on"


class IncurredInTheFuture(NotUnderstood):
    field = "incurred_on"


class NothingToReverse(Refused):
    """The entry is itself a reversal, was reversed before, or opened the account."""


class CostsWerePaid(Refused):
    """What was paid is not taken back as a mistake of ours alone."""


class WaiverExceedsBucket(Refused):
    field = "amount"


def open_account(
    *,
    currency: str,
    debt: Mapping[Bucket, Decimal],
    dues: Mapping[date, Decimal],
    opened_on: date,
    by: Actor,
    now: datetime,
    case_id: int | None = None,
) -> Account:
    """Open the account of one case with what is owed per bucket and what falls due on which day.

    Raises:
        AmountIsNotMoney: a part is negative or finer than a cent, or nothing is owed at all.
    """
    parts = {bucket: amount for bucket, amount in debt.items() if amount != ZERO}
    for amount in (*parts.values(), *dues.values()):
        check_amount(amount)
    total = sum(parts.values(), ZERO)
    check_amount(total)
    with transaction.atomic():
        account: Account = Account.objects.create(
            currency=currency,
            opened_on=opened_on,
            balance=total,
            **{bucket.lower(): amount for bucket, amount in parts.items()},
        )
        entry = _write(
            account, EntryKind.OPENING, {**parts, Bucket.OPENING: -total}, value_on=opened_on, by=by, now=now
        )
        Due.objects.bulk_create(
            [Due(account=account, due_on=due_on, amount=amount) for due_on, amount in sorted(dues.items())]
        )
        _tell(ACCOUNT_OPENED, account, entry, total, by=by, now=now, case_id=case_id)
    return account


def post_payment(
    account: Account,
    *,
    amount: Decimal,
    received_on: date,
    source: str,
    by: Actor,
    now: datetime,
    reference: str = "",
    order: Sequence[Bucket] = DEFAULT_ORDER,
    case_id: int | None = None,
) -> Payment:
    """Book money received over the parts of the debt in `order`. `account` is reloaded with its new balances.

    Raises:
        AmountIsNotMoney: `amount` is not positive or finer than a cent.
        PaymentExceedsBalance: more than is owed; the sentence says how much is.
        PaidInTheFuture: `received_on` lies more than a day ahead of `now`.
    """
    check_amount(amount)
    if (received_on - now.date()).days > 1:
        raise PaidInTheFuture(_("A payment cannot have been received on a day that has not come yet."))
    with transaction.atomic():
        _lock(account)
        if amount > account.balance:
            raise PaymentExceedsBalance(
                _("Only %(balance)s %(currency)s is owed, so no more than that can be booked.")
                % {"balance": account.balance, "currency": account.currency},
                balance=str(account.balance),
            )
        parts = allocate(amount, owed_of(account), order=order)
        lines = {bucket: -part for bucket, part in parts.items()} | {Bucket.CASH: amount}
        entry = _write(account, EntryKind.PAYMENT, lines, value_on=received_on, by=by, now=now, reference=reference)
        payment: Payment = Payment.objects.create(
            account=account, entry=entry, received_on=received_on, amount=amount, currency=account.currency,
            source=source, reference=reference, entered_by=user_of(by),
        )  # fmt: skip
        _shift(account, lines)
        _tell(
            PAYMENT_POSTED, account, entry, amount, by=by, now=now, case_id=case_id, received_on=received_on.isoformat()
        )
    return payment


def reverse(
    entry: Entry, *, by: Actor, now: datetime, reason: str, case_id: int | None = None, bounced: bool | None = None
) -> Entry:
    """Undo a payment or waiver by an opposite entry of today; the payment is marked as reversed, and as `bounced`.

    Raises:
        NothingToReverse: the entry opened the account, adjusts it, is a reversal, or was reversed already.
    """
    if entry.kind not in {EntryKind.PAYMENT, EntryKind.WAIVER}:
        raise NothingToReverse(_("Only payments and waivers can be reversed."))
    with transaction.atomic():
        account = entry.account
        _lock(account)
        if Entry.objects.filter(reverses=entry).exists():
            raise NothingToReverse(_("This booking was reversed already."))
        lines = {Bucket(line.bucket): -line.amount for line in Line.objects.filter(entry=entry)}
        reversal = _write(
            account,
            EntryKind.REVERSAL,
            lines,
            value_on=now.date(),
            by=by,
            now=now,
            reference=reason[:140],
            reverses=entry,
        )
        Payment.objects.filter(entry=entry).update(reversed_at=now, bounced=bounced)
        _shift(account, lines)
        amount = sum((lines.get(bucket, ZERO) for bucket in DEBT_BUCKETS), ZERO)
        _tell(ENTRY_REVERSED, account, reversal, amount, by=by, now=now, case_id=case_id)
    return reversal


def waive(
    account: Account,
    *,
    bucket: Bucket,
    amount: Decimal,
    by: Actor,
    now: datetime,
    reason: str,
    case_id: int | None = None,
) -> Entry:
    """Forgive a part of one bucket, for example penalties in a settlement.

    Raises:
        WaiverExceedsBucket: the bucket holds less than `amount`.
    """
    check_amount(amount)
    with transaction.atomic():
        _lock(account)
        if amount > owed_of(account).get(bucket, ZERO):
            raise WaiverExceedsBucket(_("More cannot be waived than is owed in this part of the debt."))
        lines = {bucket: -amount, Bucket.WAIVED: amount}
        entry = _write(account, EntryKind.WAIVER, lines, value_on=now.date(), by=by, now=now, reference=reason[:140])
        _shift(account, lines)
        _tell(WAIVED, account, entry, amount, by=by, now=now, case_id=case_id)
    return entry


def post_cost(
    account: Account,
    *,
    amount: Decimal,
    incurred_on: date,
    by: Actor,
    now: datetime,
    reference: str,
    case_id: int | None = None,
) -> Entry:
    """Charge costs of recovery, such as a court fee, to the debt. They are due from the day they were incurred.

    Raises:
        AmountIsNotMoney: `amount` is not positive, finer than a cent, or raises the debt above what is kept.
        IncurredInTheFuture: `incurred_on` lies more than a day ahead of `now`.
    """
    check_amount(amount)
    if (incurred_on - now.date()).days > 1:
        raise IncurredInTheFuture(_("Costs cannot have arisen on a day that has not come yet."))
    with transaction.atomic():
        _lock(account)
        if account.balance + amount >= TOO_MUCH:
            raise AmountIsNotMoney(_("The debt would become larger than the books can hold."))
        lines = {Bucket.COSTS: amount, Bucket.INCURRED: -amount}
        entry = _write(
            account, EntryKind.COST, lines, value_on=incurred_on, by=by, now=now, reference=reference[:140]
        )  # fmt: skip
        Due.objects.create(account=account, due_on=incurred_on, amount=amount)
        _shift(account, lines)
        _tell(COST_POSTED, account, entry, amount, by=by, now=now, case_id=case_id, incurred_on=incurred_on.isoformat())
    return entry


def reverse_cost(entry: Entry, *, by: Actor, now: datetime, reason: str, case_id: int | None = None) -> Entry:
    """Undo costs by an opposite entry of today, and the due they made: older dues stay as open as they were.

    Raises:
        NothingToReverse: the entry charged no costs, or was reversed already.
        CostsWerePaid: less of the costs is open than is to be taken back.
    """
    if entry.kind != EntryKind.COST:
        raise NothingToReverse(_("Only costs are taken back here."))
    with transaction.atomic():
        account = entry.account
        _lock(account)
        if Entry.objects.filter(reverses=entry).exists():
            raise NothingToReverse(_("This booking was reversed already."))
        lines = {Bucket(line.bucket): -line.amount for line in Line.objects.filter(entry=entry)}
        amount = -lines[Bucket.COSTS]
        if amount > account.costs:
            raise CostsWerePaid(_("A part of these costs was paid already: take the payment back first."))
        due = Due.objects.filter(account=account, due_on=entry.value_on, amount=amount).order_by("-id").first()
        if due is not None:
            due.delete()
        reversal = _write(
            account, EntryKind.REVERSAL, lines, value_on=now.date(), by=by, now=now, reference=reason[:140],
            reverses=entry,
        )  # fmt: skip
        _shift(account, lines)
        _tell(ENTRY_REVERSED, account, reversal, amount, by=by, now=now, case_id=case_id)
    return reversal


def owed_of(account: Account) -> dict[Bucket, Decimal]:
    return {bucket: getattr(account, bucket.lower()) for bucket in DEBT_BUCKETS}


def check_amount(amount: Decimal) -> None:
    if not amount.is_finite() or amount <= ZERO or amount != amount.quantize(CENT) or amount >= TOO_MUCH:
        raise AmountIsNotMoney(_("Give an amount above zero with at most two decimals."))


def _lock(account: Account) -> None:
    """Take the account's row for this transaction and bring `account` up to date."""
    fresh = Account.objects.select_for_update(no_key=True).get(id=account.id)
    for field in (*(bucket.lower() for bucket in DEBT_BUCKETS), "balance", "paid"):
        setattr(account, field, getattr(fresh, field))


def _write(
    account: Account,
    kind: EntryKind,
    lines: Mapping[Bucket, Decimal],
    *,
    value_on: date,
    by: Actor,
    now: datetime,
    reference: str = "",
    reverses: Entry | None = None,
) -> Entry:
    entry: Entry = Entry.objects.create(
        account=account,
        kind=kind,
        value_on=value_on,
        posted_at=now,
        reference=reference,
        reverses=reverses,
        posted_by=user_of(by),
    )
    Line.objects.bulk_create(
        [Line(entry=entry, account=account, bucket=bucket, amount=amount) for bucket, amount in lines.items()]
    )
    return entry


def _shift(account: Account, lines: Mapping[Bucket, Decimal]) -> None:
    """Add the lines to the cached balances with one UPDATE, and to the object in hand."""
    changes = {bucket.lower(): lines[bucket] for bucket in DEBT_BUCKETS if bucket in lines}
    changes["balance"] = sum(changes.values(), ZERO)
    changes["paid"] = lines.get(Bucket.CASH, ZERO)
    Account.objects.filter(id=account.id).update(**{field: F(field) + change for field, change in changes.items()})
    for field, change in changes.items():
        setattr(account, field, getattr(account, field) + change)


def _tell(
    kind: str,
    account: Account,
    entry: Entry,
    amount: Decimal,
    *,
    by: Actor,
    now: datetime,
    case_id: int | None,
    **more: str,
) -> None:
    record.record(
        kind,
        by=user_of(by),
        case_id=case_id,
        subject_id=entry.id,
        at=now,
        amount=str(amount),
        currency=account.currency,
        **more,
    )
