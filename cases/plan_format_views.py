"""The plan formats of a mandate, for managers: a list, a form, and what the creditor said (S001-06)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases import plan_formats
from cases.agreement_forms import FormatForm
from cases.models import PlanFormat
from common.refusals import Refused
from portfolios.models import Mandate


@require_http_methods(["GET", "POST"])
@requires(Permission.MANDATES_MANAGE)
def formats(request: MemberRequest, creditor_id: int, mandate_id: int) -> HttpResponse:
    mandate = _mandate_or_404(creditor_id, mandate_id)
    form = FormatForm(request.POST or None, initial={"max_months": min(mandate.max_plan_months, 12)})
    if request.method == "POST" and form.is_valid():
        try:
            terms = plan_formats.FormatTerms(**form.cleaned_data)
            plan_formats.make(mandate, terms, by=request.membership, now=timezone.now())
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, _("The format waits for the creditor's approval."))
            return redirect("plan-formats", creditor_id, mandate_id)
    known = PlanFormat.objects.filter(mandate=mandate).order_by("state", "name", "id")
    context = {"mandate": mandate, "form": form, "formats": known}
    return render(request, "cases/agreements/formats.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.MANDATES_MANAGE)
def retire(request: MemberRequest, creditor_id: int, mandate_id: int, format_id: int) -> HttpResponse:
    mandate = _mandate_or_404(creditor_id, mandate_id)
    one = get_object_or_404(PlanFormat.objects, id=format_id, mandate=mandate)
    try:
        plan_formats.retire(one, by=request.membership, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The format is not used any more."))
    return redirect("plan-formats", creditor_id, mandate_id)


def _mandate_or_404(creditor_id: int, mandate_id: int) -> Mandate:
    found: Mandate = get_object_or_404(
        Mandate.objects.select_related("creditor"), id=mandate_id, creditor_id=creditor_id
    )
    return found
