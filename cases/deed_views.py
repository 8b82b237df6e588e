"""Pages of notarial deeds, and the list of concluded agreements with how each is kept."""

from typing import cast
from urllib.parse import urlencode

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
from cases import concluded, deeds
from cases.case_views import case_or_404
from cases.deed_forms import ConcludedFilter, DeedConcludeForm, DeedDraftForm
from cases.deed_law import law_of
from cases.models import Deed, Plan
from cases.next_actions import local_day
from common.refusals import Refused

ROWS = 50


def _member(request: HttpRequest) -> Membership:
    return cast(MemberRequest, request).membership


def _deed_or_404(request: HttpRequest, deed_id: int) -> Deed:
    found = get_object_or_404(Deed.objects.select_related("plan__format", "draft", "reading"), id=deed_id)
    found.case = case_or_404(_member(request), found.case_id)
    return found


@require_GET
@requires(Permission.RESTRUCTURING)
def concluded_list(request: HttpRequest) -> HttpResponse:
    """Payment calendars and deeds: the next instalment, what was missed, and for how many days."""
    member, as_of = _member(request), local_day(cast(MemberRequest, request).agency, timezone.now())
    form = ConcludedFilter(request.GET)
    data = form.cleaned_data if form.is_valid() else {}
    found = concluded.concluded(member, kind=data.get("kind") or "", creditor=data.get("creditor"))
    state = request.GET.get("state", "kept")
    state = state if state in concluded.STATES else "kept"
    counts = concluded.counts(found, as_of=as_of)
    page = Paginator(concluded.in_state(found, state, as_of=as_of), ROWS).get_page(request.GET.get("page"))
    kept = urlencode([(name, value) for name, value in request.GET.items() if name in form.fields and value])
    context = {
        "form": form, "page": page, "lines": concluded.lines(list(page), as_of=as_of), "state": state, "kept": kept,
        "tabs": [(name, label, counts[name]) for name, label in concluded.STATES.items()],
        "sums": concluded.owing(found, as_of=as_of), "filtered": bool(kept),
    }  # fmt: skip
    return render(request, "cases/agreements/concluded.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.RESTRUCTURING)
def deed_draft(request: HttpRequest, case_id: int, plan_id: int) -> HttpResponse:
    """Write the deed of a plan."""
    member, now = _member(request), timezone.now()
    case = case_or_404(member, case_id)
    plan = get_object_or_404(Plan.objects.select_related("format"), id=plan_id, case_id=case.id)
    law = law_of(case.jurisdiction)
    form = DeedDraftForm(request.POST or None, initial={"language": law.language if law else case.agency.language})
    if request.method == "POST" and form.is_valid():
        try:
            deed = deeds.draft(plan, by=member, now=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The deed is drafted. Send the draft to the notary."))
            return redirect("deed", deed.id)
    context = {"case": case, "plan": plan, "law": law, "form": form}
    return render(request, "cases/agreements/deed_draft.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.RESTRUCTURING)
def deed(request: HttpRequest, deed_id: int) -> HttpResponse:
    """One deed: its papers, and the form that records its conclusion."""
    member, now = _member(request), timezone.now()
    one = _deed_or_404(request, deed_id)
    as_of = local_day(one.case.agency, now)
    form = DeedConcludeForm(
        request.POST or None, request.FILES or None, initial={"notary": one.notary, "concluded_on": as_of}
    )
    if request.method == "POST" and form.is_valid():
        try:
            deeds.conclude(one, by=member, as_of=as_of, now=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, _("The deed is concluded; the plan is watched from now on."))
            return redirect("deed", one.id)
    line = concluded.lines([one.plan], as_of=as_of)[0]
    context = {
        "deed": one, "case": one.case, "plan": one.plan, "law": law_of(one.case.jurisdiction), "form": form,
        "line": line, "open_sum": deeds.open_sum(one), "may_legal": member.may(Permission.LEGAL_HANDOFF),
    }  # fmt: skip
    return render(request, "cases/agreements/deed.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.RESTRUCTURING)
def deed_drop(request: HttpRequest, deed_id: int) -> HttpResponse:
    one = _deed_or_404(request, deed_id)
    try:
        deeds.drop(one, note=request.POST.get("note", ""), by=_member(request), now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("deed", one.id)
    messages.success(request, _("The draft was dropped."))
    return redirect("plan", one.case_id, one.plan_id)
