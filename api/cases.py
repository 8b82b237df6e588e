"""A creditor's own cases over REST."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.permissions import Permission
from api.documented import answers, page_of
from api.pages import Pages
from api.serializers import CaseOut
from cases.creditor_cases import cases_of, found_in
from cases.models import Stage


class Cases(APIView):
    permission = Permission.CREDITOR_CASES

    @answers(
        "cases", "Your cases, oldest first", good={200: page_of("CasePage", CaseOut)}, problems=(400,),
        parameters=[
            OpenApiParameter("stage", str, enum=Stage.values),
            OpenApiParameter("text", str, description="Beginning of a contract number or of the debtor's name."),
            OpenApiParameter("cursor", str), OpenApiParameter("page_size", int),
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        stage, text = request.query_params.get("stage", ""), request.query_params.get("text", "")
        if stage and stage not in Stage.values:
            raise ValidationError({"stage": ["There is no such stage."]})
        pages = Pages()
        rows = found_in(cases_of(_member(request)), text=text, stage=stage).order_by("id")
        return pages.get_paginated_response(CaseOut(pages.paginate_queryset(rows, request, view=self), many=True).data)


class OneCase(APIView):
    permission = Permission.CREDITOR_CASES

    @answers("case", "One of your cases", good={200: CaseOut}, problems=(404,),
             parameters=[OpenApiParameter("case_id", int, OpenApiParameter.PATH)])  # fmt: skip
    def get(self, request: Request, case_id: int) -> Response:
        return Response(CaseOut(get_object_or_404(cases_of(_member(request)), id=case_id)).data)


def _member(request: Request) -> Any:
    return request._request.membership  # type: ignore[attr-defined]
