"""Criminal complaints: asked for, approved by coordinator and creditor, filed where and as the creditor wishes.

The financed object cannot be found, or is not handed over (S003-20); what the police answered is kept (S003-21).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actors import Actor, user_of
from agencies.models import Membership
from audit import record
from cases import approvals, documents, standstill
from cases.models import Approval, ApprovalKind, Case, Document, DocumentKind, Stage
from common import pdf
from common.refusals import NotUnderstood, Refused
from legal.models import Complaint, PoliceNews

State = Complaint.State

REQUESTED = record.kind(
    "legal.complaint_requested", gettext_lazy("A criminal complaint was asked for: %(complaint_reason)s."),
    complaint_reason=Complaint.Reason.choices,
)  # fmt: skip
WITHDRAWN = record.kind("legal.complaint_withdrawn", gettext_lazy("The criminal complaint was withdrawn."))
FILED = record.kind("legal.complaint_filed", gettext_lazy("The criminal complaint was filed on %(filed_on)s."))
NEWS = record.kind("legal.police_news", gettext_lazy("Correspondence with the police was recorded."))


class ComplaintOpen(Refused):
    """A complaint about this case waits already."""


class CaseIsClosed(Refused):
    """A closed case is not worked."""


class WordingMissing(NotUnderstood):
    field = "wording"


class PlaceMissing(NotUnderstood):
    field = "place"


class ComplaintStopped(Refused):
    """The debt is disputed, held or closed, or money came in since the complaint was asked for (S002-11)."""


class WithdrawalNeedsReason(NotUnderstood):
    field = "note"


class NotFiledYet(Refused):
    """Only what was filed is answered."""


class FiledAlready(Refused):
    """It was filed or refused before."""


class FiledOnADayToCome(NotUnderstood):
    field = "filed_on"


def request(
    case: Case, *, reason: str, place: str, wording: str, by: Actor, now: datetime, requirements: str = ""
) -> Complaint:
    """Ask coordinator and creditor for a complaint in these words, to be filed at this place.

    Raises:
        ComplaintOpen, CaseIsClosed, WordingMissing, PlaceMissing; NotUnderstood: an unknown reason.
        ComplaintStopped: a hold is open, such as a dispute.
    """
    if reason not in Complaint.Reason.values:
        raise NotUnderstood(_("There is no such reason."), field="reason")
    if not place.strip():
        raise PlaceMissing(_("Say where the complaint is to be filed."))
    if not wording.strip():
        raise WordingMissing(_("Write the wording of the complaint."))
    if case.stage == Stage.CLOSED:
        raise CaseIsClosed(_("The case is closed."))
    held = standstill.closed_or_held(case)
    if held:
        raise ComplaintStopped(held[0].sentence, reasons=[one.code for one in held])
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).only("id").get(id=case.id)
        if Complaint.objects.filter(case=case, state__in=[State.REQUESTED, State.APPROVED]).exists():
            raise ComplaintOpen(_("A complaint about this case is under way already."))
        complaint: Complaint = Complaint.objects.create(
            case=case, reason=reason, place=place.strip()[:160], wording=wording.strip(),
            requirements=requirements.strip(), requested_by=user_of(by), requested_at=now,
        )  # fmt: skip
        record.record(
            REQUESTED, by=user_of(by), case_id=case.id, subject_id=complaint.id, at=now, complaint_reason=reason
        )
        approvals.ask(
            ApprovalKind.COMPLAINT, complaint.id, mandate=case.mandate, case=case, by=by, now=now,
            facts={"reason": reason},
        )  # fmt: skip
    return complaint


def file(
    complaint: Complaint,
    *,
    filed_on: date,
    by: Actor,
    as_of: date,
    now: datetime,
    police_no: str = "",
    payment_note: str = "",
) -> Complaint:
    """Record the filing of an approved complaint; its wording is kept as a document.

    What stood in the way on the day of filing stops it: a closed case, a hold, a payment since the complaint was asked
    for. A payment is passed with `payment_note`, which says why the complaint is filed all the same.

    Raises:
        cases.approvals.ApprovalMissing: coordinator or creditor has not said yes.
        FiledAlready, FiledOnADayToCome, ComplaintStopped
    """
    if filed_on > as_of:
        raise FiledOnADayToCome(_("This day has not come yet."))
    approvals.check(ApprovalKind.COMPLAINT, complaint.id)
    with transaction.atomic():
        fresh: Complaint = (
            Complaint.objects.select_for_update(of=("self",))
            .select_related("case__debtor", "case__creditor")
            .get(id=complaint.id)
        )
        if fresh.state != State.APPROVED:
            raise FiledAlready(_("This complaint was filed, refused or withdrawn before."))
        _check_going(fresh, filed_on=filed_on, payment_note=payment_note)
        fresh.payment_note = payment_note.strip()[:240]
        fresh.filed_on, fresh.police_no = filed_on, police_no.strip()[:60]
        fresh.document = _document(fresh, by=by, now=now)
        fresh.state = State.FILED
        fresh.save(update_fields=["state", "filed_on", "police_no", "document", "payment_note"])
        record.record(
            FILED, by=user_of(by), case_id=fresh.case_id, subject_id=fresh.id, at=now, filed_on=filed_on.isoformat()
        )
    return fresh


def stops(complaint: Complaint) -> list[standstill.Stop]:
    """What stands between an approved complaint and its filing today."""
    return standstill.stops(complaint.case, cleared_at=complaint.requested_at)


def _check_going(complaint: Complaint, *, filed_on: date, payment_note: str) -> None:
    found = [one for one in stops(complaint) if one.since is None or one.since <= filed_on]
    shut = [one for one in found if one.code != "PAYMENT"]
    codes = [one.code for one in found]
    if shut:
        raise ComplaintStopped(shut[0].sentence, reasons=codes)
    if found and not payment_note.strip():
        advice = _("Say why the complaint is filed all the same, or withdraw it.")
        raise ComplaintStopped(f"{found[0].sentence} {advice}", field="payment_note", reasons=codes)


def withdraw(complaint: Complaint, *, note: str, by: Actor, now: datetime) -> Complaint:
    """File it no longer, approved or not, and say why: the way is free for another one.

    Raises:
        FiledAlready: it was filed, refused or withdrawn before. WithdrawalNeedsReason
    """
    if not note.strip():
        raise WithdrawalNeedsReason(_("Say in a few words why the complaint is withdrawn."))
    with transaction.atomic():
        fresh: Complaint = Complaint.objects.select_for_update(of=("self",)).get(id=complaint.id)
        if fresh.state not in {State.REQUESTED, State.APPROVED}:
            raise FiledAlready(_("This complaint was filed, refused or withdrawn before."))
        approvals.withdraw(ApprovalKind.COMPLAINT, fresh.id, by=by, now=now)
        fresh.state, fresh.withdrawn_note = State.WITHDRAWN, note.strip()[:240]
        fresh.save(update_fields=["state", "withdrawn_note"])
        record.record(WITHDRAWN, by=user_of(by), case_id=fresh.case_id, subject_id=fresh.id, at=now)
    return fresh


def _document(complaint: Complaint, *, by: Actor, now: datetime) -> Document:
    case = complaint.case
    agency = case.agency
    context = {"agency": agency, "case": case, "complaint": complaint}
    printed = pdf.document("documents/complaint.html", context, language=agency.language)
    return documents.add(
        case, kind=DocumentKind.COMPLAINT, title=str(_("Criminal complaint")), content=printed.pdf, by=by, now=now,
        filename=f"complaint-{case.contract_no}.pdf", mime="application/pdf", language=agency.language,
        subject_id=complaint.id,
    )  # fmt: skip


def note_police(
    complaint: Complaint, *, on: date, text: str, by: Actor, now: datetime, document: Document | None = None
) -> PoliceNews:
    """Keep what was written to or heard from the police (S003-21).

    Raises:
        NotFiledYet; NotUnderstood: nothing was written.
    """
    if complaint.state != State.FILED:
        raise NotFiledYet(_("The complaint was not filed yet."))
    if not text.strip():
        raise NotUnderstood(_("Write what was said."), field="text")
    with transaction.atomic():
        news: PoliceNews = PoliceNews.objects.create(
            complaint=complaint, on=on, text=text.strip()[:400], document=document, by=user_of(by), at=now
        )
        record.record(NEWS, by=user_of(by), case_id=complaint.case_id, subject_id=news.id, at=now)
    return news


def of_case(case: Case) -> list[tuple[Complaint, list[PoliceNews]]]:
    related = ("requested_by", "document", "case__agency")
    found = list(Complaint.objects.filter(case=case).select_related(*related).order_by("-id"))
    news: dict[int, list[PoliceNews]] = {}
    for one in PoliceNews.objects.filter(complaint__in=found).select_related("by", "document").order_by("on", "id"):
        news.setdefault(one.complaint_id, []).append(one)
    return [(one, news.get(one.id, [])) for one in found]


def _granted(approval: Approval, _by: Membership, _now: datetime) -> None:
    complaint = Complaint.objects.get(id=approval.subject_id)
    complaint.state = State.APPROVED
    complaint.save(update_fields=["state"])


def _refused(approval: Approval, _by: Membership, _now: datetime) -> None:
    Complaint.objects.filter(id=approval.subject_id).update(state=State.REFUSED, refused_note=approval.note)


def _shown(approval: Approval) -> list[approvals.Fact]:
    complaint: Any = Complaint.objects.filter(id=approval.subject_id).first()
    if complaint is None:
        return []
    facts = [
        approvals.Fact(_("Reason"), str(complaint.get_reason_display())),
        approvals.Fact(_("To be filed at"), complaint.place),
        approvals.Fact(_("Wording"), complaint.wording),
    ]
    if complaint.requirements:
        facts.append(approvals.Fact(_("Creditor's requirements"), complaint.requirements))
    return facts


def _closed(complaint_ids: Sequence[int], _now: datetime) -> None:
    """Nobody is accused in a case that was closed."""
    Complaint.objects.filter(id__in=complaint_ids, state=State.REQUESTED).update(state=State.WITHDRAWN)


APPROVAL = approvals.Kind(
    ApprovalKind.COMPLAINT, granted=_granted, refused=_refused, shown=_shown, days=5, closed=_closed
)  # fmt: skip
