"""Pages of targets: who reached what in a month or quarter, the history, the form; and everybody's own."""

from collections import defaultdict
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases.desk_day import today_of
from cases.models import Case
from common.charts import Chart, column_chart
from common.refusals import Refused
from ledger.models import Payment
from reports import tables, targets
from reports.attribution import credited
from reports.models.targets import Period, Target
from reports.target_forms import PeriodForm, TargetForm
from reports.targets import Attainment, attainments

HISTORY = 6
"""Periods of the history, the chosen one among them."""
HEADER = (
    gettext_lazy("For"), gettext_lazy("From"), gettext_lazy("To"), gettext_lazy("Target"), gettext_lazy("Recovered"),
    gettext_lazy("Currency"), gettext_lazy("Per cent"), gettext_lazy("Promises to be kept"),
    gettext_lazy("Promises kept"), gettext_lazy("Reached"),
)  # fmt: skip


@require_GET
@requires(Permission.DASHBOARD)
def target_list(request: HttpRequest) -> HttpResponse:
    """Who reached what in the chosen period, and in the periods before it."""
    member = cast(MemberRequest, request).membership
    today = today_of(member, timezone.now())
    form = PeriodForm(request.GET or None)
    period, first = form.chosen(today)
    found = _attained(period, first, member.agency.time_zone, today)
    if (ending := request.GET.get("format")) in ("csv", "xlsx"):
        return _file(found[first], ending)
    form = form if form.errors else PeriodForm(initial={"period": period, "month": first})
    context = _context(request, period, first, found) | {"filter": form}
    if member.may(Permission.TARGETS_SET):
        context["form"] = TargetForm(
            by=member, initial={"period": period, "starts_on": max(first, period.begin(today)),
                                "currency": member.agency.currency},
        )  # fmt: skip
    return render(request, "reports/targets.html", context)


@require_POST
@requires(Permission.TARGETS_SET)
def target_set(request: HttpRequest) -> HttpResponse:
    member, now = cast(MemberRequest, request).membership, timezone.now()
    today = today_of(member, now)
    form = TargetForm(request.POST, by=member)
    if form.is_valid():
        deed = form.deed()
        try:
            made = targets.set_target(deed.pop("who"), **deed, by=member, as_of=today, now=now)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, _("The target of %(who)s was set.") % {"who": made})
            return redirect(_address(Period(made.period), made.starts_on))
    period, first = PeriodForm(None).chosen(today)
    context = _context(request, period, first, _attained(period, first, member.agency.time_zone, today))
    context |= {"filter": PeriodForm(initial={"period": period, "month": first}), "form": form}
    return render(request, "reports/targets.html", context, status=422)


@require_POST
@requires(Permission.TARGETS_SET)
def target_withdraw(request: HttpRequest, target_id: int) -> HttpResponse:
    member, now = cast(MemberRequest, request).membership, timezone.now()
    target = get_object_or_404(Target.objects.select_related("member__user", "team"), id=target_id)
    back = _address(Period(target.period), target.starts_on)
    try:
        targets.withdraw(target, by=member, as_of=today_of(member, now), now=now)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The target was withdrawn."))
    return redirect(back)


@require_GET
@requires(Permission.CASES_WORK)
def my_targets(request: HttpRequest) -> HttpResponse:
    """A collector's own targets, and the payments that count for the chosen one."""
    member = cast(MemberRequest, request).membership
    today, zone = today_of(member, timezone.now()), member.agency.time_zone
    own = Target.objects.filter(member=member).select_related("member__user", "team").order_by("-starts_on", "id")
    rows = attainments(own[:12], zone=zone, as_of=today)
    chosen = next((row for row in rows if str(row.target.id) == request.GET.get("target")), rows[0] if rows else None)
    payments: list[tuple[Payment, Case | None]] = []
    if chosen:
        found = Payment.objects.filter(
            received_on__range=(chosen.target.starts_on, chosen.target.ends_on), reversed_at=None,
            currency=chosen.target.currency,
        )  # fmt: skip
        mine = list(credited(found, zone=zone).filter(credited_to=member.id).order_by("-received_on", "-id")[:500])
        cases = {case.account_id: case for case in Case.objects.filter(account_id__in=[p.account_id for p in mine])}
        payments = [(payment, cases.get(payment.account_id)) for payment in mine]
    context = {"rows": rows, "chosen": chosen, "payments": payments}
    return render(request, "reports/my_targets.html", context)


