"""Pages of plans, settlements and documents of a case. Each form has a small page, so that the desk stays quick.

The calculators answer while the form is filled in: the schedule or the sum, or the sentence that says why not.
"""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from cases import deeds, document_intake, paying_ways, plan_judging, plans, settlements
from cases.agreement_forms import DocumentForm, DraftForm, PlanRequestForm, SettlementForm
from cases.case_views import case_or_404
from cases.desk_forms import WayForm
from cases.document_pages import download
from cases.models import Case, Document, Instalment, Plan, Settlement
from cases.next_actions import local_day
from cases.plan_schedule import ScheduleRefused, most_months
from common.refusals import Refused


def _member(request: HttpRequest) -> Membership:
    return cast(MemberRequest, request).membership


def _plan_or_404(case: Case, plan_id: int) -> Plan:
    found: Plan = get_object_or_404(Plan.objects.select_related("format", "document"), id=plan_id, case_id=case.id)
    found.case = case
    return found


def _refuse(form: forms.Form, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


@require_http_methods(["GET", "POST"])
@requires(Permission.CASES_WORK)
def plan_request(request: HttpRequest, case_id: int) -> HttpResponse:
    """The debtor will pay an advance instalment to show that they mean it (S004-47)."""
    member, now = _member(request), timezone.now()
    case = case_or_404(member, case_id)
    as_of = local_day(case.agency, now)
    bounds = plans.advance_limits(case, as_of)
    proposed = {"advance": bounds.minimum, "advance_by": as_of + timedelta(days=case.mandate.promise_days)}
    form = PlanRequestForm(request.POST or None, case=case, initial=proposed)
    way = WayForm(request.POST or None, initial={"way": case.debtor.pays_by})
    if request.method == "POST" and all([form.is_valid(), way.is_valid()]):
        try:
            with transaction.atomic():
                made = plans.request(case, by=member, as_of=as_of, now=now, **form.cleaned_data)
                terms = way.terms()
                if terms is not None:
                    paying_ways.agree(case, terms, plan=made, by=member, now=now)
        except Refused as refusal:
            _refuse(way if refusal.field in way.fields else form, refusal)
        else:
            messages.success(request, _("The plan waits for the advance instalment."))
            return redirect("plan", case.id, made.id)
    formats = form.fields["format"].queryset.exists()  # type: ignore[attr-defined]
    context = {"case": case, "form": form, "way": way, "bounds": bounds, "formats": formats}
    status = 422 if form.errors or way.errors else 200
    return render(request, "cases/agreements/plan_request.html", context, status=status)


@require_GET
@requires(Permission.CASES_VIEW)
def plan(request: HttpRequest, case_id: int, plan_id: int) -> HttpResponse:
    """One plan: its schedule with what the payments cover, its paper, and the steps open to whoever looks."""
    member = _member(request)
    case = case_or_404(member, case_id)
    one = _plan_or_404(case, plan_id)
    context = {"case": case, "plan": one, **shown(one, member)}
    return render(request, "cases/agreements/plan.html", context)


def shown(one: Plan, member: Membership) -> dict[str, Any]:
    """The rows of a plan with how much of each is covered, oldest first, and the steps open to the member."""
    left = one.paid
    rows = []
    for row in Instalment.objects.filter(plan=one).order_by("number"):
        covered = min(left, row.amount)
        left -= covered
        rows.append((row, covered, covered >= row.amount))
    is_open = one.state in plan_judging.OPEN
    officer = member.may(Permission.RESTRUCTURING)
    deed = deeds.of_plan(one)
    return {
        "deed": deed, "may_deed": officer and deed is None and one.state in deeds.DRAFTED_FOR,
        "rows": rows, "whole": sum((row.amount for row, _c, _d in rows), start=one.paid * 0),
        "may_draft": officer and one.state == Plan.State.DRAFTING,
        "may_sign": officer and one.state == Plan.State.APPROVED,
        "may_cancel": is_open and plans.may_cancel(one, member),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Permission.RESTRUCTURING)
def plan_draft(request: HttpRequest, case_id: int, plan_id: int) -> HttpResponse:
    """The officer makes the schedule and asks for its approval (S004-48)."""
    member, now = _member(request), timezone.now()
    case = case_or_404(member, case_id)
    one = _plan_or_404(case, plan_id)
    as_of = local_day(case.agency, now)
    form = DraftForm(request.POST or None, initial=_proposed(one, as_of))
    if request.method == "POST" and form.is_valid():
        try:
            one = plans.draft(one, plans.terms_of(one, **form.cleaned_data), by=member, as_of=as_of, now=now)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The plan waits for approval."))
            return redirect("plan", case.id, one.id)
    values = form.data if form.is_bound else form.initial
    context = {"case": case, "plan": one, "form": form, **_calculated(one, DraftForm(_texts(values)), as_of)}
    return render(request, "cases/agreements/plan_draft.html", context, status=422 if form.errors else 200)


def _proposed(one: Plan, as_of: date) -> dict[str, Any]:
    amount, first_on = plans.proposal(one, as_of=as_of)
    terms = plans.terms_of(one, amount=amount, months=1, first_on=first_on)
    months = most_months(amount, minimum=terms.minimum, max_months=terms.max_months)
    return {"amount": amount, "months": months, "first_on": first_on}


def _texts(values: Any) -> dict[str, str]:
    """Initial values as a form would send them."""
    return {name: str(value) for name, value in values.items() if value is not None}


@require_GET
@requires(Permission.RESTRUCTURING)
def plan_preview(request: HttpRequest, case_id: int, plan_id: int) -> HttpResponse:
    """The schedule while the form is filled in, or the sentence that says why not."""
    case = case_or_404(_member(request), case_id)
    one = _plan_or_404(case, plan_id)
    context = {"plan": one} | _calculated(one, DraftForm(request.GET), local_day(case.agency, timezone.now()))
    return render(request, "cases/agreements/schedule.html", context)


def _calculated(one: Plan, form: forms.Form, as_of: date) -> dict[str, Any]:
    if not form.is_valid():
        return {"why_not": _first_error(form)}
    try:
        return {"schedule": plans.preview(one, plans.terms_of(one, **form.cleaned_data), as_of=as_of)}
    except ScheduleRefused as refusal:
        return {"why_not": refusal.sentence}


def _first_error(form: forms.Form) -> str:
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    return f"{label}: {errors[0]}" if label else str(errors[0])


@require_POST
@requires(Permission.RESTRUCTURING)
def plan_sign(request: HttpRequest, case_id: int, plan_id: int) -> HttpResponse:
    return _step(request, case_id, plan_id, plans.sign, _("The plan is being kept from today."), day=True)


@require_POST
@requires(Permission.CASES_WORK)
def plan_cancel(request: HttpRequest, case_id: int, plan_id: int) -> HttpResponse:
    note = request.POST.get("note", "")
    return _step(request, case_id, plan_id, plans.cancel, _("The plan was cancelled."), note=note)


def _step(
    request: HttpRequest, case_id: int, plan_id: int, deed: Any, told: str, *, day: bool = False, **more: Any
) -> HttpResponse:
    member, now = _member(request), timezone.now()
    case = case_or_404(member, case_id)
    one = _plan_or_404(case, plan_id)
    if day:
        more["as_of"] = local_day(case.agency, now)
    try:
        deed(one, by=member, now=now, **more)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, told)
    return redirect("plan", case.id, one.id)


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTLEMENTS_OFFER)
def settlement_offer(request: HttpRequest, case_id: int) -> HttpResponse:
    """A discount against full payment, within the mandate's limit (S000-17)."""
    member, now = _member(request), timezone.now()
    case = case_or_404(member, case_id)
    as_of = local_day(case.agency, now)
    proposed = {"discount_percent": case.mandate.max_discount_percent, "pay_by": as_of + timedelta(days=14)}
    form = SettlementForm(request.POST or None, initial=proposed)
    if request.method == "POST" and form.is_valid():
        try:
            settlements.offer(case, by=member, as_of=as_of, now=now, **form.cleaned_data)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The settlement waits for approval."))
            return redirect("case", case.id)
    values = form.data if form.is_bound else form.initial
    context = {"case": case, "form": form, **_figures(case, SettlementForm(_texts(values)))}
    return render(request, "cases/agreements/settlement_offer.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Permission.SETTLEMENTS_OFFER)
def settlement_figures(request: HttpRequest, case_id: int) -> HttpResponse:
    """What the discount comes to while the form is filled in, or the sentence that says why not."""
    case = case_or_404(_member(request), case_id)
    context = {"case": case} | _figures(case, SettlementForm(request.GET))
    return render(request, "cases/agreements/figures.html", context)


def _figures(case: Case, form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        return {"why_not": _first_error(form)}
    try:
        return {"figures": settlements.figures(case, form.cleaned_data["discount_percent"])}
    except Refused as refusal:
        return {"why_not": refusal.sentence}


@require_POST
@requires(Permission.CASES_WORK)
def settlement_cancel(request: HttpRequest, case_id: int, settlement_id: int) -> HttpResponse:
    member, now = _member(request), timezone.now()
    case = case_or_404(member, case_id)
    one = get_object_or_404(Settlement.objects, id=settlement_id, case_id=case.id)
    try:
        settlements.cancel(one, by=member, now=now)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The settlement was cancelled."))
    return redirect("case", case.id)


@require_http_methods(["GET", "POST"])
@requires(Permission.CASES_WORK)
def document_add(request: HttpRequest, case_id: int) -> HttpResponse:
    """A proof of payment, an authorisation, a certificate, … brought by somebody."""
    member, now = _member(request), timezone.now()
    case = case_or_404(member, case_id)
    form = DocumentForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            document_intake.take(case, told["file"], kind=told["kind"], title=told["title"], by=member, now=now)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The document was kept."))
            return redirect("case", case.id)
    return render(
        request, "cases/agreements/document_add.html", {"case": case, "form": form}, status=422 if form.errors else 200
    )


@require_GET
@requires(Permission.CASES_VIEW)
def document(request: HttpRequest, case_id: int, document_id: int) -> HttpResponse:
    """The file as it was kept; always as a download, so that nothing of it runs here."""
    case = case_or_404(_member(request), case_id)
    found = get_object_or_404(Document.objects, id=document_id, case_id=case.id)
    return download(found)
