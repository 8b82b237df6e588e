"""The sheet of a visit on screen and as a PDF, and the days on which the papers to take along are valid."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from cases.document_pages import download
from cases.models import Case, Document
from common.refusals import Refused
from field import queries, visit_sheets
from field.office_forms import SheetDayForm, TermForm


def _asked(request: HttpRequest, case_id: int) -> tuple[Membership, Case, datetime]:
    member = cast(MemberRequest, request).membership
    mine = queries.to_prepare(member).select_related(
        "agency", "debtor", "account", "creditor", "mandate", "portfolio", "collector__user"
    )
    return member, get_object_or_404(mine, id=case_id), timezone.now()


@require_GET
@requires(Permission.FIELD_VISITS)
def sheet(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case on paper: what is checked before the visit, and room to write."""
    member, case, now = _asked(request, case_id)
    today = now.astimezone(ZoneInfo(member.agency.time_zone)).date()
    asked = SheetDayForm(request.GET)
    day = (asked.cleaned_data["day"] if asked.is_valid() else None) or today
    context: dict[str, Any] = {
        "sheet": queries.sheet(case, as_of=today), "case": case, "printed_at": now, "day": day,
        "pack": [
            (paper, paper.document and TermForm(initial=_days_of(paper), prefix=f"d{paper.document.id}"))
            for paper in visit_sheets.pack_of(case, day=day)
        ],
    }  # fmt: skip
    return render(request, "field/sheet.html", context)


def _days_of(paper: visit_sheets.Paper) -> dict[str, Any]:
    term = paper.term
    return {"valid_from": term.valid_from, "valid_until": term.valid_until} if term else {}


@require_POST
@requires(Permission.FIELD_VISITS)
def sheet_pdf(request: HttpRequest, case_id: int) -> HttpResponse:
    """The sheet as a file to take along; it is kept with the documents of the case."""
    member, case, now = _asked(request, case_id)
    asked = SheetDayForm(request.POST)
    today = now.astimezone(ZoneInfo(member.agency.time_zone)).date()
    day = (asked.cleaned_data["day"] if asked.is_valid() else None) or today
    made = visit_sheets.sheet_pdf(case, day=day, by=member, now=now)
    return download(made)


@require_POST
@requires(Permission.FIELD_VISITS)
def paper_term(request: HttpRequest, document_id: int) -> HttpResponse:
    """Record on which days a power of attorney or a proof of the claim is valid."""
    member = cast(MemberRequest, request).membership
    papers = Document.objects.filter(kind__in=list(visit_sheets.PACK), case__in=queries.to_prepare(member))
    paper = get_object_or_404(papers, id=document_id)
    form = TermForm(request.POST, prefix=f"d{paper.id}")
    if not form.is_valid():
        messages.error(request, _("Give the days as year, month and day."))
        return redirect("field-sheet", paper.case_id)
    try:
        visit_sheets.set_term(paper, by=member, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Kept."))
    return redirect("field-sheet", paper.case_id)
