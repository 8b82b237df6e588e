"""The page of flow: roll rates of a month and the days to a cure, each number with its cases."""

from typing import Any, cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases.models import Stage
from common.charts import Chart, bar_chart, line_chart
from reports import flow
from reports.figures import View
from reports.forms import MonthFilterForm
from reports.listing import Column, link, listing, narrowed

MONTHS = 6
"""Months of the chart of medians."""


def _month_view(request: MemberRequest) -> tuple[View, MonthFilterForm]:
    """The chosen month; without one the last that is over."""
    today = timezone.localtime(timezone.now(), ZoneInfo(request.agency.time_zone)).date()
    form = MonthFilterForm(request.GET or None)
    data: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    month = data.get("month") or flow.month_after(today, -1)
    if not form.is_bound:
        form = MonthFilterForm(initial={"month": month})
    return View(request.membership, request.agency.time_zone, month, flow.last_day(month), **narrowed(data)), form


def _link(name: str, view: View, **more: Any) -> str:
    return link(name, view, start=None, end=None, **({"month": f"{view.start:%Y-%m}"} | more))


def stage_label(code: str) -> str:
    return _("New in the month") if code == flow.NEW else str(Stage(code).label)


@requires(Permission.DASHBOARD)
def flow_page(request: HttpRequest) -> HttpResponse:
    """How cases moved between the stages in a month, and how fast they were cured."""
    view, form = _month_view(cast(MemberRequest, request))
    month = view.start
    matrix, entered = flow.rolls(view, month), flow.entered(view, month)
    figures = flow.cure_figures(view, first=flow.month_after(month, 1 - MONTHS), last=month)
    context = {
        "form": form, "view": view, "month": month, "entered": entered,
        "before": _link("flow", view, month=f"{flow.month_after(month, -1):%Y-%m}"),
        "after": _link("flow", view, month=f"{flow.month_after(month):%Y-%m}"),
        "entered_link": _link("report-rolls", view, target="DELAY"),
        "targets": [stage_label(target) for target in flow.TARGETS],
        "rows": [_row(matrix, source, view) for source in flow.SOURCES if matrix.total(source)],
        "cures": [_cure(figure, view) for figure in figures if figure.month == month],
        "days": _days_chart(figures, view), "medians": _medians_chart(figures, view),
    }  # fmt: skip
    return render(request, "reports/flow.html", context)


def _row(matrix: flow.Matrix, source: str, view: View) -> dict[str, Any]:
    """One line of the matrix: where the cases of a stage stand at the end of the month."""
    return {
        "label": stage_label(source), "total": matrix.total(source),
        "link": _link("report-rolls", view, source=source),
        "cells": [
            {
                "count": matrix.at(source, target), "share": matrix.share(source, target), "stayed": source == target,
                "link": _link("report-rolls", view, source=source, target=target.value),
            }
            for target in flow.TARGETS
        ],
    }  # fmt: skip


def _cure(figure: flow.CureFigure, view: View) -> dict[str, Any]:
    return {
        "figure": figure, "paid": figure.how == flow.PAID,
        "label": stage_label(figure.stage) if figure.stage else _("All stages"),
        "link": _link("report-cures", view, how=figure.how, stage=figure.stage),
    }  # fmt: skip


def _days_chart(figures: list[flow.CureFigure], view: View) -> Chart:
    """How many cures of the month took how long, stacked by stage."""
    rows = [
        {
            "days": flow.bucket_label(bucket), "cases": f.buckets[n], "stage": stage_label(f.stage), "code": f.stage,
            "n": n,
        }
        for n, bucket in enumerate(flow.BUCKETS)
        for f in figures
        if f.month == view.start and f.how == flow.CURED and f.stage
    ]  # fmt: skip
    return bar_chart(
        rows, x="days", y="cases", series="stage", title=_("Days from entering delay to the cure"),
        links=lambda row: _link("report-cures", view, how=flow.CURED, stage=row["code"], bucket=row["n"]),
    )  # fmt: skip


def _medians_chart(figures: list[flow.CureFigure], view: View) -> Chart:
    """The median days to a cure month by month, a line for each stage."""
    found = {(f.month, f.stage): f for f in figures if f.how == flow.CURED and f.stage}
    months = [flow.month_after(view.start, n) for n in range(1 - MONTHS, 1)]
    stages = [stage for stage in flow.DELAY if any(key[1] == stage for key in found)]
    rows = [
        {
            "month": date_format(month, "M Y"), "stage": stage.label, "code": stage.value, "on": month,
            "median": found[month, stage].median if (month, stage) in found else 0,
        }
        for month in months for stage in stages
    ]  # fmt: skip
    return line_chart(
        rows, x="month", y="median", series="stage", title=_("Median days to the cure by month"),
        links=lambda row: _link(
            "report-cures", view, month=f"{row['on']:%Y-%m}", how=flow.CURED, stage=row["code"]
        ),
    )  # fmt: skip


@requires(Permission.DASHBOARD)
def roll_list(request: HttpRequest) -> HttpResponse:
    """Cases that went from one stage to another within the month."""
    view, form = _month_view(cast(MemberRequest, request))
    source, target = request.GET.get("source", ""), request.GET.get("target", "")
    targets = list(flow.DELAY) if target == "DELAY" else [target] if target in flow.TARGETS else list(flow.TARGETS)
    rows = flow.rolled_cases(view, view.start, source=source if source in flow.SOURCES else "", targets=targets)
    columns = [
        Column(gettext_lazy("Stage now"), lambda c: c.get_stage_display()),
        Column(gettext_lazy("Opened"), lambda c: c.opened_on, "day"),
        Column(gettext_lazy("Balance"), lambda c: c.balance, "money"),
        Column(gettext_lazy("Currency"), lambda c: c.currency),
    ]
    return listing(
        request, title=_roll_title(source, target), rows=rows.order_by("id"), columns=columns, view=view, form=form,
        name="rolls", back=(_link("flow", view), _("Flow")),
    )  # fmt: skip


def _roll_title(source: str, target: str) -> str:
    if source not in flow.SOURCES:
        return _("Cases that entered delay")
    if target not in flow.TARGETS:
        return _("Cases that began the month in: %(stage)s") % {"stage": stage_label(source)}
    return _("Cases from “%(source)s” to “%(target)s”") % {
        "source": stage_label(source), "target": stage_label(target),
    }  # fmt: skip


@requires(Permission.DASHBOARD)
def cure_list(request: HttpRequest) -> HttpResponse:
    """Cases that left delay within the month, with the days it took."""
    view, form = _month_view(cast(MemberRequest, request))
    how, stage, bucket = (request.GET.get(name, "") for name in ("how", "stage", "bucket"))
    rows = flow.cures(
        view, view.start, how=how if how in (flow.CURED, flow.PAID) else "",
        stage=stage if stage in flow.DELAY else "",
        bucket=int(bucket) if bucket.isdecimal() and int(bucket) < len(flow.BUCKETS) else None,
    )  # fmt: skip
    columns = [
        Column(gettext_lazy("Left delay on"), lambda c: c.ended_on, "day"),
        Column(gettext_lazy("Out of"), lambda c: c.stage_label),
        Column(gettext_lazy("Days since entering delay"), lambda c: c.days, "number"),
        Column(gettext_lazy("Days in the stage"), lambda c: c.days_in_stage, "number"),
    ]
    title = _("Cases paid in full or settled") if how == flow.PAID else _("Cases cured")
    return listing(
        request, title=title, rows=rows, columns=columns, view=view, form=form, name="cures",
        back=(_link("flow", view), _("Flow")),
    )  # fmt: skip
