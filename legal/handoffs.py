"""A case in the hands of a law firm: prepared with its dossier, sent, accepted, asked about, recalled, done.

Nothing is handed over without an approved decision: `prepare` looks, and so does a trigger. The firm sees a handoff
from its sending until its recall, and nothing else of the agency.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from agencies.models import Membership
from agencies.permissions import Permission
from audit import record
from cases import approvals, transitions
from cases.documents import add
from cases.models import ApprovalKind, Case, Document, Stage
from common.refusals import NotUnderstood, Refused
from legal import dossiers, stopping
from legal.firms import firm_of
from legal.models import (
    CourtReason,
    Handoff,
    HandoffDocument,
    HandoffWord,
    LawFirm,
    LawsuitDecision,
    Proceeding,
)
from legal.taking_over import take_over

State = Handoff.State
ENDED = (State.RECALLED, State.DONE)
SEEN_BY_FIRM = (State.SENT, State.ACCEPTED, State.QUESTION, State.IN_COURT, State.DONE)
WITH_FIRM = (State.ACCEPTED, State.QUESTION, State.IN_COURT)

PREPARED = record.kind("legal.handoff_prepared", gettext_lazy("The dossier for the law firm was prepared."))
SENT = record.kind("legal.handoff_sent", gettext_lazy("The case was handed to the law firm."))
ACCEPTED = record.kind("legal.handoff_accepted", gettext_lazy("The law firm accepted the case."))
QUESTION = record.kind("legal.handoff_question", gettext_lazy("The law firm asked a question."))
ANSWER = record.kind("legal.handoff_answer", gettext_lazy("The law firm's question was answered."))
RECALLED = record.kind("legal.handoff_recalled", gettext_lazy("The case was recalled from the law firm."))
DONE = record.kind("legal.handoff_done", gettext_lazy("The law firm's work on the case ended."))
CLEARED = record.kind(
    "legal.handoff_cleared", gettext_lazy("A legal officer looked at the payment: enforcement goes on.")
)
UPLOADED = record.kind("legal.handoff_document", gettext_lazy("A document was shared with the law firm or by it."))


class DecisionMissing(Refused):
    """Only an approved decision that still holds lets a case be handed over."""


class FirmOfAnotherCreditor(Refused):
    """The firm is trusted by another creditor."""

    field = "firm"


class HandedOverAlready(Refused):
    """Another firm has the case."""


class NotNow(Refused):
    """In this state of the handoff it cannot be done."""


class NotYourHandoff(Refused):
    """Only the firm that has the case, or the agency's legal people."""

    status = 403


class ProceedingsOpen(Refused):
    """A firm is not done while nobody said how its proceedings ended."""


class TextMissing(NotUnderstood):
    field = "text"


def of_firm(member: Membership) -> Any:
    """The handoffs a law firm's user sees: their firm's, from the sending until the recall."""
    firm = firm_of(member)
    found = Handoff.objects.select_related("case__debtor", "case__creditor", "case__account", "firm", "decision")
    return found.filter(firm=firm, state__in=SEEN_BY_FIRM) if firm else found.none()


def visible_to(member: Membership) -> Any:
    """All of the agency's for its legal people; for people from outside those of their firm."""
    if member.role_class.outside:
        return of_firm(member)
    found = Handoff.objects.select_related("case__debtor", "case__creditor", "case__account", "firm", "decision")
    return found if member.may(Permission.LEGAL_HANDOFF) else found.none()


def approved_decision(case: Case) -> LawsuitDecision | None:
    """The decision by which the case may be handed over now."""
    found: LawsuitDecision | None = LawsuitDecision.objects.filter(
        id=case.court_decision_id or 0, case=case, state=LawsuitDecision.State.APPROVED
    ).first()
    return found


