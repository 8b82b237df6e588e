"""The quiet strip of the day: what one collector did since midnight of the agency, without ranking anyone."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum

from agencies.models import Membership
from cases.models import Case, Disposition, DispositionCode, Promise
from ledger.models import Payment


@dataclass(frozen=True)
class Day:
    """Figures of one collector and day. `received` is money on the collector's own cases, by currency."""

    on: date
    handled: int
    right_party: int
    promises: int
    kept: int
    received: tuple[tuple[str, Decimal], ...]


def today_of(member: Membership, now: datetime) -> date:
    """The calendar day at the agency."""
    return now.astimezone(ZoneInfo(member.agency.time_zone)).date()


def day_of(member: Membership, *, now: datetime) -> Day:
    """Count the member's day up to `now`."""
    on = today_of(member, now)
    start = datetime.combine(on, time.min, tzinfo=ZoneInfo(member.agency.time_zone))
    spoke = Q(code__outcome=DispositionCode.Outcome.CONVERSATION)
    results = Disposition.objects.filter(by=member.user, at__gte=start, at__lte=now, undone_at=None).aggregate(
        handled=Count("case_id", distinct=True), right_party=Count("case_id", distinct=True, filter=spoke)
    )
    off = (Promise.State.REFUSED, Promise.State.CANCELLED)
    mine = Promise.objects.filter(Q(made_on=on) | Q(judged_on=on), made_by=member.user)
    promises = mine.aggregate(
        made=Count("id", filter=Q(made_on=on) & ~Q(state__in=off)),
        kept=Count("id", filter=Q(judged_on=on, state=Promise.State.KEPT)),
    )
    received = (
        Payment.objects.filter(
            received_on=on, reversed_at=None, account_id__in=Case.objects.filter(collector=member).values("account_id")
        )
        .values_list("currency")
        .annotate(sum=Sum("amount"))
        .order_by("currency")
    )
    return Day(
        on=on,
        handled=results["handled"],
        right_party=results["right_party"],
        promises=promises["made"],
        kept=promises["kept"],
        received=tuple(received),
    )
