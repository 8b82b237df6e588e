"""The collector's desk: take the next case, open one, note, recall, contact data, undo. Each deed is one domain call.

Every form works without script: it answers with a redirect to the case. With htmx the answer is the desk itself.
"""

import contextlib
import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies.access import MemberRequest, requires
from agencies.permissions import Permission
from cases import desk_page, dispositions, entered_payments, notes, queries, queue
from cases.desk_day import today_of
from cases.desk_forms import ContactPointForm, NoteForm, PaymentForm, StatusForm
from cases.desk_visit import Visit
from cases.models import Case, Disposition, Stage
from common.refusals import Refused
from debtors import contact_points, statuses


def case_or_404(request: HttpRequest, case_id: int) -> Case:
    """The case when it exists and this member may open it."""
    try:
        return open_case(request, case_id)
    except Case.DoesNotExist as error:
        raise Http404 from error


def open_case(request: HttpRequest, case_id: int) -> Case:
    """The case as it stands now, with its agency."""
    member = cast(MemberRequest, request).membership
    case = queries.case_of(member, case_id)
    case.agency = member.agency
    return case


def show(
    request: HttpRequest,
    case: Case | None,
    *,
    now: datetime,
    status: int = 200,
    forms: dict[str, Any] | None = None,
    refusal: str = "",
    opened: str = "",
    at_hand: Case | None = desk_page.NOT_ASKED,
) -> HttpResponse:
    """The desk: the whole page, or the part htmx swaps. `opened` names the form to leave open (`act-note`)."""
    context = desk_page.frame(request, now=now, case=case, at_hand=at_hand)
    context |= {"case": case, "refusal": refusal, "opened": opened}
    if case is not None:
        context |= desk_page.about(request, case, now=now, forms=forms)
    swapped = bool(getattr(request, "htmx", False))
    return render(request, "cases/desk/swap.html" if swapped else "cases/desk/page.html", context, status=status)


def done(
    request: HttpRequest, case: Case | None, *, now: datetime, told: str = "", tone: str = "ok", undo: str = ""
) -> HttpResponse:
    """Answer a deed that succeeded: news as a toast, and the desk with `case` (None: without one)."""
    url = reverse("case", args=[case.id]) if case else reverse("desk")
    if not getattr(request, "htmx", False):
        if told:
            messages.success(request, told)
        return redirect(url)
    response = show(request, fresh(request, case) if case else None, now=now)
    response["HX-Push-Url"] = url
    if told:
        news: dict[str, Any] = {"text": told, "tone": tone}
        if undo:
            news["undo"] = {"url": undo, "label": _("Undo")}
        response["HX-Trigger"] = json.dumps({"toast": news})
    return response


def fresh(request: HttpRequest, case: Case) -> Case:
    return open_case(request, case.id)


Deed = Callable[..., HttpResponse]


