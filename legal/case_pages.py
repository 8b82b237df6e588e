"""The legal page of one case: contract, decision, handoffs and complaints, each with its deeds."""

from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from agencies.views.answers import beside, told
from cases import contract_status, deeds, documents, queries
from cases.document_pages import download
from cases.models import Case, Deed, Document, DocumentKind, Stage
from cases.next_actions import local_day
from common.refusals import Refused
from legal import checklists, complaints, handoffs, lawsuits, limitation, stopping, uploads
from legal.forms import (
    ComplaintForm,
    ContractForm,
    DraftForm,
    FilingForm,
    NewsForm,
    NoteForm,
    PrepareForm,
)  # fmt: skip
from legal.models import CheckState, Complaint, CourtReason, LawsuitDecision


def case_or_404(member: Membership, case_id: int) -> Case:
    try:
        return queries.case_of(member, case_id)
    except Case.DoesNotExist:
        raise Http404 from None


def first_error(form: Form) -> str:
    """The first thing that is not right in a form without a page of its own, with the field's name."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}: {errors[0]}" if label else str(errors[0])
    return ""


@require_GET
@requires(Permission.LEGAL_HANDOFF)
def legal_case(request: HttpRequest, case_id: int) -> HttpResponse:
    case = case_or_404(cast(MemberRequest, request).membership, case_id)
    return page(request, case)


def page(
    request: HttpRequest, case: Case, *, form: DraftForm | None = None, typed: dict[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The whole page; `form` is a draft that was refused, `typed` another form of the page by its name there."""
    now = timezone.now()
    today = local_day(case.agency, now)
    decisions = list(LawsuitDecision.objects.filter(case=case).select_related("drafted_by", "deed").order_by("-id"))
    open_ = next((one for one in decisions if one.state in {"DRAFT", "WAITING"}), None)
    approved = handoffs.approved_decision(case)
    undecided = approved is None and case.stage not in {Stage.LEGAL, Stage.CLOSED}
    title = deeds.enforceable(case)
    by_deed = form.by_deed if form else _by_deed(request.GET.get("way", ""), title, open_)
    draft = _draft(case, open_, form, today, by_deed=by_deed) if undecided else None
    found = list(handoffs.visible_to(cast(MemberRequest, request).membership).filter(case=case).order_by("-id"))
    named = open_ or approved
    live = any(one.state not in handoffs.ENDED for one in found)
    waits = stopping.before_handing_over(approved, case) if approved and not live else []
    context: dict[str, Any] = {
        "case": case, "today": today, "dpd": case.dpd(today),
        "title": title, "by_deed": by_deed, "open_by_deed": deeds.open_sum(title) if title else None,
        "legal_dpd": contract_status.days_since_acceleration(case, today),
        "differs": contract_status.differs(case), "contract_form": ContractForm(initial={"effective_on": today}),
        "contract_history": contract_status.history(case), "decisions": decisions, "open": open_, "draft": draft,
        "labels": checklists.LABELS, "checks": lawsuits.checks_of(named) if named else [],
        "approved": approved, "alarm": limitation.alarm(named.limitation_on, today) if named else "",
        "withdraw_form": NoteForm(), "handoffs": found,
        "prepare_form": PrepareForm(case) if approved and not live else None,
        "prepare_stops": waits, "prepare_shut": any(stop.code not in stopping.LOOKED_AT for stop in waits),
        "may_withdraw": approved is not None and not live and case.stage != Stage.LEGAL,
        "complaints": complaints.of_case(case), "complaint_form": ComplaintForm(), "filing_form": FilingForm(),
        "news_form": NewsForm(initial={"on": today}),
        "documents": Document.objects.filter(case=case).select_related("made_by").order_by("-id")[:50],
    }  # fmt: skip
    context |= {name: again for name, again in (typed or {}).items() if context[name] is not None}
    return render(request, "legal/case.html", context, status=status)


def _again(
    request: HttpRequest, case: Case, typed: dict[str, Form], refusal: Refused | None = None
) -> HttpResponse:  # fmt: skip
    """The page with what was typed in one of its forms, and why it was refused."""
    for form in typed.values():
        if refusal is not None:
            beside(form, refusal)
        if form.non_field_errors():
            messages.error(request, first_error(form))
    return page(request, case, typed=typed, status=422)


def _by_deed(asked: str, title: Deed | None, open_: LawsuitDecision | None) -> bool:
    """Whether the draft is to enforce the deed: as it was asked, as it was drafted, else wherever a title is there."""
    if title is None or asked == "court":
        return False
    return asked == "deed" or open_ is None or open_.deed_id is not None


