"""Allocation in two levels: portfolios to teams, a team's cases to its collectors by that team's own coordinator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership, Team
from agencies.permissions import Permission
from agencies.scope import current_agency_id
from audit import record
from cases import experts
from cases.dealing import Load, Rule, candidates, deal, load_by, loads
from cases.models import AllocationBatch, Case, Stage
from common.refusals import NotUnderstood, Refused

__all__ = ["Load", "Rule", "allocate", "candidates", "loads", "preview", "reassign", "unassigned", "undo"]

ASSIGNED = record.kind("case.assigned", gettext_lazy("The case was assigned."))
UNDONE = record.kind("case.assignment_undone", gettext_lazy("The assignment was undone."))

UNDO_WITHIN = timedelta(hours=24)


class NotYourTeam(Refused):
    """A coordinator allocates only their own team's cases to their own team's collectors (S004-02)."""

    status = 403


class NobodyToAssignTo(NotUnderstood):
    field = "targets"


class NothingChosen(NotUnderstood):
    """No case was ticked."""

    field = "case"


class NotSkilled(Refused):
    """Cases marked for experts go to expert teams and collectors only (S002-04)."""

    field = "targets"


class UndoTooLate(Refused):
    """More than 24 hours ago, or undone before."""


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
    for_experts: int = 0
    """Of the chosen cases, those marked for experts."""
    experts_dealt: int = 0

    @property
    def left(self) -> int:
        """Cases nobody has room for, or whose language nobody speaks, or that need an expert."""
        return self.chosen - self.dealt

    @property
    def experts_left(self) -> int:
        """Cases for experts that no expert among the targets takes."""
        return self.for_experts - self.experts_dealt


def preview(rule: Rule) -> Preview:
    """What each target has before, gets, and has after; nothing is kept.

    Raises:
        NobodyToAssignTo: no target, or one that is not a collector or team of this agency.
    """
    with transaction.atomic():
        people = _people(rule)
        chosen = deal(rule, people)
        gets = load_by("JOIN allocation_deal d ON d.case_id = c.id", "d.target_id", rule)
        column = "c.team_id" if rule.kind == "TEAM" else "c.collector_id"
        before = load_by("", column, rule)
        names = _names(rule, people)
        hard, hard_dealt = _for_experts(rule)
    rows = tuple(
        PreviewRow(
            target, names[target][0], before.get(target, Load()), gets.get(target, Load()),
            _together(before.get(target, Load()), gets.get(target, Load())), names[target][1],
        )
        for target in rule.targets
    )  # fmt: skip
    return Preview(rows, chosen, sum(row.gets.cases for row in rows), hard, hard_dealt)


def _for_experts(rule: Rule) -> tuple[int, int]:
    """How many of the rule's cases are for experts, and how many of those were dealt."""
    hard = candidates(rule).exclude(for_experts="")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM allocation_deal d JOIN cases_case c ON c.agency_id = %s AND c.id = d.case_id"
            " WHERE c.for_experts <> ''", [current_agency_id()],
        )  # fmt: skip
        dealt = int(cursor.fetchone()[0])
    return max(hard.count() if rule.limit is None else dealt, dealt), dealt


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
        NotSkilled: cases picked by hand are for experts, and no target is one.
    """
    with transaction.atomic():
        people = _people(rule)
        _check_right(rule, people, by)
        _check_skill(rule, people)
        deal(rule, people)
        batch: AllocationBatch = AllocationBatch.objects.create(kind=rule.kind, by=by.user)
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


def _check_skill(rule: Rule, people: Sequence[Membership]) -> None:
    """Picked by hand, a case for experts is refused aloud; a rule leaves it where it is and its preview says so."""
    if not rule.case_ids or not candidates(rule).exclude(for_experts="").exists():
        return
    skilled = experts.skilled_teams(rule.targets) if rule.kind == "TEAM" else experts.skilled_people(people)
    if not skilled:
        raise NotSkilled(_("Among these are cases for experts: choose an expert, or a team of experts."))


_APPLY_SQL = """
WITH dealt AS (
    SELECT c.id, d.target_id, c.team_id, c.collector_id, m.team_id AS target_team
    FROM allocation_deal d JOIN cases_case c ON c.id = d.case_id AND c.agency_id = %(agency)s
    LEFT JOIN agencies_membership m ON m.agency_id = %(agency)s AND m.id = d.target_id AND NOT %(to_team)s
    WHERE c.stage <> 'CLOSED' FOR NO KEY UPDATE OF c),
moves AS (
    INSERT INTO cases_allocationmove
        (agency_id, batch_id, case_id, from_team_id, to_team_id, from_collector_id, to_collector_id)
    SELECT %(agency)s, %(batch)s, id, team_id,
           CASE WHEN %(to_team)s THEN target_id ELSE coalesce(target_team, team_id) END,
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
    values: dict[str, Any] = {
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
            values: dict[str, Any] = {
                "agency": current_agency_id(),
                "batch": batch.id,
                "kind": UNDONE,
                "now": now,
                "by": by.user_id,
            }
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
