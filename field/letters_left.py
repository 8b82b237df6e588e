"""Where the sealed contact letter may be left: as the procedure asks (S004-34…36, S004-76) and the law allows.

The packs are asked the same question the gate asks: whether anything may be posted on the door there, and whether the
law itself forbids that a third person is addressed. A sealed envelope tells its bearer nothing, so our own practice of
speaking with nobody else does not forbid handing it over; a law does. At a place of work it is handed to the debtor or
to the employer and nobody else; whether we may come there at all, the gate says before (S004-36 beside S004-72).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Case, PartyRole
from common.refusals import NotUnderstood, Refused
from contacts import facts, questions
from contacts.questions import Question
from debtors.models import ContactPoint, OwnerRole
from field.models import Letter, Outcome
from jurisdictions.codes import Code, Force
from portfolios.models import Channel

FOR_THE_DEBTOR = frozenset(
    {PartyRole.HOLDER, PartyRole.CODEBTOR, PartyRole.SUCCESSOR, PartyRole.LAWYER, PartyRole.PROXY, PartyRole.TRUSTEE}
)
"""People of the case who owe themselves or stand in the debtor's place: no third persons."""


class Relation(models.TextChoices):
    """What a third person who was met is to the debtor; kept in `Visit.relation`. Their name is never asked."""

    FAMILY = "FAMILY", gettext_lazy("Family or household")
    NEIGHBOUR = "NEIGHBOUR", gettext_lazy("Neighbour")
    ADMINISTRATOR = "ADMINISTRATOR", gettext_lazy("Block administrator")
    WORK = "WORK", gettext_lazy("Employer or colleague")
    KNOWS = "KNOWS", gettext_lazy("Knows the debtor otherwise")
    STRANGER = "STRANGER", gettext_lazy("Does not know the debtor")


class RelationMissing(NotUnderstood):
    field = "relation"


class LetterNotAllowed(Refused):
    """The letter may not be left there, or not with this person."""

    field = "letter"


@dataclass(frozen=True)
class LetterRules:
    """What the law of the case says: may the door be used, may a third person take the envelope."""

    door: bool
    third_person: bool
    workplace: bool = False
    """It is the debtor's place of work: the envelope goes into a hand, the debtor's or the employer's (S004-36)."""


def rules_for(case: Case, address: ContactPoint, *, now: datetime) -> LetterRules:
    about = facts.collect([case.id], now=now)[case.id]

    def findings(*, party: str, place: str = "") -> list[tuple[str, str]]:
        question = Question(case.id, Channel.VISIT, address.id, party, place)
        verdict, _intent = questions.decide(question, about, now=now)
        return [(str(one.code), str(one.force)) for one in verdict.findings]

    door = findings(party="debtor", place="door_posting")
    third = findings(party="third_party")
    return LetterRules(
        door=Code.PLACE_DOOR_POSTING not in {code for code, _force in door},
        third_person=(str(Code.PARTY_THIRD_PARTY), str(Force.LAW)) not in third,
        workplace=is_workplace(address),
    )


def is_workplace(address: ContactPoint) -> bool:
    return address.place == "WORKPLACE" or address.owner_role == OwnerRole.EMPLOYER


def check(letter: str, *, outcome: str, person_role: str, relation: str, rules: LetterRules) -> None:
    """Let only pass what may be done with the letter.

    Raises:
        RelationMissing: somebody else was met and nobody knows who they are to the debtor (S004-34).
        LetterNotAllowed: the sentence says why.
    """
    stands_for = person_role in FOR_THE_DEBTOR
    if outcome == Outcome.MET_OTHER and not person_role and not relation:
        raise RelationMissing(_("Say what the person is to the debtor. No name is needed."))
    if letter == Letter.NONE:
        return
    if outcome in (Outcome.MOVED, Outcome.WRONG_ADDRESS):
        raise LetterNotAllowed(_("The debtor does not live there: no letter is left."))
    if letter == Letter.DEBTOR and outcome not in (Outcome.MET_DEBTOR, Outcome.REFUSED):
        raise LetterNotAllowed(_("The letter is handed to the debtor only when the debtor was met."))
    if rules.workplace and letter in (Letter.DOOR, Letter.MAILBOX):
        raise LetterNotAllowed(
            _("At the place of work the sealed letter is handed to the debtor or to the employer, or not left at all.")
        )
    if letter == Letter.DOOR and not rules.door:
        raise LetterNotAllowed(_("The law forbids to post anything on the door. Use the mailbox."))
    if letter == Letter.OTHER:
        if outcome != Outcome.MET_OTHER:
            raise LetterNotAllowed(_("The letter is handed to somebody else only when somebody else was met."))
        if relation == Relation.STRANGER and not stands_for:
            raise LetterNotAllowed(_("Whoever does not know the debtor is not given the letter. Use the mailbox."))
        if rules.workplace and not stands_for and relation != Relation.WORK:
            raise LetterNotAllowed(_("At the place of work only the employer or a colleague is given the letter."))
        if not stands_for and not rules.third_person:
            raise LetterNotAllowed(_("The law forbids to hand the letter to a third person. Use the mailbox."))


def relation_label(value: str) -> str:
    """The relation in the reader's words."""
    return str(Relation(value).label) if value in Relation.values else value
