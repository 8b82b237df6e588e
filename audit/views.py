"""The history of the agency, for those who answer for it."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from audit.forms import HistoryForm
from audit.queries import Filters, history

ENTRIES_A_PAGE = 50
MAX_ID = 2**62


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and int(text) < MAX_ID else None


@requires(Permission.AUDIT_VIEW)
def history_page(request: HttpRequest) -> HttpResponse:
    """Newest first, narrowed by kind, person, day and case, page after page."""
    form = HistoryForm(request.GET or None)
    data = form.cleaned_data if form.is_valid() else {}
    person = data.get("person")
    filters = Filters(
        kind=data.get("kind") or "", actor_id=person.pk if person else None, case_id=data.get("case"),
        day=data.get("day"), zone=cast(MemberRequest, request).agency.time_zone,
    )  # fmt: skip
    found = history(filters, before=_before(request), limit=ENTRIES_A_PAGE + 1)
    entries = found[:ENTRIES_A_PAGE]
    older = entries[-1].id if len(found) > ENTRIES_A_PAGE else None
    context = {"form": form, "entries": entries, "older": older, "narrowed": any(data.values())}
    return render(request, "audit/history.html", context)
