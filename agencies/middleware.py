"""Opens the agency's scope for the whole of a request: the agency comes from the session or the API token."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from agencies.models import Membership
from agencies.scope import agency_scope
from agencies.tokens import membership_of

SESSION_KEY = "membership_id"


def _by_token(request: HttpRequest) -> Membership | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return None
    return membership_of(secret.strip(), at=timezone.now())


def _by_session(request: HttpRequest) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    mine = Membership.before_scope.select_related("agency").filter(user_id=request.user.pk, is_active=True)
    chosen = request.session.get(SESSION_KEY)
    membership = (mine.filter(id=chosen).first() if chosen else None) or mine.order_by("id").first()
    if membership is not None:
        membership.user = request.user
        if chosen != membership.id:
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
        membership = (_by_token(request) if is_api else None) or _by_session(request)
        request.membership = membership  # type: ignore[attr-defined]
        request.agency = membership.agency if membership else None  # type: ignore[attr-defined]
        if membership is None:
            return self.get_response(request)
        request.by_token = is_api and "Authorization" in request.headers  # type: ignore[attr-defined]
        if is_api and request.by_token:  # type: ignore[attr-defined]
            request.user = membership.user
        translation.activate(membership.user.language)
        request.LANGUAGE_CODE = translation.get_language() or "en"
        with agency_scope(membership.agency_id):
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        response.headers.setdefault("Content-Language", translation.get_language() or "en")
        return response
