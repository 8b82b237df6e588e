"""How cases are dealt out: which ones a rule speaks of, into whose slots they go, and what everybody has then.

The dealing is one SQL statement per language group: cases in the chosen order are dealt into slots of the targets, so
that counts differ by at most one and, for the spread by balance, sums come out even (S004-27, S004-28).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from agencies.models import Membership
from agencies.scope import current_agency_id
from cases import experts
from cases.models import Case, Stage


@dataclass(frozen=True)
class Rule:
    """Which cases go to whom.

    `kind` TEAM: `targets` are team ids, the collector is cleared. COLLECTOR: membership ids; capacity is respected.
    `spread`: BALANCE (even sums), DPD (even ages), COUNT (whoever has least gets first).
    `only_unassigned` leaves alone what someone has already. `case_ids` picks single cases, whatever the other choices.
    """

    kind: str
    targets: tuple[int, ...]
    as_of: date
    now: datetime
    spread: str = "BALANCE"
    portfolio_ids: tuple[int, ...] = ()
    stages: tuple[str, ...] = ()
    team_ids: tuple[int, ...] = ()
    from_collectors: tuple[int, ...] = ()
    dpd_from: int | None = None
    dpd_to: int | None = None
    balance_from: Decimal | None = None
    balance_to: Decimal | None = None
    languages: tuple[str, ...] = ()
    match_language: bool = False
    not_worked_days: int | None = None
    only_unassigned: bool = True
    limit: int | None = None
    case_ids: tuple[int, ...] = ()
    experts_only: bool = False
    """Only cases that are marked for experts; whatever this says, those go to experts alone (S002-04)."""


@dataclass(frozen=True)
class Load:
    """What a target has: open cases, their sum by currency, average days past due."""

    cases: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    dpd: int = 0


def candidates(rule: Rule) -> QuerySet[Case]:
    """Open cases the rule speaks of."""
    cases: QuerySet[Case] = Case.objects.exclude(stage=Stage.CLOSED)
    if rule.case_ids:
        return cases.filter(id__in=rule.case_ids)
    if rule.only_unassigned:
        cases = cases.filter(team=None) if rule.kind == "TEAM" else cases.filter(collector=None)
    choices: list[tuple[Any, Q]] = [
        (rule.portfolio_ids, Q(portfolio_id__in=rule.portfolio_ids)),
        (rule.stages, Q(stage__in=rule.stages)),
        (rule.team_ids, Q(team_id__in=rule.team_ids)),
        (rule.from_collectors, Q(collector_id__in=rule.from_collectors)),
        (rule.languages, Q(debtor__language__in=rule.languages)),
        (rule.experts_only, ~Q(for_experts="")),
    ]
    for wanted, condition in choices:
        cases = cases.filter(condition) if wanted else cases
    bounds: list[tuple[Any, Q]] = [
        (rule.dpd_from, Q(oldest_due_on__lte=rule.as_of - timedelta(days=rule.dpd_from or 0))),
        (rule.dpd_to, Q(oldest_due_on__gte=rule.as_of - timedelta(days=rule.dpd_to or 0)) | Q(oldest_due_on=None)),
        (rule.balance_from, Q(balance__gte=rule.balance_from)),
        (rule.balance_to, Q(balance__lte=rule.balance_to)),
        (
            rule.not_worked_days,
            Q(last_worked_at=None) | Q(last_worked_at__lt=rule.now - timedelta(days=rule.not_worked_days or 0)),
        ),
    ]
    for bound, condition in bounds:
        cases = cases.filter(condition) if bound is not None else cases
    return cases


_DEAL_SQL = """
WITH chosen AS ({chosen}),
ranked AS (
    SELECT c.id, row_number() OVER (ORDER BY {order}, c.id) AS place FROM cases_case c JOIN chosen ON chosen.id = c.id
    WHERE c.agency_id = %s),
slots AS (
    SELECT t.id, row_number() OVER (ORDER BY {slot_order}) AS place
    FROM unnest(%s::bigint[], %s::int[], %s::int[]) WITH ORDINALITY AS t (id, room, load, nth)
    CROSS JOIN LATERAL generate_series(1, t.room) AS s (turn))
