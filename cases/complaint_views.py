"""Pages of complaints: recorded on the case, worked in the register, read by the creditor."""

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from cases import complaint_lists, debtor_complaints, document_intake
from cases.case_views import case_or_404
from cases.complaint_deadlines import source_label
from cases.complaint_forms import AnswerForm, DecisionForm, GiveForm, ReceivedForm, StepForm
from cases.complaint_lists import ComplaintFilter
from cases.models import ComplaintStep, DebtorComplaint, DocumentKind
from cases.next_actions import local_day
from common.refusals import Refused

PAGE_SIZE = 50
RARER = ("source", "outcome", "portfolio", "team", "collector", "about", "start", "end")
Forms = dict[str, forms.Form]


@require_http_methods(["GET", "POST"])
@requires(Permission.CASES_WORK)
def record(request: HttpRequest, case_id: int) -> HttpResponse:
    """Enter a complaint about this case in the register."""
    member, now = _member(request), timezone.now()
    case = case_or_404(member, case_id)
    as_of = local_day(case.agency, now)
    form = ReceivedForm(request.POST or None, initial={"received_on": as_of, "source": "DEBTOR"})
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        with_hold = told.pop("with_hold")
        try:
            made = debtor_complaints.receive(
                case, debtor_complaints.Received(**told), by=member, as_of=as_of, now=now, with_hold=with_hold
            )
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            sentence = _("Complaint %(number)s is in the register.") % {"number": made}
            messages.success(request, sentence)
            if member.may(Permission.COMPLAINTS_HANDLE):
                return redirect("debtor-complaint", made.id)
            return redirect("case", case.id)
    context = {"case": case, "form": form}
    return render(request, "cases/complaints/record.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Permission.COMPLAINTS_HANDLE)
def register(request: HttpRequest) -> HttpResponse:
    """The register as the address asks for it: late ones first, with the days that are left."""
    as_of = local_day(cast(MemberRequest, request).agency, timezone.now())
    form = ComplaintFilter(request.GET)
    page = Paginator(complaint_lists.found(form, as_of=as_of), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "rows": [(row, row.days_left(as_of)) for row in page],
        "alarms": complaint_lists.alarms(as_of=as_of), "narrowed": any(request.GET.values()),
        "more": any(request.GET.get(name) for name in RARER),
    }  # fmt: skip
    return render(request, "cases/complaints/register.html", context)


@require_GET
@requires(Permission.COMPLAINTS_HANDLE)
def complaint(request: HttpRequest, debtor_complaint_id: int) -> HttpResponse:
    return _page(request, _complaint_or_404(debtor_complaint_id))


@require_POST
@requires(Permission.COMPLAINTS_HANDLE)
def give(request: HttpRequest, debtor_complaint_id: int) -> HttpResponse:
    found, form = _complaint_or_404(debtor_complaint_id), GiveForm(request.POST)

    def deed(told: dict[str, Any], member: Membership, _as_of: date) -> str:
        debtor_complaints.give(found, told["owner"], by=member, now=timezone.now())
        return _("The complaint was given to %(name)s.") % {"name": told["owner"].user}

    return _done(request, found, "give", form, deed)


@require_POST
@requires(Permission.COMPLAINTS_HANDLE)
def step(request: HttpRequest, debtor_complaint_id: int) -> HttpResponse:
    found, form = _complaint_or_404(debtor_complaint_id), StepForm(request.POST)

    def deed(told: dict[str, Any], member: Membership, _as_of: date) -> str:
        debtor_complaints.note_step(found, by=member, now=timezone.now(), **told)
        return _("The step is kept.")

    return _done(request, found, "step", form, deed)


@require_POST
@requires(Permission.COMPLAINTS_HANDLE)
def decide(request: HttpRequest, debtor_complaint_id: int) -> HttpResponse:
    found, form = _complaint_or_404(debtor_complaint_id), DecisionForm(request.POST)

    def deed(told: dict[str, Any], member: Membership, _as_of: date) -> str:
        made = debtor_complaints.decide(found, by=member, now=timezone.now(), **told)
        if made.state == DebtorComplaint.State.CLOSED:
            return _("The complaint was withdrawn and is closed.")
        return _("The complaint is decided. Now send the answer and keep it here.")

    return _done(request, found, "decision", form, deed)


@require_POST
@requires(Permission.COMPLAINTS_HANDLE)
def answer(request: HttpRequest, debtor_complaint_id: int) -> HttpResponse:
    """Keep the answer that was sent, and close the complaint."""
    found, form = _complaint_or_404(debtor_complaint_id), AnswerForm(request.POST, request.FILES)

    def deed(told: dict[str, Any], member: Membership, as_of: date) -> str:
        now = timezone.now()
        title = _("Answer to complaint %(number)s") % {"number": found}
        file = told.pop("file")
        document = document_intake.take(found.case, file, kind=DocumentKind.OTHER, title=title, by=member, now=now)
        debtor_complaints.answer(found, document, by=member, as_of=as_of, now=now, **told)
        return _("The answer is kept with the case, and the complaint is closed.")

    return _done(request, found, "answer", form, deed)


@require_GET
@requires(Permission.CREDITOR_CASES)
def creditor_complaints(request: HttpRequest) -> HttpResponse:
    """Complaints about the creditor's own cases: what about, how long, how they ended."""
    rows = complaint_lists.of_creditor(_member(request))
    as_of = local_day(cast(MemberRequest, request).agency, timezone.now())
    state = request.GET.get("state", "")
    tabs = [("", _("All"), rows.count())] + [
        (code, label, rows.filter(state=code).count()) for code, label in DebtorComplaint.State.choices
    ]
    if state in DebtorComplaint.State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows.order_by("-received_on", "-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [(row, row.days_left(as_of)) for row in page], "tabs": tabs, "state": state}
    return render(request, "cases/complaints/creditor.html", context)


def _member(request: HttpRequest) -> Membership:
    return cast(MemberRequest, request).membership


def _complaint_or_404(complaint_id: int) -> DebtorComplaint:
    rows = complaint_lists.register().select_related("case__agency", "answer", "hold", "decided_by", "closed_by")
    found: DebtorComplaint = get_object_or_404(rows, id=complaint_id)
    return found


def _refuse(form: forms.Form, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def _done(request: HttpRequest, found: DebtorComplaint, name: str, form: forms.Form, deed: Any) -> HttpResponse:
    """One deed on a complaint: a redirect to it, or the page with the form kept and the reason."""
    if form.is_valid():
        try:
            told = deed(dict(form.cleaned_data), _member(request), local_day(found.case.agency, timezone.now()))
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, told)
            return redirect("debtor-complaint", found.id)
    return _page(request, found, {name: form}, status=422)


def _page(request: HttpRequest, found: DebtorComplaint, given: Forms | None = None, status: int = 200) -> HttpResponse:
    as_of = local_day(found.case.agency, timezone.now())
    hold_open = found.hold is not None and found.hold.lifted_at is None
    shown: Forms = {
        "give": GiveForm(initial={"owner": found.owner_id}), "step": StepForm(),
        "decision": DecisionForm(initial={"outcome": found.outcome, "measures": found.measures}),
        "answer": AnswerForm(initial={"answered_on": as_of, "way": found.way, "lift_hold": hold_open}),
    } | (given or {})  # fmt: skip
    if not hold_open:
        shown["answer"].fields.pop("lift_hold")
    context = {
        "complaint": found, "case": found.case, "days_left": found.days_left(as_of),
        "due_source": source_label(found.due_source), "hold_open": hold_open, "forms": shown,
        "steps": ComplaintStep.objects.filter(complaint=found).select_related("by").order_by("id"),
        "own": found.about_id == _member(request).id, "is_open": found.state != DebtorComplaint.State.CLOSED,
    }  # fmt: skip
    return render(request, "cases/complaints/complaint.html", context, status=status)
