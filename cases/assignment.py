"""Allocation in two levels: portfolios to teams, and a team's cases to its collectors by that team's own coordinator.

The dealing is one SQL statement per language group: cases in the chosen order are dealt into slots of the targets, so
that counts differ by at most one and, for the spread by balance, sums come out even (S004-02, S004-27, S004-28).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from agencies.models import Membership, Team
from agencies.permissions import Permission
from agencies.scope import current_agency_id
from audit import record
from cases.models import AllocationBatch, Case, Stage
from common.refusals import NotUnderstood, Refused

ASSIGNED = record.kind("case.assigned", _("The case was assigned."))
UNDONE = record.kind("case.assignment_undone", _("The assignment was undone."))

UNDO_WITHIN = timedelta(hours=24)
NOT_LISTED = ("COORDINATOR", "MANAGER")


class NotYourTeam(Refused):
    """A coordinator allocates only their own team's cases to their own team's collectors (S004-02)."""

    status = 403


class NobodyToAssignTo(NotUnderstood):
    field = "targets"


class UndoTooLate(Refused):
    """More than 24 hours ago, or undone before."""


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


@dataclass(frozen=True)
class Load:
    """What a target has: open cases, their sum by currency, average days past due."""

    cases: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    dpd: int = 0


@dataclass(frozen=True)
class PreviewRow:
    target_id: int
    name: str
    before: Load
    gets: Load
    after: Load
    capacity: int | None


@dataclass(frozen=True)
class Preview:
    """What an allocation would do; nothing is written."""

    rows: tuple[PreviewRow, ...]
    chosen: int
    dealt: int

    @property
    def left(self) -> int:
        """Cases nobody has room for, or whose language nobody speaks."""
        return self.chosen - self.dealt


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


def _deal(rule: Rule, people: Sequence[Membership]) -> int:
    """Fill the temporary table `allocation_deal` (case, target); return how many cases the rule speaks of."""
    chosen = candidates(rule).order_by(*_candidate_order(rule))
    if rule.limit is not None:
        chosen = chosen[: rule.limit]
    ids = list(chosen.values_list("id", "debtor__language"))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS allocation_deal"
            " (case_id bigint PRIMARY KEY, target_id bigint) ON COMMIT DROP"
        )
        cursor.execute("TRUNCATE allocation_deal")
        if rule.kind == "TEAM":
            _deal_group(
                cursor,
                rule,
                [case_id for case_id, _l in ids],
                {team: len(ids) for team in rule.targets},
                _team_loads(rule),
            )
            return len(ids)
        loads = _collector_loads(rule)
        room = {person.id: max(person.capacity - loads.get(person.id, 0), 0) for person in people}
        for language, group in sorted(_groups(rule, ids).items()):
            able = {
                p.id: room[p.id]
                for p in people
                if not rule.match_language or not p.languages or language in p.languages
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


def _groups(rule: Rule, ids: Sequence[tuple[int, str]]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for case_id, language in ids:
        groups.setdefault(language if rule.match_language else "", []).append(case_id)
    return groups


def _deal_group(cursor: Any, rule: Rule, case_ids: list[int], room: dict[int, int], loads: dict[int, int]) -> None:
    targets = sorted(room)
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


def preview(rule: Rule) -> Preview:
    """What each target has before, gets, and has after; nothing is kept.

    Raises:
        NobodyToAssignTo: no target, or one that is not a collector or team of this agency.
    """
    with transaction.atomic():
        people = _people(rule)
        chosen = _deal(rule, people)
        gets = _loads("JOIN allocation_deal d ON d.case_id = c.id", "d.target_id", rule)
        column = "c.team_id" if rule.kind == "TEAM" else "c.collector_id"
        before = _loads("", column, rule)
        names = _names(rule, people)
    rows = tuple(
        PreviewRow(
            target, names[target][0], before.get(target, Load()), gets.get(target, Load()),
            _together(before.get(target, Load()), gets.get(target, Load())), names[target][1],
        )
        for target in rule.targets
    )  # fmt: skip
    return Preview(rows, chosen, sum(row.gets.cases for row in rows))


def _loads(join: str, target: str, rule: Rule) -> dict[int, Load]:
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


def _together(one: Load, other: Load) -> Load:
    cases = one.cases + other.cases
    sums = {c: one.sums.get(c, Decimal(0)) + other.sums.get(c, Decimal(0)) for c in sorted(one.sums | other.sums)}
    return Load(cases, sums, round((one.cases * one.dpd + other.cases * other.dpd) / cases) if cases else 0)


def _people(rule: Rule) -> list[Membership]:
    """The collectors among the targets, checked."""
    if not rule.targets:
        raise NobodyToAssignTo(_("Choose who gets the cases."))
    if rule.kind == "TEAM":
        known = Team.objects.filter(id__in=rule.targets).count()
        people: list[Membership] = []
    else:
        people = list(
            Membership.objects.filter(id__in=rule.targets, is_active=True).select_related("user").order_by("id")
        )
        people = [person for person in people if person.may(Permission.CASES_WORK)]
        known = len(people)
    if known != len(set(rule.targets)):
        raise NobodyToAssignTo(_("Only teams and active collectors of this agency can get cases."))
    return people


def _names(rule: Rule, people: Sequence[Membership]) -> dict[int, tuple[str, int | None]]:
    if rule.kind == "TEAM":
        return {team.id: (team.name, None) for team in Team.objects.filter(id__in=rule.targets)}
    return {person.id: (str(person.user), person.capacity) for person in people}


def allocate(rule: Rule, *, by: Membership, now: datetime) -> AllocationBatch:
    """Deal the cases out, remember where each was, and write each case's history; undoable for 24 hours.

    Raises:
        NotYourTeam: a coordinator reaches beyond their own team.
        NobodyToAssignTo: the targets are not there.
    """
    with transaction.atomic():
        people = _people(rule)
        _check_right(rule, people, by)
        _deal(rule, people)
        batch = AllocationBatch.objects.create(kind=rule.kind, by=by.user)
        batch.cases = _apply(batch, rule, by, now)
        batch.save(update_fields=["cases"])
    return batch


def _check_right(rule: Rule, people: Sequence[Membership], by: Membership) -> None:
    if not by.may(Permission.CASES_ALLOCATE):
        raise NotYourTeam(_("Your role does not allocate cases."))
    if rule.kind == "TEAM" or by.role != "COORDINATOR":
        return
    if by.team_id is None or any(person.team_id != by.team_id for person in people):
        raise NotYourTeam(_("You allocate to the collectors of your own team only."))
    if candidates(rule).exclude(team_id=by.team_id).exists():
        raise NotYourTeam(_("Some of these cases are not your team's. Choose cases of your team."))


_APPLY_SQL = """
WITH dealt AS (
    SELECT c.id, d.target_id, c.team_id, c.collector_id, m.team_id AS target_team
    FROM allocation_deal d JOIN cases_case c ON c.id = d.case_id AND c.agency_id = %(agency)s
    LEFT JOIN agencies_membership m ON m.agency_id = %(agency)s AND m.id = d.target_id AND NOT %(to_team)s
    WHERE c.stage <> 'CLOSED' FOR NO KEY UPDATE OF c),
