"""Pages on which a creditor's user reads their own cases."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases.collected import collected_on
from cases.creditor_cases import cases_of, documents_of, found_in, history_of
from cases.document_pages import download
from cases.models import DebtorComplaint, Stage
from cases.next_actions import local_day

PAGE_SIZE = 50


@require_GET
@requires(Permission.CREDITOR_CASES)
def case_list(request: MemberRequest) -> HttpResponse:
    text, stage = request.GET.get("text", ""), request.GET.get("stage", "")
    cases = found_in(cases_of(request.membership), text=text, stage=stage).order_by("-id")
    page = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
    today = local_day(request.agency, timezone.now())
    context = {
        "page": page, "rows": [(case, case.dpd(today)) for case in page], "text": text, "stage": stage,
        "stages": Stage.choices,
    }  # fmt: skip
    return render(request, "portfolios/creditor_cases.html", context)


@require_GET
@requires(Permission.CREDITOR_CASES)
def case_page(request: MemberRequest, case_id: int) -> HttpResponse:
    case = get_object_or_404(cases_of(request.membership), id=case_id)
    today = local_day(request.agency, timezone.now())
    complaints = DebtorComplaint.objects.filter(case=case).order_by("-id")
    context = {
        "case": case, "dpd": case.dpd(today), "history": history_of(case), "documents": list(documents_of(case)),
        "complaints": [(row, row.days_left(today)) for row in complaints], "payments": collected_on(case),
    }  # fmt: skip
    return render(request, "portfolios/creditor_case.html", context)


@require_GET
@requires(Permission.CREDITOR_CASES)
def case_document(request: MemberRequest, case_id: int, document_id: int) -> HttpResponse:
    """A document that is handed to the creditor, as a download."""
    case = get_object_or_404(cases_of(request.membership), id=case_id)
    return download(get_object_or_404(documents_of(case), id=document_id))
