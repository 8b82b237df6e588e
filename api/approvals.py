"""What waits for a yes, over REST: the coordinator's and the creditor's, each their own side."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.permissions import Permission
from api.documented import answers, page_of
from api.pages import Pages
from api.sides import CURSOR, KEY, BothSides, member_of, once_answered, word_in
from cases import approvals
from cases.models import Approval, ApprovalKind

_ID = OpenApiParameter("approval_id", int, OpenApiParameter.PATH)


class FactOut(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField()


class ApprovalOut(serializers.ModelSerializer[Approval]):
    case = serializers.IntegerField(source="case_id", allow_null=True)
    contract_no = serializers.CharField(source="case.contract_no", allow_null=True, default=None)
    subject = serializers.IntegerField(source="subject_id", help_text="Id of the promise, plan, settlement, …")
    facts = serializers.SerializerMethodField()
    own = serializers.SerializerMethodField()

    class Meta:
        model = Approval
        fields = [
            "id", "kind", "subject", "case", "contract_no", "state", "facts", "own", "asked_at", "due_at", "decided_at",
            "note",
        ]  # fmt: skip

    def get_own(self, approval: Approval) -> bool:
        """Whether you asked for it yourself: then a second person decides."""
        return bool(approval.asked_by_id == self.context["member"].user_id)

    def get_facts(self, approval: Approval) -> list[dict[str, str]]:
        """What is put before you, line by line."""
        shown = approvals.kind_of(approval).shown(approval)
        return [{"label": str(fact.label), "value": fact.value} for fact in shown]


class AnswerIn(serializers.Serializer[Any]):
    grant = serializers.BooleanField(help_text="true approves, false refuses")
    note = serializers.CharField(max_length=240, required=False, default="", help_text="needed to refuse")


class _OfSides(BothSides):
    """The rules are the pages': one's own side, one's own team or creditor, and never what one asked for oneself."""

    scope = "approvals"
    inside, outside = Permission.APPROVALS_DECIDE, Permission.CREDITOR_APPROVE


class Approvals(_OfSides):
    @answers(
        "approvals", "Approvals asked of you, oldest first", good={200: page_of("ApprovalPage", ApprovalOut)},
        problems=(400,),
        parameters=[
            OpenApiParameter("state", str, enum=Approval.State.values),
            OpenApiParameter("kind", str, enum=ApprovalKind.values), *CURSOR,
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = approvals.visible_to(member_of(request)).order_by("id")
        state, kind = word_in(request, "state", Approval.State.values), word_in(request, "kind", ApprovalKind.values)
        rows = rows.filter(state=state) if state else rows
        rows = rows.filter(kind=kind) if kind else rows
        pages = Pages()
        found: list[Approval] | None = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(ApprovalOut(found, many=True, context={"member": member_of(request)}).data)


class OneApproval(_OfSides):
    @answers("approval", "One approval, with what is put before you", good={200: ApprovalOut}, problems=(404,),
             parameters=[_ID])  # fmt: skip
    def get(self, request: Request, approval_id: int) -> Response:
        return Response(_shown(request, approval_id))


class ApprovalDecision(_OfSides):
    @answers(
        "decide_approval", "Approve or refuse", good={200: ApprovalOut}, problems=(400, 404, 409, 422),
        request=AnswerIn, parameters=[_ID, KEY],
    )  # fmt: skip
    def post(self, request: Request, approval_id: int) -> Response:
        """A token for this is issued by the person who decides: nobody hands out another's yes."""
        member, approval = member_of(request), _approval(request, approval_id)
        answer = AnswerIn(data=request.data)
        answer.is_valid(raise_exception=True)
        given = answer.validated_data

        def act() -> tuple[int, Any]:
            approvals.decide(approval, grant=given["grant"], by=member, now=timezone.now(), note=given["note"])
            return 200, _shown(request, approval_id)

        return once_answered(request, f"approval:{approval.id}", act)


def _approval(request: Request, approval_id: int) -> Approval:
    found: Approval = get_object_or_404(approvals.visible_to(member_of(request)), id=approval_id)
    return found


def _shown(request: Request, approval_id: int) -> Any:
    return ApprovalOut(_approval(request, approval_id), context={"member": member_of(request)}).data
