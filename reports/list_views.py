"""The rows behind the figures of work and money: payments, promises, contacts, visits, cases worked."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from cases.models import Case, Promise
from contacts.models import Contact
from ledger.models import Payment
from portfolios.models import Channel
from reports import charting, figures, productivity
from reports.attribution import credited, credited_to_team
from reports.listing import NOBODY, Column, listing, person_of, view_of


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
    if person := person_of(request):
        rows = credited(rows, zone=view.zone).filter(credited_to=person.id)
    if team := _team_of(request):
        rows = credited_to_team(rows, zone=view.zone).filter(credited_team=team)
    if currency := request.GET.get("currency"):
        rows = rows.filter(currency=currency)
    if (source := request.GET.get("source")) in Payment.Source.values:
        rows = rows.filter(source=source)
    return listing(
        request, title=_("Payments received"), rows=rows, columns=columns, view=view, form=form, name="payments"
    )


@requires(Permission.DASHBOARD)
def promise_list(request: HttpRequest) -> HttpResponse:
    """Promises due in the period, or made in it (`of=made`); by state and person when asked."""
    view, form = view_of(cast(MemberRequest, request))
    columns = [
        Column(gettext_lazy("Due"), lambda p: p.due_on, "day"),
        Column(gettext_lazy("Amount"), lambda p: p.amount, "money"),
        Column(gettext_lazy("Currency"), lambda p: p.currency),
        Column(gettext_lazy("State"), lambda p: p.get_state_display()),
        Column(gettext_lazy("Made by"), lambda p: p.made_by.full_name),
    ]
    made = request.GET.get("of") == "made"
    found = productivity.promises_made(view) if made else figures.promises_due(view)
    rows = found.select_related("made_by").order_by("-due_on", "-id")
    if person := person_of(request):
        rows = rows.filter(made_by_id=person.user_id)
    if team := _team_of(request):
        rows = rows.filter(made_by_id__in=Membership.objects.filter(team_id=team).values("user_id"))
    if (state := request.GET.get("state")) in Promise.State.values:
        rows = rows.filter(state=state)
    title = _("Promises made") if made else _("Promises due")
    return listing(request, title=title, rows=rows, columns=columns, view=view, form=form, name="promises")


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
    rows = _of_person(request, rows, "by_id")
    for name, codes in (("channel", Channel.values), ("kind", Contact.Kind.values)):
        if (value := request.GET.get(name)) in codes:
            rows = rows.filter(**{name: value})
    if outcome := request.GET.get("outcome"):
        rows = rows.filter(outcome="" if outcome == "-" else outcome)
    return listing(request, title=_("Contacts"), rows=rows, columns=columns, view=view, form=form, name="contacts")


@requires(Permission.DASHBOARD)
def worked_list(request: HttpRequest) -> HttpResponse:
    """Cases on which a result was recorded in the period."""
    view, form = view_of(cast(MemberRequest, request))
    columns = [
        Column(gettext_lazy("Stage"), lambda c: c.get_stage_display()),
        Column(gettext_lazy("Balance"), lambda c: c.balance, "money"),
        Column(gettext_lazy("Currency"), lambda c: c.currency),
        Column(gettext_lazy("Last worked"), lambda c: c.last_worked_at, "moment"),
    ]
    results = _of_person(request, figures.dispositions(view), "by_id")
    rows = Case.objects.filter(id__in=results.order_by().values("case_id")).order_by("-last_worked_at", "-id")
    return listing(request, title=_("Cases worked"), rows=rows, columns=columns, view=view, form=form, name="worked")


@requires(Permission.DASHBOARD)
def visit_list(request: HttpRequest) -> HttpResponse:
    """Visits made in the period."""
    view, form = view_of(cast(MemberRequest, request))
    columns = [
        Column(gettext_lazy("At"), lambda v: v.started_at, "moment"),
        Column(gettext_lazy("Outcome"), lambda v: v.get_outcome_display()),
        Column(gettext_lazy("Field collector"), lambda v: str(v.collector.user)),
    ]
    rows = productivity.visits(view).select_related("collector__user").order_by("-started_at", "-id")
    if person := person_of(request):
        rows = rows.filter(collector_id=person.id)
    return listing(request, title=_("Visits made"), rows=rows, columns=columns, view=view, form=form, name="visits")


def _of_person(request: HttpRequest, rows: QuerySet[Any], user: str) -> QuerySet[Any]:
    """The rows of the chosen person, or those of no person at all."""
    if request.GET.get("person") == NOBODY:
        return rows.filter(**{user: None})
    person = person_of(request)
    return rows.filter(**{user: person.user_id}) if person else rows


def _team_of(request: HttpRequest) -> int | None:
    """The team for which alone rows are asked."""
    chosen = request.GET.get("of_team", "")
    return int(chosen) if chosen.isdecimal() else None
