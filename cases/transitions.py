"""The only door through which a stage changes: one case by `apply`, a set by `apply_all`, both from `TABLE`.

The database refuses a change of stage unless this module opened its door for the statement (`app.stage_door`), and
django-fsm's protected field refuses it in Python.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, cast

from django.db import connection, transaction
from django.db.models import BooleanField, DateField, IntegerField
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import transition

from agencies.actors import Actor, user_of
from agencies.models import Membership, User
from agencies.roles import ROLES
from agencies.scope import current_agency_id
from audit import record
from cases import closing
from cases.models import Case, CloseReason, Note, Stage
from cases.stage_rules import AUTOMATIC, BY_HAND, RULES, TABLE, Limits, Rule, limits_of
from common.refusals import NotUnderstood, Refused
from portfolios import strategies

__all__ = [
    "TABLE",
    "NotYours",
    "ReasonMissing",
    "TransitionRefused",
    "apply",
    "apply_all",
    "available",
    "close",
    "close_sold",
    "follow",
]

STAGE_CHANGED = record.kind("case.stage_changed", gettext_lazy("Stage changed from %(from_stage)s to %(stage)s."))
CLOSED = record.kind("case.closed", gettext_lazy("The case was closed."))
REOPENED = record.kind("case.reopened", gettext_lazy("The case was reopened."))
KIND_OF = {"close": CLOSED, "close_paid": CLOSED, "close_settled": CLOSED, "reopen": REOPENED}
BY_MACHINE = frozenset({"reopen", "close_settled"})
"""Steps that follow from money and that no night finds: a reversal reopens, a kept settlement closes."""


class TransitionRefused(Refused):
    """The table does not allow it; the sentence says why."""


class NotYours(Refused):
    """The role may not make this transition."""

    status = 403


class ReasonMissing(NotUnderstood):
    field = "reason"


_moving: dict[int, Limits] = {}


def _machine(rule: Rule) -> Callable[..., None]:
    """The django-fsm transition of one rule: sources, target and condition are the table's."""

    def move(case: Case) -> None:
        for column, value in rule.sets.items():
            setattr(case, column, value)

    move.__name__ = move.__qualname__ = rule.name
    guarded: Callable[..., None] = transition(
        field=Case._meta.get_field("stage"),
        source=[str(source) for source in rule.sources],
        target=str(rule.target),
        conditions=[lambda case: not rule.failures(cast(Case, case), _moving[id(case)])],
        custom={"rule": rule},
    )(move)
    return guarded


MACHINE: dict[str, Callable[..., None]] = {rule.name: _machine(rule) for rule in TABLE}


def apply(
    case: Case,
    name: str,
    *,
    by: Actor,
    as_of: date,
    reason: str = "",
    now: datetime | None = None,
    close_reason: CloseReason | str = "",
) -> Case:
    """Make the transition `name` on one case; its row is locked and its stored columns are what counts.

    `by` None is the machine, which makes only automatic ones. The reason is kept as a note of the case.

    Raises:
        NotYours: the role of `by` may not.
        ReasonMissing: a person must say why.
        TransitionRefused: stage or condition forbid it; the sentence says which.
    """
    rule = RULES[name]
    _check_actor(rule, by)
    if rule.needs_reason and by is not None and not (reason.strip() or close_reason):
        raise ReasonMissing(_("Say why, in a few words."))
    if rule.name == "close" and close_reason not in CloseReason.values:
        raise ReasonMissing(_("Choose for which reason the case is closed."), field="close_reason")
    if close_reason == CloseReason.SOLD:
        raise TransitionRefused(
            _("A sale is recorded with its buyer and confirmed by the creditor: tick the case in the list."),
            field="close_reason",
        )  # fmt: skip
    moment = now or timezone.now()
    with transaction.atomic():
        fresh = Case.objects.select_for_update(no_key=True).get(id=case.id)
        limits = limits_of(strategies.in_force_by_portfolio(as_of)[fresh.portfolio_id], as_of)
        source = fresh.stage
        _check_state(rule, fresh, limits)
        _moving[id(fresh)] = limits
        try:
            MACHINE[name](fresh)
        finally:
            del _moving[id(fresh)]
        columns = ["stage", "stage_since", *rule.sets]
        fresh.stage_since = as_of
        if rule.target == Stage.CLOSED:
            fresh.closed_on, fresh.claimed_by, fresh.claimed_until = as_of, None, None
            fresh.close_reason = close_reason or fresh.close_reason
            columns += ["closed_on", "close_reason", "claimed_by", "claimed_until"]
        elif source == Stage.CLOSED:
            fresh.closed_on = None
            columns += ["closed_on"]
        with _door():
            fresh.save(update_fields=list(dict.fromkeys(columns)))
        _tell(rule, fresh, source, by=by, reason=reason, now=moment)
        if rule.target == Stage.CLOSED:
            closing.follow([fresh.id], by=by, now=moment)
            fresh.on_plan = False  # its plan ended with it
            columns += ["on_plan"]
    _mirror(fresh, case, columns)
    return case


