"""A field collector's day: which stops come first by the procedure, which of them the gate lets be visited, and the
order in which they are driven."""

from dataclasses import dataclass
from datetime import date, datetime

from agencies.models import Membership
from cases.models import Case
from contacts import facts, gate
from contacts.questions import Question
from debtors.models import ContactPoint
from field import going
from field.models import VisitOrder, VisitStop
from field.order import Order, arranged
from field.routing import Place, Route, route
from field.stops import opens_today
from portfolios.models import Channel

STOPS_A_DAY = 12


@dataclass(frozen=True)
class Stop:
    """One address to visit. `answer` is the gate's for a visit now; `late`: its order is past its time; `halt`: why a
    payment stops it, else empty."""

    stop: VisitStop
    case: Case
    address: ContactPoint
    answer: gate.Answer
    late: bool
    halt: str = ""

    @property
    def sentence(self) -> str:
        """Why it is not to be visited now."""
        return self.halt or self.answer.sentence


@dataclass(frozen=True)
class Day:
    """Stops that may be visited today in the order of driving; those the gate or a payment stops, with the sentence;
    how many wait for another day."""

    stops: list[Stop]
    stopped: list[Stop]
    route: Route
    waiting: int


def day_of(collector: Membership, *, as_of: date, now: datetime, limit: int = STOPS_A_DAY) -> Day:
    """Plan the day: trips past their time first, then the procedure's order (S004-28); the gate is asked for each stop.

    A stop the gate shuts only until later today stays in the plan: the collector may come at that hour.
    """
    mine = VisitOrder.objects.filter(collector=collector, state=VisitOrder.State.OPEN).select_related("case")
    orders = {order.case_id: order for order in mine}
    halts = going.halted(orders.values())
    cases = arranged(
        Case.objects.filter(id__in=list(orders)), order=Order.PRIORITY, as_of=as_of, now=now,
        currency=collector.agency.currency,
    ).select_related("debtor", "creditor")  # fmt: skip
    ranked = sorted(cases, key=lambda case: orders[case.id].due_at >= now)
    open_stops: dict[int, list[VisitStop]] = {}
    for one in VisitStop.objects.filter(
        order_id__in=[order.id for order in orders.values()], state=VisitStop.State.PENDING
    ).select_related("address").order_by("id"):  # fmt: skip
        open_stops.setdefault(one.order_id, []).append(one)
    about = facts.collect([case.id for case in ranked], now=now) if ranked else {}
    allowed: list[Stop] = []
    stopped: list[Stop] = []
    waiting = 0
    for case in ranked:
        order = orders[case.id]
        for one in open_stops.get(order.id, []):
            one.order = order
            question = Question(case.id, Channel.VISIT, one.address_id, party="debtor")
            answer = gate.answer(question, about[case.id], now=now)
            halt = halts[order.id].sentence if order.id in halts else ""
            found = Stop(one, case, one.address, answer, late=order.due_at < now, halt=halt)
            if halt or not opens_today(answer, now=now):
                stopped.append(found)
            elif len(allowed) < limit:
                allowed.append(found)
            else:
                waiting += 1
    way = route([_place(one) for one in allowed])
    by_key = {one.stop.id: one for one in allowed}
    return Day([by_key[key] for key in way.keys], stopped, way, waiting)


def _place(one: Stop) -> Place:
    address = one.address
    latitude = None if address.latitude is None else float(address.latitude)
    longitude = None if address.longitude is None else float(address.longitude)
    return Place(one.stop.id, latitude, longitude, address.city, address.postal_code)
