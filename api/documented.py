"""Marks each view with its answers, every problem among them, for the OpenAPI document."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers

from api.serializers import Problem

_PROBLEMS = {
    400: "A member, a parameter or the cursor is not right.",
    401: "No token, or one that is not valid.",
    403: "The role does not allow this.",
    404: "There is nothing here for this token.",
    409: "The state of things does not allow this.",
    413: "The file is too large.",
    415: "This media type is not read here.",
    422: "The content cannot be understood; `errors` or further members say where.",
    429: "Too many calls; see Retry-After.",
}
_ALWAYS = (401, 403, 429)


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "api.access.MembershipAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


def page_of(name: str, row: type[serializers.Serializer[Any]]) -> Any:
    """A cursor page: follow `next` until it is null."""
    members: dict[str, Any] = {
        "next": serializers.URLField(allow_null=True), "previous": serializers.URLField(allow_null=True),
        "results": row(many=True),
    }  # fmt: skip
    return inline_serializer(name, members)


def answers(
    operation_id: str, summary: str, *, good: dict[Any, Any], problems: tuple[int, ...] = (),
    parameters: list[OpenApiParameter] | None = None, request: Any = None,
) -> Callable[[Any], Any]:  # fmt: skip
    """`good`: status, or status and media type -> serializer. `problems`: statuses beside 401, 403 and 429."""
    told = {
        (status, "application/problem+json"): OpenApiResponse(Problem, description=_PROBLEMS[status])
        for status in sorted({*problems, *_ALWAYS})
    }
    marked: Callable[[Any], Any] = extend_schema(
        operation_id=operation_id,
        summary=summary,
        responses={**good, **told},
        parameters=parameters or [],
        request=request,
    )
    return marked
