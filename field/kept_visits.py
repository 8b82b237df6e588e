"""A visit that was made, whose report cannot be taken the ordinary way any more: a hold came in the meantime, the trip
was cancelled, another phone was first, days went by without a connection.

It happened, so it is kept with its proof. Nothing is agreed by it and no trip is made by it; the coordinator is told
and answers. What the gate does not permit stands out as a contact without permit.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Membership
from audit import record
from cases.models import Case, DispositionCode
from common.refusals import Refused
from common.templatetags.trade import day, moment, money
from contacts import gate
from contacts.calls import UNPERMITTED
from contacts.gate import ContactNotAllowed
from field import follow_up, letters_left, visiting
from field.going import TripHalted
from field.models import Letter, Visit, VisitOrder, VisitStop
from field.orders import OrderIsClosed
from field.trip_stops import StopIsSettled
from field.visiting import GivenToAnother, Report, VisitTooLongAgo
from portfolios.models import Channel

KEPT_FOR = timedelta(days=31)
"""An older visit is told in a note."""

MAY_BE_KEPT = (ContactNotAllowed, OrderIsClosed, StopIsSettled, GivenToAnother, VisitTooLongAgo, TripHalted)
"""Refusals after which a visit that was made may be kept all the same."""


def keep_visit(
    stop: VisitStop, *, draft_key: UUID, started_at: datetime, report: Report, by: Membership, now: datetime
) -> Visit:
    """Record the visit the ordinary way, or keep it when it can only be kept. The same draft again gives the first.

    Raises:
        visiting.VisitInTheFuture, VisitTooLongAgo: more than `KEPT_FOR`; what `visiting.record_visit` raises beside
        `MAY_BE_KEPT`.
    """
    try:
        return visiting.record_visit(stop, draft_key=draft_key, started_at=started_at, report=report, by=by, now=now)
    except MAY_BE_KEPT as refused:
        return _keep(stop, draft_key, started_at, report, by, now, refused)


def _keep(
    stop: VisitStop, draft_key: UUID, started_at: datetime, report: Report, by: Membership, now: datetime,
    refused: Refused,
) -> Visit:  # fmt: skip
    why = refused.sentence
    made_at = visiting.moment_of(started_at, now, most=KEPT_FOR)
    drawn = visiting.read_signed(report)
    with transaction.atomic():
        order = VisitOrder.objects.select_for_update(no_key=True, of=("self",)).get(id=stop.order_id)
        known = visiting.sent(draft_key, stop)
        if known is not None:
            return known
        stop = VisitStop.objects.select_related("address").get(id=stop.id)
        case = Case.objects.select_related("agency", "debtor", "mandate").get(id=order.case_id)
        letters_left.check(
            Letter.NONE, outcome=report.outcome, person_role=report.person_role, relation=report.relation,
            rules=letters_left.LetterRules(door=True, third_person=True),
        )  # fmt: skip
        permit, refusal = None, refused.details.get("decision")
        if refusal is None:
            decided = gate.request(case, channel=Channel.VISIT, contact_point=stop.address, by=by.user, now=made_at)
            permit = gate.use(decided.permit, content_digest=b"", now=made_at) if decided.permit else None
            refusal = None if permit else decided.decision.id
        visit = visiting.write(
            order, stop, case, permit, draft_key, made_at, report, drawn, by, now, kept_because=why,
            refusal_id=refusal,
        )  # fmt: skip
        if permit is None:
            record.record(
                UNPERMITTED, by=by.user, case_id=case.id, subject_id=visit.id, at=now, channel=str(Channel.VISIT)
            )
        follow_up.report_difference(
            case, what=_("A visit that could not be entered was kept"), recorded=why,
            found=_told(case, report, made_at), visit=visit, by=by, now=now,
        )  # fmt: skip
    return visit


def _told(case: Case, report: Report, made_at: datetime) -> str:
    """What the coordinator has to know of it, with what was agreed at the door and does not hold by itself."""
    told = [_("Visited on %(moment)s.") % {"moment": moment(made_at)}]
    promised = report.result is not None and report.result.effect == DispositionCode.Effect.PROMISE
    if promised and report.amount is not None and report.on is not None:
        told.append(
            _("%(amount)s was promised by %(day)s; no promise was recorded.")
            % {"amount": money(report.amount, case.currency), "day": day(report.on)}
        )
    if report.asked is not None:
        told.append(_("An approval was wanted; it was not asked for."))
    return " ".join(told)
