"""Visits over REST: a creditor reads which visits of its cases are ordered, until when, and what was found.

What third people said, how they are related to the debtor and who lives there stays with the agency.
"""

from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.permissions import Permission
from api.documented import answers, page_of
from api.pages import Pages
from cases.creditor_cases import cases_of
from field.models import Outcome, Visit, VisitOrder, VisitStop

_PAGE = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", int)]
_CASE = OpenApiParameter("case", int, description="Of this case alone.")


class VisitOut(serializers.ModelSerializer[Visit]):
    case = serializers.IntegerField(source="case_id")
    contract_no = serializers.CharField(source="case.contract_no")
    order = serializers.IntegerField(source="order_id")
    place = serializers.CharField(source="address.place", help_text="HOME, WORKPLACE, …")
    positive = serializers.BooleanField(source="is_positive")
    reason_for_non_payment = serializers.CharField(source="reason", help_text='"" when it was not told.')
    note = serializers.SerializerMethodField()

    class Meta:
        model = Visit
        fields = [
            "id", "case", "contract_no", "order", "place", "started_at", "entered_at", "outcome", "positive", "letter",
            "business_card", "rights_explained", "reason_for_non_payment", "note",
        ]  # fmt: skip

    def get_note(self, visit: Visit) -> str:
        """The collector's words when the debtor was met; "" for every other outcome, since they may tell of others."""
        return visit.note if visit.outcome == Outcome.MET_DEBTOR else ""


class VisitOrderOut(serializers.ModelSerializer[VisitOrder]):
    case = serializers.IntegerField(source="case_id")
    contract_no = serializers.CharField(source="case.contract_no")
    addresses = serializers.IntegerField(help_text="How many addresses are to be visited.")
    visited = serializers.IntegerField(help_text="How many of them were.")

    class Meta:
        model = VisitOrder
        fields = [
            "id", "case", "contract_no", "trigger", "state", "all_addresses", "addresses", "visited", "opened_at",
            "due_at", "breached_at", "first_visit_at", "closed_at",
        ]  # fmt: skip


class Visits(APIView):
    permission = Permission.CREDITOR_CASES

    @answers(
        "visits", "Visits made of your cases, oldest first", good={200: page_of("VisitPage", VisitOut)},
        problems=(400,),
        parameters=[
            _CASE, OpenApiParameter("since", datetime, description="Entered at this moment or later."), *_PAGE,
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = Visit.objects.filter(case__in=cases_of(_member(request)).values("id"), **_narrowed(request))
        since = request.query_params.get("since", "")
        if since:
            rows = rows.filter(entered_at__gte=_moment(since))
        pages = Pages()
        found: list[Visit] | None = pages.paginate_queryset(
            rows.select_related("case", "address").order_by("id"), request, view=self
        )
        return pages.get_paginated_response(VisitOut(found, many=True).data)


class VisitOrders(APIView):
    permission = Permission.CREDITOR_CASES

    @answers(
        "visit_orders", "Visits ordered for your cases, oldest first",
        good={200: page_of("VisitOrderPage", VisitOrderOut)}, problems=(400,),
        parameters=[OpenApiParameter("state", str, enum=VisitOrder.State.values), _CASE, *_PAGE],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = VisitOrder.objects.filter(case__in=cases_of(_member(request)).values("id"), **_narrowed(request))
        state = request.query_params.get("state", "")
        if state and state not in VisitOrder.State.values:
            raise ValidationError({"state": ["There is no such state."]})
        if state:
            rows = rows.filter(state=state)
        stops = VisitStop.objects.filter(order=OuterRef("pk"))
        rows = rows.select_related("case").annotate(
            addresses=_count_of(stops), visited=_count_of(stops.filter(state=VisitStop.State.VISITED))
        )
        pages = Pages()
        found: list[VisitOrder] | None = pages.paginate_queryset(rows.order_by("id"), request, view=self)
        return pages.get_paginated_response(VisitOrderOut(found, many=True).data)


def _count_of(stops: Any) -> Any:
    return Coalesce(Subquery(stops.order_by().values("order").annotate(n=Count("id")).values("n")), 0)


def _narrowed(request: Request) -> dict[str, int]:
    case = request.query_params.get("case", "")
    if case and not case.isdecimal():
        raise ValidationError({"case": ["This is the id of a case, a number."]})
    return {"case_id": int(case)} if case else {}


def _moment(text: str) -> datetime:
    """A plus sign of an offset often arrives as a space, as addresses have it."""
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValidationError({"since": ["Give date, time and offset, for example 2026-11-24T08:00:00+02:00."]})
    return moment


def _member(request: Request) -> Any:
    return request._request.membership  # type: ignore[attr-defined]