def _draft(
    case: Case, decision: LawsuitDecision | None, form: DraftForm | None, today: Any, *, by_deed: bool
) -> dict[str, Any] | None:
    """The form of the draft with its rows; nothing while the decision waits."""
    if decision is not None and decision.state != LawsuitDecision.State.DRAFT:
        return None
    proposed, source = lawsuits.proposed_limitation(case)
    checks = {one.code: one for one in lawsuits.checks_of(decision)} if decision else {}
    limit = decision.limitation_on if decision else proposed
    states = {
        item.code: checklists.state_of(item.code, case, limitation_on=limit, as_of=today)
        for item in checklists.items_of(case.jurisdiction, by_deed=by_deed)
    }
    if form is None:
        initial: dict[str, Any] = {"limitation_on": limit, "way": "deed" if by_deed else ""}
        if by_deed:
            initial["reasons"] = [CourtReason.DEED_BROKEN]
        if decision is not None:
            entered = decision.limitation_source if decision.limitation_on != proposed else ""
            initial |= {"reasons": decision.reasons, "text": decision.text, "limitation_note": entered}
            initial |= {f"why_{one.code}": one.explanation for one in checks.values()}
            initial |= {f"met_{one.code}": one.state == "MET" for one in checks.values()}
        form = DraftForm(case, initial=initial, by_deed=by_deed)
    return {
        "form": form, "rows": form.rows(states | _ticked(checks)),
        "proposed": proposed, "source": source, "alarm": limitation.alarm(limit, today),
    }  # fmt: skip


def _ticked(checks: dict[str, Any]) -> dict[str, Any]:
    """Items that a person ticked stand as they were ticked."""
    return {code: CheckState(one.state) for code, one in checks.items() if one.by_hand}


@require_POST
@requires(Permission.LEGAL_HANDOFF)
def contract_record(request: HttpRequest, case_id: int) -> HttpResponse:
    """Record a status of the contract, with its document."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    case = case_or_404(member, case_id)
    form = ContractForm(request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, case, {"contract_form": form})
    try:
        with transaction.atomic():
            _record_contract(case, form.cleaned_data, by=member, now=now)
    except Refused as refusal:
        return _again(request, case, {"contract_form": form}, refusal)
    messages.success(request, _("The status of the contract was recorded."))
    return redirect("legal-case", case.id)


def _record_contract(case: Case, data: dict[str, Any], *, by: Membership, now: datetime) -> None:
    document = None
    if data["file"]:
        sent = uploads.read(data["file"])
        document = documents.add(
            case, kind=DocumentKind.OTHER, title=_("Notice about the contract"), filename=sent.filename,
            content=sent.content, mime=sent.mime, by=by, now=now,
        )  # fmt: skip
    contract_status.record_status(
        case, data["status"], effective_on=data["effective_on"], notice_on=data["notice_on"], document=document,
        by=by, now=now,
    )  # fmt: skip


@require_POST
@requires(Permission.LEGAL_HANDOFF)
def contract_source(request: HttpRequest, case_id: int) -> HttpResponse:
    """Record whether the creditor's own system shows the acceleration."""
    member = cast(MemberRequest, request).membership
    case = case_or_404(member, case_id)
    with told(request, _("What the creditor's system shows was recorded.")):
        made = request.POST.get("accelerated") == "yes"
        contract_status.record_source(case, accelerated=made, by=member, now=timezone.now())
    return redirect("legal-case", case.id)