INSERT INTO allocation_deal (case_id, target_id) SELECT ranked.id, slots.id FROM ranked JOIN slots USING (place)
"""
_ORDERS = {"BALANCE": "c.balance DESC", "DPD": "c.oldest_due_on NULLS LAST", "COUNT": "c.priority, c.next_action_at"}
_SNAKE = "s.turn, CASE WHEN s.turn %% 2 = 1 THEN t.nth ELSE -t.nth END"
_LEAST = "t.load + s.turn, t.nth"


def deal(rule: Rule, people: Sequence[Membership]) -> int:
    """Fill the temporary table `allocation_deal` (case, target); return how many cases the rule speaks of."""
    chosen = candidates(rule).order_by(*_candidate_order(rule))
    if rule.limit is not None:
        chosen = chosen[: rule.limit]
    ids = list(chosen.values_list("id", "debtor__language", "for_experts"))
    skilled = experts.skilled_teams(rule.targets) if rule.kind == "TEAM" else experts.skilled_people(people)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS allocation_deal"
            " (case_id bigint PRIMARY KEY, target_id bigint) ON COMMIT DROP"
        )
        cursor.execute("TRUNCATE allocation_deal")
        if rule.kind == "TEAM":
            loads = _team_loads(rule)
            for hard, group in _by_skill(ids):
                targets = [team for team in rule.targets if team in skilled or not hard]
                _deal_group(cursor, rule, group, {team: len(group) for team in targets}, loads)
            return len(ids)
        loads = _collector_loads(rule)
        room = {person.id: max(person.capacity - loads.get(person.id, 0), 0) for person in people}
        for (hard, language), group in sorted(_groups(rule, ids).items(), reverse=True):
            able = {
                p.id: room[p.id]
                for p in people
                if (p.id in skilled or not hard)
                and (not rule.match_language or not p.languages or language in p.languages)
            }
            _deal_group(cursor, rule, group, able, loads)
            cursor.execute(
                "SELECT target_id, count(*) FROM allocation_deal WHERE case_id = ANY(%s) GROUP BY 1", [group]
            )
            for target, count in cursor.fetchall():
                room[target] -= count
                loads[target] = loads.get(target, 0) + count
    return len(ids)


def _candidate_order(rule: Rule) -> tuple[str, ...]:
    return {"BALANCE": ("-balance", "id"), "DPD": ("oldest_due_on", "id")}.get(
        rule.spread, ("priority", "next_action_at", "id")
    )


def _groups(rule: Rule, ids: Sequence[tuple[int, str, str]]) -> dict[tuple[bool, str], list[int]]:
    """Cases by whether they are for experts, and by language where it must match."""
    groups: dict[tuple[bool, str], list[int]] = {}
    for case_id, language, reason in ids:
        groups.setdefault((bool(reason), language if rule.match_language else ""), []).append(case_id)
    return groups


def _by_skill(ids: Sequence[tuple[int, str, str]]) -> list[tuple[bool, list[int]]]:
    hard = [case_id for case_id, _language, reason in ids if reason]
    plain = [case_id for case_id, _language, reason in ids if not reason]
    return [(is_hard, group) for is_hard, group in ((True, hard), (False, plain)) if group]


def _deal_group(cursor: Any, rule: Rule, case_ids: list[int], room: dict[int, int], loads: dict[int, int]) -> None:
    targets = sorted(room)
    if not targets:
        return
    if rule.spread == "COUNT":
        targets.sort(key=lambda target: (loads.get(target, 0), target))
    sql = _DEAL_SQL.format(
        chosen="SELECT unnest(%s::bigint[]) AS id",
        order=_ORDERS[rule.spread],
        slot_order=_LEAST if rule.spread == "COUNT" else _SNAKE,
    )
    cursor.execute(
        sql, [case_ids, current_agency_id(), targets, [room[t] for t in targets], [loads.get(t, 0) for t in targets]]
    )


def _collector_loads(rule: Rule) -> dict[int, int]:
    rows = (
        Case.objects.filter(collector_id__in=rule.targets)
        .exclude(stage=Stage.CLOSED)
        .values_list("collector_id")
        .annotate(n=Count("id"))
    )
    return dict(rows)


def _team_loads(rule: Rule) -> dict[int, int]:
    rows = (
        Case.objects.filter(team_id__in=rule.targets)
        .exclude(stage=Stage.CLOSED)
        .values_list("team_id")
        .annotate(n=Count("id"))
    )
    return dict(rows)


def loads(people: Sequence[Membership], *, as_of: date) -> dict[int, Load]:
    """What each of these collectors has now."""
    rule = Rule(kind="COLLECTOR", targets=tuple(p.id for p in people), as_of=as_of, now=timezone.now())
    found = load_by("", "c.collector_id", rule)
    return {person.id: found.get(person.id, Load()) for person in people}


def load_by(join: str, target: str, rule: Rule) -> dict[int, Load]:
    sql = f"""
        SELECT {target}, c.currency, count(*), sum(c.balance), coalesce(sum(greatest(%s::date - c.oldest_due_on, 0)), 0)
        FROM cases_case c {join}
        WHERE c.agency_id = %s AND c.stage <> 'CLOSED' AND {target} = ANY(%s) GROUP BY 1, 2 ORDER BY 1, 2
    """  # noqa: S608 (constant parts)
    found: dict[int, tuple[int, dict[str, Decimal], int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [rule.as_of, current_agency_id(), list(rule.targets)])
        for target_id, currency, cases, balance, days in cursor.fetchall():
            had, sums, age = found.get(target_id, (0, {}, 0))
            found[target_id] = (had + cases, sums | {currency: balance}, age + days)
    return {target_id: Load(cases, sums, round(age / cases)) for target_id, (cases, sums, age) in found.items()}
