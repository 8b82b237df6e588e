"""Payments over REST: what is booked on cases; a creditor reports what it received, and reads what became of it."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.permissions import Permission
from api.documented import answers, page_of
from api.pages import Pages
from api.sides import CASE, CURSOR, KEY, BothSides, member_of, moment_in, number_in, once_answered, word_in
from cases import collected, payment_reports
from cases.models import Case, ReportedPayment
from cases.queries import visible_to
from cases.reported_views import reported_to
from ledger.models import Payment
from portfolios.models import Creditor
from portfolios.visible import creditor_of


class PaymentIn(serializers.Serializer[Any]):
    contract_no = serializers.CharField(max_length=80)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)
    currency = serializers.RegexField(r"^[A-Z]{3}$")
    received_on = serializers.DateField()
    reference = serializers.CharField(max_length=140, required=False, default="", allow_blank=True)
    id = serializers.CharField(
        max_length=80,
        required=False,
        default="",
        help_text="Your own number: one payment is booked once, another one under the same number is kept as OPEN.",
    )


class PaymentsIn(serializers.Serializer[Any]):
    payments = PaymentIn(many=True, allow_empty=False, max_length=payment_reports.MOST)  # type: ignore[call-arg]


class ReportedPaymentOut(serializers.ModelSerializer[ReportedPayment]):
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


class ReportedPaymentsOut(serializers.Serializer[Any]):
    results = ReportedPaymentOut(many=True)


class PaymentOut(serializers.ModelSerializer[Payment]):
    case = serializers.SerializerMethodField()
    contract_no = serializers.SerializerMethodField()
    booked_at = serializers.DateTimeField(source="entered_at")
    reason = serializers.SerializerMethodField()
    reported = serializers.SerializerMethodField()

    class Meta:
        model = Payment
        fields = [
            "id", "case", "contract_no", "amount", "currency", "source", "received_on", "booked_at", "reversed_at",
            "reason", "reported",
        ]  # fmt: skip

    def get_case(self, payment: Payment) -> int:
        found: int = self.context["around"].cases[payment.account_id].id
        return found

    def get_contract_no(self, payment: Payment) -> str:
        return str(self.context["around"].cases[payment.account_id].contract_no)

    def get_reason(self, payment: Payment) -> str:
        """Why it was reversed; "" while it stands."""
        return str(self.context["around"].reasons.get(payment.entry_id, ""))

    def get_reported(self, payment: Payment) -> int | None:
        """Id of the creditor's report it was booked from."""
        found: int | None = self.context["around"].reports.get(payment.id)
        return found


class Payments(BothSides):
    scope = "payments"

    @property
    def permission(self) -> Permission:
        posts = getattr(self.request, "method", "GET") == "POST"
        return Permission.CREDITOR_CASES if posts else super().permission

    @answers(
        "payments", "Payments booked on cases you may see, reversed ones too, oldest first",
        good={200: page_of("PaymentPage", PaymentOut)}, problems=(400,),
        parameters=[
            CASE, OpenApiParameter("source", str, enum=Payment.Source.values),
            OpenApiParameter("reversed", bool, description="Only those taken back, or only those that stand."),
            OpenApiParameter("since", datetime, description="Booked or reversed at this moment or later."), *CURSOR,
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """`source`: MANUAL by hand, CREDITOR reported by the creditor, STATEMENT from a bank statement."""
        if "state" in request.query_params:
            raise ValidationError({"state": ["What you reported, with its states, is at /api/v1/reported-payments."]})
        rows = collected.payments_of(visible_to(member_of(request)))
        case, since = number_in(request, "case"), moment_in(request, "since")
        source = word_in(request, "source", Payment.Source.values)
        back = word_in(request, "reversed", ("true", "false"))
        if case is not None:
            rows = rows.filter(account_id__in=Case.objects.filter(id=case).values("account_id"))
        rows = rows.filter(source=source) if source else rows
        rows = rows.filter(reversed_at__isnull=back == "false") if back else rows
        rows = rows.filter(Q(entered_at__gte=since) | Q(reversed_at__gte=since)) if since else rows
        pages = Pages()
        found: Any = pages.paginate_queryset(rows.order_by("id"), request, view=self)
        context = {"around": collected.around(found)}
        return pages.get_paginated_response(PaymentOut(found, many=True, context=context).data)

    @answers(
        "report_payments", "Report payments you received; each is booked once or kept with the reason why not",
        good={200: ReportedPaymentsOut}, problems=(400, 404, 409, 422), request=PaymentsIn, parameters=[KEY],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        member = member_of(request)
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
            return 200, {"results": ReportedPaymentOut(rows, many=True).data}

        return once_answered(request, "payments", act)


class ReportedPayments(BothSides):
    scope = "payments"
    inside = Permission.STATEMENTS_MATCH

    @answers(
        "reported_payments", "Payments creditors reported, oldest first: a creditor reads its own",
        good={200: page_of("ReportedPaymentPage", ReportedPaymentOut)}, problems=(400,),
        parameters=[OpenApiParameter("state", str, enum=ReportedPayment.State.values), *CURSOR],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = reported_to(member_of(request)).order_by("id")
        state = word_in(request, "state", ReportedPayment.State.values)
        rows = rows.filter(state=state) if state else rows
        pages = Pages()
        found: Any = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(ReportedPaymentOut(found, many=True).data)
