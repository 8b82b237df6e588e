"""Reads of money: the statement of an account, what is past due, and the dues themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from ledger import dues
from ledger.models import DEBT_BUCKETS, Account, Due, Entry, EntryKind, Line, Payment


@dataclass(frozen=True)
class StatementRow:
    """One entry of an account as people read it. `change` is what it did to the balance; `parts` says to what."""

    entry_id: int
    kind: str
    kind_label: str
    value_on: date
    posted_at: datetime
    reference: str
    change: Decimal
    balance: Decimal
    parts: tuple[tuple[str, Decimal], ...]
    reversed: bool
    reversible: bool


def statement(account: Account) -> list[StatementRow]:
    """Every entry of the account in the order of booking, with the running balance."""
    return list(_rows(account))


def _rows(account: Account) -> Iterator[StatementRow]:
    lines: dict[int, list[Line]] = {}
    for line in Line.objects.filter(account=account, bucket__in=DEBT_BUCKETS).order_by("id"):
        lines.setdefault(line.entry_id, []).append(line)
    entries = list(Entry.objects.filter(account=account).order_by("id"))
    undone = {entry.reverses_id for entry in entries if entry.reverses_id}
    balance = Decimal(0)
    for entry in entries:
        own = lines.get(entry.id, [])
        change = sum((line.amount for line in own), Decimal(0))
        balance += change
        yield StatementRow(
            entry_id=entry.id, kind=entry.kind, kind_label=entry.get_kind_display(), value_on=entry.value_on,
            posted_at=entry.posted_at, reference=_said(entry), change=change, balance=balance,
            parts=tuple((line.get_bucket_display(), line.amount) for line in own), reversed=entry.id in undone,
            reversible=entry.kind in {EntryKind.PAYMENT, EntryKind.WAIVER} and entry.id not in undone,
        )  # fmt: skip


_OURS = re.compile(r"(case file|plan|settlement)( \d+(, row \d+)?)?\Z")


def _said(entry: Entry) -> str:
    """The reference as its reader sees it: what the books noted for themselves in their own words is translated, so
    are the kinds of costs, which they keep in English."""
    noted = _OURS.match(entry.reference) if entry.kind != EntryKind.PAYMENT else None
    if noted is None:
        return _(entry.reference) if entry.kind == EntryKind.COST and entry.reference else str(entry.reference)
    return {"plan": _("Payment plan"), "settlement": _("Settlement")}.get(noted[1], "")


def past_due_of(account: Account, as_of: date) -> dues.PastDue:
    rows = Due.objects.filter(account=account).values_list("due_on", "amount")
    return dues.past_due(rows, balance=account.balance, as_of=as_of)


def upcoming_dues(account: Account, *, after: date, limit: int = 12) -> list[Due]:
    return list(Due.objects.filter(account=account, due_on__gt=after).order_by("due_on", "id")[:limit])


def received_after(account: Account, day: date) -> Decimal:
    """Money received later than `day`, less what was reversed."""
    later = Payment.objects.filter(Q(account=account, received_on__gt=day, reversed_at=None)).aggregate(
        sum=Sum("amount")
    )
    return later["sum"] or Decimal(0)
