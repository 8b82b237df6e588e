"""Whether a debt goes to court: a draft with reasons and checklist, the question to those who must agree, the answer.

The decision is the exit of the field stage, with its reasons whichever way it goes (S000-12, S004-38). Only an approved
one opens the legal stage (`cases.court`), and only by it a case is handed to a law firm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from agencies.models import Membership
from audit import record
from cases import approvals, court, deeds
from cases.models import Approval, ApprovalKind, Case, Deed, Stage
from common.refusals import NotUnderstood, Refused
from common.templatetags.trade import day, money
from ledger.models import DEBT_BUCKETS, Account
from legal import checklists, limitation
from legal.models import CheckState, CourtReason, Handoff, LawsuitCheck, LawsuitDecision

State = LawsuitDecision.State

DRAFTED = record.kind("legal.lawsuit_drafted", gettext_lazy("Going to court was drafted."))
ASKED = record.kind("legal.lawsuit_asked", gettext_lazy("Approval to go to court was asked for."))
WITHDRAWN = record.kind("legal.lawsuit_withdrawn", gettext_lazy("It was decided not to go to court."))


class NotADraft(Refused):
    """The decision was asked for, decided or withdrawn: it is not changed any more."""


class AlreadyInCourt(Refused):
    """The case is in the legal stage already, or closed."""


class ReasonsMissing(NotUnderstood):
    """A decision names at least one reason."""

    field = "reasons"


class ChecklistIncomplete(Refused):
    """Something is missing and nobody said why the case may go to court all the same."""

    field = "checks"


class LimitationNeedsReason(NotUnderstood):
    """A day entered by hand says where it comes from."""

    field = "limitation_note"


class DeedNotBroken(Refused):
    """Only a concluded deed whose plan is broken is enforced without a lawsuit (S003-26)."""


class WithdrawalNeedsReason(NotUnderstood):
    field = "note"


@dataclass(frozen=True)
class Tick:
    """What a person says about one item of the checklist."""

    met: bool = False
    explanation: str = ""


def draft_of(case: Case) -> LawsuitDecision | None:
    """The decision that is being drafted or waits."""
    open_: LawsuitDecision | None = LawsuitDecision.objects.filter(
        case=case, state__in=[State.DRAFT, State.WAITING]
    ).first()
    return open_


def save_draft(
    case: Case,
    *,
    reasons: Sequence[str],
    text: str,
    ticks: Mapping[str, Tick],
    by: Actor,
    as_of: date,
    now: datetime,
    limitation_on: date | None = None,
    limitation_note: str = "",
    deed: Deed | None = None,
) -> LawsuitDecision:
    """Begin the decision of a case, or write its draft anew: the claim is read from the books, the checklist anew.

    With `deed` the decision is to enforce it directly, by the checklist of deeds and without a lawsuit. Without
    `limitation_on` the last day follows from the oldest open due day and the country's term.

    Raises:
        AlreadyInCourt, NotADraft, LimitationNeedsReason, DeedNotBroken; NotUnderstood: an unknown reason.
    """
    if not set(reasons) <= set(CourtReason.values):
        raise NotUnderstood(_("There is no such reason."), field="reasons")
    if case.stage in {Stage.LEGAL, Stage.CLOSED}:
        raise AlreadyInCourt(_("The case is in the legal stage or closed, so there is nothing to decide."))
    if case.court_decision_id is not None:
        raise AlreadyInCourt(_("Going to court is approved already: hand the case over."))
    if deed is not None:
        check_deed(case, deed)
        reasons = list(dict.fromkeys([CourtReason.DEED_BROKEN.value, *reasons]))
    last, source = _limitation(case, limitation_on, limitation_note)
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).only("id").get(id=case.id)
        decision = draft_of(case) or LawsuitDecision(case=case, currency=case.currency)
        if decision.state != State.DRAFT:
            raise NotADraft(_("The decision waits for approval. Withdraw it before you change it."))
        _read_claim(decision, Account.objects.get(id=case.account_id))
        decision.deed = deed
        decision.reasons, decision.text = list(reasons), text.strip()
        decision.limitation_on, decision.limitation_source = last, source[:240]
        decision.drafted_by, decision.drafted_at = user_of(by), now
        decision.save()
        _check(decision, case, ticks, as_of=as_of)
        record.record(
            DRAFTED, by=user_of(by), case_id=case.id, subject_id=decision.id, at=now, reasons=list(reasons),
            claim=str(decision.claim), limitation_on=last.isoformat() if last else None,
        )  # fmt: skip
    return decision


def _read_claim(decision: LawsuitDecision, account: Account) -> None:
    for bucket in DEBT_BUCKETS:
        setattr(decision, bucket.lower(), getattr(account, bucket.lower()))


def check_deed(case: Case, deed: Deed) -> None:
    """Raises DeedNotBroken unless the deed is concluded and its plan is broken now."""
    title = deeds.enforceable(case)
    if title is None or title.id != deed.id:
        raise DeedNotBroken(_("The deed is being fulfilled, or was never concluded: nothing is enforced from it."))


def proposed_limitation(case: Case) -> tuple[date | None, str]:
    """The last day by the country's term, and the rule; (None, "") where the agency sets it."""
    term = limitation.term_of(case.jurisdiction, case.debt_kind)
    if term is None or case.oldest_due_on is None:
        return None, ""
    return limitation.last_day(case.oldest_due_on, term), term.source