@require_POST
@requires(Permission.LEGAL_HANDOFF)
def decision_save(request: HttpRequest, case_id: int) -> HttpResponse:
    """Keep the draft; with `ask` put it before those who must agree."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    case = case_or_404(member, case_id)
    today = local_day(case.agency, now)
    by_deed = request.POST.get("way") == "deed"
    form = DraftForm(case, request.POST, by_deed=by_deed)
    if not form.is_valid():
        return page(request, case, form=form, status=422)
    data = form.cleaned_data
    try:
        decision = lawsuits.save_draft(
            case, reasons=data["reasons"], text=data["text"], ticks=form.ticks(), by=member, as_of=today, now=now,
            limitation_on=data["limitation_on"], limitation_note=data["limitation_note"],
            deed=_title(case) if by_deed else None,
        )  # fmt: skip
        if "ask" in request.POST:
            lawsuits.ask(decision, by=member, as_of=today, now=now)
    except Refused as refusal:
        beside(form, refusal)
        return page(request, case, form=form, status=422)
    asked = "ask" in request.POST
    messages.success(request, _("Approval was asked for.") if asked else _("The draft was kept."))
    return redirect("legal-case", case.id)


def _title(case: Case) -> Deed:
    """The deed to enforce.

    Raises:
        lawsuits.DeedNotBroken
    """
    title = deeds.enforceable(case)
    if title is None:
        raise lawsuits.DeedNotBroken(_("The deed is being fulfilled now: nothing is enforced from it."))
    return title


@require_POST
@requires(Permission.LEGAL_HANDOFF)
def decision_withdraw(request: HttpRequest, decision_id: int) -> HttpResponse:
    decision = get_object_or_404(LawsuitDecision.objects, id=decision_id)
    with told(request, _("It is recorded that the debt does not go to court.")):
        note = request.POST.get("note", "")
        lawsuits.withdraw(decision, note=note, by=cast(MemberRequest, request).membership, now=timezone.now())
    return redirect("legal-case", decision.case_id)


@require_POST
@requires(Permission.LEGAL_HANDOFF)
def handoff_prepare(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Choose the firm and make the dossier."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    decision = get_object_or_404(LawsuitDecision.objects.select_related("case"), id=decision_id)
    form = PrepareForm(decision.case, request.POST)
    if not form.is_valid():
        return _again(request, decision.case, {"prepare_form": form})
    try:
        made = handoffs.prepare(
            decision, firm=form.cleaned_data["firm"], payment_note=form.cleaned_data["payment_note"], by=member,
            as_of=local_day(decision.case.agency, now), now=now,
        )  # fmt: skip
    except Refused as refusal:
        if handoffs.approved_decision(decision.case) is not None:
            return _again(request, decision.case, {"prepare_form": form}, refusal)
        messages.error(request, refusal.sentence)
        return redirect("legal-case", decision.case_id)
    messages.success(request, _("The dossier is ready: look at it, then send it."))
    return redirect("handoff", made.id)


@require_POST
@requires(Permission.LEGAL_HANDOFF)
def complaint_request(request: HttpRequest, case_id: int) -> HttpResponse:
    member = cast(MemberRequest, request).membership
    case = case_or_404(member, case_id)
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        return _again(request, case, {"complaint_form": form})
    try:
        complaints.request(case, by=member, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return _again(request, case, {"complaint_form": form}, refusal)
    messages.success(request, _("Approval of the complaint was asked for."))
    return redirect("legal-case", case.id)


@require_POST
@requires(Permission.LEGAL_HANDOFF)
def complaint_file(request: HttpRequest, complaint_id: int) -> HttpResponse:
    member, now = cast(MemberRequest, request).membership, timezone.now()
    complaint = _complaint(member, complaint_id)
    form = FilingForm(request.POST)
    if not form.is_valid():
        messages.error(request, first_error(form))
        return redirect("legal-case", complaint.case_id)
    with told(request, _("The filing was recorded.")):
        today = local_day(complaint.case.agency, now)
        complaints.file(complaint, by=member, as_of=today, now=now, **form.cleaned_data)
    return redirect("legal-case", complaint.case_id)


def _complaint(member: Membership, complaint_id: int) -> Complaint:
    """A complaint about a case that the member may open."""
    found: Complaint = get_object_or_404(Complaint.objects.select_related("case__agency"), id=complaint_id)
    case_or_404(member, found.case_id)
    return found


@require_POST
@requires(Permission.LEGAL_HANDOFF)
def complaint_withdraw(request: HttpRequest, complaint_id: int) -> HttpResponse:
    member = cast(MemberRequest, request).membership
    complaint = _complaint(member, complaint_id)
    with told(request, _("The complaint was withdrawn.")):
        complaints.withdraw(complaint, note=request.POST.get("note", ""), by=member, now=timezone.now())
    return redirect("legal-case", complaint.case_id)


@require_POST
@requires(Permission.LEGAL_HANDOFF)
def complaint_news(request: HttpRequest, complaint_id: int) -> HttpResponse:
    by, now = cast(MemberRequest, request).membership, timezone.now()
    complaint = _complaint(by, complaint_id)
    form = NewsForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, first_error(form))
        return redirect("legal-case", complaint.case_id)
    with told(request, _("It was kept.")):
        data = form.cleaned_data
        document = None
        if data["file"]:
            sent = uploads.read(data["file"])
            document = documents.add(
                complaint.case, kind=DocumentKind.OTHER, title=_("Correspondence with the police"),
                filename=sent.filename, content=sent.content, mime=sent.mime, by=by, now=now,
            )  # fmt: skip
        complaints.note_police(complaint, on=data["on"], text=data["text"], document=document, by=by, now=now)
    return redirect("legal-case", complaint.case_id)


@require_GET
@requires(Permission.LEGAL_HANDOFF)
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Any document of a case that the member may open."""
    found = get_object_or_404(Document.objects, id=document_id)
    case_or_404(cast(MemberRequest, request).membership, found.case_id)
    return download(found)
