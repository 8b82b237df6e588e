"""Complaints about the agency: received, given to somebody, worked in steps, decided, answered.

Whoever a complaint is about neither owns nor decides it. A complaint that contests the claim may stop the case with the
same tick; answering it ends that hold where the person who answers says so. Source: S000-22, S003-19.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from agencies.permissions import Permission
from agencies.roles import ROLES
from agencies.scope import current_agency_id
from audit import record
from cases import holds
from cases.complaint_deadlines import Deadline, deadline
from cases.models import Case, ComplaintStep, DebtorComplaint, Document, Hold, Stage
from common.refusals import NotUnderstood, Refused

Kind, State, Outcome = DebtorComplaint.Kind, DebtorComplaint.State, DebtorComplaint.Outcome

RECEIVED = record.kind(
    "case.complaint_received", gettext_lazy("Complaint received: %(complaint)s."), complaint=Kind.choices
)
GIVEN = record.kind("case.complaint_given", gettext_lazy("The complaint was given to somebody to work on."))
STEP = record.kind("case.complaint_step", gettext_lazy("A step on the complaint was noted."))
DECIDED = record.kind(
    "case.complaint_decided", gettext_lazy("The complaint was decided: %(outcome)s."), outcome=Outcome.choices
)
ANSWERED = record.kind("case.complaint_answered", gettext_lazy("The complaint was answered and closed."))
WITHDRAWN = record.kind("case.complaint_withdrawn", gettext_lazy("The complaint was withdrawn and closed."))

CONTESTING = frozenset({Kind.AMOUNT, Kind.WRONG_PERSON})
"""Kinds that say the claim itself is not right: only they may hold the case."""
HANDLERS = [code for code, role in ROLES.items() if Permission.COMPLAINTS_HANDLE in role.permissions]


class ComplaintIsClosed(Refused):
    """What was closed stays as it is."""


class OwnMatter(Refused):
    """Nobody works on a complaint about themselves."""

    status = 403


class NotTheirs(Refused):
    """Complaints are given to people who may work on them."""

    field = "owner"


class NotDecided(Refused):
    """First it is decided, then answered."""


class NothingContested(NotUnderstood):
    """A hold needs a complaint that contests the claim."""

    field = "with_hold"


@dataclass(frozen=True)
class Received:
    """A complaint as it came in. `answer_due_on` only where a regulator or a person names the day."""

    kind: str
    source: str
    way: str
    received_on: date
    text: str
    complainant: str = ""
    about: Membership | None = None
    answer_due_on: date | None = None


def receive(
    case: Case, told: Received, *, by: Membership, as_of: date, now: datetime, with_hold: bool = False
) -> DebtorComplaint:
    """Enter a complaint in the register and give it to somebody who works on it.

    Raises:
        NotUnderstood: received in the future, without words, or to be answered before it came.
        NothingContested: a hold is asked for a kind that does not contest the claim.
    """
    _check(told, as_of=as_of, with_hold=with_hold)
    due = _due(case, told)
    with transaction.atomic():
        complaint: DebtorComplaint = DebtorComplaint.objects.create(
            number=_next_number(), case=case, kind=told.kind, source=told.source, complainant=told.complainant.strip(),
            way=told.way, received_on=told.received_on, text=told.text.strip(), about=told.about,
            owner=_first_owner(case, told.about, by), answer_due_on=due.on, due_source=due.source,
            hold=_hold(case, by=by, as_of=as_of, now=now) if with_hold else None, recorded_by=by.user,
            recorded_at=now,
        )  # fmt: skip
        record.record(
            RECEIVED, by=by.user, case_id=case.id, subject_id=complaint.id, at=now, complaint=str(told.kind),
            number=complaint.number, source=str(told.source),
        )  # fmt: skip
    return complaint


def give(complaint: DebtorComplaint, owner: Membership, *, by: Membership, now: datetime) -> DebtorComplaint:
    """Let somebody else work on it.

    Raises:
        ComplaintIsClosed; NotTheirs: the person may not work on complaints; OwnMatter: it is about them.
    """
    if owner.role not in HANDLERS or not owner.is_active:
        raise NotTheirs(_("Choose somebody who may work on complaints."))
    if owner.id == complaint.about_id:
        raise OwnMatter(_("The complaint is about this person. Choose somebody else."), field="owner")
    with transaction.atomic():
        current = _locked(complaint)
        current.owner = owner
        current.save(update_fields=["owner"])
        record.record(GIVEN, by=by.user, case_id=current.case_id, subject_id=current.id, at=now, to=owner.id)
    return current


def note_step(complaint: DebtorComplaint, *, text: str, by: Membership, now: datetime) -> ComplaintStep:
    """Keep what was done or found on the way.

    Raises:
        ComplaintIsClosed, OwnMatter; NotUnderstood: no words.
    """
    if not text.strip():
        raise NotUnderstood(_("Say what was done."), field="text")
    with transaction.atomic():
        current = _locked(complaint, by)
        step: ComplaintStep = ComplaintStep.objects.create(complaint=current, text=text.strip(), by=by.user, at=now)
        record.record(STEP, by=by.user, case_id=current.case_id, subject_id=current.id, at=now, step=step.id)
    return step


def decide(
    complaint: DebtorComplaint, *, outcome: str, measures: str, by: Membership, now: datetime
) -> DebtorComplaint:
    """Say whether the complaint is right and what was done. One that was withdrawn is closed by it, without an answer.

    It may be decided anew until it is answered.

    Raises:
        ComplaintIsClosed, OwnMatter; NotUnderstood: an unknown outcome, or no words.
    """
    if outcome not in Outcome.values:
        raise NotUnderstood(_("Choose the outcome."), field="outcome")
    if not measures.strip():
        raise NotUnderstood(_("Say what was found and what was done about it."), field="measures")
    with transaction.atomic():
        current = _locked(complaint, by)
        current.outcome, current.measures = outcome, measures.strip()
        current.decided_by, current.decided_at, current.state = by.user, now, State.DECIDED
        if outcome == Outcome.WITHDRAWN:
            current.state, current.closed_by, current.closed_at = State.CLOSED, by.user, now
        current.save()
        kind = WITHDRAWN if outcome == Outcome.WITHDRAWN else DECIDED
        record.record(
            kind, by=by.user, case_id=current.case_id, subject_id=current.id, at=now, outcome=str(outcome)
        )  # fmt: skip
    return current


def answer(
    complaint: DebtorComplaint, document: Document, *, way: str, answered_on: date, by: Membership, as_of: date,
    now: datetime, lift_hold: bool = False,
) -> DebtorComplaint:  # fmt: skip
    """The answer has left: keep it with the case and close the complaint. `lift_hold` ends the hold it placed.

    Raises:
        ComplaintIsClosed, OwnMatter, NotDecided; NotUnderstood: answered before it came, or in the future.
    """
    if not complaint.received_on <= answered_on <= as_of:
        raise NotUnderstood(
            _("The answer left on a day between the receipt of the complaint and today."), field="answered_on"
        )
    with transaction.atomic():
        current = _locked(complaint, by)
        if current.state != State.DECIDED:
            raise NotDecided(_("First decide whether the complaint is right."))
        current.answer, current.answer_way, current.answered_on = document, way, answered_on
        current.state, current.closed_by, current.closed_at = State.CLOSED, by.user, now
        current.save()
        if lift_hold and current.hold is not None:
            holds.lift(current.hold, by=by, now=now)
        record.record(
            ANSWERED, by=by.user, case_id=current.case_id, subject_id=current.id, at=now,
            answered_on=answered_on.isoformat(), late=current.was_late,
        )  # fmt: skip
    return current


def _check(told: Received, *, as_of: date, with_hold: bool) -> None:
    if told.received_on > as_of:
        raise NotUnderstood(_("A complaint cannot come in on a day ahead."), field="received_on")
    if not told.text.strip():
        raise NotUnderstood(_("Write down what is complained about."), field="text")
    if told.answer_due_on is not None and told.answer_due_on < told.received_on:
        raise NotUnderstood(_("The answer cannot be due before the complaint came in."), field="answer_due_on")
    if with_hold and told.kind not in CONTESTING:
        raise NothingContested(_("Only a complaint that contests the claim holds the case: amount or wrong person."))


def _due(case: Case, told: Received) -> Deadline:
    if told.answer_due_on is not None:
        return Deadline(told.answer_due_on, "")
    return deadline(told.received_on, jurisdiction=case.jurisdiction, kind=told.kind)


def _next_number() -> int:
    """Numbers of the register have no gaps: one at a time takes the next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases.complaint'), %s::int)", [current_agency_id()])
    last = DebtorComplaint.objects.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _first_owner(case: Case, about: Membership | None, by: Membership) -> Membership | None:
    """Whoever records it when they may work on it, else the coordinator of the case's team, else any handler."""
    about_id = about.id if about else None
    if by.role in HANDLERS and by.id != about_id:
        return by
    people = Membership.objects.filter(role__in=HANDLERS, is_active=True).exclude(id=about_id or 0)
    own = people.filter(role="COORDINATOR", team_id=case.team_id) if case.team_id else people.none()
    found: Membership | None = (
        own.order_by("id").first()
        or people.filter(role="COORDINATOR").order_by("id").first()
        or people.order_by("id").first()
    )
    return found


def _hold(case: Case, *, by: Membership, as_of: date, now: datetime) -> Hold | None:
    """A dispute on the case; None where one is open already, or the case is closed and nothing moves."""
    if case.stage == Stage.CLOSED or Hold.objects.filter(case=case, reason="DISPUTE", lifted_at=None).exists():
        return None
    return holds.place(case, reason="DISPUTE", by=by, as_of=as_of, now=now, note=str(_("Complaint")))


def _locked(complaint: DebtorComplaint, by: Membership | None = None) -> DebtorComplaint:
    current: DebtorComplaint = (
        DebtorComplaint.objects.select_for_update(no_key=True, of=("self",))
        .select_related("case", "hold__case")
        .get(id=complaint.id)
    )
    if current.state == State.CLOSED:
        raise ComplaintIsClosed(_("The complaint is closed and stays as it is."))
    if by is not None and by.id == current.about_id:
        raise OwnMatter(_("The complaint is about you. Somebody else must work on it."))
    return current