def close(
    case: Case, *, reason: CloseReason | str, by: Actor, as_of: date, why: str = "", now: datetime | None = None
) -> Case:
    """Close the case for one of the known reasons. `why` is kept as a note."""
    return apply(case, "close", by=by, as_of=as_of, reason=why, now=now, close_reason=reason)


_CLOSE_SOLD_SQL = f"""
WITH open AS (
    SELECT id, stage FROM cases_case WHERE agency_id = %(agency)s AND id = ANY(%(ids)s) AND stage <> 'CLOSED'
    FOR NO KEY UPDATE),
closed AS (
    UPDATE cases_case c SET stage = 'CLOSED', stage_since = %(as_of)s, closed_on = %(as_of)s, close_reason = 'SOLD',
        sent_back = false, claimed_by_id = NULL, claimed_until = NULL
    FROM open WHERE c.agency_id = %(agency)s AND c.id = open.id RETURNING c.id, open.stage AS source),
written AS (
    {record.INSERT_SQL}
    SELECT %(agency)s, '{CLOSED}', %(now)s, %(by)s, id, NULL,
           jsonb_build_object('transition', 'close', 'from_stage', source, 'stage', 'CLOSED', 'close_reason', 'SOLD'),
           ''
    FROM closed)
SELECT id FROM closed
"""  # noqa: S608 (constant text)


def close_sold(case_ids: Sequence[int], *, as_of: date, by: User, now: datetime) -> list[int]:
    """Close every open one of these cases as sold, by one statement; only `cases.sales` asks for it, with the
    creditor's word. Returns the ids of those that were closed."""
    keys: dict[str, Any] = {
        "agency": current_agency_id(),
        "ids": list(case_ids),
        "as_of": as_of,
        "now": now,
        "by": by.id,
    }
    with transaction.atomic(), _door(), connection.cursor() as cursor:
        cursor.execute(_CLOSE_SOLD_SQL, keys)
        closed = [row[0] for row in cursor.fetchall()]
        closing.follow(closed, by=by, now=now)
    return closed


def follow(case: Case, *, as_of: date, now: datetime | None = None) -> str | None:
    """Make the automatic transition that the case's stored columns call for, if any; return its name."""
    fresh = Case.objects.get(id=case.id)
    limits = limits_of(strategies.in_force_by_portfolio(as_of)[fresh.portfolio_id], as_of)
    for rule in AUTOMATIC:
        if fresh.stage in rule.sources and not rule.failures(fresh, limits):
            apply(case, rule.name, by=None, as_of=as_of, now=now)
            return rule.name
    return None


def available(case: Case, *, role: str, as_of: date) -> list[tuple[Rule, str]]:
    """Transitions by hand that the stage offers to `role`, each with the sentence that forbids it now ("" = free)."""
    limits = limits_of(strategies.in_force_by_portfolio(as_of)[case.portfolio_id], as_of)
    permissions = ROLES[role].permissions
    offered = [rule for rule in BY_HAND if case.stage in rule.sources and rule.permissions & permissions]
    return [(rule, " ".join(rule.failures(case, limits)[:1])) for rule in offered]


