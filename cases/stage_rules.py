"""The one table of transitions: which stage follows which, under which conditions, and who may say so.

A condition is a list of parts; each part is a `Q` over stored columns of the case and the sentence that says why it
fails. The same `Q` is read twice: by `holds` for one case in memory, and by Django's compiler for a set in SQL. The
day limits in it are values for one case and columns of a joined table for a set (`cases.transitions`).

Bounds come from the strategy in force (S000-02: 31, 61, 91 by default; cross-seed decision 1). Field is open at its
day limit or after broken promises in a row (S004-04 b) and refused before (S000-04); whether the night moves a case
there by itself is the strategy's choice. Legal needs a person's decision with a reason (S000-12, S004-38) that was
approved (`cases.court`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from cases.models import Case, Stage
from portfolios.strategies import Thresholds


@dataclass(frozen=True)
class Limits:
    """The latest due days at which a case belongs to a stage, on one day and under one strategy."""

    pre_soft_on: Any
    soft_on: Any
    field_on: Any
    field_by_days: Any
    broken_to_field: Any


def limits_of(thresholds: Thresholds, as_of: date) -> Limits:
    return Limits(
        pre_soft_on=as_of - timedelta(days=thresholds.pre_soft_from),
        soft_on=as_of - timedelta(days=thresholds.soft_from),
        field_on=as_of - timedelta(days=thresholds.field_from),
        field_by_days=thresholds.field_by_days,
        broken_to_field=thresholds.broken_promises_to_field,
    )


@dataclass(frozen=True)
class Part:
    """One condition and the sentence for a case that does not meet it."""

    q: Callable[[Limits], Q]
    otherwise: str | Promise


@dataclass(frozen=True)
class Rule:
    """One transition.

    `automatic`: the nightly roll and a payment make it; then nobody is asked. Otherwise a member with one of
    `permissions` does, and gives a reason where `needs_reason`.
    """

    name: str
    label: str | Promise
    sources: tuple[Stage, ...]
    target: Stage
    parts: tuple[Part, ...] = ()
    automatic: bool = False
    permissions: frozenset[Permission] = frozenset()
    needs_reason: bool = False
    sets: dict[str, Any] = field(default_factory=dict)
    """Further columns of the case that change with the stage."""

    def condition(self, limits: Limits) -> Q:
        q = Q()
        for part in self.parts:
            q &= part.q(limits)
        return q

    def failures(self, case: Case, limits: Limits) -> list[str]:
        """Why this case does not meet the condition; empty when it does."""
        return [str(part.otherwise) for part in self.parts if not holds(part.q(limits), case)]


NOT_HELD = Part(lambda _l: Q(on_hold=False), _("A hold is open on this case; lift it first."))
OWES = Part(lambda _l: Q(balance__gt=0), _("Nothing is owed any more."))
OWES_NOTHING = Part(lambda _l: Q(balance__lte=0), _("The debt is not paid in full."))
CURED = Part(
    lambda limits: Q(oldest_due_on=None) | Q(oldest_due_on__gt=limits.pre_soft_on),
    _("The debt is still past due by more days than may be only watched."),
)
PRE_SOFT_DAYS = Part(
    lambda limits: Q(oldest_due_on__lte=limits.pre_soft_on, oldest_due_on__gt=limits.soft_on),
    _("The days past due are not those of the pre-soft stage."),
)
SOFT_DAYS = Part(
    lambda limits: Q(oldest_due_on__lte=limits.soft_on),
    _("The debt is not past due by enough days for the soft stage."),
)
BEFORE_FIELD_DAYS = Part(
    lambda limits: Q(oldest_due_on__gt=limits.field_on),
    _("The debt is past due by as many days as the field stage asks."),
)
WORD_NOT_BROKEN = Part(
    lambda limits: Q(broken_in_a_row__lt=limits.broken_to_field, plan_broken=False),
    _("Promises were broken in a row, or a payment plan, so field stays open."),
)
NOT_ON_PLAN = Part(
    lambda _l: Q(on_plan=False), _("A payment plan is being kept; it stops the case from going further.")
)
FIELD_OPEN_TO_PEOPLE = Part(
    lambda limits: (
        Q(oldest_due_on__lte=limits.field_on) | Q(broken_in_a_row__gte=limits.broken_to_field) | Q(plan_broken=True)
    ),
    _(
        "The debt is not past due by enough days for a field visit, not enough promises were broken in a row, and no"
        " payment plan was broken."
    ),
)
FIELD_OPEN = Part(
    lambda limits: Q(oldest_due_on__lte=limits.field_on) | Q(broken_in_a_row__gte=limits.broken_to_field),
    _("The debt is not past due by enough days for a field visit, and not enough promises were broken in a row."),
)
FIELD_SHUT_OR_BY_HAND = Part(
    lambda limits: (
        Q(sent_back=True)
        | ~Q(Q(oldest_due_on__lte=limits.field_on) | Q(broken_in_a_row__gte=limits.broken_to_field))
        | Q(_night_decides(limits, False))
    ),
    _("The night sends this case to field."),
)
NIGHT_DECIDES = Part(
    lambda limits: _night_decides(limits, True), _("The strategy leaves field to a person's decision.")
)
APPROVED_FOR_COURT = Part(
    lambda _l: Q(court_decision_id__gte=1),
    _("Going to court is decided on the legal page of the case and approved there first."),
)
NOT_SENT_BACK = Part(lambda _l: Q(sent_back=False), _("A person sent this case back to the phone."))


def _night_decides(limits: Limits, wanted: bool) -> Q:
    """Whether `field_by_days` is `wanted`, as a `Q`: a constant for one case, a column for a set."""
    if isinstance(limits.field_by_days, bool):
        return Q() if limits.field_by_days is wanted else Q(pk__in=[])
    return Q(limits.field_by_days) if wanted else ~Q(limits.field_by_days)


_MOVERS = frozenset({Permission.CASES_MOVE})
_PHONE = (Stage.WATCH, Stage.PRE_SOFT, Stage.SOFT)
_OPEN = (*_PHONE, Stage.FIELD, Stage.LEGAL)

TABLE: tuple[Rule, ...] = (
    Rule("close_paid", _("Close: paid in full"), _OPEN, Stage.CLOSED, (OWES_NOTHING,), automatic=True,
         sets={"close_reason": "PAID", "sent_back": False}),
    Rule("cure", _("Cured: back to watch"), (Stage.PRE_SOFT, Stage.SOFT, Stage.FIELD), Stage.WATCH,
         (NOT_HELD, OWES, CURED), automatic=True,
         sets={"sent_back": False, "broken_in_a_row": 0, "plan_broken": False, "court_decision_id": None}),
    Rule("close_settled", _("Close: settled"), _OPEN, Stage.CLOSED, (OWES_NOTHING,),
         sets={"close_reason": "SETTLED", "sent_back": False}),
    Rule("enter_pre_soft", _("Enter pre-soft"), (Stage.WATCH,), Stage.PRE_SOFT,
         (NOT_HELD, OWES, NOT_ON_PLAN, PRE_SOFT_DAYS), automatic=True),
    Rule("return_to_pre_soft", _("Back to pre-soft"), (Stage.SOFT,), Stage.PRE_SOFT,
         (NOT_HELD, OWES, PRE_SOFT_DAYS), automatic=True, sets={"sent_back": False}),
    Rule("leave_field_to_pre_soft", _("From field back to pre-soft"), (Stage.FIELD,), Stage.PRE_SOFT,
         (NOT_HELD, OWES, PRE_SOFT_DAYS, WORD_NOT_BROKEN), automatic=True),
    Rule("enter_field", _("Enter field"), _PHONE, Stage.FIELD,
         (NOT_HELD, OWES, NOT_ON_PLAN, SOFT_DAYS, FIELD_OPEN, NIGHT_DECIDES, NOT_SENT_BACK), automatic=True),
    Rule("enter_soft", _("Enter soft"), (Stage.WATCH, Stage.PRE_SOFT), Stage.SOFT,
         (NOT_HELD, OWES, NOT_ON_PLAN, SOFT_DAYS, FIELD_SHUT_OR_BY_HAND), automatic=True),
    Rule("leave_field_to_soft", _("From field back to soft"), (Stage.FIELD,), Stage.SOFT,
         (NOT_HELD, OWES, SOFT_DAYS, BEFORE_FIELD_DAYS, WORD_NOT_BROKEN), automatic=True),
    Rule("send_to_field", _("Send to field"), _PHONE, Stage.FIELD,
         (NOT_HELD, OWES, NOT_ON_PLAN, FIELD_OPEN_TO_PEOPLE), permissions=_MOVERS, sets={"sent_back": False}),
    Rule("send_back_to_phone", _("Send back to the phone"), (Stage.FIELD,), Stage.SOFT,
         (NOT_HELD, OWES), permissions=_MOVERS, needs_reason=True, sets={"sent_back": True}),
    Rule("hand_to_legal", _("Hand to legal"), (Stage.PRE_SOFT, Stage.SOFT, Stage.FIELD), Stage.LEGAL,
         (NOT_HELD, OWES, NOT_ON_PLAN, APPROVED_FOR_COURT), permissions=_MOVERS | {Permission.LEGAL_CASES},
         needs_reason=True),
    Rule("send_back_from_legal", _("Take back from legal"), (Stage.LEGAL,), Stage.SOFT,
         (OWES,), permissions=_MOVERS | {Permission.LEGAL_CASES}, needs_reason=True,
         sets={"sent_back": True, "court_decision_id": None}),
    Rule("close", _("Close"), _OPEN, Stage.CLOSED, permissions=_MOVERS, needs_reason=True, sets={"sent_back": False}),
    Rule("reopen", _("Reopen"), (Stage.CLOSED,), Stage.WATCH,
         (OWES,), permissions=_MOVERS, needs_reason=True, sets={"close_reason": "", "court_decision_id": None}),
)  # fmt: skip
"""Exactly one automatic rule can apply to a case at once: their day bands and sources do not meet."""

RULES: dict[str, Rule] = {rule.name: rule for rule in TABLE}
AUTOMATIC: tuple[Rule, ...] = tuple(rule for rule in TABLE if rule.automatic)
BY_HAND: tuple[Rule, ...] = tuple(rule for rule in TABLE if not rule.automatic)


def holds(q: Q, case: Case) -> bool:
    """Whether the case meets `q`, by SQL's rules: comparing with nothing is unknown, and so is its negation."""
    return _truth(q, case) is True


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda value, wanted: value == wanted,
    "lt": lambda value, wanted: value < wanted,
    "lte": lambda value, wanted: value <= wanted,
    "gt": lambda value, wanted: value > wanted,
    "gte": lambda value, wanted: value >= wanted,
    "in": lambda value, wanted: value in wanted,
}


def _truth(q: Q | tuple[str, Any], case: Case) -> bool | None:
    """Three-valued truth: None is SQL's unknown."""
    if isinstance(q, tuple):
        return _compared(q[0], q[1], case)
    values = [_truth(child, case) for child in q.children]  # type: ignore[arg-type]
    if q.connector == Q.AND:
        truth = False if False in values else None if None in values else True
    else:
        truth = True if True in values else None if None in values else not values
    return truth if truth is None or not q.negated else not truth


def _compared(path: str, wanted: Any, case: Case) -> bool | None:
    name, _sep, lookup = path.partition("__")
    if isinstance(wanted, F | Combinable):
        raise TypeError(f"{path} compares with an expression, which only a database can read")
    value = getattr(case, name)
    if wanted is None:
        return value is None
    if lookup == "in" and not wanted:
        return False
    return None if value is None else _COMPARE[lookup or "exact"](value, wanted)