def prepare(
    decision: LawsuitDecision, *, firm: LawFirm, by: Membership, as_of: date, now: datetime, payment_note: str = ""
) -> Handoff:
    """Choose the firm, move the case to the legal stage if it is not there, and make the dossier.

    When a payment came in since approval was asked for, or less is owed than claimed, `payment_note` says why the case
    is handed over all the same; the dossier then tells both sums with their days.

    Raises:
        DecisionMissing, cases.approvals.ApprovalMissing: nobody approved, or the case was taken back since.
        FirmOfAnotherCreditor, HandedOverAlready; cases.transitions refusals.
        legal.stopping.EnforcementStopped: a hold, or a payment nobody looked at.
    """
    case: Case = Case.objects.select_related("account", "mandate", "creditor").get(id=decision.case_id)
    with transaction.atomic():
        approvals.check(ApprovalKind.LAWSUIT, decision.id)
        if case.court_decision_id != decision.id or decision.state != LawsuitDecision.State.APPROVED:
            raise DecisionMissing(_("Going to court must be decided and approved anew before the case is handed over."))
        if not firm.is_active or (firm.creditor_id is not None and firm.creditor_id != case.creditor_id):
            raise FirmOfAnotherCreditor(_("This law firm does not take cases of this creditor."))
        if Handoff.objects.filter(case=case).exclude(state__in=ENDED).exists():
            raise HandedOverAlready(_("A law firm has this case already. Recall it first."))
        looked = stopping.check_handing_over(decision, case, note=payment_note)
        if case.stage != Stage.LEGAL:
            transitions.apply(case, "hand_to_legal", by=by, as_of=as_of, now=now, reason=_reason(decision))
        handoff: Handoff = Handoff.objects.create(
            case=case, decision=decision, firm=firm, prepared_by=user_of(by), prepared_at=now,
            cleared_at=now if looked else decision.asked_at or now,
            cleared_note=payment_note.strip()[:240] if looked else "",
        )  # fmt: skip
        _pack(handoff, by=by, now=now)
        record.record(
            PREPARED, by=user_of(by), case_id=case.id, subject_id=handoff.id, at=now, firm=firm.id,
            payment_looked_at=looked,
        )  # fmt: skip
    return handoff


def repack(handoff: Handoff, *, by: Actor, now: datetime) -> Handoff:
    """Make the dossier anew, before it is sent: a document came in, a payment changed the statement.

    Raises:
        NotNow: it was sent already.
    """
    with transaction.atomic():
        fresh = _locked(handoff, State.PREPARED)
        _pack(fresh, by=by, now=now)
        record.record(PREPARED, by=user_of(by), case_id=fresh.case_id, subject_id=fresh.id, at=now, firm=fresh.firm_id)
    return fresh


def _pack(handoff: Handoff, *, by: Actor, now: datetime) -> None:
    handoff.summary, handoff.dossier = dossiers.build(handoff, by=by, now=now)
    handoff.save(update_fields=["summary", "dossier"])


def _reason(decision: LawsuitDecision) -> str:
    words = ", ".join(str(CourtReason(code).label) for code in decision.reasons)
    return f"{words}. {decision.text}".strip() if decision.text else words


def send(handoff: Handoff, *, by: Actor, now: datetime) -> Handoff:
    """Open the handoff to the firm: from now on its people see it.

    Raises:
        NotNow; legal.stopping.EnforcementStopped: a payment or a hold came after the dossier was made.
    """
    with transaction.atomic():
        fresh = _locked(handoff, State.PREPARED)
        stopping.check_going(fresh)
        fresh.state, fresh.sent_at = State.SENT, now
        fresh.save(update_fields=["state", "sent_at"])
        made = Document.objects.filter(id__in=[fresh.summary_id, fresh.dossier_id]).order_by("id")
        HandoffDocument.objects.bulk_create(
            [HandoffDocument(handoff=fresh, document=one, from_firm=False) for one in made]
        )  # fmt: skip
        record.record(SENT, by=user_of(by), case_id=fresh.case_id, subject_id=fresh.id, at=now, firm=fresh.firm_id)
    return fresh


