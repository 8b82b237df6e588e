"""Whom to call first: the order of seed 004, 2.2, each number with the gate's answer."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.models import Case, PartyRole
from contacts import facts, gate
from contacts.facts import CaseFacts, Person, Point
from contacts.gate import Answer
from contacts.questions import Question
from debtors.models import USABLE, OwnerRole, Validity

_RANKS = {"HOLDER": 0, "EMPLOYER": 1, "CODEBTOR": 2, "GUARANTOR": 3, "MORTGAGE_GUARANTOR": 3}
_OTHERS = 4


@dataclass(frozen=True)
class Ranked:
    """One number of the waterfall. `whose` is the role's name, `usable` tells if the number itself may be right."""

    point_id: int
    value: str
    person_id: int
    name: str
    whose: str
    place: str
    rank: int
    usable: bool
    validity: str
    answer: Answer

    @property
    def allowed(self) -> bool:
        return self.usable and self.answer.allowed


def best_points(case: Case, *, now: datetime, channel: str = "CALL", about: CaseFacts | None = None) -> list[Ranked]:
    """Every phone of everybody on the case: holder, employer, co-debtor, guarantor, others; invalid ones last.

    Within a rank those proved valid come first, then the one that answered last. `about`: facts collected before.
    """
    about = about or facts.collect([case.id], now=now)[case.id]
    found = [
        _ranked(about, person, point, role, channel=channel, now=now)
        for person, role in _people(about)
        for point in person.points
        if point.kind == "PHONE"
    ]
    order = {point.id: point for person, _role in _people(about) for point in person.points}
    return sorted(found, key=lambda one: _place(one, order[one.point_id]))


def all_invalid(case: Case, *, now: datetime) -> bool:
    """Whether no number is left to try, so that the case belongs to skip tracing (S004-14, 6)."""
    return not any(one.usable for one in best_points(case, now=now))


def _people(about: CaseFacts) -> list[tuple[Person, str]]:
    parties = [(about.people[link.person_id], link.role) for link in about.parties]
    return [(about.debtor, "HOLDER"), *parties]


def _ranked(about: CaseFacts, person: Person, point: Point, role: str, *, channel: str, now: datetime) -> Ranked:
    if role == "HOLDER" and point.owner_role != OwnerRole.HOLDER:
        role = point.owner_role
    labels = {**dict(PartyRole.choices), OwnerRole.THIRD_PARTY.value: _("Someone else")}
    return Ranked(
        point_id=point.id,
        value=point.value,
        person_id=person.id,
        name=person.name,
        whose=str(labels.get(role, role)),
        place=point.place,
        rank=_RANKS.get(role, _OTHERS),
        usable=point.validity in USABLE,
        validity=str(Validity(point.validity).label),
        answer=gate.answer(Question(about.id, channel, point.id), about, now=now),
    )


def _place(one: Ranked, point: Point) -> tuple[bool, int, bool, float, int]:
    answered = point.last_answered_at.timestamp() if point.last_answered_at else 0.0
    return (not one.usable, one.rank, point.validity != Validity.VALID, -answered, point.id)
