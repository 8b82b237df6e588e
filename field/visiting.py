"""A visit is recorded once, with the gate's permit, its proof, and everything that follows from it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership
from agencies.roles import Coordinator, FieldCollector
from audit import record
from cases import dispositions, fresh_numbers, paying_ways, promises
from cases.models import Case, Disposition, DispositionCode, Stage
from cases.next_actions import local_day
from common.refusals import NotUnderstood, Refused
from contacts import gate
from contacts.gate import ContactNotAllowed
from contacts.models import Contact, Permit
from debtors import contact_points
from debtors.models import Validity
from field import final_reports, follow_up, going, letters_left, trip_stops, visit_asks, visit_places
from field import photos as pictures
from field.models import Asset, Letter, Outcome, Visit, VisitOrder, VisitStop
from field.orders import OrderIsClosed
from field.trip_stops import StopIsSettled
from field.visit_asks import Asked
from portfolios.models import Channel

__all__ = ["ContactNotAllowed", "Report", "record_visit", "stops_of"]

VISITED = record.kind(
    "field.visited", gettext_lazy("Visit made: %(visit_outcome)s. Letter: %(letter_left)s."),
    visit_outcome=Outcome.choices, letter_left=Letter.choices,
)  # fmt: skip

LATE_ENTRY = timedelta(hours=72)
"""A visit can be sent so long after it was made (S004-40 asks for "as soon as possible"; the delay is measured)."""
CLOCKS_DIFFER = timedelta(minutes=5)

_CODES = {
    Outcome.MET_OTHER: "THIRD_PARTY",
    Outcome.NOBODY: "NO_ANSWER",
    Outcome.REFUSED: "NO_CONTACT",
    Outcome.MOVED: "NO_CONTACT",
    Outcome.WRONG_ADDRESS: "NO_CONTACT",
}
"""Outcome -> code of the result; having met the debtor, the collector says how the talk ended."""


class DraftOfAnotherVisit(Refused):
    """The same draft cannot become two visits."""


class GivenToAnother(Refused):
    """The trip was somebody else's when the visit was made."""


class VisitInTheFuture(NotUnderstood):
    field = "started_at"


class VisitTooLongAgo(NotUnderstood):
    field = "started_at"


class ResultMissing(NotUnderstood):
    field = "result"


class SignerMissing(NotUnderstood):
    field = "signer"


@dataclass(frozen=True)
class AssetFound:
    """Something the debtor owns or earns (S000-15); `value` in the case's currency."""

    kind: str
    description: str
    value: Decimal | None = None
    encumbered: bool = False


@dataclass(frozen=True)
class Report:
    """What the collector found at the door. Only `outcome` is needed, and with the debtor met `result`.

    `result`: how the talk ended; with a promise or a claimed payment `amount` and `on` say how much and when.
    `way`: how it will be paid. `new_number`, `number_not_given`: where the holder's numbers are dead. `asked`: what
    others must approve. `differs`: (what, as recorded, as found). `recommends`: (kind, why, note). `signature`: a
    canvas's data URL.
    """

    outcome: str
    person_role: str = ""
    relation: str = ""
    letter: str = Letter.NONE
    result: DispositionCode | None = None
    amount: Decimal | None = None
    on: date | None = None
    reason: str = ""
    way: str = ""
    new_number: str = ""
    number_not_given: bool = False
    asked: Asked | None = None
    note: str = ""
    business_card: bool = False
    rights_explained: bool = False
    occupants: int | None = None
    upkeep_arrears: bool | None = None
    employer: str = ""
    monthly_income: Decimal | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    accuracy_m: int | None = None
    assets: tuple[AssetFound, ...] = ()
    differs: tuple[str, str, str] | None = None
    incident: str = ""
    recommends: tuple[str, str, str] | None = None
    photos: tuple[pictures.Picture, ...] = ()
    signature: str = ""
    signer: str = ""


def stops_of(member: Membership) -> QuerySet[VisitStop]:
    """Stops a member may visit: a field collector's own, a coordinator's team's, otherwise all of the agency."""
    related = ("address", "order__case__debtor", "order__case__agency")
    stops: QuerySet[VisitStop] = VisitStop.objects.select_related(*related)
    if member.role == FieldCollector.code:
        return stops.filter(Q(order__collector=member) | Q(order__collector=None, order__case__collector=member))
    if member.role == Coordinator.code and member.team_id is not None:
        return stops.filter(Q(order__case__team=member.team_id) | Q(order__case__team=None))
    return stops


def sent_by(member: Membership) -> QuerySet[VisitStop]:
    """Stops a member may still send a visit of: those above, and those of trips that were the member's before."""
    had = Q(order__earlier_collectors__contains=[member.id]) | Q(order__case__collector=member)
    return VisitStop.objects.select_related("address", "order__case__debtor", "order__case__agency").filter(
        Q(id__in=stops_of(member).values("id")) | had
    )


def pending_of(member: Membership) -> QuerySet[VisitStop]:
    """Stops still to be visited, the most urgent first."""
    return (
        stops_of(member)
        .filter(state=VisitStop.State.PENDING, order__state=VisitOrder.State.OPEN)
        .order_by("order__due_at", "id")
    )


