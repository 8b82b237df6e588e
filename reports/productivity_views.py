"""What people got done: each number with the address of its rows."""

from dataclasses import replace
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from reports import tables
from reports.figures import View
from reports.forms import ProductivityFilterForm
from reports.listing import NOBODY, link, query, view_of
from reports.productivity import Span, Work, cases_alone, work

HEADER = (
    gettext_lazy("Person"), gettext_lazy("Team"), gettext_lazy("From"), gettext_lazy("To"), gettext_lazy("Contacts"),
    gettext_lazy("Conversations"), gettext_lazy("Cases worked"), gettext_lazy("Promises made"),
    gettext_lazy("Visits made"), gettext_lazy("Recovered"), gettext_lazy("Cost of contacts"),
)  # fmt: skip


def work_links(view: View, by: Span) -> list[tuple[Work, dict[str, str]]]:
    """Each figure with the addresses of its rows, by name."""
    return [(figure, _links(view, figure)) for figure in work(view, by=by)]


def _links(view: View, figure: Work) -> dict[str, str]:
    inside = replace(cases_alone(view), start=figure.start, end=figure.end)
    who = figure.member.id if figure.member else NOBODY
    return {
        "contacts": link("report-contacts", inside, person=who),
        "conversations": link("report-contacts", inside, person=who, kind="CONVERSATION"),
        "cases": link("report-worked", inside, person=who),
        "promises": link("report-promises", inside, person=who, of="made"),
        "visits": link("report-visits-made", inside, person=who),
        "recovered": link("report-payments", inside, person=who),
    }


@requires(Permission.DASHBOARD)
def productivity_page(request: HttpRequest) -> HttpResponse:
    """Per person and day or week: contacts, cases worked, promises, visits, money and cost."""
    member_request = cast(MemberRequest, request)
    view, _form = view_of(member_request)
    form = ProductivityFilterForm(request.GET or None, initial={"start": view.start, "end": view.end, "by": "week"})
    chosen = request.GET.get("by", "week")
    by = Span(chosen) if chosen in list(Span) else Span.WEEK
    if (ending := request.GET.get("format")) in ("csv", "xlsx"):
        return _file(view, by, ending)
    context = {
        "form": form, "view": view, "work": work_links(view, by), "by": by.value,
        "agency_currency": member_request.agency.currency,
        "files": [(each.upper(), "?" + query(view, by=by.value, format=each)) for each in ("csv", "xlsx")],
    }  # fmt: skip
    return render(request, "reports/productivity.html", context)


def _file(view: View, by: Span, ending: str) -> HttpResponse:
    rows: list[Any] = []
    for each in work(view, by=by):
        name, team = (str(each.member.user), str(each.member.team or "")) if each.member else (_("Campaigns"), "")
        sums = ", ".join(f"{amount} {currency}" for currency, amount in each.recovered.items())
        rows.append(
            [name, team, each.start, each.end, each.contacts, each.conversations, each.cases, each.promises,
             each.visits, sums, each.cost]
        )  # fmt: skip
    title = _("Productivity")
    content = tables.as_csv(HEADER, rows) if ending == "csv" else tables.as_xlsx(HEADER, rows, title=title)
    return tables.download(content, name="productivity", form=ending)
