"""Where a visit would go, and what the gate says about going there now. Nothing is stored or reserved by asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contacts import facts, gate
from contacts.questions import Question
from debtors.models import ContactPoint
from field.queries import VisitCard
from portfolios.models import Channel


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
