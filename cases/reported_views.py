"""Reported payments: the creditor's upload with its preview, and the list of what was booked and what was not."""

from decimal import Decimal
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.models import Membership
from agencies.permissions import Permission
from cases import payment_files, payment_reports
from cases.models import ReportedPayment
from common import kept_files
from common.refusals import NotUnderstood, Refused
from common.templatetags.trade import money
from portfolios.cells import DAY_ORDERS
from portfolios.models import Creditor, Mandate
from portfolios.visible import creditor_of

PAGE_SIZE = 50
LARGEST = 5 * 1024 * 1024
SHOWN = 200
State = ReportedPayment.State


def _member(request: HttpRequest) -> Membership:
    return cast(MemberRequest, request).membership


def reported_to(member: Membership) -> Any:
    """Lines a member may see: people of the agency all, a creditor's user its own."""
    rows = ReportedPayment.objects.select_related("creditor", "case", "reported_by")
    own = creditor_of(member)
    return rows if own is None else rows.filter(creditor_id=own)


@require_GET
@requires(Permission.STATEMENTS_MATCH)
def reported(request: HttpRequest) -> HttpResponse:
    """What creditors reported, for the agency: open lines first."""
    return _list(request, "cases/reported/list.html")


@require_GET
@requires(Permission.CREDITOR_CASES)
def creditor_reported(request: HttpRequest) -> HttpResponse:
    return _list(request, "portfolios/creditor_payments.html")


def _list(request: HttpRequest, template: str) -> HttpResponse:
    found = reported_to(_member(request))
    counts = found.order_by().aggregate(
        **{state.value: Count("id", filter=Q(state=state)) for state in State}, all=Count("id")
    )
    state = request.GET.get("state", "")
    if state in State.values:
        found = found.filter(state=state)
    page = Paginator(found.order_by("-id"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page, "rows": [(row, payment_reports.WHY.get(row.why, "")) for row in page], "state": state,
        "tabs": [("", _("All"), counts["all"])] + [(one.value, one.label, counts[one.value]) for one in State],
        "booked": found.filter(state=State.BOOKED).order_by().values("currency").annotate(sum=Sum("amount")),
    }  # fmt: skip
    return render(request, template, context)


@require_POST
@requires(Permission.STATEMENTS_MATCH)
def reported_settle(request: HttpRequest, reported_id: int) -> HttpResponse:
    """Book an open line after all, or dismiss it."""
    row = get_object_or_404(reported_to(_member(request)), id=reported_id)
    try:
        if request.POST.get("do") == "dismiss":
            payment_reports.dismiss(row, by=_member(request), now=timezone.now())
            messages.success(request, _("The line is dismissed."))
        else:
            booked = payment_reports.book(row, by=_member(request), now=timezone.now())
            messages.success(request, _told_booked(booked, row.amount - booked.amount))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("reported-payments")


@requires(Permission.CREDITOR_CASES)
def creditor_report(request: HttpRequest) -> HttpResponse:
    """Upload a table of payments, see what was understood, then report it."""
    member = _member(request)
    creditor = get_object_or_404(Creditor.objects, id=creditor_of(member) or 0)
    if request.method != "POST":
        return render(request, "portfolios/creditor_report.html", {})
    file = request.FILES.get("file")
    folder = f"payment-reports/{creditor.id}"
    if isinstance(file, UploadedFile):
        if (file.size or 0) > LARGEST:
            return _refused(request, _("The file is larger than 5 MB. Split it."))
        kept = kept_files.keep(
            file.read(), agency_id=creditor.agency_id, folder=folder, suffix=_suffix(file.name or "")
        )
        path, digest, name = kept.path, kept.sha256, file.name or ""
    else:
        digest, name = request.POST.get("sha256", ""), request.POST.get("name", "")
        path = f"{creditor.agency_id}/{folder}/{digest[:2]}/{digest}{_suffix(name)}"
        if len(digest) != 64 or not digest.isalnum() or not (settings.MEDIA_ROOT / path).is_file():
            return _refused(request, _("Choose the file."))
    order, mark = request.POST.get("order", ""), request.POST.get("mark", "")
    try:
        table = payment_files.read(settings.MEDIA_ROOT / path, currency=_currency(creditor), order=order, mark=mark)
    except NotUnderstood as refusal:
        return _refused(request, refusal.sentence)
    context = {
        "table": table, "sha256": digest, "name": name, "order": order, "mark": mark, "shown": table.lines[:SHOWN],
        "more": max(len(table.lines) - SHOWN, 0), "days": [(one, _order_label(one)) for one in table.orders],
    }  # fmt: skip
    if table.asks or request.POST.get("do") != "report":
        return render(request, "portfolios/creditor_report.html", context)
    kept_rows = payment_reports.report(
        creditor, [line for _number, line in table.lines], via="WEB", by=member, now=timezone.now()
    )
    booked = sum(row.state == State.BOOKED for row in kept_rows)
    told = ngettext(
        "%(count)s payment stands as booked.", "%(count)s payments stand as booked.", booked
    ) % {"count": booked}  # fmt: skip
    messages.success(request, told)
    return redirect("creditor-payments")


def _told_booked(booked: ReportedPayment, rest: Decimal) -> str:
    if not rest:
        return _("The payment is booked.")
    return _("%(sum)s is booked. The rest, %(rest)s, stays open: it is more than was owed.") % {
        "sum": money(booked.amount, booked.currency), "rest": money(rest, booked.currency),
    }  # fmt: skip


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "portfolios/creditor_report.html", {"problem": sentence}, status=422)


def _suffix(name: str) -> str:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return f".{ending}" if ending in {"csv", "txt", "tsv", "xlsx", "xls", "ods", "json", "jsonl"} else ""


def _currency(creditor: Creditor) -> str:
    """The currency of the creditor's mandates when they have one in common; a column must say otherwise."""
    found = set(Mandate.objects.filter(creditor=creditor).values_list("currency", flat=True))
    return found.pop() if len(found) == 1 else ""


def _order_label(order: str) -> str:
    labels = {
        "DMY": _("day, month, year"), "MDY": _("month, day, year"), "YMD": _("year, month, day"),
        "YYMMDD": _("year, month, day"), "DDMMYY": _("day, month, year"), "YYYYMMDD": _("year, month, day"),
        "DDMMYYYY": _("day, month, year"),
    }  # fmt: skip
    assert set(labels) == set(DAY_ORDERS)
    return labels[order]
