"""The collector's queue: what is worked next and why, and the claim that keeps two people off the same case.

Order: urgency of the next action, then its moment, then age; an index holds it. A claim lasts five minutes and is
renewed while the case is worked; whoever claimed a case gets it again until its result is recorded (S004-78).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.models import Membership
from agencies.permissions import Permission
from agencies.scope import current_agency_id
from cases.models import Case, ExpertReason, NextAction, Stage
from cases.next_actions import local_day
from common.refusals import Refused

CLAIM = timedelta(minutes=5)
VISIT_AFTER = 2
"""So many promises broken in a row make a case ready for a visit (S004-46)."""

STAGE_LABEL = dict(Stage.choices)
ACTION_LABEL = dict(NextAction.choices)
EXPERT_LABEL = dict(ExpertReason.choices)


class ClaimedByAnother(Refused):
    """A colleague is working the case now."""


class ResultMissing(Refused):
    """The case was opened for work and has no result yet (S004-78)."""


@dataclass(frozen=True)
class QueueRow:
    """One case of the queue, ready to be shown; `explanation` says why it stands where it does."""

    id: int
    contract_no: str
    name: str
    stage: str
    stage_label: str
    dpd: int
    balance: Decimal
    overdue: Decimal
    currency: str
    next_action: str
    next_action_label: str
    next_action_at: datetime
    explanation: str
    on_hold: bool
    taken: bool
    """A colleague works it now."""
    for_experts: str = ""
    """Why it is for experts; empty: it is not."""


@dataclass(frozen=True)
class _Asker:
    """What of a member decides where their next case comes from."""

    id: int
    team_id: int | None
    languages: tuple[str, ...]
    reviews_fraud: bool
    traces: bool
    restructures: bool


def _asker(member: Membership) -> _Asker:
    fraud, traces = member.may(Permission.FRAUD_REVIEW), member.may(Permission.SKIP_TRACE)
    restructures = member.may(Permission.RESTRUCTURING) and not member.may(Permission.CASES_ALLOCATE)
    return _Asker(member.id, member.team_id, tuple(member.languages), fraud, traces, restructures)


def _due(cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
    return cases.filter(~Q(stage="CLOSED"), next_action_at__lte=now)


def _free(member_id: int, now: datetime) -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(claimed_by_id=member_id)


def _pools(who: _Asker) -> list[QuerySet[Case]]:
    """Where the next case comes from, tried in turn."""
    cases: QuerySet[Case] = Case.objects.all()
    if who.reviews_fraud:
        return [cases.filter(next_action="FRAUD_REVIEW")]
    if who.traces:
        return [cases.filter(next_action="SKIP_TRACE")]
    ordinary = cases.exclude(next_action__in=["SKIP_TRACE", "FRAUD_REVIEW", "RESTRUCTURE"])
    pools = [ordinary.filter(collector_id=who.id)]
    if who.restructures:
        pools.insert(0, cases.filter(next_action="RESTRUCTURE"))
    if who.team_id is not None:
        unassigned = ordinary.filter(collector=None, team_id=who.team_id)
        if who.languages:
            pools.append(unassigned.filter(debtor__language__in=who.languages))
        pools.append(unassigned)
    return pools


_ORDER = ("priority", "next_action_at", "id")


def take_next(member: Membership, *, now: datetime) -> Case | None:
    """Claim the most urgent case for this member, or give back the one they have not finished; None: nothing is due.

    One statement. Rows that a colleague is taking at this very moment are skipped, so nobody waits and nobody gets the
    same case.
    """
    who = _asker(member)
    sql, marks = _take_sql(replace(who, id=_ME, team_id=who.team_id and _TEAM))
    values = {_ME: who.id, _TEAM: who.team_id, _AGENCY: member.agency_id, _NOW: now, _UNTIL: now + CLAIM}
    taken = list(Case.objects.raw(sql, [values.get(mark, mark) for mark in marks]))
    return taken[0] if taken else None


_ME, _TEAM, _AGENCY = -1, -2, -3
_NOW, _UNTIL = datetime(1, 1, 2, tzinfo=UTC), datetime(1, 1, 3, tzinfo=UTC)
"""Marks in a compiled statement that stand for the values of the one who asks."""


@lru_cache(maxsize=256)
def _take_sql(who: _Asker) -> tuple[str, tuple[Any, ...]]:
    """Compile the statement for one kind of asker: the unfinished case, else the first of each pool in turn.

    The id is found apart and joined: under row security a condition with a sub-select in it is not leakproof, and the
    key's index would not serve it.
    """
    chosen = [Case.objects.filter(claimed_by_id=who.id).exclude(stage="CLOSED").order_by("-claimed_until", "id")]
    for pool in _pools(who):
        first = _due(pool, _NOW).filter(_free(who.id, _NOW)).order_by(*_ORDER)
        chosen.append(first.select_for_update(skip_locked=True, no_key=True, of=("self",)))
    parts: list[str] = []
    marks: list[Any] = []
    for cases in chosen:
        sql, values = cases.values("id")[:1].query.sql_with_params()
        parts.append(f"({sql})")
        marks += [_AGENCY if value == current_agency_id() else value for value in values]
    text = (
        f"WITH first AS MATERIALIZED (SELECT coalesce({', '.join(parts)}) AS id)"  # noqa: S608
        " UPDATE cases_case AS c SET claimed_by_id = %s, claimed_until = %s FROM first"
        " WHERE c.agency_id = %s AND c.id = first.id"
        " AND (c.claimed_until IS NULL OR c.claimed_until <= %s OR c.claimed_by_id = %s) RETURNING c.*"
    )
    return text, (*marks, _ME, _UNTIL, _AGENCY, _NOW, _ME)


def unfinished(member: Membership) -> Case | None:
    """The case this member claimed and has recorded no result for, unless a colleague took it over since."""
    found: Case | None = (
        Case.objects.filter(claimed_by_id=member.id)
        .exclude(stage="CLOSED")
        .select_related("debtor")
        .order_by("-claimed_until", "id")
        .first()
    )
    return found


def claim(case: Case, member: Membership, now: datetime) -> Case:
    """Claim a case, or renew the claim, for five minutes.

    Raises:
        ClaimedByAnother: a colleague's claim has not run out.
    """
    until = now + CLAIM
    changed = Case.objects.filter(_free(member.id, now), id=case.id).update(claimed_by=member, claimed_until=until)
    if not changed:
        raise ClaimedByAnother(_("A colleague is working this case right now."))
    case.claimed_by, case.claimed_until = member, until
    return case


def release(case: Case, member: Membership) -> None:
    """Leave a case without a claim on it; another's claim is left alone.

    Raises:
        ResultMissing: the member claimed it and has recorded no result (recording one frees it).
    """
    if Case.objects.filter(id=case.id, claimed_by=member).exists():
        raise ResultMissing(_("Record a result before leaving the case, even “worked without contact”."))


def free(case: Case) -> None:
    """End the claim on a case: its result was recorded."""
    case.claimed_by, case.claimed_until = None, None
    case.save(update_fields=["claimed_by", "claimed_until"])


_COLUMNS = (
    "id", "contract_no", "debtor__name", "stage", "oldest_due_on", "balance", "overdue", "currency", "next_action",
    "next_action_at", "broken_in_a_row", "on_hold", "claimed_by_id", "claimed_until", "for_experts",
)  # fmt: skip


def page(
    member: Membership, *, now: datetime, limit: int = 50, filters: Mapping[str, Any] | None = None
) -> list[QueueRow]:
    """The next `limit` cases of the member's queue, the one to be worked first on top.

    `filters`: "later" (True: what is not due yet), "experts" (True: only cases for experts), "stage", "next_action",
    "portfolio_id".
    """
    chosen = dict(filters or {})
    later, hard = chosen.pop("later", False), chosen.pop("experts", False)
    rows: list[QueueRow] = []
    seen: set[int] = set()
    today = local_day(member.agency, now)
    for pool in _pools(_asker(member)):
        cases = pool.exclude(stage="CLOSED").filter(next_action_at__gt=now) if later else _due(pool, now)
        cases = cases.filter(**{name: value for name, value in chosen.items() if value})
        cases = cases.exclude(for_experts="") if hard else cases
        order = ("next_action_at", "id") if later else _ORDER
        for values in cases.order_by(*order).values_list(*_COLUMNS)[: limit - len(rows)]:
            if values[0] not in seen:
                seen.add(values[0])
                rows.append(_row(values, member, now, today))
        if len(rows) >= limit:
            break
    return rows


def _row(values: tuple[Any, ...], member: Membership, now: datetime, today: date) -> QueueRow:
    (case_id, contract_no, name, stage, oldest, balance, overdue, currency, action, at, broken, held, by, until,
     experts_why) = values  # fmt: skip
    dpd = max((today - oldest).days, 0) if oldest else 0
    return QueueRow(
        id=case_id, contract_no=contract_no, name=name, stage=stage, stage_label=str(STAGE_LABEL[stage]), dpd=dpd,
        balance=balance, overdue=overdue, currency=currency, next_action=action,
        next_action_label=str(ACTION_LABEL[action]), next_action_at=at,
        explanation=explain(action, at, now, dpd, broken), on_hold=held,
        taken=by is not None and by != member.id and until > now,
        for_experts=str(EXPERT_LABEL.get(experts_why, "")),
    )  # fmt: skip


def explain(action: str, at: datetime, now: datetime, dpd: int, broken: int) -> str:
    """Why a case stands at its place, in one sentence."""
    waiting = max((now - at).days, 0)
    if action == NextAction.NEW:
        text = ngettext("Not yet worked; %(days)s day past due.", "Not yet worked; %(days)s days past due.", dpd)
        return text % {"days": dpd}
    if action == NextAction.PROMISE_BROKEN:
        text = ngettext("A promise was broken.", "%(count)s promises in a row were broken.", broken or 1)
        told = text % {"count": broken}
        return told if broken < VISIT_AFTER else f"{told} {_('Consider a visit.')}"
    if action == NextAction.RECALL:
        return _("A call back was agreed.") if not waiting else _("A call back was agreed and is overdue.")
    if action == NextAction.PROMISE_DUE:
        return _("A promise falls due.")
    if action == NextAction.CHECK_PAYMENT:
        return _("The debtor reported a payment; check whether it came.")
    if action == NextAction.SKIP_TRACE:
        return _("No number works any more; find new contact data.")
    if action == NextAction.FRAUD_REVIEW:
        return _("Suspected fraud; review it.")
    if action == NextAction.RESTRUCTURE:
        return _("The advance instalment was paid; prepare the payment plan.")
    if action == NextAction.ENFORCE:
        return _("A payment plan was broken; enforcement under the contract may start.")
    if not waiting:
        return _("To be followed up today.")
    return ngettext("Waiting for %(days)s day.", "Waiting for %(days)s days.", waiting) % {"days": waiting}


COUNTED = 1000
"""So many cases of each pool are looked at: nobody works more in a day, and a team's pool may hold very many."""


@dataclass(frozen=True)
class Counts:
    """How much is in a member's queue now, by next action, and how much comes later; of each pool the first COUNTED."""

    due: int
    later: int
    by_action: dict[str, int]


def counts(member: Membership, now: datetime) -> Counts:
    """Figures over the member's own cases and the team's unassigned ones."""
    who = _asker(member)
    pools = _pools(who)
    parts, values = [], [now]
    for pool in dict.fromkeys((*pools[: 1 + who.restructures], pools[-1])):
        first = pool.exclude(stage="CLOSED").order_by(*_ORDER).values("next_action", "next_action_at")[:COUNTED]
        sql, own = first.query.sql_with_params()
        parts.append(f"({sql})")
        values += own
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT next_action, count(*) FILTER (WHERE next_action_at <= %s), count(*)"  # noqa: S608
            f" FROM ({' UNION ALL '.join(parts)}) AS pool GROUP BY 1 ORDER BY 1",
            values,
        )
        rows = cursor.fetchall()
    by_action = {action: due for action, due, _all in rows if due}
    due = sum(by_action.values())
    return Counts(due=due, later=sum(every for _action, _due, every in rows) - due, by_action=by_action)


QUEUE_EMPTY = gettext_lazy("Nothing is due in your queue now.")
