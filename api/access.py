"""Who calls the API: the member behind the token or the session, found by the middleware before the view."""

from typing import Any

from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from agencies.api_scopes import PERSONAL
from agencies.permissions import Permission
from common.refusals import Refused


class PermissionDenied(Refused):
    """`permission` says which one the role lacks."""

    status = 403


class ScopeMissing(Refused):
    """The token was not issued for this; `scope` says what is missing."""

    status = 403


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
                raise exceptions.PermissionDenied("CSRF token missing or wrong.")
        return membership.user, membership

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasPermission(BasePermission):
    """The view names its one permission as `permission` and its subject as `scope`; a view without one is closed.

    The member's role must grant the permission; a token must besides be issued for reading or writing the subject.
    The views `scope = ""` show no agency's rows.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        inner = request._request
        membership, token = getattr(inner, "membership", None), getattr(inner, "token", None)
        wanted, subject = getattr(view, "permission", None), getattr(view, "scope", None)
        if membership is None or not wanted or subject is None:
            return False
        for needed in (wanted, Permission.API) if token else (wanted,):
            if not membership.may(needed):
                raise PermissionDenied(_("Your role does not allow this."), permission=str(needed))
        if token and subject:
            _check_scope(token, f"{subject}:{'read' if request.method in SAFE_METHODS else 'write'}")
        return True


def _check_scope(token: Any, scope: str) -> None:
    if scope in token.granted:
        return
    if scope in PERSONAL and token.by_another:
        raise ScopeMissing(_("People who approve issue the token for it themselves."), scope=scope)
    raise ScopeMissing(_("The token was not issued for this."), scope=scope)


class TokenThrottle(SimpleRateThrottle):
    """So many calls per minute for each member."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        membership = getattr(request._request, "membership", None)
        return f"api-rate:{membership.pk}" if membership else None