def _limitation(case: Case, entered: date | None, note: str) -> tuple[date | None, str]:
    proposed, source = proposed_limitation(case)
    if entered is None or entered == proposed:
        return proposed, source
    if not note.strip():
        raise LimitationNeedsReason(_("Say why the limitation ends on another day than counted."))
    return entered, note.strip()


def _check(decision: LawsuitDecision, case: Case, ticks: Mapping[str, Tick], *, as_of: date) -> None:
    LawsuitCheck.objects.filter(decision=decision).delete()
    rows = []
    for position, item in enumerate(checklists.items_of(case.jurisdiction, by_deed=decision.deed_id is not None)):
        tick = ticks.get(item.code, Tick())
        state = checklists.state_of(item.code, case, limitation_on=decision.limitation_on, as_of=as_of)
        by_hand = item.code in checklists.BY_HAND
        if by_hand and tick.met:
            state = CheckState.MET
        rows.append(
            LawsuitCheck(
                decision=decision, code=item.code, position=position, state=state, by_hand=by_hand,
                explanation=tick.explanation.strip()[:400] if state == CheckState.MISSING else "",
            )
        )  # fmt: skip
    LawsuitCheck.objects.bulk_create(rows)


def checks_of(decision: LawsuitDecision) -> list[LawsuitCheck]:
    return list(LawsuitCheck.objects.filter(decision=decision).order_by("position", "id"))


def gaps_of(decision: LawsuitDecision) -> list[LawsuitCheck]:
    """What is missing and not explained."""
    return [one for one in checks_of(decision) if one.state == CheckState.MISSING and not one.explanation]


def ask(decision: LawsuitDecision, *, by: Actor, as_of: date, now: datetime) -> LawsuitDecision:
    """Put the decision before those who must agree. Claim, limitation and checklist are read once more.

    Raises:
        NotADraft, ReasonsMissing, ChecklistIncomplete
    """
    with transaction.atomic():
        fresh: LawsuitDecision = LawsuitDecision.objects.select_for_update().get(id=decision.id)
        if fresh.state != State.DRAFT:
            raise NotADraft(_("This decision is not a draft any more."))
        if not fresh.reasons:
            raise ReasonsMissing(_("Choose at least one reason for going to court."))
        case = Case.objects.select_related("account", "mandate").get(id=fresh.case_id)
        if fresh.deed is not None:
            check_deed(case, fresh.deed)
        _read_claim(fresh, case.account)
        proposed, source = proposed_limitation(case)
        if fresh.limitation_source == source[:240]:
            fresh.limitation_on = proposed
        kept = {one.code: Tick(one.state == CheckState.MET, one.explanation) for one in checks_of(fresh)}
        _check(fresh, case, kept, as_of=as_of)
        gaps = gaps_of(fresh)
        if gaps:
            named = "; ".join(str(checklists.LABELS[one.code]) for one in gaps)
            raise ChecklistIncomplete(
                _("Bring what is missing, or explain why it is not needed: %(what)s.") % {"what": named},
                missing=[one.code for one in gaps],
            )
        fresh.state, fresh.asked_at = State.WAITING, now
        claimed = [bucket.lower() for bucket in DEBT_BUCKETS]
        fresh.save(update_fields=["state", "asked_at", "limitation_on", *claimed])
        record.record(
            ASKED, by=user_of(by), case_id=case.id, subject_id=fresh.id, at=now, claim=str(fresh.claim)
        )  # fmt: skip
        approvals.ask(
            ApprovalKind.LAWSUIT, fresh.id, mandate=case.mandate, case=case, by=by, now=now, facts=_facts(fresh)
        )  # fmt: skip
    return fresh


