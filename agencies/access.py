"""One permission per view: `requires` for pages, `HasPermission` is its twin for the API (in `api.access`)."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from agencies.permissions import Permission

if TYPE_CHECKING:
    from agencies.models import Agency, Membership, User


class MemberRequest(HttpRequest):
    """A request that passed `requires`: someone is signed in and works in an agency, whose scope is open."""

    user: "User"
    membership: "Membership"
    agency: "Agency"


View = Callable[..., HttpResponseBase]


def requires(permission: Permission) -> Callable[[View], View]:
    """Guard a page: strangers are sent to sign in, members whose role lacks `permission` get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            membership = getattr(request, "membership", None)
            if membership is None:
                if request.user.is_authenticated:
                    raise PermissionDenied
                return redirect_to_login(request.get_full_path())
            if not membership.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def requires_platform(view: View) -> View:
    """Guard a page of the platform operator, who works in no agency and sees no agency's rows."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not getattr(request.user, "is_platform_operator", False):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    guarded.permission = Permission.PLATFORM  # type: ignore[attr-defined]
    return guarded


def signed_in(view: View) -> View:
    """Guard a page about the person, not about an agency: it works for whoever is signed in, member or not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    guarded.permission = Permission.SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """Mark a page that needs no permission: it shows no agency's rows, or proves its caller by a signature."""
    view.permission = None  # type: ignore[attr-defined]
    return view
