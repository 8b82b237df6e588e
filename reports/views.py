"""The manager's dashboard, and the lists its numbers open."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases.models import Case, Promise
from common.spreadsheets import safe_cell
from contacts.models import Contact
from ledger.models import Payment
from portfolios.models import Channel
from reports import charting, figures, results
from reports.forms import FilterForm

DEFAULT_DAYS = 30
ROWS_A_PAGE = 50
EXPORT_LIMIT = 50_000


def view_of(request: MemberRequest) -> tuple[figures.View, FilterForm]:
    today = timezone.localtime(timezone.now(), ZoneInfo(request.agency.time_zone)).date()
    form = FilterForm(request.GET or None)
    data: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    end = data.get("end") or today
    start = data.get("start") or end - timedelta(days=DEFAULT_DAYS - 1)
    if not form.is_bound:
        form = FilterForm(initial={"start": start, "end": end})
    view = figures.View(
        member=request.membership,
        zone=request.agency.time_zone,
        start=start,
        end=max(end, start),
        **{f"{name}_id": data[name].id for name in ("creditor", "portfolio", "team", "collector") if data.get(name)},
    )
    return view, form


def _query(view: figures.View, **more: Any) -> str:
    pairs: dict[str, Any] = {"start": view.start, "end": view.end}
    for name in ("creditor", "portfolio", "team", "collector"):
        if value := getattr(view, f"{name}_id"):
            pairs[name] = value
    return urlencode(pairs | {name: value for name, value in more.items() if value not in (None, "")})


def _case_link(view: figures.View, **more: Any) -> str:
    pairs = {name: getattr(view, f"{name}_id") for name in ("creditor", "portfolio", "team", "collector")}
    return reverse("case-list") + "?" + urlencode({n: v for n, v in (pairs | more).items() if v not in (None, "")})


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
    context = {
        "form": form,
        "view": view,
        "query": _query(view),
        "as_of": timezone.now(),
        "currency": currency,
        "currencies": [(code, "?" + _query(view, currency=code)) for code in currencies],
        "stages": [(f, _case_link(view, stage=f.stage.value)) for f in stage_figures],
        "open_cases": sum(f.cases for f in stage_figures),
        "open_balance": figures.total(f.balance for f in stage_figures),
        "cases_link": _case_link(view, open=1),
        "recovered": figures.total(recovered.values()),
        "recovered_link": reverse("report-payments") + "?" + _query(view),
        "promises": [
            (promise_figures[s], reverse("report-promises") + "?" + _query(view, state=s))
            for s in ("KEPT", "BROKEN", "ACTIVE")
        ],
        "promises_link": reverse("report-promises") + "?" + _query(view),
        "promises_due": sum(f.promises for f in promise_figures.values()),
        "kept_share": figures.kept_share(promise_figures),
        "contacts_made": sum(f.contacts for f in channels),
        "conversations": sum(f.contacts for f in channels if f.kind == "CONVERSATION"),
        "conversations_link": reverse("report-contacts") + "?" + _query(view, kind="CONVERSATION"),
        "contacts_link": reverse("report-contacts") + "?" + _query(view),
        "contact_cost": sum(f.cost for f in channels),
        "agency_currency": agency.currency,
        "channels": [
            (
                f,
                reverse("report-contacts")
                + "?"
                + _query(view, channel=f.channel, kind=f.kind, outcome=f.outcome or "-"),
            )
            for f in channels
        ],
        "results": _results(view),
        "collectors": [(f, _case_link(view, collector=f.membership_id)) for f in figures.collectors(view)],
        "charts": {
            "stage_count": charting.stage_count(stage_figures, lambda f: _case_link(view, stage=f.stage.value)),
            "stage_sum": charting.stage_sum(stage_figures, currency, lambda f: _case_link(view, stage=f.stage.value)),
            "promises": charting.promise_states(
                promise_figures, lambda f: reverse("report-promises") + "?" + _query(view, state=f.state)
            ),
            "channels": charting.channels(
                channels,
                lambda f: (
                    reverse("report-contacts")
                    + "?"
                    + _query(view, channel=f.channel, kind=f.kind, outcome=f.outcome or "-")
                ),
            ),
            "recovered": charting.recovered(
                recovered,
                currency,
                lambda day: reverse("report-payments") + "?" + _query(view, start=day, end=day),
            ),
        },
    }
    return render(request, "reports/dashboard.html", context)


def _results(view: figures.View) -> dict[str, Any]:
    """What came of the work, each number with the address of its rows."""

    def link(name: str, **more: Any) -> str:
        return reverse(name) + "?" + _query(view, **more)

    trips = results.trips_by_kind(view)
    return {
        "sources": [(f, link("report-payments", source=f.code)) for f in results.recovered_by_source(view)],
        "plans": [(f, link("report-plans", state=f.code)) for f in results.plans_by_state(view)],
        "settlements": [(f, link("report-settlements", state=f.code)) for f in results.settlements_by_state(view)],
        "trips": [(trips[kind], kind, link("report-trips", kind=kind)) for kind in results.TRIP_KINDS],
        "court": [(f, link("report-court", state=f.code)) for f in results.court_by_state(view)],
        "commission": results.commission_sums(view),
        "commission_link": link("report-commission"),
    }


@dataclass(frozen=True)
class Column:
    """One column of a report list: heading, how to read it off a row, and whether it is a number."""

    title: Any
    value: Callable[[Any], Any]
    kind: str = "text"


def listing(request: HttpRequest, *, title: str, rows: QuerySet[Any], columns: list[Column], view: figures.View,
             form: FilterForm, name: str) -> HttpResponse:  # fmt: skip
    if request.GET.get("format") == "csv":
        return _csv(rows, columns, name)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    cases = _cases_of(shown)
    table = [
        {"case": cases.get(_key(row)), "cells": [(column.kind, column.value(row)) for column in columns]}
        for row in shown
    ]
    context = {
        "title": title, "columns": columns, "rows": table, "page": page, "form": form, "view": view,
        "csv_link": "?" + urlencode([*((k, v) for k, v in request.GET.items() if k != "page"), ("format", "csv")]),
        "back": reverse("dashboard") + "?" + _query(view),
    }  # fmt: skip
    return render(request, "reports/list.html", context)


def _key(row: Any) -> int:
    """Case id of promises and contacts, account id of payments."""
    return int(row.case_id if hasattr(row, "case_id") else row.account_id)


def _cases_of(rows: list[Any]) -> dict[int, Case]:
    """The cases of the shown rows, by the key of `_key`."""
    by_case = bool(rows) and hasattr(rows[0], "case_id")
    wanted = {("id__in" if by_case else "account_id__in"): [_key(row) for row in rows]}
    found = Case.objects.filter(**wanted).select_related("debtor")
    return {(case.pk if by_case else case.account_id): case for case in found}


def _csv(rows: QuerySet[Any], columns: list[Column], name: str) -> HttpResponse:
    """The first 50,000 rows, with cells that a spreadsheet could take for a formula made harmless."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([safe_cell(str(column.title)) for column in columns])
    for row in rows[:EXPORT_LIMIT]:
        writer.writerow([safe_cell("" if (v := column.value(row)) is None else str(v)) for column in columns])
    return response


