"""The page on which a part of a debt is asked to be forgiven, and the two steps back."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases import waivers
from cases.case_forms import MONEY, Plain
from cases.case_views import case_or_404
from cases.models import Case, Waiver
from common.refusals import Refused
from ledger.models import DEBT_BUCKETS
from ledger.posting import owed_of


class WaiverForm(Plain):
    """An amount for each part in which something is owed, and the reason."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=240)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for bucket, owed in owed_of(case.account).items():
            if owed > 0:
                self.fields[bucket.lower()] = forms.DecimalField(
                    label=bucket.label, required=False, localize=True, widget=forms.TextInput(attrs=MONEY),
                    help_text=_("%(sum)s owed") % {"sum": f"{owed} {case.currency}"},
                )  # fmt: skip
        self.order_fields([*(bucket.lower() for bucket in DEBT_BUCKETS), "reason"])

    @property
    def parts(self) -> dict[Any, Decimal]:
        return {bucket: self.cleaned_data.get(bucket.lower()) or Decimal(0) for bucket in DEBT_BUCKETS}


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTLEMENTS_OFFER)
def waiver_ask(request: HttpRequest, case_id: int) -> HttpResponse:
    """Forgive a part of the debt within the mandate's discount, once a second person agreed."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    case = case_or_404(member, case_id)
    form = WaiverForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            waivers.ask(case, parts=form.parts, reason=form.cleaned_data["reason"], by=member, now=now)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, _("The waiver waits for approval."))
            return redirect("case", case.id)
    context = {"case": case, "form": form, "largest": waivers.largest(case)}
    return render(request, "cases/agreements/waiver.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.CASES_WORK)
def waiver_cancel(request: HttpRequest, case_id: int, waiver_id: int) -> HttpResponse:
    return _step(request, case_id, waiver_id, waivers.cancel, _("The waiver was cancelled."))


@require_POST
@requires(Permission.APPROVALS_DECIDE)
def waiver_take_back(request: HttpRequest, case_id: int, waiver_id: int) -> HttpResponse:
    return _step(request, case_id, waiver_id, waivers.take_back, _("The waiver was taken back."))


def _step(request: HttpRequest, case_id: int, waiver_id: int, step: Any, told: str) -> HttpResponse:
    member, now = cast(MemberRequest, request).membership, timezone.now()
    case = case_or_404(member, case_id)
    one = get_object_or_404(Waiver.objects, id=waiver_id, case_id=case.id)
    try:
        step(one, by=member, now=now)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, told)
    return redirect("case", case.id)