def record_visit(
    stop: VisitStop, *, draft_key: UUID, started_at: datetime, report: Report, by: Membership, now: datetime
) -> Visit:
    """Record one visit at one address, made at `started_at` and entered at `now`.

    The gate is asked for the moment of the visit, and its permit spent. The same `draft_key` again gives the first
    visit. Of an order for one address the other stops fall away, unless this address was wrong; an order without
    pending stops is done.

    Raises:
        ContactNotAllowed: the gate's sentence; its refusal is stored and nothing else is.
        going.TripHalted: a payment had come in by then that nobody has looked at.
        OrderIsClosed, StopIsSettled, GivenToAnother, DraftOfAnotherVisit, VisitInTheFuture, VisitTooLongAgo,
        ResultMissing, SignerMissing; letters_left.LetterNotAllowed, RelationMissing; what promises and results refuse.
    """
    known = sent(draft_key, stop)
    if known is not None:
        return known
    moment = moment_of(started_at, now, most=LATE_ENTRY)
    drawn = read_signed(report)
    with transaction.atomic():
        order = VisitOrder.objects.select_for_update(no_key=True, of=("self",)).get(id=stop.order_id)
        known = sent(draft_key, stop)
        if known is not None:
            return known
        stop = VisitStop.objects.select_related("address").get(id=stop.id)
        case = Case.objects.select_related("agency", "debtor", "mandate").get(id=order.case_id)
        _check_open(order, stop, moment, by)
        going.check_trip(order, case, at=moment)
        letters_left.check(
            report.letter, outcome=report.outcome, person_role=report.person_role, relation=report.relation,
            rules=letters_left.rules_for(case, stop.address, now=moment),
        )  # fmt: skip
        decided = gate.request(case, channel=Channel.VISIT, contact_point=stop.address, by=by.user, now=moment)
        permit = decided.permit
        if permit is not None:
            gate.use(permit, content_digest=b"", now=moment)
            visit = write(order, stop, case, permit, draft_key, moment, report, drawn, by, now)
            _settle(order, stop, report.outcome, moment, now)
    if permit is None:
        raise ContactNotAllowed(decided.sentence, decision=decided.decision.id, verdict=decided.decision.verdict)
    return visit


def sent(draft_key: UUID, stop: VisitStop) -> Visit | None:
    found: Visit | None = Visit.objects.filter(draft_key=draft_key).first()
    if found is not None and found.stop_id != stop.id:
        raise DraftOfAnotherVisit(_("This report was already sent for another address."))
    return found


def moment_of(started_at: datetime, now: datetime, *, most: timedelta) -> datetime:
    """Raises:
    VisitInTheFuture; VisitTooLongAgo: longer than `most`.
    """
    if started_at > now + CLOCKS_DIFFER:
        raise VisitInTheFuture(_("The visit lies in the future. Check the clock of the phone."))
    if started_at < now - most:
        raise VisitTooLongAgo(_("A visit is entered within %(days)s days.") % {"days": most.days})
    return min(started_at, now)


def read_signed(report: Report) -> bytes:
    """The signature as it is kept, b"" without one; the report says what a report must.

    Raises:
        ResultMissing, SignerMissing, photos.SignatureNotTaken
    """
    if report.outcome == Outcome.MET_DEBTOR and report.result is None:
        raise ResultMissing(_("Say how the talk with the debtor ended."))
    if report.signature and not report.signer.strip():
        raise SignerMissing(_("Write the name of the person who signed."))
    return pictures.read_signature(report.signature) if report.signature else b""


def _check_open(order: VisitOrder, stop: VisitStop, moment: datetime, by: Membership) -> None:
    of_another = by.role == FieldCollector.code and order.collector_id not in (None, by.id)
    if of_another and moment > (order.assigned_at or order.opened_at):
        raise GivenToAnother(_("The trip had been given to somebody else before this visit was made."))
    if stop.state != VisitStop.State.PENDING:
        raise StopIsSettled(_("This address was already visited, or is no longer to be visited."))
    if order.state != VisitOrder.State.OPEN:
        raise OrderIsClosed(_("This trip was already made or cancelled."))


