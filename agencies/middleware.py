"""Opens the agency's scope for the whole of a request: the agency comes from the session or the API token."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from agencies.models import ApiToken, Membership
from agencies.scope import agency_scope
from agencies.tokens import note_use, token_of

SESSION_KEY = "membership_id"
OUTSIDE_OF_SCOPE = ("/join/", "/platform/")
"""Pages that open scopes of their own, or none: joining another agency, operating the platform."""
BEFORE_MFA = ("/accounts/", "/me/")
"""Where a member may go who still has to set up a second factor."""


SEEN_EVERY = 60
"""Seconds between two notes that a session is in use."""


class SessionActivityMiddleware(UserSessionsMiddleware):  # type: ignore[misc]
    """Notes when and from where a session was last used, once a minute: a write for every page would make all pages
    of one session wait for each other."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and cache.add(f"session-seen:{key}:{request.META.get('REMOTE_ADDR', '')}", 1, SEEN_EVERY):
            answer: HttpResponse = super().__call__(request)
            return answer
        return self.get_response(request)  # type: ignore[no-any-return]


def _secret_of(request: HttpRequest) -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _token_of(request: HttpRequest) -> ApiToken | None:
    secret = _secret_of(request)
    return token_of(secret, at=timezone.now()) if secret else None


def _places(request: HttpRequest) -> list[Membership]:
    """All active places of the person, read before a scope hides the other agencies."""
    if not request.user.is_authenticated:
        return []
    mine = Membership.before_scope.select_related("agency").filter(user_id=request.user.pk, is_active=True)
    places = list(mine.order_by("id"))
    for place in places:
        place.user = request.user
    return places


def _chosen(request: HttpRequest, places: list[Membership]) -> Membership | None:
    if not places:
        return None
    wanted = request.session.get(SESSION_KEY)
    membership = next((place for place in places if place.id == wanted), places[0])
    if membership.id != wanted:
        request.session[SESSION_KEY] = membership.id
    return membership


class AgencyScopeMiddleware:
    """Sets `request.membership` and `request.agency` and runs the view in the agency's scope.

    A server error rolls the scope's transaction back. People's language follows their choice.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_api = request.path.startswith("/api/")
        by_token = is_api and "Authorization" in request.headers
        places = [] if by_token else _places(request)
        token = _token_of(request) if by_token else None
        membership = token.membership if token else None
        if not request.path.startswith(OUTSIDE_OF_SCOPE):
            membership = membership or _chosen(request, places)
        request.places = places  # type: ignore[attr-defined]
        request.membership = membership  # type: ignore[attr-defined]
        request.agency = membership.agency if membership else None  # type: ignore[attr-defined]
        request.by_token = by_token  # type: ignore[attr-defined]
        request.token = token  # type: ignore[attr-defined]
        if membership is None:
            return self._respond_without_agency(request)
        if by_token:
            request.user = membership.user
        elif _lacks_second_factor(request, membership):
            return redirect("mfa_index")
        translation.activate(membership.user.language)
        request.LANGUAGE_CODE = translation.get_language() or "en"
        clock = None if is_api else membership.agency.time_zone
        with agency_scope(membership.agency_id), timezone.override(clock):
            if by_token:
                note_use(_secret_of(request), on=timezone.now().date())
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        response.headers.setdefault("Content-Language", translation.get_language() or "en")
        return response

    def _respond_without_agency(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language() or "en"
        return self.get_response(request)


def _lacks_second_factor(request: HttpRequest, membership: Membership) -> bool:
    if not membership.agency.requires_mfa or request.path.startswith(BEFORE_MFA):
        return False
    return not is_mfa_enabled(membership.user)
