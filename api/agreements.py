"""Promises, payment plans and settlements over REST: the agency's people read and promise, a creditor reads its own."""

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
from api.sides import CURSOR, KEY, BothSides, member_of, number_in, once_answered, word_in
from cases import promises, queries
from cases.models import Instalment, Plan, Promise, Settlement
from cases.next_actions import local_day


class PromiseOut(serializers.ModelSerializer[Promise]):
    case = serializers.IntegerField(source="case_id")

    class Meta:
        model = Promise
        fields = ["id", "case", "amount", "currency", "made_on", "due_on", "state", "covered", "judged_on"]


class PromiseIn(serializers.Serializer[Any]):
    case = serializers.IntegerField(max_value=2**63 - 1)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    due_on = serializers.DateField()


class InstalmentOut(serializers.ModelSerializer[Instalment]):
    class Meta:
        model = Instalment
        fields = ["number", "due_on", "amount"]


class PlanOut(serializers.ModelSerializer[Plan]):
    case = serializers.IntegerField(source="case_id")
    format = serializers.CharField(source="format.name")  # type: ignore[assignment]
    total = serializers.DecimalField(max_digits=14, decimal_places=2, help_text="All instalments after the advance.")
    in_time_until = serializers.DateField(
        source="breaks_after", allow_null=True, help_text="Until then the oldest open instalment is in time."
    )

    class Meta:
        model = Plan
        fields = [
            "id", "case", "format", "state", "currency", "advance", "advance_by", "amount", "interest", "fee", "total",
            "balloon", "paid", "in_time_until", "signed_on", "ended_on",
        ]  # fmt: skip


class OnePlanOut(PlanOut):
    instalments = serializers.SerializerMethodField()

    class Meta(PlanOut.Meta):
        fields = [*PlanOut.Meta.fields, "instalments"]

    def get_instalments(self, plan: Plan) -> list[dict[str, Any]]:
        """Number 0 is the advance."""
        return list(InstalmentOut(Instalment.objects.filter(plan=plan).order_by("number"), many=True).data)


class SettlementOut(serializers.ModelSerializer[Settlement]):
    case = serializers.IntegerField(source="case_id")

    class Meta:
        model = Settlement
        fields = [
            "id", "case", "state", "currency", "balance", "discount_percent", "amount", "pay_by", "paid", "ended_on",
        ]  # fmt: skip


class _OfCases(BothSides):
    """Each sees what belongs to cases they may see."""

    scope = "cases"
    writing = Permission.CASES_WORK

    def page(self, request: Request, rows: Any, shape: type[serializers.Serializer[Any]], states: Any) -> Response:
        rows = rows.filter(case_id__in=queries.visible_to(member_of(request)).values("id")).order_by("id")
        state, case = word_in(request, "state", states.values), number_in(request, "case")
        rows = rows.filter(state=state) if state else rows
        rows = rows.filter(case_id=case) if case is not None else rows
        pages = Pages()
        return pages.get_paginated_response(shape(pages.paginate_queryset(rows, request, view=self), many=True).data)


def _listing(states: Any) -> list[OpenApiParameter]:
    return [
        OpenApiParameter("state", str, enum=states.values), OpenApiParameter("case", int), *CURSOR,
    ]  # fmt: skip


class Promises(_OfCases):
    @answers(
        "promises", "Promises to pay, oldest first", good={200: page_of("PromisePage", PromiseOut)}, problems=(400,),
        parameters=_listing(Promise.State),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        return self.page(request, Promise.objects.all(), PromiseOut, Promise.State)

    @answers(
        "make_promise", "Record a promise; beyond the short limit it waits for approval", good={201: PromiseOut},
        problems=(400, 404, 409, 422), request=PromiseIn, parameters=[KEY],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        given = PromiseIn(data=request.data)
        given.is_valid(raise_exception=True)
        told, member, now = given.validated_data, member_of(request), timezone.now()
        related = ("account", "mandate", "creditor", "debtor", "agency")
        case = get_object_or_404(queries.visible_to(member).select_related(*related), id=told["case"])

        def act() -> tuple[int, Any]:
            made = promises.make_promise(
                case, amount=told["amount"], due_on=told["due_on"], by=member, as_of=local_day(case.agency, now),
                now=now,
            )  # fmt: skip
            return 201, PromiseOut(made).data

        return once_answered(request, "promises", act)


class Plans(_OfCases):
    @answers(
        "plans", "Payment plans, oldest first", good={200: page_of("PlanPage", PlanOut)}, problems=(400,),
        parameters=_listing(Plan.State),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        return self.page(request, Plan.objects.select_related("format"), PlanOut, Plan.State)


class OnePlan(_OfCases):
    @answers("plan", "One payment plan with its instalments", good={200: OnePlanOut}, problems=(404,),
             parameters=[OpenApiParameter("plan_id", int, OpenApiParameter.PATH)])  # fmt: skip
    def get(self, request: Request, plan_id: int) -> Response:
        rows = Plan.objects.select_related("format")
        seen = rows.filter(case_id__in=queries.visible_to(member_of(request)).values("id"))
        return Response(OnePlanOut(get_object_or_404(seen, id=plan_id)).data)


class Settlements(_OfCases):
    @answers(
        "settlements", "Settlements, oldest first", good={200: page_of("SettlementPage", SettlementOut)},
        problems=(400,), parameters=_listing(Settlement.State),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        return self.page(request, Settlement.objects.all(), SettlementOut, Settlement.State)
