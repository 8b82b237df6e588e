"""The inbox of approvals, one for coordinators and one for creditors: who asked, until when, one click, or a reason."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from cases import approvals
from cases.models import Approval, ApprovalKind, Case
from common.refusals import Refused

PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """One approval as people read it."""

    approval: Approval
    facts: list[approvals.Fact]
    late: bool
    own: bool


def rows_of(found: Any, member: Membership) -> list[Row]:
    now = timezone.now()
    return [
        Row(
            approval=one, facts=approvals.kind_of(one).shown(one),
            late=one.state == Approval.State.WAITING and one.due_at < now, own=one.asked_by_id == member.user_id,
        )
        for one in found
    ]  # fmt: skip


def inbox_panel(request: HttpRequest, _subject: Any) -> dict[str, Any] | None:
    """What waits for the coordinator, as a part of the approvals page; promises have a table of their own there."""
    member = cast(MemberRequest, request).membership
    waiting = _waiting(request, approvals.inbox(member).exclude(kind=ApprovalKind.PROMISE))
    rows = rows_of(waiting, member)
    return {"rows": rows, "waiting": waiting, "decide": "approval-decide"} if rows else None


def case_panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Every approval of the case, with who decided and why."""
    rows = rows_of(approvals.of_case(case)[:20], cast(MemberRequest, request).membership)
    return {"rows": rows} if rows else None


def _waiting(request: HttpRequest, found: Any) -> Page[Approval]:
    return Paginator(found, PAGE_SIZE).get_page(request.GET.get("waiting"))


@require_GET
@requires(Permission.APPROVALS_DECIDE)
def decided(request: HttpRequest) -> HttpResponse:
    """What was decided, the latest first."""
    member = cast(MemberRequest, request).membership
    found = approvals.visible_to(member).exclude(state=Approval.State.WAITING).order_by("-decided_at", "-id")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "cases/approvals_decided.html", {"page": page, "rows": rows_of(page, member)})


@require_GET
@requires(Permission.CREDITOR_APPROVE)
def creditor_inbox(request: HttpRequest) -> HttpResponse:
    """What waits for the creditor, and what its people decided."""
    member = cast(MemberRequest, request).membership
    waiting = _waiting(request, approvals.inbox(member))
    past = approvals.visible_to(member).exclude(state=Approval.State.WAITING).order_by("-decided_at", "-id")
    page = Paginator(past, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "rows": rows_of(waiting, member), "waiting": waiting, "past": rows_of(page, member), "page": page,
        "decide": "creditor-approval-decide",
    }  # fmt: skip
    return render(request, "portfolios/creditor_approvals.html", context)


@require_POST
@requires(Permission.APPROVALS_DECIDE)
def decide(request: HttpRequest, approval_id: int) -> HttpResponse:
    return _decide(request, approval_id, back="approvals")


@require_POST
@requires(Permission.CREDITOR_APPROVE)
def creditor_decide(request: HttpRequest, approval_id: int) -> HttpResponse:
    return _decide(request, approval_id, back="creditor-approvals")


def _decide(request: HttpRequest, approval_id: int, *, back: str) -> HttpResponse:
    member = cast(MemberRequest, request).membership
    approval = get_object_or_404(approvals.visible_to(member), id=approval_id)
    grant = request.POST.get("decide") == "approve"
    try:
        approvals.decide(approval, grant=grant, by=member, now=timezone.now(), note=request.POST.get("note", ""))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Approved.") if grant else _("Refused."))
    return back_to(back, request)


def back_to(page: str, request: HttpRequest) -> HttpResponse:
    """Back to the page of the list on which the decision was made."""
    query = request.GET.urlencode()
    return redirect(reverse(page) + (f"?{query}" if query else ""))
