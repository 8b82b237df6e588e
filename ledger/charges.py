"""Interest and fee of a payment plan, charged to the debt when the agreement is signed: a part of the posting door."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy

from agencies.actors import Actor
from audit import record
from ledger import posting
from ledger.allocation import ZERO
from ledger.models import Account, Bucket, Due, Entry, EntryKind

CHARGED = record.kind(
    "ledger.plan_charged",
    gettext_lazy("Interest and fee of a payment plan, %(amount)s %(currency)s, were charged to the debt."),
)


def charge(
    account: Account,
    *,
    interest: Decimal,
    fee: Decimal,
    due_on: date,
    by: Actor,
    now: datetime,
    reference: str,
    case_id: int | None = None,
) -> Entry | None:
    """Charge what the plan costs, due on its last day; None when it costs nothing."""
    parts = {bucket: part for bucket, part in ((Bucket.INTEREST, interest), (Bucket.FEES, fee)) if part > ZERO}
    if not parts:
        return None
    total = sum(parts.values(), ZERO)
    posting.check_amount(total)
    with transaction.atomic():
        posting._lock(account)
        lines = parts | {Bucket.INCURRED: -total}
        entry = posting._write(account, EntryKind.COST, lines, value_on=now.date(), by=by, now=now, reference=reference)
        Due.objects.create(account=account, due_on=due_on, amount=total)
        posting._shift(account, lines)
        posting._tell(CHARGED, account, entry, total, by=by, now=now, case_id=case_id)
    return entry
