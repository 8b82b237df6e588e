"""What waits for the creditor's yes, over REST."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.permissions import Permission
from api.documented import answers, page_of
from api.pages import Pages
from cases import approvals
from cases.models import Approval


class FactOut(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField()


class ApprovalOut(serializers.ModelSerializer[Approval]):
    case = serializers.IntegerField(source="case_id", allow_null=True)
    contract_no = serializers.CharField(source="case.contract_no", allow_null=True, default=None)
    facts = serializers.SerializerMethodField()

    class Meta:
        model = Approval
        fields = ["id", "kind", "case", "contract_no", "state", "facts", "asked_at", "due_at", "decided_at", "note"]

    def get_facts(self, approval: Approval) -> list[dict[str, str]]:
        """What is put before you, line by line."""
        shown = approvals.kind_of(approval).shown(approval)
        return [{"label": str(fact.label), "value": fact.value} for fact in shown]


class AnswerIn(serializers.Serializer[Any]):
    grant = serializers.BooleanField(help_text="true approves, false refuses")
    note = serializers.CharField(max_length=240, required=False, default="", help_text="needed to refuse")


class Approvals(APIView):
    permission = Permission.CREDITOR_APPROVE

    @answers(
        "approvals", "Approvals asked of you, oldest first", good={200: page_of("ApprovalPage", ApprovalOut)},
        problems=(400,),
        parameters=[
            OpenApiParameter("state", str, enum=Approval.State.values), OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int),
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = approvals.visible_to(_member(request)).order_by("id")
        state = request.query_params.get("state", "")
        if state:
            rows = rows.filter(state=state)
        pages = Pages()
        found: list[Approval] | None = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(ApprovalOut(found, many=True).data)


class ApprovalDecision(APIView):
    permission = Permission.CREDITOR_APPROVE

    @answers(
        "decide_approval", "Approve or refuse", good={200: ApprovalOut}, problems=(400, 404, 409, 422),
        request=AnswerIn, parameters=[OpenApiParameter("approval_id", int, OpenApiParameter.PATH)],
    )  # fmt: skip
    def post(self, request: Request, approval_id: int) -> Response:
        member = _member(request)
        approval = get_object_or_404(approvals.visible_to(member), id=approval_id)
        answer = AnswerIn(data=request.data)
        answer.is_valid(raise_exception=True)
        given = answer.validated_data
        approvals.decide(approval, grant=given["grant"], by=member, now=timezone.now(), note=given["note"])
        return Response(ApprovalOut(approvals.visible_to(member).get(id=approval.id)).data)


def _member(request: Request) -> Any:
    return request._request.membership  # type: ignore[attr-defined]
