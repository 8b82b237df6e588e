"""The nightly roll: what fell due, promises judged, holds that ran out, then every stage that should change.

All of it by statements over the set; only what changes is written, with its history. Doing it twice does it once.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from agencies.actors import Actor, user_of
from agencies.models import Agency
from agencies.scope import current_agency_id
from cases import accruals, holds, money, plan_judging, promise_judging, settlement_judging, transitions
from cases.models import Roll

NIGHT_HOUR = 1
"""The roll of a day is due from 01:00 of the agency's own clock."""


def roll_stages(
    *, as_of: date, portfolio_ids: list[int] | None = None, by: Actor = None, now: datetime | None = None
) -> dict[str, int]:
    """Make every automatic transition that is called for on `as_of`, of the agency in scope, or of some portfolios.

    Returns how many cases moved by which transition; cases that stay are not touched.
    """
    return transitions.apply_all(as_of=as_of, portfolio_ids=portfolio_ids, by=user_of(by), now=now)


def roll_day(*, as_of: date, by: Actor = None, now: datetime | None = None) -> dict[str, int]:
    """The whole night's work of one day for the agency in scope; counts by what was done."""
    moment = now or timezone.now()
    last = Roll.objects.order_by("-on").values_list("on", flat=True).first()
    since = last if last is not None and last < as_of else as_of - timedelta(days=400)
    with transaction.atomic():
        done = {
            "fell_due": money.refresh_fallen_due(since=since, as_of=as_of),
            "interest_counted": accruals.count_interest(as_of=accruals.day_before(as_of), now=moment, by=by).accounts,
            "holds_ran_out": holds.lift_run_out(as_of=as_of, now=moment),
        }
        judged = promise_judging.judge_due(as_of=as_of, now=moment)
        done |= {f"promises_{state.lower()}": count for state, count in judged.items()}
        for name, ended in (
            ("plans", plan_judging.judge_due(as_of=as_of, now=moment)),
            ("settlements", settlement_judging.judge_due(as_of=as_of, now=moment)),
        ):
            done |= {f"{name}_{state.lower()}": count for state, count in ended.items()}
        moves = roll_stages(as_of=as_of, by=by, now=moment)
        roll, made = Roll.objects.get_or_create(
            agency_id=current_agency_id(), on=as_of, defaults={"rolled_at": moment, "moved": sum(moves.values())}
        )
        if not made:
            roll.rolled_at, roll.moved = moment, roll.moved + sum(moves.values())
            roll.save(update_fields=["rolled_at", "moved"])
    return {name: count for name, count in (done | moves).items() if count}


def day_to_roll(agency: Agency, now: datetime) -> date | None:
    """The day whose roll is due at `now` and was not done; None before 01:00 of the agency's clock or when done."""
    local = now.astimezone(ZoneInfo(agency.time_zone))
    if local.hour < NIGHT_HOUR or Roll.objects.filter(on=local.date()).exists():
        return None
    return local.date()


def roll_once(*, day: str, now: datetime) -> dict[str, int]:
    """`roll_day` unless that day was rolled meanwhile; a second scheduler waits here and then finds it done."""
    as_of = date.fromisoformat(day)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases.roll'), %s::int)", [current_agency_id()])
        if Roll.objects.filter(on=as_of).exists():
            return {}
        return roll_day(as_of=as_of, now=now)