def deed(form: str) -> Callable[[Deed], Deed]:
    """A POST on one case. A refusal is shown on the desk beside its form, with what was typed kept."""

    def decorate(view: Deed) -> Deed:
        @require_POST
        @wraps(view)
        def guarded(request: HttpRequest, case_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
            case, now = case_or_404(request, case_id), timezone.now()
            try:
                with transaction.atomic():
                    return view(request, case, *args, now=now, **kwargs)
            except Refused as refused:
                return refuse(request, case, refused, form=form, now=now)

        return guarded

    return decorate


def refuse(request: HttpRequest, case: Case, refused: Refused, *, form: str, now: datetime) -> HttpResponse:
    """Show why not, with the form left open."""
    case = fresh(request, case)
    return show(request, case, now=now, status=422, refusal=refused.sentence, opened=form)


@require_GET
@requires(Permission.CASES_WORK)
def desk(request: HttpRequest) -> HttpResponse:
    """The case at hand, or an empty desk that offers the next one."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    case = queue.unfinished(member)
    return show(request, open_case(request, case.id) if case else None, now=now, at_hand=case)


@require_GET
@requires(Permission.CASES_VIEW)
def case_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case. A collector with nothing at hand takes an own case in hand; everybody else looks."""
    case, now = case_or_404(request, case_id), timezone.now()
    member = cast(MemberRequest, request).membership
    at_hand = queue.unfinished(member) if member.may(Permission.CASES_WORK) else None
    if case.collector_id == member.id and case.stage != Stage.CLOSED and at_hand is None:
        take_in_hand(request, case, now=now)
        at_hand = case if case.claimed_by_id == member.id else None
    return show(request, case, now=now, at_hand=at_hand)


def take_in_hand(request: HttpRequest, case: Case, *, now: datetime) -> None:
    """Claim a case unless a colleague has it; the desk then shows who."""
    with contextlib.suppress(queue.ClaimedByAnother):
        queue.claim(case, cast(MemberRequest, request).membership, now)


@require_POST
@requires(Permission.CASES_WORK)
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the next case of the queue; the one at hand must have its result first (S004-78)."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    unfinished = queue.unfinished(member)
    if unfinished is None:
        return go_on(request, now=now)
    case = open_case(request, unfinished.id)
    sentence = _("First record a result for %(name)s: every case that was opened gets one.")
    return show(request, case, now=now, status=422, refusal=sentence % {"name": case.debtor.name})


def go_on(request: HttpRequest, *, now: datetime, told: str = "", undo: str = "") -> HttpResponse:
    """Put the next case on the desk, or say that the queue is empty."""
    case = queue.take_next(cast(MemberRequest, request).membership, now=now)
    if case is None:
        told = " ".join(filter(None, [told, str(queue.QUEUE_EMPTY)]))
        return done(request, None, now=now, told=told, tone="info", undo=undo)
    return done(request, case, now=now, told=told, undo=undo)


@require_POST
@requires(Permission.CASES_WORK)
def stay(request: HttpRequest, case_id: int) -> HttpResponse:
    """A sign of life: the claim on the case at hand is prolonged."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    case = case_or_404(request, case_id)
    if case.claimed_by_id == member.id:
        take_in_hand(request, case, now=now)
    return HttpResponse(status=204)


@requires(Permission.CASES_WORK)
@deed("note")
def add_note(request: HttpRequest, case: Case, *, now: datetime) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return show(request, case, now=now, status=422, forms={"note": form}, opened="note")
    member = cast(MemberRequest, request).membership
    notes.add_note(case, text=form.cleaned_data["note"], pinned=form.cleaned_data["pinned"], by=member, now=now)
    return done(request, case, now=now, told=_("The note is kept."))


@requires(Permission.DEBTORS_EDIT)
@deed("act-contact-point")
def add_contact_point(request: HttpRequest, case: Case, *, now: datetime) -> HttpResponse:
    form = ContactPointForm(request.POST)
    if not form.is_valid():
        return show(request, case, now=now, status=422, forms={"contact_point": form}, opened="act-contact-point")
    member = cast(MemberRequest, request).membership
    point = contact_points.add(case.debtor, **form.cleaned_data, by=member, now=now, case_id=case.id)
    return done(request, case, now=now, told=_("%(value)s was added.") % {"value": point.value})


@requires(Permission.CASES_WORK)
@deed("act-states")
def record_status(request: HttpRequest, case: Case, *, now: datetime) -> HttpResponse:
    form = StatusForm(request.POST)
    if not form.is_valid():
        return show(request, case, now=now, status=422, forms={"status": form}, opened="act-states")
    member, typed = cast(MemberRequest, request).membership, form.cleaned_data
    since = typed["since"] or today_of(member, now)
    statuses.record_status(
        case.debtor, code=typed["code"], since=since, note=typed["note"], by=member, now=now, case_id=case.id
    )
    return done(request, case, now=now, told=_("The status holds at once, on all cases of this person."))


@requires(Permission.PAYMENTS_ENTER)
@deed("act-payment")
def enter_payment(request: HttpRequest, case: Case, *, now: datetime) -> HttpResponse:
    form = PaymentForm(request.POST)
    if not form.is_valid():
        return show(request, case, now=now, status=422, forms={"payment": form}, opened="act-payment")
    typed = form.cleaned_data
    once_key = typed.pop("once")
    try:
        entered_payments.enter(case, **typed, once_key=once_key, by=cast(MemberRequest, request).membership, now=now)
    except Refused as refused:
        if isinstance(refused, entered_payments.LooksBooked):
            form.ask_again()
        return show(
            request, fresh(request, case), now=now, status=422, forms={"payment": form}, refusal=refused.sentence,
            opened="act-payment",
        )  # fmt: skip
    return done(request, case, now=now, told=_("The payment is booked."))


@require_POST
@requires(Permission.CASES_WORK)
def undo_result(request: HttpRequest, result_id: int) -> HttpResponse:
    """Take the last result back; its case is at hand again."""
    member, now = cast(MemberRequest, request).membership, timezone.now()
    result = get_object_or_404(Disposition.objects.select_related("case", "code"), id=result_id, by=member.user)
    case = case_or_404(request, result.case_id)
    try:
        dispositions.undo(result, by=member, now=now)
    except Refused as refused:
        return refuse(request, case, refused, form="", now=now)
    Visit(request.session, member).forget_result()
    take_in_hand(request, case, now=now)
    return done(request, case, now=now, told=_("The result was taken back."))


@require_GET
@requires(Permission.CASES_VIEW)
def timeline(request: HttpRequest, case_id: int) -> HttpResponse:
    """One stretch of a case's history: `group` narrows it, `before` goes on from an entry."""
    case, member = case_or_404(request, case_id), cast(MemberRequest, request).membership
    group, before = request.GET.get("group", ""), request.GET.get("before", "")
    known = group if group in dict(desk_page.GROUPS) else ""
    entries = queries.timeline(
        case,
        limit=desk_page.TIMELINE,
        before_id=int(before) if before.isdecimal() else None,
        kinds=[known] if known else None,
    )
    context = {
        "case": case,
        "groups": desk_page.GROUPS,
        "group": known,
        "timeline": desk_page.by_day(entries, member),
        "older": entries[-1].id if len(entries) == desk_page.TIMELINE else None,
        "going_on": bool(before),
    }
    return render(request, "cases/desk/timeline.html" if request.htmx else "cases/desk/timeline_page.html", context)  # type: ignore[attr-defined]


@require_GET
@requires(Permission.CASES_VIEW)
def palette(request: HttpRequest) -> HttpResponse:
    """Cases by name, phone, contract or identity number, for the command palette; a page of its own without script."""
    member, text = cast(MemberRequest, request).membership, request.GET.get("q", "").strip()
    found = queries.search(member, text, limit=12) if len(text) > 1 else []
    if "application/json" in request.headers.get("Accept", ""):
        rows = [
            {
                "label": case.debtor.name,
                "hint": f"{case.contract_no} · {case.creditor.name} · {case.get_stage_display()}",
                "url": reverse("case", args=[case.id]),
            }
            for case in found
        ]
        return JsonResponse({"cases": rows})
    return render(request, "cases/desk/search.html", {"found": found, "q": text})
