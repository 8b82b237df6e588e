"""What the coordinator decides after visits: recommendations, differences from the records, incidents."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from audit import record
from cases import court, transitions
from cases.models import Case
from cases.next_actions import local_day
from common.refusals import NotUnderstood, Refused
from field import orders
from field.models import Discrepancy, Incident, Recommendation, Visit

RECOMMENDED = record.kind(
    "field.recommended", gettext_lazy("After a visit: %(what)s."), what=Recommendation.Kind.choices
)
ACCEPTED = record.kind(
    "field.recommendation_accepted", gettext_lazy("The recommendation was accepted: %(what)s."),
    what=Recommendation.Kind.choices,
)  # fmt: skip
REJECTED = record.kind(
    "field.recommendation_rejected", gettext_lazy("The recommendation was not followed: %(what)s."),
    what=Recommendation.Kind.choices,
)  # fmt: skip
DIFFERS = record.kind("field.discrepancy_reported", gettext_lazy("What was found differs from the records."))
RESOLVED = record.kind("field.discrepancy_resolved", gettext_lazy("The difference from the records was resolved."))
INCIDENT = record.kind("field.incident_reported", gettext_lazy("An incident was reported."))
TOLD = record.kind("field.creditor_told", gettext_lazy("The creditor was told of the incident."))


class AlreadyDecided(Refused):
    """The coordinator has answered."""


class AlreadyRecommended(Refused):
    """One recommendation at a time."""


class SayWhy(NotUnderstood):
    field = "note"


def recommend(
    case: Case, *, kind: str, why: str, note: str = "", visit: Visit | None = None, by: Membership, now: datetime
) -> Recommendation:
    """A field collector says what should happen next (S004-38).

    Raises:
        AlreadyRecommended: one still waits for the coordinator.
    """
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).only("id").get(id=case.id)
        if Recommendation.objects.filter(case=case, state=Recommendation.State.OPEN).exists():
            raise AlreadyRecommended(_("A recommendation of this case already waits for the coordinator."))
        made: Recommendation = Recommendation.objects.create(
            case=case, visit=visit, kind=kind, why=why, note=note[:400], made_by=by.user, made_at=now
        )
        record.record(RECOMMENDED, by=by.user, case_id=case.id, subject_id=made.id, at=now, what=kind)
    return made


def decide(made: Recommendation, *, accept: bool, by: Membership, now: datetime, note: str = "") -> Recommendation:
    """The coordinator accepts, and the case moves: back to the phone, to another trip, or into legal's list, where
    going to court is prepared with its own approval. Or says why not.

    Raises:
        AlreadyDecided; SayWhy: a no without its reason; refusals of `cases.transitions` and `field.orders`.
    """
    if not accept and not note.strip():
        raise SayWhy(_("Say in a few words why the recommendation is not followed."))
    with transaction.atomic():
        state = Recommendation.State.ACCEPTED if accept else Recommendation.State.REJECTED
        changed = Recommendation.objects.filter(id=made.id, state=Recommendation.State.OPEN).update(
            state=state, decided_by=by.user, decided_at=now, decision_note=note.strip()[:240]
        )
        if not changed:
            raise AlreadyDecided(_("This recommendation was already decided."))
        made.refresh_from_db()
        if accept:
            _follow(made, by=by, now=now)
        record.record(
            ACCEPTED if accept else REJECTED, by=by.user, case_id=made.case_id, subject_id=made.id, at=now,
            what=made.kind,
        )  # fmt: skip
    return made


def _follow(made: Recommendation, *, by: Membership, now: datetime) -> None:
    case = made.case
    if made.kind == Recommendation.Kind.PHONE and case.stage == "FIELD":
        transitions.apply(
            case, "send_back_to_phone", by=by, as_of=local_day(case.agency, now), now=now,
            reason=str(made.get_why_display()),
        )  # fmt: skip
    elif made.kind == Recommendation.Kind.VISIT_AGAIN:
        due = now + timedelta(days=orders.VISIT_DAYS)
        orders.order_visit(case, due_at=due, by=by, now=now)
    elif made.kind == Recommendation.Kind.LEGAL:
        court.wish(case, reasons=[made.why], text=made.note, by=by, now=now)


def report_difference(
    case: Case, *, what: str, recorded: str, found: str, visit: Visit | None = None, by: Membership, now: datetime
) -> Discrepancy:
    """Tell the coordinator what differs from the records (S004-41)."""
    with transaction.atomic():
        made: Discrepancy = Discrepancy.objects.create(
            case=case, visit=visit, what=what[:80], recorded=recorded[:240], found=found[:240], reported_by=by.user,
            reported_at=now,
        )  # fmt: skip
        record.record(DIFFERS, by=by.user, case_id=case.id, subject_id=made.id, at=now)
    return made


def resolve(made: Discrepancy, *, resolution: str, by: Membership, now: datetime) -> Discrepancy:
    """Raises:
    AlreadyDecided; SayWhy: without a word on what was done.
    """
    if not resolution.strip():
        raise SayWhy(_("Say what was done about it."), field="resolution")
    with transaction.atomic():
        changed = Discrepancy.objects.filter(id=made.id, resolved_at=None).update(
            resolved_by=by.user, resolved_at=now, resolution=resolution.strip()[:240]
        )
        if not changed:
            raise AlreadyDecided(_("This difference was already resolved."))
        record.record(RESOLVED, by=by.user, case_id=made.case_id, subject_id=made.id, at=now)
    made.refresh_from_db()
    return made


def report_incident(case: Case, *, text: str, visit: Visit | None = None, by: Membership, now: datetime) -> Incident:
    """Keep a conflict or threat; the creditor's responsible person is to be told (S003-16)."""
    with transaction.atomic():
        made: Incident = Incident.objects.create(
            case=case, visit=visit, text=text[:1000], reported_by=by.user, reported_at=now
        )
        record.record(INCIDENT, by=by.user, case_id=case.id, subject_id=made.id, at=now)
    return made


def tell_creditor(made: Incident, *, person: str, by: Membership, now: datetime) -> Incident:
    """Record who at the creditor was told.

    Raises:
        AlreadyDecided; SayWhy: nobody is named.
    """
    if not person.strip():
        raise SayWhy(_("Name the person who was told."), field="person")
    with transaction.atomic():
        changed = Incident.objects.filter(id=made.id, creditor_told_at=None).update(
            creditor_told_at=now, creditor_told_by=by.user, creditor_person=person.strip()[:120]
        )
        if not changed:
            raise AlreadyDecided(_("The creditor was already told."))
        record.record(TOLD, by=by.user, case_id=made.case_id, subject_id=made.id, at=now)
    made.refresh_from_db()
    return made
