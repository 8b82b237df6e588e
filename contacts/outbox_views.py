"""The outbox for people: what waits, and what waits for a person's decision."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from common.refusals import Refused
from contacts import approvals, deciding, fates
from contacts.models import ApprovalRequest, Message

State = Message.State

PER_PAGE = 50

_TABS: dict[str, Any] = {
    State.DECIDE: _lazy("Needs a decision"),
    State.UNKNOWN: _lazy("Unknown"),
    State.FAILED: _lazy("Failed"),
    State.PENDING: _lazy("Waiting"),
}
_ORDER = {State.PENDING: ("not_before", "id"), State.DECIDE: ("id",), State.UNKNOWN: ("lease_until", "id")}
"""What waits, in the order in which it is worked; what is done, the newest first."""


@require_GET
@requires(Permission.CONTACTS_APPROVE)
def outbox(request: HttpRequest) -> HttpResponse:
    """Counts by state, each leading to its messages; first what a person must decide."""
    wanted = request.GET.get("state", "")
    state = State(wanted) if wanted in State.values else State.DECIDE
    counts: dict[str, int] = dict(Message.objects.values_list("state").annotate(n=Count("id")).order_by())
    rows = Message.objects.filter(state=state).select_related("case", "debtor", "contact_point")
    page = Paginator(rows.order_by(*_ORDER.get(state, ("-id",))), PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "page": page,
        "rows": [(row, fates.why(row, now=now)) for row in page],
        "state": state,
        "tabs": [(one, label, counts.get(one, 0)) for one, label in _TABS.items()],
        "others": [(one, counts[one]) for one in State if one in counts and one not in _TABS],
    }
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
