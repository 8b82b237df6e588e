"""The manager's dashboard: key figures, charts and tables, each number with the address of its rows."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases.case_panels import rendered
from reports import charting, figures, productivity, results
from reports.listing import case_link, link, query, view_of
from reports.productivity_views import work_links


@requires(Permission.DASHBOARD)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Stages, promises, contacts and money of the period; each number opens its rows."""
    view, form = view_of(cast(MemberRequest, request))
    agency = cast(MemberRequest, request).agency
    stage_figures = figures.stages(view)
    promise_figures = figures.promises(view)
    recovered = figures.recovered_by_day(view)
    channels = figures.contacts_by_channel(view)
    currencies = sorted({*(c for f in stage_figures for c in f.balance), *figures.total(recovered.values())})
    currency = request.GET.get("currency", "")
    if currency not in currencies:
        currency = agency.currency if agency.currency in currencies else (currencies or [agency.currency])[0]

    def stage_link(figure: figures.StageFigure) -> str:
        return case_link(view, stage=figure.stage.value)

    def promise_link(figure: figures.PromiseFigure) -> str:
        return link("report-promises", view, state=figure.state)

    def channel_link(figure: figures.ChannelFigure) -> str:
        return link(
            "report-contacts", view, channel=figure.channel, kind=figure.kind, outcome=figure.outcome or "-"
        )  # fmt: skip

    context = {
        "form": form,
        "view": view,
        "as_of": timezone.now(),
        "currency": currency,
        "currencies": [(code, "?" + query(view, currency=code)) for code in currencies],
        "stages": [(f, stage_link(f)) for f in stage_figures],
        "open_cases": sum(f.cases for f in stage_figures),
        "open_balance": figures.total(f.balance for f in stage_figures),
        "cases_link": case_link(view, open=1),
        "recovered": figures.total(recovered.values()),
        "recovered_link": link("report-payments", view),
        "promises": [(promise_figures[s], promise_link(promise_figures[s])) for s in ("KEPT", "BROKEN", "ACTIVE")],
        "promises_link": link("report-promises", view),
        "promises_due": sum(f.promises for f in promise_figures.values()),
        "kept_share": figures.kept_share(promise_figures),
        "contacts_made": sum(f.contacts for f in channels),
        "conversations": sum(f.contacts for f in channels if f.kind == "CONVERSATION"),
        "conversations_link": link("report-contacts", view, kind="CONVERSATION"),
        "contacts_link": link("report-contacts", view),
        "contact_cost": sum(f.cost for f in channels),
        "agency_currency": agency.currency,
        "channels": [(f, channel_link(f)) for f in channels],
        "results": _results(view),
        "work": work_links(view, productivity.Span.ALL),
        "alarms": rendered(request, "dashboard-alarms", view),
        "panels": rendered(request, "dashboard", view),
        "charts": {
            "stage_count": charting.stage_count(stage_figures, stage_link),
            "stage_sum": charting.stage_sum(stage_figures, currency, stage_link),
            "promises": charting.promise_states(promise_figures, promise_link),
            "channels": charting.channels(channels, channel_link),
            "recovered": charting.recovered(
                recovered, currency, lambda day: link("report-payments", view, start=day, end=day, currency=currency)
            ),
        },
    }
    return render(request, "reports/dashboard.html", context)


def _results(view: figures.View) -> dict[str, Any]:
    """What came of the work, each number with the address of its rows."""
    trips = results.trips_by_kind(view)
    return {
        "sources": [(f, link("report-payments", view, source=f.code)) for f in results.recovered_by_source(view)],
        "plans": [(f, link("report-plans", view, state=f.code)) for f in results.plans_by_state(view)],
        "settlements": [
            (f, link("report-settlements", view, state=f.code)) for f in results.settlements_by_state(view)
        ],
        "trips": [(trips[kind], kind, link("report-trips", view, kind=kind)) for kind in results.TRIP_KINDS],
        "court": [(f, link("report-court", view, state=f.code)) for f in results.court_by_state(view)],
        "commission": results.commission_sums(view),
        "commission_link": link("report-commission", view),
    }
