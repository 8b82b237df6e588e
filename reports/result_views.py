"""The rows behind the results on the dashboard: plans, settlements, trips, cases in court, commission."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases.models import Plan, Settlement
from legal.models import Handoff
from reports import results
from reports.listing import Column, listing, view_of


@requires(Permission.DASHBOARD)
def plan_list(request: HttpRequest) -> HttpResponse:
    view, form = view_of(cast(MemberRequest, request))
    columns = [
        Column(gettext_lazy("Asked on"), lambda p: p.asked_at, "moment"),
        Column(gettext_lazy("State"), lambda p: p.get_state_display()),
        Column(gettext_lazy("Advance"), lambda p: p.advance, "money"),
        Column(gettext_lazy("Sum in instalments"), lambda p: p.amount, "money"),
        Column(gettext_lazy("Currency"), lambda p: p.currency),
    ]
    rows = results.plans(view).order_by("-asked_at", "-id")
    if (state := request.GET.get("state")) in Plan.State.values:
        rows = rows.filter(state=state)
    return listing(request, title=_("Payment plans"), rows=rows, columns=columns, view=view, form=form, name="plans")


@requires(Permission.DASHBOARD)
def settlement_list(request: HttpRequest) -> HttpResponse:
    view, form = view_of(cast(MemberRequest, request))
    columns = [
        Column(gettext_lazy("Offered on"), lambda s: s.made_at, "moment"),
        Column(gettext_lazy("State"), lambda s: s.get_state_display()),
        Column(gettext_lazy("To pay"), lambda s: s.amount, "money"),
        Column(gettext_lazy("Currency"), lambda s: s.currency),
        Column(gettext_lazy("Pay by"), lambda s: s.pay_by, "day"),
    ]
    rows = results.settlements(view).order_by("-made_at", "-id")
    if (state := request.GET.get("state")) in Settlement.State.values:
        rows = rows.filter(state=state)
    return listing(
        request, title=_("Settlements"), rows=rows, columns=columns, view=view, form=form, name="settlements"
    )


@requires(Permission.DASHBOARD)
def trip_list(request: HttpRequest) -> HttpResponse:
    view, form = view_of(cast(MemberRequest, request))
    columns = [
        Column(gettext_lazy("Ordered"), lambda o: o.opened_at, "moment"),
        Column(gettext_lazy("Why"), lambda o: o.get_trigger_display()),
        Column(gettext_lazy("To be made by"), lambda o: o.due_at, "moment"),
        Column(gettext_lazy("Made"), lambda o: o.closed_at, "moment"),
        Column(gettext_lazy("Field collector"), lambda o: str(o.collector.user) if o.collector else ""),
    ]
    rows = results.trips(view).select_related("collector__user").order_by("-opened_at", "-id")
    if (kind := request.GET.get("kind", "")) in results.TRIP_KINDS:
        rows = rows.filter(results.TRIP_KINDS[kind])
    return listing(request, title=_("Visits in time"), rows=rows, columns=columns, view=view, form=form, name="trips")


@requires(Permission.DASHBOARD)
def court_list(request: HttpRequest) -> HttpResponse:
    view, form = view_of(cast(MemberRequest, request))
    columns = [
        Column(gettext_lazy("Prepared"), lambda h: h.prepared_at, "moment"),
        Column(gettext_lazy("Law firm"), lambda h: h.firm.name),
        Column(gettext_lazy("State"), lambda h: h.get_state_display()),
        Column(gettext_lazy("Balance"), lambda h: h.case.balance, "money"),
        Column(gettext_lazy("Currency"), lambda h: h.case.currency),
    ]
    rows = results.in_court(view).select_related("firm", "case").order_by("-prepared_at", "-id")
    if (state := request.GET.get("state")) in Handoff.State.values:
        rows = rows.filter(state=state)
    return listing(
        request, title=_("Cases with a law firm"), rows=rows, columns=columns, view=view, form=form, name="court"
    )


@requires(Permission.DASHBOARD)
def commission_list(request: HttpRequest) -> HttpResponse:
    view, form = view_of(cast(MemberRequest, request))
    columns = [
        Column(gettext_lazy("Statement"), lambda line: str(line.remittance)),
        Column(gettext_lazy("Amount"), lambda line: line.amount, "money"),
        Column(gettext_lazy("Per cent"), lambda line: line.percent, "number"),
        Column(gettext_lazy("Commission"), lambda line: line.commission, "money"),
        Column(gettext_lazy("Currency"), lambda line: line.remittance.currency),
    ]
    rows = results.commission(view).select_related("remittance").order_by("-id")
    return listing(request, title=_("Commission"), rows=rows, columns=columns, view=view, form=form, name="commission")
