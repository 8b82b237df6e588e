"""Payments over REST: a creditor reports what it received, and reads what became of it."""

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
from audit.once import digest_of, once
from cases import payment_reports
from cases.models import ReportedPayment
from cases.reported_views import reported_to
from portfolios.models import Creditor
from portfolios.visible import creditor_of

_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key gives the first answer again."
)


class PaymentIn(serializers.Serializer[Any]):
    contract_no = serializers.CharField(max_length=80)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)
    currency = serializers.RegexField(r"^[A-Z]{3}$")
    received_on = serializers.DateField()
    reference = serializers.CharField(max_length=140, required=False, default="", allow_blank=True)
    id = serializers.CharField(
        max_length=80, required=False, default="", help_text="Your own number: the same one is never booked twice."
    )


class PaymentsIn(serializers.Serializer[Any]):
    payments = PaymentIn(many=True, allow_empty=False, max_length=payment_reports.MOST)  # type: ignore[call-arg]


class PaymentOut(serializers.ModelSerializer[ReportedPayment]):
    case = serializers.IntegerField(source="case_id", allow_null=True)
    detail = serializers.SerializerMethodField()

    class Meta:
        model = ReportedPayment
        fields = [
            "id", "contract_no", "amount", "currency", "received_on", "reference", "state", "why", "detail", "case",
            "reported_at",
        ]  # fmt: skip

    def get_detail(self, row: ReportedPayment) -> str:
        """Why it is not booked, as a sentence."""
        return str(payment_reports.WHY.get(row.why, ""))


class PaymentsOut(serializers.Serializer[Any]):
    results = PaymentOut(many=True)


class Payments(APIView):
    permission = Permission.CREDITOR_CASES

    @answers(
        "payments", "Payments you reported, oldest first", good={200: page_of("PaymentPage", PaymentOut)},
        problems=(400,),
        parameters=[
            OpenApiParameter("state", str, enum=ReportedPayment.State.values), OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int),
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = reported_to(_member(request)).order_by("id")
        state = request.query_params.get("state", "")
        if state:
            rows = rows.filter(state=state)
        pages = Pages()
        found: Any = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(PaymentOut(found, many=True).data)

    @answers(
        "report_payments", "Report payments you received; each is booked once or kept with the reason why not",
        good={200: PaymentsOut}, problems=(400, 404, 409, 422), request=PaymentsIn, parameters=[_KEY],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        member = _member(request)
        creditor = get_object_or_404(Creditor.objects, id=creditor_of(member) or 0)
        asked = PaymentsIn(data=request.data)
        asked.is_valid(raise_exception=True)
        lines = [
            payment_reports.Line(
                one["contract_no"], one["amount"], one["currency"], one["received_on"], one["reference"], one["id"]
            )
            for one in asked.validated_data["payments"]
        ]

        def act() -> tuple[int, Any]:
            rows = payment_reports.report(creditor, lines, via="API", by=member, now=timezone.now())
            return 200, {"results": PaymentOut(rows, many=True).data}

        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return Response(act()[1])
        answer = once(f"payments:{member.id}", key, digest_of(request.body), act)
        return Response(answer.body, status=answer.status)


def _member(request: Request) -> Any:
    return request._request.membership  # type: ignore[attr-defined]
