"""The list of cases in the legal stage, on a page and as a table to download."""

import csv
from datetime import date
from typing import cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases.models import Case
from common.spreadsheets import safe_cell
from legal import queries
from legal.forms import LegalFilter

ROWS_A_PAGE = 50
EXPORT_LIMIT = 50_000


@requires(Permission.LEGAL_CASES)
def legal_cases(request: HttpRequest) -> HttpResponse:
    """Cases in the legal stage, with the decision that brought each there. `?format=csv` downloads them."""
    request = cast(MemberRequest, request)
    today = timezone.now().astimezone(ZoneInfo(request.agency.time_zone)).date()
    form = LegalFilter(request.membership, request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    cases = queries.in_legal(request.membership, creditor=chosen.get("creditor"), portfolio=chosen.get("portfolio"))
    if request.GET.get("format") == "csv":
        return _csv(cases, today)
    page = Paginator(cases, ROWS_A_PAGE).get_page(request.GET.get("page"))
    kept = [(name, value) for name, value in request.GET.items() if name in form.fields and value]
    context = {
        "form": form,
        "page": page,
        "lines": queries.lines(list(page.object_list), as_of=today),
        "filtered": bool(kept),
        "csv_link": "?" + urlencode([*kept, ("format", "csv")]),
    }
    return render(request, "legal/cases.html", context)


def _csv(cases: QuerySet[Case], today: date) -> HttpResponse:
    """The first 50,000 rows; cells a spreadsheet could take for a formula are made harmless."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="legal-cases.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    titles = [
        _("Contract"), _("Debtor"), _("Creditor"), _("Portfolio"), _("Balance"), _("Currency"), _("Days past due"),
        _("In legal since"), _("Decided by"), _("From stage"), _("Reason"),
    ]  # fmt: skip
    writer.writerow([safe_cell(title) for title in titles])
    for line in queries.all_lines(cases, as_of=today, limit=EXPORT_LIMIT):
        case, decision = line.case, line.decision
        cells = [
            case.contract_no, case.debtor.name, case.creditor.name, case.portfolio.name, case.balance, case.currency,
            line.dpd, case.stage_since.isoformat(),
            *((decision.by, decision.from_stage, decision.reason) if decision else ("", "", "")),
        ]  # fmt: skip
        writer.writerow([safe_cell(str(cell)) for cell in cells])
    return response
