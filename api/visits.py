"""Visits over REST: which visits are ordered, until when, and what was found, for creditors and the agency's people.

What third people said, how they are related to the debtor and who lives there stays with the agency.
"""

from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Membership
from agencies.permissions import Permission
from api.documented import answers, page_of
from api.pages import Pages
from api.sides import CASE, CURSOR, BothSides, member_of, moment_in, number_in, word_in
from cases.queries import visible_to
from field.models import Outcome, Visit, VisitOrder, VisitStop
from field.office_views import orders_of


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
        """The collector's words. For creditors only when the debtor was met: the others may tell of third people."""
        return visit.note if visit.outcome == Outcome.MET_DEBTOR or not self.context["outside"] else ""


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


class Visits(BothSides):
    scope = "cases"

    @answers(
        "visits", "Visits made of cases you may see, or by you, oldest first",
        good={200: page_of("VisitPage", VisitOut)}, problems=(400,),
        parameters=[
            CASE, OpenApiParameter("since", datetime, description="Entered at this moment or later."), *CURSOR,
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        member = member_of(request)
        mine = Q(case__in=visible_to(member).values("id"))
        rows = Visit.objects.filter(mine if member.role_class.outside else mine | Q(collector=member))
        case, since = number_in(request, "case"), moment_in(request, "since")
        rows = rows.filter(case_id=case) if case is not None else rows
        rows = rows.filter(entered_at__gte=since) if since else rows
        pages = Pages()
        found: list[Visit] | None = pages.paginate_queryset(
            rows.select_related("case", "address").order_by("id"), request, view=self
        )
        return pages.get_paginated_response(
            VisitOut(found, many=True, context={"outside": member.role_class.outside}).data
        )


class VisitOrders(BothSides):
    scope = "cases"
    inside = Permission.FIELD_VISITS

    @answers(
        "visit_orders", "Visits ordered for cases you may see, oldest first",
        good={200: page_of("VisitOrderPage", VisitOrderOut)}, problems=(400,),
        parameters=[OpenApiParameter("state", str, enum=VisitOrder.State.values), CASE, *CURSOR],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = _orders_of(member_of(request))
        state, case = word_in(request, "state", VisitOrder.State.values), number_in(request, "case")
        rows = rows.filter(state=state) if state else rows
        rows = rows.filter(case_id=case) if case is not None else rows
        stops = VisitStop.objects.filter(order=OuterRef("pk"))
        rows = rows.select_related("case").annotate(
            addresses=_count_of(stops), visited=_count_of(stops.filter(state=VisitStop.State.VISITED))
        )
        pages = Pages()
        found: list[VisitOrder] | None = pages.paginate_queryset(rows.order_by("id"), request, view=self)
        return pages.get_paginated_response(VisitOrderOut(found, many=True).data)


def _count_of(stops: Any) -> Any:
    return Coalesce(Subquery(stops.order_by().values("order").annotate(n=Count("id")).values("n")), 0)


def _orders_of(member: Membership) -> Any:
    if member.role_class.outside:
        return VisitOrder.objects.filter(case__in=visible_to(member).values("id"))
    return orders_of(member)
