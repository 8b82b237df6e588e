"""May work in the field go on? A payment that came in stops it until a coordinator looked at it (S002-11).

A trip is stopped by a payment booked after it was ordered, a step with the financed object by one booked after the
first step. Holds stop visits through the gate, and steps with the object here.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from audit import record
from cases import standstill
from cases.models import Case
from cases.standstill import Stop
from common.refusals import Refused
from field.models import FinancedObject, ObjectStep, VisitOrder

WENT_ON = record.kind("field.went_on", gettext_lazy("A coordinator looked at the payment: work in the field goes on."))


class TripHalted(Refused):
    """A payment came in before the visit, and nobody has looked at it yet."""


class StepHalted(Refused):
    """The case is closed or held, or a payment came in that nobody has looked at yet."""


class NothingStopped(Refused):
    """There is no payment to look at."""


def halted(orders: Iterable[VisitOrder]) -> dict[int, Stop]:
    """Which of the trips, with their cases loaded, a payment stops, by the order's id: one statement for all."""
    asked = list(orders)
    found = standstill.paid_since({one.case.account_id: _mark(one) for one in asked})
    return {one.id: found[one.case.account_id] for one in asked if one.case.account_id in found}


def halted_cases(case_ids: Sequence[int]) -> dict[int, str]:
    """The sentence of every case among these whose open trip a payment stops."""
    orders = VisitOrder.objects.filter(case_id__in=case_ids, state=VisitOrder.State.OPEN).select_related("case")
    by_id = {order.id: order.case_id for order in orders}
    return {by_id[order_id]: stop.sentence for order_id, stop in halted(orders).items()}


def check_trip(order: VisitOrder, case: Case, *, at: datetime) -> None:
    """Let a visit made at a moment pass unless a payment had come in by then.

    Raises:
        TripHalted
    """
    stop = standstill.paid_since({case.account_id: _mark(order)}, until=at).get(case.account_id)
    if stop is not None:
        raise TripHalted(f"{stop.sentence} {_('The coordinator looks at it and lets the visits go on.')}")


def step_stops(found: FinancedObject, case: Case) -> list[Stop]:
    """Why nothing may be done to the object that its holder does not want."""
    stops = standstill.closed_or_held(case)
    if not stops:
        began = ObjectStep.objects.filter(object=found).order_by("id").values_list("asked_at", flat=True).first()
        mark = found.cleared_at or began
        stops = [] if mark is None else list(standstill.paid_since({case.account_id: mark}).values())
    return stops


def check_step(found: FinancedObject, case: Case) -> None:
    """Raises:
    StepHalted
    """
    stops = step_stops(found, case)
    if stops:
        raise StepHalted(stops[0].sentence)


def go_on(case: Case, *, by: Membership, now: datetime) -> None:
    """The payments so far were looked at: the trip and the steps with the objects of the case go on.

    Raises:
        NothingStopped
    """
    with transaction.atomic():
        orders = VisitOrder.objects.select_for_update(no_key=True, of=("self",)).select_related("case")
        trips = halted(orders.filter(case=case, state=VisitOrder.State.OPEN))
        objects = [
            one.id
            for one in FinancedObject.objects.select_for_update(no_key=True).filter(case=case).order_by("id")
            if any(stop.code == "PAYMENT" for stop in step_stops(one, case))
        ]
        if not trips and not objects:
            raise NothingStopped(_("No payment stops the work in the field."))
        VisitOrder.objects.filter(id__in=list(trips)).update(cleared_at=now)
        FinancedObject.objects.filter(id__in=objects).update(cleared_at=now)
        record.record(WENT_ON, by=by.user, case_id=case.id, at=now)


def _mark(order: VisitOrder) -> datetime:
    return order.cleared_at or order.opened_at