def accept(handoff: Handoff, *, by: Membership, now: datetime) -> Handoff:
    """The firm takes the case, with the proceedings that another firm began and the agency went on with. What it asked
    before still waits for the answer.

    Raises:
        NotYourHandoff, NotNow
    """
    check_firm(handoff, by)
    with transaction.atomic():
        fresh = _locked(handoff, State.SENT, State.QUESTION)
        if fresh.accepted_at is not None:
            raise NotNow(_("The case was accepted before."))
        taken = take_over(fresh)
        works, fresh.accepted_at = State.IN_COURT if taken else State.ACCEPTED, now
        if fresh.state == State.QUESTION:
            fresh.resumes = works
        else:
            fresh.state = works
        fresh.save(update_fields=["state", "resumes", "accepted_at"])
        record.record(
            ACCEPTED, by=by.user, case_id=fresh.case_id, subject_id=fresh.id, at=now, proceedings_taken_over=taken
        )  # fmt: skip
    return fresh


def ask(handoff: Handoff, *, text: str, by: Membership, now: datetime) -> HandoffWord:
    """The firm asks the agency something; the handoff waits for the answer.

    Raises:
        NotYourHandoff, TextMissing, NotNow
    """
    check_firm(handoff, by)
    if not text.strip():
        raise TextMissing(_("Write your question."))
    with transaction.atomic():
        fresh = _locked(handoff, State.SENT, *WITH_FIRM)
        if fresh.state != State.QUESTION:
            fresh.resumes, fresh.state = fresh.state, State.QUESTION
            fresh.save(update_fields=["resumes", "state"])
        word: HandoffWord = HandoffWord.objects.create(
            handoff=fresh, from_firm=True, text=text.strip(), by=by.user, at=now
        )
        record.record(QUESTION, by=by.user, case_id=fresh.case_id, subject_id=fresh.id, at=now)
    return word


def answer(handoff: Handoff, *, text: str, by: Membership, now: datetime) -> HandoffWord:
    """The agency answers; the handoff goes on where it was.

    Raises:
        TextMissing, NotNow: nothing was asked.
    """
    if not text.strip():
        raise TextMissing(_("Write your answer."))
    with transaction.atomic():
        fresh = _locked(handoff, State.QUESTION)
        fresh.state, fresh.resumes = fresh.resumes or State.SENT, ""
        fresh.save(update_fields=["state", "resumes"])
        word: HandoffWord = HandoffWord.objects.create(
            handoff=fresh, from_firm=False, text=text.strip(), by=by.user, at=now
        )
        record.record(ANSWER, by=by.user, case_id=fresh.case_id, subject_id=fresh.id, at=now)
    return word


def recall(handoff: Handoff, *, note: str, by: Actor, now: datetime) -> Handoff:
    """Take the case back from the firm: its access ends with this moment. The agency goes on with open proceedings.

    Raises:
        TextMissing, NotNow
    """
    return _end(handoff, State.RECALLED, RECALLED, note=note, by=by, now=now)


def finish(handoff: Handoff, *, note: str, by: Actor, now: datetime) -> Handoff:
    """The firm's work is done; it may still read what it did.

    Raises:
        TextMissing, NotNow
        ProceedingsOpen: how they ended is recorded first, or the case is recalled and the agency goes on.
    """
    if Proceeding.objects.filter(handoff=handoff, state=Proceeding.State.OPEN).exists():
        raise ProceedingsOpen(
            _("Record how the open proceedings ended first, or recall the case: the agency then goes on with them.")
        )
    return _end(handoff, State.DONE, DONE, note=note, by=by, now=now)


def _end(handoff: Handoff, state: Handoff.State, kind: str, *, note: str, by: Actor, now: datetime) -> Handoff:
    if not note.strip():
        raise TextMissing(_("Say why, in a few words."), field="note")
    sources = (State.PREPARED, State.SENT, *WITH_FIRM) if state == State.RECALLED else WITH_FIRM
    with transaction.atomic():
        fresh = _locked(handoff, *sources)
        fresh.state, fresh.ended_at, fresh.ended_note = state, now, note.strip()[:240]
        fresh.save(update_fields=["state", "ended_at", "ended_note"])
        record.record(kind, by=user_of(by), case_id=fresh.case_id, subject_id=fresh.id, at=now)
    return fresh


