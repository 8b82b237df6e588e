"""Complaints over REST: a creditor reads what people complained about while its cases were collected.

Who complained by name, about whom and in which words stays with the agency.
"""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.permissions import Permission
from api.documented import answers, page_of
from api.pages import Pages
from cases.complaint_lists import of_creditor
from cases.models import DebtorComplaint


class ComplaintOut(serializers.ModelSerializer[DebtorComplaint]):
    case = serializers.IntegerField(source="case_id")
    contract_no = serializers.CharField(source="case.contract_no")
    about = serializers.CharField(source="kind", help_text="TONE, FREQUENCY, WRONG_PERSON, …")
    outcome = serializers.CharField(help_text='"" while it is not decided.')
    measures = serializers.SerializerMethodField()

    class Meta:
        model = DebtorComplaint
        fields = [
            "id", "number", "case", "contract_no", "about", "source", "received_on", "answer_due_on", "state",
            "outcome", "measures", "answered_on", "closed_at",
        ]  # fmt: skip

    def get_measures(self, complaint: DebtorComplaint) -> str:
        """What was found and done; "" until the complaint is closed."""
        return complaint.measures if complaint.state == DebtorComplaint.State.CLOSED else ""


class Complaints(APIView):
    permission = Permission.CREDITOR_CASES

    @answers(
        "complaints", "Complaints about your cases, oldest first",
        good={200: page_of("ComplaintPage", ComplaintOut)}, problems=(400,),
        parameters=[
            OpenApiParameter("state", str, enum=DebtorComplaint.State.values),
            OpenApiParameter("case", int, description="Of this case alone."),
            OpenApiParameter("cursor", str), OpenApiParameter("page_size", int),
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = of_creditor(request._request.membership).order_by("id")  # type: ignore[attr-defined]
        state, case = request.query_params.get("state", ""), request.query_params.get("case", "")
        if state and state not in DebtorComplaint.State.values:
            raise ValidationError({"state": ["There is no such state."]})
        if case and not case.isdecimal():
            raise ValidationError({"case": ["This is a number."]})
        rows = rows.filter(state=state) if state else rows
        rows = rows.filter(case_id=int(case)) if case else rows
        pages = Pages()
        found: list[Any] | None = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(ComplaintOut(found, many=True).data)
