"""Complaints over REST: what people complained about while cases were collected, for the creditor and the agency.

Who complained by name, about whom and in which words is on the agency's pages alone.
"""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.permissions import Permission
from api.documented import answers, page_of
from api.pages import Pages
from api.sides import CASE, CURSOR, BothSides, member_of, number_in, word_in
from cases.complaint_lists import of_creditor, register
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


class Complaints(BothSides):
    scope = "cases"
    inside = Permission.COMPLAINTS_HANDLE

    @answers(
        "complaints", "Complaints about your cases, or those of the agency, oldest first",
        good={200: page_of("ComplaintPage", ComplaintOut)}, problems=(400,),
        parameters=[
            OpenApiParameter("state", str, enum=DebtorComplaint.State.values), CASE, *CURSOR,
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        member = member_of(request)
        rows = (of_creditor(member) if member.role_class.outside else register()).order_by("id")
        state, case = word_in(request, "state", DebtorComplaint.State.values), number_in(request, "case")
        rows = rows.filter(state=state) if state else rows
        rows = rows.filter(case_id=case) if case is not None else rows
        pages = Pages()
        found: list[Any] | None = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(ComplaintOut(found, many=True).data)
