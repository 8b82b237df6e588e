"""Calls people make: a permit before dialling, the result afterwards, in one transaction with the disposition."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from agencies.actors import Actor, user_of
from agencies.models import Agency
from agencies.scope import current_agency_id
from audit import record
from cases import dispositions
from cases.models import Case, Disposition, DispositionCode
from common.refusals import Refused
from contacts import gate
from contacts.facts import NOT_PLACED
from contacts.gate import ContactNotAllowed
from contacts.models import Contact, Permit
from debtors.models import ContactPoint

__all__ = ["ContactNotAllowed", "PermitNotFound", "begin_call", "record_result"]

CALL_BEGUN = record.kind("contact.call_begun", _lazy("A call was begun"))
UNPERMITTED = record.kind("contact.unpermitted", _lazy("A contact was made without asking first (%(channel)s)"))

_KIND_OF_OUTCOME = {
    DispositionCode.Outcome.CONVERSATION: Contact.Kind.CONVERSATION,
    DispositionCode.Outcome.THIRD_PARTY: Contact.Kind.CALL_ATTEMPT,
    DispositionCode.Outcome.NO_ANSWER: Contact.Kind.CALL_ATTEMPT,
    DispositionCode.Outcome.WRONG_NUMBER: Contact.Kind.CALL_ATTEMPT,
}


class PermitNotFound(Refused):
    """The permit is not one of this case."""


def begin_call(case: Case, contact_point: ContactPoint, *, by: Actor, now: datetime, replying: bool = False) -> Permit:
    """Ask the gate and, if it allows, hand out the permit with which the number may be dialled now.

    The attempt counts from this moment; a result that says "not dialled" takes it back. `replying`: the debtor asked
    to be called.

    Raises:
        ContactNotAllowed: why not, and until when. The refusal is stored.
    """
    with transaction.atomic():
        decided = gate.request(
            case, channel="CALL", contact_point=contact_point, replying=replying, by=user_of(by), now=now
        )
        permit = decided.permit
        if permit is not None:
            gate.use(permit, content_digest=b"", now=now)
            Contact.objects.create(
                case=case, debtor_id=permit.debtor_id, contact_point=contact_point, channel="CALL",
                kind=Contact.Kind.CALL_ATTEMPT, direction="OUT", at=now, permit=permit, by=user_of(by),
            )  # fmt: skip
            record.record(CALL_BEGUN, by=user_of(by), case_id=case.id, subject_id=permit.id, at=now)
    if permit is None:
        raise ContactNotAllowed(decided.sentence, decision=decided.decision.id, verdict=decided.decision.verdict)
    return permit


def record_result(
    case: Case,
    *,
    code: DispositionCode,
    permit_id: int | None = None,
    contact_point: ContactPoint | None = None,
    direction: str = "OUT",
    spoke_with: str = "",
    reason: str = "",
    note: str = "",
    by: Any,
    now: datetime,
    channel: str = "CALL",
    **further: Any,
) -> Disposition:
    """Record the coded result of a contact and what the gate must count of it.

    An outbound contact without a permit is recorded as what it is and raises an alarm. `further` goes to the
    disposition (its details).

    Raises:
        PermitNotFound: the permit is not one of this case.
    """
    with transaction.atomic():
        begun = _begun(case, permit_id) if permit_id is not None else None
        if begun is not None and contact_point is None:
            contact_point = begun.contact_point
        disposition = dispositions.record_disposition(
            case, code=code, channel=channel, direction=direction, contact_point=contact_point,
            spoke_with=spoke_with, reason=reason, note=note, by=by, now=now, **further,
        )  # fmt: skip
        kind = _KIND_OF_OUTCOME.get(DispositionCode.Outcome(code.outcome))
        if begun is not None:
            _conclude(begun, disposition, kind, code)
        elif kind is not None:
            _add(case, disposition, kind, code, contact_point, direction=direction, channel=channel, by=by, now=now)
    return disposition


def _begun(case: Case, permit_id: int) -> Contact:
    found = Contact.objects.filter(permit_id=permit_id, case_id=case.id).first()
    if found is None:
        raise PermitNotFound(_("This permit does not belong to the case."), field="permit")
    return found


def _conclude(begun: Contact, disposition: Disposition, kind: str | None, code: DispositionCode) -> None:
    begun.disposition = disposition
    begun.outcome = NOT_PLACED if kind is None else str(code.outcome)
    if kind is not None:
        begun.kind = kind
        begun.cost = _call_cost()
    begun.save(update_fields=["disposition", "outcome", "kind", "cost"])


def _add(
    case: Case,
    disposition: Disposition,
    kind: str,
    code: DispositionCode,
    contact_point: ContactPoint | None,
    *,
    direction: str,
    channel: str,
    by: Actor,
    now: datetime,
) -> None:
    outbound = direction == "OUT"
    Contact.objects.create(
        case=case,
        debtor_id=contact_point.debtor_id if contact_point is not None else case.debtor_id,
        contact_point=contact_point,
        channel=channel,
        kind=Contact.Kind.VISIT if channel == "VISIT" else kind,
        direction=direction,
        at=now,
        unpermitted=outbound,
        disposition=disposition,
        outcome=str(code.outcome),
        cost=_call_cost() if outbound and channel == "CALL" else 0,
        by=user_of(by),
    )
    if outbound:
        record.record(
            UNPERMITTED, by=user_of(by), case_id=case.id, subject_id=disposition.id, at=now, channel=str(channel)
        )


def _call_cost() -> Any:
    return Agency.objects.values_list("call_cost", flat=True).get(id=current_agency_id())
