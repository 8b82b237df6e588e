"""A claimed payment at the desk: what we see of it while it is typed, and on the case while it pauses."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.access import requires
from agencies.permissions import Permission
from cases import claimed_payments
from cases.desk_views import case_or_404
from cases.dispositions import PAID_DETAILS
from cases.models import Case, Document, DocumentKind
from cases.next_actions import local_day
from common.panels import Panel, register_panel


@require_GET
@requires(Permission.CASES_WORK)
def paid_seen(request: HttpRequest, case_id: int) -> HttpResponse:
    """What our own data say of the day and the amount typed so far; nothing until both are there."""
    case = case_or_404(request, case_id)
    typed = {name: request.GET.get(name, "").strip() for name in ("paid_on", "amount")}
    context: dict[str, Any] = {"case": case}
    if all(typed.values()):
        try:
            claim = claimed_payments.read(typed, as_of=local_day(case.agency, timezone.now()))
            context["evidence"] = claimed_payments.look_for(case, claim)
        except claimed_payments.PaymentDetailsMissing as refused:
            context["why_not"] = refused.sentence
    return render(request, "cases/desk/paid_seen.html", context)


def claimed_panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """The claim for which the case pauses, with what we see of it today and the proofs that were brought."""
    result = claimed_payments.open_claim(case)
    if result is None:
        return None
    context: dict[str, Any] = {
        "result": result,
        "told": [result.details[name] for name in PAID_DETAILS[2:] if result.details.get(name)],
        "proof": Document.objects.filter(case=case, kind=DocumentKind.PAYMENT_PROOF, made_at__gte=result.at)
        .order_by("-id")
        .first(),
    }
    try:
        claim = claimed_payments.read(result.details, as_of=local_day(case.agency, result.at))
    except claimed_payments.PaymentDetailsMissing:
        return context
    return context | {"claim": claim, "evidence": claimed_payments.look_for(case, claim)}


def register() -> None:
    register_panel(Panel("case-rail", "claimed", "cases/panels/claimed.html", claimed_panel, order=38))
