"""Results of judged conversations by person, team, month and item, and the versions of the score card."""

from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from babel.dates import format_date
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from agencies.access import MemberRequest, requires
from agencies.models import Team
from agencies.permissions import Permission
from cases import quality_cards, quality_lists
from cases.case_forms import Plain, day_field
from cases.models import ScoreCard
from cases.next_actions import local_day
from cases.quality_forms import CardForm
from common.charts import Chart, bar_chart, column_chart
from common.refusals import Refused

MONTHS = 6


class ResultsFilter(Plain):
    start = day_field(gettext_lazy("Held from"), required=False)
    end = day_field(gettext_lazy("Held to"), required=False)
    team: Any = forms.ModelChoiceField(
        queryset=None, label=gettext_lazy("Team"), required=False, empty_label=gettext_lazy("All")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.order_by("name", "id")  # type: ignore[attr-defined]


@require_GET
@requires(Permission.QUALITY_JUDGE)
def results(request: HttpRequest) -> HttpResponse:
    """Averages of the conversations held in the period; each number opens its conversations."""
    member = cast(MemberRequest, request).membership
    today = local_day(member.agency, timezone.now())
    form = ResultsFilter(request.GET or None)
    told: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    end = told.get("end") or today
    start = told.get("start") or _months_back(end, MONTHS - 1)
    team = told.get("team")
    if not form.is_bound:
        form = ResultsFilter(initial={"start": start, "end": end})
    zone = member.agency.time_zone
    judged = quality_lists.between(quality_lists.visible_to(member), start, end, zone=zone).filter(state="CLOSED")
    judged = judged.filter(team=team) if team else judged

    def link(**more: Any) -> str:
        pairs = {"state": "CLOSED", "start": start, "end": end, "team": team.id if team else ""} | more
        return reverse("quality-reviews") + "?" + urlencode({n: v for n, v in pairs.items() if v not in (None, "")})

    months = quality_lists.by_month(judged, zone=zone)
    people = quality_lists.by_collector(judged)
    cells = quality_lists.by_collector_and_month(judged, zone=zone)
    context = {
        "form": form, "start": start, "end": end, "here": "results", "whole": quality_lists.whole(judged),
        "links": {"all": link(), "failed": link(what="FAILED"), "replied": link(what="REPLIED")},
        "replied": judged.filter(replied_at__isnull=False).count(),
        "months": [(_month(one.key), link(**_span(one.key, start, end))) for one in months],
        "people": [
            (one, link(collector=one.key), link(collector=one.key, what="FAILED"),
             [(cells.get((one.key, month.key)), link(collector=one.key, **_span(month.key, start, end)))
              for month in months])
            for one in people
        ],
        "teams": [(one, link(team=one.key)) for one in quality_lists.by_team(judged)],
        "charts": [_people_chart(people, link), _month_chart(months, link, start, end), _item_chart(judged, link)],
    }  # fmt: skip
    return render(request, "cases/quality/results.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.QUALITY_CARDS)
def cards(request: HttpRequest) -> HttpResponse:
    """The card in use, its versions, and the next one."""
    member = cast(MemberRequest, request).membership
    card = quality_cards.in_use()
    known = (
        [quality_cards.Item(i.weight, i.code, i.label, i.fatal) for i in quality_cards.items_of(card)] if card else []
    )
    form = CardForm(
        request.POST or None, items=known or quality_cards.usual_items(),
        initial={"name": card.name if card else _("Conversations")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = quality_cards.adopt(
                form.items(), name=form.cleaned_data["name"], by=member, now=timezone.now()
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Version %(version)s of the card is in use.") % {"version": made.version})
            return redirect("quality-cards")
    versions = [
        (one, [(item, quality_cards.label_of(item)) for item in quality_cards.items_of(one)])
        for one in ScoreCard.objects.select_related("made_by").order_by("-version")[:20]
    ]
    context = {"form": form, "card": card, "versions": versions, "here": "cards"}
    return render(request, "cases/quality/cards.html", context, status=422 if form.errors else 200)


def _people_chart(people: list[quality_lists.Figure], link: Any) -> Chart:
    rows = [{"who": one.label, "score": one.average, "key": one.key} for one in people]
    return bar_chart(
        rows,
        x="who",
        y="score",
        title=_("Average of each person"),
        unit="%",
        links=lambda row: link(collector=row["key"]),
    )


def _month_chart(months: list[quality_lists.Figure], link: Any, start: date, end: date) -> Chart:
    rows = [{"month": _month(one.key), "score": one.average, "key": one.key} for one in months]
    return column_chart(
        rows, x="month", y="score", title=_("Average of each month"), unit="%",
        links=lambda row: link(**_span(row["key"], start, end)),
    )  # fmt: skip


def _item_chart(judged: Any, link: Any) -> Chart:
    rows = [{"item": one.label, "score": one.average, "key": one.item_id} for one in quality_lists.by_item(judged)]
    return bar_chart(
        rows, x="item", y="score", title=_("What is listened for, the weakest first"), unit="%",
        links=lambda row: link(item=row["key"]),
    )  # fmt: skip


def _month(first: date) -> str:
    return str(format_date(first, "LLL yyyy", locale=(get_language() or "en").split("-")[0]))


def _span(first: date, start: date, end: date) -> dict[str, date]:
    """The days of a month that lie in the period."""
    last = _months_back(first, -1) - timedelta(days=1)
    return {"start": max(first, start), "end": min(last, end)}


def _months_back(day: date, months: int) -> date:
    """The first day of the month so many months before the month of `day`."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)
