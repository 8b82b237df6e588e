"""Pages of the field office: trips and their countdown, allocation, the day's route, territories, what follows."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from agencies.roles import FieldCollector
from cases.models import Case
from cases.next_actions import local_day
from cases.queries import open_to
from common.refusals import Refused
from field import alarms, days, going, maps, orders, sla, stops, territories, trip_stops, visit_kinds
from field.models import Territory, Trigger, VisitKind, VisitOrder, VisitStop
from field.office_forms import TerritoryForm, VisitOrderForm, visitors

PAGE_SIZE = 50
REPORT_DAYS = 90
ENDED = ("done", "in_time", "made_late", "cancelled", "dropped")
TABS = {
    "in_time": ("done", gettext_lazy("In time")), "made_late": ("done", gettext_lazy("Late")),
    "dropped": ("cancelled", gettext_lazy("Cancelled when late")), "running": ("open", gettext_lazy("In time")),
}  # fmt: skip
"""States only the report opens -> the tab under which they are shown, and what they are of it."""
NOBODY = "-"
"""`collector` of the trips that nobody has."""


def _member(request: HttpRequest) -> Membership:
    return cast(MemberRequest, request).membership


def orders_of(member: Membership) -> Any:
    """Trips a member may see: a field collector's own, a coordinator's team's, otherwise the agency's."""
    found = VisitOrder.objects.select_related(
        "case__agency", "case__debtor", "case__creditor", "collector__user", "territory"
    )
    if member.role == FieldCollector.code:
        return found.filter(collector=member)
    if member.role == "COORDINATOR" and member.team_id is not None:
        return found.filter(Q(case__team_id=member.team_id) | Q(case__team=None))
    return found


def count_late(request: HttpRequest) -> int:
    """For the navigation: trips that should have been made by now."""
    member = _member(request)
    late = orders_of(member).filter(state=VisitOrder.State.OPEN, due_at__lt=timezone.now())
    return alarms.kept(alarms.LATE_TRIPS, member, late.count)


@require_GET
@requires(Permission.FIELD_VISITS)
def trips(request: HttpRequest) -> HttpResponse:
    """Trips with their countdown: open, late, given to nobody, made."""
    member, now = _member(request), timezone.now()
    alarms.forget(alarms.LATE_TRIPS, member)
    mine = orders_of(member)
    wanted = request.GET.get("state", "open")
    chosen = {
        "open": Q(state="OPEN"), "late": Q(state="OPEN", due_at__lt=now), "unassigned": Q(state="OPEN", collector=None),
        "done": Q(state="DONE"), "cancelled": Q(state="CANCELLED"), **sla.kinds(now),
    }  # fmt: skip
    mine, is_narrowed = _narrowed(request, mine)
    counts = mine.order_by().aggregate(**{name: Count("id", filter=q) for name, q in chosen.items()})
    found = mine.filter(chosen.get(wanted, chosen["open"]))
    tab, part = TABS.get(wanted, (wanted, ""))
    order = "-closed_at" if wanted in ENDED else "due_at"
    page = Paginator(found.order_by(order, "id"), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page)
    open_stops: dict[int, list[VisitStop]] = {}
    for stop in VisitStop.objects.filter(order__in=rows).select_related("address").order_by("id"):
        open_stops.setdefault(stop.order_id, []).append(stop)
    may_allocate = member.may(Permission.FIELD_ALLOCATE)
    still_open = [(one, open_stops.get(one.id, [])) for one in rows if one.state == VisitOrder.State.OPEN]
    why_not = stops.stopped(still_open, now=now)
    context = {
        "page": page, "counts": counts, "why_not": why_not, "now": now,
        "nowhere": {one.id for one, places in still_open if trip_stops.nowhere_left(one, places)},
        "rows": [(one, open_stops.get(one.id, []), _tone(one, now), _unready(one, now)) for one in rows],
        "tab": tab, "part": part, "part_count": counts.get(wanted), "is_narrowed": is_narrowed,
        "may_allocate": may_allocate, "people": visitors() if may_allocate else [],
    }  # fmt: skip
    return render(request, "field/trips.html", context)


def _narrowed(request: HttpRequest, trips: Any) -> tuple[Any, bool]:
    """The trips of one collector (`-`: of nobody), of one creditor, ordered since a day; and whether that was asked."""
    chosen, creditor = request.GET.get("collector", ""), request.GET.get("creditor", "")
    try:
        since = date.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        since = None
    found = trips
    if chosen == NOBODY or chosen.isdecimal():
        found = found.filter(collector_id=None if chosen == NOBODY else int(chosen))
    if creditor.isdecimal():
        found = found.filter(case__creditor_id=int(creditor))
    if since is not None:
        found = found.filter(opened_at__gte=_morning(request, since))
    return found, found is not trips


def _morning(request: HttpRequest, day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(_member(request).agency.time_zone))


def _tone(order: VisitOrder, now: datetime) -> str:
    """Of the countdown: on its last day it warns, and late it is bad."""
    if order.state != VisitOrder.State.OPEN:
        return "neutral"
    return "bad" if order.due_at < now else "warn" if order.due_at < now + timedelta(days=1) else "ok"


def _unready(order: VisitOrder, now: datetime) -> bool:
    """Whether a trip of the mandate is not prepared though the day of takeover has passed (S003-09)."""
    zone = ZoneInfo(order.case.agency.time_zone)
    passed = now.astimezone(zone).date() > order.opened_at.astimezone(zone).date()
    return order.trigger == Trigger.MANDATE and order.state == "OPEN" and passed and not order.is_prepared


@require_POST
@requires(Permission.FIELD_ALLOCATE)
def trips_assign(request: HttpRequest) -> HttpResponse:
    """Give the ticked trips to one person, or each to the collector of its territory; that is looked at first.

    By territory without a tick: every trip that nobody has.
    """
    member, now = _member(request), timezone.now()
    ids = [int(pk) for part in request.POST.getlist("order") for pk in part.split(",") if pk.isdecimal()]
    how = request.POST.get("how")
    mine = list(orders_of(member).filter(id__in=ids).values_list("id", flat=True))
    if how == "look":
        if not ids:
            mine = list(orders_of(member).filter(state="OPEN", collector=None).values_list("id", flat=True))
        return _look(request, mine)
    given = 0
    try:
        if how == "territory":
            for collector, found in _by_territory(mine).items():
                given += orders.assign(found, collector, by=member, now=now)
        else:
            chosen = request.POST.get("collector", "")
            person = get_object_or_404(visitors(), id=int(chosen) if chosen.isdecimal() else 0)
            given = orders.assign(mine, person, by=member, now=now)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        told = ngettext("%(count)s trip was given.", "%(count)s trips were given.", given) % {"count": given}
        (messages.success if given else messages.error)(request, told if ids else _("Tick the trips first."))
    return redirect("field-trips")


def _look(request: HttpRequest, order_ids: list[int]) -> HttpResponse:
    """Who would get how many trips, and how many lie outside of every territory; nothing is given yet."""
    found = _by_territory(order_ids)
    rows = sorted(((person, len(ids)) for person, ids in found.items()), key=lambda row: str(row[0].user))
    placed = [pk for ids in found.values() for pk in ids]
    context = {"rows": rows, "order_ids": ",".join(map(str, placed)), "outside": len(order_ids) - len(placed)}
    return render(request, "field/trips_look.html", context)


def _by_territory(order_ids: list[int]) -> dict[Membership, list[int]]:
    """Whose territory the first address of each trip lies in; trips outside of all territories are left out."""
    known = territories.areas()
    people = {one.id: one.collector for one in Territory.objects.select_related("collector__user") if one.collector_id}
    found: dict[Membership, list[int]] = {}
    seen: set[int] = set()
    places = VisitStop.objects.filter(order_id__in=order_ids).select_related("address").order_by("order_id", "id")
    for stop in places:
        if stop.order_id in seen:
            continue
        seen.add(stop.order_id)
        area = territories.territory_of(stop.address, known)
        if area in people:
            found.setdefault(people[area], []).append(stop.order_id)
    return found


@require_GET
@requires(Permission.FIELD_VISITS)
def day(request: HttpRequest) -> HttpResponse:
    """The day's stops in the order of driving, on a small map. A coordinator may look at a collector's day."""
    member, now = _member(request), timezone.now()
    collector = member
    chosen = request.GET.get("collector", "")
    if chosen.isdecimal() and member.may(Permission.FIELD_ALLOCATE):
        collector = get_object_or_404(visitors(), id=int(chosen))
    today = now.astimezone(ZoneInfo(member.agency.time_zone)).date()
    planned = days.day_of(collector, as_of=today, now=now)
    points = [
        (number, float(stop.address.latitude), float(stop.address.longitude))
        for number, stop in enumerate(planned.stops, start=1)
        if stop.address.latitude is not None and stop.address.longitude is not None
    ]
    context = {
        "day": planned, "map": maps.drawn(points, tile_url=settings.FIELD_TILE_URL), "collector": collector,
        "today": today, "people": visitors() if member.may(Permission.FIELD_ALLOCATE) else [],
    }  # fmt: skip
    return render(request, "field/day.html", context)


@require_GET
@requires(Permission.FIELD_ALLOCATE)
def territory_list(request: HttpRequest) -> HttpResponse:
    found = list(Territory.objects.select_related("team", "collector__user").order_by("name"))
    waiting = dict(
        VisitOrder.objects.filter(state="OPEN", territory__isnull=False)
        .values_list("territory_id")
        .annotate(count=Count("id"))
        .order_by("territory_id")
    )
    outlines = [(one.name, one.outline) for one in found if one.outline]
    drawing = maps.drawn([], outlines, tile_url=settings.FIELD_TILE_URL)
    rows = [(one, waiting.get(one.id, 0)) for one in found]
    return render(request, "field/territories.html", {"rows": rows, "map": drawing})


@requires(Permission.FIELD_ALLOCATE)
def territory_edit(request: HttpRequest, territory_id: int | None = None) -> HttpResponse:
    found = get_object_or_404(Territory.objects, id=territory_id) if territory_id else Territory()
    form = TerritoryForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        territories.keep(form.save(commit=False), by=_member(request), now=timezone.now())
        messages.success(request, _("The territory is kept."))
        return redirect("field-territories")
    status = 422 if request.method == "POST" else 200
    return render(request, "field/territory.html", {"form": form, "territory": found}, status=status)


@require_GET
@requires(Permission.FIELD_ALLOCATE)
def report(request: HttpRequest) -> HttpResponse:
    """Visits in time, by collector and by creditor, of the last 90 days."""
    member, now = _member(request), timezone.now()
    first = local_day(member.agency, now) - timedelta(days=REPORT_DAYS)
    since, mine = _morning(request, first), orders_of(member)
    context = {
        "by_collector": sla.by("collector_id", "collector__user__full_name", since=since, now=now, trips=mine),
        "by_creditor": sla.by("case__creditor_id", "case__creditor__name", since=since, now=now, trips=mine),
        "delay": sla.entry_delay_hours(since=since), "days": REPORT_DAYS, "since": first.isoformat(),
    }  # fmt: skip
    return render(request, "field/report.html", context)


@require_POST
@requires(Permission.CASES_WORK)
def order_new(request: HttpRequest, case_id: int) -> HttpResponse:
    """Order a visit of one case by hand."""
    member, now = _member(request), timezone.now()
    case = get_object_or_404(open_to(member), id=case_id)
    form = VisitOrderForm(request.POST, kinds=VisitKind.values)
    if not form.is_valid():
        messages.error(request, _("Give the day by which the visit is to be made."))
        return redirect("case", case.id)
    zone = ZoneInfo(member.agency.time_zone)
    due = datetime.combine(form.cleaned_data["due_on"], datetime.max.time(), zone)
    try:
        if due < now:
            messages.error(request, _("Give a day that has not passed."))
        else:
            orders.order_visit(
                case, due_at=due, by=member, now=now, all_addresses=form.cleaned_data["all_addresses"],
                kind=form.cleaned_data["kind"],
            )  # fmt: skip
            messages.success(request, _("The visit is ordered."))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("case", case.id)


@require_POST
@requires(Permission.FIELD_VISITS)
def order_change(request: HttpRequest, order_id: int) -> HttpResponse:
    """Tick a part of the preparation, or cancel the trip, which whoever allocates trips does for a reason."""
    member, now = _member(request), timezone.now()
    order = get_object_or_404(orders_of(member), id=order_id)
    part = request.POST.get("prepared", "")
    try:
        if part in orders.PARTS:
            orders.prepare(order, part=part, by=member, now=now)
            messages.success(request, _("Kept."))
        elif request.POST.get("do") == "cancel":
            if not member.may(Permission.FIELD_ALLOCATE):
                raise PermissionDenied
            orders.cancel(order, reason=request.POST.get("reason", ""), by=member, now=now)
            messages.success(request, _("The visit is cancelled."))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("case", order.case_id)


@require_POST
@requires(Permission.FIELD_ALLOCATE)
def go_on(request: HttpRequest, case_id: int) -> HttpResponse:
    """The coordinator looked at the payment that stops the trip and the object."""
    member = _member(request)
    case = get_object_or_404(open_to(member), id=case_id)
    try:
        going.go_on(case, by=member, now=timezone.now())
        messages.success(request, _("Visits and steps with the object go on."))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("case-objects" if request.POST.get("back") == "objects" else "case", case.id)


def trip_panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """The open trip of a case with its countdown and preparation, or the form to order one."""
    order = (
        VisitOrder.objects.filter(case=case, state=VisitOrder.State.OPEN)
        .select_related("collector__user", "case")
        .order_by("-id")
        .first()
    )
    if order is None:
        if case.stage == "CLOSED" or not _member(request).may(Permission.CASES_WORK):
            return None
        soon = timezone.localdate() + timedelta(days=orders.VISIT_DAYS)
        allowed = visit_kinds.admitted(case, as_of=local_day(case.agency, timezone.now()))
        form = VisitOrderForm(initial={"due_on": soon}, kinds=allowed.kinds)
        return {"order": None, "form": form, "why_not": allowed.why_not}
    places = list(VisitStop.objects.filter(order=order).select_related("address").order_by("id"))
    parts = [(name, label, getattr(order, f"{name}_checked_at")) for name, label in orders.PARTS.items()]
    now = timezone.now()
    may = _member(request).may(Permission.FIELD_VISITS)
    return {
        "order": order, "stops": places, "parts": parts, "tone": _tone(order, now), "now": now, "may": may,
        "may_cancel": _member(request).may(Permission.FIELD_ALLOCATE), "case": case,
        "halt": going.halted([order]).get(order.id), "nowhere": trip_stops.nowhere_left(order, places),
    }  # fmt: skip
