"""Lists of the legal floor: handoffs, calendar, contracts by portfolio, firms; and a firm's own list."""

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from agencies.views.answers import beside
from cases import contract_status, deeds
from cases.next_actions import local_day
from cases.queries import visible_to
from common.refusals import Refused
from legal import closing, firms, handoffs, limitation, proceedings, time_limits, to_decide
from legal.forms import FirmForm
from legal.models import Handoff, LawFirm, LawsuitDecision
from portfolios.models import Portfolio

ROWS = 50
LEFT_OVER = "closed"
"""In the address: handoffs of closed cases that nobody ended."""
PASSED = "PASSED"
"""In the address: cases that are time-barred already."""
DAYS = 200
"""Court days on one page."""
AHEAD = (7, 30, 90)
"""How many days ahead the calendar may look."""


@require_GET
@requires(Permission.LEGAL_HANDOFF)
def handoff_list(request: HttpRequest) -> HttpResponse:
    """Every handoff of the agency, newest first, or those in one state, or what closed cases left with a firm."""
    member = cast(MemberRequest, request).membership
    found = handoffs.visible_to(member)
    state = request.GET.get("state", "")
    left_over = closing.left_over(member)
    if state == LEFT_OVER:
        found = left_over
    else:
        found = (found.filter(state=state) if state in Handoff.State.values else found).order_by("-id")
    context = {
        "page": Paginator(found, ROWS).get_page(request.GET.get("page")), "state": state,
        "states": Handoff.State.choices, "left_over": LEFT_OVER, "left_over_count": left_over.count(),
    }  # fmt: skip
    return render(request, "legal/handoffs.html", context)


@require_GET
@requires(Permission.LEGAL_HANDOFF)
def calendar(request: HttpRequest) -> HttpResponse:
    """Days of courts and bailiffs, overdue ones first. Made to be printed."""
    member = cast(MemberRequest, request).membership
    today = local_day(member.agency, timezone.now())
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(one) for one in AHEAD} else 30
    page = Paginator(proceedings.due_steps(until=today + timedelta(days=days)), DAYS).get_page(request.GET.get("page"))
    context = {
        "page": page, "rows": proceedings.calendar(page, as_of=today), "days": days, "ahead": AHEAD, "today": today,
        "left_over": LEFT_OVER, "left_over_count": closing.left_over(member).count(),
        "claims": time_limits.near(member, as_of=today).count(),
    }  # fmt: skip
    return render(request, "legal/calendar.html", context)


@require_GET
@requires(Permission.LEGAL_HANDOFF)
def time_limit_list(request: HttpRequest) -> HttpResponse:
    """Open cases that will soon be time-barred and are before no court, or that are time-barred already."""
    member = cast(MemberRequest, request).membership
    today = local_day(member.agency, timezone.now())
    near, passed = time_limits.near(member, as_of=today), time_limits.passed(member, as_of=today)
    state = PASSED if request.GET.get("state") == PASSED else ""
    found = (passed if state else near).select_related("debtor", "creditor")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    near_count = page.paginator.count if not state else near.count()
    context = {
        "page": page, "rows": time_limits.with_decisions(list(page), as_of=today), "state": state, "passed": PASSED,
        "near_count": time_limits.keep_count(member, near_count), "near_days": limitation.NEAR_DAYS,
        "passed_count": page.paginator.count if state else passed.count(),
    }  # fmt: skip
    return render(request, "legal/time_limits.html", context)


@require_GET
@requires(Permission.LEGAL_HANDOFF)
def to_decide_list(request: HttpRequest) -> HttpResponse:
    """What waits for legal, each case with what is next (S000-12, S004-38)."""
    member = cast(MemberRequest, request).membership
    found = to_decide.found(member, as_of=local_day(member.agency, timezone.now()))
    asked = request.GET.get("waits", "")
    chosen = asked if asked in to_decide.Waits.values else ""
    page = Paginator(to_decide.cases_of(found, chosen), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page, "rows": to_decide.rows(list(page), found), "chosen": chosen, "total": len(found),
        "kinds": to_decide.counted(found),
    }  # fmt: skip
    return render(request, "legal/to_decide.html", context)


