"""The field collector's list of visits."""

from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from agencies.roles import FieldCollector
from field import going, queries, stops
from field.order import Order, arranged

CARDS_A_PAGE = 10


def _moment(request: MemberRequest) -> tuple[datetime, date]:
    now = timezone.now()
    return now, now.astimezone(ZoneInfo(request.agency.time_zone)).date()


@requires(Permission.FIELD_VISITS)
def field_cases(request: HttpRequest) -> HttpResponse:
    """Cases to visit in the procedure's order or by place, each with the gate's answer for a visit now."""
    request = cast(MemberRequest, request)
    now, today = _moment(request)
    order = Order.PLACE if request.GET.get("order") == Order.PLACE else Order.PRIORITY
    cases = queries.to_visit(request.membership)
    collectors = [] if request.membership.role == FieldCollector.code else queries.collectors_of(cases)
    chosen = request.GET.get("collector", "")
    if chosen == "none":
        cases = cases.filter(collector=None)
    elif chosen.isdecimal():
        cases = cases.filter(collector_id=int(chosen))
    cases = arranged(cases, order=order, as_of=today, now=now, currency=request.agency.currency)
    page = Paginator(cases.select_related("debtor", "creditor", "collector__user"), CARDS_A_PAGE).get_page(
        request.GET.get("page")
    )
    shown = queries.cards(list(page.object_list), as_of=today)
    context = {
        "page": page,
        "visits": stops.planned(shown, now=now),
        "halts": going.halted_cases([card.case.id for card in shown]),
        "order": order,
        "by_place": order is Order.PLACE,
        "collectors": collectors,
        "chosen": chosen,
    }
    return render(request, "field/cases.html", context)