def write(
    order: VisitOrder, stop: VisitStop, case: Case, permit: Permit | None, draft_key: UUID, moment: datetime,
    report: Report, drawn: bytes, by: Membership, now: datetime, *, kept_because: str = "",
    refusal_id: int | None = None,
) -> Visit:  # fmt: skip
    """The visit with its contact, its result and its proof. `kept_because`: kept all the same, `refusal_id` by the
    gate's refusal when it has no permit."""
    visit: Visit = Visit.objects.create(
        order=order, stop=stop, case=case, address=stop.address, collector=by, permit=permit, draft_key=draft_key,
        started_at=moment, entered_at=now, latitude=report.latitude, longitude=report.longitude,
        accuracy_m=report.accuracy_m, outcome=report.outcome, person_role=report.person_role,
        relation=report.relation, letter=report.letter, business_card=report.business_card,
        occupants=report.occupants, upkeep_arrears=report.upkeep_arrears, employer=report.employer,
        monthly_income=report.monthly_income, reason=report.reason, note=report.note,
        rights_explained=report.rights_explained, kept_because=kept_because[:300], refusal_id=refusal_id,
    )  # fmt: skip
    code, result = _result(case, stop, report, by, moment, now, kept=bool(kept_because))
    Contact.objects.create(
        case=case, debtor_id=permit.debtor_id if permit is not None else case.debtor_id, contact_point=stop.address,
        channel=Channel.VISIT, kind=Contact.Kind.VISIT, direction="OUT", at=moment, permit=permit,
        disposition=result, unpermitted=permit is None, outcome=code.outcome if code else "", by=by.user,
    )  # fmt: skip
    _attach(visit, case, report, by, now)
    if drawn:
        pictures.add_signature(visit, drawn, signer=report.signer, by=by, now=now)
    if case.stage == Stage.CLOSED:
        final_reports.renew(case.id, now=now)
    record.record(
        VISITED, by=by.user, case_id=case.id, subject_id=visit.id, at=now, visit_outcome=report.outcome,
        letter_left=report.letter,
    )  # fmt: skip
    return visit


def _result(
    case: Case, stop: VisitStop, report: Report, by: Membership, moment: datetime, now: datetime, *, kept: bool
) -> tuple[DispositionCode | None, Disposition | None]:
    """The code and the coded result, with what follows from it; None when the agency has no such code.

    Of a visit that is only kept nothing is agreed: no promise, no way of paying, no approval asked for.
    """
    code = report.result if report.outcome == Outcome.MET_DEBTOR else _code_of(report.outcome)
    if report.outcome in (Outcome.MOVED, Outcome.WRONG_ADDRESS):
        contact_points.invalidate(stop.address, validity=Validity.INVALID, by=by, now=now, case_id=case.id)
    if code is None or (kept and (code.effect == DispositionCode.Effect.PROMISE or case.stage == Stage.CLOSED)):
        return code, None
    details: dict[str, Any] = {}
    met, promise, as_of = report.outcome == Outcome.MET_DEBTOR, None, local_day(case.agency, moment)
    if code.effect == DispositionCode.Effect.PROMISE and report.amount is not None and report.on is not None:
        promise = promises.make_promise(case, amount=report.amount, due_on=report.on, by=by, as_of=as_of, now=now)
    elif code.effect == DispositionCode.Effect.CLAIMS_PAID:
        details = {"amount": report.amount, "paid_on": report.on}
    if met and report.way and not kept:
        paying_ways.agree(case, paying_ways.Terms(report.way), promise=promise, by=by, now=now)
    if met:
        details["number"] = fresh_numbers.ask(
            case, code, spoke_with=report.person_role, number=report.new_number, not_given=report.number_not_given,
            by=by, now=now,
        )  # fmt: skip
    result = dispositions.record_disposition(
        case, code=code, channel=Channel.VISIT, contact_point=stop.address if met else None,
        spoke_with=report.person_role, reason=report.reason, note=report.note, by=by, now=now, details=details,
    )  # fmt: skip
    if met and report.asked is not None and not kept:
        visit_asks.ask(case, report.asked, by=by, as_of=as_of, now=now)
    return code, result


def _code_of(outcome: str) -> DispositionCode | None:
    found: DispositionCode | None = DispositionCode.objects.filter(
        code=_CODES[Outcome(outcome)], is_active=True
    ).first()
    return found


def _settle(order: VisitOrder, stop: VisitStop, outcome: str, moment: datetime, now: datetime) -> None:
    """The stop is visited; what follows for its order."""
    VisitStop.objects.filter(id=stop.id).update(state=VisitStop.State.VISITED, settled_at=now)
    order.first_visit_at = min(moment, order.first_visit_at or moment)
    order.last_visit_at = max(moment, order.last_visit_at or moment)
    trip_stops.after_visit(order, outcome=outcome, now=now)
    order.save(update_fields=["first_visit_at", "last_visit_at", "state", "closed_at"])


def _attach(visit: Visit, case: Case, report: Report, by: Membership, now: datetime) -> None:
    visit_places.learn(visit, report.latitude, report.longitude, accuracy_m=report.accuracy_m)
    Asset.objects.bulk_create(
        [
            Asset(
                case=case, visit=visit, kind=one.kind, description=one.description, value=one.value,
                currency=case.currency, encumbered=one.encumbered, recorded_by=by.user, recorded_at=now,
            )
            for one in report.assets
        ]
    )  # fmt: skip
    if report.differs is not None:
        what, recorded, found = report.differs
        follow_up.report_difference(case, what=what, recorded=recorded, found=found, visit=visit, by=by, now=now)
    if report.incident:
        follow_up.report_incident(case, text=report.incident, visit=visit, by=by, now=now)
    if report.recommends is not None:
        kind, why, note = report.recommends
        follow_up.recommend(case, kind=kind, why=why, note=note, visit=visit, by=by, now=now)
    for picture in report.photos:
        pictures.add(visit, picture, by=by, now=now)
