"""From facts to the evaluator's question: a pure step, the same for one contact and for a campaign of thousands."""

from dataclasses import dataclass
from datetime import datetime

from contacts.clocks import jurisdictions_of, phone_country, zones_of
from contacts.facts import CaseFacts, PartyLink, Person, Point
from jurisdictions.evaluator import EXPECTED_RING, Engine, Intent, Verdict

ENGINE = Engine()
"""One for the process: it remembers rules by day and hours by minute, and is safe to share between threads."""

_PARTY_WORDS = {
    "HOLDER": "debtor",
    "CODEBTOR": "codebtor",
    "GUARANTOR": "guarantor",
    "MORTGAGE_GUARANTOR": "guarantor",
    "EMPLOYER": "employer",
    "SUCCESSOR": "successor",
    "LAWYER": "attorney",
    "PROXY": "proxy_written",
    "TRUSTEE": "trustee",
}
_FOR_THE_DEBTOR = frozenset({"successor", "attorney", "proxy_written", "trustee"})
"""Parties who stand in the debtor's place: what is true of the debtor binds the contact with them."""

_POINT_WORDS = {
    "WRONG_NUMBER": "wrong_number",
    "DISCONNECTED": "disconnected",
    "UNDELIVERABLE": "undeliverable",
    "INVALID": "invalid",
    "UNCONFIRMED": "unconfirmed",
}
_WORK = {"EMPLOYER", "WORKPLACE"}


@dataclass(frozen=True, slots=True)
class Question:
    """One contact somebody wants to make.

    `party` and `place` left empty follow from the contact point: whose it is and where it rings. `elements`: what the
    content holds, as the packs name it. `replying`: the debtor asked for this contact.
    """

    case_id: int
    channel: str
    contact_point_id: int | None = None
    party: str = ""
    place: str = ""
    message_kind: str = "REMINDER"
    elements: tuple[str, ...] = ()
    replying: bool = False


def point_of(facts: CaseFacts, point_id: int | None) -> Point | None:
    """The contact point, if it belongs to anybody on the case."""
    if point_id is None:
        return None
    for person_id in (facts.debtor_id, *(link.person_id for link in facts.parties)):
        for point in facts.people[person_id].points:
            if point.id == point_id:
                return point
    return None


def _link(facts: CaseFacts, person_id: int) -> PartyLink | None:
    return next((link for link in facts.parties if link.person_id == person_id), None)


def party_of(facts: CaseFacts, point: Point | None) -> str:
    """Who answers there, in the packs' words. A proxy whose authorisation ran out is a third party."""
    if point is None or point.debtor_id == facts.debtor_id:
        return "third_party" if point is not None and point.owner_role == "THIRD_PARTY" else "debtor"
    link = _link(facts, point.debtor_id)
    if link is None or not link.in_force:
        return "third_party"
    return _PARTY_WORDS[link.role]


def person_of(facts: CaseFacts, party: str, point: Point | None) -> Person:
    """The person whose contacts are counted: the point's owner, else the first party of that kind, else the debtor."""
    if point is not None:
        return facts.people[point.debtor_id]
    for link in facts.parties:
        if _PARTY_WORDS[link.role] == party:
            return facts.people[link.person_id]
    return facts.debtor


def intent_of(question: Question, facts: CaseFacts, *, now: datetime) -> Intent:
    """The evaluator's question. A contact point nobody on the case owns is flagged, and blocks."""
    point = point_of(facts, question.contact_point_id)
    party = question.party or party_of(facts, point)
    person = person_of(facts, party, point)
    place = question.place or ("workplace" if point is not None and {point.owner_role, point.place} & _WORK else "home")
    number = point.value if point is not None and point.kind == "PHONE" else ""
    flags = facts.flags
    if not facts.contacted:
        flags += ("first_contact",)
    if question.replying:
        flags += ("reply_to_debtor",)
    return Intent(
        jurisdictions=jurisdictions_of(
            facts.law, person.country, person.region, phone_country(number) if number else ""
        ),
        subdivision=_province(person),
        channel=question.channel.lower(),
        party=party,
        place=place,
        point=str(question.contact_point_id) if question.contact_point_id is not None else None,
        at=now,
        zones=zones_of(
            declared=(point.time_zone if point is not None else "") or person.time_zone,
            country=person.country,
            region=person.region,
            residence_verified=person.residence_verified,
            phone=number,
        ),
        debt_id=str(facts.id),
        debt_kind=facts.debt,
        dpd=facts.dpd,
        message=question.message_kind.lower(),
        elements=question.elements,
        history=tuple(person.history),
        statuses=_statuses(facts, person, party),
        consents=person.consents,
        opt_outs=tuple(
            channel for channel, point_id in person.opt_outs if point_id in (None, question.contact_point_id)
        ),
        contact_point_flags=_point_flags(question, point),
        flags=flags,
        notices_sent=facts.notices,
        preferences=person.preferences,
        tenant_rules=facts.rules,
        loosened=facts.loosened,
        holiday_overrides=facts.holidays,
        expected_ring=EXPECTED_RING if question.channel == "IVM" else 0,
    )


def decide(question: Question, facts: CaseFacts, *, now: datetime, full: bool = False) -> tuple[Verdict, Intent]:
    """Ask every rule about one contact."""
    intent = intent_of(question, facts, now=now)
    return ENGINE.evaluate(intent, full=full), intent


def _province(person: Person) -> str:
    return f"{person.country}-{person.region}" if person.region and "-" not in person.region else person.region


def _statuses(facts: CaseFacts, person: Person, party: str) -> tuple[str, ...]:
    own = person.statuses
    if person.id != facts.debtor_id and party in _FOR_THE_DEBTOR:
        own += facts.debtor.statuses
    holds = facts.holds
    if person.id != facts.debtor_id and party not in _FOR_THE_DEBTOR:
        holds = tuple(one for one in holds if one not in _OF_THE_DEBTOR_ALONE)
    return tuple(dict.fromkeys([*own, *holds]))


_OF_THE_DEBTOR_ALONE = frozenset({"deceased", "insolvency_open", "represented", "cease_request", "vulnerable_hold"})
"""Holds that speak of the debtor's person, not of the debt: they do not bind a co-debtor."""


def _point_flags(question: Question, point: Point | None) -> tuple[str, ...]:
    if question.contact_point_id is None:
        return ()
    if point is None:
        return ("not_owned",)
    word = _POINT_WORDS.get(point.validity)
    return (word,) if word else ()
