"""Every error of the API as a problem of RFC 9457, with row errors where there are rows."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from common.refusals import Refused


def problem(status: int, code: str, title: str, *, headers: dict[str, str] | None = None, **members: Any) -> Response:
    """An answer of media type application/problem+json. `type` is a relative reference to the documentation."""
    body = {"type": f"/docs/problems#{code}", "title": title, "status": status, "code": code, **members}
    return Response(body, status=status, headers=headers, content_type="application/problem+json")


def problem_of(error: Exception, context: dict[str, Any]) -> Response | None:
    """Translate an exception into a problem; None lets a server error be one."""
    if isinstance(error, Refused):
        members: dict[str, Any] = dict(error.details)
        if error.field:
            members["errors"] = [{"pointer": f"#/{error.field}", "detail": error.sentence}]
        return problem(error.status, error.code, error.sentence, **members)
    if isinstance(error, Http404):
        return problem(404, "not_found", "There is nothing here.")
    if isinstance(error, PermissionDenied):
        return problem(403, "forbidden", "Your role does not allow this.")
    if isinstance(error, RecursionError):
        return problem(400, "parse_error", "The content is nested too deeply.")
    if isinstance(error, exceptions.ValidationError):
        return problem(400, "invalid", "Some members are not right.", errors=_pointers(error.detail))
    if isinstance(error, exceptions.APIException):
        headers = {}
        if isinstance(error, exceptions.Throttled) and getattr(error, "wait", None):
            headers["Retry-After"] = str(int(getattr(error, "wait", 0)) + 1)  # type: ignore[arg-type]
        if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            headers["WWW-Authenticate"] = "Bearer"
        return problem(error.status_code, str(error.default_code), str(error.detail), headers=headers)
    return None


def _pointers(detail: Any, path: str = "#") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [entry for key, value in detail.items() for entry in _pointers(value, f"{path}/{key}")]
    if isinstance(detail, list):
        return [
            entry
            for index, value in enumerate(detail)
            for entry in _pointers(value, f"{path}/{index}" if isinstance(value, dict | list) else path)
        ]
    return [{"pointer": path, "detail": str(detail)}]
