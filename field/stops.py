"""Where a visit would go, and what the gate says about going there now. Nothing is stored or reserved by asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contacts import facts, gate
from contacts.models import Verdict
from contacts.questions import Question
from debtors.models import ContactPoint
from field import going
from field.models import VisitOrder, VisitStop
from field.queries import VisitCard
from portfolios.models import Channel

WAIT = timedelta(hours=12)
"""A stop the gate opens again within so many hours stays in the day's plan: the collector comes at that hour."""


@dataclass(frozen=True)
class Stop:
    """One address of a case, and whether it may be visited now; the answer's sentence says why not and until when."""

    address: ContactPoint
    answer: gate.Answer


def planned(cards: Sequence[VisitCard], *, now: datetime) -> list[tuple[VisitCard, list[Stop]]]:
    """Each card with its stops. The facts of all cases are collected once, by a fixed number of queries."""
    about = facts.collect([card.case.id for card in cards], now=now) if cards else {}
    return [
        (
            card,
            [
                Stop(address, gate.answer(_visit(card, address), about[card.case.id], now=now))
                for address in card.addresses
            ],
        )
        for card in cards
    ]


def _visit(card: VisitCard, address: ContactPoint) -> Question:
    return Question(card.case.id, Channel.VISIT, address.id, party="debtor")


def opens_today(answer: gate.Answer, *, now: datetime) -> bool:
    """Whether the gate lets the visit be made now, or after a short wait. A dispute does not end by waiting."""
    short = answer.until is not None and answer.until - now < WAIT
    return answer.allowed or (answer.verdict == Verdict.DEFER and short)


def stopped(trips: Sequence[tuple[VisitOrder, Sequence[VisitStop]]], *, now: datetime) -> dict[int, str]:
    """Why a whole trip is stopped, by the order's id: a payment came in, or the gate says no to every open address, for
    example because of a dispute or a bankruptcy (S002-11).

    The orders come with their cases. Payments and facts are collected once for all trips.
    """
    about = facts.collect([order.case_id for order, _stops in trips], now=now) if trips else {}
    found = {order_id: stop.sentence for order_id, stop in going.halted(order for order, _stops in trips).items()}
    for order, places in trips:
        if order.id in found:
            continue
        answers = [
            gate.answer(
                Question(order.case_id, Channel.VISIT, place.address_id, party="debtor"), about[order.case_id], now=now
            )
            for place in places
            if place.state == VisitStop.State.PENDING
        ]
        if answers and not any(opens_today(answer, now=now) for answer in answers):
            found[order.id] = answers[0].sentence
    return found
