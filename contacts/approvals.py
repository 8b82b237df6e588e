"""A second person's yes to a contact the rules allow only with approval. A block is never overridden, by anybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from agencies.models import User
from audit import record
from common.refusals import Refused
from contacts.models import ApprovalRequest, Decision, Message, Verdict
from contacts.questions import Question
from jurisdictions import verdict as law

APPROVAL_ASKED = record.kind("contact.approval_asked", _lazy("Approval asked for a contact by %(channel)s"))
APPROVAL_GRANTED = record.kind("contact.approval_granted", _lazy("Contact by %(channel)s approved"))
APPROVAL_REFUSED = record.kind("contact.approval_refused", _lazy("Contact by %(channel)s not approved"))

APPROVAL_LIFE = timedelta(hours=72)


class NothingToApprove(Refused):
    """Only a verdict that asks for approval can be approved."""


class SecondPersonNeeded(Refused):
    """Whoever asked may not approve."""


class AlreadyDecided(Refused):
    """The request was decided before."""


_Key = tuple[int, str, int | None, str]


@dataclass(frozen=True)
class Granted:
    """Approvals in force: for which contact, which reasons they covered, and who gave them."""

    found: dict[_Key, list[tuple[frozenset[str], User]]]

    def by_whom(self, question: Question, verdict: law.Verdict) -> User | None:
        """Who approved this very contact for at least these reasons; None when nobody did, or when it must wait."""
        if verdict.until is not None:
            return None
        key = (question.case_id, question.channel, question.contact_point_id, question.message_kind)
        asked = frozenset(str(code) for code in verdict.codes)
        return next((who for codes, who in self.found.get(key, []) if asked <= codes), None)


def granted_for(case_ids: Iterable[int], *, now: datetime) -> Granted:
    """Approvals given in the last days for these cases."""
    found: dict[_Key, list[tuple[frozenset[str], User]]] = {}
    rows = ApprovalRequest.objects.filter(
        case_id__in=list(case_ids), granted=True, decided_at__gt=now - APPROVAL_LIFE
    ).select_related("decision", "decided_by")
    for one in rows.order_by("id"):
        decision = one.decision
        key = (decision.case_id, decision.channel, decision.contact_point_id, decision.message_kind)
        found.setdefault(key, []).append((frozenset(decision.codes), one.decided_by))
    return Granted(found)


def ask_approval(decision: Decision, *, by: User, now: datetime) -> ApprovalRequest:
    """Put a contact before a second person.

    Raises:
        NothingToApprove: the verdict is not one that approval can lift.
    """
    if decision.verdict != Verdict.APPROVE:
        raise NothingToApprove(_("This contact cannot be approved."))
    with transaction.atomic():
        asked, created = ApprovalRequest.objects.get_or_create(
            decision=decision, defaults={"case_id": decision.case_id, "asked_by": by}
        )
        if created:
            record.record(
                APPROVAL_ASKED, by=by, case_id=decision.case_id, subject_id=asked.id, at=now, **_told(decision)
            )
    return asked


def decide(asked: ApprovalRequest, *, granted: bool, reason: str = "", by: User, now: datetime) -> ApprovalRequest:
    """Approve or refuse. Messages that waited for it go back to the outbox, or are refused.

    Raises:
        SecondPersonNeeded, AlreadyDecided: the request stays as it is.
    """
    if asked.asked_by_id == by.pk:
        raise SecondPersonNeeded(_("Somebody else must decide on what you asked for."))
    with transaction.atomic():
        changed = ApprovalRequest.objects.filter(id=asked.id, decided_at=None).update(
            decided_by=by, decided_at=now, granted=granted, reason=reason
        )
        if changed != 1:
            raise AlreadyDecided(_("This request was already decided."))
        asked.refresh_from_db()
        decision = asked.decision
        waiting = Message.objects.filter(
            case_id=decision.case_id, contact_point_id=decision.contact_point_id, channel=decision.channel,
            state=Message.State.DECIDE, permit=None,
        )  # fmt: skip
        if granted:
            waiting.update(state=Message.State.PENDING, refusal_codes=[], not_before=now)
        else:
            waiting.update(state=Message.State.REFUSED, settled_at=now)
        kind = APPROVAL_GRANTED if granted else APPROVAL_REFUSED
        record.record(kind, by=by, case_id=decision.case_id, subject_id=asked.id, at=now, **_told(decision))
    return asked


def _told(decision: Decision) -> dict[str, object]:
    return {"channel": decision.channel, "codes": list(decision.codes), "decision": decision.id}
