"""People, invitations and teams."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import invitations as inviting
from agencies import people as places
from agencies import teams as grouping
from agencies.access import MemberRequest, requires
from agencies.forms import InviteForm, PlaceForm, TeamForm
from agencies.models import Invitation, Membership, Team
from agencies.permissions import Permission
from agencies.roles import ROLES
from agencies.views.answers import beside, told
from common.refusals import Refused


def _page(request: HttpRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    members = Membership.objects.select_related("user", "team").order_by("-is_active", "user__full_name", "id")
    waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None).select_related("team").order_by("-id")
    context = {"members": members, "invitations": waiting, "form": form, "roles": ROLES, "now": timezone.now()}
    return render(request, "agencies/people.html", context, status=status)


@requires(Permission.TEAM_MANAGE)
def people(request: HttpRequest) -> HttpResponse:
    """List everyone; invite somebody."""
    form = InviteForm(request.POST or None)
    if request.method != "POST":
        return _page(request, form)
    if form.is_valid():
        data = form.cleaned_data
        try:
            inviting.invite(
                email=data["email"], role=data["role"], team=data["team"], creditor_id=data["creditor"],
                law_firm_id=data["law_firm"], by=cast(MemberRequest, request).membership, now=timezone.now(),
            )  # fmt: skip
        except Refused as refusal:
            beside(form, refusal)
        else:
            messages.success(request, _("An invitation was sent to %(email)s.") % {"email": data["email"]})
            return redirect("people")
    return _page(request, form, 422)


@requires(Permission.TEAM_MANAGE)
def person(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Change a member's role, team and capacity."""
    membership = get_object_or_404(Membership.objects.select_related("user", "team"), pk=membership_id)
    initial = {"role": membership.role, "team": membership.team_id, "capacity": membership.capacity}
    initial["is_expert"] = membership.is_expert
    form = PlaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            by = cast(MemberRequest, request).membership
            places.change_place(membership, **form.cleaned_data, by=by, now=timezone.now())
        except Refused as refusal:
            beside(form, refusal)
        else:
            messages.success(request, _("The changes count from now on."))
            return redirect("people")
    status = 422 if form.errors else 200
    return render(request, "agencies/person.html", {"person": membership, "form": form}, status=status)


@requires(Permission.TEAM_MANAGE)
@require_POST
def deactivate(request: HttpRequest, membership_id: int) -> HttpResponse:
    membership = get_object_or_404(Membership.objects.select_related("user"), pk=membership_id)
    with told(request, _("%(name)s has no access any more.") % {"name": membership.user}):
        places.deactivate(membership, by=cast(MemberRequest, request).membership, now=timezone.now())
    return redirect("people")


@requires(Permission.TEAM_MANAGE)
@require_POST
def reactivate(request: HttpRequest, membership_id: int) -> HttpResponse:
    membership = get_object_or_404(Membership.objects.select_related("user"), pk=membership_id)
    with told(request, _("%(name)s has access again.") % {"name": membership.user}):
        places.reactivate(membership, by=cast(MemberRequest, request).membership, now=timezone.now())
    return redirect("people")


@requires(Permission.TEAM_MANAGE)
@require_POST
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects, pk=invitation_id)
    with told(request, _("The invitation of %(email)s was withdrawn.") % {"email": invitation.email}):
        inviting.withdraw(invitation, by=cast(MemberRequest, request).membership, now=timezone.now())
    return redirect("people")


@requires(Permission.TEAM_MANAGE)
@require_POST
def invite_again(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Send a new link; the old one stops working."""
    old = get_object_or_404(Invitation.objects.select_related("team"), pk=invitation_id)
    with told(request, _("A new invitation was sent to %(email)s.") % {"email": old.email}):
        inviting.invite(
            email=old.email, role=old.role, team=old.team, creditor_id=old.creditor_id,
            law_firm_id=old.law_firm_id, by=cast(MemberRequest, request).membership, now=timezone.now(),
        )  # fmt: skip
    return redirect("people")


@requires(Permission.TEAM_MANAGE)
def teams(request: HttpRequest) -> HttpResponse:
    """List the teams; set up a new one."""
    return _team_page(request, Team())


@requires(Permission.TEAM_MANAGE)
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Rename a team or change its kind."""
    return _team_page(request, get_object_or_404(Team.objects, pk=team_id))


def _team_page(request: HttpRequest, subject: Team) -> HttpResponse:
    form = TeamForm(request.POST or None, instance=subject)
    if request.method == "POST" and form.is_valid():
        try:
            grouping.save_team(form.instance, by=cast(MemberRequest, request).membership, now=timezone.now())
        except Refused as refusal:
            beside(form, refusal)
        else:
            messages.success(request, _("The team was saved."))
            return redirect("teams")
    members: dict[int, int] = {}
    for team_id in Membership.objects.filter(is_active=True).exclude(team=None).values_list("team_id", flat=True):
        members[team_id] = members.get(team_id, 0) + 1
    context = {"teams": Team.objects.order_by("name", "id"), "members": members, "form": form, "subject": subject}
    return render(request, "agencies/teams.html", context, status=422 if form.errors else 200)


@requires(Permission.TEAM_MANAGE)
@require_POST
def close_team(request: HttpRequest, team_id: int) -> HttpResponse:
    subject = get_object_or_404(Team.objects, pk=team_id)
    with told(request, _("The team was closed.")):
        grouping.close_team(subject, by=cast(MemberRequest, request).membership, now=timezone.now())
    return redirect("teams")
