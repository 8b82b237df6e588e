"""The page behind the link of an invitation."""

from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from agencies import invitations
from agencies.access import public
from agencies.forms import JoinForm
from agencies.middleware import SESSION_KEY
from agencies.models import Invitation, Membership
from agencies.roles import ROLES
from agencies.views.answers import beside
from common.refusals import Refused

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation: new people name themselves and choose a password, known ones sign in first."""
    try:
        invitation = invitations.open_invitation(secret, now=timezone.now())
    except Refused as refusal:
        return render(request, "agencies/join_over.html", {"sentence": refusal.sentence}, status=refusal.status)
    if not request.user.is_authenticated:
        translation.activate(invitation.agency.language)
    if invitations.known_person(invitation) is not None:
        return _join_known(request, invitation)
    return _join_new(request, invitation)


def _show(request: HttpRequest, invitation: Invitation, status: int = 200, **context: object) -> HttpResponse:
    context |= {"invitation": invitation, "role": ROLES[invitation.role], "host": invitation.agency}
    response = render(request, "agencies/join.html", context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _join_new(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            membership = invitations.accept_as_new(invitation, **form.cleaned_data, now=timezone.now())
        except Refused as refusal:
            beside(form, refusal)
        except ValidationError as error:
            form.add_error("password", error)
        else:
            login(request, membership.user, backend=BACKEND)
            return _begin(request, membership)
    return _show(request, invitation, 422 if form.errors else 200, form=form)


def _join_known(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.method != "POST":
        return _show(request, invitation, stranger=request.user.email != invitation.email)
    try:
        membership = invitations.accept_as(request.user, invitation, now=timezone.now())
    except Refused as refusal:
        return _show(request, invitation, refusal.status, stranger=True)
    return _begin(request, membership)


def _begin(request: HttpRequest, membership: Membership) -> HttpResponse:
    request.session[SESSION_KEY] = membership.pk
    return redirect("home")