moves AS (
    INSERT INTO cases_allocationmove
        (agency_id, batch_id, case_id, from_team_id, to_team_id, from_collector_id, to_collector_id)
    SELECT %(agency)s, %(batch)s, id, team_id, CASE WHEN %(to_team)s THEN target_id ELSE coalesce(target_team, team_id) END,
           collector_id, CASE WHEN %(to_team)s THEN NULL ELSE target_id END
    FROM dealt RETURNING case_id, to_team_id, to_collector_id),
changed AS (
    UPDATE cases_case c SET team_id = moves.to_team_id, collector_id = moves.to_collector_id, assigned_at = %(now)s
    FROM moves WHERE c.id = moves.case_id AND c.agency_id = %(agency)s
    RETURNING c.id, c.team_id, c.collector_id),
written AS (
    {insert}
    SELECT %(agency)s, %(kind)s, %(now)s, %(by)s, id, %(batch)s,
           jsonb_build_object('team_id', team_id, 'collector_id', collector_id, 'batch_id', %(batch)s::bigint), ''
    FROM changed)
SELECT count(*) FROM changed
"""


def _apply(batch: AllocationBatch, rule: Rule, by: Membership, now: datetime) -> int:
    values = {
        "agency": current_agency_id(), "batch": batch.id, "now": now, "by": by.user_id, "kind": ASSIGNED,
        "to_team": rule.kind == "TEAM",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_APPLY_SQL.format(insert=record.INSERT_SQL), values)
        return int(cursor.fetchone()[0])


_UNDO_SQL = """
WITH back AS (
    UPDATE cases_case c SET team_id = m.from_team_id, collector_id = m.from_collector_id
    FROM cases_allocationmove m
    WHERE m.agency_id = %(agency)s AND m.batch_id = %(batch)s AND c.agency_id = m.agency_id AND c.id = m.case_id
      AND c.team_id IS NOT DISTINCT FROM m.to_team_id AND c.collector_id IS NOT DISTINCT FROM m.to_collector_id
    RETURNING c.id, c.team_id, c.collector_id),
