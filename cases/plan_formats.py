"""Plan formats of a mandate: made by a manager, approved by the creditor before the first plan uses one (S001-06)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from audit import record
from cases import approvals
from cases.models import Approval, ApprovalKind, PlanFormat
from common.refusals import NotUnderstood, Refused
from common.templatetags.trade import plain
from portfolios.models import Mandate

MADE = record.kind("terms.plan_format_made", gettext_lazy("Plan format %(name)s was made."))
APPROVED = record.kind("terms.plan_format_approved", gettext_lazy("Plan format %(name)s was approved."))
REFUSED = record.kind("terms.plan_format_refused", gettext_lazy("Plan format %(name)s was refused."))
RETIRED = record.kind("terms.plan_format_retired", gettext_lazy("Plan format %(name)s is not used any more."))

State = PlanFormat.State


class FormatTooLong(NotUnderstood):
    field = "max_months"


class FormatNameTaken(Refused):
    field = "name"


class FormatIsDecided(Refused):
    """It waits no more, or was retired before."""


class FormatNotApproved(Refused):
    """The creditor has not approved it, or it is not of the case's mandate."""

    field = "format"


@dataclass(frozen=True)
class FormatTerms:
    name: str
    max_months: int = 12
    interest_percent: Decimal = Decimal(0)
    fee_percent: Decimal = Decimal(0)
    minimum_percent: int = 100
    balloon_allowed: bool = False
    grace_days: int = 3


def make(mandate: Mandate, terms: FormatTerms, *, by: Membership, now: datetime) -> PlanFormat:
    """Make a format and ask the creditor for it.

    Raises:
        FormatTooLong: more months than the mandate allows, or than twelve (S004-49).
        FormatNameTaken: one of this name is in use or waits.
    """
    longest = min(mandate.max_plan_months, 12)
    if not 1 <= terms.max_months <= longest:
        raise FormatTooLong(_("A plan of this mandate may have at most %(months)s months.") % {"months": longest})
    try:
        with transaction.atomic():
            made: PlanFormat = PlanFormat.objects.create(mandate=mandate, made_by=by.user, made_at=now, **vars(terms))
            approvals.ask(
                ApprovalKind.PLAN_FORMAT, made.id, mandate=mandate, case=None, by=by, now=now,
                facts={name: _plain(value) for name, value in vars(terms).items()} | {"mandate": mandate.name},
            )  # fmt: skip
            _tell(MADE, made, by=by, now=now)
    except IntegrityError as error:
        raise FormatNameTaken(_("There is a format of this name already. Retire it first.")) from error
    return made


def retire(one: PlanFormat, *, by: Membership, now: datetime) -> PlanFormat:
    """Use a format no more; plans made with it go on. One that still waits is withdrawn.

    Raises:
        FormatIsDecided
    """
    with transaction.atomic():
        if one.state not in (State.AWAITING_APPROVAL, State.APPROVED):
            raise FormatIsDecided(_("This format is not in use any more."))
        approvals.withdraw(ApprovalKind.PLAN_FORMAT, one.id, by=by, now=now)
        one.state = State.RETIRED
        one.save(update_fields=["state"])
        _tell(RETIRED, one, by=by, now=now)
    return one


def usable(mandate: Mandate) -> Any:
    """The formats the creditor approved."""
    return PlanFormat.objects.filter(mandate=mandate, state=State.APPROVED).order_by("name", "id")


def _decided(approval: Approval, state: PlanFormat.State, kind: str, by: Membership, now: datetime) -> None:
    one = PlanFormat.objects.select_for_update().get(id=approval.subject_id)
    if one.state != State.AWAITING_APPROVAL:
        raise FormatIsDecided(_("This format no longer waits for a decision."))
    one.state = state
    one.save(update_fields=["state"])
    _tell(kind, one, by=by, now=now)


def _shown(approval: Approval) -> list[approvals.Fact]:
    facts = approval.facts
    return [
        approvals.Fact(_("Mandate"), facts["mandate"]),
        approvals.Fact(_("Format"), facts["name"]),
        approvals.Fact(_("Longest plan, months"), str(facts["max_months"])),
        approvals.Fact(_("Interest, % a year"), plain(facts["interest_percent"])),
        approvals.Fact(_("Fee, % of the sum"), plain(facts["fee_percent"])),
        approvals.Fact(_("Smallest instalment, % of the original one"), plain(facts["minimum_percent"])),
        approvals.Fact(_("Larger last instalment"), _("allowed") if facts["balloon_allowed"] else _("not allowed")),
        approvals.Fact(_("Days of grace"), str(facts["grace_days"])),
    ]


APPROVAL = approvals.Kind(
    ApprovalKind.PLAN_FORMAT,
    granted=lambda approval, by, now: _decided(approval, State.APPROVED, APPROVED, by, now),
    refused=lambda approval, by, now: _decided(approval, State.REFUSED, REFUSED, by, now),
    shown=_shown,
    days=14,
)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _tell(kind: str, one: PlanFormat, *, by: Membership, now: datetime) -> None:
    record.record(kind, by=by.user, subject_id=one.id, at=now, name=one.name)
