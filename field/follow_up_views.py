"""What visits leave for the coordinator: recommendations to decide, differences to resolve, incidents to pass on."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from agencies.roles import Coordinator
from common.refusals import Refused
from field import alarms, follow_up
from field.models import Discrepancy, Incident, Recommendation

PAGE_SIZE = 30


def _page(rows: Any, request: HttpRequest, name: str) -> Any:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get(name))


def _own(rows: Any, request: HttpRequest) -> Any:
    """What a coordinator's team left, with what no team has; of the whole agency for everybody else, as trips are."""
    member = cast(MemberRequest, request).membership
    if member.role == Coordinator.code and member.team_id is not None:
        return rows.filter(Q(case__team=member.team_id) | Q(case__team=None))
    return rows


def waiting(request: HttpRequest) -> tuple[Any, Any, Any]:
    """Recommendations, differences and incidents that wait for whoever asks."""
    return (
        _own(Recommendation.objects.filter(state="OPEN"), request),
        _own(Discrepancy.objects.filter(resolved_at=None), request),
        _own(Incident.objects.filter(creditor_told_at=None), request),
    )


def count_waiting(request: HttpRequest) -> int:
    """For the navigation: how many rows `inbox` shows."""
    member = cast(MemberRequest, request).membership
    return alarms.kept(alarms.AFTER_VISITS, member, lambda: sum(rows.count() for rows in waiting(request)))


@require_GET
@requires(Permission.FIELD_ALLOCATE)
def inbox(request: HttpRequest) -> HttpResponse:
    alarms.forget(alarms.AFTER_VISITS, cast(MemberRequest, request).membership)
    recommendations, differences, incidents = waiting(request)
    recommendations = recommendations.select_related("case__debtor", "case__creditor", "made_by")
    differences = differences.select_related("case__debtor", "reported_by")
    incidents = incidents.select_related("case__creditor", "reported_by")
    context = {
        "recommendations": _page(recommendations.order_by("id"), request, "page"),
        "differences": _page(differences.order_by("id"), request, "differences"),
        "incidents": _page(incidents.order_by("id"), request, "incidents"),
    }
    return render(request, "field/follow_up.html", context)


@require_POST
@requires(Permission.FIELD_ALLOCATE)
def decide(request: HttpRequest, recommendation_id: int) -> HttpResponse:
    made = get_object_or_404(_own(Recommendation.objects.select_related("case__agency"), request), id=recommendation_id)
    accept = request.POST.get("decide") == "accept"
    return _done(
        request,
        lambda by, now: follow_up.decide(made, accept=accept, by=by, now=now, note=request.POST.get("note", "")),
        _("The recommendation is accepted.") if accept else _("The recommendation is not followed."),
    )


@require_POST
@requires(Permission.FIELD_ALLOCATE)
def resolve(request: HttpRequest, discrepancy_id: int) -> HttpResponse:
    made = get_object_or_404(_own(Discrepancy.objects.all(), request), id=discrepancy_id)
    text = request.POST.get("resolution", "")
    return _done(request, lambda by, now: follow_up.resolve(made, resolution=text, by=by, now=now), _("Kept."))


@require_POST
@requires(Permission.FIELD_ALLOCATE)
def told(request: HttpRequest, incident_id: int) -> HttpResponse:
    made = get_object_or_404(_own(Incident.objects.all(), request), id=incident_id)
    person = request.POST.get("person", "")
    return _done(request, lambda by, now: follow_up.tell_creditor(made, person=person, by=by, now=now), _("Kept."))


def _done(request: HttpRequest, deed: Any, told: str) -> HttpResponse:
    try:
        deed(cast(MemberRequest, request).membership, timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, told)
    return redirect("field-follow-up")