written AS (
    {insert}
    SELECT %(agency)s, %(kind)s, %(now)s, %(by)s, id, %(batch)s,
           jsonb_build_object('team_id', team_id, 'collector_id', collector_id, 'batch_id', %(batch)s::bigint), ''
    FROM back)
SELECT count(*) FROM back
"""


def undo(batch: AllocationBatch, *, by: Membership, now: datetime) -> int:
    """Put every case back where it was, except those that were assigned again since. Returns how many went back.

    Raises:
        UndoTooLate; NotYourTeam: neither the one who did it nor a manager.
    """
    if batch.by_id != by.user_id and by.role != "MANAGER":
        raise NotYourTeam(_("Only whoever allocated, or a manager, may undo it."))
    if now - batch.at > UNDO_WITHIN:
        raise UndoTooLate(_("An allocation can be undone within 24 hours."))
    with transaction.atomic():
        if not AllocationBatch.objects.filter(id=batch.id, undone_at=None).update(undone_at=now):
            raise UndoTooLate(_("This allocation was undone before."))
        batch.undone_at = now
        with connection.cursor() as cursor:
            values = {"agency": current_agency_id(), "batch": batch.id, "kind": UNDONE, "now": now, "by": by.user_id}
            cursor.execute(_UNDO_SQL.format(insert=record.INSERT_SQL), values)
            return int(cursor.fetchone()[0])


def reassign(case: Case, collector: Membership, *, by: Membership, as_of: date, now: datetime) -> AllocationBatch:
    """Give one case to one collector, under the same rights and with the same undo."""
    rule = Rule(kind="COLLECTOR", targets=(collector.id,), as_of=as_of, now=now, case_ids=(case.id,), spread="COUNT")
    return allocate(rule, by=by, now=now)


def unassigned(member: Membership) -> list[dict[str, Any]]:
    """Open cases without a collector by team, portfolio and stage: counts and sums, for the allocation page."""
    cases = Case.objects.filter(collector=None).exclude(stage=Stage.CLOSED)
    if member.role == "COORDINATOR" and member.team_id is not None:
        cases = cases.filter(Q(team=None) | Q(team_id=member.team_id))
    return list(
        cases.values("portfolio_id", "portfolio__name", "team_id", "team__name", "stage", "currency")
        .annotate(cases=Count("id"), balance=Sum("balance"))
        .order_by("portfolio__name", "team__name", "stage", "currency")
    )