@require_GET
@requires(Permission.LEGAL_HANDOFF)
def deed_list(request: HttpRequest) -> HttpResponse:
    """Notarial deeds that are not fulfilled: the way to enforcement without a lawsuit (S003-26)."""
    member = cast(MemberRequest, request).membership
    found = deeds.broken().filter(case__in=visible_to(member).values("id")).order_by("plan__ended_on", "id")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    decided: dict[int, LawsuitDecision] = {}
    for one in LawsuitDecision.objects.filter(case__in=[deed.case_id for deed in page]).order_by("id"):
        decided[one.case_id] = one
    rows = [(one, deeds.open_sum(one), decided.get(one.case_id)) for one in page]
    return render(request, "legal/deeds.html", {"page": page, "rows": rows})


@require_GET
@requires(Permission.LEGAL_HANDOFF)
def contracts(request: HttpRequest) -> HttpResponse:
    """Acceleration by law and in the creditors' systems, portfolio by portfolio (S004-10)."""
    return render(request, "legal/contracts.html", {"batches": contract_status.batches()})


@require_GET
@requires(Permission.LEGAL_HANDOFF)
def contract_portfolio(request: HttpRequest, portfolio_id: int) -> HttpResponse:
    """The cases of one portfolio about which law and the creditor's system disagree."""
    portfolio = get_object_or_404(Portfolio.objects.select_related("creditor"), id=portfolio_id)
    today = local_day(cast(MemberRequest, request).agency, timezone.now())
    page = Paginator(contract_status.differing(portfolio), ROWS).get_page(request.GET.get("page"))
    rows = [(case, contract_status.days_since_acceleration(case, today), case.dpd(today)) for case in page]
    return render(request, "legal/contract_portfolio.html", {"portfolio": portfolio, "page": page, "rows": rows})


@requires(Permission.LEGAL_HANDOFF)
def firm_list(request: HttpRequest) -> HttpResponse:
    """The law firms; enter a new one."""
    return _firms(request, LawFirm())


@requires(Permission.LEGAL_HANDOFF)
def firm(request: HttpRequest, firm_id: int) -> HttpResponse:
    return _firms(request, get_object_or_404(LawFirm.objects, id=firm_id))


def _firms(request: HttpRequest, subject: LawFirm) -> HttpResponse:
    form = FirmForm(request.POST or None, instance=subject)
    if request.method == "POST" and form.is_valid():
        try:
            firms.save_firm(form.instance, by=cast(MemberRequest, request).membership, now=timezone.now())
        except Refused as refusal:
            beside(form, refusal)
        else:
            messages.success(request, _("The law firm was saved."))
            return redirect("law-firms")
    found = LawFirm.objects.select_related("creditor").order_by("-is_active", "name", "id")
    status = 422 if form.errors else 200
    return render(request, "legal/firms.html", {"firms": found, "form": form, "subject": subject}, status=status)


@require_GET
@requires(Permission.LAW_FIRM)
def firm_handoffs(request: HttpRequest) -> HttpResponse:
    """What was handed to the firm of this person, and its next days."""
    member = cast(MemberRequest, request).membership
    today = local_day(cast(MemberRequest, request).agency, timezone.now())
    found = handoffs.of_firm(member)
    page = Paginator(found.order_by("-sent_at", "-id"), ROWS).get_page(request.GET.get("page"))
    steps = proceedings.due_steps(until=today + timedelta(days=30), handoffs=found)
    days = Paginator(steps, ROWS).get_page(request.GET.get("days"))
    context = {
        "page": page, "firm": firms.firm_of(member), "rows": proceedings.calendar(days, as_of=today), "days": days,
    }  # fmt: skip
    return render(request, "legal/firm_handoffs.html", context)
