"""A person's own page: looks, keys, sign-in, and in which agency they work."""

from typing import cast

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from agencies import preferences as choices
from agencies import sessions
from agencies.access import signed_in
from agencies.forms import PreferencesForm, ShortcutsForm
from agencies.middleware import SESSION_KEY
from agencies.models import User
from common.refusals import Refused


def _page(request: HttpRequest, form: PreferencesForm | None = None, keys: ShortcutsForm | None = None) -> HttpResponse:
    user = cast(User, request.user)
    context = {
        "form": form or PreferencesForm(instance=_fresh(user)),
        "keys_form": keys or ShortcutsForm.of(user),
        "has_mfa": is_mfa_enabled(user),
        "session_count": UserSession.objects.filter(user_id=user.pk).count(),
        "places": request.places,  # type: ignore[attr-defined]
    }
    return render(request, "agencies/me.html", context, status=422 if form or keys else 200)


def _fresh(user: User) -> User:
    """A copy for a form to write into: the page around a refused form still shows what is stored."""
    return User.objects.get(pk=user.pk)


@signed_in
def preferences(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if request.method != "POST":
        return _page(request)
    form = PreferencesForm(request.POST, instance=_fresh(user))
    if not form.is_valid():
        return _page(request, form)
    choices.change_preferences(user, **form.cleaned_data)
    with override(user.language):
        messages.success(request, _("Your preferences were saved."))
    return redirect("preferences")


@signed_in
@require_POST
def shortcuts(request: HttpRequest) -> HttpResponse:
    form = ShortcutsForm(request.POST)
    if not form.is_valid():
        return _page(request, keys=form)
    choices.change_shortcuts(cast(User, request.user), chosen=form.chosen())
    messages.success(request, _("Your keys were saved."))
    return redirect("preferences")


@signed_in
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = sessions.end_all(cast(User, request.user), but=request.session.session_key or "")
    messages.success(request, _("Sessions ended elsewhere: %(count)s.") % {"count": ended})
    return redirect("usersessions_list")


@signed_in
@require_POST
def switch_agency(request: HttpRequest) -> HttpResponse:
    """Work in another agency from the next click on. The scope of this request stays what it was."""
    try:
        membership_id = int(request.POST.get("membership", ""))
        place = choices.place_in(request.places, membership_id)  # type: ignore[attr-defined]
    except (ValueError, Refused) as error:
        raise Http404 from error
    request.session[SESSION_KEY] = place.pk
    return redirect("home")
