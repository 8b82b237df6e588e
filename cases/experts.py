"""Cases for expert negotiators: who is skilled, who marks a case, and which adviser of the debtor is to be called.

The night marks by the rule of the portfolio (`field.experts`, where visits are known); a coordinator marks and releases
by hand, and a release holds against the night. Allocation gives a marked case to experts alone, and one that nobody
has leaves the pool of its team, unless that is a team of experts.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership, Team
from agencies.permissions import Permission
from audit import record
from cases.models import Case, ExpertReason, Party, PartyRole, Stage
from cases.next_actions import local_day
from common.folding import fold, tokens
from common.refusals import NotUnderstood, Refused
from debtors import contact_points
from debtors.models import ContactPoint, Debtor, NameToken

MARKED = record.kind(
    "case.for_experts", gettext_lazy("The case is for experts now: %(reason)s."), reason=ExpertReason.choices
)
RELEASED = record.kind("case.not_for_experts", gettext_lazy("The case is not for experts any more."))
ADVISER = record.kind("case.adviser_named", gettext_lazy("The debtor's adviser was named."))

EXPERT_TEAM = "EXPERT"
ADVISERS = (PartyRole.LAWYER, PartyRole.PROXY, PartyRole.TRUSTEE)
"""Who speaks for the debtor, the first to be called first."""


class NotYours(Refused):
    status = 403


class NothingChanges(Refused):
    """It is marked already, or not marked, or closed."""


class AdviserIncomplete(NotUnderstood):
    """A name, and a phone or an e-mail."""

    field = "name"


def skilled_people(people: Sequence[Membership]) -> set[int]:
    """The experts among these people: by their own skill or by their team's."""
    teams = skilled_teams([person.team_id for person in people if person.team_id is not None])
    return {person.id for person in people if person.is_expert or person.team_id in teams}


def skilled_teams(team_ids: Iterable[int]) -> set[int]:
    ids = set(team_ids)
    if not ids:
        return set()
    return set(Team.objects.filter(id__in=ids, kind=EXPERT_TEAM).values_list("id", flat=True))


def mark(case: Case, *, by: Membership, now: datetime) -> Case:
    """A coordinator gives the case to the experts.

    Raises:
        NotYours, NothingChanges
    """
    return _set(case, str(ExpertReason.PERSON), by=by, now=now)


def release(case: Case, *, by: Membership, now: datetime) -> Case:
    """A coordinator takes the case from the experts; the night does not mark it again.

    Raises:
        NotYours, NothingChanges
    """
    return _set(case, "", by=by, now=now)


def _set(case: Case, reason: str, *, by: Membership, now: datetime) -> Case:
    if not by.may(Permission.CASES_ALLOCATE):
        raise NotYours(_("Only those who allocate cases may do this."))
    with transaction.atomic():
        leave = Case.objects.filter(id=case.id, collector=None).exclude(team__kind=EXPERT_TEAM) if reason else None
        open_ = Case.objects.filter(id=case.id).exclude(stage=Stage.CLOSED)
        changed = open_.filter(for_experts="") if reason else open_.exclude(for_experts="")
        on = local_day(case.agency, now)
        if not changed.update(for_experts=reason, for_experts_on=on):
            raise NothingChanges(_("Nothing changes: look at the case again."))
        if leave is not None and leave.update(team=None):
            case.team = None
        record.record(MARKED if reason else RELEASED, by=by.user, case_id=case.id, at=now, reason=reason)
    case.for_experts, case.for_experts_on = reason, on
    return case


def advisers_of(case: Case, parties: Sequence[Party] | None = None) -> list[tuple[Party, list[ContactPoint]]]:
    """The debtor's advisers with the ways to reach them, lawyers first. `parties`: the case's, where they are known."""
    if parties is None:
        parties = list(Party.objects.filter(case=case).select_related("person").order_by("id"))
    parties = [one for one in parties if one.role in ADVISERS]
    points: dict[int, list[ContactPoint]] = {}
    if parties:
        found = ContactPoint.objects.filter(debtor__in=[one.person_id for one in parties]).exclude(kind="ACCOUNT")
        for point in found.order_by("kind", "id"):
            points.setdefault(point.debtor_id, []).append(point)
    parties.sort(key=lambda one: ADVISERS.index(PartyRole(one.role)))
    return [(one, points.get(one.person_id, [])) for one in parties]


def name_adviser(case: Case, *, name: str, phone: str, email: str, by: Membership, now: datetime) -> Party:
    """Keep the debtor's lawyer or consultant on the case; their number stands among those to be called (S002-04).

    Raises:
        NotYours, AdviserIncomplete; debtors.contact_points refusals.
    """
    if not by.may(Permission.DEBTORS_EDIT):
        raise NotYours(_("Your role does not add people to a case."))
    if not name.strip() or not (phone.strip() or email.strip()):
        raise AdviserIncomplete(_("Enter the adviser's name, and a phone or an e-mail."))
    with transaction.atomic():
        name = name.strip()[:200]
        person: Debtor = Debtor.objects.create(
            name=name, name_key=fold(name)[:200], language=case.debtor.language, country=case.debtor.country
        )
        NameToken.objects.bulk_create([NameToken(debtor=person, token=token) for token in tokens(name)])
        for kind, value in (("PHONE", phone), ("EMAIL", email)):
            if value.strip():
                contact_points.add(
                    person, kind=kind, value=value.strip(), place="WORKPLACE", source="DEBTOR", by=by, now=now,
                    case_id=case.id,
                )  # fmt: skip
        party: Party = Party.objects.create(case=case, person=person, role=PartyRole.LAWYER)
        record.record(ADVISER, by=by.user, case_id=case.id, subject_id=party.id, at=now)
    return party
