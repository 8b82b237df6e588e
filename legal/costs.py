"""Costs of going to court: reported by the firm or the agency, charged to the debt at once."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from audit import record
from cases.costs import charge
from cases.models import Case
from common.refusals import NotUnderstood
from legal.handoffs import check_worker
from legal.models import CostKind, Handoff, HandoffCost

REPORTED = record.kind(
    "legal.cost_reported", gettext_lazy("%(cost_kind)s of %(amount)s %(currency)s was reported."),
    cost_kind=CostKind.choices,
)  # fmt: skip


def report(
    handoff: Handoff, *, kind: str, amount: Decimal, incurred_on: date, by: Membership, now: datetime, note: str = ""
) -> HandoffCost:
    """Record costs in the case's currency and raise the debt by them.

    Raises:
        legal.handoffs.NotYourHandoff, legal.handoffs.NotNow; NotUnderstood: no such kind; ledger.posting refusals.
    """
    if kind not in CostKind.values:
        raise NotUnderstood(_("There is no such kind of costs."), field="kind")
    with transaction.atomic():
        fresh = Handoff.objects.select_for_update().get(id=handoff.id)
        check_worker(fresh, by)
        case = Case.objects.select_related("account", "agency", "mandate").get(id=fresh.case_id)
        entry = charge(
            case, amount=amount, incurred_on=incurred_on, reference=str(CostKind(kind).label), by=by, now=now
        )  # fmt: skip
        cost: HandoffCost = HandoffCost.objects.create(
            handoff=fresh, kind=kind, amount=amount, currency=case.currency, incurred_on=incurred_on,
            note=note.strip()[:140], entry=entry, reported_by=by.user, reported_at=now,
        )  # fmt: skip
        record.record(
            REPORTED, by=by.user, case_id=case.id, subject_id=cost.id, at=now, cost_kind=kind, amount=str(amount),
            currency=case.currency,
        )  # fmt: skip
    return cost


def costs_of(handoff: Handoff) -> list[HandoffCost]:
    return list(HandoffCost.objects.filter(handoff=handoff).select_related("reported_by").order_by("id"))