def share(
    handoff: Handoff, *, kind: str, title: str, filename: str, content: bytes, mime: str, by: Membership, now: datetime
) -> Document:
    """Keep a document of the case that both the firm and the agency may open.

    Raises:
        NotYourHandoff, NotNow
    """
    from_firm = by.role_class.outside
    if from_firm:
        check_firm(handoff, by)
    with transaction.atomic():
        after = () if from_firm else (State.RECALLED,)
        fresh = _locked(handoff, State.SENT, *WITH_FIRM, *after)
        document = add(
            fresh.case, kind=kind, title=title or filename, filename=filename, content=content, mime=mime, by=by,
            now=now, subject_id=fresh.id,
        )  # fmt: skip
        HandoffDocument.objects.create(handoff=fresh, document=document, from_firm=from_firm)
        record.record(UPLOADED, by=by.user, case_id=fresh.case_id, subject_id=document.id, at=now, from_firm=from_firm)
    return document


def shared(handoff: Handoff) -> list[HandoffDocument]:
    """The documents of a handoff that its firm may open, newest first."""
    return list(HandoffDocument.objects.filter(handoff=handoff).select_related("document__made_by").order_by("-id"))


def resolve_stop(handoff: Handoff, *, note: str, by: Membership, now: datetime) -> Handoff:
    """A legal officer looked at the payments so far and lets enforcement go on for the rest.

    A dossier that was not sent yet is made anew, so that it tells them.

    Raises:
        TextMissing: without a reason.
        NotNow: nothing stands in the way, or a hold does, which is lifted on the case itself.
    """
    if not note.strip():
        raise TextMissing(_("Say why enforcement goes on."), field="note")
    with transaction.atomic():
        fresh = _locked(handoff, State.PREPARED, State.SENT, *WITH_FIRM, *ENDED)
        codes = {one.code for one in stopping.stops(fresh)}
        if "PAYMENT" not in codes:
            sentence = _("Lift the hold on the case first.") if "HOLD" in codes else _("Nothing stands in the way.")
            raise NotNow(sentence)
        fresh.cleared_at, fresh.cleared_note = now, note.strip()[:240]
        fresh.save(update_fields=["cleared_at", "cleared_note"])
        if fresh.state == State.PREPARED:
            _pack(fresh, by=by, now=now)
        record.record(CLEARED, by=by.user, case_id=fresh.case_id, subject_id=fresh.id, at=now)
    return fresh


def check_firm(handoff: Handoff, member: Membership) -> None:
    """Raises NotYourHandoff unless the member is of the firm that has the case."""
    if not of_firm(member).filter(id=handoff.id).exists():
        raise NotYourHandoff(_("This case is not in the hands of your firm."))


def check_worker(handoff: Handoff, member: Membership) -> None:
    """Who works a handoff: the firm once it accepted, and the agency's legal people.

    Raises:
        NotYourHandoff, NotNow
    """
    if member.role_class.outside:
        check_firm(handoff, member)
    elif not member.may(Permission.LEGAL_HANDOFF):
        raise NotYourHandoff(_("Only the agency's legal people and the firm do this."))
    if handoff.state not in WITH_FIRM:
        raise NotNow(_("The firm must accept the case first, and may not have given it back."))


def goes_on(handoff: Handoff, member: Membership) -> bool:
    """Whether the agency goes on with what a firm left open: it had the case and has it no more."""
    ended = handoff.state in ENDED and handoff.accepted_at is not None
    return ended and not member.role_class.outside and member.may(Permission.LEGAL_HANDOFF)


def check_follower(handoff: Handoff, member: Membership) -> None:
    """Who reports about proceedings and costs: those who work the handoff, and the agency after its end.

    Raises:
        NotYourHandoff, NotNow
    """
    if not goes_on(handoff, member):
        check_worker(handoff, member)


def words_of(handoff: Handoff) -> list[HandoffWord]:
    return list(HandoffWord.objects.filter(handoff=handoff).select_related("by").order_by("id"))


def _locked(handoff: Handoff, *states: str) -> Handoff:
    fresh: Handoff = Handoff.objects.select_for_update(of=("self",)).select_related("case").get(id=handoff.id)
    if fresh.state not in states:
        raise NotNow(
            _("That cannot be done any more: the handoff is “%(state)s”.") % {"state": fresh.get_state_display()}
        )
    return fresh
