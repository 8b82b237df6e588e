"""Views that the agency's people and people from outside both use, each with their own permission."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.models import Membership
from agencies.permissions import Permission
from audit.once import digest_of, once

KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key gives the first answer again."
)
CURSOR = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)]
CASE = OpenApiParameter("case", int, description="Of this case alone.")


class BothSides(APIView):
    """People of the agency need `inside`, people from outside `outside`; to write, both need `writing` if it is named.

    Each sees what their own lists show, as `cases.queries.visible_to` and its neighbours say; what only a search opens
    stays out of a machine's reach.
    """

    inside = Permission.CASES_VIEW
    outside = Permission.CREDITOR_CASES
    writing: Permission | None = None

    @property
    def permission(self) -> Permission:
        if self.writing is not None and getattr(self.request, "method", "GET") == "POST":
            return self.writing
        member = getattr(getattr(self.request, "_request", None), "membership", None)
        return self.outside if member is not None and member.role_class.outside else self.inside


def member_of(request: Request) -> Membership:
    member: Membership = request._request.membership  # type: ignore[attr-defined]
    return member


def number_in(request: Request, name: str) -> int | None:
    """A parameter that is the id of a row; None when it is not there."""
    text = request.query_params.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ValidationError({name: ["A number is needed."]})
    return int(text) if text else None


def word_in(request: Request, name: str, words: Any) -> str:
    """A parameter that is one word of a list; "" when it is not there."""
    word = request.query_params.get(name, "")
    if word and word not in words:
        raise ValidationError({name: ["There is no such word here."]})
    return word


def moment_in(request: Request, name: str) -> datetime | None:
    """A parameter that is a moment. A plus sign of an offset often arrives as a space, as addresses have it."""
    text = request.query_params.get(name, "")
    if not text:
        return None
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValidationError({name: ["Give date, time and offset, for example 2026-11-24T08:00:00+02:00."]})
    return moment


def once_answered(request: Request, what: str, act: Callable[[], tuple[int, Any]], *content: bytes | str) -> Response:
    """Do `act` and answer; under an Idempotency-Key only the first time. `what` separates the deeds and their rows;
    `content` is what the key stands for, where the body is a file."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        status, body = act()
        return Response(body, status=status)
    digest = digest_of(*(content or (json.dumps(request.data, sort_keys=True, default=str),)))
    answer = once(f"{what}:{member_of(request).id}", key, digest, act)
    headers = {"Idempotency-Replayed": "true"} if answer.replayed else {}
    return Response(answer.body, status=answer.status, headers=headers)
