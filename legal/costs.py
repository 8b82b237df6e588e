"""Costs of going to court: reported by the firm or the agency, charged to the debt at once, taken back if mistaken."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from agencies.models import Membership
from agencies.permissions import Permission
from audit import record
from cases.costs import charge, give_back
from cases.models import Case, Stage
from cases.next_actions import local_day
from common.refusals import NotUnderstood, Refused
from ledger import posting
from legal.handoffs import NotYourHandoff, check_follower
from legal.models import CostKind, CostTakenBack, Handoff, HandoffCost

REPORTED = record.kind(
    "legal.cost_reported", gettext_lazy("%(cost_kind)s of %(amount)s %(currency)s was reported."),
    cost_kind=CostKind.choices,
)  # fmt: skip
TAKEN_BACK = record.kind(
    "legal.cost_taken_back", gettext_lazy("%(cost_kind)s of %(amount)s %(currency)s was taken back."),
    cost_kind=CostKind.choices,
)  # fmt: skip


class CostIsGone(Refused):
    """It was taken back before."""


class WhyTakenBack(NotUnderstood):
    """The debtor owes less from then on: the reason is kept."""

    field = "reason"


@dataclass(frozen=True)
class Shown:
    """One line of costs, and its correction if it was taken back."""

    cost: HandoffCost
    taken_back: CostTakenBack | None


def report(
    handoff: Handoff, *, kind: str, amount: Decimal, incurred_on: date, by: Membership, now: datetime, note: str = ""
) -> HandoffCost:
    """Record costs in the case's currency and raise the debt by them; those of a closed case are kept uncharged.

    Raises:
        legal.handoffs.NotYourHandoff, legal.handoffs.NotNow; ledger.posting refusals.
        NotUnderstood: no such kind, a day to come, or one before the debt was taken over, which would make it overdue
            since then.
    """
    if kind not in CostKind.values:
        raise NotUnderstood(_("There is no such kind of costs."), field="kind")
    with transaction.atomic():
        fresh = Handoff.objects.select_for_update().get(id=handoff.id)
        check_follower(fresh, by)
        case = Case.objects.select_related("account", "agency", "mandate").get(id=fresh.case_id)
        if incurred_on < case.opened_on:
            raise NotUnderstood(_("Costs arise after the debt was taken over. Check the day."), field="incurred_on")
        if incurred_on > local_day(case.agency, now):
            raise NotUnderstood(_("This day has not come yet."), field="incurred_on")
        entry = None
        if case.stage == Stage.CLOSED:
            posting.check_amount(amount)
        else:
            with override("en"):
                named = str(CostKind(kind).label)
            entry = charge(case, amount=amount, incurred_on=incurred_on, reference=named, by=by, now=now)
        cost: HandoffCost = HandoffCost.objects.create(
            handoff=fresh, kind=kind, amount=amount, currency=case.currency, incurred_on=incurred_on,
            note=note.strip()[:140], entry=entry, reported_by=by.user, reported_at=now,
        )  # fmt: skip
        record.record(
            REPORTED, by=by.user, case_id=case.id, subject_id=cost.id, at=now, cost_kind=kind, amount=str(amount),
            currency=case.currency, charged=entry is not None,
        )  # fmt: skip
    return cost


def take_back(cost: HandoffCost, *, reason: str, by: Membership, now: datetime) -> CostTakenBack:
    """Undo costs that were reported twice or by mistake: the debt falls by them again.

    Raises:
        legal.handoffs.NotYourHandoff: only the agency's legal people do this.
        WhyTakenBack, CostIsGone; ledger.posting.CostsWerePaid.
    """
    if by.role_class.outside or not by.may(Permission.LEGAL_HANDOFF):
        raise NotYourHandoff(_("Only the agency's legal people take costs back."))
    if not reason.strip():
        raise WhyTakenBack(_("Say why the costs are taken back."))
    with transaction.atomic():
        Handoff.objects.select_for_update().get(id=cost.handoff_id)
        if CostTakenBack.objects.filter(cost=cost).exists():
            raise CostIsGone(_("These costs were taken back before."))
        case = Case.objects.select_related("account", "agency", "mandate").get(id=cost.handoff.case_id)
        entry = give_back(case, cost.entry, reason=reason, by=by, now=now) if cost.entry is not None else None
        made: CostTakenBack = CostTakenBack.objects.create(
            cost=cost, entry=entry, reason=reason.strip()[:240], by=by.user, at=now
        )
        record.record(
            TAKEN_BACK, by=by.user, case_id=case.id, subject_id=cost.id, at=now, cost_kind=cost.kind,
            amount=str(cost.amount), currency=cost.currency,
        )  # fmt: skip
    return made


def costs_of(handoff: Handoff) -> list[HandoffCost]:
    return list(HandoffCost.objects.filter(handoff=handoff).select_related("reported_by").order_by("id"))


def shown(handoff: Handoff) -> list[Shown]:
    """The costs of a handoff with their corrections: two queries."""
    costs = costs_of(handoff)
    gone = {one.cost_id: one for one in CostTakenBack.objects.filter(cost__in=costs).select_related("by")}
    return [Shown(cost, gone.get(cost.id)) for cost in costs]
