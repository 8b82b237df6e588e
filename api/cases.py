"""Cases over REST: a creditor's own, and what the lists of the agency's people show them."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.documented import answers, page_of
from api.pages import Pages
from api.serializers import CaseOut
from api.sides import CURSOR, BothSides, member_of, word_in
from cases.creditor_cases import found_in
from cases.models import Stage
from cases.queries import visible_to


class Cases(BothSides):
    scope = "cases"

    @answers(
        "cases", "Cases you may see, oldest first", good={200: page_of("CasePage", CaseOut)}, problems=(400,),
        parameters=[
            OpenApiParameter("stage", str, enum=Stage.values),
            OpenApiParameter("text", str, description="Beginning of a contract number or of the debtor's name."),
            *CURSOR,
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        stage, text = word_in(request, "stage", Stage.values), request.query_params.get("text", "")
        pages = Pages()
        rows = found_in(_cases_of(request), text=text, stage=stage).order_by("id")
        return pages.get_paginated_response(CaseOut(pages.paginate_queryset(rows, request, view=self), many=True).data)


class OneCase(BothSides):
    scope = "cases"

    @answers("case", "One of these cases", good={200: CaseOut}, problems=(404,),
             parameters=[OpenApiParameter("case_id", int, OpenApiParameter.PATH)])  # fmt: skip
    def get(self, request: Request, case_id: int) -> Response:
        return Response(CaseOut(get_object_or_404(_cases_of(request), id=case_id)).data)


def _cases_of(request: Request) -> Any:
    return visible_to(member_of(request)).select_related("debtor", "portfolio", "account")