def withdraw(decision: LawsuitDecision, *, note: str, by: Actor, now: datetime) -> LawsuitDecision:
    """Conclude that the debt does not go to court, and say why (S000-12).

    An approved decision can be withdrawn too, as long as it was not used: the legal stage shuts again.

    Raises:
        NotADraft: it was decided already, or the case is in the legal stage or with a law firm.
        WithdrawalNeedsReason
    """
    if not note.strip():
        raise WithdrawalNeedsReason(_("Say in a few words why the debt does not go to court."))
    with transaction.atomic():
        fresh: LawsuitDecision = LawsuitDecision.objects.select_for_update().get(id=decision.id)
        if fresh.state == State.APPROVED:
            _check_unused(fresh)
            court.shut(fresh.case_id, decision_id=fresh.id)
        elif fresh.state not in {State.DRAFT, State.WAITING}:
            raise NotADraft(_("This was decided already."))
        approvals.withdraw(ApprovalKind.LAWSUIT, fresh.id, by=by, now=now)
        fresh.state, fresh.decided_at, fresh.ended_note = State.WITHDRAWN, now, note.strip()[:240]
        fresh.save(update_fields=["state", "decided_at", "ended_note"])
        record.record(WITHDRAWN, by=user_of(by), case_id=fresh.case_id, subject_id=fresh.id, at=now)
    return fresh


def _check_unused(decision: LawsuitDecision) -> None:
    case = Case.objects.select_for_update(no_key=True).only("id", "stage").get(id=decision.case_id)
    if Handoff.objects.filter(decision=decision, ended_at=None).exists():
        raise NotADraft(_("Recall the case from the law firm first."))
    if case.stage == Stage.LEGAL:
        raise NotADraft(_("Take the case back from the legal stage first; that ends the decision as well."))


def _facts(decision: LawsuitDecision) -> dict[str, Any]:
    missing = [one.code for one in checks_of(decision) if one.state == CheckState.MISSING]
    return {
        "by_deed": decision.deed_id is not None,
        "claim": str(decision.claim), "currency": decision.currency, "reasons": list(decision.reasons),
        "limitation_on": decision.limitation_on.isoformat() if decision.limitation_on else None, "missing": missing,
    }  # fmt: skip


def _granted(approval: Approval, _by: Membership, now: datetime) -> None:
    decision = LawsuitDecision.objects.select_related("case").get(id=approval.subject_id)
    decision.state, decision.decided_at = State.APPROVED, now
    decision.save(update_fields=["state", "decided_at"])
    court.open_for_court(decision.case, decision_id=decision.id)


def _refused(approval: Approval, _by: Membership, now: datetime) -> None:
    LawsuitDecision.objects.filter(id=approval.subject_id).update(
        state=State.REFUSED, decided_at=now, ended_note=approval.note
    )


def _shown(approval: Approval) -> list[approvals.Fact]:
    """The claim, the reasons, the limitation and what is missing with its explanation."""
    found = LawsuitDecision.objects.filter(id=approval.subject_id)
    decision = found.select_related("deed__plan", "case").first()
    if decision is None:
        return []
    reasons = ", ".join(str(CourtReason(one).label) for one in decision.reasons)
    facts = [
        approvals.Fact(_("Claim"), money(decision.claim, decision.currency)),
        approvals.Fact(_("Reasons"), f"{reasons}. {decision.text}" if decision.text else reasons),
        approvals.Fact(_("Time-barred after"), day(decision.limitation_on)),
    ]
    if decision.case.balance != decision.claim:
        facts.insert(1, approvals.Fact(_("Owed today"), money(decision.case.balance, decision.currency)))
    deed = decision.deed
    if deed is not None:
        way = _("Enforcement from the notarial deed %(number)s, without a lawsuit") % {"number": deed.deed_no}
        facts.insert(0, approvals.Fact(_("Way"), way))
        facts.append(approvals.Fact(_("Still open by the deed"), money(deeds.open_sum(deed), deed.currency)))
    for one in checks_of(decision):
        if one.state == CheckState.MISSING:
            facts.append(approvals.Fact(_("Missing"), f"{checklists.LABELS[one.code]}: {one.explanation}"))
    return facts


def _closed(decision_ids: Sequence[int], now: datetime) -> None:
    """The debt does not go to court: its case was closed."""
    LawsuitDecision.objects.filter(id__in=decision_ids, state=State.WAITING).update(
        state=State.WITHDRAWN, decided_at=now
    )


APPROVAL = approvals.Kind(
    ApprovalKind.LAWSUIT, granted=_granted, refused=_refused, shown=_shown, days=5, closed=_closed
)  # fmt: skip