def apply_all(
    *, as_of: date, portfolio_ids: Sequence[int] | None = None, by: User | None = None, now: datetime | None = None
) -> dict[str, int]:
    """Make every automatic transition that is called for, of the agency in scope, by one statement.

    Only the cases that change are written, each with its event. A second call on the same day changes nothing.
    """
    thresholds = strategies.in_force_by_portfolio(as_of)
    chosen = [pid for pid in thresholds if portfolio_ids is None or pid in set(portfolio_ids)]
    if not chosen:
        return {}
    values: list[Any] = []
    for portfolio_id in chosen:
        limits = limits_of(thresholds[portfolio_id], as_of)
        values += [
            portfolio_id,
            limits.pre_soft_on,
            limits.soft_on,
            limits.field_on,
            limits.field_by_days,
            limits.broken_to_field,
        ]
    rows = ", ".join(["(%s::bigint, %s::date, %s::date, %s::date, %s::boolean, %s::int)"] * len(chosen))
    candidates, parameters = _candidates_sql()
    agency_id, moment = current_agency_id(), now or timezone.now()
    sql = f"""
        WITH limits (portfolio_id, pre_soft_on, soft_on, field_on, field_by_days, broken_to_field) AS (VALUES {rows}),
        called AS ({candidates}),
        moved AS (
            UPDATE cases_case AS c SET stage = called.target, stage_since = %s, {_SETS_SQL}
            FROM called WHERE c.id = called.id AND c.agency_id = %s AND c.stage = called.source
            RETURNING c.id, called.name, called.source, called.target),
        written AS (
            {record.INSERT_SQL}
            SELECT %s, {_KIND_SQL}, %s, %s, id, NULL,
                   jsonb_build_object('transition', name, 'from_stage', source, 'stage', target), ''
            FROM moved)
        SELECT name, count(*), array_agg(id) FILTER (WHERE target = '{Stage.CLOSED}') FROM moved
        GROUP BY name ORDER BY name
    """  # noqa: S608 (built from the table of this module alone)
    values += [*parameters, as_of, *_set_values(as_of), agency_id, agency_id, moment, by.id if by else None]
    with transaction.atomic():
        with _door(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            moved = cursor.fetchall()
        closing.follow([one for _name, _count, closed in moved for one in closed or ()], by=by, now=moment)
    return {name: count for name, count, _closed in moved}


_LIMIT_COLUMNS = {
    "pre_soft_on": DateField,
    "soft_on": DateField,
    "field_on": DateField,
    "field_by_days": BooleanField,
    "broken_to_field": IntegerField,
}


def _candidates_sql() -> tuple[str, list[Any]]:
    """One SELECT per automatic rule and source, so that the index (portfolio, stage, due day) serves each."""
    limits = Limits(*(RawSQL(f"limits.{column}", [], kind()) for column, kind in _LIMIT_COLUMNS.items()))  # noqa: S611
    parts, parameters = [], []
    for rule in AUTOMATIC:
        for source in rule.sources:
            query = Case.objects.filter(rule.condition(limits), stage=str(source)).query
            where, values = query.where.as_sql(query.get_compiler(connection=connection), connection)
            parts.append(
                f"SELECT cases_case.id, '{rule.name}'::text AS name, '{source}'::text AS source,"  # noqa: S608
                f" '{rule.target}'::text AS target"
                f" FROM limits JOIN cases_case ON cases_case.portfolio_id = limits.portfolio_id WHERE {where}"
            )
            parameters += values
    return " UNION ALL ".join(parts), parameters


def _columns_set() -> list[str]:
    return sorted({column for rule in AUTOMATIC for column in rule.sets})


def _sets_sql() -> str:
    cases = []
    for column in _columns_set():
        rules = [rule for rule in AUTOMATIC if column in rule.sets]
        whens = " ".join(f"WHEN '{rule.name}' THEN %s" for rule in rules)
        cases.append(f"{column} = CASE called.name {whens} ELSE c.{column} END")
    closing = " OR ".join(f"called.name = '{rule.name}'" for rule in AUTOMATIC if rule.target == Stage.CLOSED)
    cases.append(f"closed_on = CASE WHEN {closing} THEN %s ELSE c.closed_on END")
    cases += [
        f"{claim} = CASE WHEN {closing} THEN NULL ELSE c.{claim} END" for claim in ("claimed_by_id", "claimed_until")
    ]
    return ", ".join(cases)


def _set_values(as_of: date) -> list[Any]:
    values = [rule.sets[column] for column in _columns_set() for rule in AUTOMATIC if column in rule.sets]
    return [*values, as_of]


_SETS_SQL = _sets_sql()
_KIND_SQL = f"CASE name WHEN 'close_paid' THEN '{CLOSED}' ELSE '{STAGE_CHANGED}' END"


@contextmanager
def _door() -> Iterator[None]:
    """Let the statements inside change stages; the setting ends with the block, at the latest with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.stage_door', 'open', true)")
        yield
        if not connection.needs_rollback:
            cursor.execute("SELECT set_config('app.stage_door', '', true)")


def _check_actor(rule: Rule, by: Actor) -> None:
    if by is None:
        if rule.automatic or rule.name in BY_MACHINE:
            return
        raise NotYours(_("This step is a person's decision."))
    member = by if isinstance(by, Membership) else Membership.objects.filter(user=by, is_active=True).first()
    if member is None or not rule.permissions & member.role_class.permissions:
        raise NotYours(_("Your role does not allow this step."))


def _check_state(rule: Rule, case: Case, limits: Limits) -> None:
    if case.stage not in rule.sources:
        raise TransitionRefused(
            _("A case in the stage “%(stage)s” cannot take this step.") % {"stage": Stage(case.stage).label},
            field="transition",
        )
    failures = rule.failures(case, limits)
    if failures:
        raise TransitionRefused(failures[0], field="transition", reasons=failures)


def _tell(rule: Rule, case: Case, source: str, *, by: Actor, reason: str, now: datetime) -> None:
    note = (
        Note.objects.create(case=case, text=reason.strip(), by=user_of(by))
        if reason.strip() and by is not None
        else None
    )
    kind = KIND_OF.get(rule.name, STAGE_CHANGED)
    record.record(
        kind, by=user_of(by), case_id=case.id, subject_id=note.id if note else None, at=now,
        transition=rule.name, from_stage=source, stage=str(rule.target),
    )  # fmt: skip


def _mirror(fresh: Case, case: Case, columns: Sequence[str]) -> None:
    """Bring the caller's object to what was saved."""
    if fresh is case:
        return
    for column in columns:
        if column == "stage":
            case.__dict__["stage"] = fresh.stage
        else:
            setattr(case, column, getattr(fresh, column))