@requires(Permission.DASHBOARD)
def payment_list(request: HttpRequest) -> HttpResponse:
    """Payments received in the period."""
    view, form = view_of(cast(MemberRequest, request))
    columns = [
        Column(gettext_lazy("Received"), lambda p: p.received_on, "day"),
        Column(gettext_lazy("Amount"), lambda p: p.amount, "money"),
        Column(gettext_lazy("Currency"), lambda p: p.currency),
        Column(gettext_lazy("Source"), lambda p: p.get_source_display()),
        Column(gettext_lazy("Reference"), lambda p: p.reference),
    ]
    rows = figures.payments(view).order_by("-received_on", "-id")
    if (source := request.GET.get("source")) in Payment.Source.values:
        rows = rows.filter(source=source)
    return listing(
        request, title=_("Payments received"), rows=rows, columns=columns, view=view, form=form, name="payments"
    )


@requires(Permission.DASHBOARD)
def promise_list(request: HttpRequest) -> HttpResponse:
    """Promises due in the period, by state when asked."""
    view, form = view_of(cast(MemberRequest, request))
    columns = [
        Column(gettext_lazy("Due"), lambda p: p.due_on, "day"),
        Column(gettext_lazy("Amount"), lambda p: p.amount, "money"),
        Column(gettext_lazy("Currency"), lambda p: p.currency),
        Column(gettext_lazy("State"), lambda p: p.get_state_display()),
        Column(gettext_lazy("Made by"), lambda p: p.made_by.full_name),
    ]
    rows = figures.promises_due(view).select_related("made_by").order_by("-due_on", "-id")
    if (state := request.GET.get("state")) in Promise.State.values:
        rows = rows.filter(state=state)
    return listing(request, title=_("Promises due"), rows=rows, columns=columns, view=view, form=form, name="promises")


@requires(Permission.DASHBOARD)
def contact_list(request: HttpRequest) -> HttpResponse:
    """Contacts of the period, by channel, kind and outcome when asked."""
    view, form = view_of(cast(MemberRequest, request))
    columns = [
        Column(gettext_lazy("At"), lambda c: c.at, "moment"),
        Column(gettext_lazy("Channel"), lambda c: c.get_channel_display()),
        Column(gettext_lazy("Kind"), lambda c: c.get_kind_display()),
        Column(gettext_lazy("Outcome"), lambda c: charting.outcome_label(c.outcome)),
        Column(gettext_lazy("Cost"), lambda c: c.cost, "number"),
        Column(gettext_lazy("By"), lambda c: c.by.full_name if c.by else _("System")),
    ]
    rows = figures.contacts(view).select_related("by").order_by("-at", "-id")
    for name, codes in (("channel", Channel.values), ("kind", Contact.Kind.values)):
        if (value := request.GET.get(name)) in codes:
            rows = rows.filter(**{name: value})
    if outcome := request.GET.get("outcome"):
        rows = rows.filter(outcome="" if outcome == "-" else outcome)
    return listing(request, title=_("Contacts"), rows=rows, columns=columns, view=view, form=form, name="contacts")
