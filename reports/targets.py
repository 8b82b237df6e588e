"""Targets are set by coordinators for their own team and by managers for all, and read against the ledger.

What was reached is the money credited to the person or the team (`reports.attribution`) and the promises they took that
fell due in the period and were kept; reversed payments count for nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership, Team
from agencies.permissions import Permission
from audit import record
from cases.models import Promise
from common.refusals import NotUnderstood, Refused
from ledger.models import Payment
from reports.attribution import credited, credited_to_team
from reports.models.targets import Period, Target

SET = record.kind(
    "report.target_set", gettext_lazy("A target of %(amount)s %(currency)s was set for the period from %(starts_on)s.")
)
WITHDRAWN = record.kind(
    "report.target_withdrawn", gettext_lazy("The target for the period from %(starts_on)s was withdrawn.")
)


class NotYourPeople(Refused):
    """A coordinator sets targets of the own team and its people only."""

    status = 403
    field = "who"


class PeriodIsOver(Refused):
    """Targets of the past stay as they were."""

    field = "starts_on"


class AmountIsNoTarget(NotUnderstood):
    field = "amount"


@dataclass(frozen=True)
class Attainment:
    """A target and what was reached of it so far."""

    target: Target
    reached: Decimal
    kept: int
    over: bool

    @property
    def percent(self) -> Decimal:
        return round(100 * self.reached / self.target.amount, 1)

    @property
    def is_reached(self) -> bool:
        """Both parts of the target, where it has two."""
        return self.reached >= self.target.amount and self.kept >= (self.target.promises_kept or 0)


def set_target(
    who: Membership | Team, *, period: Period, starts_on: date, currency: str, amount: Decimal,
    promises_kept: int | None, by: Membership, as_of: date, now: datetime,
) -> Target:  # fmt: skip
    """Set the target of a person or a team; a target of the same period and currency is replaced.

    `starts_on`: any day of the period.

    Raises:
        NotYourPeople: `who` is not of the coordinator's own team.
        PeriodIsOver: the period ended before `as_of`.
        AmountIsNoTarget: not positive.
    """
    if amount <= 0:
        raise AmountIsNoTarget(_("Give a sum above zero."))
    _check_right(who, by)
    first = period.begin(starts_on)
    _check_time(period, first, as_of)
    key: dict[str, Any] = {
        "member": who if isinstance(who, Membership) else None, "team": who if isinstance(who, Team) else None,
        "period": period, "starts_on": first, "currency": currency,
    }  # fmt: skip
    values = {"amount": amount, "promises_kept": promises_kept, "set_by": by.user, "set_at": now}
    with transaction.atomic():
        found: Target
        found, _new = Target.objects.update_or_create(**key, defaults=values)
        record.record(
            SET, by=by.user, subject_id=found.id, at=now, amount=str(amount), currency=currency, period=str(period),
            starts_on=first.isoformat(),
        )  # fmt: skip
    return found


def withdraw(target: Target, *, by: Membership, as_of: date, now: datetime) -> None:
    """Take a target back while its period lasts.

    Raises:
        NotYourPeople, PeriodIsOver
    """
    _check_right(target.member or target.team, by)
    _check_time(Period(target.period), target.starts_on, as_of)
    with transaction.atomic():
        record.record(
            WITHDRAWN, by=by.user, subject_id=target.id, at=now, starts_on=target.starts_on.isoformat(),
            amount=str(target.amount), currency=target.currency, period=target.period,
        )  # fmt: skip
        target.delete()


def may_set(who: Membership | Team | None, by: Membership) -> bool:
    """Whether `by` sets the targets of `who`."""
    if not by.may(Permission.TARGETS_SET) or who is None:
        return False
    if by.role != "COORDINATOR":
        return True
    return by.team_id is not None and by.team_id == (who.id if isinstance(who, Team) else who.team_id)


def _check_right(who: Membership | Team | None, by: Membership) -> None:
    if not may_set(who, by):
        raise NotYourPeople(_("You set targets for your own team and its people only."))


def _check_time(period: Period, first: date, as_of: date) -> None:
    if period.end(first) < as_of:
        raise PeriodIsOver(_("This period is over; its targets stay as they were."))


def attainments(targets: Iterable[Target], *, zone: str, as_of: date) -> list[Attainment]:
    """What was reached of each target up to `as_of`, in the order given; a few questions for each period."""
    found = list(targets)
    periods: dict[tuple[date, date], list[Target]] = defaultdict(list)
    for target in found:
        periods[target.starts_on, target.ends_on].append(target)
    reached: dict[int, tuple[Decimal, int]] = {}
    for (first, last), same in periods.items():
        reached |= _reached(same, first, min(last, as_of), zone)
    return [Attainment(target, *reached[target.id], over=target.ends_on < as_of) for target in found]


def _reached(targets: Sequence[Target], first: date, last: date, zone: str) -> dict[int, tuple[Decimal, int]]:
    """Money and kept promises of one period by target id."""
    payments = Payment.objects.filter(received_on__range=(first, last), reversed_at=None).order_by()
    people, teams = [t for t in targets if t.member_id], [t for t in targets if t.team_id]
    money: dict[Any, Decimal] = {}
    if people:
        rows = credited(payments, zone=zone).values("credited_to", "currency").annotate(total=Sum("amount"))
        money |= {("member", row["credited_to"], row["currency"]): row["total"] for row in rows}
    if teams:
        rows = credited_to_team(payments, zone=zone).values("credited_team", "currency").annotate(total=Sum("amount"))
        money |= {("team", row["credited_team"], row["currency"]): row["total"] for row in rows}
    by_user, by_team = _kept(first, last) if any(t.promises_kept is not None for t in targets) else ({}, {})
    return {
        target.id: (
            money.get(("member", target.member_id, target.currency), Decimal(0)), by_user.get(target.member.user_id, 0)
        ) if target.member else (
            money.get(("team", target.team_id, target.currency), Decimal(0)), by_team.get(target.team_id, 0)
        )
        for target in targets
    }  # fmt: skip


def _kept(first: date, last: date) -> tuple[dict[int, int], dict[Any, int]]:
    """Promises due in the period and kept, by the user who took them and by that user's team now."""
    kept = Promise.objects.filter(due_on__range=(first, last), state=Promise.State.KEPT).order_by()
    by_user = {row["made_by_id"]: row["n"] for row in kept.values("made_by_id").annotate(n=Count("id"))}
    by_team: dict[Any, int] = defaultdict(int)
    for user_id, team_id in Membership.objects.filter(user_id__in=by_user).values_list(F("user_id"), F("team_id")):
        by_team[team_id] += by_user[user_id]
    return by_user, by_team
