"""The outbox for people: what waits, and what waits for a person's decision."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from common.refusals import Refused
from contacts import approvals, deciding
from contacts.models import ApprovalRequest, Message


@require_GET
@requires(Permission.CONTACTS_APPROVE)
def outbox(request: HttpRequest) -> HttpResponse:
    """Counts by state, and the messages whose fate a person must decide."""
    counts = Message.objects.values_list("state").annotate(n=Count("id")).order_by()
    open_ones = Message.objects.filter(state=Message.State.DECIDE).exclude(permit=None)
    page = Paginator(open_ones.select_related("case", "debtor").order_by("id"), 30).get_page(request.GET.get("page"))
    context = {"page": page, "counts": [(Message.State(code), n) for code, n in sorted(counts)]}
    return render(request, "contacts/outbox.html", context)


@require_POST
@requires(Permission.CONTACTS_APPROVE)
def outbox_decide(request: HttpRequest, message_id: int, verb: str) -> HttpResponse:
    """Send again, take as sent, or give up."""
    message = get_object_or_404(Message.objects, id=message_id)
    try:
        deciding.decide(message, verb=verb, by=cast(MemberRequest, request).membership, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("outbox")


@require_POST
@requires(Permission.CONTACTS_APPROVE)
def approval_decide(request: HttpRequest, request_id: int) -> HttpResponse:
    """A second person's yes or no to a contact."""
    asked = get_object_or_404(ApprovalRequest.objects.select_related("decision"), id=request_id)
    granted = request.POST.get("decide") == "approve"
    try:
        approvals.decide(
            asked, granted=granted, reason=request.POST.get("reason", "")[:240],
            by=cast(MemberRequest, request).user, now=timezone.now(),
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Approved.") if granted else _("Not approved."))
    return redirect("approvals")