def _attained(period: Period, first: date, zone: str, today: date) -> dict[date, list[Attainment]]:
    """By the first day of the period: the chosen one and those before it, the oldest first."""
    firsts = [period.shift(first, n) for n in range(1 - HISTORY, 1)]
    rows = Target.objects.filter(period=period, starts_on__in=firsts).select_related("member__user", "team")
    found: dict[date, list[Attainment]] = {each: [] for each in firsts}
    for row in attainments(rows.order_by("starts_on", "id"), zone=zone, as_of=today):
        found[row.target.starts_on].append(row)
    for each in found.values():
        each.sort(key=lambda row: (row.target.team_id is None, -row.percent, str(row.target)))
    return found


def _context(request: HttpRequest, period: Period, first: date, found: dict[date, list[Attainment]]) -> dict[str, Any]:
    member = cast(MemberRequest, request).membership
    rows = found[first]
    return {
        "period": period, "first": first, "last": period.end(first), "name": _name(period, first),
        "before": _address(period, period.shift(first, -1)), "after": _address(period, period.shift(first, 1)),
        "rows": [
            {"row": row, "links": links(row), "may": not row.over and targets.may_set(_who(row.target), member)}
            for row in rows
        ],
        "reached": sum(row.is_reached for row in rows), "history": _history(found),
        "periods": [_name(period, each) for each in found], "charts": _charts(found, period),
        "files": [(each.upper(), _address(period, first, format=each)) for each in ("csv", "xlsx")],
    }  # fmt: skip


def _who(target: Target) -> Any:
    return target.member or target.team


def links(row: Attainment) -> dict[str, str]:
    """Addresses of the rows that count for a target."""
    target = row.target
    who = {"person": target.member_id} if target.member_id else {"of_team": target.team_id}
    days = {"start": target.starts_on, "end": target.ends_on}
    money = urlencode({**days, **who, "currency": target.currency})
    kept = urlencode({**days, **who, "state": "KEPT"})
    return {"money": f"{reverse('report-payments')}?{money}", "kept": f"{reverse('report-promises')}?{kept}"}


def _history(found: dict[date, list[Attainment]]) -> list[dict[str, Any]]:
    """One line for each person or team and currency: what share of the target was reached, period by period."""
    lines: dict[tuple[str, str], dict[date, Attainment]] = defaultdict(dict)
    for first, rows in found.items():
        for row in rows:
            lines[str(row.target), row.target.currency][first] = row
    return [
        {
            "who": who, "currency": currency,
            "cells": [_cell(line.get(first)) for first in found],
        }
        for (who, currency), line in sorted(lines.items())
    ]  # fmt: skip


def _cell(row: Attainment | None) -> dict[str, Any]:
    return {"row": row, "url": links(row)["money"]} if row else {}


def _charts(found: dict[date, list[Attainment]], period: Period) -> list[Chart]:
    """What people recovered period by period, stacked by person: one chart for each currency."""
    currencies = sorted({row.target.currency for rows in found.values() for row in rows if row.target.member_id})
    charts = []
    for currency in currencies:
        marks = [
            {"period": _name(period, first), "who": str(row.target), "sum": row.reached, "url": links(row)["money"]}
            for first, rows in found.items()
            for row in rows
            if row.target.member_id and row.target.currency == currency
        ]
        title = _("Recovered by those with a target")
        chart = column_chart(
            marks, x="period", y="sum", series="who", title=title, unit=currency, links=lambda mark: str(mark["url"])
        )
        charts.append(chart)
    return charts


def _name(period: Period, first: date) -> str:
    if period is Period.MONTH:
        return date_format(first, "F Y")
    return _("Quarter %(number)d of %(year)d") % {"number": (first.month + 2) // 3, "year": first.year}


def _address(period: Period, first: date, **more: str) -> str:
    return f"{reverse('targets')}?{urlencode({'period': period.value, 'month': f'{first:%Y-%m}', **more})}"


def _file(rows: list[Attainment], ending: str) -> HttpResponse:
    cells: list[tuple[Any, ...]] = [
        (
            str(row.target), row.target.starts_on, row.target.ends_on, row.target.amount, row.reached,
            row.target.currency, row.percent, row.target.promises_kept, row.kept,
            _("yes") if row.is_reached else _("no"),
        )
        for row in rows
    ]  # fmt: skip
    content = (
        tables.as_csv(HEADER, cells) if ending == "csv" else tables.as_xlsx(HEADER, cells, title=_("Targets"))
    )  # fmt: skip
    return tables.download(content, name="targets", form=ending)
