"""The lists that figures open: what the reader looks at, the columns, one page at a time or the whole as a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from agencies.access import MemberRequest
from agencies.models import Membership
from cases.models import Case
from reports import tables
from reports.figures import View
from reports.forms import FilterForm

DEFAULT_DAYS = 30
ROWS_A_PAGE = 50
EXPORT_LIMIT = 50_000
NARROWINGS = ("creditor", "portfolio", "team", "collector")
NOBODY = "-"
"""`person` of rows that no person made."""


def view_of(request: MemberRequest) -> tuple[View, FilterForm]:
    """What the reader chose; the last 30 days where they chose nothing that can be understood."""
    today = timezone.localtime(timezone.now(), ZoneInfo(request.agency.time_zone)).date()
    form = FilterForm(request.GET or None)
    data: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    end = data.get("end") or today
    start = data.get("start") or end - timedelta(days=DEFAULT_DAYS - 1)
    if not form.is_bound:
        form = FilterForm(initial={"start": start, "end": end})
    return View(request.membership, request.agency.time_zone, start, max(end, start), **narrowed(data)), form


def narrowed(data: dict[str, Any]) -> dict[str, int]:
    """The chosen creditor, portfolio, team and collector as a `View` takes them."""
    return {f"{name}_id": data[name].id for name in NARROWINGS if data.get(name)}


def query(view: View, **more: Any) -> str:
    """The view as the query of an address; members that are None or "" are left out."""
    pairs: dict[str, Any] = {"start": view.start, "end": view.end}
    pairs |= {name: getattr(view, f"{name}_id") for name in NARROWINGS} | more
    return urlencode({name: value for name, value in pairs.items() if value not in (None, "")})


def link(name: str, view: View, **more: Any) -> str:
    return reverse(name) + "?" + query(view, **more)


def case_link(view: View, **more: Any) -> str:
    """The case list, narrowed as the view is."""
    return link("case-list", view, start=None, end=None, **more)


def person_of(request: HttpRequest) -> Membership | None:
    """The person whose rows alone are asked for; None when it is nobody of this agency."""
    chosen = request.GET.get("person", "")
    return Membership.objects.select_related("user").filter(id=chosen).first() if chosen.isdecimal() else None


@dataclass(frozen=True)
class Column:
    """One column of a report list: heading, how to read it off a row, and whether it is a number."""

    title: Any
    value: Callable[[Any], Any]
    kind: str = "text"


def listing(
    request: HttpRequest, *, title: str, rows: QuerySet[Any] | Sequence[Any], columns: list[Column], view: View,
    form: Any, name: str, back: tuple[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """The rows behind a number, each with its case; `format=csv` or `format=xlsx` gives the first 50,000 as a file.

    `back`: address and name of the page the reader came from, unless it is the dashboard.
    """
    if (ending := request.GET.get("format")) in ("csv", "xlsx"):
        return _file(rows, columns, name, ending, title)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    cases = _cases_of(shown)
    table = [
        {"case": cases.get(_key(row)), "cells": [(column.kind, column.value(row)) for column in columns]}
        for row in shown
    ]
    chosen = [(key, value) for key, value in request.GET.items() if key not in ("page", "format")]
    context = {
        "title": title, "columns": columns, "rows": table, "page": page, "form": form, "view": view,
        "person": person_of(request), "everyone": "?" + urlencode([pair for pair in chosen if pair[0] != "person"]),
        "files": [(each.upper(), "?" + urlencode([*chosen, ("format", each)])) for each in ("csv", "xlsx")],
        "back": back or (link("dashboard", view), ""),
    }  # fmt: skip
    return render(request, "reports/list.html", context)


def _key(row: Any) -> int:
    """Case id of promises and contacts, account id of payments and cases."""
    return int(row.case_id if hasattr(row, "case_id") else row.account_id)


def _cases_of(rows: list[Any]) -> dict[int, Case]:
    """The cases of the shown rows, by the key of `_key`."""
    by_case = bool(rows) and hasattr(rows[0], "case_id")
    wanted = {("id__in" if by_case else "account_id__in"): [_key(row) for row in rows]}
    found = Case.objects.filter(**wanted).select_related("debtor")
    return {(case.pk if by_case else case.account_id): case for case in found}


def _file(rows: Any, columns: list[Column], name: str, ending: str, title: str) -> HttpResponse:
    header = [column.title for column in columns]
    cells = ([column.value(row) for column in columns] for row in rows[:EXPORT_LIMIT])
    content = tables.as_csv(header, cells) if ending == "csv" else tables.as_xlsx(header, cells, title=title)
    return tables.download(content, name=name, form=ending)
