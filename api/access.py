"""Who calls the API: the member behind the token or the session, found by the middleware before the view."""

from typing import Any

from django.middleware.csrf import CsrfViewMiddleware
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: Any, reason: str) -> Any:
        return reason


class MembershipAuthentication(BaseAuthentication):
    """Bearer token, or the session of a signed-in person (then with a CSRF token for unsafe methods)."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        inner = request._request
        membership = getattr(inner, "membership", None)
        if membership is None:
            return None
        if not getattr(inner, "by_token", False):
            check = _Csrf(lambda _: None)  # type: ignore[arg-type,return-value]
            check.process_request(inner)
            reason = check.process_view(inner, None, (), {})  # type: ignore[arg-type]
            if reason:
                raise PermissionDenied("CSRF token missing or wrong.")
        return membership.user, membership

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasPermission(BasePermission):
    """The view names its one permission as `permission`; a view without one is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        membership = getattr(request._request, "membership", None)
        wanted = getattr(view, "permission", None)
        return bool(membership and wanted and membership.may(wanted))


class TokenThrottle(SimpleRateThrottle):
    """So many calls per minute for each member."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        membership = getattr(request._request, "membership", None)
        return f"api-rate:{membership.pk}" if membership else None
